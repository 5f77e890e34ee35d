"""Where an integrand jumps, as one that holds where a density is larger than another: its integral is cut there.

A rule that has no node between a jump and the edge of a panel overlooks it, and so does one that is compared with it.
"""

from __future__ import annotations

import math

import numpy as np

from kl_engine.distributions.line.base import End, LineDistribution
from kl_engine.estimates.rounding import ROUNDING
from kl_engine.quadrature.general import Pair, Piece, pieces_of, told_apart

LOOKS, LOOKED_AT_AN_END = 121, 60.0  # places at which a crossing is looked for in a piece; how far along an end
HALVINGS = 60  # of the interval in which one is


def crossings(a: LineDistribution, b: LineDistribution, level: float) -> tuple[float, ...]:
    """The places, in ascending order, at which log a − log b crosses a level."""
    over = max(a.support[0], b.support[0]), min(a.support[1], b.support[1])
    if not over[0] < over[1]:
        return ()
    found: set[float] = set()
    with np.errstate(all="ignore"):
        for low, high in zip(*(edges := [over[0], *_breaks_of(a, b, over), over[1]], edges[1:])):
            pair = Pair(a, b, pieces_of(a, b, (low, high)))
            for piece in pair.pieces:
                last = piece.last if piece.kind == "inner" else LOOKED_AT_AN_END
                u = np.linspace(piece.first, last, LOOKS)
                sides = np.sign(_lead(pair, piece, u, level))
                known = np.flatnonzero(sides)
                for i, j in zip(known, known[1:]):
                    if sides[i] != sides[j]:
                        found.add(_place(piece, _root(pair, piece, u[i], u[j], level)))
    return tuple(sorted(x for x in found if over[0] < x < over[1]))


def _breaks_of(a: LineDistribution, b: LineDistribution, over: tuple[float, float]) -> list[float]:
    return told_apart(sorted({x for d in (a, b) for x in d.breaks if over[0] < x < over[1]}), over)


def _lead(pair: Pair, piece: Piece, u: np.ndarray, level: float) -> np.ndarray:
    """log a − log b − level, 0 where it is not a number, and far out where it is no more than the rounding of both."""
    log_a, log_b, _ = pair.logs(piece, u)
    lead = np.nan_to_num(log_a - log_b - level, posinf=0.0, neginf=0.0)
    return np.where(np.abs(lead) > ROUNDING * (np.abs(log_a) + np.abs(log_b)), lead, 0.0)


def _root(pair: Pair, piece: Piece, first: float, last: float, level: float) -> float:
    """Between two coordinates at which the lead has different signs, by halving."""
    rising = _lead(pair, piece, np.array([first]), level)[0] < 0
    for _ in range(HALVINGS):
        middle = first + (last - first) / 2
        if (_lead(pair, piece, np.array([middle]), level)[0] < 0) == rising:
            first = middle
        else:
            last = middle
    return first + (last - first) / 2


def _place(piece: Piece, u: float) -> float:
    """The place of a coordinate of a piece."""
    if piece.kind == "inner":
        return u
    distance = piece.length * (math.exp(-u) if piece.is_finite else math.expm1(u))
    inwards = -1.0 if (piece.kind == "high") == piece.is_finite else 1.0
    return piece.anchor + inwards * distance


class Cut(LineDistribution):
    """A distribution whose integrals are cut at further places."""

    def __init__(self, held: LineDistribution, places: tuple[float, ...]) -> None:
        self.held, self.places = held, places

    @property
    def support(self) -> tuple[float, float]:
        return self.held.support

    @property
    def ends(self) -> tuple[End, End] | None:
        return self.held.ends

    @property
    def bends(self) -> tuple[float, ...]:
        return self.held.bends

    @property
    def breaks(self) -> tuple[float, ...]:
        return (*self.held.breaks, *self.places)

    @property
    def underflows(self) -> bool:
        return self.held.underflows

    @property
    def typical(self) -> tuple[float, float]:
        return self.held.typical

    def log_pdf(self, x) -> np.ndarray:
        return self.held.log_pdf(x)

    def beside(self, place: float, below: bool, t) -> np.ndarray:
        return self.held.beside(place, below, t)
