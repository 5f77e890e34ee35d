"""The curves beside a lesson, with where q stands now: one constant spec for all. This module knows no Streamlit."""

from __future__ import annotations

from functools import cache

import altair as alt
import numpy as np
import pandas as pd

from kl_engine import Direction
from pages.ui.draw.peak_labels import label_layers, peak_labels
from pages.ui.draw.specs import Picture, constant_spec
from pages.ui.draw.theme import DASHES, FORWARD, GRAY, REVERSE, ROLES
from pages.ui.say.numbers import NATS_IN
from pages.ui.views.lessons.forms import FORMULA
from pages.ui.views.lessons.scene import FormScene, MixtureScene

ROLE_OF = {Direction.FORWARD: FORWARD, Direction.REVERSE: REVERSE, FORMULA: FORMULA}  # a formula's line is solid
NAMES = {FORWARD: "forward", REVERSE: "reverse"}
HEIGHT = 210
ALT = "Both divergences over one parameter: forward dashed, reverse dotted; dots mark their minima."
CROWDED = 6  # times the value at the present place: what is higher is cut, or a pole would flatten the rest


@cache
def curve_spec() -> dict:
    """Datasets: `curve` and `minima` (x, value, role), `labels` (the same, and words), `now` (x, top, bottom)."""
    color = alt.Color("role:N", scale=alt.Scale(domain=[*ROLES, FORMULA]), legend=None)
    dash = alt.StrokeDash("role:N", scale=alt.Scale(domain=[*ROLES, FORMULA], range=[*DASHES, DASHES[0]]), legend=None)
    x = alt.X("x:Q", title=None, scale=alt.Scale(nice=False, zero=False))
    up = alt.Scale(domainMin=alt.ExprRef("bottom"), domainMax=alt.ExprRef("top"), nice=False)
    y = alt.Y("value:Q", title=None, scale=up, axis=alt.Axis(tickCount=4, minExtent=40))
    curve = alt.Chart(alt.NamedData("curve")).mark_line(clip=True).encode(x, y, color, dash)
    now = alt.Chart(alt.NamedData("now")).mark_rule(color=GRAY).encode(x)
    minima = alt.Chart(alt.NamedData("minima")).mark_point(filled=True, size=80, clip=True).encode(x, y, color)
    ends = [
        alt.param(name=n, expr=f"data('now')[0] ? data('now')[0].{n} : {at}") for n, at in (("top", 1), ("bottom", 0))
    ]
    names = label_layers(x, y, [*ROLES, FORMULA])
    return constant_spec(alt.layer(now, curve, minima, *names).add_params(*ends), HEIGHT)


def curves(scene: FormScene | MixtureScene, units: str) -> Picture:
    """Each divergence, or form, over the lesson's axis or over the mean of q."""
    question = scene.question
    scale = NATS_IN[units] if question.lesson.in_units else 1.0
    if isinstance(scene, FormScene):
        now = question.set[question.lesson.axis]
        minima = [(ROLE_OF[name], place.at, place.value / scale) for name, place in scene.least.items()]
    else:
        now = scene.q.mean
        minima = [(FORWARD, scene.p.mean, scene.forward_least / scale)]
        minima += [(REVERSE, fit.q.mean, fit.value.value / scale) for fit in scene.optima]
    shown = {ROLE_OF[name]: curve / scale for name, curve in scene.curves.items()}
    return _picture(scene.x, shown, now, minima)


def _picture(x: np.ndarray, curves: dict[str, np.ndarray], now: float, minima: list[tuple]) -> Picture:
    """Curves by role, the present x, and minima as (role, x, value)."""
    rows = [pd.DataFrame({"x": x, "value": value, "role": role}) for role, value in curves.items()]
    here = max(float(np.interp(now, x, value)) for value in curves.values())
    least = max(float(value) for _, _, value in minima)
    top = min(1.05 * max(float(value.max()) for value in curves.values()), CROWDED * max(here, least) + 0.1)
    bottom = min(0.0, max(min(float(value.min()) for value in curves.values()), -CROWDED * (abs(here) + 0.1)))
    curve = pd.concat(rows)
    datasets = {
        "curve": curve,
        "now": pd.DataFrame({"x": [now], "top": [top], "bottom": [bottom]}),
        "minima": pd.DataFrame(minima, columns=["role", "x", "value"]),
        "labels": peak_labels(curve, NAMES, HEIGHT, top, "value", bottom),
    }
    return Picture(curve_spec(), datasets, ALT)
