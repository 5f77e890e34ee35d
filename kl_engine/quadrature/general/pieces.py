"""The support of two densities, cut into pieces, and the coordinate over which each is integrated."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from kl_engine.distributions.line.base import LineDistribution

FARTHEST = 600.0  # the largest s: t is then within e^±600 of h
BY_LOGARITHM = 1e-2  # of the larger of both widths
RESOLVED = 64.0  # spacings of doubles: a panel between closer cuts would have nodes that coincide
TOUCHING = 4.0  # spacings of doubles: two breaks no further apart are one
CLOSE = 1e-12  # of the span of all cuts: two closer ones are one
SPREAD = (-8.0, -4.0, -2.0, -1.0, 0.0, 1.0, 2.0, 4.0, 8.0)  # cuts about the middle of each density, in its width

# (log a + j, log b + j, log a, log b) at nodes, j = log |dx/du| → f dx/du, and the scale of its rounding.
Integrand = Callable[[np.ndarray, np.ndarray, np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]


class Integral(NamedTuple):
    """A value, an estimate of its error, and how many panels it took."""

    value: float
    error: float
    panels: int


class Unsettled(ArithmeticError):
    """An integral whose panels did not settle, or whose integrand does not fall towards an end."""


class Piece(NamedTuple):
    """A part of the support, and how a coordinate u of a panel becomes a place: kind "inner", "low" or "high"."""

    kind: str
    anchor: float  # inner: 0; at a finite end: the end itself; at an infinite one: where the piece begins
    length: float  # h
    is_finite: bool
    first: float  # the panels' coordinates begin here
    last: float

    def places(self, u: np.ndarray) -> np.ndarray:
        """x at coordinates; at a finite end the distance t from it. Of an end, not of an inner piece."""
        if self.is_finite:
            return self.length * np.exp(-u)
        t = self.length * np.expm1(u)
        return self.anchor + t if self.kind == "high" else self.anchor - t

    def power_of(self, d: LineDistribution) -> float | None:
        """That of a power law at this end, as the family says; None where it says none, or ends elsewhere."""
        upper = self.kind == "high"
        end = self.anchor if self.is_finite else math.inf if upper else -math.inf
        if not d.ends or d.support[upper] != end or not math.isfinite(d.ends[upper].power):
            return None
        return d.ends[upper].power


class Pair(NamedTuple):
    """Two densities and the pieces over which an integral of them is taken."""

    a: LineDistribution
    b: LineDistribution
    pieces: tuple[Piece, ...]

    def logs(self, piece: Piece, u: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """log a, log b and log |dx/du| at the coordinates u of a piece."""
        if piece.kind == "inner":
            return self.a.log_pdf(u), self.b.log_pdf(u), np.zeros_like(u)
        upper = piece.kind == "high"
        if piece.is_finite:
            logs = (d.beside(piece.anchor, upper, piece.places(u)) for d in (self.a, self.b))
            return *logs, math.log(piece.length) - u
        x = piece.places(u)
        return self.a.log_pdf(x), self.b.log_pdf(x), math.log(piece.length) + u


def pieces_of(a: LineDistribution, b: LineDistribution, over: tuple[float, float]) -> tuple[Piece, ...]:
    """The pieces of an interval: an inner one between every two cuts, and one at each end."""
    low, high = over
    cuts = {x for d in (a, b) for x in (*d.bends, *d.breaks, *d.support)}
    for d in (a, b):
        middle, width = d.typical
        cuts |= {middle + k * width for k in SPREAD}
    inner = sorted(x for x in cuts if low < x < high and math.isfinite(x))
    if not inner:
        inner = [_between(low, high, max(d.typical[1] for d in (a, b)))]
    # Close to a finite end the logarithm of the distance resolves every scale: cuts there would only be in its way.
    room = BY_LOGARITHM * max(d.typical[1] for d in (a, b))
    inner = [x for x in inner if x - low > room and high - x > room] or [inner[len(inner) // 2]]
    close = max(CLOSE * (inner[-1] - inner[0]), RESOLVED * math.ulp(max(map(abs, inner))))
    inner = [x for i, x in enumerate(inner) if i == 0 or x - inner[i - 1] > close]
    width = max(min(d.typical[1] for d in (a, b)), 4 * math.ulp(max(map(abs, inner))))
    ends = []
    for kind, end, cut in (("low", low, inner[0]), ("high", high, inner[-1])):
        if math.isfinite(end):
            ends.append(Piece(kind, end, abs(end - cut), True, 0.0, FARTHEST))
        else:
            ends.append(Piece(kind, cut, width, False, 0.0, FARTHEST))
    middle = (Piece("inner", 0.0, 1.0, True, first, last) for first, last in zip(inner, inner[1:]))
    return (ends[0], *middle, ends[1])


def _between(low: float, high: float, width: float) -> float:
    """A place within an interval, a width from its only finite end."""
    if math.isfinite(low) and math.isfinite(high):
        return low + (high - low) / 2
    end = low if math.isfinite(low) else high if math.isfinite(high) else 0.0
    step = max(width, TOUCHING * math.ulp(end))
    return low + step if math.isfinite(low) else high - step if math.isfinite(high) else 0.0


def told_apart(places: list[float], over: tuple[float, float]) -> list[float]:
    """The breaks of an interval, in order, less those that touch the one before, or an end."""
    kept = [over[0]]
    for x in places:
        if x - kept[-1] > TOUCHING * math.ulp(x) and over[1] - x > TOUCHING * math.ulp(x):
            kept.append(x)
    return kept[1:]


def values_at(pair: Pair, piece: Piece, u: np.ndarray, integrand: Integrand) -> tuple[np.ndarray, np.ndarray]:
    """The integrand times dx/du at coordinates of a piece, and the scale of its rounding."""
    log_a, log_b, jacobian = pair.logs(piece, u)
    return integrand(log_a + jacobian, log_b + jacobian, log_a, log_b)
