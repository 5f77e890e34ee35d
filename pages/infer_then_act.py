"""Infer, then act: exact and factorised inference of two causes, and the action that each belief leads to."""

import streamlit as st

from pages.ui.frame import shell
from pages.ui.glossary.links import glossary
from pages.ui.say.exports import draw_takeaway
from pages.ui.state import controls, typed_table
from pages.ui.state import url as state
from pages.ui.views.infer_then_act import tables, takeaway
from pages.ui.views.infer_then_act.question import read
from pages.ui.views.infer_then_act.scene import answered, branches
from pages.ui.views.infer_then_act.stage import draw_meaning, draw_stage

PAGE = "pages/infer_then_act.py"
NOISE = controls.Slider(
    "noise", "Noise ε of the clue", 0.005, 0.5, 0.005, 0.05, "The clue says “the causes differ”, and is wrong so often."
)
SIDES = {"right": "right", "left": "left"}
PRESETS = {"T-maze": 0.5, "Exclusive or": 0.05, "Above the threshold": 0.15}  # the noise; at ½ the clue says nothing
MAZE = tables.maze_tables()

units = shell.open_page(PAGE)
state.restore(PAGE, (NOISE,), {"side": SIDES, "table": controls.by_title(dict(zip(MAZE, tables.TITLES.values())))})
noise = st.session_state.get(NOISE.key, NOISE.default)
for key, text in {tables.CAUSES: tables.causes_table(noise), **MAZE}.items():
    typed_table.restore(PAGE, key, text, len(tables.COLUMNS[key]), tables.row_names(key))
shell.heading(
    "Infer, then act",
    f"A clue about two causes is explained first, exactly or by a {glossary('mean field', units, 'factorised q')}; "
    f"the belief then chooses the action of least {glossary('expected free energy', units)}.",
)


def starts(noise: float) -> dict[str, object]:
    """Every table as it begins, at this noise."""
    return {NOISE.key: noise, tables.CAUSES: tables.causes_table(noise), **MAZE}


with st.container(horizontal=True, gap="xsmall"):
    for name, value in PRESETS.items():
        st.button(name, on_click=controls.put, args=(starts(value),))
    undo = st.container(width="content")
with st.container(key="desk"):
    desk, easel = st.columns([3, 7], gap="medium")
easel = easel.container(key="easel", gap="xsmall")
with desk.container(gap="xsmall"):
    noise = NOISE.draw()
    tables.follow_noise(st.session_state, noise)
    causes = tables.CAUSE_COLUMNS
    typed_table.edited(tables.CAUSES, causes, causes, tables.allowed(tables.CAUSES), grows=False)
    st.caption("The first cause is where the reward is. A is the probability of the clue that was observed.")
    side = controls.switch("Start of the ascent", "side", SIDES)
    st.caption(f"q is found by {glossary('coordinate ascent', units)} from there.")

meaning = st.container()
st.markdown("##### The maze")
shown = controls.pick("Table", "table", tables.TITLES)
typed_table.edited(shown, tables.COLUMNS[shown], tables.COLUMNS[shown], tables.allowed(shown), grows=False)
st.caption("Numbers such as 0.98 or 1/3; in C also −inf. A column that does not add up to 1 is divided by its sum.")
state.remember(PAGE, [NOISE.key, "side", tables.CAUSES, *MAZE])
with undo:
    state.undo_button(PAGE)
for key, text in {tables.CAUSES: tables.causes_table(noise), **MAZE}.items():
    state.show_text(key, text)
try:
    question, notes = read(st.session_state, noise, side == "right")
except ValueError as problem:
    easel.error(str(problem))
    st.stop()
if notes:
    st.caption(notes)

scene, found = answered(question), branches(question.maze, question.right)
with easel:
    draw_stage(scene, found, units)
with meaning:
    draw_meaning(scene, found, units)
draw_takeaway(question.to_python(), takeaway.tables(scene, found), takeaway.latex(scene))
