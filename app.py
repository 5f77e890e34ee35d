"""One target, two best fits: one target, one Gaussian, fitted by either divergence, dragged, watched and measured."""

import streamlit as st

from pages.ui.draw.fits.thumbnails import draw_thumbnails, two_modes
from pages.ui.frame import shell
from pages.ui.state import session
from pages.ui.state.pills import preset_row
from pages.ui.state.presets import PRESETS
from pages.ui.state.sliders import START, TARGET
from pages.ui.views.home.question import FIELDS, MOTION, STAGE, SWEEP, Question, pictured, take

units = shell.open_page("app.py")
session.restore(*FIELDS)
opening = session.opened_bare()

sentences = shell.heading("One target, two best fits", lines=3)
presets = preset_row(PRESETS)
with presets, st.popover("Exact values"):
    target = [slider.type_in() for slider in TARGET]
    start = [slider.type_in(disabled=MOTION.value == SWEEP) for slider in START]
question = session.ask(Question.of(MOTION.value, target, start))
undo = presets.container(width="content")
session.keep()
with undo:
    session.undo_button()
token = repr(question)
STAGE.draw(pictured(token, units, opening), take)
draw_thumbnails(two_modes(PRESETS, started=True))
shell.let_it_paint()

# Imported only here: a browser draws the stage while the server reads the engine; whole, before its parts.
import kl_engine  # noqa: E402, F401
from pages.ui.views.home.stage import draw_home  # noqa: E402

draw_home(sentences, question, units, token)
