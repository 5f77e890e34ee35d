"""The charts of the two-directions view: specs made once, datasets made from engine results.

Each spec is constant; what varies is in named datasets. `path` has one row a frame, and the signal `now` is the row of
the frame shown. The points of every curve are those of the dataset `grid`, moved by `now` in the browser: nothing is
sent while it plays, and no point is made anew (filtering and flattening rows at each frame costs four times as much).
This module knows no Streamlit.
"""

from __future__ import annotations

import json
from functools import cache

import altair as alt
import numpy as np
import pandas as pd

from pages.ui.draw.specs import constant_spec, kept
from pages.ui.draw.theme import DASHES, FORWARD, GRAY, REVERSE, ROLES, TARGET

FRAMES = 201
DENSITY_HEIGHT, STRIP_HEIGHT, INTEGRAND_HEIGHT = 270, 110, 180
TICKS = [0, 0.2, 1, 5, 25, 100, 1000, 10_000, 100_000]
AXIS = 36  # px for the labels of each vertical axis, so that the charts stand in line
POINTS = np.linspace(-4, 4, 65)  # of a bell, in units of its std

DENSITY_ALT = "Densities over x: the target p as a solid line, the forward fit dashed, the reverse fit dotted."
STRIP_ALT = "Divergence of the forward fit, dashed, and of the reverse fit, dotted, along the motion."
INTEGRAND_ALT = (
    "The pointwise integrands over x: p log(p/q) of the forward fit, dashed; q log(q/p) of the reverse, dotted."
)

NOWHERE = -1e9  # the log height of a bell that is not there
EMPTY = {
    **dict.fromkeys(("position", "low", "density_low", "integrand_low", "mean_1", "mean_2"), 0),
    **dict.fromkeys(("forward_mean", "forward_kl", "reverse_mean", "reverse_kl"), 0),
    **dict.fromkeys(("high", "density_high", "integrand_high", "ceiling"), 1),
    **dict.fromkeys(("std_1", "std_2", "forward_std", "reverse_std"), 1),
    **dict.fromkeys(("height_1", "height_2", "forward_height", "reverse_height"), NOWHERE),
    **dict.fromkeys(("forward_text", "reverse_text"), ""),
}
LOG_1, LOG_2 = (f"now.height_{k} - 0.5 * pow((datum.x - now.mean_{k}) / now.std_{k}, 2)" for k in (1, 2))
LOG_Q = "now.{0}_height - 0.5 * pow((datum.x - now.{0}_mean) / now.{0}_std, 2)"


@cache
def density_spec() -> dict:
    """p and both fits in the frame shown, with the divergence of each as text."""
    layers = [
        curve(target_points(), TARGET, "exp(datum.log_p)", "density"),
        curve(fit_points("forward"), FORWARD, "exp(datum.log_q)", "density"),
        curve(fit_points("reverse"), REVERSE, "exp(datum.log_q)", "density"),
        roles(legend=True),
        _label("now.forward_text", FORWARD, 6),
        _label("now.reverse_text", REVERSE, 24),
    ]
    return framed(alt.layer(*layers), DENSITY_HEIGHT)


@cache
def strip_spec() -> dict:
    """Both divergences along the motion, and where the frame shown stands in it."""
    at = alt.X("position:Q", title=None, scale=alt.Scale(nice=False), axis=alt.Axis(labelFlush=True))
    layers = []
    for fit, role in (("forward", FORWARD), ("reverse", REVERSE)):
        # Near 0 linear, then logarithmic: a start may cost thousands, an answer tenths.
        top = alt.Scale(type="symlog", constant=0.2, domainMin=0, domainMax=alt.ExprRef("now.ceiling"), nice=False)
        ticks = alt.Axis(values=TICKS, labelOverlap=True, labelExpr="'' + datum.value", minExtent=AXIS)
        value = alt.Y(f"{fit}_kl:Q", title="KL", axis=ticks, scale=top)
        layers.append(alt.Chart(alt.NamedData("path")).mark_line(clip=True).encode(at, value, **_role(role)))
        dot = (
            one_datum()
            .transform_calculate(position="now.position", kl=f"now.{fit}_kl")
            .mark_point(filled=True, size=70)
        )
        layers.append(dot.encode(at, alt.Y("kl:Q", scale=top), color=alt.ColorDatum(role)))
    rule = one_datum().transform_calculate(position="now.position").mark_rule(color=GRAY).encode(at)
    return framed(alt.layer(rule, *layers, roles(legend=False)), STRIP_HEIGHT)


