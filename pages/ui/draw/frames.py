"""Charts that move from frame to frame: what every one of them is made of.

The dataset `path` has one row a frame, and the signal `now` is the row of the frame shown. The points of every curve
are those of the dataset `grid`, moved by `now` in the browser: nothing is sent while it plays, and no point is made
anew (filtering and flattening rows at each frame costs four times as much). This module knows no Streamlit.
"""

from __future__ import annotations

import json
from functools import cache

import altair as alt
import numpy as np
import pandas as pd

from pages.ui.draw.specs import Picture, constant_spec, datasets_read, kept
from pages.ui.draw.theme import DASHES, ROLES

AXIS = 36  # px for the labels of each vertical axis, so that the charts stand in line
POINTS = np.linspace(-4, 4, 65)  # of a bell, in units of its std
ENDS = 3  # the k of the two points at the ends of the axis: a curve that ended at its last point would be seen to end
NOWHERE = -1e9  # the log height of a bell that is not there
LOG_1, LOG_2 = (f"now.height_{k} - 0.5 * pow((datum.x - now.mean_{k}) / now.std_{k}, 2)" for k in (1, 2))


def picture(spec: dict, alt: str, path: pd.DataFrame) -> Picture:
    """A spec of a frame with the rows of the frames, and with the points of the curves where it draws any."""
    return Picture(spec, {"path": path, **({"grid": bell_grid()} if "grid" in datasets_read(spec) else {})}, alt)


def path_data(frames: int, columns: dict[str, np.ndarray | list | float]) -> pd.DataFrame:
    """The dataset `path`: one row a frame; a single number stands for all frames."""
    return pd.DataFrame({"frame": np.arange(frames), **columns})


@cache
def bell_grid() -> pd.DataFrame:
    """The dataset `grid`: the points of two bells, k = 1 and 2, and those at both ends of the axis, z = 0 and 1."""
    k, z = np.repeat([1, 2, ENDS], [POINTS.size, POINTS.size, 2]), np.concatenate([POINTS, POINTS, [0, 1]])
    return pd.DataFrame({"k": k, "z": z})


def framed(chart: alt.LayerChart, height: int, frames: int, empty: dict) -> dict:
    """The spec of a chart of the dataset `path`, of so many frames; `empty` stands for a row while there is none."""
    frame = alt.param(name="frame", value=frames - 1, bind=alt.binding_range(min=0, max=frames - 1, step=1))
    # The chart is first evaluated before its datasets arrive: `empty` stands in, so that nothing is undefined.
    now = alt.param(name="now", expr=f"data('path')[frame] || {json.dumps(empty)}")
    return constant_spec(alt.layer(chart, kept("path")).add_params(frame, now), height)


def fit_points(fit: str) -> alt.Chart:
    """x and log q at the points of a fit."""
    points = alt.Chart(alt.NamedData("grid")).transform_filter("datum.k != 2")
    points = to_the_ends(points.transform_calculate(x=f"now.{fit}_mean + now.{fit}_std * datum.z"))
    log_q = f"now.{fit}_height - 0.5 * pow((datum.x - now.{fit}_mean) / now.{fit}_std, 2)"
    return points.transform_calculate(log_q=log_q)


def target_points() -> alt.Chart:
    """x and log p at the points of both components of p."""
    x = "datum.k == 1 ? now.mean_1 + now.std_1 * datum.z : now.mean_2 + now.std_2 * datum.z"
    return with_log_p(to_the_ends(alt.Chart(alt.NamedData("grid")).transform_calculate(x=x)))


def to_the_ends(points: alt.Chart) -> alt.Chart:
    """The points with x, those at the ends of the axis where these are."""
    return points.transform_calculate(x=f"datum.k == {ENDS} ? now.low + datum.z * (now.high - now.low) : datum.x")


def with_log_p(points: alt.Chart) -> alt.Chart:
    """The points with log p at each x."""
    log_sum = "max(datum.log_1, datum.log_2) + log(1 + exp(-abs(datum.log_1 - datum.log_2)))"
    return points.transform_calculate(log_1=LOG_1, log_2=LOG_2).transform_calculate(log_p=log_sum)


def curve(points: alt.Chart, role: str, y: str, title: str) -> alt.Chart:
    """A line through y at the points, in the style of its role; the axes stand still while the frame moves."""
    across = alt.Scale(domainMin=alt.ExprRef("now.low"), domainMax=alt.ExprRef("now.high"), nice=False, zero=False)
    up = alt.Scale(domainMin=alt.ExprRef(f"now.{title}_low"), domainMax=alt.ExprRef(f"now.{title}_high"), nice=False)
    return (
        points.transform_calculate(y=y)
        .mark_line(clip=True)
        .encode(
            alt.X("x:Q", title=None, scale=across),
            alt.Y("y:Q", title=title, scale=up, axis=alt.Axis(tickCount=4, minExtent=AXIS)),
            **role_style(role),
        )
    )


def one_datum() -> alt.Chart:
    """A chart of one datum."""
    return alt.Chart(alt.Data(values=[{}]))


def role_style(role: str) -> dict:
    """Colour and dash of a role: never one without the other."""
    return {"color": alt.ColorDatum(role), "strokeDash": alt.StrokeDashDatum(role)}


def roles(legend: bool) -> alt.Chart:
    """A layer that draws nothing and carries the scales of the roles, with their legend."""
    style = {
        "orient": "top",
        "offset": 4,
        "title": None,
        "symbolType": "stroke",
        "symbolSize": 1200,
        "columnPadding": 8,
    }
    style["labelExpr"] = "split(datum.label, ' ')[0]"  # short enough for a narrow screen
    key = alt.Legend(**style) if legend else None
    names = alt.Chart(alt.Data(values=[{"role": role} for role in ROLES])).mark_line()
    return names.encode(
        color=alt.Color("role:N", scale=alt.Scale(domain=ROLES), legend=key),
        strokeDash=alt.StrokeDash("role:N", scale=alt.Scale(domain=ROLES, range=DASHES), legend=key),
    )
