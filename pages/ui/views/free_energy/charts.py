"""The charts of the free energy view: constant specs, and nothing of Streamlit.

`path` has one row a frame; the signal `now` is the row of the frame shown. `curves` holds what does not move.
"""

from __future__ import annotations

import json
from functools import cache

import altair as alt
import numpy as np
import pandas as pd

from pages.ui.draw.frames import AXIS, POINTS, framed
from pages.ui.draw.specs import CHANNELS, Picture
from pages.ui.draw.theme import DASHES, GRAY
from pages.ui.views.free_energy.scene import FRAMES

HEIGHT = 300
POSTERIOR, FORWARD_FIT, BELIEF = "posterior", "forward fit", "q"  # in the order of the theme's roles
ROLES = [POSTERIOR, FORWARD_FIT, BELIEF]
PRIOR, LIKELIHOOD = "prior", "likelihood"
KINDS = {PRIOR: "prior", LIKELIHOOD: "lik.", POSTERIOR: "post.", BELIEF: "q"}  # as they stand under narrow bars
SLOTS = [*(f"0·{kind}" for kind in KINDS), " ", *(f"1·{kind}" for kind in KINDS)]
SHORT = f"{json.dumps(KINDS)}[split(datum.label, '·')[1]] || ''"
TERMS = ["energy", "− entropy", " ", "complexity", "− accuracy", "  ", "surprisal", "divergence"]
STARTS = ("0", "now.energy", "0", "now.complexity", "0", "now.surprisal")  # of each bar; two bars a form
ENDS = ("now.energy", "now.value", "now.complexity", "now.value", "now.surprisal", "now.value")
SIZES = ("now.energy", "-now.entropy", "now.complexity", "now.inaccuracy", "now.surprisal", "now.divergence")
FACTS = ("energy", "entropy", "complexity", "inaccuracy", "surprisal", "divergence", "value")
EMPTY = {
    **dict.fromkeys(("q_mean", "left", "bottom", *FACTS), 0),
    **dict.fromkeys(("q_std", "right", "top", "ceiling", "a", "b", "f_std", "q_1"), 1),
    **dict.fromkeys(("log_norm", "f_mean"), 0),
}
THETA = np.linspace(0.0025, 0.9975, 200)

DENSITY_ALT = "Prior (thin), likelihood (dashed, scaled), posterior (solid) and the belief q (dotted) over the latent."
BARS_ALT = "Prior, likelihood, posterior and the belief q in each of the two states, as bars."
SPLIT_ALT = "The six terms as bars: each of the three pairs ends at F; a line marks the surprisal below it."
CONSTANT_ALT = "F and the divergence from the posterior over q's mean: one curve, and the same shifted by a constant."


@cache
def line_spec() -> dict:
    """Densities over z; q is a bell."""
    return _densities([_bell(BELIEF)])


@cache
def directions_spec() -> dict:
    """The same with the forward fit, a bell as well."""
    return _densities([_bell(FORWARD_FIT), _bell(BELIEF)])


@cache
def coin_spec() -> dict:
    """Densities over the chance of heads; q is a Beta."""
    log_q = "(now.a - 1) * log(datum.t) + (now.b - 1) * log(1 - datum.t) - now.log_norm"
    q = alt.Chart(alt.NamedData("grid")).transform_calculate(z="datum.t", y=f"exp({log_q})")
    return _densities([_role_line(q, BELIEF)])


@cache
def bars_spec() -> dict:
    """Dataset `curves`: slot (state and kind), kind, value; the belief's own bars follow the frame."""
    height = "datum.kind == 'q' ? (datum.first ? now.q_1 : 1 - now.q_1) : datum.value"
    rows = alt.Chart(alt.NamedData("curves")).transform_calculate(shown=height)
    label = alt.Axis(labelExpr=SHORT, labelAngle=0, title=None, ticks=False, labelFontSize=11, labelOverlap=False)
    x = alt.X("slot:N", sort=None, axis=label, scale=alt.Scale(domain=SLOTS, paddingInner=0.2))
    y = alt.Y(
        "shown:Q",
        title="probability",
        scale=alt.Scale(domain=[0, 1.2]),
        axis=alt.Axis(values=[0, 0.5, 1], minExtent=AXIS),
    )
    bars = []
    for kind, style in (
        (PRIOR, {"fill": GRAY, "fillOpacity": 0.35}),
        (LIKELIHOOD, {"fill": GRAY, "fillOpacity": 0.08, "stroke": GRAY, "strokeDash": [4, 3]}),
    ):
        bars.append(rows.transform_filter(alt.datum.kind == kind).mark_bar(**style).encode(x, y))
    for role, style in ((POSTERIOR, {}), (BELIEF, {"fillOpacity": 0.25, "strokeWidth": 2, "strokeDash": DASHES[2]})):
        chosen = rows.transform_filter(alt.datum.kind == role).mark_bar(**style)
        bars.append(chosen.encode(x, y, fill=alt.FillDatum(role), stroke=alt.StrokeDatum(role)))
    texts = rows.mark_text(dy=-7, fontSize=11, color="currentColor")
    bars.append(texts.encode(x, y, alt.Text("shown:Q", format=".2f")))
    middle = rows.transform_filter(alt.datum.kind == LIKELIHOOD)
    names = middle.mark_text(baseline="top", fontSize=13, fontWeight=600, color="currentColor", dx=20)
    bars.append(names.encode(x, y=alt.value(2), text="state:N"))
    return framed(alt.layer(*bars, _palette("fill", "stroke")), HEIGHT, FRAMES, EMPTY)


