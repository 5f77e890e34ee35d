"""How far the parameters of a fit can be trusted: standard errors from the observed information."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kl_engine.data.ascent import gradient_of_loss
from kl_engine.data.empirical import Empirical
from kl_engine.distributions.gaussian import Mixture, mixture
from kl_engine.estimates.floats import ieee

STEP = 1e-4  # of standardised parameters, for the difference of two gradients
SINGULAR = 1e-7  # of the largest curvature: below, the data do not fix a direction


@dataclass(frozen=True, eq=False)
class StandardErrors:
    """One standard error of each weight, mean and std; ∞ where the data do not fix it."""

    weights: np.ndarray
    means: np.ndarray
    stds: np.ndarray


@ieee
def standard_errors(data: Empirical, q: Mixture) -> StandardErrors:
    """Standard errors of the parameters of a maximum-likelihood fit: the root of the diagonal of (n I)⁻¹.

    `q` is fitted to `data`; arrays of shape (K,), in the unit of the data, those of weights without one. I = ∂²/∂θ² of
    −Σ log q(xᵢ)/n is the curvature of the mean log loss at q, in (log weights, means, log stds) of standardised data,
    by differences of its exact gradient. It holds as n grows, where the data are draws of a mixture of so many
    components. Raises ValueError where q is not a mixture on the line. Source: G. McLachlan, D. Peel, Finite Mixture
    Models (2000), 2.15.

    >>> import kl_engine as kl
    >>> x = kl.data.Empirical.of([1.0, 2.0, 3.0, 4.0])
    >>> errors = kl.data.standard_errors(x, kl.Gaussian(2.5, 1.118033988749895))
    >>> errors.means.round(6).tolist(), errors.stds.round(6).tolist()
    ([0.559017], [0.395285])
    """
    q = mixture("q", q)
    count = q.weights.size
    x = (data.values - data.mean) / data.std
    start = np.concatenate([np.log(q.weights), (q.means - data.mean) / data.std, np.log(q.stds / data.std)])
    curvature = np.empty((start.size, start.size))
    for i in range(start.size):
        step = np.zeros(start.size)
        step[i] = STEP * (q.stds[i - count] / data.std if count <= i < 2 * count else 1.0)
        above, below = (gradient_of_loss(start + sign * step, x, data.masses, count) for sign in (1, -1))
        curvature[i] = (above - below) / (2 * step[i])
    curvature = 0.5 * (curvature + curvature.T)
    weights = np.diag(q.weights) - np.outer(q.weights, q.weights)
    change = np.zeros_like(curvature)
    change[:count, :count] = weights
    change[count : 2 * count, count : 2 * count] = np.eye(count) * data.std
    change[2 * count :, 2 * count :] = np.diag(q.stds)
    found = _roots(curvature, change, data.size).reshape(3, count)
    return StandardErrors(*found)


def _roots(curvature: np.ndarray, change: np.ndarray, size: int) -> np.ndarray:
    """Standard errors of the changed parameters; ∞ for one that leans on a direction which the data do not fix."""
    values, vectors = np.linalg.eigh(curvature)
    fixed = values > SINGULAR * values.max()
    leaning = change @ vectors
    found = np.sqrt((leaning[:, fixed] ** 2 / values[fixed]).sum(axis=1) / size)
    loose = (np.abs(leaning[:, ~fixed]) > 1e-3 * np.abs(leaning).max(axis=1, keepdims=True)).any(axis=1)
    return np.where(loose, np.inf, found)
