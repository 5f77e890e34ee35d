"""Two answers on a table: a joint distribution by the product of two factors, in both directions."""

import streamlit as st

import kl_engine  # noqa: F401  # whole, before its parts
from pages.ui.frame import shell
from pages.ui.frame.takeaway import draw_takeaway
from pages.ui.frame.thread import draw_thread, end_page
from pages.ui.glossary.links import glossary
from pages.ui.state import session
from pages.ui.state.callbacks import button
from pages.ui.state.pills import preset_row
from pages.ui.views.classic_exercise import takeaway, words
from pages.ui.views.classic_exercise.presets import PRESETS
from pages.ui.views.classic_exercise.question import JOINT, LONGEST_PASTE, PASTE, PASTE_HELP, pasted, put_in, read
from pages.ui.views.classic_exercise.scene import answered
from pages.ui.views.classic_exercise.stage import draw_stage

units = shell.open_page("pages/classic_exercise.py")
session.restore(JOINT)
opening = shell.heading(
    "Two answers on a table",
    f"A joint distribution p(x, y) and the nearest {glossary('mean field', units, 'product')} q(x) q(y), "
    "in either direction.",
)
presets = preset_row({name: {JOINT.key: preset.packed} for name, preset in PRESETS.items()})
with st.container(key="desk"):
    desk, easel = st.columns([3, 8], gap="medium")
with desk.container(key="controls", gap="xsmall"):
    st.markdown("**p(x, y)**: a row for each x, a column for each y")
    rows = JOINT.draw()
    with st.container(horizontal=True, gap="small"):
        JOINT.draw_columns()
    with st.popover("Paste a table"):
        text = st.text_area("A table of numbers", key=PASTE, max_chars=LONGEST_PASTE, help=PASTE_HELP)
        if text.strip():
            try:
                button("Put it into the table", session.put, put_in(pasted(text)))
            except ValueError as unread:
                st.error(str(unread))
    notices = st.container(gap="xxsmall")
try:
    (question, note), problem = read(rows), ""
except ValueError as unread:
    question, note, problem = None, "", str(unread)
session.ask(question)
undo = presets.container(width="content")
session.keep()
with undo:
    session.undo_button()
source = next((preset.source for preset in PRESETS.values() if preset.packed == JOINT.value), "")
for text in filter(None, (note, source)):
    notices.caption(text)
if not question:
    shell.say_refused(opening, "This is not a joint distribution")
    easel.error(problem)
    end_page("pages/classic_exercise.py", units)

with easel.container(key="easel", gap="xsmall"):
    scene = answered(question)
    shell.say_opening(opening, words.lead(scene, units))
    draw_stage(scene, units)
    shell.let_it_paint()
with st.container(key="account"):
    st.markdown("##### The fits")
    st.markdown(words.fit_table(scene, units))
    if said := words.meaning(scene, units):
        st.markdown("##### What this means here")
        for sentence in said:
            st.markdown(sentence)
    draw_takeaway(question.to_python(), takeaway.tables(scene), takeaway.latex(scene))
draw_thread("pages/classic_exercise.py", units)
