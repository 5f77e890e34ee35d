"""What it costs to take dependent coordinates for independent ones: closed forms for one Gaussian."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from kl_engine.distributions.multivariate import MultivariateGaussian, condition
from kl_engine.distributions.triangular import solve_lower
from kl_engine.divergences import many_digits
from kl_engine.divergences.many_digits import LEFT
from kl_engine.divergences.multivariate_forms import LOST
from kl_engine.estimates.certainty import Certainty
from kl_engine.estimates.checks import finite, matrix, refuse, whole
from kl_engine.estimates.estimate import Estimate
from kl_engine.estimates.rounding import EPSILON


class MeanFieldCost(NamedTuple):
    """The least D(p‖q) and the least D(q‖p) over q with independent coordinates."""

    forward: Estimate
    reverse: Estimate


def mean_field_cost(cov) -> MeanFieldCost:
    """For p = N(m, Σ) with precision Λ, in nats: forward −½ log det of the correlation matrix; reverse ½ (log det Σ +
    Σ log Λᵢᵢ).

    Both are 0 for a diagonal Σ and equal for two dimensions, −½ log(1 − ρ²), the mutual information. The optima are
    variances Σᵢᵢ and 1/Λᵢᵢ. Raises ValueError when `cov` is not symmetric positive definite.
    """
    cov = matrix("cov", cov)
    p = MultivariateGaussian(np.zeros(len(cov)), cov)
    stds = np.sqrt(np.diagonal(p.cov))
    factor = np.linalg.cholesky(
        p.cov / stds[:, None] / stds
    )  # of the correlation matrix: both costs are blind to scale
    logs = np.log(np.diagonal(factor))
    precisions = (solve_lower(factor, np.eye(len(stds))) ** 2).sum(axis=0)
    error = 8 * EPSILON * len(stds) * condition(p) * (1 + float(np.abs(logs).sum()))
    if error > LOST * -float(logs.sum()):
        return _with_many_digits(p.cov)
    forward = Estimate(-float(logs.sum()), error, Certainty.EXACT, "closed form: −½ log det of the correlation matrix")
    value = float(logs.sum() + 0.5 * np.log(precisions).sum())
    return MeanFieldCost(forward, Estimate(value, error, Certainty.EXACT, "closed form: ½ (log det Σ + Σ log Λᵢᵢ)"))


def _with_many_digits(cov: np.ndarray) -> MeanFieldCost:
    """The same with 80 decimals, where the doubles have lost them."""
    costs = many_digits.mean_field(cov)
    methods = ("closed form: −½ log det of the correlation matrix", "closed form: ½ (log det Σ + Σ log Λᵢᵢ)")
    errors = (EPSILON * abs(cost) + LEFT for cost in costs)
    return MeanFieldCost(*map(Estimate, costs, errors, [Certainty.EXACT] * 2, methods))


def equicorrelated(correlation: float, dimension: int) -> np.ndarray:
    """The (n, n) covariance with 1 on the diagonal and one correlation ρ everywhere else, −1/(n − 1) < ρ < 1."""
    n, rho = whole("dimension", dimension, 1), finite("correlation", correlation)
    if not (rho < 1 and 1 + (n - 1) * rho > 0):
        raise refuse("correlation", f"a number between −1/(n − 1) and 1 for n = {n}", correlation)
    return np.full((n, n), rho) + (1 - rho) * np.eye(n)
