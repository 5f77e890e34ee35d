"""Which expectation? An objective, picked or typed: who stands under the expectation, and what that forces on q."""

import streamlit as st

from kl_engine.objectives.catalogue import CATALOGUE, FAMILY
from kl_engine.objectives.text_limits import MAX_LENGTH
from pages.ui import cache
from pages.ui.frame import shell
from pages.ui.glossary.links import glossary
from pages.ui.say.numbers import NATS_IN
from pages.ui.say.plain_text import escaped
from pages.ui.state import controls
from pages.ui.state import url as state
from pages.ui.state.bound_sliders import LEFT, RIGHT, SEPARATION, WEIGHT
from pages.ui.state.two_modes import Target
from pages.ui.views.objective_check import questions
from pages.ui.views.objective_check.library_table import traps_table, values_table
from pages.ui.views.objective_check.panel import draw_answer, draw_family

PAGE = "pages/objective_check.py"
TARGET_SLIDERS = (SEPARATION, WEIGHT, RIGHT, LEFT)
DEFAULT = "E_q[log q - log p]"

units = shell.open_page(PAGE)
state.restore_text(PAGE, "text", DEFAULT, MAX_LENGTH)
state.restore(PAGE, (*TARGET_SLIDERS, questions.ALPHA), {"objective": controls.by_title(questions.TITLES)})
shell.heading(
    "Which expectation?",
    f"Pick an objective or type one: under whom is the expectation, and what does that force on the "
    f"{glossary('approximation', units)}?",
)
examples = st.container(horizontal=True, gap="xsmall")
for name, example in questions.EXAMPLES.items():
    examples.button(name, on_click=controls.put, args=({"objective": questions.TYPED, "text": example},))

with st.container(key="desk"):
    desk, easel = st.columns([3, 8], gap="medium")
desk, easel = desk.container(gap="xsmall"), easel.container(key="easel")
with desk:
    entry = CATALOGUE.get(controls.pick("Objective", "objective", questions.TITLES))
    text = questions.ask_text(entry)
reading, refusal = (None, None) if text == FAMILY and entry else cache.read_objective(text, ())
with desk:
    alpha = questions.ALPHA.draw() if entry and text == FAMILY else None
    if reading:
        reading, scalars, model = questions.ask_rest(reading, entry, PAGE)
    target = Target(*(slider.draw() for slider in TARGET_SLIDERS))
state.remember(PAGE, [*(slider.key for slider in TARGET_SLIDERS), "objective", "text"])
with examples:
    state.undo_button(PAGE)

with easel:
    if refusal:
        st.error(escaped(refusal))
    elif reading:
        draw_answer(reading, entry, model, scalars, target, units)
    else:
        draw_family(entry, alpha, target, units)

with st.expander("Library calls: argument order, logs and reductions"):
    st.markdown(values_table(NATS_IN[units], units))
    st.markdown(traps_table())
    st.caption(
        "The values are those of the documented formulas, restated in NumPy; the packages themselves are not asked."
    )
