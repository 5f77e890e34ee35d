"""The picture of one state, and the strip that shows where along the dial the claim holds: constant specs."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache

import altair as alt
import numpy as np
import pandas as pd

from pages.ui.draw.specs import Picture, constant_spec
from pages.ui.draw.theme import DASHES, FORWARD, REVERSE, ROLES, TARGET
from pages.ui.say.numbers import NATS_IN
from pages.ui.views.claims.argument.claim import BARS, DENSITY, GIVEN, OTHER, Claim, Drawing
from pages.ui.views.claims.argument.verdicts import FALSE, Verdict
from pages.ui.views.claims.scene import Scene

HEIGHT, STRIP = 280, 80
EMBEDDED, PRESENTED = 180, 360  # heights of the picture in a frame, and on a wall
DASH = {**dict(zip(ROLES, DASHES)), GIVEN: [8, 3, 2, 3], OTHER: [3, 3]}
NEAR_END = 0.92  # of a curve: where its name stands
UNTOLD = Verdict(FALSE, (), False, None)
PALE, FULL = 0.12, 0.55  # opacity of the dial where the claim does not hold, and where it does


def picture_of(scene: Scene, units: str, height: int = HEIGHT) -> Picture:
    """The picture of the present state; heights that are divergences are in these units."""
    drawing = in_units(scene.claim.draw(scene.results), units)
    named = ", ".join(dict.fromkeys(line.name for line in drawing.lines))
    text = f"{scene.claim.title}, with the dial at {scene.question.at:g}: {named}."
    if drawing.kind == BARS:
        series = tuple(line.name for line in drawing.lines)
        return Picture(bar_spec(drawing.y, drawing.names, series, height), {"bars": _bars(drawing)}, text)
    tables = {"curves": _curves(drawing), "labels": _labels(drawing)}
    if drawing.rug is None:
        return Picture(curve_spec(drawing.x, drawing.y, False, height), tables, text)
    tables["rug"] = pd.DataFrame({"x": drawing.rug, "value": 0.0})
    return Picture(curve_spec(drawing.x, drawing.y, True, height), tables, f"{text} Ticks: the observations.")


def strip_of(scene: Scene, told: bool = True, beside: int = HEIGHT) -> Picture:
    """The dial as a line: full where the claim holds, pale where it does not, with its edges and the present state.

    Until the verdict is `told` it is pale all along, and in the same place: nothing moves when it comes. Its letters
    are those of the picture of this height that it stands `beside`.
    """
    dial, verdict = scene.claim.dial, scene.verdict if told else UNTOLD
    ends = [dial.low, *verdict.edges, dial.high]
    spans = pd.DataFrame(
        [
            {"low": low, "high": high, "middle": (low + high) / 2, "holds": verdict.is_true(i)}
            for i, (low, high) in enumerate(zip(ends, ends[1:]))
        ]
    ).assign(label=lambda rows: np.where(rows["holds"], "holds", "fails" if told else ""))
    wide = spans["high"] - spans["low"] > 0.3 * (dial.high - dial.low)
    spans["label"] = spans["label"].where(wide, "")
    edges = pd.DataFrame({"at": list(verdict.edges), "label": [_edge(scene.claim, edge) for edge in verdict.edges]})
    edges = edges.astype({"at": float, "label": object})
    now = pd.DataFrame({"at": [scene.question.at]})
    text = f"{dial.label}, {dial.low:g} to {dial.high:g}: where the claim holds. It stands at {scene.question.at:g}."
    tables = {"spans": spans, "edges": edges, "now": now}
    return Picture(
        strip_spec(letters(beside)), {name: table.assign(row=0.2, above=0.92) for name, table in tables.items()}, text
    )


def letters(height: int) -> int:
    """The size of the letters in a picture of this height: on a wall they are larger."""
    return 12 if height <= HEIGHT else 18


def short(edge: float) -> str:
    """An edge, to four digits."""
    return f"{edge:#.4g}".rstrip(".").replace("-", "−")


def in_units(drawing: Drawing, units: str) -> Drawing:
    """The drawing with its divergences in these units."""
    if not drawing.in_nats:
        return drawing
    return replace(drawing, y=units, lines=tuple(replace(line, y=line.y / NATS_IN[units]) for line in drawing.lines))


def _edge(claim: Claim, edge: float) -> str:
    return f"{math.floor(edge)} | {math.ceil(edge)}" if claim.counts else short(edge)


@cache
def curve_spec(x: str, y: str, rug: bool, height: int) -> dict:
    """Datasets `curves` and `labels` (x, value, name, role), a label at the peak of each curve; `rug` (x, value)."""
    size = letters(height)
    axis = {"labelFontSize": size, "titleFontSize": size}
    places = alt.X("x:Q", title=x or None, scale=alt.Scale(nice=False, zero=False), axis=alt.Axis(**axis, tickCount=9))
    up = alt.Axis(tickCount=4, minExtent=40, **axis)
    values = alt.Y("value:Q", title=y or None, scale=alt.Scale(zero=False), axis=up)
    base, labels = alt.Chart(alt.NamedData("curves")), alt.Chart(alt.NamedData("labels"))
    color = alt.Color("role:N", scale=alt.Scale(domain=ROLES), legend=None)
    dash = alt.StrokeDash("role:N", scale=alt.Scale(domain=list(DASH), range=list(DASH.values())), legend=None)
    owned = f"indexof({ROLES}, datum.role) >= 0"
    given = f"indexof({ROLES}, datum.role) < 0"
    area = base.transform_filter(f"datum.filled && datum.role == '{TARGET}'").mark_area(opacity=0.12, clip=True)
    line = {"clip": True, "strokeWidth": 2.5 if height <= HEIGHT else 4}
    text = {"fontSize": size + 1, "dy": -9, "clip": False}
    layers = [
        area.encode(places, values, color, detail="name:N"),
        base.transform_filter(owned).mark_line(**line).encode(places, values, color, dash, detail="name:N"),
        base.transform_filter(given)
        .mark_line(**line, stroke="currentColor")
        .encode(places, values, dash, detail="name:N"),
        labels.transform_filter(owned).mark_text(**text).encode(places, values, color, text="name:N"),
        labels.transform_filter(given).mark_text(**text, color="currentColor").encode(places, values, text="name:N"),
    ]
    if rug:
        ticks = alt.Chart(alt.NamedData("rug")).mark_tick(height=14, yOffset=6, thickness=1.5, color="currentColor")
        layers.append(ticks.encode(places, values))
    chart = alt.layer(*layers)
    return constant_spec(chart, height)


@cache
def bar_spec(y: str, names: tuple[str, ...], series: tuple[str, ...], height: int) -> dict:
    """Dataset `bars` (place, value, name, role): p filled, the others with an outline, side by side in this order."""
    base = alt.Chart(alt.NamedData("bars"))
    size = letters(height)
    axis = {"labelFontSize": size, "titleFontSize": size}
    gaps = alt.Scale(paddingInner=0.35, paddingOuter=0.2)
    x = alt.X("place:N", title=None, axis=alt.Axis(labelAngle=0, **axis), scale=gaps, sort=list(names))
    values = alt.Y("value:Q", title=y or None, axis=alt.Axis(tickCount=4, minExtent=40, **axis))
    color = alt.Color("role:N", scale=alt.Scale(domain=ROLES), legend=None)
    stroke = alt.Stroke("role:N", scale=alt.Scale(domain=ROLES), legend=None)
    side = alt.XOffset("name:N", sort=list(series))
    target, fit = f"datum.role == '{TARGET}'", f"datum.role == '{REVERSE}' || datum.role == '{FORWARD}'"
    given = f"datum.role == '{GIVEN}'"
    hollow = {"fillOpacity": 0, "strokeWidth": 2}
    bars = [
        base.transform_filter(target).mark_bar(opacity=0.45).encode(x, values, color, side),
        base.transform_filter(fit).mark_bar(**hollow, strokeDash=DASH[REVERSE]).encode(x, values, stroke, side),
        base.transform_filter(given)
        .mark_bar(**hollow, stroke="currentColor", strokeDash=DASH[GIVEN])
        .encode(x, values, side),
    ]
    first = base.transform_filter(f"datum.place == '{names[0]}'")  # named once
    text = first.mark_text(fontSize=size, dy=-8, color="currentColor").encode(x, values, side, text="name:N")
    return constant_spec(alt.layer(*bars, text), height)


@cache
def strip_spec(size: int) -> dict:
    """Datasets `spans` (low, high, middle, holds, label), `edges` (at, label), `now` (at); and `row`, `above`."""
    scale = alt.Scale(nice=False, zero=False)
    spans = alt.Chart(alt.NamedData("spans"))
    low = alt.X(
        "low:Q", title=None, scale=scale, axis=alt.Axis(tickCount=6, domain=False, grid=False, labelFontSize=size)
    )
    opacity = alt.Opacity("holds:N", scale=alt.Scale(domain=[True, False], range=[FULL, PALE]), legend=None)
    edges, now = alt.Chart(alt.NamedData("edges")), alt.Chart(alt.NamedData("now"))
    at = alt.X("at:Q", scale=scale)
    row, above = (alt.Y(f"{name}:Q", scale=alt.Scale(domain=[0, 1]), axis=None) for name in ("row", "above"))
    text = {"fontSize": size, "color": "currentColor"}
    chart = alt.layer(
        spans.mark_bar(height=size + 2, color="currentColor").encode(low, row, x2="high:Q", opacity=opacity),
        spans.mark_text(**text).encode(alt.X("middle:Q"), above, text="label:N"),
        edges.mark_tick(thickness=2, height=size + 10, color="currentColor").encode(at, row),
        edges.mark_text(**text, fontWeight="bold").encode(at, above, text="label:N"),
        now.mark_point(shape="diamond", filled=True, size=190, opacity=1, color="currentColor").encode(at, row),
    )
    return constant_spec(chart, STRIP + 3 * (size - 12))


def _curves(drawing: Drawing) -> pd.DataFrame:
    """One row a point; what is a density is filled down to zero, what is a curve of something else is not."""
    parts = [
        pd.DataFrame({"x": line.x, "value": line.y}).assign(name=line.name, role=line.role) for line in drawing.lines
    ]
    table = pd.concat(parts, ignore_index=True).assign(filled=_of_densities(drawing))
    return table[np.isfinite(table["value"])]


def _labels(drawing: Drawing) -> pd.DataFrame:
    """Each name once: of a density where it is furthest from zero, of another curve near its end."""
    rows = []
    for line in drawing.lines:
        height = np.where(np.isfinite(line.y), np.abs(line.y), -1)
        at = int(np.argmax(height)) if _of_densities(drawing) else int(NEAR_END * (line.x.size - 1))
        rows.append({"x": float(line.x[at]), "value": float(line.y[at]), "name": line.name, "role": line.role})
    return pd.DataFrame(rows)


def _of_densities(drawing: Drawing) -> bool:
    return drawing.y.startswith(DENSITY)


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
