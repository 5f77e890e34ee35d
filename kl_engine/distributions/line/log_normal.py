"""The log-normal distribution."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from kl_engine.distributions.line.base import LIGHT, End, LineDistribution, raised
from kl_engine.estimates.checks import finite, positive
from kl_engine.estimates.floats import ieee
from kl_engine.estimates.rounding import LOG_ROOT_TAU


@dataclass(frozen=True)
class LogNormal(LineDistribution):
    """e^N(log_mean, log_std²):  log p(x) = −½ z² − log x − log log_std − ½ log 2π,  z = (log x − log_mean)/log_std.

    For x > 0. Raises ValueError when log_mean is not finite or log_std not a number > 0. log_mean and log_std have no
    unit, log p is in nats. Source: N. Johnson, S. Kotz, N. Balakrishnan, Continuous Univariate Distributions 1 (1994),
    ch. 14.

    >>> import kl_engine as kl
    >>> float(kl.distributions.LogNormal(0, 1).quantile(0.5))
    1.0
    """

    log_mean: float = 0.0
    log_std: float = 1.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "log_mean", finite("log_mean", self.log_mean))
        object.__setattr__(self, "log_std", positive("log_std", self.log_std))

    @property
    def support(self) -> tuple[float, float]:
        """(0, ∞)."""
        return 0.0, math.inf

    @property
    def ends(self) -> tuple[End, End]:
        """Lighter than every power at both ends, though −log p grows like log² x only."""
        end = End(LIGHT, 0.0, "like log² x", 0.5 * raised(self.log_std, -2))
        return end, end

    @property
    def mean(self) -> float:
        """exp(log_mean + log_std²/2)."""
        return math.exp(self.log_mean + self.log_std**2 / 2)

    @property
    def std(self) -> float:
        """mean · √(exp(log_std²) − 1)."""
        return self.mean * math.sqrt(math.expm1(self.log_std**2))

    @ieee
    def log_pdf(self, x) -> np.ndarray:
        """log p(x) in nats; same shape as `x`; −inf for x <= 0."""
        x = np.asarray(x, dtype=np.float64)
        with np.errstate(divide="ignore", invalid="ignore"):
            log_x = np.log(x)
            logs = (
                -0.5 * ((log_x - self.log_mean) / self.log_std) ** 2 - log_x - (math.log(self.log_std) + LOG_ROOT_TAU)
            )
        return np.where(x > 0, logs, -np.inf)

    def quantile(self, u) -> np.ndarray:
        """The x below which there is the share u of the mass."""
        from scipy.special import ndtri

        return np.exp(self.log_mean + self.log_std * ndtri(np.asarray(u, dtype=np.float64)))
