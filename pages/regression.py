"""A line through data: slope and intercept together, and what a product of the two makes of them."""

import streamlit as st

import kl_engine  # noqa: F401  # whole, before its parts
from pages.ui.frame import shell
from pages.ui.frame.takeaway import draw_takeaway
from pages.ui.frame.thread import draw_thread
from pages.ui.glossary.links import glossary
from pages.ui.state import session
from pages.ui.state.pills import preset_row
from pages.ui.views.regression import charts, takeaway, words
from pages.ui.views.regression.question import DATA, FIELDS, NOISE, PRESETS, PRIOR, Question
from pages.ui.views.regression.scene import answered
from pages.ui.views.regression.stage import stage

units = shell.open_page("pages/regression.py")
session.restore(*FIELDS)
opening = shell.heading("A line through data", "Drag the points and watch the posterior of slope and intercept.")
presets = preset_row({name: {DATA.key: rows} for name, rows in PRESETS.items()})
with st.container(key="bench", gap="xsmall"):
    with st.container(key="controls"):
        sliders = st.columns(2, gap="medium")
        with sliders[0]:
            noise = NOISE.draw()
        with sliders[1]:
            prior = PRIOR.draw()
    easel = st.container()
account = st.container(key="account")
numbers = account.container()
columns = account.columns([3, 2], gap="medium")
with columns[1]:
    st.markdown("##### The data")
    rows = DATA.draw()
question = session.ask(Question(rows, noise, prior))
undo = presets.container(width="content")
session.keep()
with undo:
    session.undo_button()

scene = answered(question)
shell.say_opening(opening, words.opening(scene))
with easel:
    stage(scene)
shell.let_it_paint()
with numbers:
    st.markdown(words.HEAD)
    st.markdown(words.table(scene, units))
with columns[0]:
    predicted = glossary("posterior", units, "posterior")
    st.markdown(
        f"##### How certain each is about a new y\n\nThe {predicted} and three factorised approximations of it; ticks "
        "mark the data."
    )
    charts.std_picture(scene).draw(st)
    st.markdown(words.stds_table(scene, units))
with account:
    st.markdown("##### What this means here")
    for sentence in words.meaning(scene, units):
        st.markdown(sentence)

    draw_takeaway(question.to_python(), takeaway.tables(scene), takeaway.latex(scene))
draw_thread("pages/regression.py", units)
