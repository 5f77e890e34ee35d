"""The gamma distribution."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from kl_engine.distributions.line.base import LIGHT, End, LineDistribution, inside
from kl_engine.estimates.checks import positive
from kl_engine.estimates.floats import ieee


@dataclass(frozen=True)
class Gamma(LineDistribution):
    """Gamma(shape, scale):  log p(x) = (shape − 1) log z − z − log scale − log Γ(shape),  z = x/scale.

    For x > 0; a rate is 1/scale; singular at 0 for shape < 1. Raises ValueError unless shape and scale are > 0. scale
    is in the unit of x, log p is in nats. Source: N. Johnson, S. Kotz, N. Balakrishnan, Continuous Univariate
    Distributions 1 (1994), ch. 17.

    >>> import kl_engine as kl
    >>> kl.distributions.Gamma(2, 3).mean
    6.0
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
        """x^(shape − 1) at 0, and an exponential."""
        return End(self.shape, 0.0, "like |log x|"), End(LIGHT, 1.0, "like x", 1 / self.scale)

    @property
    def mean(self) -> float:
        """shape · scale."""
        return self.shape * self.scale

    @property
    def std(self) -> float:
        """√shape · scale."""
        return math.sqrt(self.shape) * self.scale

    @ieee
    def log_pdf(self, x) -> np.ndarray:
        """log p(x) in nats; same shape as `x`; −inf below 0."""
        from scipy.special import xlogy

        x = np.asarray(x, dtype=np.float64)
        z = np.maximum(x, 0) / self.scale
        with np.errstate(divide="ignore"):
            logs = xlogy(self.shape - 1, z) - z - (math.log(self.scale) + math.lgamma(self.shape))
        return inside(x, 0.0, math.inf, logs)

    def quantile(self, u) -> np.ndarray:
        """The x below which there is the share u of the mass."""
        from scipy.special import gammaincinv

        return self.scale * gammaincinv(self.shape, np.asarray(u, dtype=np.float64))
