"""Two dimensions: a target in the plane, one Gaussian of a chosen shape, fitted in either direction."""

import streamlit as st

import kl_engine  # noqa: F401  # whole, before its parts
from pages.ui.frame import shell
from pages.ui.frame.takeaway import draw_takeaway
from pages.ui.frame.thread import draw_thread
from pages.ui.glossary.links import glossary
from pages.ui.state import session
from pages.ui.state.pills import preset_row
from pages.ui.state.plane import PLANE, PRESETS, PlaneTarget
from pages.ui.views.two_dimensions import charts, takeaway, words
from pages.ui.views.two_dimensions.question import CORRELATION, COVARIANCE, DIMENSION, FIELDS, Question
from pages.ui.views.two_dimensions.scene import answered
from pages.ui.views.two_dimensions.stage import stage

units = shell.open_page("pages/two_dimensions.py")
session.restore(*FIELDS)
opening = shell.heading(
    "Two dimensions",
    f"A {glossary('target', units)} p in the plane and one Gaussian q. Drag p; below, see what ignoring correlation "
    "costs.",
)
presets = preset_row({name: {PLANE.key: p, COVARIANCE.key: family} for name, (p, family) in PRESETS.items()})
with st.container(key="bench", gap="xsmall"):
    with st.container(key="controls"):
        covariance = COVARIANCE.draw()
    easel = st.container()
cards, account = st.container(key="cards").columns(2, gap="medium"), st.container(key="account")
columns = account.columns([3, 4], gap="medium")  # the heads of six columns are read whole
with columns[1]:
    st.markdown("##### The components of p")
    target = PlaneTarget(PLANE.draw())
mean_field = glossary("mean field", units, "Mean field")
account.markdown(f"##### What mean field costs\n\n{mean_field} treats the coordinates of q as independent.")
costs = account.columns(2, gap="medium")
with costs[0]:
    correlation = CORRELATION.draw()
with costs[1]:
    dimension = round(DIMENSION.draw())
question = session.ask(Question(target, covariance, correlation, dimension))
undo = presets.container(width="content")
session.keep()
with undo:
    session.undo_button()

scene = answered(question)
shell.say_opening(opening, words.lead(scene.fits, units))
with easel:
    stage(scene, units)
    shell.let_it_paint()
    st.container(key="small_print").caption(
        "The lines of p enclose 20, 40, 60, 80 and 95 % of its mass, those of q 60 and 95 %."
    )
for column, forward in zip(cards, (True, False)):
    column.markdown(words.card(scene.fits, units, forward))
with columns[0]:
    st.markdown("##### What this means here")
    for sentence in words.meaning(scene.fits, units):
        st.markdown(sentence)
for column, picture in zip(costs, charts.cost_pictures(scene, units)):
    picture.draw(column)
account.markdown(words.cost(scene, units))
with st.container(key="below"):
    draw_takeaway(question.to_python(), takeaway.tables(scene), takeaway.latex(scene.fits))
draw_thread("pages/two_dimensions.py", units)
