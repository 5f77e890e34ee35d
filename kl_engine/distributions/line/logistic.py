"""The logistic distribution."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from kl_engine.distributions.line.base import LIGHT, End, LineDistribution
from kl_engine.estimates.checks import finite, positive
from kl_engine.estimates.floats import ieee


@dataclass(frozen=True)
class Logistic(LineDistribution):
    """Logistic(loc, scale):  log p(x) = −|z| − 2 log(1 + e^−|z|) − log scale,  z = (x − loc)/scale.

    Its std is π scale/√3. Raises ValueError when loc is not finite or scale not a number > 0. Both are in the unit of
    x, log p is in nats. Source: N. Johnson, S. Kotz, N. Balakrishnan, Continuous Univariate Distributions 2 (1995), ch.
    23.

    >>> import kl_engine as kl
    >>> float(kl.distributions.Logistic().log_pdf(0.0).round(6))
    -1.386294
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
    def typical(self) -> tuple[float, float]:
        """loc and scale."""
        return self.loc, self.scale

    @property
    def mean(self) -> float:
        """loc."""
        return self.loc

    @property
    def std(self) -> float:
        """π scale/√3."""
        return math.pi / math.sqrt(3) * self.scale

    @ieee
    def log_pdf(self, x) -> np.ndarray:
        """log p(x) in nats; same shape as `x`."""
        size = np.abs((np.asarray(x, dtype=np.float64) - self.loc) / self.scale)
        return -size - 2 * np.log1p(np.exp(-size)) - math.log(self.scale)

    def quantile(self, u) -> np.ndarray:
        """The x below which there is the share u of the mass: the logit."""
        from scipy.special import logit

        return self.loc + self.scale * logit(np.asarray(u, dtype=np.float64))
