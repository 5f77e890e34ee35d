"""What Vega draws for one row of the dataset `path`: the expressions of a chart's spec, evaluated in NumPy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import SimpleNamespace

import numpy as np
import pandas as pd

FUNCTIONS = {"exp": np.exp, "log": np.log, "abs": np.abs, "pow": np.power, "max": np.maximum, "where": np.where}
CHOICE = re.compile(r"^(.+?) \? (.+?) : (.+)$")


def evaluated(expression: str, datum: pd.DataFrame, now: pd.Series):
    """A Vega expression in `datum` and `now`."""
    python = CHOICE.sub(r"where(\1, \2, \3)", expression)
    columns = SimpleNamespace(**{name: datum[name].to_numpy() for name in datum})
    return eval(python, {"__builtins__": {}, **FUNCTIONS}, {"datum": columns, "now": SimpleNamespace(**now)})


def layers(spec: dict) -> Iterator[dict]:
    """The innermost layers of a spec, in the order in which they are drawn."""
    for layer in spec.get("layer", []):
        yield from layers(layer)
    if "layer" not in spec:
        yield spec


def role(layer: dict) -> str:
    """The role whose colour and dash a layer has: one and the same."""
    encoding = layer["encoding"]
    assert encoding["color"] == encoding["strokeDash"]
    return encoding["color"]["datum"]


def lines(spec: dict, name: str) -> dict[str, dict]:
    """The layers that draw a line from the dataset `name`, by role."""
    found = [layer for layer in layers(spec) if layer.get("data") == {"name": name} and _mark(layer) == "line"]
    assert len({role(layer) for layer in found}) == len(found)
    return {role(layer): layer for layer in found}


def curve(layer: dict, grid: pd.DataFrame, now: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """x and y of the points of a line."""
    points = grid.copy()
    for step in layer["transform"]:
        if "filter" in step:
            points = points[evaluated(step["filter"], points, now)].copy()
        else:
            points[step["as"]] = evaluated(step["calculate"], points, now)
    return tuple(points[layer["encoding"][axis]["field"]].to_numpy() for axis in ("x", "y"))


def _mark(layer: dict) -> str:
    mark = layer["mark"]
    return mark if isinstance(mark, str) else mark["type"]
