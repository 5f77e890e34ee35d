"""The uniform distribution."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from kl_engine.distributions.line.base import End, LineDistribution, inside
from kl_engine.estimates.checks import finite, refuse
from kl_engine.estimates.floats import ieee


@dataclass(frozen=True)
class Uniform(LineDistribution):
    """U(low, high):  log p(x) = −log(high − low) for low <= x <= high. Raises ValueError unless low < high.

    Both are in the unit of x, log p is in nats. Source: N. Johnson, S. Kotz, N. Balakrishnan, Continuous Univariate
    Distributions 2 (1995), ch. 26.

    >>> import kl_engine as kl
    >>> round(kl.distributions.Uniform(0, 4).std ** 2, 6)
    1.333333
    """

    low: float = 0.0
    high: float = 1.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "low", finite("low", self.low))
        object.__setattr__(self, "high", finite("high", self.high))
        if not self.low < self.high or math.isinf(self.high - self.low):
            raise refuse("high", f"a number above low = {self.low:g}", self.high)

    @property
    def support(self) -> tuple[float, float]:
        """(low, high)."""
        return self.low, self.high

    @property
    def ends(self) -> tuple[End, End]:
        """Steps."""
        end = End(1.0, 0.0, "not at all")
        return end, end

    @property
    def mean(self) -> float:
        """(low + high)/2."""
        return self.low + (self.high - self.low) / 2

    @property
    def std(self) -> float:
        """(high − low)/√12."""
        return (self.high - self.low) / math.sqrt(12)

    @ieee
    def log_pdf(self, x) -> np.ndarray:
        """log p(x) in nats; same shape as `x`; −inf outside."""
        x = np.asarray(x, dtype=np.float64)
        return inside(x, self.low, self.high, np.full(x.shape, -math.log(self.high - self.low)))

    def quantile(self, u) -> np.ndarray:
        """The x below which there is the share u of the mass."""
        return self.low + np.asarray(u, dtype=np.float64) * (self.high - self.low)
