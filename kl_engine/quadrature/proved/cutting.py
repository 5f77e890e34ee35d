"""The search for panels: every panel is cut in two until the bound holds on both halves, all of a level at once.

The edges are whole multiples of a power of two, so that every centre and every half length is exact and neighbours
neither overlap nor leave a gap. A panel that no two doubles can cut any further stays as it is, unproved.
"""

from __future__ import annotations

import math
from functools import cache
from typing import NamedTuple

import numpy as np

from kl_engine.quadrature.proved.ellipse import NEAR_EXTENT, Coarse, Ellipses, View, balanced
from kl_engine.quadrature.proved.integrand import Integrand, roughness
from kl_engine.quadrature.proved.nested import CAP, cap_of, ellipses_of
from kl_engine.quadrature.proved.reach import GRAIN, Reach
from kl_engine.quadrature.proved.table import Table

SEEDS = 4  # panels of an interval at first
FEW_COMPONENTS = 60  # of all sides: for more a panel costs more than a look, and one level is looked at alone
MANY_CUT = 2  # how often an interval's panels are cut in two before the first look where components are many
AT_ONCE = 128  # panels that are looked at in one step, if fewer are at hand: those of the levels below them
REMOTE = 2.0**18  # of the extent of a table: from there on the coarse bound is tried too
LOOSE = math.log(64)  # nats by which the coarse bound may miss the goal, which is then below the rounding
LEAST_GRAIN = 12  # as `GRAIN`, of an interval where doubles are sparse
PLAIN = 2.0**-36  # of the distance from 0: so long a half can be cut in two exactly (see `_plainly_divisible`)
MOST_PANELS = 2**16  # that are still to be cut: then the rest stays unproved
BLOCK = 2**13  # values in one array of a block of panels
BLOCK_OF_MANY = 5000  # the same of many components, which take more arrays: larger ones the system gives anew each time


ALWAYS = 5  # fields of `Panels` that are always there


class Panels(NamedTuple):
    """Panels [centre − half, centre + half] with their rows and their bounds, all (P,)."""

    centre: np.ndarray
    half: np.ndarray
    owner: np.ndarray
    bound: np.ndarray  # of the error of the rule; inf where none is proved
    rough: np.ndarray  # (S, P) X of the lemma of rounding
    # Where they were at hand: the coefficients of the components there, (3, K, S, P), and U and V, (K, S, P) each.
    q: np.ndarray | None = None
    seen: tuple[np.ndarray, np.ndarray] | None = None

    def some(self, which: np.ndarray | slice) -> Panels:
        """Some of them."""
        return Panels(*(array[..., which] for array in self[:ALWAYS]))

    @classmethod
    def together(cls, parts: list[Panels]) -> Panels:
        """One after the other."""
        if len(parts) == 1:
            return parts[0]
        return cls(*(np.concatenate(arrays, axis=-1) for arrays in zip(*(part[:ALWAYS] for part in parts))))


class Looked(NamedTuple):
    """What a look at panels gives."""

    log_bound: np.ndarray  # (P,) of the error of the rule
    rough: np.ndarray  # (S, P) X of the lemma of rounding, which needs the same view
    q: np.ndarray | None  # (3, K, S, P) the coefficients of the components


def look(table: Table, kind: Integrand, centre: np.ndarray, half: np.ndarray, cap: float = CAP) -> Looked:
    """The proved bound of the error on each panel; seen from afar the coarse one, if that is less.

    `cap` is log ρ of the largest ellipse that is looked at where all is near.
    """
    if table.extent < NEAR_EXTENT and kind.first_cap:
        within, ellipses = ellipses_of(table, centre, half, cap)
        return Looked(kind.log_error(within, ellipses, half), roughness(within), within.q)
    remote = table.extent > REMOTE
    view = View.of(table, centre, half)
    rates = view.phase_rates()
    most = balanced(kind.bend(view))
    b = np.minimum(view.widest(rates), most)
    a = np.sqrt(1 + b * b)
    bound = kind.log_error(view, Ellipses.of(view, rates, a, b, remote), half)
    if remote:
        a = np.sqrt(1 + most * most)
        bound = np.fmin(bound, kind.log_coarse_error(view, Coarse.of(view, a, most), half) - LOOSE)
    return Looked(bound, roughness(view), view.q)


