"""The modes of log p smoothed by N(0, σ²), followed through σ: all stationary points of D(q‖p) lie on these curves.

q = N(μ, σ²) is stationary in μ where E f′ = 0 (f = log p), and in σ where B = 1 + E σ²f″ = 0. The second needs
E f″ < 0, so a stationary point is a local *maximum* in μ of the smoothed f. These maxima, as σ grows, form curves μ(σ),
which do not turn (E f″ < 0 on them, so μ is a smooth function of σ) and which end only by meeting a minimum, where
E f″ = 0 and B = 1. E f′ solves the heat equation, so its zeros in μ never grow in number with σ: no curve begins at a
σ > 0 and none is closed. Each is there from the smallest σ on, one for every mode of p, and exactly one never ends;
along it B goes from > 0 to < 0, along the others from > 0 to > 0. Sources: A. Yuille, T. Poggio, IEEE PAMI 8 (1986) 15;
S. Karlin, Total Positivity (1968), on the diminishing of variation.
"""

from __future__ import annotations

import math
from itertools import accumulate, chain, pairwise
from typing import NamedTuple

import numpy as np

from kl_engine.optima.scale_space import ScaleSpace

INSIDE = np.linspace(0, 1, 6)  # where the curve between two points is looked at
NEARLY = 0.02  # a turn of B, or of E σf′, at less than this from 0 may hide two zeros
FAR = 0.3  # and so may one whose tangents come this much nearer to 0 than the ends (they are no bound)
AGREED = 0.3  # of their distance: how far apart the tangents of two neighbours may put the zero between them
RATIO = 1.25  # between neighbouring σ of the scan
STEEP = 1e9  # the trend of B where a curve ends (it is infinite)
STEPPED = -1.0  # a step from below this to B > 0 may hide more than one zero
MOST_COARSE, MOST_STARTS = 50, 200  # more of them are rounding: extreme scales side by side
POLISHING = 5  # iterations
GAP = 3.0  # std; over a step longer than this E f′ is a straight line
PARTS, ROUNDS = 4, 11  # where that may be too coarse it is divided, so often and so many times


class Point(NamedTuple):
    """A point (μ, σ) with E f′ = 0, nearly."""

    mean: float
    std: float
    balance: float  # B = 1 + E σ²f″: below 1 at a maximum of the smoothed f, above at a minimum
    trend: float  # dB/d log σ along the curve


Curve = list[Point]
Pair = tuple[Point, Point]


def starts(space: ScaleSpace) -> tuple[Curve, Curve, bool]:
    """Points near the zeros of B on the mode curves: those that changes of its sign prove, and others possible.

    Last, whether the scan became so fine that it settles where the curves go.
    """
    low, high = space.reach()
    low, high = low / 1.05, high * 1.05
    stds = np.geomspace(low, high, 2 + math.ceil(math.log(high / low) / math.log(RATIO))).tolist()
    levels: dict[float, Curve] = {}
    for _ in range(ROUNDS):
        levels |= zip(stds, zeros_at(space, stds))
        curves = _linked(dict(sorted(levels.items())))
        coarse = {(here.std, there.std) for here, there in _pairs(curves) if _coarse(here, there)}
        if not coarse or len(coarse) > MOST_COARSE:
            break
        stds = sorted(std for pair in coarse for std in np.geomspace(*pair, PARTS + 1)[1:-1].tolist())
    pairs = _pairs(curves)
    proven = [_between(*pair) for pair in pairs if _crossed(*pair)]
    possible = [point for pair in pairs if _doubtful(*pair) for point in pair]
    settled = all(min(here.balance, there.balance) > STEPPED for here, there in pairs if _coarse(here, there))
    thin = 1 + (len(proven) + len(possible)) // MOST_STARTS
    return proven[::thin], possible[::thin], settled and thin == 1


def _linked(levels: dict[float, Curve]) -> list[Curve]:
    """The curves through the modes of each σ in turn; one that ends before the last σ is given its end, B = 1."""
    curves: list[Curve] = []
    alive: list[Curve] = []
    for std, zeros in levels.items():
        modes = [zero for zero in zeros if zero.balance < 1]
        before, alive = alive, [[] for _ in modes]
        pairs = _in_order([curve[-1].mean for curve in before], [mode.mean for mode in modes])
        for old, new in pairs:
            alive[new] = before[old]
        for old in set(range(len(before))).difference(old for old, _ in pairs):
            before[old].append(Point(before[old][-1].mean, std, 1.0, STEEP))
        curves += [curve for curve in alive if not curve]
        for curve, mode in zip(alive, modes):
            curve.append(mode)
    return curves


