"""Infer, then act: exact and factorised inference of two causes, and the action that each belief leads to."""

import streamlit as st

import kl_engine  # noqa: F401  # whole, before its parts
from pages.ui.frame import shell
from pages.ui.frame.takeaway import draw_takeaway
from pages.ui.frame.thread import draw_thread, end_page
from pages.ui.glossary.links import glossary
from pages.ui.state import session
from pages.ui.state.pills import preset_row
from pages.ui.views.infer_then_act import takeaway, words
from pages.ui.views.infer_then_act.question import (
    MAZE,
    NOISE,
    PRESETS,
    RIGHT,
    SHOWN,
    SIDE,
    as_begun,
    causes_of,
    follow_noise,
    read,
)
from pages.ui.views.infer_then_act.scene import answered, branches
from pages.ui.views.infer_then_act.stage import draw_meaning, draw_stage

units = shell.open_page("pages/infer_then_act.py")
session.restore(NOISE, SIDE, SHOWN, *MAZE.values())
causes = causes_of(NOISE.value)
session.restore(causes)
opening = shell.heading(
    "Infer, then act",
    f"First infer two causes from a clue, exactly or with a {glossary('mean field', units, 'factorised q')}. Then take "
    f"the action of least {glossary('expected free energy', units)}.",
)
with preset_row({name: as_begun(value) for name, value in PRESETS.items()}):
    undo = st.container(width="content")
with st.container(key="desk"):
    desk, easel = st.columns([3, 7], gap="medium")
easel = easel.container(key="easel", gap="xsmall")
with desk.container(key="controls", gap="xsmall"):
    noise = NOISE.draw(changed=follow_noise)
    causes.draw()
    st.caption("The first cause is the side of the reward. A is the probability of the clue that was observed.")
    side = SIDE.draw()
    st.caption(f"From there q is found by {glossary('coordinate ascent', units)}.")

with st.container(key="account"):
    meaning = st.container()
    st.markdown("##### The maze")
    MAZE[SHOWN.pick()].draw()
    st.caption("Numbers such as 0.98 or 1/3; in C also −inf. A column that does not add up to 1 is divided by its sum.")
try:
    (question, notes), problem = read(st.session_state, noise, side == RIGHT), None
except ValueError as unread:
    question, notes, problem = None, "", str(unread)
session.ask(question)
session.keep()
with undo:
    session.undo_button()
if not question:
    shell.say_refused(opening, "Nothing can be inferred from these tables")
    easel.error(problem)
    end_page("pages/infer_then_act.py", units)
if notes:
    st.caption(notes)

scene, found = answered(question), branches(question.maze, question.right)
shell.say_opening(opening, words.lead(scene))
with easel:
    draw_stage(scene, found, units)
shell.let_it_paint()
with meaning:
    draw_meaning(scene, found, units)
draw_takeaway(question.to_python(), takeaway.tables(scene, found), takeaway.latex(scene))
draw_thread("pages/infer_then_act.py", units)