def search(table: Table, kind: Integrand, over: Reach, log_goal: np.ndarray) -> Panels:
    """Panels over the intervals, each with a bound of at most the goal (R,) of its row, or unproved."""
    found = []
    if (first := _first_look(over, table.heights[..., 0].size)) is None:
        endless = ~np.isfinite(over.high - over.low)
        if endless.any():
            found.append(_unknown(table, over.owner[endless]))
        first = *_seeds(*(array[~endless] for array in over[2:])), 0
    centre, half, owner, depth = first
    rows = log_goal.size
    most = cap_of(table, float(log_goal[0] if rows == 1 else log_goal.min()))
    cap = min(most, kind.first_cap)
    loose = LOOSE if table.extent > REMOTE else 0.0
    while centre.size:
        if not depth:
            depth = _depth(centre, half) if rows == 1 and table.heights.size <= FEW_COMPONENTS else 1
            centre, half, owner = _tree(centre, half, owner, depth)
        seen = _look_in_blocks(table, kind, centre, half, owner, cap)
        good = seen.log_bound <= (log_goal if rows == 1 else log_goal[owner])
        which, failed = _chosen(good, depth)
        bound = np.exp(seen.log_bound[which] + loose if loose else seen.log_bound[which])
        owners = owner[: which.size] if rows == 1 else owner[which]
        q = seen.q[..., which] if seen.q is not None and rows == 1 else None
        found.append(Panels(centre[which], half[which], owners, bound, seen.rough[:, which], q))
        if not failed.size:
            break
        centre, half, owner = centre[failed], half[failed], owner[failed]
        if failed.size > MOST_PANELS or not _plainly_divisible(centre, half):
            lost = ~divisible(centre, half) | (failed.size > MOST_PANELS)
            unproved = np.full(np.count_nonzero(lost), np.inf)
            found.append(Panels(centre[lost], half[lost], owner[lost], unproved, seen.rough[:, failed[lost]]))
            centre, half, owner = centre[~lost], half[~lost], owner[~lost]
        centre, half, owner = halves(centre, half, owner)
        depth, cap = 0, most
    return Panels.together(found or [_unknown(table, np.zeros(1, dtype=np.intp))])


def _unknown(table: Table, owner: np.ndarray) -> Panels:
    """Panels of nothing whose bound is nan: of an interval without an end nothing is integrated, and nothing known."""
    nothing = np.zeros(owner.size)
    return Panels(nothing, nothing, owner, nothing + np.nan, np.zeros((table.heights.shape[1], owner.size)))


