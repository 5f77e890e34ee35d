"""Two directions: one target, one Gaussian, fitted by either divergence, watched and measured."""

import streamlit as st

from pages.ui.frame import shell
from pages.ui.glossary.links import glossary
from pages.ui.state import session
from pages.ui.state.callbacks import button
from pages.ui.state.presets import PRESETS
from pages.ui.state.sliders import START, TARGET
from pages.ui.views.home.question import FIELDS, INTEGRANDS, MOTION, SWEEP, Question

units = shell.open_page("app.py")
session.restore(*FIELDS)

shell.heading(
    "Two directions",
    f"One {glossary('target', units)} p, one Gaussian q: which is best depends on who stands under the expectation.",
)
presets = st.container(horizontal=True, gap="xsmall")
for name, values in PRESETS.items():
    button(name, session.put, values, place=presets)

with st.container(key="desk"):
    desk, easel = st.columns([2, 7], gap="medium")
easel = easel.container(key="easel")
with desk.container(gap="xsmall"):
    motion = MOTION.draw()
    target = [slider.draw() for slider in TARGET]
    start = [slider.draw(disabled=motion == SWEEP) for slider in START]
    integrands = INTEGRANDS.draw()
question = session.ask(Question.of(motion, target, start))
session.keep()
with presets:
    session.undo_button()

# Imported only here: a browser fetches its own parts of what stands above while the server reads the engine and Altair.
from pages.ui.views.home.stage import draw_home  # noqa: E402

draw_home(easel, question, units, integrands)
