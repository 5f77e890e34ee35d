"""One closed form as a person has changed it: what is left of it, its derivative, its minimum, its value."""

from __future__ import annotations

import streamlit as st

from pages.ui.draw.theme import FORWARD, REVERSE
from pages.ui.say import exports as export_buttons
from pages.ui.say.numbers import NATS_IN
from pages.ui.say.plain_text import escaped

HEADS = {FORWARD: ":red[**╌╌ Forward** {0}]", REVERSE: ":blue[**┈┈ Reverse** {0}]"}


def draw_exploration(role: str | None, found, unit: str) -> None:
    """An `Exploration`: the form, and everything asked of it. Its role is None if it is neither direction."""
    from kl_engine.symbolic.explore.exploration import ties
    from kl_engine.symbolic.formulas.symbol_names import spoken

    st.markdown(f"{_head(role, found.form.label)}\n\n$$\n{found.form.latex}\n$$")
    if found.form.ties:
        st.caption(f"The probabilities sum to 1: {', '.join(map(escaped, ties(found.form)))}.")
    if found.left is not found.form:
        st.markdown(f"With {', '.join(map(escaped, found.left.steps))}:\n\n$$\n{found.left.latex}\n$$")
    if found.slope:
        by = escaped(spoken(found.stationarity.by))
        st.markdown(f"Its derivative by {by}:\n\n$$\n{found.slope.latex}\n$$")
        _draw_stationary(found.stationarity)
    if found.no_value:
        st.caption(escaped(found.no_value))
    if found.value:
        number = f"{found.value.value / NATS_IN.get(unit, 1.0):.15g}"
        st.markdown(f"In numbers: **{number}** {unit}")


def draw_refusal(role: str | None, form, refusal: str) -> None:
    """The form as it was, and why what is asked of it cannot be."""
    st.markdown(f"{_head(role, form.label)}\n\n$$\n{form.latex}\n$$")
    st.warning(escaped(refusal))


def draw_exploration_exports(explorations: list[tuple[str, object]], unit: str) -> None:
    """Each form as LaTeX, Markdown and Python, by the name of its files."""
    with st.expander("Take it away: LaTeX, Markdown, Python"):
        for name, found in explorations:
            report = found.report("nats" if unit else "")
            st.markdown(f"**{escaped(report.title)}**")
            texts = {"LaTeX": report.to_latex(), "Markdown": report.to_markdown(), "Python": found.to_python()}
            export_buttons.draw_exports(name, texts)
            export_buttons.draw_text("LaTeX", found.left.latex)
            export_buttons.draw_text("Python", texts["Python"])


def _head(role: str | None, label: str) -> str:
    return HEADS[role].format(escaped(label)) if role else f"**{escaped(label)}**"


def _draw_stationary(found) -> None:
    """Where the derivative is 0."""
    from kl_engine.symbolic.explore.exploration import known
    from kl_engine.symbolic.proof.typeset import latex

    st.markdown(escaped(found.words))
    for solution in found.solutions:
        st.markdown(f"$$\n{latex(found.by)} = {solution.latex}\n$$")
        st.caption(escaped(known(solution)))