def _seeds(low: np.ndarray, high: np.ndarray, owner: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Every interval as `SEEDS` panels, widened by a unit or two so that its own rounding leaves nothing out."""
    long, far = np.frexp(high - low)[1], np.frexp(np.maximum(-low, high))[1]
    # As coarse as `reach` leaves room for where doubles are sparse: so many more times can a panel be cut.
    exponent = np.maximum(np.clip(far - 42, long - GRAIN, long - LEAST_GRAIN), far - 51)
    unit = np.ldexp(1.0, exponent)
    first = np.floor(low / unit) - 1
    steps = np.floor((np.ceil(high / unit) + 1 - first) * STEPS)
    edges = (first + steps) * unit
    half = 0.5 * (edges[1:] - edges[:-1])
    centre = edges[:-1] + half
    some = (half > 0) & (np.abs(centre) < np.inf)
    return centre[some], half[some], np.broadcast_to(owner, half.shape)[some]


def _first_look(over: Reach, components: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, int] | None:
    """Of one interval the panels of all levels of the first look, and how many; None where `_seeds` is to begin."""
    if len(over.low) > 1 or (found := in_units(float(over.low[0]), float(over.high[0]))) is None:
        return None
    first, count, unit = found
    few = components <= FEW_COMPONENTS
    some = slice(None) if few else slice(SEEDS * (2**MANY_CUT - 1), SEEDS * (2 ** (MANY_CUT + 1) - 1))
    depth = FIRST_DEPTH if few else 1
    return (first + count * PLACES[some]) * unit, (count * unit) * SIZES[some], NO_OWNER[some], depth


def in_units(low: float, high: float) -> tuple[float, float, float] | None:
    """First, count and unit of the interval, as `count` units from `first` of them on, in plain floats.

    The count is a multiple of 64, so that the centres and the half lengths of all panels of the first look are whole
    numbers of units, or of halves of them; None where doubles are not dense enough for those to be exact.
    """
    if not TINY < high - low < math.inf:
        return None
    grain, spacing = math.frexp(high - low)[1] - GRAIN, math.frexp(max(-low, high))[1] - 53
    if grain < spacing + 5:
        return None
    unit = math.ldexp(1.0, grain)
    first = math.floor(low / unit) - 1
    count = -((first - math.ceil(high / unit) - 1) // 64) * 64
    return float(first), float(count), unit


FIRST_DEPTH = int(math.log2(AT_ONCE / SEEDS + 1))
PLACES = np.concatenate(
    [(2 * np.arange(SEEDS * 2**level) + 1) / (2 * SEEDS * 2**level) for level in range(FIRST_DEPTH)]
)
SIZES = np.concatenate([np.full(SEEDS * 2**level, 0.5 / (SEEDS * 2**level)) for level in range(FIRST_DEPTH)])
NO_OWNER = np.zeros(PLACES.size, dtype=np.intp)
TINY = 2.0**-900
STEPS = np.arange(SEEDS + 1)[:, None] / SEEDS


def _depth(centre: np.ndarray, half: np.ndarray) -> int:
    """Of how many levels the panels are looked at together: as many as are plainly divisible and are `AT_ONCE` at
    most.
    """
    depth = max(1, int(math.log2(AT_ONCE / centre.size + 1)))
    return depth if depth == 1 or _plainly_divisible(centre, half * 0.5 ** (depth - 1)) else 1


def _tree(
    centre: np.ndarray, half: np.ndarray, owner: np.ndarray, depth: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The panels, their halves, the halves of those, and so on: all of `depth` levels, one level after the other."""
    if depth == 1:
        return centre, half, owner
    place, size, parent = _template(depth, centre.size)
    half, centre = half[parent], centre[parent]
    centre += half * place
    half *= size
    return centre, half, owner[parent]


@cache
def _template(depth: int, panels: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Centres and half lengths, on [−1, 1], of all panels of the trees, and the panel that each is cut from."""
    place, size, parent = [], [], []
    for level in range(depth):
        here = (2 * np.arange(2**level) + 1) / 2**level - 1
        place.append(np.tile(here, panels))
        size.append(np.full(panels * 2**level, 0.5**level))
        parent.append(np.arange(panels).repeat(2**level))
    return np.concatenate(place), np.concatenate(size), np.concatenate(parent)


def halves(centre: np.ndarray, half: np.ndarray, owner: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Both halves of every panel, one after the other."""
    quarter = 0.5 * half
    centres = np.empty((centre.size, 2))
    np.subtract(centre, quarter, out=centres[:, 0])
    np.add(centre, quarter, out=centres[:, 1])
    return centres.ravel(), quarter.repeat(2), owner.repeat(2)


def _look_in_blocks(
    table: Table, kind: Integrand, centre: np.ndarray, half: np.ndarray, owner: np.ndarray, cap: float
) -> Looked:
    """`look` at any number of panels."""
    components = table.heights[..., 0].size
    step = max(1, (BLOCK if components <= FEW_COMPONENTS else BLOCK_OF_MANY) // components)
    if centre.size <= step:
        return look(table.of(owner), kind, centre, half, cap)
    blocks = [slice(i, i + step) for i in range(0, centre.size, step)]
    found = [look(table.of(owner[i]), kind, centre[i], half[i], cap)[:2] for i in blocks]
    return Looked(*(np.concatenate(arrays, axis=-1) for arrays in zip(*found)), None)


def _chosen(good: np.ndarray, depth: int) -> tuple[np.ndarray, np.ndarray]:
    """The numbers of the largest panels of the trees that are good, and of those of the last level below none such."""
    if depth == 1:
        return good.nonzero()[0], (~good).nonzero()[0]
    first = good.size // (2**depth - 1)
    last = first * (2 ** (depth - 1) - 1)  # where the last level begins
    asked, chosen, failed = list(range(first)), [], []
    told = good.tolist()
    for i in asked:  # which grows
        if told[i]:
            chosen.append(i)
        elif i < last:
            # Level l begins at (2ˡ − 1) times their number: the halves of its j-th are the 2j-th and the next below.
            asked += (2 * i + first, 2 * i + first + 1)
        else:
            failed.append(i)
    return np.array(chosen, dtype=np.intp), np.array(failed, dtype=np.intp)


def _plainly_divisible(centre: np.ndarray, half: np.ndarray) -> bool:
    """Whether the centres of both halves of every panel are surely doubles.

    An interval of the length W is cut in whole multiples of a unit u >= W/2¹⁵; L halvings later centres and half
    lengths are multiples of u/2^(L+1) >= h/2¹⁴, as h <= (W/8 + u) 2^−L. The centres of the halves are then multiples of
    h/2¹⁵, which are doubles where that is at least the spacing, 2⁻⁵² |c| at most.
    """
    return float(np.minimum.reduce(half)) > PLAIN * float(np.maximum.reduce(np.abs(centre)))


def divisible(centre: np.ndarray, half: np.ndarray) -> np.ndarray:
    """(P,) whether the centres of both halves are doubles."""
    quarter = 0.5 * half
    return ((centre + quarter) - centre == quarter) & (centre - (centre - quarter) == quarter)
