"""Plan ahead: policies of several steps weighed by their expected free energy, and acted out in a small world."""

import streamlit as st

import kl_engine  # noqa: F401  # whole, before its parts
from pages.ui.frame import shell
from pages.ui.frame.takeaway import draw_takeaway
from pages.ui.frame.thread import draw_thread
from pages.ui.glossary.links import glossary
from pages.ui.state import session
from pages.ui.state.pills import choice_row
from pages.ui.views.plan_ahead import takeaway, words
from pages.ui.views.plan_ahead.question import (
    HABITS,
    HORIZON,
    NONE,
    OWN,
    PRECISION,
    SEED,
    STRENGTH,
    WORLD,
    asked,
    take_world,
)
from pages.ui.views.plan_ahead.scene import answered
from pages.ui.views.plan_ahead.stage import draw_stage, draw_tables

units = shell.open_page("pages/plan_ahead.py")
session.restore(WORLD, HORIZON, PRECISION, SEED)
habit, own = HABITS[WORLD.value], OWN[WORLD.value]
session.restore(habit, *own, part=WORLD.value)
if habit.value != NONE:
    session.restore(STRENGTH)
opening = shell.heading(
    "Plan ahead",
    f"Every plan of a few steps has an {glossary('expected free energy', units)}. The agent takes the most likely next "
    "step and learns from what it sees.",
)
worlds = choice_row(WORLD, take_world)
with st.container(key="desk"):
    desk, easel = st.columns([3, 7], gap="medium")
with desk.container(key="controls", gap="xsmall"):
    drawn = {field.key: field.draw() for field in (HORIZON, PRECISION, habit)}
    drawn |= {STRENGTH.key: STRENGTH.draw()} if habit.value != NONE else {}
    drawn |= {field.key: field.draw() for field in (*own, SEED)}
question = session.ask(asked(WORLD.value, drawn))
session.keep()
with worlds:
    session.undo_button()

scene = answered(question)
with easel.container(key="easel", gap="xsmall"):
    shell.say_opening(opening, words.lead(scene, units))
    draw_stage(scene)
shell.let_it_paint()
with st.container(key="account"):
    st.markdown("##### What this means here")
    for sentence in words.meaning(scene, units):
        st.markdown(sentence)
    draw_tables(scene, units)
    draw_takeaway(question.to_python(), takeaway.tables(scene), texts={"run": words.account(scene)})
draw_thread("pages/plan_ahead.py", units)
