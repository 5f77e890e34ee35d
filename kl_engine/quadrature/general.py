"""Integrals of any two densities on the line: difficult ends, kinks and algebraic tails treated as such.

The support is cut at every point at which either density bends, or about which its mass lies. The piece at an end is
integrated over the logarithm s of the distance t from that end, t = h e^−s towards a finite end and h (e^s − 1) towards
an infinite one: a power of t, singular or heavy, is then an exponential of s, and the distance itself never cancels.
On every panel a Gauss and a Kronrod rule are compared and the panel halved until they agree; what lies beyond the last
panel of a power law is added in closed form. The error is the sum of these differences, of the rounding and of what
that form leaves open: an estimate, not a theorem.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from kl_engine.distributions.line.base import LineDistribution
from kl_engine.estimates.rounding import EPSILON
from kl_engine.quadrature.nodes import kronrod_rule

RULE = kronrod_rule(10)  # 21 nodes
RELATIVE_GOAL = 1e-13
ROUNDS = 60  # of halving
MOST_PANELS = 60_000
FARTHEST = 600.0  # the largest s: t is then within e^±600 of h
SCAN = np.concatenate([np.linspace(0, 20, 81), np.linspace(20, FARTHEST, 117)[1:]])  # where a tail is looked at
HUGE = 1e280  # a rounding of that size: squares are about to overflow
STEEPENS = 1.002  # from one place of SCAN to the next: a slope that grows by more is that of no power law
LEAST_LOG, UNSURE = -745.0, 60.0  # of a double; and how far before it a log density may be seen last
LEAST_SCAN = 40  # places, to s = 10: below, nothing can be said of an end
SAME_RATE = 1e-2  # relative: rates of fall that differ by more are those of no power law
STRETCH = 40.0  # of s, over which a power law is read off
ROUNDED = 8.0  # roundings of a log density
GROWING, FARTHER = 1.3, 64  # panels beyond the last s: of two the farther is longer by so much; how many
NEGLIGIBLE = -85.0  # log: what is below that, relative to the largest, adds nothing
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


def told_apart(places: list[float], over: tuple[float, float]) -> list[float]:
    """The breaks of an interval, in order, less those that touch the one before, or an end."""
    kept = [over[0]]
    for x in places:
        if x - kept[-1] > TOUCHING * math.ulp(x) and over[1] - x > TOUCHING * math.ulp(x):
            kept.append(x)
    return kept[1:]


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


class _Ending(NamedTuple):
    """Where the panels of an end stop, what lies beyond, and how wrong that may be."""

    last: float
    rest: float
    error: float


def ending(pair: Pair, which: int, integrand: Integrand) -> _Ending:
    """Look along an end: where has the integrand become negligible? If nowhere, how does it fall?"""
    piece = pair.pieces[which]
    values, scale = _values(pair, piece, SCAN, integrand)
    known = np.isfinite(values) & (scale < HUGE)
    known[_underflows_from(pair, piece) :] = False
    places = piece.places(SCAN)
    known &= np.isfinite(places) & ((places != 0) | (not piece.is_finite))  # a double holds the place, or the distance
    reach = int(np.argmin(known[1:])) + 1 if not known[1:].all() else SCAN.size  # beyond, a square of x overflows
    if reach < LEAST_SCAN and not _falls_to_nothing(values[:reach]):
        raise Unsettled(f"the integrand is not finite towards the {'lower' if piece.kind == 'low' else 'upper'} end")
    s, values = SCAN[:reach], values[:reach]
    values[0] = 0.0 if not known[0] else values[0]
    sizes = np.log(np.abs(values) + np.finfo(float).tiny)
    top = float(sizes.max())
    loud = np.flatnonzero(sizes > max(top + NEGLIGIBLE, -700.0))
    if loud.size == 0:
        return _Ending(float(s[1]), 0.0, 0.0)
    last = int(loud[-1]) + 1
    if last < s.size:
        return _Ending(float(s[last]), 0.0, math.exp(top + NEGLIGIBLE) * FARTHEST)
    return _power_law(pair, piece, integrand, float(s[-1]))


def _underflows_from(pair: Pair, piece: Piece) -> int:
    """From which place of SCAN on a power law is 0 only because it is below the least double.

    There the log of a density that was formed first is −inf, about where it would be log 1e-323 = −745 by its slope. Of
    one that falls faster than every power nothing is lost.
    """
    first = SCAN.size
    for d, logs in zip((pair.a, pair.b), pair.logs(piece, SCAN)):
        gone = np.isneginf(logs)
        if not d.underflows or not gone[-1] or gone.all():
            continue
        at = SCAN.size - int(np.argmin(gone[::-1]))
        if at < 3:
            continue
        before, slope = np.diff(logs[at - 3 : at]) / np.diff(SCAN[at - 3 : at])
        next_one = logs[at - 1] + slope * (SCAN[at] - SCAN[at - 1])
        if logs[at - 1] > LEAST_LOG - 1 and next_one < LEAST_LOG + UNSURE and slope > STEEPENS * before:
            first = min(first, at)
    return first


def _falls_to_nothing(values: np.ndarray) -> bool:
    """Whether the last of some values is negligible beside the largest."""
    sizes = np.abs(values[np.isfinite(values)])
    return bool(sizes.size > 1 and sizes.max() > 0 and sizes[-1] <= math.exp(NEGLIGIBLE) * sizes.max())


def _power_law(pair: Pair, piece: Piece, integrand: Integrand, last: float) -> _Ending:
    """∫ beyond the `last` s, where the integrand falls like a power of the distance.

    Where both densities are power laws by then, it is taken along their logarithms, which are straight lines. Elsewhere
    it is that of e^−rs (α + βs), as a power law has it with a logarithm, or a power, of another density: of f at equal
    steps, f₀, f₁, f₂ fix z = e^−rδ by f₂ − 2z f₁ + z² f₀ = 0. The same from an earlier stretch shows how far such a law
    holds.
    """
    if lines := _straight_lines(pair, piece, last):
        return _along(lines, integrand, last)
    found = [_law_from(pair, piece, integrand, end, last) for end in (last, last - STRETCH / 2)]
    rest, before = (law[0] for law in found)
    rounding = 32 * EPSILON * abs(rest) * found[0][2]
    rates = [law[1] for law in found]
    if abs(rates[0] - rates[1]) > SAME_RATE * rates[0]:
        raise Unsettled("far out the integrand falls more slowly than every power of the distance")
    return _Ending(last, rest, abs(rest - before) + rounding)


class _Line(NamedTuple):
    """log p at the last s seen, and log p + j there; the rates at which the latter falls, as just seen, as seen before,
    and as the family says; and by how much faster the former does. Of a density that is 0 there: −inf and 0.
    """

    raw: float
    level: float
    rates: tuple[float, float, float]
    faster: float

    def at(self, further: np.ndarray, rate: float) -> tuple[np.ndarray, np.ndarray]:
        """log p + j and log p so much further out."""
        return self.level - rate * further, self.raw - (rate + self.faster) * further


def _straight_lines(pair: Pair, piece: Piece, last: float) -> tuple[_Line, _Line] | None:
    """Both log densities as straight lines from `last` on; None where one of them bends, as a Gaussian's."""
    step = min(STRETCH, last / 3)
    s = last - step * np.array([2.0, 1.0, 0.0])
    *logs, jacobian = pair.logs(piece, s)
    faster = float(jacobian[2] - jacobian[1]) / float(s[2] - s[1])
    lines = []
    for d, raw in zip((pair.a, pair.b), logs):
        if np.isneginf(raw).all():
            lines.append(_Line(-math.inf, -math.inf, (0.0, 0.0, 0.0), 0.0))
            continue
        before, rate = (-np.diff(raw + jacobian) / np.diff(s)).tolist()
        if not abs(before - rate) <= SAME_RATE * rate:
            return None
        known = piece.power_of(d)
        if known is not None and abs(known - rate) <= ROUNDED * EPSILON * float(np.abs(raw).max()) / step:
            before, rate = rate, known
        rates = rate, before, rate if known is None else known
        lines.append(_Line(float(raw[-1]), float(raw[-1] + jacobian[-1]), rates, faster))
    return lines[0], lines[1]


