"""What the browser draws of a claim, state by state: the picture, and the dial that moves it. No Streamlit.

The stage draws what it is given and works nothing out: a state is its place on the dial, whether the claim holds there,
what is said of it, and a picture as whole numbers between the ends of its axes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from pages.ui.cache.kept import kept
from pages.ui.say.numbers import NATS_IN
from pages.ui.views.claims import words
from pages.ui.views.claims.argument import CLAIMS
from pages.ui.views.claims.argument.claim import BARS, DENSITY, Claim, Drawing, Line
from pages.ui.views.claims.argument.verdicts import Verdict
from pages.ui.views.claims.question import Question
from pages.ui.views.claims.scene import Scene, answered, measured

FINE = 4000  # steps from one end of an axis to the other: several to a pixel
SEEN = 4  # of these: by so much a line may leave its curve
NEAR_END = 0.92  # of a curve: where its name stands
HEADROOM = 1.06  # over the highest point of a picture
SAME_VIEW = 4.0  # how much larger one picture of a claim may be than another for both to have the same axis

Span = tuple[float, float]


@dataclass(frozen=True)
class Reach:
    """The stretches of the axes that all pictures of a claim have in common; None where each has its own."""

    across: Span | None
    up: Span | None


@kept(2 * len(CLAIMS))
def reach_of(key: str, units: str) -> Reach:
    """The reach of the pictures along the dial, seen at its ends, in the middle and where it opens.

    Where they are of very different sizes no axis serves all of them.
    """
    dial = CLAIMS[key].dial
    places = {dial.low, dial.nearest((dial.low + dial.high) / 2), dial.high, dial.default}
    drawings = [in_units(CLAIMS[key].draw(measured(key, at)), units) for at in sorted(places)]
    return Reach(_shared([_across(d) for d in drawings]), _shared([_up(d) for d in drawings]))


def _shared(spans: list[Span]) -> Span | None:
    """One stretch that holds all of these; None where it would be too wide for the narrowest."""
    low, high = min(low for low, _ in spans), max(high for _, high in spans)
    narrowest = min(high - low for low, high in spans)
    return (low, high) if high - low <= SAME_VIEW * narrowest else None


def _across(drawing: Drawing) -> Span:
    return min(float(line.x[0]) for line in drawing.lines), max(float(line.x[-1]) for line in drawing.lines)


def _up(drawing: Drawing) -> Span:
    """From the lowest point to the highest, with room above; bars and densities stand on zero."""
    heights = np.concatenate([line.y[np.isfinite(line.y)] for line in drawing.lines])
    low, high = float(heights.min()), float(heights.max())
    if drawing.kind == BARS or _of_densities(drawing):
        low, high = min(low, 0.0), max(high, 0.0)
    room = (HEADROOM - 1) * (high - low) or 1.0
    return low - room * (low < 0 or not _of_densities(drawing) and drawing.kind != BARS), high + room


def in_units(drawing: Drawing, units: str) -> Drawing:
    """The drawing with its divergences in these units, be they its heights or what its densities are over."""
    scale = NATS_IN[units]
    if drawing.over_nats:
        lines = tuple(replace(line, x=line.x / scale, y=line.y * scale) for line in drawing.lines)
        here = None if drawing.here is None else drawing.here / scale
        return replace(drawing, x=f"{drawing.x}, {units}", lines=lines, here=here)
    if drawing.in_nats:
        lines = tuple(replace(line, y=line.y / scale) for line in drawing.lines)
        return replace(drawing, y=units, lines=lines)
    return drawing


def state_of(key: str, at: float, units: str) -> dict[str, object]:
    """One state as the browser shows it: where the dial stands, whether the claim holds, what is said, the picture."""
    scene = answered(Question(key, at))
    return {"at": at, "holds": scene.holds, "said": words.here(scene, units), "picture": picture_of(scene, units)}


def picture_of(scene: Scene, units: str) -> dict[str, object]:
    """The picture of a state: titles and ends of the axes, and lines of whole numbers between these ends."""
    drawing, reach = in_units(scene.claim.draw(scene.results), units), reach_of(scene.claim.key, units)
    (left, right), (low, high) = view = (reach.across or _across(drawing), reach.up or _up(drawing))
    named = ", ".join(dict.fromkeys(line.name for line in drawing.lines if line.name.strip()))
    rug = () if drawing.rug is None else drawing.rug
    return {
        "view": [left, right, low, high],
        "x": drawing.x,
        "y": drawing.y,
        "names": list(drawing.names),
        "lines": [_line(drawing, line, view) for line in drawing.lines],
        "rug": _steps(np.asarray(rug, float), (left, right)).tolist(),
        "here": None if drawing.here is None else int(_steps(np.array([drawing.here]), (left, right))[0]),
        "zero": int(_steps(np.zeros(1), (low, high))[0]),
        "alt": f"{scene.claim.title}, with the dial at {scene.question.at:g}: {named or 'one bar for each'}"
        + ("." if drawing.rug is None else ". Ticks: the observations."),
    }


def _line(drawing: Drawing, line: Line, view: tuple[Span, Span]) -> dict[str, object]:
    """A line as the numbers x, y, x, y …; a set of bars as its heights."""
    if drawing.kind == BARS:
        return {"name": line.name, "role": line.role, "d": _steps(line.y, view[1]).tolist()}
    seen = np.isfinite(line.y)
    x, y = _steps(line.x[seen], view[0]), _steps(line.y[seen], view[1])
    corners = thinned(x, y)
    label = int(np.argmax(np.abs(line.y[seen]))) if _of_densities(drawing) else int(NEAR_END * (x.size - 1))
    return {
        "name": line.name,
        "role": line.role,
        "filled": _of_densities(drawing),
        "at": [int(x[label]), int(y[label])],
        "d": np.column_stack([x, y])[corners].ravel().tolist(),
    }


def _steps(values: np.ndarray, span: Span) -> np.ndarray:
    """Values as whole steps between the ends of an axis."""
    return np.rint(FINE * (values - span[0]) / (span[1] - span[0])).astype(int)


def thinned(x: np.ndarray, y: np.ndarray) -> list[int]:
    """The points of a curve that its line needs: no other lies further than `SEEN` above or below it.

    As Ramer, Douglas and Peucker have it: the furthest point from a straight piece divides it.
    """
    kept_points, pieces = {0, x.size - 1}, [(0, x.size - 1)]
    while pieces:
        first, last = pieces.pop()
        if last - first < 2:
            continue
        inner = slice(first + 1, last)
        line = np.interp(x[inner], [x[first], x[last]], [y[first], y[last]])
        away = np.abs(y[inner] - line)
        if away.max() > SEEN:
            middle = first + 1 + int(np.argmax(away))
            kept_points.add(middle)
            pieces += [(first, middle), (middle, last)]
    return sorted(kept_points)


def dial_of(claim: Claim) -> dict[str, object]:
    """What is constant of the dial."""
    dial = claim.dial
    fields = {"label": dial.label, "hint": dial.hint, "low": dial.low, "high": dial.high, "step": dial.step}
    return fields | {"decimals": dial.decimals}


def strip_of(claim: Claim, found: Verdict) -> dict[str, object]:
    """Where along the dial the claim holds and where not, and the edges between, each with its number."""
    ends = [claim.dial.low, *found.edges, claim.dial.high]
    return {
        "spans": [[low, high, found.is_true(i)] for i, (low, high) in enumerate(zip(ends, ends[1:]))],
        "edges": [[edge, _edge(claim, edge)] for edge in found.edges],
    }


def _edge(claim: Claim, edge: float) -> str:
    return f"{math.floor(edge)} | {math.ceil(edge)}" if claim.counts else words.short(edge)


def _of_densities(drawing: Drawing) -> bool:
    return drawing.y.startswith(DENSITY)


def table_of(scene: Scene) -> pd.DataFrame:
    """What the picture shows, as a table."""
    drawing = scene.claim.draw(scene.results)
    if drawing.kind == BARS:
        rows = [
            {"place": drawing.names[i], "value": float(height), "name": line.name, "role": line.role}
            for line in drawing.lines
            for i, height in enumerate(line.y)
        ]
        return pd.DataFrame(rows)
    parts = [
        pd.DataFrame({"x": line.x, "value": line.y}).assign(name=line.name, role=line.role) for line in drawing.lines
    ]
    table = pd.concat(parts, ignore_index=True)
    return table[np.isfinite(table["value"])]
