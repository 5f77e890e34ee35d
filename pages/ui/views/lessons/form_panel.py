"""Closed forms with the current numbers put in, and their curves over one parameter."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import streamlit as st

from pages.ui.draw.curve_chart import FORMULA, curve_chart
from pages.ui.draw.theme import FORWARD, REVERSE
from pages.ui.say.numbers import NATS_IN, plain
from pages.ui.views.lessons.lessons import Lesson, Values

POINTS = 161
DIMENSIONS = 2  # of the lessons with matrices
ZOOM, ROUNDS = 17, 7  # points around a minimum, and how often they are drawn closer: to 1e-8 of the range
ROUNDING = 1e-13  # of a textbook form of numbers of order 1
PROVED_AS = {FORWARD: "forward", REVERSE: "reverse", FORMULA: "formula"}  # the field of a `Derivation`
NAMES = {FORWARD: "forward ", REVERSE: "reverse ", FORMULA: ""}
HEADS = {FORWARD: ":red[**╌╌ Forward**]", REVERSE: ":blue[**┈┈ Reverse**]", FORMULA: "**The formula**"}


def draw_form_panel(lesson: Lesson, units: str) -> None:
    """Sliders, the forms with numbers and their values, and the curves."""
    with st.container(key="desk"):
        desk, easel = st.columns([2, 7], gap="medium")
    with desk.container(gap="xsmall"):
        values = {slider.key: slider.draw() for slider in lesson.sliders}
    forms = closed_forms(lesson)
    x, curves = _curves(lesson, forms, values)
    least = {role: least_place(lesson, form, values, x, curves[role]) for role, form in forms.items()}
    with easel.container(key="easel"):
        columns = st.columns(len(forms), gap="medium")
        # The chart first, though it stands below: it is what a moved slider is watched for.
        scale = NATS_IN[units] if lesson.in_units else 1.0
        minima = [(role, place.at, place.value / scale) for role, place in least.items()]
        shown = {role: curve / scale for role, curve in curves.items()}
        picture = st.container(key="picture")  # on a narrow screen it moves up
        curve_chart(x, shown, values[lesson.axis], minima).draw(picture)
        for column, (role, form) in zip(columns, forms.items()):
            column.markdown(_with_numbers(role, form, lesson.complete(values), units, lesson.in_units))
        label = next(slider.label for slider in lesson.sliders if slider.key == lesson.axis)
        st.caption(f"Over {label}, the rest as set. {_in_words(label, least)}")


def closed_forms(lesson: Lesson) -> dict[str, Form]:
    """The closed forms that the lesson shows in numbers, by role."""
    from kl_engine.symbolic import DERIVATIONS
    from kl_engine.symbolic.proof.notation import exchange_roles

    found = {}
    derivations = [DERIVATIONS[name] for name in lesson.forms or lesson.names]
    for role, proved in PROVED_AS.items():  # forward stands at the left, whatever the order of the derivations
        forms = [Form(d.parameters, getattr(d, proved)) for d in derivations if getattr(d, proved) is not None]
        if len(forms) > 1:
            raise ValueError(f"lesson {lesson.title!r}: expected one {proved} form, got {len(forms)}")
        if forms:
            found[role] = forms[0]
    if FORWARD in found and REVERSE not in found:
        exchanged = Form(found[FORWARD].parameters, exchange_roles(found[FORWARD].expression))
        found = {FORWARD: found[FORWARD], REVERSE: exchanged} | found
    return found


class Form(NamedTuple):
    """A closed form and the parameters it is a function of."""

    parameters: tuple
    expression: object

    @property
    def others(self) -> list:
        """The dimension n of a form of matrices, which is none of its parameters."""
        return [symbol for symbol in self.expression.free_symbols - {*self.parameters} if symbol.is_Symbol]

    def value(self, values: Values) -> float:
        """The form at the given parameters, in nats."""
        from kl_engine.symbolic.proof.numeric import numeric_function

        arguments = [np.asarray(values[parameter.name]) for parameter in self.parameters]
        extra = {symbol.name: DIMENSIONS for symbol in self.others}
        return float(numeric_function(self.parameters, self.expression)(*arguments, **extra))

    def along(self, lesson: Lesson, values: dict[str, float], x: np.ndarray) -> np.ndarray:
        """The form with the lesson's axis at each x: at once where its parameters are numbers, not matrices."""
        from kl_engine.symbolic.proof.numeric import numeric_function

        if all(parameter.is_Symbol for parameter in self.parameters):
            put_in = lesson.complete({**values, lesson.axis: x})
            arguments = [put_in[parameter.name] for parameter in self.parameters]
            return np.broadcast_to(numeric_function(self.parameters, self.expression)(*arguments), x.shape)
        rows = (lesson.complete({**values, lesson.axis: place}) for place in x.tolist())
        return np.array([self.value(row) for row in rows])


class Least(NamedTuple):
    """Where a curve is least in its range, in nats; inside it the slope is 0 there, at an end it need not be."""

    at: float
    value: float
    is_inside: bool


def least_place(lesson: Lesson, form: Form, values: dict[str, float], x: np.ndarray, curve: np.ndarray) -> Least:
    """The least point of a curve, found again between the points that it is drawn with."""
    place = int(np.argmin(curve))
    low, high = x[max(place - 1, 0)], x[min(place + 1, x.size - 1)]
    for _ in range(ROUNDS):
        near = np.linspace(low, high, ZOOM)
        heights = form.along(lesson, values, near)
        nearest = int(np.argmin(heights))
        low, high = near[max(nearest - 1, 0)], near[min(nearest + 1, ZOOM - 1)]
    return Least(float(near[nearest]), float(heights[nearest]), bool(x[0] < near[nearest] < x[-1]))


def _with_numbers(role: str, form: Form, values: Values, units: str, in_units: bool) -> str:
    from kl_engine.symbolic.proof.typeset import latex, latex_with

    known = {parameter: values[parameter.name] for parameter in form.parameters}
    put_in = latex_with(form.expression, known | dict.fromkeys(form.others, DIMENSIONS))
    scale, unit = (NATS_IN[units], f" {units}") if in_units else (1.0, "")
    shown = f"{plain(form.value(values) / scale, ROUNDING)}{unit}"
    return f"{HEADS[role]} = **{shown}**\n\n$$\n{latex(form.expression)}\n$$\n\n$$\n={put_in}\n$$"


def _curves(
    lesson: Lesson, forms: dict[str, Form], values: dict[str, float]
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """The points of the axis, and each form over them in nats."""
    slider = next(slider for slider in lesson.sliders if slider.key == lesson.axis)
    x = np.linspace(slider.low, slider.high, POINTS)
    return x, {role: form.along(lesson, values, x) for role, form in forms.items()}


def _in_words(label: str, least: dict[str, Least]) -> str:
    """Where the dots stand: where the condition on the slope holds, or at an end of the range."""
    inside = [f"{NAMES[role]}{label} = {plain(p.at, decimals=3)}" for role, p in least.items() if p.is_inside]
    at_end = [f"{NAMES[role]}{label} = {plain(p.at, decimals=3)}" for role, p in least.items() if not p.is_inside]
    words = [f"Dots are minima, where the slope in {label} is 0: {', '.join(inside)}."] if inside else []
    return " ".join([*words, *([f"Least at the end of the range: {', '.join(at_end)}."] if at_end else [])])
