"""Where r = log a − log b is above a threshold t and where below, proved; the sides are a and b.

Several thresholds share the panels and what is interpolated there: r is one function, whatever it is compared with.

**Panels.** On a panel r = g_a − g_b + δ_a − δ_b with quadratics g and |δ| <= Λ on the ellipse (`ellipse`).
Interpolation in the N Chebyshev points of the panel reproduces the quadratics and errs, for the rest, by at most
4 (Λ_a + Λ_b) ρ^(1−N)/(ρ − 1) (Trefethen, Approximation Theory and Approximation Practice, theorem 8.2). A panel is cut
until the error is small beside the size of g_a − g_b; or until one sign is plain from l₁ and the bounds of the rest; or
until it holds next to nothing.

**Rounding.** What is interpolated is r − g, g = g₀ + g₁ u + g₂ u² the difference of the two highest components, whose
series is known: g₀ + ½ g₂, g₁, ½ g₂. With G = |g₀| + |g₁| + |g₂|, υ = 2⁻⁵³ and X of the lemma in `integrand`, r − g at
a point is off by at most υ (X_a + X_b) by the lemma, υ |r| <= υ (G + |r − g|) by the difference of the logs, 4 υ G by
the evaluation of g, and υ |r − g| by the last difference. The interpolant takes on at most 3 times it, the Lebesgue
constant of 24 points being 2/π log 24 + 0.97 < 3; and 4 υ G where the series of g is added: in all
3 υ (X_a + X_b) + 19 υ G + 6 υ max |r − g|. The coefficients are c_k = Σ_i M_ki (r − g)_i. An entry of M is 2/N times
the cosine of an angle below 2π; the angle is off by 3 υ of itself, which is 19 υ, the cosine by 4 units in its last
place and the factors by a little, 10 υ. Products and sums add 25 υ of each term. As |T_k| <= 1, all coefficients
together move the interpolant by at most υ Σ_i |r − g|_i (58 + 25 Σ_k |M_ki|); the last sum is above 1 for every i, so
that `OF_SERIES` υ Σ_i |r − g|_i Σ_k |M_ki| covers that and the 6 υ max |r − g|.

**Pieces.** An interpolant p = Σ c_k T_k with an error E has one sign where |c₀| > Σ_{k>=1} |c_k| + E. It has a slope of
at least m = |c₁| − Σ_{k>=2} k² |c_k| where that is positive, as |T_k'| <= k²; then it changes its sign once at most,
within (E + |p(u)|)/m of any u. Where neither holds, or where E is large only because r is large elsewhere on the panel,
the panel is cut in two, and both halves are begun anew; until what one holds is nothing, or r is there within a few E
of t, which no cut would change. The sets that remain in doubt are returned as such. A panel that was passed over for
what it holds, without a bound for its interpolant, is one of them wherever its sign is not plain.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np

from kl_engine.quadrature.proved.cutting import divisible, halves, look, search
from kl_engine.quadrature.proved.ellipse import RULE, SLACK_HERE, Coarse, Ellipses, View
from kl_engine.quadrature.proved.integrand import SECOND, UNIT, Nodes, roughness
from kl_engine.quadrature.proved.reach import Reach, nearby, reach
from kl_engine.quadrature.proved.table import Table

SIZE = RULE.nodes.size  # of an interpolant
GOAL = 2.0**-50  # of the error of an interpolant beside the log ratio, and of what a panel may hold and be passed over
LEBESGUE = 3.0
OF_SERIES = 128.0  # υ
TINY = 2.0**-60  # what a piece may hold and be left in doubt
NO_BOUND = 0.999  # of what a panel holds: what `Ratio.log_error` says from there on is that, and bounds no interpolant
NEVER = 4.0  # a piece on which r − t is within so many E of 0 is not cut any more
SQUARES = np.arange(1.0, SIZE) ** 2
OF_VALUE = 4 + 5 * np.arange(SIZE) * np.arange(1, SIZE + 1)  # υ, see `_value`
ENDS = np.array([(-1.0) ** np.arange(SIZE), np.ones(SIZE)])  # T_k at −1 and 1
STEEP = 0.25  # of |c₁| that m must be, or the piece is cut: a change in doubt over E/m would be wide
MOST_PIECES = 100_000
MOST_STEPS = 5  # of Newton's method to a change of sign
LOG_MARGIN = 1.0  # nats; see `ellipse.MARGIN`


class Ratio:
    """The kind of panels on which the sign of r − t can be told for every threshold t."""

    first_cap = 0.0

    def __init__(self, thresholds: Sequence[float], side: int | None) -> None:
        self.thresholds, self.side = np.array(thresholds)[:, None], side
        self.farthest = float(np.abs(self.thresholds).max())

    def bend(self, view: View) -> np.ndarray:
        """A log ratio does not grow up the imaginary axis."""
        return np.full(view.u.shape[2], -0.0)

    def log_error(self, view: View, ellipses: Ellipses, half: np.ndarray) -> np.ndarray:
        """Of the interpolant, beside the size of the log ratio; −inf where one sign is plain."""
        scale, plain, held = self.here(view, half)
        rho = np.exp(ellipses.room)
        bound = np.log(4 * ellipses.size.sum(axis=0) / ((rho - 1) * scale)) + LOG_MARGIN - (SIZE - 1) * ellipses.room
        return np.where((plain != 0).all(axis=0), -np.inf, np.fmin(bound, held))

    def log_coarse_error(self, view: View, coarse: Coarse, half: np.ndarray) -> np.ndarray:
        """None but the plain signs, which are there already."""
        return np.full(half.shape, np.inf)

    def here(self, view: View, half: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(P,) the size of g_a − g_b, (T, P) the sign of r − t where it is plain and 0 elsewhere, (P,) log of what a
        panel holds.
        """
        gap = view.highest[:, 0] - view.highest[:, 1]
        level, many = gap[0] - self.thresholds, math.log(len(view.u))
        slack = SLACK_HERE * ((np.abs(view.u) + view.v) ** 2 + view.table.burden)
        excess = np.maximum.reduce(view.reach + slack, axis=0) + np.maximum.reduce(slack, axis=0) + many
        near = np.maximum(np.abs(view.u) - view.v, 0.0)
        top = np.maximum.reduce(view.table.heights - near * near + slack, axis=0) + many
        top = np.maximum.reduce(top, axis=0) if self.side is None else top[self.side]
        around = np.abs(gap[1]) + np.abs(gap[2]) + (slack * view.of_highest()).sum(axis=(0, 1))
        plain = (level - around > excess[1]).astype(float) - (-level - around > excess[0])
        return np.maximum(1.0, np.add.reduce(np.abs(gap), axis=0)), plain, top + np.log(2 * half)


