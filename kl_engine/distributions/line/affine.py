"""A distribution moved and stretched: loc + scale · y."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from kl_engine.distributions.line.base import End, LineDistribution
from kl_engine.estimates.checks import finite, positive, refuse
from kl_engine.estimates.floats import ieee


@dataclass(frozen=True)
class Affine(LineDistribution):
    """The distribution of loc + scale · y, y of `base`:  log p(x) = log p_base((x − loc)/scale) − log scale, scale > 0.

    For families that have no place or width of their own, as SciPy's beta(a, b, loc, scale). `loc` and `scale` are in
    the unit of x, log p is in nats. Raises ValueError when `base` is no such family, loc is not finite or scale not a
    number > 0. Source: N. Johnson, S. Kotz, N. Balakrishnan, Continuous Univariate Distributions 1 (1994), ch. 12.

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
        object.__setattr__(self, "scale", positive("scale", self.scale))

    @property
    def support(self) -> tuple[float, float]:
        """The ends of `base`, moved."""
        low, high = self.base.support
        return self.loc + self.scale * low, self.loc + self.scale * high

    @property
    def ends(self) -> tuple[End, End]:
        """Those of `base`, stretched."""
        found = []
        for end, place in zip(self.base.ends, self.base.support):
            power = 1.0 if math.isinf(end.growth) else end.growth  # of e^(rate t) the rate is stretched
            stretched = self.scale ** (-power if math.isinf(place) else power)
            found.append(end._replace(coefficient=end.coefficient * stretched))
        return found[0], found[1]

    @property
    def bends(self) -> tuple[float, ...]:
        """Those of `base`, moved."""
        return tuple(self.loc + self.scale * x for x in self.base.bends)

    @property
    def typical(self) -> tuple[float, float]:
        """That of `base`, moved."""
        middle, width = self.base.typical
        return self.loc + self.scale * middle, self.scale * width

    @property
    def mean(self) -> float:
        """loc + scale · mean of `base`."""
        return self.loc + self.scale * self.base.mean

    @property
    def std(self) -> float:
        """scale · std of `base`."""
        return self.scale * self.base.std

    @ieee
    def log_pdf(self, x) -> np.ndarray:
        """log p(x) in nats; same shape as `x`."""
        return self.base.log_pdf((np.asarray(x, dtype=np.float64) - self.loc) / self.scale) - math.log(self.scale)

    def near_low(self, t) -> np.ndarray:
        """log p at the distance t from the lower end."""
        return self.base.near_low(np.asarray(t, dtype=np.float64) / self.scale) - math.log(self.scale)

    def near_high(self, t) -> np.ndarray:
        """log p at the distance t from the upper end."""
        return self.base.near_high(np.asarray(t, dtype=np.float64) / self.scale) - math.log(self.scale)

    def quantile(self, u) -> np.ndarray:
        """loc + scale · quantile of `base`."""
        return self.loc + self.scale * self.base.quantile(u)

    @ieee
    def sample(self, size, rng) -> np.ndarray:
        """Draws of `base`, moved."""
        return self.loc + self.scale * self.base.sample(size, rng)