@cache
def split_spec() -> dict:
    """The three splits of F, two bars each, on one axis with F and the surprisal."""
    terms = [term for term in TERMS if term.strip()]
    rows = alt.Chart(alt.Data(values=[{"k": k, "term": term} for k, term in enumerate(terms)]))
    rows = rows.transform_calculate(start=_pick(STARTS), end=_pick(ENDS))
    rows = rows.transform_calculate(size=_pick(SIZES))
    rows = rows.transform_calculate(text="isValid(datum.size) ? format(datum.size, '.3f') : '∞'")
    scale = alt.Scale(domainMin=alt.ExprRef("now.bottom"), domainMax=alt.ExprRef("now.ceiling"), nice=False)
    across = alt.X("start:Q", title=None, scale=scale, axis=alt.Axis(tickCount=4, grid=False))
    names = alt.Axis(title=None, ticks=False, domain=False, labelFontSize=12, labelPadding=6)
    band = alt.Scale(domain=TERMS, paddingInner=0.2, paddingOuter=0.1)
    y = alt.Y("term:N", sort=None, axis=names, scale=band)
    gap = _one().transform_calculate(start="now.surprisal", end="now.value").mark_rect(opacity=0.14, clip=True)
    layers = [gap.encode(across, alt.X2("end:Q"), color=alt.ColorDatum(BELIEF))]
    for chosen, role in (("datum.k < 4", None), ("datum.k == 4", POSTERIOR), ("datum.k == 5", BELIEF)):
        style = {"fill": GRAY, "fillOpacity": 0.55} if role is None else {}
        bars = rows.transform_filter(chosen).mark_bar(clip=True, **style).encode(across, alt.X2("end:Q"), y)
        layers.append(bars if role is None else bars.encode(color=alt.ColorDatum(role)))
    for name, role, dash in (("surprisal", POSTERIOR, [1, 0]), ("value", BELIEF, DASHES[2])):
        rule = (
            _one()
            .transform_calculate(start=f"now.{name}")
            .mark_rule(strokeWidth=3 if role == POSTERIOR else 2, strokeDash=dash, clip=True)
        )
        layers.append(rule.encode(across, color=alt.ColorDatum(role)))
    texts = rows.mark_text(align="right", dx=-2, fontSize=12, fontWeight=600, color="currentColor")
    layers.append(texts.encode(y, x=alt.value("width"), text="text:N"))
    return framed(alt.layer(*layers, _palette()), HEIGHT, FRAMES, EMPTY)


@cache
def constant_spec() -> dict:
    """Dataset `curves`: at, value, divergence. Rules of one length lead from one curve to the other."""
    low = alt.Scale(domainMin=alt.ExprRef("now.bottom"), domainMax=alt.ExprRef("now.ceiling"), nice=False)
    x = alt.X("at:Q", title="mean of q", scale=alt.Scale(nice=False, zero=False), axis=alt.Axis(tickCount=5))
    title = alt.Axis(tickCount=4, minExtent=AXIS)
    rows = alt.Chart(alt.NamedData("curves"))
    shifts = rows.transform_filter("datum.row % 8 == 4").mark_rule(color=GRAY, clip=True)
    layers = [shifts.encode(x, alt.Y("divergence:Q", title=None, scale=low, axis=title), alt.Y2("value:Q"))]
    for name, role, dash in (("value", None, [1, 0]), ("divergence", BELIEF, DASHES[2])):
        style = {"color": "currentColor"} if role is None else {}
        line = rows.mark_line(clip=True, strokeDash=dash, **style)
        encoded = line.encode(x, alt.Y(f"{name}:Q", title=None, scale=low, axis=title))
        layers.append(encoded if role is None else encoded.encode(color=alt.ColorDatum(role)))
        dot = _one().transform_calculate(at="now.at", y=f"now.{'value' if role is None else 'divergence'}")
        point = dot.mark_point(filled=True, size=80, opacity=1, clip=True, **style)
        encoded = point.encode(x, alt.Y("y:Q", scale=low))
        layers.append(encoded if role is None else encoded.encode(color=alt.ColorDatum(role)))
    floor = _one().transform_calculate(y="now.surprisal").mark_rule(strokeWidth=2, clip=True)
    layers.append(floor.encode(alt.Y("y:Q", scale=low), color=alt.ColorDatum(POSTERIOR)))
    for text, y, role in (("F", "now.value", None), ("D(q‖posterior)", "now.divergence", BELIEF)):
        at = _one().transform_calculate(at="now.at", y=y, text=f"'{text}'")
        style = {} if role else {"color": "currentColor"}
        mark = at.mark_text(dy=16 if role else -12, fontSize=12, fontWeight=600, clip=True, **style)
        encoded = mark.encode(x, alt.Y("y:Q", scale=low), text="text:N")
        layers.append(encoded.encode(color=alt.ColorDatum(role)) if role else encoded)
    return framed(alt.layer(*layers, _palette()), HEIGHT, FRAMES, EMPTY)


