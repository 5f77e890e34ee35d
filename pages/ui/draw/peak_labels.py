"""The name of each curve at its highest point, in its colour; where two would meet, one stands above the other."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import numpy as np
import pandas as pd

from pages.ui.draw.theme import ROLES

LINE = 16  # px from one line of letters to the next
BESIDE = 0.13  # of the width: labels nearer than this would run into one another
HIGH = 0.98  # of the highest summit: as good a place for a name as the highest itself
EDGE = 0.06  # of the width: so far from both ends a name stays


def peak_labels(curves: pd.DataFrame, words: Mapping[str, str], height: int, top: float, y: str = "density"):
    """The dataset `labels` (x, role, words, and the column `y`) for curves (x, role, `y`) on an axis from 0 to `top`.

    Of several summits as high a curve takes the one where the others are lowest.
    """
    shown = {role: curves[curves["role"] == role].sort_values("x") for role in words}
    shown = {role: table for role, table in shown.items() if len(table)}
    low, high = curves["x"].min(), curves["x"].max()
    margin, line = EDGE * (high - low), LINE * top / height
    taken: list[tuple[float, float]] = []
    rows = []
    for role, table in sorted(shown.items(), key=lambda item: -item[1][y].max()):
        x = _summit(table, [other for name, other in shown.items() if name != role], y)
        x, up = float(np.clip(x, low + margin, high - margin)), min(float(table[y].max()), top - 1.3 * line)
        while any(abs(x - at) < BESIDE * (high - low) and abs(up - level) < line for at, level in taken):
            up += 0.25 * line
        taken.append((x, up))
        rows.append((x, role, words[role], up))
    return pd.DataFrame(rows, columns=["x", "role", "words", y])


def _summit(table: pd.DataFrame, others: list[pd.DataFrame], y: str) -> float:
    """Where a curve is highest; of several summits as high, where the highest of the others is lowest."""
    x, values = table["x"].to_numpy(), table[y].to_numpy()
    inner = np.pad(values, 1, constant_values=-np.inf)
    summits = np.flatnonzero((values >= inner[:-2]) & (values > inner[2:]) & (values >= HIGH * values.max()))
    if summits.size < 2:
        return float(x[values.argmax()])
    beside = [max((float(np.interp(x[i], other["x"], other[y])) for other in others), default=0.0) for i in summits]
    return float(x[summits[int(np.argmin(beside))]])


def label_layers(x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """The layers that draw the dataset `labels`: a role in its colour, what has no role in that of the text."""
    style = {"fontSize": 13, "fontWeight": 600, "dy": -9}
    labels, of_a_role = alt.Chart(alt.NamedData("labels")), f"indexof({ROLES}, datum.role) >= 0"
    own = labels.transform_filter(of_a_role).mark_text(**style)
    other = labels.transform_filter(f"!({of_a_role})").mark_text(color="currentColor", **style)
    color = alt.Color("role:N", scale=alt.Scale(domain=ROLES), legend=None)
    return [own.encode(x, y, color, text="words:N"), other.encode(x, y, text="words:N")]