class Pieces(NamedTuple):
    """Intervals of the line from left to right, disjoint, with the sign of r − t, 0 where in doubt."""

    table: Table  # in whose units they are
    low: np.ndarray
    high: np.ndarray
    sign: np.ndarray
    most: np.ndarray  # of |r − t|, where in doubt; at most 1, as more is of no use
    beyond: float  # a bound of what a (or a + b) holds elsewhere
    panels: int

    def runs(self, sign: int, merged: bool = True) -> tuple[np.ndarray, np.ndarray]:
        """The ends of the intervals of one sign, neighbours `merged`."""
        here = self.sign == sign
        if not merged or not here.any():
            return self.low[here], self.high[here]
        joined = np.append(False, here[1:] & here[:-1] & (self.low[1:] == self.high[:-1]))
        starts, ends = here & ~joined, here & ~np.append(joined[1:], False)
        return self.low[starts], self.high[ends]


def signs(table: Table, thresholds: Sequence[float], side: int | None) -> list[list[Pieces]]:
    """The pieces of one row for each threshold, over the first side and told for what it holds; `side` None: over both
    and for both.

    They come in one list, or in one for each of some intervals so far apart that each is measured from a mean in it.
    """
    kind = Ratio(thresholds, side)
    with np.errstate(all="ignore"):
        over = reach(table, GOAL / 8, both=side is None, most=1.0)
        return [_pieces(part, kind, there) for part, there in nearby(table, over)]


def _pieces(table: Table, kind: Ratio, over: Reach) -> list[Pieces]:
    """Those of the intervals, for each threshold."""
    panels = search(table, kind, over, np.array([math.log(GOAL)]))
    centre, half, bound, count = panels.centre, panels.half, panels.bound, panels.centre.size
    asked = np.ones((len(kind.thresholds), count), dtype=bool)
    found: list[list[tuple[np.ndarray, ...]]] = [[] for _ in asked]
    while centre.size:
        done, asked = _settled(table, kind, centre, half, bound, asked)
        for parts, more in zip(found, done):
            parts += more
        cut = np.logical_or.reduce(asked, axis=0)
        if not cut.any():
            break
        asked = asked[:, cut].repeat(2, axis=1)
        centre, half, _ = halves(centre[cut], half[cut], np.zeros(np.count_nonzero(cut), dtype=np.intp))
        bound = np.exp(look(table, kind, centre, half).log_bound)
    return [_in_order(table, parts, float(over.beyond[0]), count) for parts in found]


