"""Student's t distribution."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from kl_engine.distributions.line.base import End, LineDistribution
from kl_engine.estimates.checks import finite, positive
from kl_engine.estimates.floats import ieee


@dataclass(frozen=True)
class StudentT(LineDistribution):
    """t(df):  log p(x) = −½ (df + 1) log(1 + z²/df) − log scale − ½ log df − log B(½, df/2),  z = (x − loc)/scale.

    df > 0 degrees of freedom, loc, scale > 0. Raises ValueError otherwise. It has a mean for df > 1, a standard
    deviation for df > 2. Source: Student, Biometrika 6 (1908) 1. loc and scale are in the unit of x, log p is in nats.

    >>> import kl_engine as kl
    >>> round(kl.distributions.StudentT(3).std ** 2, 6)
    3.0
    """

    df: float
    loc: float = 0.0
    scale: float = 1.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "df", positive("df", self.df))
        object.__setattr__(self, "loc", finite("loc", self.loc))
        object.__setattr__(self, "scale", positive("scale", self.scale))

    @property
    def ends(self) -> tuple[End, End]:
        """Power laws of the exponent df."""
        end = End(self.df, 0.0, "like log |x|")
        return end, end

    @property
    def typical(self) -> tuple[float, float]:
        """loc and scale."""
        return self.loc, self.scale

    @property
    def mean(self) -> float:
        """loc; nan where there is no mean, for df <= 1."""
        return self.loc if self.df > 1 else math.nan

    @property
    def std(self) -> float:
        """scale √(df/(df − 2)); inf for 1 < df <= 2, nan below."""
        if self.df > 2:
            return self.scale * math.sqrt(self.df / (self.df - 2))
        return math.inf if self.df > 1 else math.nan

    @ieee
    def log_pdf(self, x) -> np.ndarray:
        """log p(x) in nats; same shape as `x`."""
        from scipy.special import betaln

        z = (np.asarray(x, dtype=np.float64) - self.loc) / self.scale
        root = z / math.sqrt(self.df)
        # log(1 + r²), by 2 log r where r² would overflow
        size = np.abs(root)
        squares = np.where(size > 1e8, 2 * np.log(np.maximum(size, 1.0)), np.log1p(np.minimum(size, 1e8) ** 2))
        return -0.5 * (self.df + 1) * squares - (
            0.5 * math.log(self.df) + float(betaln(0.5, self.df / 2)) + math.log(self.scale)
        )

    def quantile(self, u) -> np.ndarray:
        """The x below which there is the share u of the mass."""
        from scipy.special import stdtrit

        return self.loc + self.scale * stdtrit(self.df, np.asarray(u, dtype=np.float64))
