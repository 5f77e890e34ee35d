"""How far each way is off, pair by pair, on a logarithmic axis: a constant spec."""

from __future__ import annotations

import math
from functools import cache

import altair as alt
import pandas as pd

from pages.ui.draw.specs import Picture, constant_spec
from pages.ui.views.measured.scene import CUBATURE, OURS, QUAD, SAMPLED, TORCH, Scene

HEIGHT = 260
LEAST, MOST = 1e-18, 1e6  # of an axis: what is exact, or infinitely off, stands at its ends
WAYS = (OURS, SAMPLED, TORCH, QUAD, CUBATURE)
SHAPES = ("circle", "triangle-up", "diamond", "cross", "square")
SIGNS = ("○", "△", "◇", "✚", "□")
ALT = "For every pair, how far each way is from the truth in nats, on a logarithmic axis from 1e-18 to 1e6."


@cache
def spec() -> dict:
    """Dataset `errors` (pair, way, off)."""
    x = alt.X(
        "off:Q",
        title="off by, in nats, log scale",
        scale=alt.Scale(type="log", domain=[LEAST, MOST]),
        axis=alt.Axis(tickCount=8, format="e"),
    )
    y = alt.Y("pair:N", title=None, sort=None, axis=alt.Axis(labelLimit=190))
    shape = alt.Shape("way:N", scale=alt.Scale(domain=WAYS, range=SHAPES), legend=None)  # the key is text, and wraps
    chart = (
        alt.Chart(alt.NamedData("errors"))
        .mark_point(size=90, stroke="currentColor", strokeWidth=1.8)
        .encode(x, y, shape)
    )
    return constant_spec(chart, HEIGHT)


def table_of(scene: Scene) -> pd.DataFrame:
    """All that was measured, in nats: one line for each pair and way."""
    rows = [
        {
            "pair": row.pair.name,
            "way": said.way,
            "says": said.value,
            "states": said.error,
            "off": row.off(said),
        }
        for row in scene.rows
        for said in row.said
        if not math.isnan(said.value)
    ]
    return pd.DataFrame(rows)


def key(scene: Scene) -> str:
    """Which sign is which way, of those that have an answer."""
    drawn = {said.way for row in scene.rows for said in row.said if not math.isnan(said.value)}
    return " &ensp; ".join(f"{sign} {way}" for way, sign in zip(WAYS, SIGNS) if way in drawn)


def picture(scene: Scene) -> Picture:
    """The errors of all."""
    table = table_of(scene)
    shown = table.assign(off=table["off"].clip(LEAST, MOST))[["pair", "way", "off"]]
    return Picture(spec(), {"errors": shown}, ALT)
