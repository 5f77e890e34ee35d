"""Code lengths: D as what the wrong code costs, term by term, in whole digits, and measured on a sample."""

import streamlit as st

from pages.ui.frame import shell
from pages.ui.glossary.links import glossary
from pages.ui.say.exports import draw_takeaway
from pages.ui.state import controls, typed_table
from pages.ui.state import url as state
from pages.ui.views.code_lengths import takeaway, words
from pages.ui.views.code_lengths.presets import PRESETS
from pages.ui.views.code_lengths.question import ALLOWED, COLUMNS, normalised, read
from pages.ui.views.code_lengths.scene import answered
from pages.ui.views.code_lengths.stage import draw_stage

PAGE, TABLE, OWN = "pages/code_lengths.py", "symbols", "a table of your own"
DEFAULT = next(iter(PRESETS.values())).table
SAMPLE = controls.Stepper(
    "sample", "Sample", 1.0, 999.0, 1.0, 1.0, "The seed of the sample: another number, another one."
)
CHOICES = {"third": {"false": False, "true": True}}

units = shell.open_page(PAGE)
state.restore(PAGE, (SAMPLE,), CHOICES)
typed_table.restore(PAGE, TABLE, DEFAULT, len(COLUMNS))
shell.heading(
    "Code lengths",
    f"A code built for q, used on data from p, costs {glossary('entropy', units)} plus D(p‖q) per symbol.",
)

with st.container(key="desk"):
    desk, easel = st.columns([3, 7], gap="medium")
easel = easel.container(key="easel", gap="xsmall")
with desk.container(gap="xsmall"):
    example = st.container(gap="xxsmall")
    third = st.session_state.get("third", False)
    shown = COLUMNS if third else COLUMNS[:3]
    rows = typed_table.edited(TABLE, COLUMNS, shown, ALLOWED)
    st.toggle("Third distribution r", key="third", bind="query-params")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        seed = int(SAMPLE.draw())
        state.remember(PAGE, [TABLE, SAMPLE.key, *CHOICES])
        state.undo_button(PAGE)
    notices = st.container(gap="xxsmall")
with example:
    chosen = typed_table.preset_choice(TABLE, {name: preset.table for name, preset in PRESETS.items()}, OWN)
    st.caption(PRESETS[chosen].source if chosen in PRESETS else "Numbers such as 0.25, 1/3 or 1e-6; empty is 0.")
state.show_text(TABLE, DEFAULT)
try:
    table = read(rows)
except ValueError as problem:
    easel.error(str(problem))
    st.stop()
with notices:
    if table.note:
        st.caption(f"{table.note}: read as divided by the sum.")
        st.button("Write the normalised numbers", on_click=typed_table.put, args=(TABLE, normalised(rows)))

question = table.question(third, seed)
scene = answered(question)
with easel:
    draw_stage(scene, units)

st.markdown("##### What this means here")
for sentence in words.meaning(scene, units):
    st.markdown(sentence)
st.caption(words.excess_note(units))

st.markdown("##### Words")
told = {name: st.column_config.Column(help=text) for name, text in words.word_meanings().items()}
st.dataframe(words.word_table(scene), hide_index=True, column_config=told)
draw_takeaway(question.to_python(), takeaway.tables(scene), takeaway.latex(scene, units))
