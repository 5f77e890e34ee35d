"""A mixture of any distributions on the line."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from kl_engine.distributions.gaussian import Gaussian, GaussianMixture
from kl_engine.distributions.line.base import LIGHT, End, LineDistribution, raised
from kl_engine.distributions.mixed import Mixed
from kl_engine.estimates.floats import ieee

STDS_OF_A_PART = (-8.0, -4.0, 0.0, 4.0, 8.0)  # where the peak of a part makes the density bend


@dataclass(frozen=True, eq=False, repr=False)
class Mixture(Mixed, LineDistribution):
    """p(x) = Σ weights[i] · p_i(x), of any distributions on the line; of Gaussians alone take a GaussianMixture.

    `weights` > 0 of shape (n,) and sum 1, `parts` as many distributions of the engine; log p is in nats. Where a part
    ends inside the support of another the density jumps, and integrals are cut there. Towards an end it is as its
    heaviest part is. Raises ValueError for other weights or parts. Source: G. McLachlan, D. Peel, Finite Mixture Models
    (2000), 1.4.

    >>> import kl_engine as kl
    >>> p = kl.distributions.Mixture([0.9, 0.1], [kl.Gaussian(0, 1), kl.distributions.Cauchy(0, 1)])
    >>> kl.kl_divergence(p, kl.Gaussian(0, 1)).value
    inf
    """

    weights: np.ndarray
    parts: tuple

    def __post_init__(self) -> None:
        self._check((LineDistribution, Gaussian, GaussianMixture), "distributions on the line")

    @property
    def support(self) -> tuple[float, float]:
        """From the lowest end of a part to the highest."""
        ends = [_support(part) for part in self.parts]
        return min(low for low, _ in ends), max(high for _, high in ends)

    @property
    def ends(self) -> tuple[End, End] | None:
        """That of the part that falls most slowly; None where a part says nothing of its ends."""
        found = []
        for side in (0, 1):
            there = [_ends(part) for part in self.parts if _support(part)[side] == self.support[side]]
            if None in there:
                return None
            infinite = math.isinf(self.support[side])
            found.append(min((ends[side] for ends in there), key=lambda end: _order(end, infinite)))
        return found[0], found[1]

    @property
    def bends(self) -> tuple[float, ...]:
        """Those of the parts, and about the peak of each."""
        places = set()
        for part in self.parts:
            if isinstance(part, (Gaussian, GaussianMixture)):
                middles = zip(np.ravel(part.means).tolist(), np.ravel(part.stds).tolist())
                places |= {m + k * s for m, s in middles for k in STDS_OF_A_PART}
            else:
                middle, width = part.typical
                places |= {*part.bends, *(middle + k * width for k in STDS_OF_A_PART)}
        low, high = self.support
        return tuple(sorted(x for x in places if low < x < high))

    @property
    def breaks(self) -> tuple[float, ...]:
        """Where a part ends inside, and the breaks of parts."""
        places = {x for part in self.parts for x in (*_support(part), *getattr(part, "breaks", ()))}
        low, high = self.support
        return tuple(sorted(x for x in places if low < x < high))

    @property
    def underflows(self) -> bool:
        """Whether that of a part does."""
        return any(getattr(part, "underflows", False) for part in self.parts)

    @property
    def gaps(self) -> tuple[tuple[float, float], ...]:
        """Between the places where no part is positive."""
        intervals = sorted(_positive(self.parts))
        found, reached = [], intervals[0][1]
        for low, high in intervals[1:]:
            if reached < low:
                found.append((reached, low))
            reached = max(reached, high)
        return tuple(found)

    @property
    def typical(self) -> tuple[float, float]:
        """The middle half of the middles of the parts, and the width of the widest of them."""
        places = [_typical(part) for part in self.parts]
        middle = math.fsum(w * place for w, (place, _) in zip(self.weights.tolist(), places))
        return middle, max(abs(place - middle) + width for place, width in places)

    @ieee
    def log_pdf(self, x) -> np.ndarray:
        """log p(x) in nats; same shape as `x`."""
        return self._summed([part.log_pdf(x) for part in self.parts])

    def near_low(self, t) -> np.ndarray:
        """log p at the distance t from the lower end."""
        return self.beside(self.support[0], False, t)

    def near_high(self, t) -> np.ndarray:
        """log p at the distance t from the upper end."""
        return self.beside(self.support[1], True, t)

    @ieee
    def beside(self, place: float, below: bool, t) -> np.ndarray:
        """log p at the distance t above a place, or below it, each part by its own."""
        t = np.asarray(t, dtype=np.float64)
        return self._summed(
            [
                part.beside(place, below, t)
                if isinstance(part, LineDistribution)
                else part.log_pdf(place - t if below else place + t)
                for part in self.parts
            ]
        )


def _support(part: object) -> tuple[float, float]:
    return part.support if isinstance(part, LineDistribution) else (-math.inf, math.inf)


def _positive(parts: tuple) -> list[tuple[float, float]]:
    """The intervals on which a part is positive, of every part."""
    found = []
    for part in parts:
        edges = [_support(part)[0], *(x for gap in getattr(part, "gaps", ()) for x in gap), _support(part)[1]]
        found += zip(edges[::2], edges[1::2])
    return found


def _typical(part: object) -> tuple[float, float]:
    return part.typical if isinstance(part, LineDistribution) else (float(part.mean), float(part.std))


def _ends(part: object) -> tuple[End, End] | None:
    """Of a Gaussian mixture that of its widest component."""
    if isinstance(part, LineDistribution):
        return part.ends
    end = End(LIGHT, 2.0, "like x²", 0.5 * raised(float(np.max(part.stds)), -2))
    return end, end


def _order(end: End, infinite: bool) -> tuple:
    """The smaller, the more slowly the density falls."""
    return end.power, end.growth, end.inner if math.isinf(end.growth) else 0.0, end.coefficient
