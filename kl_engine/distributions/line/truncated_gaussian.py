"""A Gaussian cut off on one side or both."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from kl_engine.distributions.line.base import LIGHT, End, LineDistribution, inside, raised
from kl_engine.estimates.checks import finite, positive, refuse
from kl_engine.estimates.floats import ieee
from kl_engine.estimates.rounding import LOG_ROOT_TAU


@dataclass(frozen=True)
class TruncatedGaussian(LineDistribution):
    """N(loc, scale²) given low <= x <= high:  log p(x) = −½ z² − log scale − ½ log 2π − log P(low <= x <= high).

    `loc` and `scale` are its mean and std before the cut. An end may be infinite. Raises ValueError unless low < high.
    All are in the unit of x, log p is in nats. Source: N. Johnson, S. Kotz, N. Balakrishnan, Continuous Univariate
    Distributions 1 (1994), ch. 13.

    >>> import kl_engine as kl
    >>> p = kl.distributions.TruncatedGaussian(0, 1, low=0)
    >>> float(p.log_pdf(-1.0)), round(float(p.log_pdf(0.0)), 6)
    (-inf, -0.225791)
    """

    loc: float = 0.0
    scale: float = 1.0
    low: float = -math.inf
    high: float = math.inf

    def __post_init__(self) -> None:
        object.__setattr__(self, "loc", finite("loc", self.loc))
        object.__setattr__(self, "scale", positive("scale", self.scale))
        low, high = float(self.low), float(self.high)
        if not low < high:
            raise refuse("high", f"a number above low = {low:g}", high)
        object.__setattr__(self, "low", low)
        object.__setattr__(self, "high", high)

    @property
    def support(self) -> tuple[float, float]:
        """(low, high)."""
        return self.low, self.high

    @property
    def ends(self) -> tuple[End, End]:
        """Steps, or the tails of the Gaussian."""
        step, tail = End(1.0, 0.0, "not at all"), End(LIGHT, 2.0, "like x²", 0.5 * raised(self.scale, -2))
        return tail if math.isinf(self.low) else step, tail if math.isinf(self.high) else step

    @property
    def _log_mass(self) -> float:
        """log P(low <= x <= high) before the cut, from the tail in which both ends lie."""
        from scipy.special import log_ndtr

        first, second = ((end - self.loc) / self.scale for end in (self.low, self.high))
        if first > 0:
            first, second = -second, -first
        upper, lower = float(log_ndtr(second)), float(log_ndtr(first))
        return upper + math.log1p(-math.exp(lower - upper))

    @ieee
    def log_pdf(self, x) -> np.ndarray:
        """log p(x) in nats; same shape as `x`; −inf outside."""
        x = np.asarray(x, dtype=np.float64)
        z = (x - self.loc) / self.scale
        logs = -0.5 * z * z - (math.log(self.scale) + LOG_ROOT_TAU + self._log_mass)
        return inside(x, self.low, self.high, logs)

    def quantile(self, u) -> np.ndarray:
        """The x below which there is the share u of the mass, from the tail in which both ends lie."""
        from scipy.special import log_ndtr, ndtri_exp

        u = np.asarray(u, dtype=np.float64)
        first, second = ((end - self.loc) / self.scale for end in (self.low, self.high))
        turned = first > 0
        if turned:
            first, second, u = -second, -first, 1 - u
        lower = float(log_ndtr(first))
        with np.errstate(divide="ignore"):
            z = ndtri_exp(np.minimum(np.logaddexp(lower, np.log(u) + self._log_mass), 0.0))
        z = np.clip(-z if turned else z, *((end - self.loc) / self.scale for end in (self.low, self.high)))
        return self.loc + self.scale * z
