"""What every distribution over whole numbers says of itself, so that a sum over them can be ended with a bound."""

from __future__ import annotations

import math

import numpy as np

from kl_engine.distributions.frozen import FrozenArrays
from kl_engine.distributions.line.base import LIGHT
from kl_engine.distributions.notation import Notated
from kl_engine.estimates.floats import ieee


class CountDistribution(Notated, FrozenArrays):
    """A distribution over the whole numbers from `support[0]` to `support[1]`, which may be infinite.

    `power` of a tail that falls like k^(−power − 1); such a family gives `log_between`, its log mass as a smooth
    function of all numbers. `growth`: −log P(k) grows like k^growth (or k log k), 0 for a power law. `holes` are the
    whole numbers inside the support that are impossible.
    """

    @property
    def power(self) -> float:
        """Of the upper tail; LIGHT where it falls faster than every power."""
        return LIGHT

    @property
    def growth(self) -> float:
        """0 of a power law, 1 of a geometric tail and of a Poisson's."""
        return 1.0 if self.power == LIGHT else 0.0

    @property
    def holes(self) -> np.ndarray:
        """Whole numbers inside the support of probability 0."""
        return np.empty(0)

    @property
    def support(self) -> tuple[float, float]:
        """The least and the largest number of positive probability."""
        return 0, math.inf

    @property
    def mean(self) -> float:
        """E[k]."""
        raise TypeError(f"{type(self).__name__} has no mean")

    @property
    def std(self) -> float:
        """The standard deviation of k."""
        raise TypeError(f"{type(self).__name__} has no std")

    @ieee
    def log_pmf(self, k) -> np.ndarray:
        """log P(k) in nats, same shape as `k`; −inf where it is 0 and where k is not a whole number."""
        raise TypeError(f"{type(self).__name__} has no log_pmf")

    @ieee
    def log_between(self, x) -> np.ndarray:
        """log P at any numbers, whole or not, far out: what the sum over a heavy tail is continued by."""
        raise TypeError(f"{type(self).__name__} has no log_between")

    def ratio_beyond(self, k: float) -> float:
        """The largest P(j + 1)/P(j) over all j >= k: below 1, it bounds the mass beyond k by a geometric series."""
        raise TypeError(f"{type(self).__name__} has no ratio_beyond")

    @ieee
    def sample(self, size, rng) -> np.ndarray:
        """Independent draws of shape `size`; `rng` is a seed or a generator."""
        raise TypeError(f"{type(self).__name__} has no sample")


def whole_from(k, low: float, high: float, logs) -> np.ndarray:
    """`logs(k)` at the whole numbers of the support, −inf elsewhere."""
    k = np.asarray(k, dtype=np.float64)
    within = (k >= low) & (k <= high) & (k == np.floor(k))
    return np.where(within, logs(np.where(within, k, low)), -np.inf)
