"""Argument checks that every constructor shares: one sentence naming the argument, what was expected, what came."""

from __future__ import annotations

import math

import numpy as np

WEIGHT_TOLERANCE = 1e-9  # by which the sum of weights may differ from 1
TOLERANCES = {"float32": 1e-6, "float16": 2e-3}  # the same for numbers of fewer bits
SMALLEST = float(np.finfo(np.float64).tiny)  # below the smallest normal double a value has lost digits already


LONGEST = 80  # characters of an object that a refusal repeats


class ArgumentError(ValueError):
    """A refusal of an argument, by its name: whoever catches this catches no fault of the engine with it."""


def refuse(name: str, expected: str, got: object) -> ArgumentError:
    """The one form of every refusal of the engine; what came is cut to a line."""
    return ArgumentError(f"{name}: expected {expected}, got {shortened(got)}")


def shortened(value: object) -> str:
    """The repr of a value on one line of at most 80 characters."""
    text = " ".join(repr(value).split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 2]} …"


def generator(name: str, rng: object) -> np.random.Generator:
    """The generator of random numbers that `rng` is, or that it seeds: an integer >= 0, or a numpy Generator."""
    if isinstance(rng, np.random.Generator):
        return rng
    if isinstance(rng, (int, np.integer)) and not isinstance(rng, bool) and rng >= 0:
        return np.random.default_rng(rng)
    raise refuse(name, "a seed (an integer >= 0) or a numpy.random.Generator", rng)


def finite(name: str, value: object) -> float:
    """`value` as a finite float."""
    return float(_array(name, "a finite number", value, axes=0))


def positive(name: str, value: object) -> float:
    """`value` as a finite float > 0 (a normal double: at least 2.2e-308)."""
    number = finite(name, value)
    if number < SMALLEST:
        raise refuse(name, "a finite number > 0", value)
    return number


def whole(name: str, value: object, least: int) -> int:
    """`value` as an integer of at least `least`."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < least:
        raise refuse(name, f"an integer of at least {least}", value)
    return int(value)


def vector(name: str, values: object) -> np.ndarray:
    """`values` as a read-only, non-empty, one-dimensional array of finite floats."""
    return _array(name, "a non-empty sequence of finite numbers", values, axes=1)


def positive_vector(name: str, values: object) -> np.ndarray:
    """`values` as a vector of finite floats > 0."""
    array = vector(name, values)
    if (array < SMALLEST).any():
        raise refuse(name, "numbers > 0 only", values)
    return array


def normalised(name: str, values: np.ndarray, given: object) -> np.ndarray:
    """`values`, whose sum must be 1 but for the rounding of the type that they came in, divided by their sum.

    Within 1e-9 for doubles and plain numbers, within 1e-6 for numbers of 32 bits, 2e-3 for those of 16. Read-only.
    """
    try:
        total = math.fsum(values)
    except OverflowError:
        total = math.inf
    tolerance = TOLERANCES.get(np.asarray(given).dtype.name, WEIGHT_TOLERANCE)
    if abs(total - 1) > tolerance:
        raise refuse(name, f"a sum of 1 within {tolerance:g}", total)
    found = values / total + 0.0  # a −0 becomes 0
    found.flags.writeable = False
    return found


def matrix(name: str, values: object) -> np.ndarray:
    """`values` as a read-only, non-empty, two-dimensional array of finite floats."""
    return _array(name, "a non-empty matrix of finite numbers, row by row", values, axes=2)


def _array(name: str, expected: str, values: object, axes: int) -> np.ndarray:
    """`values` as a read-only, non-empty array of finite floats with so many axes."""
    array = _numbers(name, expected, values)
    if array.ndim != axes or array.size == 0 or not np.isfinite(array).all():
        raise refuse(name, expected, values)
    array.flags.writeable = False
    return array


def _numbers(name: str, expected: str, value: object) -> np.ndarray:
    """`value` as a float64 array of its own; texts and truth values are no numbers, though NumPy would convert them."""
    if np.ma.is_masked(value):
        raise refuse(name, f"{expected}, none of them masked (value.compressed() leaves those out)", value)
    try:
        array = np.array(value)
        if array.dtype.kind in "iufO":
            return array.astype(np.float64, copy=False)
    except (TypeError, ValueError, OverflowError) as error:
        raise refuse(name, expected, value) from error
    raise refuse(name, expected, value)
