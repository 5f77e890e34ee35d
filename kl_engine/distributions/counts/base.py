"""What every distribution over whole numbers says of itself, so that a sum over them can be ended with a bound."""

from __future__ import annotations

import math

import numpy as np

from kl_engine.distributions.frozen import FrozenArrays
from kl_engine.distributions.notation import Notated
from kl_engine.estimates.floats import ieee


class CountDistribution(Notated, FrozenArrays):
    """A distribution over the whole numbers from `support[0]` to `support[1]`, which may be infinite."""

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
        """log P(k) in nats, same shape as `k`; −inf where it is 0 and where k is no whole number."""
        raise TypeError(f"{type(self).__name__} has no log_pmf")

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
