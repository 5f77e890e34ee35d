"""What the home page draws of a question once the engine is there: numbers, what they mean, what to take away."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.ui.draw.fits import fits_stage
from pages.ui.frame.takeaway import draw_takeaway
from pages.ui.frame.thread import draw_one_mode, draw_thread
from pages.ui.say.cards import draw_cards
from pages.ui.say.numbers import normal
from pages.ui.state import session
from pages.ui.state.callbacks import button
from pages.ui.state.sliders import START
from pages.ui.views.home import charts, takeaway, words
from pages.ui.views.home.question import Question
from pages.ui.views.home.scene import Scene, answered, sweep_of

NOT_YET = "&nbsp;"  # holds the line of a sentence that is still to come


def draw_home(sentences: DeltaGenerator, question: Question, units: str, token: str) -> None:
    """The answer to the question: for the stage, which stands already, above it in sentences, and below it."""
    try:
        scene = answered(question)
    except RuntimeError as unsettled:  # a flow without an end within its steps
        st.error(f"No fit from here: {unsettled}.")
        return
    fits_stage.answer(charts.answer_of(scene, token))
    with sentences:
        st.markdown("  \n".join(words.lead(scene)))
        aside = st.empty()
    aside.markdown(NOT_YET)
    draw_cards(scene.forward, scene.reverse, units)
    with st.container(key="small_print"):
        draw_one_mode(units)
    draw_thread("app.py", units, question.target)
    with st.container(key="account"):
        st.markdown("##### In full")
        for sentence in words.meaning(scene, units):
            st.markdown(sentence)
    with st.container(key="below"):
        if not question.sweeping:
            _draw_other_starts(scene)
        draw_takeaway(question.to_python(), takeaway.tables(scene))
    # Last, as it may take a second or two for new weights and widths: everything else is on the screen by now.
    sides = sweep_of(question.target.weight, question.target.right, question.target.left)
    aside.markdown(words.boundary(question.target, sides.ties, words.at_best(scene)) or NOT_YET)


def _draw_other_starts(scene: Scene) -> None:
    """A button for every other optimum of the reverse divergence."""
    with st.container(horizontal=True, gap="xsmall"):
        for i, other in enumerate(words.other_optima(scene)):
            there = zip(START, (other.q.mean, other.q.std))
            values = {slider.key: slider.nearest(value) for slider, value in there}
            button(f"Start near {normal(other.q)}", session.put, values, key=f"start_near_{i}")
