"""Mixture lab: a target built by hand, and all that each direction can answer to it."""

import streamlit as st

from pages.ui.frame import shell
from pages.ui.glossary.links import glossary
from pages.ui.state import session
from pages.ui.state.mixture import Mixture, P, Q, draw_examples
from pages.ui.state.present import PRESENT
from pages.ui.state.two_modes import Start
from pages.ui.views.mixture_lab.question import FIELDS, HELD, STAGE, STD_OF_Q, Question, pictured, take

units = shell.open_page("pages/mixture_lab.py")
session.restore(*FIELDS)
shell.showing(PRESENT.value)
answer = glossary("stationary point", units, "every Gaussian")
opening = shell.heading("Mixture lab", f"Draw a target p. See {answer} in which a fit can come to rest.")
presets = draw_examples()

with st.container(key="desk"):
    desk, easel = st.columns([2, 5], gap="medium")
with desk.container(key="tools"):
    st.caption(f"p is a {glossary('mixture', units)}; its weights are scaled to sum to 1.")
    target = Mixture(P.draw())
    question = session.ask(Question(target, Start(*Q.value), STD_OF_Q.draw() == HELD))
undo = presets.container(width="content")
with presets:
    PRESENT.draw()
session.keep()
with undo:
    session.undo_button()
with easel.container(key="easel"):
    STAGE.draw(pictured(question, units), take)

# Imported only here: a browser draws the stage while the server reads the engine.
from pages.ui.views.mixture_lab.stage import draw_lab  # noqa: E402

draw_lab(opening, question, units)
