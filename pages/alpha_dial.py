"""The α dial: one control from the reverse fit to the forward one, with the best q following."""

import streamlit as st

import kl_engine  # noqa: F401  # whole, before its parts
from pages.ui.draw.fits.thumbnails import draw_thumbnails, two_modes
from pages.ui.frame import shell
from pages.ui.frame.takeaway import draw_takeaway
from pages.ui.frame.thread import draw_thread
from pages.ui.glossary.links import glossary
from pages.ui.state import session
from pages.ui.state.pills import preset_row
from pages.ui.state.presets import PRESETS
from pages.ui.state.sliders import TARGET
from pages.ui.state.two_modes import Target
from pages.ui.views.alpha_dial import takeaway, words
from pages.ui.views.alpha_dial.question import ALPHA, FIELDS, Question
from pages.ui.views.alpha_dial.scene import answered
from pages.ui.views.alpha_dial.stage import draw_stage

units = shell.open_page("pages/alpha_dial.py")
session.restore(*FIELDS)
divergence = glossary("alpha-divergence", units)
opening = shell.heading("The α dial", f"Drag the bar from reverse (α = 0) to forward (α = 1), along the {divergence}.")
targets = {name: {slider.key: values[slider.key] for slider in TARGET} for name, values in PRESETS.items()}
presets = preset_row(targets)
draw_thumbnails(two_modes(PRESETS))

with st.container(key="desk"):
    desk, easel = st.columns([2, 7], gap="medium")
with desk.container(key="controls", gap="xsmall"):
    alpha = ALPHA.draw()
    question = session.ask(Question(Target(*(slider.draw() for slider in TARGET)), alpha))
undo = presets.container(width="content")
session.keep()
with undo:
    session.undo_button()

with easel.container(key="easel"):
    with st.container(key="work"):
        scene = answered(question)
    shell.say_opening(opening, words.lead(scene))
    draw_stage(scene, units)
    shell.let_it_paint()
    with st.container(key="small_print"):
        st.markdown(words.table(scene, units))
        st.caption(words.accuracy(scene, units))
with desk.container(key="value"):
    st.markdown(words.value_line(scene, units))

with st.container(key="account"):
    st.markdown("##### What this means here")
    for sentence in words.meaning(scene, units):
        st.markdown(sentence)
with st.container(key="below"):
    draw_takeaway(question.to_python(), takeaway.tables(scene))
draw_thread("pages/alpha_dial.py", units, question.target)
