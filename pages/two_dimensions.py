"""Two dimensions: a target in the plane, one Gaussian of a chosen shape, fitted in either direction."""

from functools import partial

import streamlit as st

from pages.ui import cache
from pages.ui.frame import shell
from pages.ui.glossary.links import glossary
from pages.ui.say.exports import ADDRESS, draw_takeaway
from pages.ui.state import component_table, controls
from pages.ui.state import url as state
from pages.ui.views.two_dimensions import session
from pages.ui.views.two_dimensions import takeaway as own
from pages.ui.views.two_dimensions import words as wording
from pages.ui.views.two_dimensions.cost_panel import SLIDERS, draw_cost_panel
from pages.ui.views.two_dimensions.stage import stage
from pages.ui.views.two_dimensions.target import LIMITS, checked

PAGE = "pages/two_dimensions.py"
FAMILIES = {"full": "any ellipse", "diagonal": "along the axes (mean field)", "isotropic": "a circle"}
COLUMN = 68  # px; all six of the table stand side by side

units = shell.open_page(PAGE)
state.restore(PAGE, SLIDERS, {session.COVARIANCE: controls.by_title(FAMILIES)})
rows = session.restore()
shell.heading(
    "Two dimensions",
    f"A {glossary('target', units)} p in the plane, one Gaussian q: what each direction makes of it, and what an "
    "ellipse along the axes costs.",
)
with st.container(key="bench"):
    with st.container(gap="xsmall"):
        presets = session.presets()
        covariance = controls.switch("Shape of q", session.COVARIANCE, FAMILIES)
    easel = st.container()
left, right = st.columns(2, gap="medium")
columns = st.columns(2, gap="medium")
with columns[1]:
    st.markdown("##### The components of p")
    rows = component_table.edited("plane_table", rows, LIMITS, checked, COLUMN)
session.keep(rows)

scene = cache.plane_scene(rows, covariance)
with easel:
    stage(scene, units)
    st.caption("Lines of p hold 20, 40, 60, 80 and 95 % of its mass; those of q 60 and 95 %.")
left.markdown(wording.card(scene, units, forward=True))
right.markdown(wording.card(scene, units, forward=False))
with columns[0]:
    st.markdown("##### What this means here")
    for sentence in wording.meaning(scene, units):
        st.markdown(sentence)

draw_cost_panel(units)
state.remember(PAGE, [session.ROWS, session.COVARIANCE, *(slider.key for slider in SLIDERS)])
with presets:
    state.undo_button(PAGE)

draw_takeaway(
    own.python_code(scene),
    {"fits": partial(own.fits_table, scene)},
    own.latex(scene),
    address=f"{ADDRESS} *Save as SVG*, above the panels, saves both of them as one picture.",
)
