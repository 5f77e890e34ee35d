"""What the lab draws of one family: p at once, and then its fits, what they cost and what they mean."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.ui.draw.fits import fits_stage
from pages.ui.frame.shell import let_it_paint, say_opening
from pages.ui.frame.takeaway import draw_takeaway
from pages.ui.frame.thread import Pair, draw_thread
from pages.ui.say.cards import draw_cards
from pages.ui.say.numbers import found_at
from pages.ui.say.plain_text import escaped
from pages.ui.views.mixture_lab.family import charts, takeaway, words
from pages.ui.views.mixture_lab.family.question import STAGE, Question, pictured, take
from pages.ui.views.mixture_lab.family.scene import Scene, answered, shape_of


def draw_family(opening: DeltaGenerator, easel: DeltaGenerator, question: Question, units: str) -> None:
    """All of it; where the text is no p that can be fitted here, why, and the rest stands empty."""
    try:
        shape = shape_of(question.target)
    except ValueError as refused:
        easel.error(escaped(str(refused)))
        draw_thread("pages/mixture_lab.py", units)
        return
    with easel:
        STAGE.draw(pictured(question, charts.told(shape), units), take)
    let_it_paint()
    scene = answered(question)
    say_opening(opening, words.lead(scene, units))
    fits_stage.answer(charts.answer_of(scene))
    draw_cards(scene.forward, scene.reverse, units, (scene.no_forward, scene.no_reverse))
    with st.container(key="account"):
        if scene.points:
            st.markdown("##### The stationary points of D(q‖p) that were found")
            st.markdown(words.points_table(scene, units))
        st.markdown("##### What this means here")
        for sentence in words.meaning(scene, units):
            st.markdown(sentence)
    with st.container(key="below"):
        draw_takeaway(question.to_python(), takeaway.tables(scene))
    draw_thread("pages/mixture_lab.py", units, Pair(question.target.text, _fitted(scene)))


def _fitted(scene: Scene) -> str:
    """The reverse fit, or else the forward one, as SciPy writes it; "" where there is none."""
    found = scene.reverse or scene.forward
    return f"norm({found_at(found.q.mean, found.q.std):.6g}, {found.q.std:.6g})" if found else ""