def _pairs(curves: list[Curve]) -> list[Pair]:
    """All neighbours on a curve."""
    return list(chain.from_iterable(map(pairwise, curves)))


def _crossed(here: Point, there: Point) -> bool:
    """Whether B changes its sign between two neighbours."""
    return (here.balance > 0) != (there.balance > 0)


def _between(here: Point, there: Point) -> Point:
    """The point between two neighbours where B is 0 on the straight line."""
    share = here.balance / (here.balance - there.balance)
    std = here.std * (there.std / here.std) ** share
    return Point(here.mean + share * (there.mean - here.mean), std, 0.0, 0.0)


def _doubtful(here: Point, there: Point) -> bool:
    """Whether B has one sign at two neighbours, and yet may reach 0 between them, by its tangents."""
    sign = 1 if here.balance > 0 else -1
    if _crossed(here, there) or not sign * here.trend < 0 < sign * there.trend:
        return False
    step = math.log(there.std / here.std)
    at = (there.balance - here.balance - there.trend * step) / (here.trend - there.trend)  # where the tangents meet
    least = min(abs(here.balance), abs(there.balance))
    return sign * (here.balance + here.trend * at) < NEARLY + FAR * least


def _coarse(here: Point, there: Point) -> bool:
    """Whether to look between two neighbours: in doubt, where a zero is not well placed, and where a curve may end."""
    if not _crossed(here, there):
        return _doubtful(here, there) or (there.trend == STEEP and here.balance < STEPPED)
    if there.trend == STEEP or not here.trend * there.trend:
        return here.balance < STEPPED
    slope = there.balance - here.balance
    if min(here.trend * slope, there.trend * slope) < 0:  # B turns between them: its tangent there leads astray
        return True
    step = math.log(there.std / here.std)
    return abs(step + here.balance / here.trend - there.balance / there.trend) > AGREED * step


def zeros_at(space: ScaleSpace, stds: list[float]) -> list[Curve]:
    """The zeros of E f′ in μ for each σ, μ ascending."""
    cells = _Cells(space, stds)
    inside = cells.slope_at(INSIDE)
    cell, part = np.nonzero((inside[:, :-1] > 0) != (inside[:, 1:] > 0))
    cell, low, high = (
        np.concatenate(column) for column in zip((cell, INSIDE[part], INSIDE[part + 1]), cells.close_pairs(inside))
    )
    share = cells.polished(cell, low, high)
    order = np.lexsort((share, cell))
    cell, rows = cell[order], cells.points(cell[order], share[order])
    zeros: list[Curve] = [[] for _ in stds]
    for level, row in zip(np.searchsorted(stds, cells.std[cell]).tolist(), rows):
        zeros[level].append(row)
    return zeros


def turns_at(space: ScaleSpace, std: float) -> Curve:
    """Where E σf′ turns close to 0 at one σ, perhaps without a change of sign."""
    cells = _Cells(space, [std])
    height = np.abs(cells.slope_at(INSIDE[:-1]).ravel())
    turning = (height[1:-1] < NEARLY) & (height[1:-1] <= np.minimum(height[:-2], height[2:]))
    cell, part = np.divmod(np.nonzero(turning)[0] + 1, INSIDE.size - 1)
    return cells.points(cell, INSIDE[part])


