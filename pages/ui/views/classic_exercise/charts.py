"""The heat maps of the view: one spec a role, datasets made from engine results. This module knows no Streamlit."""

from __future__ import annotations

from functools import cache

import altair as alt
import numpy as np
import pandas as pd

from pages.ui.draw.specs import GROUNDED, Picture, constant_spec, roles
from pages.ui.draw.theme import FORWARD, REVERSE, TARGET
from pages.ui.say.numbers import brief
from pages.ui.views.classic_exercise.scene import Fit, Scene

HEIGHT = 210
MOST_WRITTEN = 4  # states on a side of a table whose numbers are written into its cells
FAINTEST = 0.06  # the opacity of a cell that holds anything at all
NAMES = {TARGET: "p(x, y)", FORWARD: "the forward fit q(x) q(y)", REVERSE: "a reverse fit q(x) q(y)"}


@cache
def heat_spec(role: str) -> dict:
    """Dataset `cells` (row, column, value, depth, text, invented)."""
    cells = alt.Chart(alt.NamedData("cells"))
    look = {"labelAngle": 0, "ticks": False, "domain": False, "labelPadding": 5, "titlePadding": 4}
    x = alt.X("column:O", title="y", axis=alt.Axis(orient="top", **look), scale=alt.Scale(padding=0.04))
    y = alt.Y(
        "row:O", title="x", axis=alt.Axis(titleAngle=0, **{**look, "titlePadding": 10}), scale=alt.Scale(padding=0.04)
    )
    tip = [alt.Tooltip("row:O", title="x"), alt.Tooltip("column:O", title="y"), alt.Tooltip("value:Q", format=".6g")]
    # Each cell has a border, so that a 0 is seen as a cell; what q puts where p is 0 has a dashed one.
    ground = cells.mark_rect(fillOpacity=0, stroke="currentColor", strokeOpacity=0.25, strokeWidth=0.8)
    depth = alt.Opacity("depth:Q", scale=alt.Scale(domain=[0, 1], range=[0, 1]), legend=None)
    filled = cells.mark_rect().encode(x, y, depth, fill=alt.FillDatum(role), tooltip=tip)
    marked = cells.transform_filter("datum.invented").mark_rect(
        fillOpacity=0, stroke="currentColor", strokeDash=[3, 3], strokeWidth=1.2
    )
    written = cells.mark_text(fontSize=12, color="currentColor", **GROUNDED).encode(x, y, text="text:N")
    layers = ground.encode(x, y), filled, marked.encode(x, y), written
    return constant_spec(alt.layer(*layers, roles("fill")), HEIGHT)


def joint_chart(scene: Scene) -> Picture:
    """The picture of p."""
    return _picture(TARGET, scene.joint, scene.joint)


def fit_chart(scene: Scene, fit: Fit) -> Picture:
    """The picture of a fit, on the scale of p."""
    return _picture(FORWARD if fit is scene.forward else REVERSE, fit.table, scene.joint)


def _picture(role: str, table: np.ndarray, joint: np.ndarray) -> Picture:
    """A table as a heat map; the depth of a colour is that of the same number in every table, up to p's largest."""
    rows, columns = np.indices(table.shape) + 1
    value = table.ravel()
    share = np.minimum(1.0, np.sqrt(value / joint.max()))  # so that the small ones are told from 0
    written = max(table.shape) <= MOST_WRITTEN
    cells = pd.DataFrame(
        {
            "row": rows.ravel(),
            "column": columns.ravel(),
            "value": value,
            "depth": np.where(value > 0, FAINTEST + (0.62 - FAINTEST) * share, 0.0),
            "text": [_written(x) if written else "" for x in value.tolist()],
            "invented": (joint.ravel() == 0) & (value > 0),
        }
    )
    return Picture(
        heat_spec(role), {"cells": cells}, f"A table of {NAMES[role]}: the stronger the colour, the more it holds."
    )


def _written(number: float) -> str:
    """A probability as it stands in a cell: three digits; of 0, nothing."""
    text = brief(number)
    return text if text != "0" else f"{number:.0e}" if number else ""
