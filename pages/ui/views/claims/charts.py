"""The picture of one state, and the strip that shows where along the dial the claim holds: constant specs."""

from __future__ import annotations

from functools import cache

import altair as alt
import numpy as np
import pandas as pd

from pages.ui.draw.specs import Picture, constant_spec
from pages.ui.draw.theme import DASHES, ROLES, TARGET
from pages.ui.views.claims.argument.claim import BARS, GIVEN, Drawing
from pages.ui.views.claims.scene import Scene

HEIGHT, STRIP = 280, 54
DASH = {**dict(zip(ROLES, DASHES)), GIVEN: [8, 3, 2, 3]}
PALE, FULL = 0.12, 0.55  # opacity of the dial where the claim does not hold, and where it does


def picture_of(scene: Scene) -> Picture:
    """The picture of the present state."""
    drawing = scene.claim.draw(scene.results)
    named = ", ".join(dict.fromkeys(line.name for line in drawing.lines))
    text = f"{scene.claim.title}, with the dial at {scene.question.at:g}: {named}."
    if drawing.kind == BARS:
        return Picture(bar_spec(drawing.y), {"bars": _bars(drawing)}, text)
    tables = {"curves": _curves(drawing), "labels": _labels(drawing)}
    return Picture(curve_spec(drawing.x, drawing.y), tables, text)


def strip_of(scene: Scene) -> Picture:
    """The dial as a line: full where the claim holds, pale where it does not, with its edges and the present state."""
    dial, verdict = scene.claim.dial, scene.verdict
    ends = [dial.low, *verdict.edges, dial.high]
    spans = pd.DataFrame(
        [
            {"low": low, "high": high, "middle": (low + high) / 2, "holds": verdict.is_true(i)}
            for i, (low, high) in enumerate(zip(ends, ends[1:]))
        ]
    ).assign(label=lambda rows: np.where(rows["holds"], "holds", "does not hold"))
    wide = spans["high"] - spans["low"] > 0.12 * (dial.high - dial.low)
    spans["label"] = spans["label"].where(wide, "")
    edges = pd.DataFrame({"at": list(verdict.edges), "label": [short(edge) for edge in verdict.edges]})
    edges = edges.astype({"at": float, "label": object})
    now = pd.DataFrame({"at": [scene.question.at]})
    text = f"{dial.label}, {dial.low:g} to {dial.high:g}: where the claim holds. It stands at {scene.question.at:g}."
    tables = {"spans": spans, "edges": edges, "now": now}
    return Picture(strip_spec(), {name: table.assign(row=0.2, above=0.78) for name, table in tables.items()}, text)


def short(edge: float) -> str:
    """An edge, to four digits."""
    return f"{edge:#.4g}".rstrip(".").replace("-", "−")


@cache
def curve_spec(x: str, y: str) -> dict:
    """Datasets `curves` (x, value, name, role) and `labels` (x, value, name, role), one at the peak of each curve."""
    places = alt.X("x:Q", title=x or None, scale=alt.Scale(nice=False, zero=False))
    values = alt.Y("value:Q", title=y or None, scale=alt.Scale(zero=False), axis=alt.Axis(tickCount=4, minExtent=40))
    base, labels = alt.Chart(alt.NamedData("curves")), alt.Chart(alt.NamedData("labels"))
    color = alt.Color("role:N", scale=alt.Scale(domain=ROLES), legend=None)
    dash = alt.StrokeDash("role:N", scale=alt.Scale(domain=list(DASH), range=list(DASH.values())), legend=None)
    owned, given = f"datum.role != '{GIVEN}'", f"datum.role == '{GIVEN}'"
    area = base.transform_filter(f"datum.role == '{TARGET}'").mark_area(opacity=0.12, clip=True)
    line = {"clip": True, "strokeWidth": 2.5}
    text = {"fontSize": 13, "dy": -9, "clip": False}
    chart = alt.layer(
        area.encode(places, values, color, detail="name:N"),
        base.transform_filter(owned).mark_line(**line).encode(places, values, color, dash, detail="name:N"),
        base.transform_filter(given)
        .mark_line(**line, stroke="currentColor")
        .encode(places, values, dash, detail="name:N"),
        labels.transform_filter(owned).mark_text(**text).encode(places, values, color, text="name:N"),
        labels.transform_filter(given).mark_text(**text, color="currentColor").encode(places, values, text="name:N"),
    )
    return constant_spec(chart, HEIGHT)


