"""The name of each curve beside it, in its colour: at its summit where that is free, else at a flank of the curve."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import altair as alt
import numpy as np
import pandas as pd

from pages.ui.draw.theme import ROLES

WIDTH = 620  # px of a usual chart; a narrower one has less air
LETTER, LINE, AIR = 7.2, 16, 6  # px: a letter's width, a line's height, and what lies between a name and its curve
HIGH = 0.98  # of the highest summit: as good a place for a name as the highest itself
LEVELS = (0.9, 0.75, 0.6, 0.45, 0.3)  # of the summit: where at the flanks a name may stand
STEP = 3.0  # px, in which a curve is followed across a name
MET = 50  # how much worse another name in the way is than a piece of a curve


def peak_labels(
    curves: pd.DataFrame,
    words: Mapping[str, str],
    height: int,
    top: float,
    y: str = "density",
    bottom: float = 0.0,
    width: int = WIDTH,
) -> pd.DataFrame:
    """The dataset `labels` (x, role, words, and the column `y`) for curves (x, role, `y`) on an axis from `bottom` to
    `top`, in a chart of this size in px.

    A name is centred at its place. Each goes where it meets the least of other names and of curves.
    """
    low, span = curves["x"].min(), np.ptp(curves["x"]) or 1.0
    whole, seen = {}, {}  # each curve in px, and what of it lies on the axis
    for role in words:
        table = curves[curves["role"] == role].sort_values("x")
        if len(table):
            across = width * (table["x"].to_numpy() - low) / span
            line = np.stack([across, height * (table[y].to_numpy() - bottom) / (top - bottom)])
            inside = (line[1] >= 0) & (line[1] <= height)
            whole[role] = line
            seen[role] = line[:, inside] if inside.any() else np.clip(line, 0.0, [[np.inf], [height]])
    boxes: list[np.ndarray] = []
    rows = []
    for role, line in sorted(seen.items(), key=lambda item: -item[1][1].max()):
        half = np.array([LETTER * len(words[role]) / 2, LINE / 2])
        places = _places(line, half, np.array([width, height]))
        place = min(places, key=lambda place: _met(place, half, whole.values(), boxes))
        boxes.append(np.stack([place - half, place + half]))
        level = bottom + (top - bottom) * place[1] / height
        rows.append((low + span * place[0] / width, role, words[role], level))
    return pd.DataFrame(rows, columns=["x", "role", "words", y])


def _places(line: np.ndarray, half: np.ndarray, size: np.ndarray) -> Iterator[np.ndarray]:
    """Where the middle of a name may stand, the best first, in px from the lower left: above summits, beside flanks."""
    x, y = line
    summit = y.max()
    inner = np.pad(y, 1, constant_values=-np.inf)
    tops = np.flatnonzero((y >= inner[:-2]) & (y > inner[2:]) & (y >= HIGH * summit))
    found = [(x[i], y[i] + half[1] + AIR / 2) for i in tops]
    for level in LEVELS:
        above = np.flatnonzero(y >= level * summit)
        found += [(x[above[-1]] + half[0] + AIR, level * summit), (x[above[0]] - half[0] - AIR, level * summit)]
    last = found[0]
    found += [(last[0], last[1] + k * LINE) for k in (1, 2, 3)]
    for place in found:
        yield np.clip(place, half + 1, size - half - 1)


def _met(place: np.ndarray, half: np.ndarray, lines, boxes: list[np.ndarray]) -> float:
    """How much of the curves, in px, and of the names already there a name would cover."""
    low, high = place - half, place + half
    names = sum(bool((low < box[1]).all() and (box[0] < high).all()) for box in boxes)
    grid = np.arange(low[0], high[0] + STEP, STEP)
    covered = 0
    for x, y in lines:
        # A steep curve, or one that begins here, may pass a name between two places of the grid.
        across = np.union1d(grid, x[(x > low[0]) & (x < high[0])])
        level = np.interp(across, x, y, left=np.nan, right=np.nan)
        lower, upper = np.minimum(level[:-1], level[1:]), np.maximum(level[:-1], level[1:])
        met = (across[1:] <= high[0]) & (upper > low[1]) & (lower < high[1])
        covered += np.unique(across[:-1][met] // STEP).size
    return MET * names + covered


def label_layers(x: alt.X, y: alt.Y, roles: Sequence[str] = ROLES) -> list[alt.Chart]:
    """The layers that draw the dataset `labels`: a role in its colour, what has no role in that of the text.

    The `roles` are those of the colours of the chart, in their order.
    """
    style = {"fontSize": 13, "fontWeight": 600, "baseline": "middle"}
    labels, of_a_role = alt.Chart(alt.NamedData("labels")), f"indexof({[*roles]}, datum.role) >= 0"
    own = labels.transform_filter(of_a_role).mark_text(**style)
    other = labels.transform_filter(f"!({of_a_role})").mark_text(color="currentColor", **style)
    color = alt.Color("role:N", scale=alt.Scale(domain=[*roles]), legend=None)
    return [own.encode(x, y, color, text="words:N"), other.encode(x, y, text="words:N")]
