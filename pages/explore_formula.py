"""Explore a formula: fix its symbols, differentiate it, solve for its minimum, put numbers in."""

import streamlit as st

import kl_engine  # noqa: F401  # whole, before its parts
from pages.ui.frame import shell
from pages.ui.frame.thread import draw_thread
from pages.ui.glossary.links import glossary
from pages.ui.state import session
from pages.ui.views.explore_formula import words
from pages.ui.views.explore_formula.question import FORMULA, ask_symbols
from pages.ui.views.explore_formula.scene import answered
from pages.ui.views.explore_formula.stage import draw_forms, draw_takeaway

units = shell.open_page("pages/explore_formula.py")
session.restore(FORMULA)
divergence = glossary("Kullback-Leibler divergence", units, "divergence")
opening = shell.heading(
    "Explore a formula",
    f"Set the symbols of a {divergence} to numbers or to one another, differentiate it, solve for its minimum.",
)
top = st.container(horizontal=True, vertical_alignment="bottom")
with top:
    FORMULA.pick()
question = session.ask(ask_symbols())
session.keep()
with top:
    session.undo_button()

scene = answered(question)
shell.say_opening(opening, words.lead(scene, units))
with st.container(key="under"):
    draw_forms(scene, units)
draw_takeaway(scene, units)
draw_thread("pages/explore_formula.py", units)