@cache
def bar_spec(y: str) -> dict:
    """Dataset `bars` (place, value, name, role): p filled, the other with an outline, side by side."""
    base = alt.Chart(alt.NamedData("bars"))
    x = alt.X("place:N", title=None, axis=alt.Axis(labelAngle=0), scale=alt.Scale(paddingInner=0.35, paddingOuter=0.2))
    values = alt.Y("value:Q", title=y or None, axis=alt.Axis(tickCount=4, minExtent=40))
    color = alt.Color("role:N", scale=alt.Scale(domain=ROLES), legend=None)
    side = alt.XOffset("name:N", sort=["p", "q"])
    target, other = f"datum.role == '{TARGET}'", f"datum.role != '{TARGET}'"
    text = {"fontSize": 12, "dy": -8}
    chart = alt.layer(
        base.transform_filter(target).mark_bar(opacity=0.45).encode(x, values, color, side),
        base.transform_filter(other)
        .mark_bar(fillOpacity=0, stroke="currentColor", strokeWidth=2, strokeDash=DASH[GIVEN])
        .encode(x, values, side),
        base.mark_text(**text, color="currentColor").encode(x, values, side, text="name:N"),
    )
    return constant_spec(chart, HEIGHT)


@cache
def strip_spec() -> dict:
    """Datasets `spans` (low, high, middle, holds, label), `edges` (at, label), `now` (at); and `row`, `above`."""
    scale = alt.Scale(nice=False, zero=False)
    spans = alt.Chart(alt.NamedData("spans"))
    low = alt.X("low:Q", title=None, scale=scale, axis=alt.Axis(tickCount=6, domain=False))
    opacity = alt.Opacity("holds:N", scale=alt.Scale(domain=[True, False], range=[FULL, PALE]), legend=None)
    edges, now = alt.Chart(alt.NamedData("edges")), alt.Chart(alt.NamedData("now"))
    at = alt.X("at:Q", scale=scale)
    row, above = (alt.Y(f"{name}:Q", scale=alt.Scale(domain=[0, 1]), axis=None) for name in ("row", "above"))
    text = {"fontSize": 12, "color": "currentColor"}
    chart = alt.layer(
        spans.mark_bar(height=14, color="currentColor").encode(low, row, x2="high:Q", opacity=opacity),
        spans.mark_text(**text).encode(alt.X("middle:Q"), above, text="label:N"),
        edges.mark_tick(thickness=2, height=22, color="currentColor").encode(at, row),
        edges.mark_text(**text, fontWeight="bold").encode(at, above, text="label:N"),
        now.mark_point(shape="diamond", filled=True, size=190, opacity=1, color="currentColor").encode(at, row),
    )
    return constant_spec(chart, STRIP)


def _curves(drawing: Drawing) -> pd.DataFrame:
    parts = [
        pd.DataFrame({"x": each.x, "value": each.y, "name": each.name, "role": each.role}) for each in drawing.lines
    ]
    table = pd.concat(parts, ignore_index=True)
    return table[np.isfinite(table["value"])]


def _labels(drawing: Drawing) -> pd.DataFrame:
    """Each name once, where its curve is furthest from zero."""
    rows = []
    for line in drawing.lines:
        best = int(np.argmax(np.where(np.isfinite(line.y), np.abs(line.y), -1)))
        rows.append({"x": float(line.x[best]), "value": float(line.y[best]), "name": line.name, "role": line.role})
    return pd.DataFrame(rows)


def _bars(drawing: Drawing) -> pd.DataFrame:
    rows = [
        {"place": drawing.names[i], "value": float(height), "name": line.name, "role": line.role}
        for line in drawing.lines
        for i, height in enumerate(line.y)
    ]
    return pd.DataFrame(rows)


def table_of(scene: Scene) -> pd.DataFrame:
    """What the picture shows, as a table."""
    drawing = scene.claim.draw(scene.results)
    return _bars(drawing) if drawing.kind == BARS else _curves(drawing)
