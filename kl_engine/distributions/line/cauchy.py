"""The Cauchy distribution."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from kl_engine.distributions.line.base import End, LineDistribution
from kl_engine.estimates.checks import finite, positive
from kl_engine.estimates.floats import ieee


@dataclass(frozen=True)
class Cauchy(LineDistribution):
    """Cauchy(loc, scale):  log p(x) = −log(π scale) − log(1 + z²),  z = (x − loc)/scale; it has no mean.

    Raises ValueError when loc is not finite or scale not a number > 0. loc and scale are in the unit of x, log p is in
    nats. Source: N. Johnson, S. Kotz, N. Balakrishnan, Continuous Univariate Distributions 1 (1994), ch. 16.

    >>> import kl_engine as kl
    >>> round(float(kl.distributions.Cauchy(0, 2).quantile(0.75)), 6)
    2.0
    """

    loc: float = 0.0
    scale: float = 1.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "loc", finite("loc", self.loc))
        object.__setattr__(self, "scale", positive("scale", self.scale))

    @property
    def ends(self) -> tuple[End, End]:
        """Power laws of the exponent 1."""
        end = End(1.0, 0.0, "like log |x|")
        return end, end

    @property
    def typical(self) -> tuple[float, float]:
        """loc and scale."""
        return self.loc, self.scale

    mean = math.nan
    std = math.nan

    @ieee
    def log_pdf(self, x) -> np.ndarray:
        """log p(x) in nats; same shape as `x`."""
        size = np.abs((np.asarray(x, dtype=np.float64) - self.loc) / self.scale)
        squares = np.where(size > 1e8, 2 * np.log(np.maximum(size, 1.0)), np.log1p(np.minimum(size, 1e8) ** 2))
        return -math.log(math.pi * self.scale) - squares

    def quantile(self, u) -> np.ndarray:
        """The x below which there is the share u of the mass: loc − scale cot πu."""
        u = np.asarray(u, dtype=np.float64)
        return self.loc + self.scale * np.where(u < 0.5, -1 / np.tan(np.pi * u), 1 / np.tan(np.pi * (1 - u)))
