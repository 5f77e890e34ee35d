"""The exponential distribution."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from kl_engine.distributions.line.base import LIGHT, End, LineDistribution, inside
from kl_engine.estimates.checks import positive
from kl_engine.estimates.floats import ieee


@dataclass(frozen=True)
class Exponential(LineDistribution):
    """Exponential of mean `scale` (a rate is 1/scale):  log p(x) = −x/scale − log scale for x >= 0.

    Raises ValueError when scale is not a number > 0. scale is in the unit of x, log p is in nats. Source: N. Johnson,
    S. Kotz, N. Balakrishnan, Continuous Univariate Distributions 1 (1994), ch. 19.

    >>> import kl_engine as kl
    >>> kl.distributions.Exponential(2).mean
    2.0
    """

    scale: float = 1.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "scale", positive("scale", self.scale))

    @property
    def support(self) -> tuple[float, float]:
        """(0, ∞)."""
        return 0.0, math.inf

    @property
    def ends(self) -> tuple[End, End]:
        """A step at 0, and an exponential."""
        return End(1.0, 0.0, "not at all"), End(LIGHT, 1.0, "like x", 1 / self.scale)

    @property
    def mean(self) -> float:
        """scale."""
        return self.scale

    @property
    def std(self) -> float:
        """scale."""
        return self.scale

    @ieee
    def log_pdf(self, x) -> np.ndarray:
        """log p(x) in nats; same shape as `x`; −inf below 0."""
        x = np.asarray(x, dtype=np.float64)
        return inside(x, 0.0, math.inf, -x / self.scale - math.log(self.scale))

    def quantile(self, u) -> np.ndarray:
        """The x below which there is the share u of the mass."""
        return -self.scale * np.log1p(-np.asarray(u, dtype=np.float64))
