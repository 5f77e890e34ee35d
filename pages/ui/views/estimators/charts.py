"""The charts of the estimators: specs made once, datasets made from a trial. No Streamlit."""

from __future__ import annotations

from functools import cache

import altair as alt
import numpy as np
import pandas as pd

from kl_engine import Direction
from kl_engine.divergences.estimators.monte_carlo import QUANTILE
from pages.ui.draw.specs import Picture, constant_spec, kept
from pages.ui.draw.theme import DASHES, FORWARD, GRAY, REVERSE, ROLES
from pages.ui.say.numbers import NATS_IN
from pages.ui.views.estimators.scene import LOWER, UPPER, Scene, Trial

ROLE = {Direction.FORWARD: FORWARD, Direction.REVERSE: REVERSE}
BOUNDS_HEIGHT, SAMPLES_HEIGHT, ARROWS_HEIGHT = 190, 170, 260
NAMES = 150  # px for the names of the rows
DIGITS = (1, 1.2, 1.4, 1.6, 1.8, 2, 2.5, 3, 4, 5, 6, 7, 8, 9)
TICKS = [-100, -10, -1, -0.2, 0, *(digit * 10.0**power for power in range(-1, 9) for digit in DIGITS)]
PADDING = 8  # px beyond the outermost marks
LINEAR = 0.2  # nats: the axis is linear below and logarithmic above, for bounds may be far out

BOUNDS_ALT = (
    "Bounds and approximations of the divergence, one per row: bars and triangles for bounds, circles for "
    "approximations; a vertical line marks the exact value."
)
PULLED = {"neither": "no pull", "reverse": REVERSE, "forward": FORWARD}
WIDE, HIGH = 1.6, 0.8  # std of q: how far the plane of the arrows reaches from q to either side
REACHED = 0.65  # of that by each arrow
CERTAIN = 10.0  # times its error: a smaller gradient may be 0, and has no direction to show
ARROWS_ALT = (
    "The plane of mean and std of q: from q an arrow for k2 and one for k3, each along the step that gradient descent "
    "takes on it as a loss; k1 has none and is a ring at q."
)
SAMPLES_ALT = "The Monte Carlo mean over a growing number of draws with its 95 % band; a line marks the exact value."


@cache
def bounds_spec() -> dict:
    """Datasets: `brackets` (name, low, high), `points` (name, value, kind), `exact` (value, role)."""
    x = alt.X(
        "value:Q",
        title="log scale",
        scale=alt.Scale(type="symlog", constant=LINEAR, nice=False, zero=False, padding=PADDING),
        axis=_axis(),
    )
    rows = alt.Axis(
        labelLimit=NAMES, labelOverlap=False, minExtent=NAMES, ticks=False, domain=False, grid=True, labelFlush=False
    )
    y = alt.Y("name:N", title=None, sort=None, axis=rows)
    bars = alt.Chart(alt.NamedData("brackets")).mark_bar(height=9, color=GRAY, opacity=0.55)
    shape = alt.Shape(
        "kind:N",
        scale=alt.Scale(domain=[LOWER, UPPER, "approximation"], range=["triangle-right", "triangle-left", "circle"]),
        legend=None,
    )
    points = alt.Chart(alt.NamedData("points")).mark_point(size=75, filled=True, color="currentColor", opacity=1)
    # A circle is hollow: an approximation promises nothing.
    hollow = alt.condition("datum.kind == 'approximation'", alt.value("transparent"), alt.value("currentColor"))
    # Where a lower and an upper bound meet, one stands above the other.
    apart = alt.YOffset("kind:N", scale=alt.Scale(domain=[LOWER, "approximation", UPPER], paddingInner=0.4))
    marks = points.encode(
        x, y, apart, shape, fill=hollow, stroke=alt.value("currentColor"), tooltip=["name:N", "said:N"]
    )
    layers = [_exact("x"), bars.encode(alt.X("low:Q"), y, x2="high:Q"), marks]
    return constant_spec(alt.layer(*layers), BOUNDS_HEIGHT)


@cache
def samples_spec() -> dict:
    """Datasets: `samples` (draws, value, low, high), `exact` (value, role)."""
    draws = alt.Axis(values=[10, 100, 1000, 10_000, 100_000], format="~s", labelFlush=True)
    x = alt.X("draws:Q", title="draws, log scale", scale=alt.Scale(type="log", nice=False), axis=draws)
    up = alt.Scale(zero=False, nice=False)
    y = alt.Y("value:Q", title=None, scale=up, axis=alt.Axis(tickCount=4, minExtent=36, format="~g"))
    samples = alt.Chart(alt.NamedData("samples"))
    band = samples.mark_area(color=GRAY, opacity=0.35).encode(x, alt.Y("low:Q", scale=up), y2="high:Q")
    mean = samples.mark_line(color="currentColor", strokeWidth=1.5).encode(x, y)
    return constant_spec(alt.layer(band, _exact("y"), mean), SAMPLES_HEIGHT)


def bounds_chart(trial: Trial, units: str) -> Picture:
    """Brackets where an author gives both sides, a mark for every single number."""
    scale = NATS_IN[units]
    rows = [(_author(b.name), b.estimate.value / scale, b.kind, b.kind) for b in trial.finite]
    points = pd.DataFrame(rows, columns=["name", "value", "kind", "said"])
    points["said"] = [f"{kind}: {value:.6g} {units}" for value, kind in zip(points["value"], points["kind"])]
    sides = points[points["kind"] != "approximation"].groupby("name", sort=False)["value"].agg(["min", "max", "size"])
    brackets = sides[sides["size"] == 2].reset_index().rename(columns={"min": "low", "max": "high"})
    data = {"points": points, "brackets": brackets[["name", "low", "high"]], "exact": _exact_data(trial, scale)}
    return Picture(bounds_spec(), data, BOUNDS_ALT)


