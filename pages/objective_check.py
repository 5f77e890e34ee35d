"""What does my loss do? An objective, picked or typed: who stands under the expectation, and what that forces on q."""

import streamlit as st

import kl_engine  # noqa: F401  # whole, before its parts
from pages.ui.frame import shell
from pages.ui.frame.pasted import closed_form, link_to_check
from pages.ui.frame.thread import draw_thread
from pages.ui.glossary.links import glossary
from pages.ui.say.plain_text import escaped
from pages.ui.state import session
from pages.ui.state.pills import preset_row
from pages.ui.state.sliders import TARGET
from pages.ui.state.two_modes import Target
from pages.ui.views.objective_check import words
from pages.ui.views.objective_check.question import EXAMPLES, OBJECTIVE, TEXT, TYPED, Question, ask_objective
from pages.ui.views.objective_check.scene import Family, answered
from pages.ui.views.objective_check.stage import draw_answer, draw_family

units = shell.open_page("pages/objective_check.py")
session.restore(OBJECTIVE, *TARGET)
opening = shell.heading(
    "What does my loss do?",
    "Pick an objective or paste your own. Under which distribution is its expectation, and what does that force on the "
    f"{glossary('approximation', units)}?",
)
if OBJECTIVE.value == TYPED:
    session.restore(TEXT)
typed = {name: {OBJECTIVE.key: TYPED, TEXT.key: example} for name, example in EXAMPLES.items()}
examples = preset_row(typed, others=(TEXT,))

with st.container(key="desk"):
    desk, easel = st.columns([3, 8], gap="medium")
with desk.container(key="controls", gap="xsmall"):
    OBJECTIVE.pick()
    try:
        asked, refusal = ask_objective(), ""
    except ValueError as refused:  # what the grammar says of a text that it does not accept
        asked, refusal = {}, str(refused)
    target = Target(*(slider.draw() for slider in TARGET))
question = session.ask(Question(target, **asked) if asked else None)
session.keep()
with examples:
    session.undo_button()

with easel.container(key="easel"):
    if question is None:
        shell.say_refused(opening, "This could not be read as an objective")
        st.error(escaped(refusal))
        if OBJECTIVE.value == TYPED and (check := closed_form(TEXT.value)):
            st.info(f"As a closed form: {escaped(check.headline)}")
            link_to_check(TEXT.value, "Check my formula shows how we know")
    elif isinstance(scene := answered(question), Family):
        shell.say_opening(opening, words.lead_of_family(scene))
        draw_family(scene, units)
    else:
        shell.say_opening(opening, words.lead(scene))
        draw_answer(scene, units)

with st.expander("Library calls: argument order, logs and reductions"):
    st.markdown(words.values_table(units))
    st.markdown(words.traps_table())
    st.caption(
        "The values are those of the documented formulas, restated in NumPy; the packages themselves are not called."
    )
draw_thread("pages/objective_check.py", units, target)
