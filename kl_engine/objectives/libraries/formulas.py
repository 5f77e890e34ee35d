"""The divergences of well-known packages, restated in NumPy from their documentation, with their conventions at 0.

They are here to show what a call computes, traps included; the engine itself uses none of them. Arrays run over the
outcomes of one distribution. Sources: pytorch.org/docs (KLDivLoss), keras.io (KLDivergence: both arguments clipped to
[1e-7, 1]), docs.scipy.org (entropy, rel_entr, kl_div), optax.readthedocs.io (kl_divergence).
"""

from __future__ import annotations

import numpy as np

KERAS_EPSILON = 1e-7


def torch_kl_div(input, target, reduction="mean", log_target=False):
    """target · (log target − input), reduced; with `log_target` exp(target) · (target − input). nan for 0 · −∞."""
    input, target = np.asarray(input, float), np.asarray(target, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        direct = np.exp(target) * (target - input) if log_target else None
        pointwise = _x_log_y(target, target) - target * input if direct is None else direct
    return {"sum": np.sum, "batchmean": np.sum, "mean": np.mean, "none": np.asarray}[reduction](pointwise)


def keras_kl_divergence(y_true, y_pred):
    """Σ y_true · log(y_true / y_pred), both clipped: finite where the divergence is ∞."""
    true, predicted = (np.clip(np.asarray(y, float), KERAS_EPSILON, 1) for y in (y_true, y_pred))
    return float(np.sum(true * np.log(true / predicted)))


def scipy_entropy(pk, qk=None):
    """Σ pk · log(pk / qk), both divided by their sums first; with one argument the entropy."""
    pk = np.asarray(pk, float) / np.sum(pk)
    return float(-np.sum(_x_log_y(pk, pk))) if qk is None else float(np.sum(rel_entr(pk, qk / np.sum(qk))))


def rel_entr(x, y):
    """x · log(x / y) for each outcome; 0 where x = 0 ≤ y, ∞ where only y = 0."""
    x, y = np.asarray(x, float), np.asarray(y, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(x > 0, x * np.log(x / y), np.where((x == 0) & (y >= 0), 0.0, np.inf))


def special_kl_div(x, y):
    """x · log(x / y) − x + y for each outcome: never negative, and of the same sum when x and y have one sum."""
    return rel_entr(x, y) - np.asarray(x, float) + np.asarray(y, float)


def optax_kl_divergence(log_predictions, targets):
    """Σ targets · (log targets − log_predictions), and 0 where a target is 0."""
    targets = np.asarray(targets, float)
    safe = np.where(targets > 0, targets, 1.0)
    with np.errstate(invalid="ignore"):
        return float(np.sum(np.where(targets > 0, targets * (np.log(safe) - log_predictions), 0.0)))


def torch_cross_entropy(input, target):
    """−Σ target · log softmax(input): the input holds logits."""
    input = np.asarray(input, float)
    shifted = input - input.max()
    return float(-np.sum(np.asarray(target, float) * (shifted - np.log(np.sum(np.exp(shifted))))))


def _x_log_y(x, y):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(x == 0, 0.0, x * np.log(y))
