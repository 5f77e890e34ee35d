"""The charts of the two-directions view: specs made once, datasets made from engine results.

Each spec is constant; what varies is in the dataset `path`, one row a frame (see `pages.ui.draw.frames`). This module
knows no Streamlit.
"""

from __future__ import annotations

from functools import cache

import altair as alt

from pages.ui.draw.frames import (
    AXIS,
    LOG_Q,
    NOWHERE,
    curve,
    fit_points,
    framed,
    one_datum,
    role_style,
    roles,
    target_points,
    with_log_p,
)
from pages.ui.draw.theme import FORWARD, GRAY, REVERSE, TARGET
from pages.ui.views.home.scene import FRAMES

DENSITY_HEIGHT, STRIP_HEIGHT, INTEGRAND_HEIGHT = 270, 110, 180
TICKS = [0, 0.2, 1, 5, 25, 100, 1000, 10_000, 100_000]

DENSITY_ALT = "Densities over x: the target p as a solid line, the forward fit dashed, the reverse fit dotted."
STRIP_ALT = "Divergence of the forward fit, dashed, and of the reverse fit, dotted, along the motion."
INTEGRAND_ALT = (
    "The pointwise integrands over x: p log(p/q) of the forward fit, dashed; q log(q/p) of the reverse, dotted."
)

EMPTY = {
    **dict.fromkeys(("position", "low", "density_low", "integrand_low", "mean_1", "mean_2"), 0),
    **dict.fromkeys(("forward_mean", "forward_kl", "reverse_mean", "reverse_kl"), 0),
    **dict.fromkeys(("high", "density_high", "integrand_high", "ceiling"), 1),
    **dict.fromkeys(("std_1", "std_2", "forward_std", "reverse_std"), 1),
    **dict.fromkeys(("height_1", "height_2", "forward_height", "reverse_height"), NOWHERE),
    **dict.fromkeys(("forward_text", "reverse_text"), ""),
}


@cache
def density_spec() -> dict:
    """p and both fits in the frame shown, with the divergence of each as text."""
    layers = [
        curve(target_points(), TARGET, "exp(datum.log_p)", "density"),
        curve(fit_points("forward"), FORWARD, "exp(datum.log_q)", "density"),
        curve(fit_points("reverse"), REVERSE, "exp(datum.log_q)", "density"),
        roles(legend=True),
        _label("now.forward_text", FORWARD, 6),
        _label("now.reverse_text", REVERSE, 24),
    ]
    return framed(alt.layer(*layers), DENSITY_HEIGHT, FRAMES, EMPTY)


@cache
def strip_spec() -> dict:
    """Both divergences along the motion, and where the frame shown stands in it."""
    at = alt.X("position:Q", title=None, scale=alt.Scale(nice=False), axis=alt.Axis(labelFlush=True))
    layers = []
    for fit, role in (("forward", FORWARD), ("reverse", REVERSE)):
        # Near 0 linear, then logarithmic: a start may cost thousands, an answer tenths.
        top = alt.Scale(type="symlog", constant=0.2, domainMin=0, domainMax=alt.ExprRef("now.ceiling"), nice=False)
        ticks = alt.Axis(values=TICKS, labelOverlap=True, labelExpr="'' + datum.value", minExtent=AXIS)
        value = alt.Y(f"{fit}_kl:Q", title="KL", axis=ticks, scale=top)
        layers.append(alt.Chart(alt.NamedData("path")).mark_line(clip=True).encode(at, value, **role_style(role)))
        dot = (
            one_datum()
            .transform_calculate(position="now.position", kl=f"now.{fit}_kl")
            .mark_point(filled=True, size=70)
        )
        layers.append(dot.encode(at, alt.Y("kl:Q", scale=top), color=alt.ColorDatum(role)))
    rule = one_datum().transform_calculate(position="now.position").mark_rule(color=GRAY).encode(at)
    return framed(alt.layer(rule, *layers, roles(legend=False)), STRIP_HEIGHT, FRAMES, EMPTY)


@cache
def integrand_spec() -> dict:
    """p log(p/q) of the forward fit and q log(q/p) of the reverse fit in the frame shown."""
    forward = target_points().transform_calculate(log_q=LOG_Q.format("forward"))
    reverse = with_log_p(fit_points("reverse"))
    layers = [
        curve(forward, FORWARD, "exp(datum.log_p) * (datum.log_p - datum.log_q)", "integrand"),
        curve(reverse, REVERSE, "exp(datum.log_q) * (datum.log_q - datum.log_p)", "integrand"),
        alt.Chart(alt.Data(values=[{"zero": 0}])).mark_rule(color=GRAY).encode(y="zero:Q"),
        roles(legend=False),
    ]
    return framed(alt.layer(*layers), INTEGRAND_HEIGHT, FRAMES, EMPTY)


def _label(text: str, role: str, y: int) -> alt.Chart:
    mark = (
        one_datum()
        .transform_calculate(text=text)
        .mark_text(align="right", baseline="top", dx=-8, fontSize=14, fontWeight=600)
    )
    return mark.encode(x=alt.value("width"), y=alt.value(y), text="text:N", color=alt.ColorDatum(role))
