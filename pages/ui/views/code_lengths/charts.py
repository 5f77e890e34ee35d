"""The charts of the view: specs made once, datasets made from engine results. This module knows no Streamlit."""

from __future__ import annotations

from functools import cache

import altair as alt
import numpy as np
import pandas as pd

from kl_engine import Direction
from pages.ui.draw.specs import Picture, constant_spec, kept, roles
from pages.ui.draw.theme import DASHES, FORWARD, GRAY, REVERSE, ROLES
from pages.ui.say.numbers import NATS_IN
from pages.ui.views.code_lengths.scene import Measured, Scene

TERMS_HEIGHT, RUN_HEIGHT = 200, 170
TICKS = [10, 100, 1000, 10_000, 100_000]
AXIS = 40  # px for the labels of each vertical axis
TERMS_ALT = "What each symbol adds to D(p‖q), at the left of its pair, and to D(q‖p), at the right."
RUN_ALT = "Measured excess per symbol against the size of the sample, with D as a line and its band."
ROLE_OF = {Direction.FORWARD: FORWARD, Direction.REVERSE: REVERSE}
FILL = 0.6  # of both: neither direction is the lesser one
ROOM = 1.15  # times the largest term: a bar of an infinite term runs to the end of the axis


@cache
def terms_spec(units: str) -> dict:
    """Datasets: `terms` (symbol, role, value, label, infinite), `axis` (low, high)."""
    at = alt.X("symbol:N", sort=None, title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True, labelLimit=70))
    beside = alt.XOffset("role:N", scale=alt.Scale(domain=[FORWARD, REVERSE], paddingInner=0.1))
    span = alt.Scale(domainMin=alt.ExprRef("axis.low"), domainMax=alt.ExprRef("axis.high"), nice=False)
    y = alt.Y("value:Q", title=f"added to D, {units}", scale=span, axis=alt.Axis(tickCount=5, minExtent=AXIS))
    tip = [alt.Tooltip("symbol:N"), alt.Tooltip("role:N"), alt.Tooltip("label:N", title="adds")]
    layers = []
    for role in (FORWARD, REVERSE):
        rows = alt.Chart(alt.NamedData("terms")).transform_filter(f"datum.role == '{role}'")
        # Dashed and dotted edges, left and right of each pair: colour is not the only carrier.
        bars = rows.mark_bar(fillOpacity=FILL, strokeWidth=1.5, strokeDash=DASHES[ROLES.index(role)], clip=True)
        layers.append(bars.encode(at, y, beside, fill=alt.FillDatum(role), stroke=alt.StrokeDatum(role), tooltip=tip))
    endless = alt.Chart(alt.NamedData("terms")).transform_filter("datum.infinite")
    mark = endless.mark_text(dy=6, fontSize=18, fontWeight=600, baseline="top", color="currentColor")
    layers.append(alt.Chart(alt.Data(values=[{"zero": 0}])).mark_rule(color=GRAY).encode(y="zero:Q"))
    layers.append(mark.encode(at, y, beside, text=alt.value("∞")))
    ends = alt.param(name="axis", expr="data('axis')[0] || {low: 0, high: 1}")
    legend = roles("fill", "stroke", named=(FORWARD, REVERSE))
    return constant_spec(alt.layer(*layers, legend, kept("axis")).add_params(ends), TERMS_HEIGHT)


@cache
def run_spec(role: str, units: str) -> dict:
    """Datasets: `run` (n, excess), `band` (n, low, high), `line` (n, D): band and line in the style of the role."""
    size = alt.Scale(type="log", nice=False)
    x = alt.X("n:Q", title="symbols coded, log scale", scale=size, axis=alt.Axis(values=TICKS, format="~s"))
    y = alt.Axis(tickCount=5, minExtent=AXIS)
    low = alt.Y("low:Q", title=f"excess, {units}", scale=alt.Scale(zero=False), axis=y)
    color, dash = alt.ColorDatum(role), DASHES[ROLES.index(role)]
    band = alt.Chart(alt.NamedData("band")).mark_area(opacity=0.18).encode(x, low, alt.Y2("high:Q"), color=color)
    line = alt.Chart(alt.NamedData("line")).mark_line(strokeDash=dash).encode(x, alt.Y("D:Q"), color=color)
    dots = alt.OverlayMarkDef(size=18, color=GRAY)
    run = (
        alt.Chart(alt.NamedData("run")).mark_line(point=dots, color=GRAY, strokeWidth=1.5).encode(x, alt.Y("excess:Q"))
    )
    return constant_spec(alt.layer(band, run, line, roles("color")), RUN_HEIGHT)


def terms_chart(scene: Scene, units: str) -> Picture:
    """The picture of the terms."""
    scale = NATS_IN[units]
    both = ((FORWARD, scene.forward.terms / scale), (REVERSE, scene.reverse.terms / scale))
    finite = np.concatenate([terms[np.isfinite(terms)] for _, terms in both] + [[0.0]])
    low, high = min(0.0, ROOM * finite.min()), ROOM * finite.max() or 1.0
    tables = [
        pd.DataFrame(
            {
                "symbol": scene.question.names,
                "role": role,
                "value": np.where(np.isfinite(terms), terms, high),
                "label": [f"{term:.6g}" for term in terms],
                "infinite": np.isinf(terms),
            }
        )
        for role, terms in both
    ]
    axis = pd.DataFrame({"low": [low], "high": [high]})
    return Picture(terms_spec(units), {"terms": pd.concat(tables), "axis": axis}, TERMS_ALT)


def run_chart(scene: Scene, direction: Direction, measured: Measured, units: str) -> Picture:
    """The picture of a sample; without a band and a line where D is infinite."""
    scale, divergence = NATS_IN[units], scene.costs(direction).divergence.value
    found = pd.DataFrame({"n": measured.run.sizes, "excess": measured.run.excess / scale})
    low, high = measured.band or (np.empty(0), np.empty(0))
    band = pd.DataFrame({"n": found["n"][: low.size], "low": low / scale, "high": high / scale})
    line = pd.DataFrame({"n": band["n"], "D": divergence / scale})
    return Picture(run_spec(ROLE_OF[direction], units), {"run": found, "band": band, "line": line}, RUN_ALT)