def _in_order(table: Table, parts: list[tuple[np.ndarray, ...]], beyond: float, count: int) -> Pieces:
    """The pieces of one threshold from left to right."""
    low, high, sign, most = (np.concatenate(arrays) for arrays in zip(*parts))
    wide = np.flatnonzero(high > low)
    order = wide[np.argsort(low[wide])]
    return Pieces(table, *(array[order] for array in (low, high, sign, most)), beyond, count)


def _settled(
    table: Table, kind: Ratio, centre: np.ndarray, half: np.ndarray, bound: np.ndarray, asked: np.ndarray
) -> tuple[list[list[tuple[np.ndarray, ...]]], np.ndarray]:
    """For each threshold low, high, sign and most of what can be told on the panels that are `asked` (T, P) about, with
    the `bound` of the interpolant; and what cannot be told, of the same shape.
    """
    view = View.of(table, centre, half)
    scale, plain, held = kind.here(view, half)
    no_bound = bound >= NO_BOUND * np.exp(held)
    nodes = Nodes(table, centre, half, view.q, roughness(view))
    gap = view.highest[:, 0] - view.highest[:, 1]
    series, error, floor = _interpolated(kind, nodes, gap, np.where(no_bound, np.inf, bound * scale))
    size = np.abs(series)
    level, rest = series[0] - kind.thresholds, np.add.reduce(size[1:], axis=0)
    slope = size[1] - SQUARES[1:] @ size[2:]
    left, right = (ENDS @ series)[:, None] - kind.thresholds
    steep = slope > STEEP * size[1]
    # With a slope of one sign, what is the same at both ends is the same between them.
    same = steep & (np.minimum(np.abs(left), np.abs(right)) > error) & (left * right > 0)
    size = np.abs(level)
    sign = np.where(plain != 0, plain, np.where(size > rest + error, np.sign(level), same * np.sign(left)))
    stuck = (centre.size > MOST_PIECES) | ~divisible(centre, half)
    open_ = asked & (sign == 0)
    once = open_ & steep & ((error < NEVER * floor) | stuck)
    lost = (held < math.log(TINY)) | no_bound & (held <= math.log(GOAL)) | stuck
    lost = (lost | (size + rest < NEVER * error) & (error < NEVER * floor)) & open_ & ~once
    told = asked & (sign != 0) | lost
    most = np.fmin(1.0, size + rest + error)
    low, high, done = centre - half, centre + half, []
    for t, threshold in enumerate(kind.thresholds[:, 0]):
        some = told[t]
        done.append([(low[some], high[some], sign[t, some], most[t, some])])
        if (some := once[t]).any():
            moved = series[:, some]
            moved[0] -= threshold
            done[t].append(_crossed(centre[some], half[some], moved, error[some], slope[some]))
    return done, open_ & ~(once | lost)


