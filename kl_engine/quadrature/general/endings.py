"""What lies beyond the last panel of an end: nothing that counts, or a power law, whose integral is added."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from kl_engine.estimates.rounding import EPSILON
from kl_engine.quadrature.general.pieces import FARTHEST, Integrand, Pair, Piece, Unsettled, values_at
from kl_engine.quadrature.nodes import kronrod_rule

RULE = kronrod_rule(10)  # 21 nodes
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


class _Ending(NamedTuple):
    """Where the panels of an end stop, what lies beyond, and how wrong that may be."""

    last: float
    rest: float
    error: float


def ending(pair: Pair, which: int, integrand: Integrand) -> _Ending:
    """Look along an end: where has the integrand become negligible? If nowhere, how does it fall?"""
    piece = pair.pieces[which]
    values, scale = values_at(pair, piece, SCAN, integrand)
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
    f = values_at(pair, piece, s, integrand)[0]
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
