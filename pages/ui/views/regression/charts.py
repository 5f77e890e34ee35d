"""The std of a new y over x, of the posterior and of each product: one constant spec. Knows no Streamlit."""

from __future__ import annotations

from functools import cache

import altair as alt
import pandas as pd

from pages.ui.draw.specs import Picture, constant_spec
from pages.ui.draw.theme import DASHES, FORWARD, GRAY, REVERSE, ROLES, TARGET
from pages.ui.views.regression.scene import EP, EXACT, MARGINALS, MEAN_FIELD, Scene

HEIGHT = 240
STROKES = {EXACT: (TARGET, DASHES[0], 3.2), MEAN_FIELD: (REVERSE, DASHES[2], 2.6)}
STROKES |= {MARGINALS: (FORWARD, DASHES[1], 2.2), EP: (FORWARD, [1, 0], 1.4)}
ALT = (
    "The std of a new y over x: exact solid, mean field dotted, marginals dashed, EP thin. Ticks below mark the data; "
    "thin vertical lines mark where mean field is right."
)


@cache
def std_spec() -> dict:
    """Datasets: `curve` (x and a column for each), `data` (x), `crossing` (x)."""
    rows = alt.Chart(alt.NamedData("curve"))
    x = alt.X("x:Q", title="x", scale=alt.Scale(nice=False, zero=False))
    axis = alt.Axis(tickCount=5, minExtent=36)
    layers = [
        alt.Chart(alt.NamedData("crossing")).mark_rule(color=GRAY, clip=True).encode(x),
        alt.Chart(alt.NamedData("data")).mark_tick(thickness=2, size=10, color=GRAY).encode(x, y=alt.value("height")),
    ]
    for name, (role, dash, width) in STROKES.items():
        y = alt.Y(f"{name}:Q", title="std of a new y", scale=alt.Scale(zero=False), axis=axis)
        layers.append(rows.mark_line(strokeDash=dash, strokeWidth=width).encode(x, y, color=alt.ColorDatum(role)))
    names = alt.Chart(alt.Data(values=[{"role": role} for role in ROLES])).mark_point(opacity=0, size=0)
    layers.append(names.encode(color=alt.Color("role:N", scale=alt.Scale(domain=ROLES), legend=None)))
    return constant_spec(alt.layer(*layers), HEIGHT)


def std_picture(scene: Scene) -> Picture:
    """The std of a new y under the posterior and each product."""
    low, high = scene.places[0], scene.places[-1]
    crossings = [place for place in scene.crossings or () if low < place < high]
    data = {
        "curve": pd.DataFrame({"x": scene.places, **scene.stds}),
        "data": pd.DataFrame({"x": scene.question.x}),
        "crossing": pd.DataFrame({"x": pd.Series(crossings, dtype=float)}),
    }
    return Picture(std_spec(), data, ALT)
