"""A·H[p, q] − h·H[q] + c·H[q, p] as a function of one Gaussian q, and its minimum.

Every objective that is linear in expectations of log q and log p is of this form (`objectives.fates`): D(p‖q) is A = 1
(less H[p]), D(q‖p) is h = c = 1, a tempered or mixed objective anything else. In the scale of `ReverseObjective`, with
m, v the mean and variance of p and S = v + (m − μ)²:

    H[p, q] = log σ + S/2σ² + ½ log 2π     gradient (−(m−μ)/σ, 1 − S/σ²)   Hessian [[1, 2(m−μ)/σ], [2(m−μ)/σ, 2S/σ²]]
    H[q]    = log σ + ½ log 2πe             gradient (0, 1)                 Hessian 0
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kl_engine.distributions.gaussian import Gaussian, Mixture, mixture
from kl_engine.divergences.line import cross_entropy, entropy
from kl_engine.estimates.checks import finite, refuse
from kl_engine.estimates.estimate import Estimate
from kl_engine.estimates.rounding import LOG_ROOT_TAU
from kl_engine.fits.descent import newton_descent, verdict
from kl_engine.fits.gaussian import distinct_rows, run_starts
from kl_engine.fits.outcomes import Fate, Weights, fate
from kl_engine.fits.reverse import ReverseObjective, Terms


@dataclass(frozen=True, eq=False)
class WeightedFit:
    """A local minimum: q, the objective there in nats, its status and message as in `fitting.Fit`."""

    q: Gaussian
    value: Estimate
    status: str
    message: str


def weighted_optima(p: Mixture, weights: Weights) -> tuple[WeightedFit, ...]:
    """The local minima of A·H[p, q] − h·H[q] + c·H[q, p] found from the runs of components, best first.

    The starts are those of `reverse_optima`. Raises ValueError when the objective has no minimum (see `fates.fate`).
    """
    p = mixture("p", p)
    weights = Weights(*(finite(name, weight) for name, weight in weights._asdict().items()))
    if fate(weights) is not Fate.MINIMUM:
        raise refuse("weights", "those of an objective that has a minimum", tuple(weights))
    starts = run_starts(p)
    mean, std = (np.array([getattr(q, name) for q in starts]) for name in ("mean", "std"))
    found = newton_descent(WeightedObjective(p, weights), mean, std, fixed=False)
    fits = []
    for row in distinct_rows(found):
        q = Gaussian(found.mean[row], found.std[row])
        fits.append(WeightedFit(q, weighted_value(p, q, weights), *verdict(found, row, fixed=False)))
    return tuple(fit for fit in fits if fit.status == "converged") or tuple(fits)


def weighted_value(p: Mixture, q: Gaussian, weights: Weights) -> Estimate:
    """A·H[p, q] − h·H[q] + c·H[q, p] in nats; terms of weight 0 are left out."""
    parts = ((weights.forward, cross_entropy, (p, q)), (-weights.entropy, entropy, (q,)))
    parts += ((weights.energy, cross_entropy, (q, p)),)
    found = [(weight, f(*arguments)) for weight, f, arguments in parts if weight]
    return sum(weight * estimate for weight, estimate in found)


class WeightedObjective:
    """The objective over rows of q, for `newton_descent`."""

    def __init__(self, p: Mixture, weights: Weights) -> None:
        self.p, self.weights, self.reverse = p, weights, ReverseObjective.of(p)

    def chosen(self, rows: np.ndarray) -> WeightedObjective:
        """The objective of some of the rows: the same for all."""
        return self

    def terms(self, mean: np.ndarray, std: np.ndarray) -> Terms:
        """Value, gradient and Hessian at q = N(mean[i], std[i]²). c·D(q‖p) holds −c·H[q]; the rest of h is added."""
        forward, entropy_weight, energy = self.weights
        own = energy - entropy_weight
        offset = (self.p.mean - mean) / std
        square = (self.p.std / std) ** 2 + offset**2
        log_std = np.log(std)
        value = forward * (LOG_ROOT_TAU + log_std + 0.5 * square) + own * (LOG_ROOT_TAU + 0.5 + log_std)
        gradient = np.stack([-forward * offset, forward * (1 - square) + own], axis=1)
        hessian = forward * np.moveaxis(np.array([[np.ones_like(mean), 2 * offset], [2 * offset, 2 * square]]), -1, 0)
        if energy:
            reverse = self.reverse.terms(mean, std)
            value = value + energy * reverse.value
            gradient, hessian = gradient + energy * reverse.gradient, hessian + energy * reverse.hessian
        return Terms(value, gradient, hessian)
