"""Mixture lab: a target built by hand, and all that each direction can answer to it."""

import streamlit as st

from pages.ui.frame import shell
from pages.ui.frame.thread import draw_thread
from pages.ui.glossary.links import glossary
from pages.ui.say.cards import draw_cards
from pages.ui.say.exports import draw_takeaway
from pages.ui.state import session
from pages.ui.state.mixture import Mixture, P, Q, draw_examples
from pages.ui.state.two_modes import Start
from pages.ui.views.mixture_lab import takeaway, words
from pages.ui.views.mixture_lab.question import FIELDS, HELD, STD_OF_Q, Question
from pages.ui.views.mixture_lab.scene import answered, shares_of
from pages.ui.views.mixture_lab.stage import stage

units = shell.open_page("pages/mixture_lab.py")
session.restore(*FIELDS)
answer = glossary("stationary point", units, "every Gaussian")
shell.heading("Mixture lab", f"Build a target p, and see {answer} that either direction can settle on.")
presets = draw_examples()

with st.container(key="desk"):
    desk, easel = st.columns([2, 5], gap="medium")
with desk:
    st.caption(f"p, a {glossary('mixture', units)}: weights count by their ratios")
    target = Mixture(P.draw())
    question = session.ask(Question(target, Start(*Q.value), STD_OF_Q.draw() == HELD))
session.keep()
with presets:
    session.undo_button()

scene = answered(question)
with easel.container(key="easel"):
    stage(scene)
draw_cards(scene.forward, scene.reverse, units)

st.markdown("##### All stationary points of D(q‖p)")
table, work = st.empty(), st.container()
table.markdown(words.points_table(scene, units, None))
st.markdown("##### What this means here")
for sentence in words.meaning(scene, units):
    st.markdown(sentence)

draw_takeaway(
    question.to_python(),
    takeaway.tables(scene),
    address="The address of this page holds p, the start of q and what is set here: copy it to share this state.",
)

# Last, as it takes longest: everything else is on the screen by now.
with work:
    try:
        basins = shares_of(question.target, question.fixed_std)
    except RuntimeError as unresolved:
        basins = None
        st.caption(f"Starts: no shares here, as {unresolved}.")
    if basins:
        table.markdown(words.points_table(scene, units, basins.shares.tolist()))
        st.caption(words.starts(basins, units))
draw_thread("pages/mixture_lab.py", units, question.target)
