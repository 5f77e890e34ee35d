"""Azzalini's skewed Gaussian."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from kl_engine.distributions.line.base import LIGHT, End, LineDistribution, raised
from kl_engine.estimates.checks import finite, generator, positive
from kl_engine.estimates.floats import ieee
from kl_engine.estimates.rounding import LOG_ROOT_TAU


@dataclass(frozen=True)
class SkewGaussian(LineDistribution):
    """p(x) = 2 φ(z) Φ(shape z)/scale,  z = (x − loc)/scale; shape 0 is a Gaussian.

    Raises ValueError when loc or shape is not finite or scale not a number > 0. Source: A. Azzalini, Scand. J. Statist.
    12 (1985) 171. loc and scale are in the unit of x, log p is in nats.

    >>> import kl_engine as kl
    >>> round(kl.distributions.SkewGaussian(3).mean, 6)
    0.75694
    """

    shape: float = 0.0
    loc: float = 0.0
    scale: float = 1.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "shape", finite("shape", self.shape))
        object.__setattr__(self, "loc", finite("loc", self.loc))
        object.__setattr__(self, "scale", positive("scale", self.scale))

    @property
    def ends(self) -> tuple[End, End]:
        """Gaussian tails, one of them the steeper."""
        flat = 0.5 * raised(self.scale, -2)
        steep = flat * (1 + self.shape * self.shape)
        first, second = (steep, flat) if self.shape > 0 else (flat, steep)
        return End(LIGHT, 2.0, "like x²", first), End(LIGHT, 2.0, "like x²", second)

    @property
    def typical(self) -> tuple[float, float]:
        """mean and std."""
        return self.mean, self.std

    @property
    def bends(self) -> tuple[float, ...]:
        """Around 0 the factor Φ rises within scale/shape."""
        width = self.scale / max(1.0, abs(self.shape))
        return tuple(self.loc + k * width for k in (-6.0, -2.0, 0.0, 2.0, 6.0))

    @property
    def _delta(self) -> float:
        """√(2/π) shape/√(1 + shape²)."""
        return math.sqrt(2 / math.pi) * self.shape / math.hypot(1, self.shape)

    @property
    def mean(self) -> float:
        """loc + scale √(2/π) δ,  δ = shape/√(1 + shape²)."""
        return self.loc + self.scale * self._delta

    @property
    def std(self) -> float:
        """scale √(1 − 2δ²/π)."""
        return self.scale * math.sqrt(1 - self._delta**2)

    @ieee
    def log_pdf(self, x) -> np.ndarray:
        """log p(x) in nats; same shape as `x`."""
        from scipy.special import log_ndtr

        z = (np.asarray(x, dtype=np.float64) - self.loc) / self.scale
        return math.log(2) - math.log(self.scale) - LOG_ROOT_TAU - 0.5 * z * z + log_ndtr(self.shape * z)

    def quantile(self, u) -> np.ndarray:
        """The x below which there is the share u of the mass, by bisection of Φ(z) − 2 T(z, shape), Owen's T."""
        from scipy.special import ndtr, owens_t

        u = np.asarray(u, dtype=np.float64)
        low, high = np.full(u.shape, -40.0), np.full(u.shape, 40.0)
        for _ in range(64):
            middle = (low + high) / 2
            below = ndtr(middle) - 2 * owens_t(middle, self.shape) < u
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        return self.loc + self.scale * (low + high) / 2

    @ieee
    def sample(self, size, rng) -> np.ndarray:
        """Independent draws: δ|z₀| + √(1 − δ²) z₁."""
        rng = generator("rng", rng)
        delta = self.shape / math.hypot(1, self.shape)
        first, second = rng.standard_normal(size), rng.standard_normal(size)
        return self.loc + self.scale * (delta * np.abs(first) + math.sqrt(1 - delta * delta) * second)
