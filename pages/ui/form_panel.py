"""Closed forms with the current numbers put in, and their curves over one parameter."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import streamlit as st

from pages.ui.curve_chart import ALT, FORMULA, curve_chart
from pages.ui.lessons import Lesson, Values
from pages.ui.numbers import NATS_IN, plain
from pages.ui.theme import FORWARD, REVERSE

POINTS = 161
ROUNDING = 1e-13  # of a textbook form of numbers of order 1
HEADS = {FORWARD: ":red[**╌╌ Forward**]", REVERSE: ":blue[**┈┈ Reverse**]", FORMULA: "**The formula**"}


def draw_form_panel(lesson: Lesson, units: str) -> None:
    """Sliders, the forms with numbers and their values, and the curves."""
    with st.container(key="desk"):
        desk, easel = st.columns([2, 7], gap="medium")
    with desk.container(gap="xsmall"):
        values = {slider.key: slider.draw() for slider in lesson.sliders}
    forms = closed_forms(lesson)
    with easel.container(key="easel"):
        columns = st.columns(len(forms), gap="medium")
        # The chart first, though it stands below: it is what a moved slider is watched for.
        st.vega_lite_chart(_curves(lesson, forms, values, units), alt=ALT, width="stretch")
        for column, (role, form) in zip(columns, forms.items()):
            column.markdown(_with_numbers(role, form, lesson.complete(values), units, lesson.in_units))
        label = next(slider.label for slider in lesson.sliders if slider.key == lesson.axis)
        st.caption(f"Over {label}, the rest as set; a dot is the least of its curve in this range.")


def closed_forms(lesson: Lesson) -> dict[str, Form]:
    """The closed forms that the lesson shows in numbers, by role."""
    from kl_engine.symbolic import DERIVATIONS
    from kl_engine.symbolic.notation import exchange_roles

    found = {}
    for derivation in map(DERIVATIONS.__getitem__, lesson.forms or lesson.names):
        forward, reverse = derivation.forward, derivation.reverse
        for role, expression in ((FORWARD, forward), (REVERSE, reverse), (FORMULA, derivation.formula)):
            if expression is not None:
                found[role] = Form(derivation.parameters, expression)
    if FORWARD in found and REVERSE not in found:
        found[REVERSE] = Form(found[FORWARD].parameters, exchange_roles(found[FORWARD].expression))
    return found


class Form(NamedTuple):
    """A closed form and the parameters it is a function of."""

    parameters: tuple
    expression: object

    def value(self, values: Values) -> float:
        """The form at the given parameters, in nats."""
        from kl_engine.symbolic.numeric import numeric_function

        arguments = [np.asarray(values[parameter.name]) for parameter in self.parameters]
        extra = {"n": 2} if any(argument.ndim for argument in arguments) else {}
        return float(numeric_function(self.parameters, self.expression)(*arguments, **extra))


def _with_numbers(role: str, form: Form, values: Values, units: str, in_units: bool) -> str:
    from kl_engine.symbolic.typeset import latex, latex_with

    put_in = latex_with(form.expression, {parameter: values[parameter.name] for parameter in form.parameters})
    scale, unit = (NATS_IN[units], f" {units}") if in_units else (1.0, "")
    shown = f"{plain(form.value(values) / scale, ROUNDING)}{unit}"
    return f"{HEADS[role]} = **{shown}**\n\n$$\n{latex(form.expression)}\n$$\n\n$$\n={put_in}\n$$"


def _curves(lesson: Lesson, forms: dict[str, Form], values: dict[str, float], units: str) -> dict:
    slider = next(slider for slider in lesson.sliders if slider.key == lesson.axis)
    x = np.linspace(slider.low, slider.high, POINTS)
    rows = [lesson.complete({**values, lesson.axis: place}) for place in x.tolist()]
    scale = NATS_IN[units] if lesson.in_units else 1.0
    curves = {role: np.array([form.value(row) for row in rows]) / scale for role, form in forms.items()}
    minima = [(role, x[np.argmin(y)], y.min()) for role, y in curves.items()]
    return curve_chart(x, curves, values[lesson.axis], minima)
