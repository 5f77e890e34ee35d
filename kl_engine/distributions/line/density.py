"""A person's own density, by its logarithm."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from kl_engine.distributions.line.base import End, LineDistribution
from kl_engine.estimates.checks import finite, generator, positive, refuse
from kl_engine.estimates.floats import ieee

RESOLVED = 2.0**20  # spacings of doubles at an end: nearer to it a distance is not resolved

FARTHEST = 1e77  # beyond, a fourth power overflows


@dataclass(frozen=True)
class Density(LineDistribution):
    """A density on the line known by `log_density(x)`, an array in and an array of that shape out, in nats.

    `low_high` is the interval (low, high) outside which it is 0; `centre` and `width` say about where its mass lies and
    how far (integration begins there); `bends` are the points at which it is not smooth. It must be normalised; of a
    log density that is known but for a constant, see `kl.divergences.normalised`; `log_constant` is subtracted from it,
    and `draws(size, generator)` samples it. `ends` are what is known of its tails, two `kl.distributions.End`, the
    lower one first: with them an infinite divergence is said to be so, without them one whose integral does not settle
    is refused. Its certainty is ESTIMATED. Raises ValueError for a bad argument. Source: the function is yours; how it
    is integrated stands in `kl_engine.quadrature.general`.

    >>> import numpy as np
    >>> import kl_engine as kl
    >>> p = kl.distributions.Density(lambda x: -np.abs(x) - np.log(2), bends=(0.0,))
    >>> f"{kl.kl_divergence(p, kl.distributions.Laplace(0, 2)):.6f}"
    '0.193147'
    """

    log_density: Callable[[np.ndarray], np.ndarray]
    low_high: tuple[float, float] = (-math.inf, math.inf)
    centre: float = 0.0
    width: float = 1.0
    bends: tuple[float, ...] = field(default=())  # type: ignore[assignment]
    log_constant: float = 0.0  # subtracted from log_density
    draws: Callable | None = None  # (size, generator) → independent draws, for Monte Carlo
    ends: tuple[End, End] | None = None

    def __post_init__(self) -> None:
        if not callable(self.log_density):
            raise refuse("log_density", "a function of an array", self.log_density)
        low, high = (float(end) for end in self.low_high)
        if not low < high:
            raise refuse("low_high", "two numbers, the lower end first", self.low_high)
        object.__setattr__(self, "low_high", (low, high))
        object.__setattr__(self, "centre", finite("centre", self.centre))
        object.__setattr__(self, "width", positive("width", self.width))
        if not low <= self.centre <= high:
            raise refuse("centre", f"a number within the support, {low:g} to {high:g}", self.centre)
        if self.ends is not None and not (len(self.ends) == 2 and all(isinstance(end, End) for end in self.ends)):
            raise refuse("ends", "two kl.distributions.End, that of the lower end first", self.ends)
        object.__setattr__(self, "bends", tuple(finite("bends", x) for x in self.bends))

    def sample(self, size, rng) -> np.ndarray:
        """Independent draws of shape `size` by `draws`; TypeError where none was given."""
        if self.draws is None:
            raise TypeError("a Density without `draws` cannot be sampled")
        return np.asarray(self.draws(size, generator("rng", rng)), dtype=np.float64)

    @property
    def support(self) -> tuple[float, float]:
        """As given."""
        return self.low_high

    @property
    def underflows(self) -> bool:
        """Whether far out its logarithm may be −inf only because the density is below the least double: unknown."""
        return True

    @property
    def typical(self) -> tuple[float, float]:
        """centre and width, as given."""
        return self.centre, self.width

    def near_low(self, t) -> np.ndarray:
        """log p at the distance t from a finite lower end."""
        return self._near(self.low_high[0], 1.0, t)

    def near_high(self, t) -> np.ndarray:
        """log p at the distance t from a finite upper end."""
        return self._near(self.low_high[1], -1.0, t)

    @ieee
    def _near(self, end: float, inwards: float, t) -> np.ndarray:
        """log p at `end` + `inwards` t: nearer than doubles resolve, as the power of t that it goes like before."""
        t = np.asarray(t, dtype=np.float64)
        least = RESOLVED * math.ulp(end)
        x = end + inwards * np.maximum(t, least)
        first, second = (float(self.log_pdf(np.array(end + inwards * k * least))) for k in (1.0, 4.0))
        slope = (second - first) / math.log(4) if math.isfinite(second - first) else 0.0
        return self.log_pdf(x) + slope * (np.log(t) - np.log(np.abs(x - end)))

    @ieee
    def log_pdf(self, x) -> np.ndarray:
        """log p(x) in nats; same shape as `x`; −inf outside the support."""
        x = np.asarray(x, dtype=np.float64)
        low, high = self.low_high
        within = (x >= low) & (x <= high)
        safe = np.where(within, x, self.centre)
        logs = np.asarray(self.log_density(safe), dtype=np.float64) - self.log_constant
        if logs.shape != x.shape:
            raise refuse("log_density", f"a function that returns an array of the shape {x.shape}", logs.shape)
        logs = np.where(np.isnan(logs) & (np.abs(safe) > FARTHEST), -np.inf, logs)  # ∞ − ∞ of squares that overflow
        if np.isnan(logs).any() or (logs == np.inf).any():
            at = float(safe[np.isnan(logs) | (logs == np.inf)].ravel()[0])
            raise refuse("log_density", f"numbers below inf (it is not one at x = {at:g})", math.nan)
        return np.where(within, logs, -np.inf)
