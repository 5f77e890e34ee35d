"""Infer, then act: exact and factorised inference of two causes, and the action that each belief leads to."""

from functools import partial

import streamlit as st

from pages.ui import cache
from pages.ui.draw.theme import REVERSE, TARGET
from pages.ui.frame import shell
from pages.ui.glossary.links import glossary
from pages.ui.say.exports import draw_takeaway
from pages.ui.say.numbers import NATS_IN
from pages.ui.state import controls, typed_table
from pages.ui.state import url as state
from pages.ui.views.infer_then_act import cards, charts, tables, takeaway
from pages.ui.views.infer_then_act import words as explain

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
    joint, notes = tables.read_causes(st.session_state[tables.CAUSES])
    world, more = tables.read_maze(st.session_state)
except ValueError as problem:
    easel.error(str(problem))
    st.stop()
if notes or more:
    st.caption(f"{notes} {more}")

right = side == "right"
scene, branches = cache.act_scene(joint, right, *world), cache.act_branches(right, *world)
scale, is_exclusive = NATS_IN[units], st.session_state[tables.CAUSES] == tables.causes_table(noise)
with easel:
    here = scene.q.first.probs[0]
    charts.branch_chart(branches, noise if is_exclusive else None, here).draw(st)
    high = charts.highest(scene.exact_choice, scene.factorised_choice)
    sides = (
        (TARGET, cards.exact_card(scene, units), scene.exact_choice),
        (REVERSE, cards.factorised_card(scene, units), scene.factorised_choice),
    )
    for column, (role, card, choice) in zip(st.columns(2, gap="medium"), sides):
        with column:
            st.markdown(card)
            charts.bars_chart(role, choice, high, scale).draw(st)
            st.markdown(explain.bars_words(choice, units))
    st.caption(
        f"G in {units}, twice: left {glossary('risk', units)} with {glossary('ambiguity', units)} on top; right "
        f"−{glossary('utility', units)} less {glossary('information gain', units)} (outlined). Both end at the same G; "
        f"{glossary('softmax', units)} of −G chooses."
    )
with meaning:
    st.markdown("##### What this means here")
    for sentence in explain.meaning(scene, branches, is_exclusive, units):
        st.markdown(sentence)
    for name, choice in (("exact", scene.exact_choice), ("factorised", scene.factorised_choice)):
        st.caption(f"With the {name} belief, in {units}:")
        st.dataframe(cards.shown_table(choice, units), hide_index=True, column_config=cards.value_meanings())

content = {"policies": partial(takeaway.values_table, scene), "branches": partial(takeaway.branches_table, branches)}
draw_takeaway(takeaway.python_code(joint, right, *world), content, takeaway.latex(scene))
