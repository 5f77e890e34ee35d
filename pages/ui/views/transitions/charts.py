"""The diagram of all stationary points of D(q‖p) against the separation: one constant spec for mean, std and value.

Datasets: `branches` (separation, y, line, kind, best), one row a point of a line; `events` (separation, y, kind,
label); `now` (separation, y, kind), the stationary points of the present p. This module knows no Streamlit.
"""

from __future__ import annotations

from functools import cache

import altair as alt
import pandas as pd

from pages.ui.draw.specs import Picture, constant_spec
from pages.ui.draw.theme import GRAY, REVERSE, ROLES

ALT = "Stationary points of the reverse divergence against the separation: minima solid, saddles and maxima dashed."
KINDS = ["minimum", "saddle", "maximum"]
EVENTS = ["fold", "tie", "pitchfork"]
TITLES = {"mean": "mean of q", "std": "std of q", "kl": "D(q‖p)"}
BEST, OTHER = 3.5, 1.4  # line widths


@cache
def diagram_spec(height: int, title: str, named: bool) -> dict:
    """The spec of one quantity, `y`, against the separation; with `named`, the transitions are told by name."""
    x = alt.X("separation:Q", title=None, scale=alt.Scale(nice=False, zero=False))
    y = alt.Y("y:Q", title=title, scale=alt.Scale(zero=False), axis=alt.Axis(tickCount=5, minExtent=36))
    color = alt.Color("role:N", scale=alt.Scale(domain=ROLES), legend=None)
    widths = alt.Scale(domain=[True, False], range=[BEST, OTHER])
    dashes = alt.Scale(domain=KINDS, range=[[1, 0], [4, 4], [1, 3]])
    lines = (
        alt.Chart(alt.NamedData("branches"))
        .mark_line(clip=True)
        .encode(
            x,
            y,
            color,
            detail="line:N",
            strokeWidth=alt.StrokeWidth("best:N", scale=widths, legend=None),
            strokeDash=alt.StrokeDash("kind:N", scale=dashes, legend=None),
        )
    )
    cursor = alt.Chart(alt.NamedData("now")).mark_rule(color=GRAY).encode(x)
    here = alt.Chart(alt.NamedData("now")).mark_point(filled=True, size=60, opacity=1).encode(x, y, color)
    events = alt.Chart(alt.NamedData("events")).encode(
        x, y, tooltip=["kind:N", alt.Tooltip("separation:Q", format=".6f")]
    )
    shape = alt.Shape("kind:N", scale=alt.Scale(domain=EVENTS, range=["circle", "diamond", "triangle-up"]), legend=None)
    marks = events.mark_point(size=90, strokeWidth=2, stroke="currentColor", filled=False, opacity=1).encode(shape)
    # Named once, in the tallest of the charts; a fold at its left, where the branches that it bears are not yet.
    names = [
        events.transform_filter(f"{str(named).lower()} && datum.kind {sign} 'fold'")
        .mark_text(align=align, dx=dx, dy=dy, fontSize=12, color="currentColor")
        .encode(text="label:N")
        for sign, align, dx, dy in (("==", "right", -9, 0), ("!=", "left", 8, -9))
    ]
    return constant_spec(alt.layer(cursor, lines, marks, *names, here), height)


def diagram(quantity: str, height: int, branches: pd.DataFrame, events: pd.DataFrame, now: pd.DataFrame) -> Picture:
    """The picture of one quantity; the tables have a column of its name."""
    tables = {"branches": branches, "events": events, "now": now}
    datasets = {name: table.assign(y=table[quantity], role=REVERSE) for name, table in tables.items()}
    return Picture(diagram_spec(height, TITLES[quantity], quantity == "mean"), datasets, ALT)