def _interpolated(
    kind: Ratio, nodes: Nodes, gap: np.ndarray, error: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The series of r on panels, (N, P), a bound of its error beside every threshold, and what of that would be left on
    a small panel; `gap` is the quadratic that is taken as it is.
    """
    powers, to_series, spread = interpolation()
    logs = nodes.log_densities(powers)
    ratio = logs[0] - logs[1]
    rest = ratio - gap.T @ powers
    series = to_series @ rest.T
    series[:3] += gap
    bent = 0.5 * gap[2]  # u² = ½ T₀ + ½ T₂
    series[0] += bent
    series[2] -= bent
    noise = np.add.reduce(nodes.rough, axis=0)
    rounding = LEBESGUE * noise + 20 * np.add.reduce(np.abs(gap)) + OF_SERIES * (np.abs(rest) @ spread)
    error = error + SECOND * UNIT * (rounding + 2 * kind.farthest)
    return series, error, SECOND * UNIT * LEBESGUE * (noise + np.abs(ratio).min(axis=1))


def _crossed(
    centre: np.ndarray, half: np.ndarray, series: np.ndarray, error: np.ndarray, slope: np.ndarray
) -> tuple[np.ndarray, ...]:
    """Pieces on which r changes its sign once at most: what is left of the change, the change in doubt, what is
    right.
    """
    u, residual = np.array([_root(line) for line in series.T.tolist()]).T
    residual += UNIT * (OF_VALUE @ np.abs(series))
    width = (error + residual) / slope
    # The ends as rounded: two spacings more on either side.
    width = width * 1.001 + 2.0**-50 * (1 + np.abs(centre) / half)
    low, high = centre - half, centre + half
    left = np.minimum(np.maximum(centre + half * (u - width), low), high)
    right = np.minimum(np.maximum(centre + half * (u + width), low), high)
    rising = np.sign(series[1])
    near = np.minimum(1.0, 2 * width * (SQUARES @ np.abs(series[1:])) + error)
    parts = ((low, left, -rising), (left, right, 0 * rising), (right, high, rising))
    lows, highs, signs_ = (np.concatenate(arrays) for arrays in zip(*parts))
    return lows, highs, signs_, np.tile(near, 3)


def _root(series: list[float]) -> tuple[float, float]:
    """u in [−1, 1] near which a series with a slope of one sign is 0, and its size there: in plain floats, as there are
    few of them.
    """
    u = min(max(-series[0] / series[1], -1.0), 1.0)
    for _ in range(MOST_STEPS):
        value, slope = _value(series, u)
        before, u = u, min(max(u - value / slope, -1.0), 1.0)
        if abs(u - before) <= UNIT:
            break
    return u, abs(_value(series, u)[0])


def _value(series: list[float], u: float) -> tuple[float, float]:
    """Σ c_k T_k(u) and its slope, by Clenshaw's recurrence b_k = c_k + 2u b_k+1 − b_k+2 and the derivative of that.

    Rounding a b_k by ε_k is adding ε_k to c_k, which moves the value by no more, as |T_k| <= 1. With two sums and a
    product, |ε_k| <= 3 υ (|c_k| + 2 |b_k+1| + |b_k+2|) to first order; and |b_k| <= Σ_{j >= k} (j − k + 1) |c_j|, as
    |U_j| <= j + 1. So the value is off by at most υ Σ (3 + 4½ k (k + 1)) |c_k|.
    """
    value, before, slope, slope_before, twice = 0.0, 0.0, 0.0, 0.0, u + u
    for c in reversed(series[1:]):
        slope, slope_before = 2 * value + twice * slope - slope_before, slope
        value, before = c + twice * value - before, value
    return series[0] + u * value - before, value + u * slope - slope_before


def masses(table: Table, side: int, low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(K,) what each component of a side holds in the intervals, and a bound of its rounding.

    An end in units of the std is off by 4 υ of itself, which moves Φ by at most 4 υ max |z| φ(z) < υ; erf and erfc by
    8 υ.
    """
    found, rounding = [], []
    for mean, sharpness, weight in zip(table.means[:, side, 0], table.sharpness[:, side, 0], table.weights[:, side, 0]):
        ends = ((low - mean) * sharpness).tolist(), ((high - mean) * sharpness).tolist()
        found.append(float(weight) * math.fsum(normal_mass(u, v) for u, v in zip(*ends)))
        rounding.append(float(weight) * 24 * UNIT * (1 + len(ends[0])))
    return np.array(found), np.array(rounding)


def normal_mass(u: float, v: float) -> float:
    """∫ of exp(−y²)/√π from u to v, taken in the tail in which it does not cancel."""
    if u > 0:
        return 0.5 * (math.erfc(u) - math.erfc(v))
    return 0.5 * (math.erfc(-v) - math.erfc(-u)) if v < 0 else 0.5 * (math.erf(v) - math.erf(u))


@cache
def interpolation() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The powers 0, 1, 2 of the Chebyshev points, the matrix from values there to coefficients, and what the sizes of
    its columns sum to.
    """
    k = np.arange(SIZE)
    # The angle k (2 i + 1) π/2N, less whole turns: as it is it would be off by more than a unit in its last place.
    turns = (k[:, None] * (2 * k + 1)) % (4 * SIZE)
    to_series = 2 / SIZE * np.cos(math.pi * turns / (2 * SIZE))
    to_series[0] *= 0.5
    nodes = np.cos(math.pi * (2 * k + 1) / (2 * SIZE))
    return np.array([nodes**0, nodes, nodes**2]), to_series, np.add.reduce(np.abs(to_series))
