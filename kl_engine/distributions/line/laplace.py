"""The Laplace distribution."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from kl_engine.distributions.line.base import LIGHT, End, LineDistribution
from kl_engine.estimates.checks import finite, positive
from kl_engine.estimates.floats import ieee


@dataclass(frozen=True)
class Laplace(LineDistribution):
    """Laplace(loc, scale):  log p(x) = −|x − loc|/scale − log 2 scale; it has a kink at loc, and std √2 scale.

    Raises ValueError when loc is not finite or scale not a number > 0. Both are in the unit of x, log p is in nats.
    Source: N. Johnson, S. Kotz, N. Balakrishnan, Continuous Univariate Distributions 2 (1995), ch. 24.

    >>> import kl_engine as kl
    >>> float(kl.distributions.Laplace(0, 1).log_pdf(0.0).round(6))
    -0.693147
    """

    loc: float = 0.0
    scale: float = 1.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "loc", finite("loc", self.loc))
        object.__setattr__(self, "scale", positive("scale", self.scale))

    @property
    def ends(self) -> tuple[End, End]:
        """Exponentials."""
        end = End(LIGHT, 1.0, "like |x|", 1 / self.scale)
        return end, end

    @property
    def bends(self) -> tuple[float, ...]:
        """The kink."""
        return (self.loc,)

    @property
    def typical(self) -> tuple[float, float]:
        """loc and scale."""
        return self.loc, self.scale

    @property
    def mean(self) -> float:
        """loc."""
        return self.loc

    @property
    def std(self) -> float:
        """√2 scale."""
        return math.sqrt(2) * self.scale

    @ieee
    def log_pdf(self, x) -> np.ndarray:
        """log p(x) in nats; same shape as `x`."""
        return -np.abs(np.asarray(x, dtype=np.float64) - self.loc) / self.scale - math.log(2 * self.scale)

    def quantile(self, u) -> np.ndarray:
        """The x below which there is the share u of the mass."""
        u = np.asarray(u, dtype=np.float64)
        with np.errstate(divide="ignore"):
            return self.loc + self.scale * np.where(u < 0.5, np.log(2 * u), -np.log(2 * (1 - u)))
