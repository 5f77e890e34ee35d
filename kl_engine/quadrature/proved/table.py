"""The components of the mixtures of many integrals, side by side, in units in which nothing overflows.

A *row* is one integral, with mixtures of its own: its *sides*, first a, then b. Lengths are measured in a power of two
near the std of the first component of a, which no double feels: the divergences do not depend on the unit, and neither
then do their bounds. Where all means of a row differ exactly from that of its narrowest component, they are measured
from it, so that mixtures far from 0 have as many doubles between their components as mixtures about 0.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from kl_engine.distributions.gaussian import Mixture
from kl_engine.estimates.checks import refuse
from kl_engine.estimates.rounding import LOG_ROOT_TAU

ROOT_HALF = math.sqrt(0.5)
ABSENT = -1e30  # the height of a component that is not there: its exponential is 0, and no arithmetic on it is inf
FOLLOWED = 2.0  # doubles within a std of a component of a, without which panels could not follow it
ARRAYS = 6  # of a table; its other fields are numbers
FEW = 8  # components of a side: below it plain floats are faster than arrays
UNSEEN = 2.0**10
FAR = 2.0**20  # of the extent: from there on a shift is tried


class Table(NamedTuple):
    """Component k of side s of row r is exp(heights − ((x − means) sharpness)²), every array (K, S, R).

    A height is log weight − log std − ½ log 2π, a sharpness 1/(√2 std); `burden` is |log weight| + |log std| + 1, what
    the rounding of a height is relative to.
    """

    heights: np.ndarray
    means: np.ndarray
    sharpness: np.ndarray
    burden: np.ndarray
    weights: np.ndarray
    stds: np.ndarray
    burdened: float  # the largest burden
    highest: float  # the largest height
    extent: float  # (largest |mean| + 20 std)/(√2 smallest std): no row sees any component from farther away
    padded: bool = False  # whether a component is `ABSENT`: it then has the mean and the std of the first one
    few: list[list[tuple[float, ...]]] | None = None  # of one row of few: [side][component] of the arrays, as floats

    def of(self, rows: np.ndarray) -> Table:
        """The table with one column for each of `rows`; for a single row the table itself, which broadcasts."""
        if self.heights.shape[2] == 1:
            return self
        return Table(*(array.take(rows, axis=2) for array in self[:ARRAYS]), *self[ARRAYS:])

    def measured_from(self, origin: float, around: float) -> Table | None:
        """The table of one row with the means less `origin`, for what lies `around` it; None where they are rounded.

        The mean of a component may be rounded that is twice as far off, and `UNSEEN` of its stds: of it e^−10⁵ is left.
        """
        moved = self.means - origin
        exact = (moved + origin == self.means) & (self.means - moved == origin)
        away = np.abs(moved)
        lost = (away > 2 * around) & ((away - around) * self.sharpness > UNSEEN)
        return self._replace(means=moved, few=None) if (exact | lost).all() else None

    def pair(self, k: int) -> Table:
        """The first two sides alone, of k components."""
        if self.heights.shape[:2] == (k, 2):
            return self
        return Table(*(array[:k, :2] for array in self[:ARRAYS]), *self[ARRAYS:-1])

    def ordered(self) -> Table:
        """The components of every side from left to right, the narrower first."""
        order = np.lexsort((self.stds, self.means), axis=0)
        arrays = (np.take_along_axis(array, order, axis=0) for array in self[:ARRAYS])
        return Table(*arrays, *self[ARRAYS:-1])


class Unit(NamedTuple):
    """x = scale · (what the table calls x) + shift, for each row."""

    scale: np.ndarray
    shift: np.ndarray


def table_of(*sides: Mixture) -> tuple[Table, Unit]:
    """One row: the mixtures as its sides."""
    lists = [[array.tolist() for array in (side.weights, side.stds, side.means)] for side in sides]
    if max(len(weights) for weights, _, _ in lists) <= FEW and (found := _of_few(lists)):
        return found
    return rows_of([sides])


def _of_few(sides: list[list[list[float]]]) -> tuple[Table, Unit] | None:
    """The table of weights, stds and means of few components, in plain floats; None where a shift is to be tried."""
    narrowest, farthest, most = math.inf, 0.0, 0
    for weights, widths, means in sides:
        most = max(most, len(weights))
        for std, mean in zip(widths, means):
            narrowest, farthest = min(narrowest, std), max(farthest, abs(mean) + 20 * std)
    if not farthest <= FAR * narrowest:
        return None
    scale = math.ldexp(1.0, math.frexp(sides[0][1][0])[1])
    few, padded, burdened, highest = [], False, 1.0, -math.inf
    for weights, widths, means in sides:
        lines = []
        for weight, std, mean in zip(weights, widths, means):
            std /= scale
            log_weight, log_std = math.log(weight), math.log(std)
            burden = abs(log_weight) + abs(log_std) + 1
            burdened = max(burdened, burden)
            height = log_weight - log_std - LOG_ROOT_TAU
            highest = max(highest, height)
            lines.append((height, mean / scale, ROOT_HALF / std, burden, weight, std))
        for _ in range(most - len(lines)):
            padded = True
            lines.append((ABSENT, lines[0][1], lines[0][2], 1.0, 0.0, lines[0][5]))
        few.append(lines)
    arrays = np.array(few).T.reshape(ARRAYS, most, len(few), 1)
    return Table(*arrays, burdened, highest, farthest / narrowest, padded, few), Unit(np.array([scale]), np.zeros(1))


def rows_of(rows: Sequence[Sequence[Mixture]]) -> tuple[Table, Unit]:
    """Many rows, each with as many sides."""
    sides = [side for row in rows for side in row]
    sizes = [side.weights.size for side in sides]
    most = max(sizes)
    lines = [[getattr(side, name) for side in sides] for name in ("weights", "stds", "means")]
    if min(sizes) == most:
        raw = np.array(lines)
    else:
        raw = np.zeros((3, len(sides), most))
        for into, arrays in zip(raw, lines):
            for row, array in zip(into, arrays):
                row[: array.size] = array
    raw = raw.reshape(3, len(rows), -1, most).transpose(0, 3, 2, 1)
    return standardised(np.ascontiguousarray(raw))  # nodes and panels, the last axes, are to be neighbours in memory


def standardised(raw: np.ndarray) -> tuple[Table, Unit]:
    """The table of weights, stds and means (3, K, S, R); a weight of 0 says that there is no such component."""
    weights, stds, means = raw
    if padded := not weights.all():
        absent = weights == 0
        means, stds = np.where(absent, means[:1], means), np.where(absent, stds[:1], stds)
    scale = np.ldexp(1.0, np.frexp(stds[0, 0])[1])
    shift = None
    extent = _extent(means, stds)
    if extent > FAR:
        means, shift = _shifted(means, stds)
        if (stds[:, 0] < FOLLOWED * np.spacing(np.abs(means[:, 0]))).any():
            _refuse(means[:, 0].ravel(), stds[:, 0].ravel())
        extent = _extent(means, stds)
    stds, means = stds / scale, means / scale
    with np.errstate(divide="ignore"):
        log_weights, log_stds = np.log(weights), np.log(stds)
    heights = log_weights - log_stds
    heights -= LOG_ROOT_TAU
    burden = np.abs(log_weights, out=log_weights)
    burden += np.abs(log_stds, out=log_stds)
    burden += 1
    if padded:
        heights[absent], burden[absent] = ABSENT, 1.0
    unit = Unit(scale, np.zeros_like(scale) if shift is None else shift)
    burdened = float(np.maximum.reduce(burden.ravel()))
    highest = float(np.maximum.reduce(heights.ravel()))
    return Table(heights, means, ROOT_HALF / stds, burden, weights, stds, burdened, highest, extent, padded), unit


def _extent(means: np.ndarray, stds: np.ndarray) -> float:
    """`Table.extent`, of all rows."""
    return float(np.maximum.reduce((np.abs(means) + 20 * stds).ravel()) / np.minimum.reduce(stds.ravel()))


def _shifted(means: np.ndarray, stds: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The means less the mean of the narrowest component of each row, where none of them is rounded by that; and (R,)
    it.

    About the narrowest component the doubles are then densest.
    """
    narrowest = stds.reshape(-1, stds.shape[2]).argmin(axis=0)
    origin = np.take_along_axis(means.reshape(-1, means.shape[2]), narrowest[None], axis=0)[0]
    moved = means - origin
    exact = ((moved + origin == means) & (means - moved == origin)).all(axis=(0, 1))
    return np.where(exact, moved, means), np.where(exact, origin, 0.0)


def _refuse(means: np.ndarray, stds: np.ndarray) -> None:
    """The ValueError of a component that lies between two doubles."""
    i = int((stds / np.spacing(np.abs(means))).argmin())
    raise refuse("stds", f"at least {FOLLOWED:g} spacings of doubles at a mean of {means[i]:g}", float(stds[i]))