def _along(lines: tuple[_Line, _Line], integrand: Integrand, last: float) -> _Ending:
    """∫ beyond `last` along two straight lines; its error is what the other rates of each make of it."""
    first, second = lines
    rest, gap = _along_rates(lines, (first.rates[0], second.rates[0]), integrand)
    others = {(r, second.rates[0]) for r in first.rates} | {(first.rates[0], r) for r in second.rates}
    moved = [abs(_along_rates(lines, rates, integrand)[0] - rest) for rates in others]
    size = max([1.0, *(abs(line.raw) for line in lines if math.isfinite(line.raw))])
    return _Ending(last, rest, gap + 2 * max(moved) + 32 * EPSILON * size * abs(rest))


def _along_rates(lines: tuple[_Line, _Line], rates: tuple[float, float], integrand: Integrand) -> tuple[float, float]:
    """The same at given rates, by panels that grow with the distance, and the difference of the two rules."""
    edges = np.concatenate([[0.0], STRETCH * GROWING ** np.arange(FARTHER)])
    half = np.diff(edges) / 2
    further = (edges[:-1] + half)[:, None] + half[:, None] * RULE.nodes
    (log_a, raw_a), (log_b, raw_b) = (line.at(further, rate) for line, rate in zip(lines, rates))
    values = integrand(log_a, log_b, raw_a, raw_b)[0]
    sizes = np.abs(values[:, -1])
    if not np.isfinite(values).all() or sizes[-1] > math.exp(NEGLIGIBLE) * np.abs(values).max():
        raise Unsettled("the integrand does not fall fast enough towards the end")
    both = half[:, None] * (values @ RULE.weights)
    return math.fsum(both[:, 0]), float(np.abs(both[:, 0] - both[:, 1]).sum())


