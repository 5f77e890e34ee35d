"""The cost of mean field as curves: one constant spec, over correlation or over dimension. Knows no Streamlit."""

from __future__ import annotations

from functools import cache

import altair as alt
import numpy as np
import pandas as pd

from pages.ui.draw.peak_labels import label_layers, peak_labels
from pages.ui.draw.specs import Picture, constant_spec
from pages.ui.draw.theme import DASHES, FORWARD, GRAY, REVERSE, ROLES
from pages.ui.say.numbers import NATS_IN
from pages.ui.views.two_dimensions.scene import Scene, cost_at

HEIGHT, WIDTH = 190, 430
NAMES = {FORWARD: "forward", REVERSE: "reverse"}
HEADROOM = 1.12  # times the highest cost, for the names
ALT = "The cost of mean field: forward dashed, reverse dotted; dots where the sliders are."
CORRELATIONS = np.linspace(0, 0.98, 50)
DIMENSIONS = np.arange(2, 31)


@cache
def cost_spec(title: str, units: str) -> dict:
    """Datasets: `curve` and `here`, both (x, value, role), and `labels` (the same, and words)."""
    color = alt.Color("role:N", scale=alt.Scale(domain=ROLES), legend=None)
    dash = alt.StrokeDash("role:N", scale=alt.Scale(domain=ROLES, range=DASHES), legend=None)
    x = alt.X("x:Q", title=title, scale=alt.Scale(nice=False, zero=False))
    y = alt.Y("value:Q", title=f"cost, {units}", axis=alt.Axis(tickCount=4, minExtent=36), scale=alt.Scale(domainMin=0))
    curve = alt.Chart(alt.NamedData("curve")).mark_line().encode(x, y, color, dash)
    here = alt.Chart(alt.NamedData("here"))
    rule = here.mark_rule(color=GRAY).encode(x)
    dots = here.mark_point(filled=True, size=80, opacity=1).encode(x, y, color)
    return constant_spec(alt.layer(rule, curve, dots, *label_layers(x, y)), HEIGHT)


def cost_pictures(scene: Scene, units: str) -> tuple[Picture, Picture]:
    """The cost over correlation, at the question's dimension, and over dimension, at its correlation."""
    rho, n, scale = scene.question.correlation, scene.question.dimension, NATS_IN[units]
    correlations, dimensions = np.round(CORRELATIONS, 2), DIMENSIONS.astype(float)
    over_correlation = cost_data(correlations, [(r, n) for r in correlations.tolist()], rho, scale)
    over_dimension = cost_data(dimensions, [(rho, d) for d in DIMENSIONS.tolist()], n, scale)
    return (
        Picture(cost_spec("correlation", units), over_correlation, ALT),
        Picture(cost_spec("dimension", units), over_dimension, ALT),
    )


def cost_data(x: np.ndarray, places: list[tuple[float, int]], here: float, scale: float) -> dict[str, pd.DataFrame]:
    """The datasets: at each x the cost of the (correlation, dimension) of `places`, in units of `scale` nats."""
    costs = [cost_at(*place) for place in places]
    values = {FORWARD: [cost.forward.value for cost in costs], REVERSE: [cost.reverse.value for cost in costs]}
    rows = [pd.DataFrame({"x": x, "value": np.array(v) / scale, "role": role}) for role, v in values.items()]
    curve = pd.concat(rows)
    top = HEADROOM * curve["value"].max() or 1.0
    labels = peak_labels(curve, NAMES, HEIGHT, top, "value", width=WIDTH)
    return {"curve": curve, "here": curve[np.isclose(curve["x"], here)], "labels": labels}
