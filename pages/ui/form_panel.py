"""Closed forms with the current numbers put in, and their curves over one parameter."""

from __future__ import annotations

import numpy as np
import streamlit as st

from pages.ui.curve_chart import ALT, curve_chart
from pages.ui.lessons import Lesson
from pages.ui.numbers import NATS_IN, plain
from pages.ui.theme import FORWARD, REVERSE

POINTS = 161
HEADS = {FORWARD: ":red[**Forward**]", REVERSE: ":blue[**Reverse**]"}


def draw_form_panel(lesson: Lesson, units: str) -> None:
    """Sliders, the forms with numbers and their values, and the curves."""
    with st.container(key="desk"):
        desk, easel = st.columns([2, 7], gap="medium")
    with desk.container(gap="xsmall"):
        values = {slider.key: slider.draw() for slider in lesson.sliders}
    forms = closed_forms(lesson)
    with easel.container(key="easel"):
        for column, (role, form) in zip(st.columns(len(forms), gap="medium"), forms.items()):
            column.markdown(_with_numbers(role, form, values, units))
        st.vega_lite_chart(_curves(lesson, forms, values, units), alt=ALT, width="stretch")
        st.caption(f"Over {_label(lesson)}, the other parameters as set; dots are the least of each curve shown.")


def closed_forms(lesson: Lesson) -> dict[str, tuple[tuple, object]]:
    """The closed forms that the lesson proves: role → (parameters, expression)."""
    from kl_engine.symbolic import DERIVATIONS
    from kl_engine.symbolic.notation import exchange_roles

    found = {}
    for derivation in map(DERIVATIONS.__getitem__, lesson.names):
        forward = derivation.forward
        reverse = derivation.reverse
        if forward is not None and reverse is None and not lesson.right:
            reverse = exchange_roles(forward)
        for role, form in ((FORWARD, forward), (REVERSE, reverse), (FORWARD, derivation.formula)):
            if form is not None:
                found[role] = (derivation.parameters, form)
    return found


def _with_numbers(role: str, form: tuple, values: dict[str, float], units: str) -> str:
    from kl_engine.symbolic.typeset import latex, latex_with

    parameters, expression = form
    number = float(_evaluated(form, {name: np.asarray(value) for name, value in values.items()}))
    put_in = latex_with(expression, {symbol: values[symbol.name] for symbol in parameters})
    shown = f"{plain(number / NATS_IN[units], 1e-13)} {units}"
    return f"{HEADS[role]} = **{shown}**\n\n$$\n{latex(expression)}\n$$\n\n$$\n={put_in}\n$$"


def _evaluated(form: tuple, values: dict[str, np.ndarray]) -> np.ndarray:
    from kl_engine.symbolic.numeric import numeric_function

    parameters, expression = form
    return numeric_function(parameters, expression)(*(values[symbol.name] for symbol in parameters))


def _curves(lesson: Lesson, forms: dict, values: dict[str, float], units: str) -> dict:
    slider = next(slider for slider in lesson.sliders if slider.key == lesson.axis)
    x = np.linspace(slider.low, slider.high, POINTS)
    curves, minima = {}, []
    for role, form in forms.items():
        y = np.broadcast_to(_evaluated(form, {**values, lesson.axis: x}), x.shape) / NATS_IN[units]
        curves[role] = y
        least = int(np.argmin(y))
        minima.append((role, x[least], y[least]))
    return curve_chart(x, curves, values[lesson.axis], minima)


def _label(lesson: Lesson) -> str:
    return next(slider.label for slider in lesson.sliders if slider.key == lesson.axis)
