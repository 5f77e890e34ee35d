"""Integrals of any two densities on the line: difficult ends, kinks and algebraic tails treated as such.

The support is cut at every point at which either density bends, or about which its mass lies. The piece at an end is
integrated over the logarithm s of the distance t from that end, t = h e^−s towards a finite end and h (e^s − 1) towards
an infinite one: a power of t, singular or heavy, is then an exponential of s, and the distance itself never cancels.
On every panel a Gauss and a Kronrod rule are compared and the panel halved until they agree; what lies beyond the last
panel of a power law is added by what it goes on as (`endings`). The error is the sum of these differences, of the
rounding and of what the ends leave open: an estimate, not a theorem.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from kl_engine.distributions.line.base import LineDistribution
from kl_engine.estimates.rounding import EPSILON
from kl_engine.quadrature.general.endings import RULE, ending
from kl_engine.quadrature.general.pieces import (
    Integral,
    Integrand,
    Pair,
    Piece,
    Unsettled,
    pieces_of,
    told_apart,
    values_at,
)

RELATIVE_GOAL = 1e-13
ROUNDS = 60  # of halving
MOST_PANELS = 60_000


def integrate(a: LineDistribution, b: LineDistribution, integrand: Integrand, over: tuple[float, float]) -> Integral:
    """∫ f(log a, log b) dx over an interval, cut where a density jumps or is infinite inside.

    Raises Unsettled where the integrand does not fall towards an end, or panels do not settle.
    """
    inner = told_apart(sorted({x for d in (a, b) for x in d.breaks if over[0] < x < over[1]}), over)
    if not inner:
        return _between_breaks(a, b, integrand, over)
    edges = [over[0], *inner, over[1]]
    found = [_between_breaks(a, b, integrand, part) for part in zip(edges, edges[1:])]
    return Integral(*(math.fsum(part) for part in zip(*found)))


def _between_breaks(
    a: LineDistribution, b: LineDistribution, integrand: Integrand, over: tuple[float, float]
) -> Integral:
    """The same over an interval in which neither has a break."""
    pair = Pair(a, b, pieces_of(a, b, over))
    with np.errstate(all="ignore"):
        ends = {i: ending(pair, i, integrand) for i in (0, len(pair.pieces) - 1)}
        pieces = tuple(p._replace(last=ends[i].last) if i in ends else p for i, p in enumerate(pair.pieces))
        found = _adaptive(pair._replace(pieces=pieces), integrand)
    rest = math.fsum(end.rest for end in ends.values())
    open_ = math.fsum(end.error for end in ends.values())
    return Integral(found.value + rest, found.error + open_, found.panels)


class _Panels(NamedTuple):
    piece: np.ndarray
    left: np.ndarray
    half: np.ndarray

    def chosen(self, which: np.ndarray) -> _Panels:
        return _Panels(*(array[which] for array in self))

    def halved(self) -> _Panels:
        half = self.half / 2
        left = np.concatenate([self.left, self.left + 2 * half])
        return _Panels(np.tile(self.piece, 2), left, np.tile(half, 2))


def first_panels(pieces: tuple[Piece, ...]) -> _Panels:
    """One panel for an inner piece, one for each unit of s (longer far out) at the ends."""
    owner, left, half = [], [], []
    for i, piece in enumerate(pieces):
        edges = [piece.first, piece.last]
        if piece.kind != "inner":
            steps = [s for s in (*range(1, 9), *range(10, 40, 3), *range(40, 601, 20)) if s < piece.last]
            edges = [piece.first, *map(float, steps), piece.last]
        for first, last in zip(edges, edges[1:]):
            owner.append(i)
            left.append(first)
            half.append((last - first) / 2)
    return _Panels(np.array(owner), np.array(left), np.array(half))


def _adaptive(pair: Pair, integrand: Integrand) -> Integral:
    """Gauss and Kronrod on every panel, halved until they agree."""
    panels, settled, count = first_panels(pair.pieces), np.zeros(3), 0
    for _ in range(ROUNDS):
        value, gap, noise = _rules(pair, panels, integrand)
        count += value.size
        totals = settled + [value.sum(), gap.sum(), noise.sum()]
        goal = RELATIVE_GOAL * abs(totals[0]) + totals[2]
        if not np.isfinite(totals[0]):
            raise Unsettled("the integrand is not finite everywhere")
        if totals[1] <= goal or count > MOST_PANELS:
            break
        coarse = gap > np.maximum((goal - settled[1]) / (2 * value.size), noise)
        if not coarse.any():
            break
        settled += [part[~coarse].sum() for part in (value, gap, noise)]
        panels = panels.chosen(coarse).halved()
    return Integral(float(totals[0]), float(totals[1] + totals[2]), count)


def _rules(pair: Pair, panels: _Panels, integrand: Integrand) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Value, gap and rounding of every panel."""
    u = (panels.left + panels.half)[:, None] + panels.half[:, None] * RULE.nodes
    values, scale = np.empty_like(u), np.empty_like(u)
    inner = np.array([piece.kind == "inner" for piece in pair.pieces])[panels.piece]
    groups = [(np.flatnonzero(inner), None)] if inner.any() else []
    groups += [(np.flatnonzero(panels.piece == i), i) for i in (0, len(pair.pieces) - 1)]
    for rows, i in groups:
        if rows.size:
            piece = pair.pieces[i] if i is not None else pair.pieces[1]
            values[rows], scale[rows] = values_at(pair, piece, u[rows], integrand)
            scale[rows] += _moved(piece, u[rows], values[rows])
    both = values @ RULE.weights
    value = panels.half * both[:, 0]
    gap = panels.half * np.abs(both[:, 0] - both[:, 1])
    return value, gap, 8 * EPSILON * panels.half * (scale @ RULE.weights[:, 0])


def _moved(piece: Piece, u: np.ndarray, values: np.ndarray) -> np.ndarray:
    """What the rounding of x does to the integrand, over 8ε: |f′| |x|/8, with f′ from neighbouring nodes.

    Towards a finite end it is the distance t that is rounded, and only relatively.
    """
    slope = np.abs(np.gradient(values, axis=1) / np.gradient(u, axis=1))
    if piece.kind == "inner":
        return slope * np.abs(u) / 8
    if piece.is_finite:
        return slope / 8
    return slope * (np.abs(piece.anchor) * np.exp(-u) / piece.length + 1) / 8
