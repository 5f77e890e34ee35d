"""What the lab draws of a question once the engine is there: for the stage, numbers, and what they mean."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.ui.draw.fits import fits_stage
from pages.ui.frame.shell import say_opening
from pages.ui.frame.takeaway import draw_takeaway
from pages.ui.frame.thread import draw_thread
from pages.ui.say.cards import draw_cards
from pages.ui.views.mixture_lab import charts, takeaway, words
from pages.ui.views.mixture_lab.question import Question
from pages.ui.views.mixture_lab.scene import Scene, answered, shares_of

ADDRESS = "The address of this page holds p, the start of q and what is set here: copy it to share this state."


def draw_lab(opening: DeltaGenerator, question: Question, units: str) -> None:
    """The answer to the question: in the place under the title, for the stage, which stands already, and below it."""
    scene = answered(question)
    say_opening(opening, words.lead(scene, units))
    fits_stage.answer(charts.answer_of(scene))
    draw_cards(scene.forward, scene.reverse, units)
    with st.container(key="account"):
        st.markdown("##### All stationary points of D(q‖p)")
        table, work = st.empty(), st.container()
        table.markdown(words.points_table(scene, units, None))
        st.markdown("##### What this means here")
        for sentence in words.meaning(scene, units):
            st.markdown(sentence)
    with st.container(key="below"):
        draw_takeaway(question.to_python(), takeaway.tables(scene), address=ADDRESS)
    # Last, as it takes longest: everything else is on the screen by now.
    with work:
        _draw_shares(scene, units, table)
    draw_thread("pages/mixture_lab.py", units, question.target)


def _draw_shares(scene: Scene, units: str, table) -> None:
    """The table once more, with the share of the starts that end at each minimum."""
    question = scene.question
    try:
        basins = shares_of(question.target, question.fixed_std)
    except RuntimeError as unresolved:
        st.caption(f"The share of starts that end at each minimum could not be found here: {unresolved}.")
        return
    if basins:
        table.markdown(words.points_table(scene, units, basins.shares.tolist()))
        st.caption(words.starts(basins, units))
