"""Code lengths: D as what the wrong code costs, term by term, in whole digits, and measured on a sample."""

from functools import partial

import streamlit as st

from pages.ui import cache
from pages.ui.draw.theme import FORWARD, REVERSE
from pages.ui.frame import shell
from pages.ui.glossary.links import glossary
from pages.ui.say.exports import draw_takeaway
from pages.ui.say.numbers import NATS_IN
from pages.ui.state import controls, typed_table
from pages.ui.state import url as state
from pages.ui.views.code_lengths import cards, charts, symbols, takeaway
from pages.ui.views.code_lengths import words as explain
from pages.ui.views.code_lengths.presets import PRESETS

PAGE, TABLE, OWN = "pages/code_lengths.py", "symbols", "a table of your own"
DEFAULT = next(iter(PRESETS.values())).table
SAMPLE = controls.Stepper(
    "sample", "Sample", 1.0, 999.0, 1.0, 1.0, "The seed of the sample: another number, another one."
)
CHOICES = {"third": {"false": False, "true": True}}

units = shell.open_page(PAGE)
state.restore(PAGE, (SAMPLE,), CHOICES)
typed_table.restore(PAGE, TABLE, DEFAULT, len(symbols.COLUMNS))
shell.heading(
    "Code lengths",
    f"A code built for q, used on data from p, costs {glossary('entropy', units)} plus D(p‖q) a symbol.",
)

with st.container(key="desk"):
    desk, easel = st.columns([3, 7], gap="medium")
easel = easel.container(key="easel", gap="xsmall")
with desk.container(gap="xsmall"):
    example = st.container(gap="xxsmall")
    third = st.session_state.get("third", False)
    shown = symbols.COLUMNS if third else symbols.COLUMNS[:3]
    rows = typed_table.edited(TABLE, symbols.COLUMNS, shown, symbols.ALLOWED)
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
    table = symbols.read(rows)
except ValueError as problem:
    easel.error(str(problem))
    st.stop()
with notices:
    if table.note:
        st.caption(f"{table.note}: read as divided by the sum.")
        st.button("Write the normalised numbers", on_click=typed_table.put, args=(TABLE, symbols.normalised(rows)))

scene = cache.code_scene(table.p, table.q, table.r if third else None)
scale = NATS_IN[units]
sides = (
    (FORWARD, explain.FORWARD, scene.forward, partial(cache.coded_sample, table.p, table.q, seed)),
    (REVERSE, explain.REVERSE, scene.reverse, partial(cache.coded_sample, table.q, table.p, seed)),
)
with easel:
    charts.terms_chart(table.names, scene, scale).draw(st)
    columns = st.columns(2, gap="medium")
    for column, (_, who, costs, _) in zip(columns, sides):
        column.markdown(cards.card(costs, who, units))
    for column, (role, who, costs, sample) in zip(columns, sides):  # last, as the samples take a tenth of a second each
        with column:
            measured = sample()
            if measured.run.sizes.size:
                charts.run_chart(role, measured, costs.divergence.value, scale).draw(st)
            st.caption(explain.run_words(table.names, costs, measured, who, units))

st.markdown("##### What this means here")
for sentence in explain.meaning(table.names, scene, third and table.r is not None, units):
    st.markdown(sentence)
st.caption(
    f"The curves: {glossary('arithmetic coder', units, 'arithmetic coders')} at work on one sample. Excess is what the "
    f"code for the other distribution writes above the code for its own, in {units} a symbol; the band is two standard "
    "errors about D, and two digits for the end of a code."
)

st.markdown("##### Words")
words = cards.word_table(table.names, scene.forward, scene.reverse)
st.dataframe(words, hide_index=True, column_config=cards.word_meanings())

tables = {
    "terms": partial(takeaway.terms_table, table, scene),
    "runs": lambda: takeaway.runs_table(sides[0][3](), sides[1][3]()),
}
draw_takeaway(takeaway.python_code(table, seed), tables, takeaway.latex(scene, units))
