"""The Weibull distribution."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from kl_engine.distributions.line.base import LIGHT, End, LineDistribution, inside, raised
from kl_engine.estimates.checks import positive
from kl_engine.estimates.floats import ieee


@dataclass(frozen=True)
class Weibull(LineDistribution):
    """Weibull(shape, scale):  log p(x) = log(shape/scale) + (shape − 1) log z − z^shape,  z = x/scale, x > 0.

    Raises ValueError when shape or scale is not a number > 0. scale is in the unit of x, log p is in nats. Source: N.
    Johnson, S. Kotz, N. Balakrishnan, Continuous Univariate Distributions 1 (1994), ch. 21.

    >>> import kl_engine as kl
    >>> round(kl.distributions.Weibull(1, 3).mean, 12)
    3.0
    """

    shape: float
    scale: float = 1.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "shape", positive("shape", self.shape))
        object.__setattr__(self, "scale", positive("scale", self.scale))

    @property
    def support(self) -> tuple[float, float]:
        """(0, ∞)."""
        return 0.0, math.inf

    @property
    def ends(self) -> tuple[End, End]:
        """x^(shape − 1) at 0, and a stretched exponential."""
        return End(self.shape, 0.0, "like |log x|"), End(
            LIGHT, self.shape, f"like x^{self.shape:g}", raised(self.scale, -self.shape)
        )

    @property
    def mean(self) -> float:
        """scale Γ(1 + 1/shape)."""
        return self.scale * math.gamma(1 + 1 / self.shape)

    @property
    def std(self) -> float:
        """scale √(Γ(1 + 2/shape) − Γ(1 + 1/shape)²)."""
        first, second = (math.lgamma(1 + k / self.shape) for k in (1, 2))
        return self.scale * math.exp(first) * math.sqrt(math.expm1(second - 2 * first))

    @ieee
    def log_pdf(self, x) -> np.ndarray:
        """log p(x) in nats; same shape as `x`; −inf below 0."""
        from scipy.special import xlogy

        x = np.asarray(x, dtype=np.float64)
        z = np.maximum(x, 0) / self.scale
        with np.errstate(divide="ignore", over="ignore"):
            logs = xlogy(self.shape - 1, z) - z**self.shape + math.log(self.shape / self.scale)
        return inside(x, 0.0, math.inf, logs)

    def quantile(self, u) -> np.ndarray:
        """The x below which there is the share u of the mass."""
        return self.scale * (-np.log1p(-np.asarray(u, dtype=np.float64))) ** (1 / self.shape)
