"""The gradient of D(a‖b) in the parameters of any family, from differences of D itself.

Central differences at falling steps, extrapolated to a step of 0 (L. F. Richardson 1911): where D is smooth each level
takes two orders of the step off the error, which is estimated from the last two of them and the errors of D.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable

import numpy as np

from kl_engine.distributions.line.density import Density
from kl_engine.estimates.certainty import Certainty
from kl_engine.estimates.checks import refuse
from kl_engine.estimates.estimate import Estimate
from kl_engine.estimates.estimates import Estimates

STEP, LEVELS = 2.0**-5, 5  # of a parameter, or of the width where it is a place; and how often it is halved
PLACES = ("loc", "low", "high", "mean", "log_mean")  # parameters that are places: their unit is a width


def parameters_of(d: object) -> tuple[str, ...]:
    """The numbers of a family that may vary: its fields that are floats."""
    if not dataclasses.is_dataclass(d) or isinstance(d, Density) or getattr(d, "logit", None) is not None:
        return ()
    return tuple(each.name for each in dataclasses.fields(d) if isinstance(getattr(d, each.name), float))


def by_differences(divergence: Callable[[object], Estimate], side: object) -> dict[str, Estimates]:
    """∂ by each parameter of `side`, `divergence` being a function of it; ValueError where D is infinite nearby."""
    found = {}
    for name in parameters_of(side):
        value, error = _one(divergence, side, name)
        found[name] = Estimates(
            np.array([value]), np.array([error]), (Certainty.ESTIMATED,), ("differences of D, extrapolated",)
        )
    return found


def _one(divergence: Callable[[object], Estimate], side: object, name: str) -> tuple[float, float]:
    at = getattr(side, name)
    width = float(side.typical[1]) if name in PLACES and hasattr(side, "typical") else abs(at) or 1.0
    table: list[list[float]] = []
    noise = 0.0
    for level in range(LEVELS):
        step = width * STEP / 2**level
        low, high = (_moved(divergence, side, name, at + sign * step) for sign in (-1, 1))
        row = [(high.value - low.value) / (2 * step)]
        noise = (high.error + low.error) / (2 * step)
        for k, before in enumerate(table[-1] if table else []):
            row.append(row[k] + (row[k] - before) / (4 ** (k + 1) - 1))
        table.append(row)
    value = table[-1][-1]
    return value, abs(value - table[-2][-1]) + 2 * noise + 1e-15 * abs(value)


def _moved(divergence: Callable[[object], Estimate], side: object, name: str, to: float) -> Estimate:
    """D with one parameter moved."""
    try:
        found = divergence(dataclasses.replace(side, **{name: to}))
    except ValueError as error:
        raise refuse(name, "a parameter with room on either side", getattr(side, name)) from error
    if math.isinf(found.value):
        words = f"a parameter near which D is finite ({found.reason}), so that there is a gradient"
        raise refuse(name, words, getattr(side, name))
    return found
