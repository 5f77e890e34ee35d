"""One closed form as a person has changed it: what is left of it, its derivative, its minimum, its value."""

from __future__ import annotations

import streamlit as st

from pages.ui.numbers import NATS_IN
from pages.ui.plain_text import escaped
from pages.ui.theme import FORWARD

HEADS = {True: ":red[**{0}**]", False: ":blue[**{0}**]"}


def draw_form(role: str, form, settings: dict[str, str], by: str | None, numbers: dict[str, str], units: str) -> None:
    """The form, and everything asked of it; a refusal stands where its answer would."""
    from kl_engine.symbolic.explore import differentiate, evaluate, fix
    from kl_engine.symbolic.stationary import solve_stationarity

    st.markdown(HEADS[role == FORWARD].format(escaped(form.label)) + f"\n\n$$\n{form.latex}\n$$")
    try:
        left = fix(form, settings)
        if settings:
            st.markdown(f"With {', '.join(map(escaped, left.steps))}:\n\n$$\n{left.latex}\n$$")
        if by:
            slope = differentiate(left, by)
            st.markdown(f"Its derivative by {escaped(by)}:\n\n$$\n{slope.latex}\n$$")
            _draw_stationary(solve_stationarity(left, by))
        if numbers:
            known = {name: value for name, value in numbers.items() if name in {s.name for s in left.parameters}}
            st.markdown(f"In numbers: **{evaluate(left, known).value / NATS_IN[units]:.15g}** {units}")
        st.code(left.latex, language="latex")
    except ValueError as refusal:
        st.warning(escaped(str(refusal)))


def _draw_stationary(found) -> None:
    """Where the derivative is 0."""
    from kl_engine.symbolic.typeset import latex

    st.markdown(escaped(found.words))
    for solution in found.solutions:
        sure = "proved by algebra" if solution.proved else "checked at 50 digits"
        st.markdown(f"$$\n{latex(found.by)} = {solution.latex}\n$$")
        st.caption(f"{solution.kind}; {sure}")
