"""What people hold as a sample, read as points: lists, arrays, columns of a table, (chain, draw) arrays.

Refused in words is what no continuous sample is: points that repeat, columns that take a few values only, too few
points, too many coordinates.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from kl_engine.distributions.adapters import as_array
from kl_engine.estimates.checks import refuse

MOST_DIMENSIONS = 5
FEWEST, FEWEST_EACH = 40, 20  # points; and points for each dimension
DIGITS = 8  # of a number that somebody has written
REPEATED = 0.01  # of a column: more repeats than that are no rounding of 32 bits, or of written digits
ROUNDED = ("float32", "float16", "bfloat16")  # among whose numbers a few equal ones come by chance


class Refused(ValueError):
    """Samples that no interval can be given for: why, in words; `at_least` is what is certified of D all the same.

    `at_least` is a lower limit of D in nats that holds with 95 % confidence, or None where nothing is known. `text` is
    the whole of it. It is a ValueError. Raised by `kl.kl_from_samples` and `kl.kl_to_density`.

    >>> import numpy as np
    >>> import kl_engine as kl
    >>> try:
    ...     kl.kl_from_samples(np.zeros(100), np.ones(100))
    ... except kl.divergences.Refused as refused:
    ...     print(isinstance(refused, ValueError))
    True
    """

    def __init__(self, text: str, at_least: float | None = None) -> None:
        super().__init__(text)
        self.at_least = at_least

    def __reduce__(self):
        return Refused, (*self.args, self.at_least)


class Sample(NamedTuple):
    """Points (N, d), chain after chain, and how long each chain is: independent points are one chain each."""

    points: np.ndarray
    chains: int  # 0: the points are independent of one another
    rounded: bool  # to fewer than 64 bits, or to a few digits

    @property
    def size(self) -> int:
        """N."""
        return len(self.points)

    @property
    def dimension(self) -> int:
        """d."""
        return self.points.shape[1]


def sample_of(name: str, values: object, columns: list | None = None) -> Sample:
    """One sample: numbers (N,), points (N, d), one quantity as (chain, draw) or several as (chain, draw, d).

    A table of two axes with at most five columns is points; with more columns than that, and fewer rows than columns,
    it is (chain, draw). Raises ValueError naming the argument.
    """
    if columns is not None:
        values = values[columns]
    if np.ma.is_masked(values):
        raise refuse(name, "numbers of which none is masked (values.compressed() leaves those out)", values)
    try:
        array = as_array(values)
    except (TypeError, ValueError) as error:
        raise refuse(name, "a sample: numbers, or points as the rows of a table of numbers", values) from error
    if array.dtype.kind not in "iuf" and not (array.dtype.kind == "O" and _are_numbers(array)):
        raise refuse(name, "a sample: numbers, or points as the rows of a table of numbers", values)
    given, array = array.dtype.name, array.astype(np.float64)
    chains = 0
    if array.ndim == 1:
        array = array[:, None]
    elif array.ndim == 2 and array.shape[1] > MOST_DIMENSIONS and array.shape[0] < array.shape[1]:
        chains, array = len(array), array.reshape(-1, 1)
    elif array.ndim == 3:
        chains, array = len(array), array.reshape(-1, array.shape[2])
    elif array.ndim != 2:
        raise refuse(name, "a sample of one, two (points × coordinates) or three (chain × draw × d) axes", array.shape)
    if not 1 <= array.shape[1] <= MOST_DIMENSIONS:
        words = f"points of 1 to {MOST_DIMENSIONS} coordinates (in more, an interval from samples is not to be had)"
        raise refuse(name, words, f"{array.shape[1]} coordinates")
    if not np.isfinite(array).all():
        row = int(np.flatnonzero(~np.isfinite(array).all(axis=1))[0])
        raise refuse(name, f"finite numbers (row {row}, counted from 0, is not)", array[row].tolist())
    least = max(FEWEST, FEWEST_EACH * array.shape[1])
    if len(array) < least:
        raise refuse(name, f"at least {least} points in {dimensions(array.shape[1])}", f"{len(array)}")
    return Sample(array, chains, given in ROUNDED or _is_written_short(array))


def two_samples(x: object, y: object) -> tuple[Sample, Sample]:
    """Both samples, of one dimension; tables with the same names of columns are read in the order of the first."""
    columns = _common_columns(x, y)
    first, second = sample_of("x", x), sample_of("y", y, columns)
    if first.dimension != second.dimension:
        raise refuse("y", f"points of {first.dimension} coordinates, as x has", f"{second.dimension} coordinates")
    for name, sample in (("x", first), ("y", second)):
        no_repeats(name, sample)
    both = np.concatenate([first.points, second.points])
    shared = len(both) - len(np.unique(both, axis=0))
    if shared > (REPEATED * len(both) if first.rounded and second.rounded else 0):
        raise Refused(
            f"x, y: {shared} points occur in both samples, which independent draws of continuous distributions never "
            "do: compare the two without the points that they share, or, of discrete data, Categorical.of_counts"
        )
    return first, second


def no_repeats(name: str, sample: Sample) -> None:
    """Refuse points that repeat: of a continuous distribution there are none."""
    repeated = sample.size - len(np.unique(sample.points, axis=0))
    if repeated > (REPEATED * sample.size if sample.rounded else 0):
        raise Refused(
            f"{name}: {repeated} of {sample.size} points repeat others, which draws of a continuous distribution never "
            "do. Of counts or codes take kl.Categorical.of_counts of how often each occurs; of rounded numbers "
            "add a uniform random rest of the width of the rounding; of a Markov chain that stands still keep every "
            "k-th draw"
        )
    for column in range(sample.dimension):
        values = len(np.unique(sample.points[:, column]))
        if sample.size - values > REPEATED * sample.size:
            raise Refused(
                f"{name}: column {column} (counted from 0) takes only {values} values at {sample.size} points: it is "
                "discrete, and D of a discrete beside a continuous coordinate is not estimated here"
            )


def dimensions(d: int) -> str:
    """How many, in words."""
    return "1 dimension" if d == 1 else f"{d} dimensions"


def _is_written_short(array: np.ndarray) -> bool:
    """Whether every number has at most so many digits as people write: a few equal ones then come by chance."""
    largest = np.abs(array).max(axis=0)
    scaled = array * 10.0 ** (DIGITS - np.ceil(np.log10(np.where(largest > 0, largest, 1.0))))
    return bool((np.abs(scaled - np.round(scaled)) < 1e-3).all())


def _are_numbers(array: np.ndarray) -> bool:
    """Whether an array of objects holds numbers only."""
    return all(isinstance(each, (int, float, np.number)) and not isinstance(each, bool) for each in array.ravel())


def _common_columns(x: object, y: object) -> list | None:
    """The names by which the second table is to be read; None where the two are not both tables."""
    if not (hasattr(x, "columns") and hasattr(y, "columns")):
        return None
    first, second = list(x.columns), list(y.columns)
    if set(first) != set(second):
        raise refuse("y", f"the columns of x, {first}", second)
    return first
