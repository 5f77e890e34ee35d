"""D(a‖b) of mixtures, for many pairs in rows: which integrand keeps the digits of which pair."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from kl_engine.quadrature.proved.integral import GOAL, Integral, Value
from kl_engine.quadrature.proved.integrand import Positive, Relative
from kl_engine.quadrature.proved.matched import Matched
from kl_engine.quadrature.proved.reach import reach
from kl_engine.quadrature.proved.table import Table, standardised

NEAR = 1e-2  # nats; below it D is the sum of a positive integrand, which keeps its digits where log a − log b does not
DIGITS = 2.0**-50  # of D, that a panel of a near pair may be off by
LEAST = 2.0**-80  # nats: nothing smaller is aimed at
FINE = 1e-9  # of D: where the truncation is more, the panels are sought again
ROUNDS = 6
ALIKE = 0.5  # of the relative difference of two variances, and of two means in √2 std
ALL = np.zeros(1, dtype=np.intp)  # the one row
ROW_BLOCK = 4096  # components of all rows of a block


class Plan(NamedTuple):
    """The integrals of all rows, each with the rows it holds; a later one stands for a row in place of an earlier."""

    rows: int
    parts: tuple[tuple[np.ndarray, Integral], ...]

    def value(self) -> Value:
        """D of every row."""
        return _together(self.rows, [(rows, integral.value()) for rows, integral in self.parts])

    def numbers(self) -> int:
        """About how many numbers it holds."""
        return sum(integral.numbers() for _, integral in self.parts)


def solve(table: Table) -> tuple[Plan, Value]:
    """D(a‖b) of every row, a and b its sides: near pairs by the differences of their components where they are
    alike.
    """
    apart = chained(table)
    if apart.size == 1:
        return _solve_one(table, float(apart[0]))
    rows, near = np.arange(apart.size), apart < NEAR
    parts, values = [], []

    def keep(which: np.ndarray, integral: Integral, value: Value) -> None:
        parts.append((which, integral))
        values.append((which, value))

    if near.any():
        some = rows[near]
        here, size = _some(table, some), np.maximum(apart[near], LEAST)
        integral, found = _near(here, Matched(Positive()), size)
        if not np.isfinite([found.value, found.error]).all():  # a ratio of densities that no double holds, far out
            integral, found = _near(here, Positive(), size)
        keep(some, integral, found)
    if not near.all():
        some = rows[~near]
        here = _some(table, some)
        whole = Integral.of(here, Relative(), reach(here, GOAL), GOAL)
        found = whole.value()
        close = (found.value <= NEAR) & np.isfinite(found.error)
        if not close.all():
            keep(some, whole, found)
        if close.any():
            keep(some[close], *_closer(_some(here, np.flatnonzero(close)), found.value[close]))
    return Plan(rows.size, tuple(parts)), _together(rows.size, values)


def _solve_one(table: Table, apart: float) -> tuple[Plan, Value]:
    """The same for one row."""
    if apart < NEAR:
        size = np.array([max(apart, LEAST)])
        integral, found = _near(table, Matched(Positive()), size)
        if not (math.isfinite(found.value[0]) and math.isfinite(found.error[0])):  # as above
            integral, found = _near(table, Positive(), size)
    else:
        integral = Integral.of(table, Relative(), reach(table, GOAL), GOAL)
        found = integral.value()
        if found.value[0] <= NEAR and math.isfinite(found.error[0]):
            integral, found = _closer(table, found.value)
    return Plan(1, ((ALL, integral),)), found


def solve_rows(raw: np.ndarray) -> Value:
    """D of many rows of weights, stds and means, raw (3, K, 2, R), in blocks of bounded memory."""
    block = max(1, ROW_BLOCK // raw[0, :, :, 0].size)
    parts = [solve(standardised(raw[..., i : i + block])[0])[1] for i in range(0, raw.shape[3], block)]
    found = parts[0] if len(parts) == 1 else Value(*(np.concatenate(arrays) for arrays in zip(*parts)))
    for i in np.flatnonzero(~found.proved) if raw.shape[3] > 1 else ():
        for all_rows, here in zip(found, solve(standardised(raw[..., i : i + 1])[0])[1]):  # its intervals one by one
            all_rows[i] = here[0]
    return found


def _together(size: int, found: list[tuple[np.ndarray, Value]]) -> Value:
    """One value of all rows."""
    if len(found) == 1 and found[0][0].size == size:
        return found[0][1]
    arrays = []
    for name in Value._fields:
        array = np.empty(size, dtype=getattr(found[0][1], name).dtype)
        for rows, value in found:
            array[rows] = getattr(value, name)
        arrays.append(array)
    return Value(*arrays)


def _some(table: Table, rows: np.ndarray) -> Table:
    """The table of some rows."""
    return table if rows.size == table.heights.shape[2] else table.of(rows)


def _near(table: Table, kind: Positive | Matched, size: np.ndarray) -> tuple[Integral, Value]:
    """The integral of near pairs whose D is about `size`, its panels sought again where they do not fit D itself."""
    return settled(lambda goal: Integral.of(table, kind, reach(table, goal, both=True), goal), size)


def settled(integral_of: Callable[[np.ndarray], Integral], size: np.ndarray) -> tuple[Integral, Value]:
    """The integral that is found with a goal that fits its own value, which is about `size` at first."""
    for _ in range(ROUNDS):
        integral = integral_of(DIGITS * size)
        found = integral.value()
        if size.size == 1 and not (found.truncation[0] > FINE * abs(found.value[0]) and size[0] > LEAST):
            break
        value = np.abs(found.value)
        coarse = (found.truncation > FINE * value) & (size > LEAST)
        if not coarse.any():
            break
        size = np.where(coarse, np.maximum(LEAST, np.where(value < size, value, size * FINE)), size)
    return integral, found


def _closer(table: Table, value: np.ndarray) -> tuple[Integral, Value]:
    """Pairs that are near as a whole, with components that are alike in another order, or not alike."""
    ordered = table.ordered()
    if (chained(ordered) < NEAR).all():
        return _near(ordered, Matched(Positive()), np.maximum(chained(ordered), LEAST))
    return _near(table, Positive(), np.maximum(value, GOAL))


def chained(table: Table) -> np.ndarray:
    """(R,) about the bound Σ w (log(w/w') + D of the components) of D, each component with the one of its number.

    It is inf where a component and that of its number are not alike.
    """
    if table.few:
        return np.array([_chained_of_few(table.few)])
    (w, other_w), (s, other_s), (m, other_m), (_, sharp) = (
        (array[:, 0], array[:, 1]) for array in (table.weights, table.stds, table.means, table.sharpness)
    )
    with np.errstate(all="ignore"):
        x = (s - other_s) / other_s
        x *= 2 + x
        apart = np.abs(m - other_m) * sharp
        alike = (np.maximum(np.abs(x), apart) < ALIKE).all(axis=0)
        if not alike.any():
            return np.full(alike.shape, np.inf)
        v = (w - other_w) / other_w
        terms = other_w * ((1 + v) * np.log1p(v) - v) + w * (0.5 * (x - np.log1p(x)) + apart * apart)
        total = terms.sum(axis=0)
    return np.where(alike & np.isfinite(total), np.abs(total), np.inf)


def _chained_of_few(few: list[list[tuple[float, ...]]]) -> float:
    """The same for one row of few components, in plain floats."""
    total = 0.0
    for (_, m, _, _, w, s), (_, other_m, _, _, other_w, other_s) in zip(few[0], few[1]):
        x = (s - other_s) / other_s
        x *= 2 + x
        apart = (m - other_m) / other_s
        if not (w and other_w and abs(x) < ALIKE and 0.5 * apart * apart < ALIKE * ALIKE):
            return math.inf
        v = (w - other_w) / other_w
        bent = (1 + v) * math.log1p(v) if v > -1 else 0.0
        total += other_w * (bent - v) + 0.5 * w * (x - math.log1p(x) + apart * apart)
    return abs(total)