class _Cells:
    """The intervals between neighbouring points of each σ, with quintics through E σf′ and E σ²f″ at their ends."""

    def __init__(self, space: ScaleSpace, stds: list[float]) -> None:
        means = [space.look_at(std) for std in stds]
        slopes = np.concatenate([space.slopes(*row) for row in zip(means, stds)], axis=1)
        mean, std = np.concatenate(means), np.repeat(stds, [row.size for row in means])
        left = np.nonzero(std[:-1] == std[1:])[0]
        self.mean, self.std = mean[left], std[left]
        self.step = (mean[left + 1] - mean[left]) / std[left]
        here, there = slopes[:, left], slopes[:, left + 1]
        wide = self.step > GAP
        here[1, wide] = there[1, wide] = (there[0] - here[0])[wide] / self.step[wide]
        here[2:, wide] = there[2:, wide] = 0
        self.ends = here, there

    def slope_at(self, share: np.ndarray) -> np.ndarray:
        """E σf′ at the given shares of every interval: (intervals, shares)."""
        here, there = (end[:3, :, None] for end in self.ends)
        return _quintic(self.step[:, None], here, there, share)

    def close_pairs(self, inside: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Interval, and bounds of the share, of each zero of E σf′ that lies with another between two of INSIDE."""
        curve = _quintic(self.step[:, None], *(end[1:, :, None] for end in self.ends), INSIDE)
        sign = np.sign(inside)
        towards = (sign[:, :-1] * curve[:, :-1] < 0) & (sign[:, 1:] * curve[:, 1:] > 0)
        cell, part = np.nonzero(towards & (sign[:, :-1] == sign[:, 1:]))
        first, last = curve[cell, part], curve[cell, part + 1]
        turn = INSIDE[part] + first / (first - last) * INSIDE[1]
        step, here, there = self.step[cell], *(end[:3, cell] for end in self.ends)
        beyond = _quintic(step, here, there, turn) * inside[cell, part] < 0
        cell, part, turn = cell[beyond], part[beyond], turn[beyond]
        return np.tile(cell, 2), np.concatenate([INSIDE[part], turn]), np.concatenate([turn, INSIDE[part + 1]])

    def polished(self, cell: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        """The share of some of the intervals at which E σf′ changes sign, by Newton's method between bounds."""
        step, here, there = self.step[cell], *(end[:, cell] for end in self.ends)
        first, last = (_quintic(step, here[:3], there[:3], share) for share in (low, high))
        share = low + first / np.where(first == last, 1, first - last) * (high - low)
        for _ in range(POLISHING):
            height = _quintic(step, here[:3], there[:3], share)
            rise = step * _quintic(step, here[1:], there[1:], share)
            left = (height > 0) == (first > 0)
            low, high = np.where(left, share, low), np.where(left, high, share)
            trial = share - height / np.where(rise == 0, np.inf, rise)
            share = np.where((trial > low) & (trial < high), trial, 0.5 * (low + high))
        return share

    def points(self, cell: np.ndarray, share: np.ndarray) -> Curve:
        """The points at a share of some of the intervals."""
        step, here, there = self.step[cell], *(end[:, cell] for end in self.ends)
        mean = self.mean[cell] + share * step * self.std[cell]
        curve = _quintic(step, here[1:], there[1:], share)
        skew, quartic = _cubic(step, here[2:], there[2:], share)
        trend = 2 * curve + quartic - skew * skew / np.where(curve == 0, np.inf, curve)
        return [Point(*row) for row in zip(*(column.tolist() for column in (mean, self.std[cell], 1 + curve, trend)))]


def _cubic(step, here, there, share) -> tuple[np.ndarray, np.ndarray]:
    """The cubic with the values and slopes `here` and `there` at the ends of a step, and its slope."""
    rest, gap = 1 - share, there[0] - here[0]
    value = here[0] + gap * share * share * (1 + 2 * rest) + step * share * rest * (here[1] * rest - there[1] * share)
    slope = 6 * share * rest * gap / step + here[1] * rest * (1 - 3 * share) + there[1] * share * (3 * share - 2)
    return value, slope


def _quintic(step, here, there, share) -> np.ndarray:
    """The quintic with the values, slopes and second derivatives `here` and `there` at the ends of a step."""
    rest = 1 - share
    first = here[0] * (1 + 3 * share + 6 * share * share) + step * share * (
        here[1] * (1 + 3 * share) + 0.5 * step * share * here[2]
    )
    last = there[0] * (1 + 3 * rest + 6 * rest * rest) - step * rest * (
        there[1] * (1 + 3 * rest) - 0.5 * step * rest * there[2]
    )
    return rest**3 * first + share**3 * last


def _in_order(before: list[float], after: list[float]) -> list[tuple[int, int]]:
    """Pairs (i, j) that match all of the shorter list in order (curves do not cross), the nearest such matching."""
    if len(before) > len(after):
        return [(i, j) for j, i in _in_order(after, before)]
    spare = len(after) - len(before)
    costs = [(0.0, ())] * (spare + 1)  # [s]: of matching those so far with at most s left out; and the offset of each
    for i, mean in enumerate(before):
        offers = [(cost + abs(after[i + s] - mean), (*offsets, s)) for s, (cost, offsets) in enumerate(costs)]
        costs = list(accumulate(offers, min))
    return [(i, i + s) for i, s in enumerate(costs[-1][1])]
