"""Where mixtures are integrated, and a bound of what lies elsewhere.

Part i of a, wᵢ N(mᵢ, sᵢ²), is integrated over |z| <= Rᵢ, z = (x − mᵢ)/sᵢ, and the region is the union of these
intervals, a little widened. Elsewhere |z| > Rᵢ for every i, and for any component j of b

    |log a| <= U + |Hᵢ| + ½ z²,      |log b| <= U + |H'ⱼ| + ½ ((mᵢ − mⱼ)/sⱼ + z sᵢ/sⱼ)²

with H and H' the heights and U >= |log Σ e^H|, |log Σ e^H'|: a log density is at most the log of the sum of all
heights, and at least any one component. The two sides of |z| > R together have no odd part, so that there, with
∫ φ <= 2φ(R)/R and ∫ z² φ <= (R² + 1) 2φ(R)/R, part i adds at most wᵢ Cᵢ 2φ(R)/R where, as R² + 1 <= `MOST`,

    Cᵢ = 3U' + ½ `MOST` + minⱼ (|H'ⱼ| + ½ ((mᵢ − mⱼ)² + `MOST` sᵢ²)/sⱼ²)

and U' = log K + the largest burden of all is at least U and |Hᵢ|. So Rᵢ = √(2 log(wᵢ Cᵢ/limit)) leaves out less than
the limit, if it is at least 1; else the part is left out whole, which adds at most wᵢ Cᵢ <= e^½ limit.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from kl_engine.estimates.rounding import ROOT_2
from kl_engine.quadrature.proved.table import FAR, Table

ROOT_E = 1.67  # above √e by 1 %, for what is there beside the logs where a − b counts too
MOST = 2000.0  # R² + 1: twice the log of the largest quotient of doubles, and more
DENSE = 3.0  # an interval this many times as long as all it was made of is taken as one
OTHERS = 24  # components of the other side that are looked at, about, where there are more than twice as many
GRAIN = 15  # an interval is a whole number, 2¹⁴ to 2¹⁵, of its units


class Bells(NamedTuple):
    """Bells of which a sum bounds what is integrated where it is not bounded by the sides, all (K, R)."""

    log_masses: np.ndarray  # as logs, for a mass far off may be beyond every double
    means: np.ndarray
    stds: np.ndarray
    level: np.ndarray  # (R,) about what they hold in truth


class Reach(NamedTuple):
    """For each row, what a log ratio weighs and what is left out; for each interval, its ends and its row."""

    level: np.ndarray  # (R,) about E_a (|log a| + |log b|), at least 1: what goals are relative to
    beyond: np.ndarray  # (R,) a bound of ∫ a (|log a| + |log b|) outside the intervals; nan where there is none
    low: np.ndarray  # (I,)
    high: np.ndarray  # (I,)
    owner: np.ndarray  # (I,)


def reach(
    table: Table,
    goal: np.ndarray | float,
    both: bool = False,
    bells: Bells | None = None,
    most: float = math.inf,
) -> Reach:
    """The intervals, so long that what is left out is below `goal` times the level, of the first and the last side.

    They lie over the first side, or over `both`, and over the `bells` too. `most` is a bound of what is integrated,
    where one is known: the level is then at most that, and what the bells hold by the densities themselves.
    """
    if table.few and bells is None:
        return _of_few(table, goal if isinstance(goal, float) else float(goal[0]), both, most)
    with np.errstate(all="ignore"):
        sides = [(0, -1), (-1, 0)] if both else [(0, -1)]
        costs = [_costs(table, own, other) for own, other in sides]
        level = sum(cost[0] for cost in costs)
        if bells is not None:
            level = level + bells.level
        level = np.minimum(np.maximum(level, 1.0), most)
        limit = (goal / len(table.heights)) * level
        ends, farthest = [], 0.0
        for (own, _), (_, cost) in zip(sides, costs):
            excess = np.log(cost) - np.log(limit)  # their quotient may overflow
            farthest = np.fmax(farthest, np.fmax.reduce(excess, axis=0))
            width = np.sqrt(excess * (excess > 0.5)) * table.stds[:, own]  # 0 · −inf is nan: no width
            width *= ROOT_2
            ends.append((table.means[:, own] - width, table.means[:, own] + width))
        if bells is not None:
            width = bells.stds * np.sqrt(
                2 * np.maximum(0.5, bells.log_masses + np.log(len(bells.stds) / (goal * level)))
            )
            ends.append((bells.means - width, bells.means + width))
        low, high = ends[0] if len(ends) == 1 else map(np.concatenate, zip(*ends))
        told = np.isfinite(level) & (2 * farthest + 1 <= MOST)
        beyond = np.where(told, (ROOT_E * len(ends) * goal) * level, np.nan)
        return Reach(level, beyond, *merged(low, high))


def _of_few(table: Table, goal: float, both: bool, most: float) -> Reach:
    """The same for one row of few components, in plain floats."""
    first, last = table.few[0], table.few[-1]
    constant = 3 * (table.burdened + math.log(len(table.heights))) + 0.5 * MOST
    level, parts = 0.0, []
    for own, other in ((first, last), (last, first))[: 1 + both]:
        for _, mean, _, _, weight, std in own:
            typical = cost = math.inf
            for height, centre, inverse, _, _, _ in other:
                apart, variance, square = (mean - centre) * (mean - centre), std * std, inverse * inverse
                here = abs(height) + square * (apart + variance)
                if here < typical:
                    typical = here
                here = abs(height) + square * (apart + MOST * variance)
                if here < cost:
                    cost = here
            level += weight * typical
            parts.append((weight * (cost + constant), mean, std))
    level = min(max(level, 1.0), most)
    limit = goal * level / len(table.heights)
    low, high, farthest = [], [], 0.0
    for cost, mean, std in parts:
        excess = math.inf
        if cost < math.inf and 0 < limit < math.inf:  # their quotient may overflow
            excess = math.log(cost) - math.log(limit) if cost else 0.0
        farthest = max(farthest, excess)
        if excess > 0.5:
            width = ROOT_2 * math.sqrt(excess) * std
            low.append(mean - width)
            high.append(mean + width)
    ends = np.array(_union(low, high) or [(0.0, math.inf)]).T
    told = level < math.inf and 2 * farthest + 1 <= MOST
    beyond = ROOT_E * (1 + both) * goal * level if told else math.nan
    return Reach(np.array([level]), np.array([beyond]), *ends, np.zeros(ends.shape[1], dtype=np.intp))


def _costs(table: Table, own: int, other: int) -> tuple[np.ndarray, np.ndarray]:
    """(R,) about E (|log a| + |log b|) under one side, and (K, R) w C of its components."""
    weights, means, stds = table.weights[:, own], table.means[:, own], table.stds[:, own]
    heights, centres, sharpness = table.heights[:, other], table.means[:, other], table.sharpness[:, other]
    if len(means) > 2 * OTHERS and means.shape[1] == 1:  # any of the other side will do; so, those of every place
        some = centres[:, 0].argsort()[:: len(means) // OTHERS]
        heights, centres, sharpness = heights[some], centres[some], sharpness[some]
    apart = means[:, None] - centres
    apart *= apart
    variance = (stds * stds)[:, None]
    heights, sharpness = np.abs(heights), sharpness * sharpness
    typical = apart + variance
    typical *= sharpness
    typical += heights
    apart += MOST * variance
    apart *= sharpness
    apart += heights
    cost = np.minimum.reduce(apart, axis=1)
    cost += 3 * (table.burdened + math.log(len(stds))) + 0.5 * MOST
    cost *= weights
    return np.add.reduce(weights * np.minimum.reduce(typical, axis=1), axis=0), cost


def nearby(table: Table, over: Reach) -> list[tuple[Table, Reach]]:
    """The intervals of one row each by itself, the table measured from a mean in it, about which doubles are dense;
    all in one where they do not lie so far apart, or a mean would be rounded.
    """
    if len(over.low) == 1 or table.extent < FAR:
        return [(table, over)]
    means, found = table.means.ravel(), []
    for i, (low, high) in enumerate(zip(over.low, over.high)):
        around, nearest = high - low, float(means[np.abs(means - 0.5 * (low + high)).argmin()])
        for origin in (nearest, 0.0):
            if (moved := table.measured_from(origin, max(around, high - origin, origin - low))) is not None:
                break
        else:
            return [(table, over)]
        wider = 2 * math.ulp(max(-low, high))  # for the rounding of an end; a gap is 32 doubles and more (`_union`)
        ends = np.array([low - origin - wider]), np.array([high - origin + wider])
        found.append((moved, Reach(over.level, over.beyond * (i == 0), *ends, over.owner[:1])))
    return found


def merged(low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Intervals that cover those of each column of (K, R), disjoint even when each is widened by its grain."""
    if low.shape[1] == 1 and (ends := _union(low[:, 0].tolist(), high[:, 0].tolist())):
        return *np.array(ends).T, np.zeros(len(ends), dtype=np.intp)
    wide = high > low
    if not wide.all():
        low, high = np.where(wide, low, np.inf), np.where(wide, high, -np.inf)
    least, most = np.minimum.reduce(low, axis=0), np.maximum.reduce(high, axis=0)
    owner = np.arange(least.size)
    sparse = most - least > DENSE * np.add.reduce(np.where(wide, high - low, 0.0), axis=0)
    if not sparse.any():
        return least, most, owner
    found = [(least[~sparse], most[~sparse], owner[~sparse])]
    for row in np.flatnonzero(sparse):
        ends = np.array(_union(low[:, row].tolist(), high[:, row].tolist()))
        found.append((ends[:, 0], ends[:, 1], np.full(len(ends), row)))
    return tuple(np.concatenate(arrays) for arrays in zip(*found))


def _union(low: list[float], high: list[float]) -> list[tuple[float, float]]:
    """The union of intervals; two whose gap is below a 512th of their lengths, or 32 doubles, are taken as one."""
    found: list[tuple[float, float]] = []
    ends = sorted([(x, y) for x, y in zip(low, high) if y > x])
    spacing = 32 * math.ulp(max(-ends[0][0], max([y for _, y in ends]))) if ends else 0.0
    for left, right in ends:
        while found and left - found[-1][1] < spacing + (right - left + found[-1][1] - found[-1][0]) / 512:
            before = found.pop()
            left, right = min(left, before[0]), max(right, before[1])
        found.append((left, right))
    return found
