"""Tensors of any library as arrays, and the numbers of one distribution: a batch of several is refused in words."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from kl_engine.estimates.checks import refuse, shortened

Read = Callable[[object], object]  # as_distribution, which reads the parts of what has parts


class Batch(ValueError):
    """Several distributions in one object: refused, as D is of one."""


def as_array(value: object) -> np.ndarray:
    """A tensor of any library as an array of doubles' own type."""
    value = value.detach() if hasattr(value, "detach") else value
    value = value.cpu() if hasattr(value, "cpu") and callable(value.cpu) else value
    return np.asarray(value)


def number(x: object, *names: str) -> float:
    """The first of these attributes as a number; a Batch where it is an array of several, AttributeError without it."""
    for name in names:
        value = getattr(x, name, None)
        if value is not None:
            return scalar(name, value)
    raise AttributeError(names[0])


def scalar(name: str, value: object) -> float:
    """One number; a Batch where there are several."""
    array = as_array(value)
    if array.size != 1:
        raise batch(name, array.shape)
    return float(array.reshape(()))


def batch(name: str, shape: object) -> Batch:
    """The refusal of several at once."""
    words = "one number: one distribution, not a batch (take each with its own numbers, or Independent of all)"
    return Batch(f"{name}: expected {words}, got shape {shortened(shape)}")


def of_row(x: object, axes: int, *names: str) -> np.ndarray:
    """The first of these attributes as an array of so many axes; further axes of one are taken off."""
    for name in names:
        value = getattr(x, name, None)
        value = value() if callable(value) else value
        if value is not None:
            array = as_array(value)
            while array.ndim > axes and array.shape[0] == 1:
                array = array[0]
            if array.ndim > axes:
                raise batch(name, array.shape)
            return array
    raise AttributeError(names[0])


def refuse_unread(x: object, why: str) -> ValueError:
    """What is told by its name, and yet cannot be read."""
    return refuse("x", why, x)
