"""Panels of one pair of at most two components a side, found from left to right in plain floats.

Arrays of so few numbers cost more to begin than to compute. The bound is that of `nested`, with the same names: on a
panel [c − h, c + h] it says which log ρ the goal needs, and the phases say which B they allow; the panel is good where
this ρ is at most that of E₀ and its B is allowed. Phases grow about as h, so that the ratio of the two also says how
wide the next panel may be. A panel that is not good is tried again, narrower; if too many are tried nothing is
returned, and the general search begins.

The edges are whole multiples of a power of two, as in `cutting`; the bound of every panel is the goal itself.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from math import exp, log, sinh

import numpy as np

from kl_engine.quadrature.proved.cutting import Panels, in_units
from kl_engine.quadrature.proved.ellipse import LOG_CONSTANT, NEAR_EXTENT, NEAR_SLACK, POWER, coefficients
from kl_engine.quadrature.proved.integrand import Integrand, Positive, Relative, roughness
from kl_engine.quadrature.proved.matched import Matched, difference
from kl_engine.quadrature.proved.nested import FAINT_OF_TWO, PHASE_OF_TWO, SIZE_OF_TWO, SURE, Within, cap_of
from kl_engine.quadrature.proved.reach import Reach
from kl_engine.quadrature.proved.table import Table

MOST_TRIED = 120  # panels of an interval
AT_FIRST = 10  # panels of an interval that are guessed at
NARROWER, WIDER = 0.3, 1.5  # a panel is at least and at most this times the last one
LESS = 0.7  # the same where it is not the phases that forbid the last one
NEVER = math.inf, 0.0
LEAST = 1e-300
LOG_OF_TOP = math.log(2) + NEAR_SLACK

Component = tuple[float, ...]  # of `Table.few`
# Of c and h: log ρ that the goal needs, and the largest T that counts.
Needs = Callable[[float, float], tuple[float, float]]


def walked(table: Table, kind: Integrand, over: Reach, log_goal: np.ndarray) -> Panels | None:
    """The panels; None where this is not the way to find them."""
    if not table.few or len(table.heights) != 2 or not table.extent < NEAR_EXTENT:
        return None
    goal = float(log_goal[0])
    cap = min(cap_of(table, goal), kind.first_cap)
    if type(kind) is Relative:
        needs = _relative(table, goal, math.cosh(cap), math.sinh(cap))
    elif type(kind) is Matched and type(kind.kind) is Positive:
        needs = _matched(table, goal, math.cosh(cap), math.sinh(cap))
    else:
        return None
    centres, halves = [], []
    for low, high in zip(over.low.tolist(), over.high.tolist()):
        if (found := in_units(low, high)) is None or not _walk(needs, cap, *found, centres, halves):
            return None
    return _panels(table, np.array(centres), np.array(halves), goal)


def _walk(
    needs: Needs, cap: float, first: float, count: float, unit: float, centres: list[float], halves: list[float]
) -> bool:
    """Whether good panels were found for `count` units from `first` on; they are appended."""
    allowed = 2 * PHASE_OF_TWO * math.cosh(cap)
    at, end, step = 0, int(count), int(count) // AT_FIRST
    for _ in range(MOST_TRIED):
        if step > end - at:
            step = end - at
        centre, half = (first + at + 0.5 * step) * unit, 0.5 * step * unit
        room, swing = needs(centre, half)
        if not room <= cap:
            step = int(LESS * step)
        else:
            phase = swing * sinh(room) if room > 0 else 0.0
            ratio = allowed / phase if phase * WIDER > allowed else WIDER
            if ratio >= 1:
                centres.append(centre)
                halves.append(half)
                at += step
                if at == end:
                    return True
            ratio *= 0.92 if ratio > 1 else 0.9
            step = int((ratio if ratio > NARROWER else NARROWER) * step)
        if step < 1:
            return False
    return False


def _relative(table: Table, goal: float, a: float, b: float) -> Needs:
    """For a (log a − log b): `Relative.size`, and the top of a."""
    top, side, other = _top(table.few[0], a, b), _side(table.few[0]), _side(table.few[1])
    constant = LOG_CONSTANT - goal

    def needs(c: float, h: float) -> tuple[float, float]:
        h_a = h * a
        g0, g1, g2, size, swing, *_ = side(c, h_a)
        f0, f1, f2, more, sway, *_ = other(c, h_a)
        size += more + abs(g0 - f0) + h_a * (abs(g1 - f1) + h_a * abs(g2 - f2))
        return (log(size * h) + top(c, h) + constant) / POWER, swing if swing > sway else sway

    return needs


def _matched(table: Table, goal: float, a: float, b: float) -> Needs:
    """For b F(v): |F| <= V'² where V' < ½, and the top of b, whose phases alone count.

    What `_top` and `_side` say of b is written out, as it is asked for in every step of a walk.
    """
    (height, mean, sharp, *_), (other_height, other, other_sharp, *_) = table.few[1]
    (*_, size, e, t), (*_, other_size, other_e, other_t) = map(difference, *table.few[:2])
    bend, other_bend = sharp * sharp, other_sharp * other_sharp
    bent, rising = abs(bend - other_bend), b * b
    constant = LOG_CONSTANT - goal - 2 * math.log(SURE) + LOG_OF_TOP

    def needs(c: float, h: float) -> tuple[float, float]:
        h_a = h * a
        off, other_off = c - mean, c - other
        slope, other_slope = bend * off, other_bend * other_off
        lead = (other_height - other_slope * other_off) - (height - slope * off)
        swing = h_a * (2 * abs(slope - other_slope) + h_a * bent)
        off, other_off = abs(off), abs(other_off)
        most, other_most = sharp * (off + h_a), other_sharp * (other_off + h_a)
        change, other_change = most * e + t, other_most * other_e + other_t
        change = change * (2 * most + change) + size
        other_change = other_change * (2 * other_most + other_change) + other_size
        if change > 1 or other_change > 1:
            return NEVER
        fall, other_fall = swing - lead, swing + lead
        ratio = change * exp(change + fall if fall < 0 else change)
        ratio += other_change * exp(other_change + other_fall if other_fall < 0 else other_change)
        if ratio >= 0.5 * SURE:
            return NEVER
        near, far, rise = off - h_a, other_off - h_a, h * h * rising
        top = height + bend * (rise - near * near if near > 0 else rise)
        other_top = other_height + other_bend * (rise - far * far if far > 0 else rise)
        if other_top > top:
            top = other_top
        ratio = ratio * ratio * h
        room = (log(ratio if ratio > LEAST else LEAST) + top + constant) / POWER
        return room, 0.0 if fall < FAINT_OF_TWO or other_fall < FAINT_OF_TWO else swing

    return needs


def _top(parts: list[Component], a: float, b: float) -> Callable[[float, float], float]:
    """`nested.top_of` at c and h."""
    (height, mean, sharp, *_), (other_height, other, other_sharp, *_) = parts
    bend, other_bend = sharp * sharp, other_sharp * other_sharp

    def top(c: float, h: float) -> float:
        near, far, rise = abs(c - mean) - h * a, abs(c - other) - h * a, h * b * h * b
        first = height + bend * (rise - near * near if near > 0 else rise)
        second = other_height + other_bend * (rise - far * far if far > 0 else rise)
        return (first if first > second else second) + LOG_OF_TOP

    return top


def _side(parts: list[Component]) -> Callable[[float, float], tuple[float, ...]]:
    """g₀, g₁/h, g₂/h², Λ, T where neither of both is faint, T and l₁ − l₀ at c, with h A: `nested.of_two`."""
    (height, mean, sharp, *_), (other_height, other, other_sharp, *_) = parts
    bend, other_bend = sharp * sharp, other_sharp * other_sharp
    bent = abs(bend - other_bend)

    def side(c: float, h_a: float) -> tuple[float, ...]:
        slope, other_slope = bend * (c - mean), other_bend * (c - other)
        level, other_level = height - slope * (c - mean), other_height - other_slope * (c - other)
        lead = other_level - level
        swing = h_a * (2 * abs(slope - other_slope) + h_a * bent)
        if swing - abs(lead) < FAINT_OF_TWO:
            if lead > 0:
                return other_level, -2 * other_slope, -other_bend, SIZE_OF_TWO, 0.0, swing, lead
            return level, -2 * slope, -bend, SIZE_OF_TWO, 0.0, swing, lead
        size = SIZE_OF_TWO + 0.5 * (abs(lead) + swing)
        middle = 0.5 * (level + other_level), -slope - other_slope, -0.5 * (bend + other_bend)
        return *middle, size, swing, swing, lead

    return side


def _panels(table: Table, centre: np.ndarray, half: np.ndarray, goal: float) -> Panels:
    """What is asked of panels, in arrays."""
    u, v, q = coefficients(table, centre, half)
    differ = q[:, 1] - q[:, 0]
    swing = np.add.reduce(np.abs(differ[1:]), axis=0)
    reach = np.empty(u.shape)
    np.subtract(swing, differ[0], out=reach[0])
    np.add(swing, differ[0], out=reach[1])
    rough = roughness(Within(table, u, v, q, reach))
    bound = np.full(centre.size, math.exp(goal))
    return Panels(centre, half, np.zeros(centre.size, dtype=np.intp), bound, rough, q, (u, v))
