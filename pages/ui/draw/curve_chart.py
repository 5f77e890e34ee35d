"""Both divergences as curves over one parameter, with where q stands now: one constant spec for every lesson."""

from __future__ import annotations

from functools import cache

import altair as alt
import numpy as np
import pandas as pd

from pages.ui.draw.specs import Picture, constant_spec
from pages.ui.draw.theme import DASHES, GRAY, ROLES

HEIGHT = 260
ALT = "Both divergences over one parameter: forward dashed, reverse dotted; dots mark their minima."
FORMULA = "formula"  # a closed form that is neither direction: solid
CROWDED = 6  # times the divergence at the present place: what is higher is cut, or a pole would flatten the rest


@cache
def curve_spec() -> dict:
    """Datasets: `curve` (x, value, role), `now` (x, top), `minima` (x, value, role)."""
    color = alt.Color("role:N", scale=alt.Scale(domain=[*ROLES, FORMULA]), legend=None)
    dash = alt.StrokeDash("role:N", scale=alt.Scale(domain=[*ROLES, FORMULA], range=[*DASHES, DASHES[0]]), legend=None)
    x = alt.X("x:Q", title=None, scale=alt.Scale(nice=False, zero=False))
    up = alt.Scale(domainMin=0, domainMax=alt.ExprRef("top"), nice=False)
    y = alt.Y("value:Q", title="divergence", scale=up, axis=alt.Axis(tickCount=4, minExtent=40))
    curve = alt.Chart(alt.NamedData("curve")).mark_line(clip=True).encode(x, y, color, dash)
    now = alt.Chart(alt.NamedData("now")).mark_rule(color=GRAY).encode(x)
    minima = alt.Chart(alt.NamedData("minima")).mark_point(filled=True, size=80, clip=True).encode(x, y, color)
    top = alt.param(name="top", expr="data('now')[0] ? data('now')[0].top : 1")
    return constant_spec(alt.layer(now, curve, minima).add_params(top), HEIGHT)


def curve_chart(x: np.ndarray, curves: dict[str, np.ndarray], now: float, minima: list[tuple]) -> Picture:
    """The picture: curves by role, the present x, and minima as (role, x, value)."""
    rows = [pd.DataFrame({"x": x, "value": value, "role": role}) for role, value in curves.items()]
    here = max(float(np.interp(now, x, value)) for value in curves.values())
    least = max(float(value) for _, _, value in minima)
    top = min(1.05 * max(float(value.max()) for value in curves.values()), CROWDED * max(here, least) + 0.1)
    datasets = {
        "curve": pd.concat(rows),
        "now": pd.DataFrame({"x": [now], "top": [top]}),
        "minima": pd.DataFrame(minima, columns=["role", "x", "value"]),
    }
    return Picture(curve_spec(), datasets, ALT)
