"""Code lengths: D as what the wrong code costs, term by term, in whole digits, and measured on a sample."""

import streamlit as st

import kl_engine  # noqa: F401  # whole, before its parts
from pages.ui.frame import shell
from pages.ui.frame.takeaway import draw_takeaway
from pages.ui.frame.thread import draw_thread, end_page
from pages.ui.glossary.links import glossary
from pages.ui.say.number_columns import draw_numbers
from pages.ui.state import session
from pages.ui.state.callbacks import button
from pages.ui.state.pills import preset_row
from pages.ui.state.typed_table import packed
from pages.ui.views.code_lengths import takeaway, words
from pages.ui.views.code_lengths.presets import PRESETS
from pages.ui.views.code_lengths.question import COLUMNS, FIELDS, SAMPLE, TABLE, THIRD, normalised, read
from pages.ui.views.code_lengths.scene import answered
from pages.ui.views.code_lengths.stage import draw_stage

units = shell.open_page("pages/code_lengths.py")
session.restore(*FIELDS)
opening = shell.heading(
    "Code lengths",
    f"A code built for q, used on data from p, needs the {glossary('entropy', units)} of p plus D(p‖q) per symbol.",
)

presets = preset_row({name: {TABLE.key: preset.table} for name, preset in PRESETS.items()})
with st.container(key="desk"):
    desk, easel = st.columns([3, 7], gap="medium")
easel = easel.container(key="easel", gap="xsmall")
with desk.container(key="controls", gap="xsmall"):
    rows = TABLE.draw(COLUMNS if THIRD.value else COLUMNS[:3])
    third = THIRD.draw()
    seed = int(SAMPLE.draw())
    notices = st.container(gap="xxsmall")
    source = next((preset.source for preset in PRESETS.values() if preset.table == TABLE.value), None)
    st.caption(source or "Numbers such as 0.25, 1/3 or 1e-6; empty is 0.")
undo = presets.container(width="content")
try:
    table, problem = read(rows), None
except ValueError as unread:
    table, problem = None, str(unread)
question = session.ask(table and table.question(third, seed))
session.keep()
with undo:
    session.undo_button()
if not question:
    shell.say_refused(opening, "These are not two distributions")
    easel.error(problem)
    end_page("pages/code_lengths.py", units)
with notices:
    if table.note:
        st.caption(f"{table.note}: each number is divided by it.")
        button("Write the normalised numbers", session.put, {TABLE.key: packed(normalised(rows))})

scene = answered(question)
shell.say_opening(opening, words.lead(scene, units))
with easel:
    draw_stage(scene, units)
shell.let_it_paint()

with st.container(key="account"):
    st.markdown("##### What this means here")
    for sentence in words.meaning(scene, units):
        st.markdown(sentence)
    st.caption(words.excess_note(units))

    st.markdown("##### Words")
    coded = words.word_table(scene)
    draw_numbers(coded, words.word_meanings(), left=[name for name in coded if name.startswith(words.CODES)])
    draw_takeaway(question.to_python(), takeaway.tables(scene), takeaway.latex(scene, units))
draw_thread("pages/code_lengths.py", units)