def picture(spec: dict, alt: str, path: pd.DataFrame, **datasets: pd.DataFrame) -> Picture:
    """The spec with its datasets."""
    return Picture(spec, {"path": path, **datasets}, alt)


def path_data(columns: dict[str, np.ndarray | float]) -> pd.DataFrame:
    """The dataset `path`: a single number stands for all frames; what is infinite is left out."""
    frame = pd.DataFrame({"frame": np.arange(FRAMES), **columns})
    return frame.replace([np.inf, -np.inf], np.nan)


@cache
def bell_grid() -> pd.DataFrame:
    """The dataset `grid` of a bell: standard deviations from the mean."""
    return pd.DataFrame({"t": POINTS})


@cache
def chance_grid() -> pd.DataFrame:
    """The dataset `grid` of a Beta: chances inside (0, 1)."""
    return pd.DataFrame({"t": THETA})


def _densities(moving: list[alt.Chart]) -> dict:
    """Dataset `curves`: z, prior, likelihood, posterior; and what moves above them."""
    still = alt.Chart(alt.NamedData("curves"))
    layers = [
        still.mark_line(clip=True, color=GRAY, strokeWidth=1.2).encode(_across(), _up("prior")),
        still.mark_line(clip=True, color=GRAY, strokeWidth=1.8, strokeDash=[6, 4]).encode(_across(), _up("likelihood")),
        _role_line(still, POSTERIOR, "posterior"),
        *moving,
    ]
    return framed(alt.layer(*layers, _palette()), HEIGHT, FRAMES, EMPTY)


def _bell(role: str) -> alt.Chart:
    """A Gaussian; the frame says its mean and std."""
    short = {FORWARD_FIT: "f", BELIEF: "q"}[role]
    points = alt.Chart(alt.NamedData("grid")).transform_calculate(
        z=f"now.{short}_mean + now.{short}_std * datum.t",
        y=f"exp(-0.5 * datum.t * datum.t) / (now.{short}_std * {np.sqrt(2 * np.pi)})",
    )
    return _role_line(points, role)


def _role_line(rows: alt.Chart, role: str, field: str = "y") -> alt.Chart:
    width = 3.6 if role == POSTERIOR else 2.2  # so that both are seen where q is the posterior
    line = rows.mark_line(clip=True, strokeDash=DASHES[ROLES.index(role)], strokeWidth=width)
    return line.encode(_across(), _up(field), color=alt.ColorDatum(role))


def _across() -> alt.X:
    scale = alt.Scale(domainMin=alt.ExprRef("now.left"), domainMax=alt.ExprRef("now.right"), nice=False, zero=False)
    return alt.X("z:Q", title=None, scale=scale, axis=alt.Axis(labelFlush=True))


def _up(field: str) -> alt.Y:
    scale = alt.Scale(domainMin=0, domainMax=alt.ExprRef("now.top"), nice=False)
    return alt.Y(f"{field}:Q", title="density", scale=scale, axis=alt.Axis(tickCount=4, minExtent=AXIS))


def _pick(expressions: tuple[str, ...]) -> str:
    """The expression of the row: a chain of choices by its number."""
    return " : ".join(f"datum.k == {k} ? {text}" for k, text in enumerate(expressions[:-1])) + f" : {expressions[-1]}"


def _one() -> alt.Chart:
    return alt.Chart(alt.Data(values=[{}]))


def _palette(*channels: str) -> alt.Chart:
    """A layer that draws nothing and gives the roles their colours, in the theme's order, on these channels.

    Vega-Lite drops `color` where a layer has `fill` or `stroke`, and with it the order of the roles: never all three.
    """
    names = alt.Chart(alt.Data(values=[{"role": role} for role in ROLES])).mark_point(opacity=0, size=0)
    scale = alt.Scale(domain=ROLES)
    return names.encode(**{name: CHANNELS[name]("role:N", scale=scale, legend=None) for name in channels or ["color"]})
