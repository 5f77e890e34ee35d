"""The charts of the view: specs made once, datasets made from engine results. This module knows no Streamlit."""

from __future__ import annotations

import math
from functools import cache

import altair as alt
import pandas as pd

from kl_engine.acting.mazes import COMMITMENT_NOISE, PLACES
from pages.ui.draw.specs import Picture, constant_spec, kept, roles
from pages.ui.draw.theme import DASHES, GRAY, REVERSE, TARGET
from pages.ui.say.numbers import NATS_IN, three
from pages.ui.views.infer_then_act.scene import EXACT, FACTORISED, Branches, Scene

BARS_HEIGHT, BRANCH_HEIGHT = 210, 190
AXIS = 40  # px for the labels of each vertical axis
BARS_ALT = "Expected free energy of each action, as risk plus ambiguity and as minus utility less information gain."
BRANCH_ALT = "q(right) of the factorised fixed points against the noise of the clue, with the commitment threshold."
FIRST, SECOND = "risk + ambiguity", "−utility − gain"
ROLE_OF = {EXACT: TARGET, FACTORISED: REVERSE}
AMBER = "#f59e0b"  # of what no role has: it shows on either ground
PARTS = {"risk": (None, 0.8), "ambiguity": (AMBER, 0.75), "G": (GRAY, 0.6), "gain": (GRAY, 0.06)}
ROOM = 1.15  # times the longest bar


@cache
def bars_spec(role: str) -> dict:
    """Datasets: `bars` (action, split, part, low, high), `totals` (action, G, text, best), `axis` (high)."""
    action = alt.X("action:N", sort=list(PLACES), title=None, axis=alt.Axis(labelAngle=0))
    beside = alt.XOffset("split:N", scale=alt.Scale(domain=[FIRST, SECOND], paddingInner=0.12))
    span = alt.Scale(domainMin=0, domainMax=alt.ExprRef("axis.high"), nice=False)
    y = alt.Y("low:Q", title="G", scale=span, axis=alt.Axis(tickCount=4, minExtent=AXIS))
    color, edge, tip = alt.FillDatum(role), alt.StrokeDatum(role), ["action:N", "split:N", "part:N", "text:N"]
    layers = []
    for part, (hue, opacity) in PARTS.items():
        rows = alt.Chart(alt.NamedData("bars")).transform_filter(f"datum.part == '{part}'")
        dash = DASHES[2] if part == "gain" else DASHES[0]
        style = {"fill": hue, "stroke": hue} if hue else {}
        mark = rows.mark_bar(fillOpacity=opacity, strokeWidth=1.2, strokeDash=dash, clip=True, **style)
        mark = mark.encode(action, y, alt.Y2("high:Q"), beside, tooltip=tip)
        layers.append(mark if hue else mark.encode(fill=color, stroke=edge))
    for best, weight in ((True, 700), (False, 400)):
        rows = alt.Chart(alt.NamedData("totals")).transform_filter(f"datum.best == {str(best).lower()}")
        mark = rows.mark_text(dy=-8, fontSize=13 if best else 12, fontWeight=weight, color="currentColor")
        layers.append(mark.encode(action, alt.Y("top:Q", scale=span), text="text:N"))
    high = alt.param(name="axis", expr="data('axis')[0] || {high: 1}")
    return constant_spec(alt.layer(*layers, roles("fill", "stroke"), kept("axis")).add_params(high), BARS_HEIGHT)


@cache
def branch_spec() -> dict:
    """Datasets: `branches` (noise, q, branch), `marks` (noise, text), `now` (noise, q)."""
    x = alt.X("noise:Q", title="noise ε of the clue", scale=alt.Scale(nice=False, domainMin=0))
    y = alt.Y("q:Q", title="q(right)", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(tickCount=3, minExtent=AXIS))
    color = alt.ColorDatum(REVERSE)
    layers = []
    for names, dash, width in ((("upper", "lower", "even"), DASHES[0], 2), (("saddle",), DASHES[2], 1.5)):
        chosen = " || ".join(f"datum.branch == '{name}'" for name in names)
        rows = alt.Chart(alt.NamedData("branches")).transform_filter(chosen)
        layers.append(rows.mark_line(strokeDash=dash, strokeWidth=width).encode(x, y, color=color, detail="branch:N"))
    marks = alt.Chart(alt.NamedData("marks"))
    layers.append(marks.mark_rule(color=GRAY, strokeDash=[4, 3]).encode(x))
    now = alt.Chart(alt.NamedData("now"))
    layers.append(now.mark_rule(color=GRAY).encode(x))
    layers.append(now.mark_point(filled=True, size=90).encode(x, y, color=color))
    label = marks.mark_text(align="left", dx=4, fontSize=12, color="currentColor")
    layers.append(label.encode(x, alt.Y("height:Q", scale=alt.Scale(domain=[0, 1])), text="text:N"))
    return constant_spec(alt.layer(*layers, roles("color")), BRANCH_HEIGHT)


def highest(scene: Scene) -> float:
    """The end of an axis that holds the finite bars of both choices, in nats."""
    values = [value for choice in scene.choices.values() for value in choice.values]
    pairs = [(value.expected_free_energy.value, -value.utility.value) for value in values]
    return ROOM * max([x for pair in pairs for x in pair if math.isfinite(x)], default=0.0) or 1.0


def bars_chart(scene: Scene, belief: str, units: str) -> Picture:
    """The picture of the choice of one belief; what is infinite runs to the end of the axis, which is that of both."""
    choice, high, scale = scene.choices[belief], highest(scene), NATS_IN[units]
    bars, totals = [], []
    for k, (action, value) in enumerate(zip(PLACES, choice.values)):
        ends = (value.expected_free_energy.value, value.risk.value, -value.utility.value)
        G, risk, cost = (min(x, high) / scale for x in ends)
        spans = (FIRST, "risk", 0, risk), (FIRST, "ambiguity", risk, G), (SECOND, "G", 0, G), (SECOND, "gain", G, cost)
        bars += [(action, split, part, low, top, f"{top - low:.4g}") for split, part, low, top in spans]
        endless = math.isinf(ends[0])
        text = "∞" if endless else three(ends[0] / scale)
        totals.append((action, 0.9 * high / scale if endless else max(G, cost), text, k in choice.best))
    datasets = {
        "bars": pd.DataFrame(bars, columns=["action", "split", "part", "low", "high", "text"]),
        "totals": pd.DataFrame(totals, columns=["action", "top", "text", "best"]),
        "axis": pd.DataFrame({"high": [high / scale]}),
    }
    return Picture(bars_spec(ROLE_OF[belief]), datasets, BARS_ALT)


def branch_chart(scene: Scene, found: Branches) -> Picture:
    """The picture of the branches; the present place only where the clue is that of an exclusive or."""
    noise, q = scene.question.noise, float(scene.q.first.probs[0])
    marks = [(COMMITMENT_NOISE, "commits below", 0.06)]
    marks += [(turn, "action changes", 0.94) for turn in found.turns]
    now = [] if noise is None else [(noise, q)]
    datasets = {
        "branches": pd.DataFrame(found.rows, columns=["noise", "q", "branch"]),
        "marks": pd.DataFrame(marks, columns=["noise", "text", "height"]),
        "now": pd.DataFrame(now, columns=["noise", "q"]),
    }
    return Picture(branch_spec(), datasets, BRANCH_ALT)
