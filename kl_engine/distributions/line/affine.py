"""A distribution moved and stretched: loc + scale · y."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from kl_engine.distributions.line.base import End, LineDistribution, raised
from kl_engine.estimates.checks import finite, positive, refuse
from kl_engine.estimates.floats import ieee


@dataclass(frozen=True)
class Affine(LineDistribution):
    """The distribution of loc + scale · y, y of `base`:  log p(x) = log p_base((x − loc)/scale) − log |scale|.

    For families that have no place or width of their own, as SciPy's beta(a, b, loc, scale); a scale below 0 makes the
    mirror image, as weibull_max is one. `loc` and `scale` are in the unit of x, log p is in nats. Raises ValueError
    when `base` is no such family, loc is not finite or scale is 0. Source: N. Johnson, S. Kotz, N. Balakrishnan,
    Continuous Univariate Distributions 1 (1994), ch. 12.

    >>> import kl_engine as kl
    >>> p = kl.distributions.Affine(kl.distributions.Beta(2, 2), loc=-1, scale=2)
    >>> p.support, p.mean
    ((-1.0, 1.0), 0.0)
    """

    base: LineDistribution
    loc: float = 0.0
    scale: float = 1.0

    def __post_init__(self) -> None:
        if not isinstance(self.base, LineDistribution):
            raise refuse("base", "a family on the line without a place or a width of its own, as Beta(2, 3)", self.base)
        object.__setattr__(self, "loc", finite("loc", self.loc))
        size = positive("scale", abs(finite("scale", self.scale)))
        object.__setattr__(self, "scale", math.copysign(size, self.scale))

    def _ordered(self, pair: tuple) -> tuple:
        """What belongs to the lower and the upper end of `base`, in the order of our own ends."""
        return pair if self.scale > 0 else pair[::-1]

    @property
    def support(self) -> tuple[float, float]:
        """The ends of `base`, moved."""
        low, high = self._ordered(self.base.support)
        return self.loc + self.scale * low, self.loc + self.scale * high

    @property
    def ends(self) -> tuple[End, End] | None:
        """Those of `base`, stretched; None where it says nothing of them."""
        if self.base.ends is None:
            return None
        found = []
        for end, place in zip(self.base.ends, self.base.support):
            power = end.inner if math.isinf(end.growth) else end.growth  # of e^(rate t^inner) the rate is stretched
            stretched = raised(abs(self.scale), -power if math.isinf(place) else power)
            found.append(end._replace(coefficient=end.coefficient * stretched))
        return self._ordered((found[0], found[1]))

    @property
    def bends(self) -> tuple[float, ...]:
        """Those of `base`, moved."""
        return tuple(self.loc + self.scale * x for x in self.base.bends)

    @property
    def breaks(self) -> tuple[float, ...]:
        """Those of `base`, moved."""
        return tuple(self.loc + self.scale * x for x in self.base.breaks)

    @property
    def underflows(self) -> bool:
        """As `base`."""
        return self.base.underflows

    @property
    def gaps(self) -> tuple[tuple[float, float], ...]:
        """Those of `base`, moved."""
        return tuple(tuple(sorted(self.loc + self.scale * x for x in gap)) for gap in self.base.gaps)

    @property
    def typical(self) -> tuple[float, float]:
        """That of `base`, moved."""
        middle, width = self.base.typical
        return self.loc + self.scale * middle, abs(self.scale) * width

    @property
    def mean(self) -> float:
        """loc + scale · mean of `base`."""
        return self.loc + self.scale * self.base.mean

    @property
    def std(self) -> float:
        """|scale| · std of `base`."""
        return abs(self.scale) * self.base.std

    @ieee
    def log_pdf(self, x) -> np.ndarray:
        """log p(x) in nats; same shape as `x`."""
        return self.base.log_pdf((np.asarray(x, dtype=np.float64) - self.loc) / self.scale) - math.log(abs(self.scale))

    def beside(self, place: float, below: bool, t) -> np.ndarray:
        """log p at the distance t above a place, or below it: by that of `base` at an end or a break, exactly."""
        for own, held in zip((*self.support, *self.breaks), (*self._ordered(self.base.support), *self.base.breaks)):
            if place == own:
                return self._near(partial(self.base.beside, held, below == (self.scale > 0)), t)
        return super().beside(place, below, t)

    def near_low(self, t) -> np.ndarray:
        """log p at the distance t from the lower end."""
        return self._near(self._ordered((self.base.near_low, self.base.near_high))[0], t)

    def near_high(self, t) -> np.ndarray:
        """log p at the distance t from the upper end."""
        return self._near(self._ordered((self.base.near_low, self.base.near_high))[1], t)

    def _near(self, own: Callable, t) -> np.ndarray:
        return own(np.asarray(t, dtype=np.float64) / abs(self.scale)) - math.log(abs(self.scale))

    def quantile(self, u) -> np.ndarray:
        """loc + scale · quantile of `base`, from its other end where scale < 0."""
        u = np.asarray(u, dtype=np.float64)
        return self.loc + self.scale * self.base.quantile(u if self.scale > 0 else 1 - u)

    @ieee
    def sample(self, size, rng) -> np.ndarray:
        """Draws of `base`, moved."""
        return self.loc + self.scale * self.base.sample(size, rng)
