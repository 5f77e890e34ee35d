"""A·H[p, q] − h·H[q] + c·H[q, p]: what becomes of a Gaussian q that minimises it, and the objective itself.

Every objective that is linear in expectations of log q and log p is of this form: A is the weight of the expectation
under p, h that of q's entropy, c that of the expectation of −log p under q. D(p‖q) is A = 1 (less H[p]), D(q‖p) is
h = c = 1, a tempered or mixed objective anything else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields
from enum import StrEnum

import numpy as np

from kl_engine.distributions.gaussian import Gaussian, Mixture
from kl_engine.divergences.verbs import cross_entropy, entropy
from kl_engine.estimates.checks import finite
from kl_engine.estimates.estimate import Estimate
from kl_engine.estimates.rounding import EPSILON, LOG_ROOT_TAU
from kl_engine.fits.directions import ForwardObjective, ReverseObjective
from kl_engine.fits.objective import OnTheLine, Terms


@dataclass(frozen=True)
class Weighted:
    """What `kl.fit` minimises: J = forward·H[p, q] − entropy·H[q] + energy·H[q, p], in nats.

    `forward` is the weight of E_p[−log q], `entropy` that of H[q] (subtracted), `energy` that of E_q[−log p]. Raises
    ValueError when a weight is not a finite number. (1, 0, 0) is the forward divergence but for the entropy of p, (0,
    1, 1) the reverse one. Source: the weights are KL Lab's own; (0, 1, 1) with other weights is the free energy at a
    temperature.

    >>> import kl_engine as kl
    >>> p = kl.GaussianMixture([0.5, 0.5], [-4, 4], [1, 1])
    >>> round(kl.fit(p, kl.Weighted(0.0, 1.0, 1.0)).q.mean, 6)  # the reverse divergence
    3.999602
    """

    forward: float
    entropy: float
    energy: float

    def __post_init__(self) -> None:
        for field in fields(self):
            object.__setattr__(self, field.name, finite(field.name, getattr(self, field.name)))

    def __iter__(self) -> Iterator[float]:
        return iter(astuple(self))

    def __neg__(self) -> Weighted:
        return Weighted(*(-weight for weight in self))


class Fate(StrEnum):
    """Where the minimisation ends: at a minimum, or on its way to nowhere."""

    MINIMUM = "minimum"
    COLLAPSE = "collapse"  # std → 0, on a mode of p
    SPREAD = "spread"  # std → ∞
    FLIGHT = "flight"  # std → 0, anywhere: −log q is rewarded under p, and q leaves p
    CONSTANT = "constant"  # it does not depend on q


def fate(weights: Weighted) -> Fate:
    """The fate of a Gaussian q with free mean and std, p a Gaussian mixture.

    As std → 0 the three terms go as A/std², h log std and a constant; as std → ∞ as A log std, −h log std and c std².
    So A < 0 has no minimum at std → 0, c < 0 none at std → ∞, and where A = 0 or c = 0 the logarithms decide.
    """
    forward, entropy_weight, energy = weights
    if forward < 0:
        return Fate.FLIGHT
    if energy < 0:
        return Fate.SPREAD
    if forward > 0:
        return Fate.MINIMUM if energy > 0 or forward > entropy_weight else Fate.SPREAD
    if energy > 0:
        return Fate.MINIMUM if entropy_weight > 0 else Fate.COLLAPSE
    return Fate.SPREAD if entropy_weight > 0 else Fate.COLLAPSE if entropy_weight < 0 else Fate.CONSTANT


def weighted_value(p: Mixture, q: Gaussian, weights: Weighted) -> Estimate:
    """forward·H[p, q] − entropy·H[q] + energy·H[q, p] in nats; terms of weight 0 are left out."""
    parts = ((weights.forward, cross_entropy, (p, q)), (-weights.entropy, entropy, (q,)))
    parts += ((weights.energy, cross_entropy, (q, p)),)
    found = [(weight, f(*arguments)) for weight, f, arguments in parts if weight]
    return sum(weight * estimate for weight, estimate in found)


class WeightedObjective(OnTheLine):
    """The weighted sum over rows of q: that of its two directions, and what is left over of q's entropy.

    `sides` are the objectives of the two directions, for another p than a mixture; one of weight 0 is not asked.

    H[q] = log σ + ½ log 2πe has the gradient (0, 1) and the Hessian 0.
    """

    def __init__(self, p: Mixture, weights: Weighted, held: bool = False, sides: tuple | None = None) -> None:
        self.p, self.weights, self.held = p, weights, held
        self.forward, self.reverse = sides or (ForwardObjective(p), ReverseObjective.of(p))

    def chosen(self, rows: np.ndarray) -> WeightedObjective:
        """The objective of some of the rows: the same for all."""
        return self

    def terms(self, places: np.ndarray) -> Terms:
        """Value, gradient and Hessian at each place. energy·D(q‖p) holds −energy·H[q]; the rest of H[q] is added."""
        forward, entropy_weight, energy = self.weights
        own = energy - entropy_weight
        size = len(places)
        value, gradient, hessian, rounding = np.zeros(size), np.zeros((size, 2)), np.zeros((size, 2, 2)), np.zeros(size)
        if forward:
            value, gradient, hessian, rounding = (forward * part for part in self.forward.crossed(places))
        value = value + own * (LOG_ROOT_TAU + 0.5 + np.log(places[:, 1]))
        gradient[:, 1] += own
        rounding = np.abs(rounding) + EPSILON * abs(own)
        if energy:
            reverse = self.reverse.terms(places)
            value, gradient = value + energy * reverse.value, gradient + energy * reverse.gradient
            hessian, rounding = hessian + energy * reverse.hessian, rounding + abs(energy) * reverse.rounding
        return self.free(Terms(value, gradient, hessian, rounding))

    def values(self, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The sum, and its error, for every row."""
        found = [weighted_value(self.p, Gaussian(*place), self.weights) for place in places.tolist()]
        return np.array([each.value for each in found]), np.array([each.error for each in found])
