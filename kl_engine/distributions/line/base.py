"""What a continuous distribution on the line says of itself, so that an integral knows where it may be difficult."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from kl_engine.distributions.frozen import FrozenArrays
from kl_engine.distributions.notation import Notated
from kl_engine.estimates.checks import generator
from kl_engine.estimates.floats import ieee

LIGHT = math.inf  # the power of a tail that falls faster than every power
MANY_SCALES = 1e60  # of the quartiles, as distances from an end
# Of the mass, about which a scale is seen.
SHARES = (1e-6, 1e-3, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999, 1 - 1e-6)


class End(NamedTuple):
    """How a density p behaves towards one end of its support, at distance t from it (or |x| = t, where it is infinite):
    p ~ t^(−power − 1) out there, t^(power − 1) at a finite end; or −log p ~ coefficient · t^(±growth).

    power: p falls like t^(−power − 1) towards an infinite end, LIGHT where it falls faster than every power; towards a
    finite one p goes like t^(power − 1), so that it is singular for power < 1.
    growth: −log p grows like t^growth towards an infinite end (0 for a logarithm or a power of it), and like
    t^(−growth) towards a finite one; `math.inf` where it grows faster than every power.
    words: how −log p grows, for the reason of a divergence that is infinite. `inner`: of an infinite growth, −log p
    grows like e^(coefficient · t^inner).
    No number of it has a unit but the coefficient (nats over t^growth). Raises ValueError nowhere: it is taken as
    given, and only a `Density` refuses what are no ends. Source: the terms are those of N. Bingham, C. Goldie, J.
    Teugels, Regular Variation (1987), ch. 1.

    >>> import numpy as np
    >>> import kl_engine as kl
    >>> tail = kl.distributions.End(1.0, 0.0, "like log |x|")  # p falls like x^−2
    >>> p = kl.distributions.Density(lambda x: -np.log(np.pi) - np.log1p(x * x), ends=(tail, tail))
    >>> kl.kl_divergence(p, kl.Gaussian(0, 1)).value
    inf
    """

    power: float
    growth: float
    words: str
    coefficient: float = math.nan  # of t^growth; of log² t for a log-normal; of infinite growth the rate
    inner: float = 1.0  # of infinite growth: −log p grows like e^(rate t^inner)


class LineDistribution(Notated, FrozenArrays):
    """A continuous distribution on an interval of the line.

    A family gives `support`, `log_pdf`, `ends`, `typical`, `quantile` and, where they exist, `mean` and `std`; and
    `bends` and `near_low`, `near_high` where its density has kinks, or is singular at an end; `breaks` where it jumps.
    """

    @property
    def support(self) -> tuple[float, float]:
        """(low, high), the ends of the interval on which the density is positive; they may be infinite."""
        return -math.inf, math.inf

    @property
    def ends(self) -> tuple[End, End]:
        """How the density behaves towards the lower and the upper end."""
        raise TypeError(f"{type(self).__name__} says nothing of its ends")

    @property
    def bends(self) -> tuple[float, ...]:
        """Points inside the support at which the density is not smooth."""
        return ()

    @property
    def breaks(self) -> tuple[float, ...]:
        """Points inside the support at which the density jumps, or is infinite: an integral is cut there."""
        return ()

    @property
    def underflows(self) -> bool:
        """Whether far out `log_pdf` may be −inf only because the density is below the least double."""
        return False

    @property
    def gaps(self) -> tuple[tuple[float, float], ...]:
        """Intervals inside the support on which the density is 0."""
        return ()

    @property
    def typical(self) -> tuple[float, float]:
        """A place about which the mass lies, and how far about it: where panels begin."""
        low, middle, high = (float(self.quantile(u)) for u in (0.25, 0.5, 0.75))
        start, stop = self.support
        if math.isfinite(start) and math.isinf(stop) and not high - start < MANY_SCALES * (low - start):
            return self._middle_scale()
        return middle, (high - low) / 2

    def _middle_scale(self) -> tuple[float, float]:
        """The same of a density whose mass is spread over more scales than doubles resolve.

        Of all its scales that of the moderate numbers: doubles go as far below as above.
        """
        found = np.array([float(self.quantile(u)) for u in SHARES]) - self.support[0]
        found = found[(found > 0) & np.isfinite(found)]
        scale = float(found[np.abs(np.log(found)).argmin()]) if found.size else 1.0
        return self.support[0] + scale, scale

    @ieee
    def log_pdf(self, x) -> np.ndarray:
        """log p(x) in nats, of the shape of `x`; −inf outside the support."""
        raise TypeError(f"{type(self).__name__} has no log_pdf")

    def near_low(self, t) -> np.ndarray:
        """log p at the distance t > 0 from a finite lower end; t may be far below the spacing of doubles there."""
        return self.log_pdf(self.support[0] + np.asarray(t, dtype=np.float64))

    def near_high(self, t) -> np.ndarray:
        """log p at the distance t > 0 from a finite upper end."""
        return self.log_pdf(self.support[1] - np.asarray(t, dtype=np.float64))

    def beside(self, place: float, below: bool, t) -> np.ndarray:
        """log p at the distance t > 0 above a place, or below it, where an integral is cut: an end, or a break."""
        low, high = self.support
        if (low >= place) if below else (high <= place):
            return np.full_like(np.asarray(t, dtype=np.float64), -np.inf)
        if place == (high if below else low):
            return (self.near_high if below else self.near_low)(t)
        return self.log_pdf(place - t if below else place + t)

    @ieee
    def pdf(self, x) -> np.ndarray:
        """p(x), for drawing only: it underflows where `log_pdf` does not."""
        return np.exp(self.log_pdf(x))

    def quantile(self, u) -> np.ndarray:
        """The x below which there is the share u of the mass."""
        raise TypeError(f"{type(self).__name__} has no quantile")

    @ieee
    def sample(self, size, rng) -> np.ndarray:
        """Independent draws of shape `size`; `rng` is a seed or a generator."""
        return self.quantile(generator("rng", rng).random(size))


def raised(base: float, exponent: float) -> float:
    """base^exponent of a base > 0; inf beyond the largest double, where Python's own power raises."""
    with np.errstate(over="ignore", under="ignore"):
        return float(np.float64(base) ** exponent)


def inside(x: np.ndarray, low: float, high: float, logs: np.ndarray) -> np.ndarray:
    """The log density within the support, −inf outside."""
    return np.where((x >= low) & (x <= high), logs, -np.inf)
