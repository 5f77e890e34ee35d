"""Two directions: one target, one Gaussian, fitted by either divergence, watched and measured."""

import streamlit as st

from pages.ui.frame import shell
from pages.ui.glossary.links import glossary
from pages.ui.state import controls
from pages.ui.state import url as state
from pages.ui.state.presets import PRESETS
from pages.ui.state.sliders import LEFT, MEAN, RIGHT, SEPARATION, STD, WEIGHT

PAGE = "app.py"
FIT, SWEEP = "fit", "sweep"
MOTIONS = {FIT: "fit", SWEEP: "sweep"}
TARGET_SLIDERS = (SEPARATION, WEIGHT, RIGHT, LEFT)
START_SLIDERS = (MEAN, STD)
SLIDERS = TARGET_SLIDERS + START_SLIDERS
CHOICES = {"motion": {FIT: FIT, SWEEP: SWEEP}, "integrands": {"false": False, "true": True}}

units = shell.open_page(PAGE)
state.restore(PAGE, SLIDERS, CHOICES)

shell.heading(
    "Two directions",
    f"One {glossary('target', units)} p, one Gaussian q: which is best depends on who stands under the expectation.",
)
presets = st.container(horizontal=True, gap="xsmall")
for name, values in PRESETS.items():
    presets.button(name, on_click=controls.put, args=(values,))

with st.container(key="desk"):
    desk, easel = st.columns([2, 7], gap="medium")
easel = easel.container(key="easel")
with desk.container(gap="xsmall"):
    motion = st.segmented_control(
        "Motion", MOTIONS, format_func=MOTIONS.get, key="motion", required=True, default=FIT, bind="query-params"
    )
    target = [slider.draw() for slider in TARGET_SLIDERS]
    start = [slider.draw(disabled=motion == SWEEP) for slider in START_SLIDERS]
    integrands = st.toggle("Pointwise integrands", key="integrands", bind="query-params")
state.remember(PAGE, [*(slider.key for slider in SLIDERS), *CHOICES])
with presets:
    state.undo_button(PAGE)

# Imported only here: a browser fetches its own parts of what stands above while the server reads the engine and Altair.
from pages.ui.views.home.page import draw_home  # noqa: E402

draw_home(easel, target, start, units, motion == SWEEP, integrands)