def samples_chart(trial: Trial, units: str) -> Picture:
    """The running mean and its band."""
    scale, run = NATS_IN[units], trial.run
    half = QUANTILE * run.standard_errors
    columns = {"draws": run.sizes, "value": run.values, "low": run.values - half, "high": run.values + half}
    samples = pd.DataFrame(
        {name: np.asarray(column) / (1 if name == "draws" else scale) for name, column in columns.items()}
    )
    return Picture(samples_spec(), {"samples": samples, "exact": _exact_data(trial, scale)}, SAMPLES_ALT)


@cache
def arrows_spec() -> dict:
    """Datasets: `arrows` (role, x, y, x2, y2, wide, high, label), `ring` (x, y, label), `frame` (left … high)."""
    edges = {n: alt.ExprRef(f"data('frame')[0] ? data('frame')[0].{n} : {d}") for n, d in _FRAME.items()}
    across = alt.Scale(domainMin=edges["left"], domainMax=edges["right"], nice=False, zero=False)
    up = alt.Scale(domainMin=edges["low"], domainMax=edges["high"], nice=False, zero=False)
    x = alt.X("x:Q", title="mean of q", scale=across, axis=alt.Axis(tickCount=5))
    y = alt.Y("y:Q", title="std of q", scale=up, axis=alt.Axis(tickCount=4, minExtent=36))
    tip = alt.X("x2:Q", scale=across), alt.Y("y2:Q", scale=up)
    color = alt.Color("role:N", scale=alt.Scale(domain=ROLES), legend=None)
    dash = alt.StrokeDash("role:N", scale=alt.Scale(domain=ROLES, range=DASHES), legend=None)
    arrows = alt.Chart(alt.NamedData("arrows"))
    shafts = arrows.mark_rule(strokeWidth=2.5).encode(x, y, color, dash, x2="x2:Q", y2="y2:Q")
    turned = alt.ExprRef("atan2(datum.wide * width, datum.high * height) * 180 / PI")
    heads = arrows.mark_point(shape="triangle", size=110, filled=True, opacity=1, angle=turned).encode(*tip, color)
    words = arrows.mark_text(fontSize=13, fontWeight=600, dy=alt.ExprRef("datum.high < 0 ? 16 : -14")).encode(
        *tip, color, text="label:N"
    )
    ring = alt.Chart(alt.NamedData("ring"))
    at_q = ring.mark_point(size=120, stroke="currentColor", fill="transparent", strokeWidth=2).encode(x, y)
    said = ring.mark_text(fontSize=13, color="currentColor", align="right", dx=-12).encode(x, y, text="label:N")
    return constant_spec(alt.layer(shafts, heads, at_q, said, words, kept("frame")), ARROWS_HEIGHT)


_FRAME = {"left": -1, "right": 1, "low": 0, "high": 2}


def arrows_chart(scene: Scene, units: str) -> Picture:
    """The direction in which descent on k1, k2 and k3 as losses takes q, and the size of each gradient at the tip."""
    q, scale = scene.question.approximation.q, NATS_IN[units]
    reach = np.array([WIDE, HIGH]) * q.std
    rows = []
    for k in scene.facts:
        step = -np.asarray(k.in_loss)
        longest = float((np.abs(step) / reach).max())
        if np.hypot(*step) > CERTAIN * np.hypot(*k.in_loss.error):
            across, up = REACHED / longest * step
            place = (q.mean, q.std, q.mean + across, q.std + up, across / reach[0], up / reach[1])
            rows.append((PULLED[k.pulls], *place, f"{k.name}  {np.hypot(*step) / scale:.2g}"))
    names = ["role", "x", "y", "x2", "y2", "wide", "high", "label"]
    edges = (q.mean - reach[0], q.mean + reach[0], q.std - reach[1], q.std + reach[1])
    data = {
        "arrows": pd.DataFrame(rows, columns=names),
        "ring": pd.DataFrame([(q.mean, q.std, "k1")], columns=["x", "y", "label"]),
        "frame": pd.DataFrame([edges], columns=list(_FRAME)),
    }
    return Picture(arrows_spec(), data, ARROWS_ALT)


def _author(name: str) -> str:
    """Both sides of one method share a row."""
    return name.removesuffix(" lower").removesuffix(" upper")


def _exact_data(trial: Trial, scale: float) -> pd.DataFrame:
    return pd.DataFrame([{"value": trial.exact.value / scale, "role": ROLE[trial.direction]}])


def _exact(axis: str) -> alt.Chart:
    """The exact value as a line in the colour and dash of its direction."""
    color = alt.Color("role:N", scale=alt.Scale(domain=ROLES), legend=None)
    dash = alt.StrokeDash("role:N", scale=alt.Scale(domain=ROLES, range=DASHES), legend=None)
    rule = alt.Chart(alt.NamedData("exact")).mark_rule(strokeWidth=2.5)
    return rule.encode(**{axis: "value:Q"}, color=color, strokeDash=dash)


def _axis() -> alt.Axis:
    return alt.Axis(values=TICKS, labelExpr="format(datum.value, '~g')", labelOverlap=True)