def _law_from(pair: Pair, piece: Piece, integrand: Integrand, end: float, last: float) -> tuple[float, float, float]:
    """The integral beyond `last` by the law that holds before `end`, its rate r, and how it magnifies rounding."""
    step = STRETCH / 2
    s = end + step * np.array([-2.0, -1.0, 0.0])
    f = _values(pair, piece, s, integrand)[0]
    if (f == 0).any() or not np.isfinite(f).all() or not (np.sign(f) == np.sign(f[0])).all():
        raise Unsettled("far out the integrand is not a power law")
    ratios = f[1:] / f[:-1]
    root = math.sqrt(max(0.0, 1 - ratios[1] / ratios[0]))
    z = ratios[0] * (1 - root)  # of the two roots that of a growing α + βs
    rate = -math.log(z) / step if 0 < z < 1 else 0.0
    if rate * STRETCH < 1e-4:
        raise Unsettled("the integrand does not fall fast enough towards the end")
    lifted = f * np.exp(rate * (s - last))
    slope = (lifted[2] - lifted[1]) / step
    there = lifted[2] + slope * (last - s[2])
    magnified = 1 + 1 / (max(root, EPSILON**0.5) * rate * step)
    return float(there / rate + slope / rate**2), rate, magnified


def _values(pair: Pair, piece: Piece, u: np.ndarray, integrand: Integrand) -> tuple[np.ndarray, np.ndarray]:
    """The integrand times dx/du at coordinates of a piece, and the scale of its rounding."""
    log_a, log_b, jacobian = pair.logs(piece, u)
    return integrand(log_a + jacobian, log_b + jacobian, log_a, log_b)


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
            values[rows], scale[rows] = _values(pair, piece, u[rows], integrand)
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