@cache
def integrand_spec() -> dict:
    """p log(p/q) of the forward fit and q log(q/p) of the reverse fit in the frame shown."""
    forward = target_points().transform_calculate(log_q=LOG_Q.format("forward"))
    reverse = _with_log_p(fit_points("reverse"))
    layers = [
        curve(forward, FORWARD, "exp(datum.log_p) * (datum.log_p - datum.log_q)", "integrand"),
        curve(reverse, REVERSE, "exp(datum.log_q) * (datum.log_q - datum.log_p)", "integrand"),
        alt.Chart(alt.Data(values=[{"zero": 0}])).mark_rule(color=GRAY).encode(y="zero:Q"),
        roles(legend=False),
    ]
    return framed(alt.layer(*layers), INTEGRAND_HEIGHT)


def filled(spec: dict, path: pd.DataFrame) -> dict:
    """The spec with its datasets, for `st.vega_lite_chart`."""
    return {**spec, "datasets": {"path": path, "grid": _grid()}}


def path_data(columns: dict[str, np.ndarray | list | float]) -> pd.DataFrame:
    """The dataset `path`: one row a frame; a single number stands for all frames."""
    return pd.DataFrame({"frame": np.arange(FRAMES), **columns})


@cache
def no_path() -> pd.DataFrame:
    """The dataset `path` before there is anything to show."""
    return pd.DataFrame({"frame": np.arange(0)})


@cache
def _grid() -> pd.DataFrame:
    """The dataset `grid`: the points of two bells, k = 1 and 2."""
    return pd.DataFrame({"k": np.repeat([1, 2], POINTS.size), "z": np.tile(POINTS, 2)})


def framed(chart: alt.LayerChart, height: int, empty: dict = EMPTY, frames: int = FRAMES) -> dict:
    """The spec of a chart of the dataset `path`, driven by a frame; `empty` is its row while there is none."""
    frame = alt.param(name="frame", value=frames - 1, bind=alt.binding_range(min=0, max=frames - 1, step=1))
    # The chart is first evaluated before its datasets arrive: `empty` stands in, so that nothing is undefined.
    now = alt.param(name="now", expr=f"data('path')[frame] || {json.dumps(empty)}")
    return constant_spec(alt.layer(chart, kept("path")).add_params(frame, now), height)


def fit_points(fit: str) -> alt.Chart:
    """x and log q at the points of a fit."""
    points = alt.Chart(alt.NamedData("grid")).transform_filter("datum.k == 1")
    points = points.transform_calculate(x=f"now.{fit}_mean + now.{fit}_std * datum.z")
    return points.transform_calculate(log_q=f"now.{fit}_height - 0.5 * datum.z * datum.z")


def target_points() -> alt.Chart:
    """x and log p at the points of both components of p."""
    x = "datum.k == 1 ? now.mean_1 + now.std_1 * datum.z : now.mean_2 + now.std_2 * datum.z"
    return _with_log_p(alt.Chart(alt.NamedData("grid")).transform_calculate(x=x))


def _with_log_p(points: alt.Chart) -> alt.Chart:
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
            **_role(role),
        )
    )


def one_datum() -> alt.Chart:
    """A chart of one datum."""
    return alt.Chart(alt.Data(values=[{}]))


def _role(role: str) -> dict:
    """Colour and dash of a role: never one without the other."""
    return {"color": alt.ColorDatum(role), "strokeDash": alt.StrokeDashDatum(role)}


def roles(legend: bool) -> alt.Chart:
    """A layer that draws nothing and carries the scales of the roles, with their legend."""
    style = {
        "orient": "top",
        "offset": 4,
        "title": None,
        "symbolType": "stroke",
        "symbolSize": 200,
        "columnPadding": 8,
    }
    style["labelExpr"] = "split(datum.label, ' ')[0]"  # short enough for a narrow screen
    key = alt.Legend(**style) if legend else None
    names = alt.Chart(alt.Data(values=[{"role": role} for role in ROLES])).mark_line()
    return names.encode(
        color=alt.Color("role:N", scale=alt.Scale(domain=ROLES), legend=key),
        strokeDash=alt.StrokeDash("role:N", scale=alt.Scale(domain=ROLES, range=DASHES), legend=key),
    )


def _label(text: str, role: str, y: int) -> alt.Chart:
    mark = (
        one_datum()
        .transform_calculate(text=text)
        .mark_text(align="right", baseline="top", dx=-8, fontSize=14, fontWeight=600)
    )
    return mark.encode(x=alt.value("width"), y=alt.value(y), text="text:N", color=alt.ColorDatum(role))
