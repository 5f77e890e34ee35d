"""Divergences that do not tell p from q: Jensen-Shannon and total variation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from kl_engine.distributions.gaussian import GaussianMixture, Mixture, mixture
from kl_engine.divergences.line import kl_divergence
from kl_engine.estimates.estimate import Estimate
from kl_engine.estimates.rounding import LOG_2
from kl_engine.quadrature.expect import AtNodes, expect

NEAR = 0.25  # of |p − q|/(p + q)
SERIES_TERMS = 14  # of the series there: 0.25^28 is below the rounding of the first


def jensen_shannon(p: Mixture, q: Mixture) -> Estimate:
    """JS(p, q) = ½ D(p‖m) + ½ D(q‖m) with m = ½ (p + q): between 0 and log 2 nats, and finite for every pair.

    Source: J. Lin, IEEE Trans. Inf. Theory 37 (1991) 145. Raises ValueError when an argument is no Gaussian and no
    mixture of them.
    """
    p, q = mixture("p", p), mixture("q", q)
    weights, means, stds = (np.concatenate([getattr(a, name) for a in (p, q)]) for name in ("weights", "means", "stds"))
    middle = GaussianMixture(0.5 * weights, means, stds)
    halves = [kl_divergence(a, middle) for a in (p, q)]
    whole = 0.5 * (halves[0] + halves[1])
    return replace(whole, method=f"½ D(p‖m) + ½ D(q‖m), each by {halves[0].method}")


def total_variation(p: Mixture, q: Mixture) -> Estimate:
    """TV(p, q) = ½ ∫ |p − q|, between 0 and 1: the largest difference of the probabilities of one event; no unit.

    The panels are cut at the real crossings of p and q, where |p − q| has its kinks. Raises ValueError when an argument
    is no Gaussian and no mixture of them.
    """
    p, q = mixture("p", p), mixture("q", q)
    return expect(contrast, p, q, over=(p, q), bounded=1.0, cut_where_equal=True)


def contrast(log_p: np.ndarray, log_q: np.ndarray) -> AtNodes:
    """|p − q|/(p + q) = tanh ½ |log p − log q|: its mean under ½ (p + q) is the total variation."""
    value = np.tanh(0.5 * np.abs(log_p - log_q))
    slope = 0.5 * (1 - value * value)
    return AtNodes(value, slope, slope)


def middle_divergence(log_p: np.ndarray, log_q: np.ndarray) -> AtNodes:
    """½ ((1 + x) log(1 + x) + (1 − x) log(1 − x)) with x = (p − q)/(p + q): its mean under ½ (p + q) is JS.

    Near x = 0 it is Σ x^2n/(2n (2n − 1)), in which nothing cancels; at most log 2.
    """
    size = np.abs(log_p - log_q)
    fall = np.exp(-size)
    x = np.tanh(0.5 * size)
    near = x < NEAR
    square = np.where(near, x * x, 0.0)
    total = np.zeros_like(x)
    for n in range(SERIES_TERMS, 0, -1):
        total = square * (1 / (2 * n * (2 * n - 1)) + total)
    far = LOG_2 - np.log1p(fall) - size * fall / (1 + fall)
    slope = 0.25 * size * (1 - x * x)
    return AtNodes(np.where(near, total, far), slope, slope, 1.0 * ~near)
