"""The α dial: one control from the reverse fit to the forward one, with the best q following."""

from functools import partial

import streamlit as st

from pages.ui import cache
from pages.ui.frame import shell
from pages.ui.glossary.links import glossary
from pages.ui.say.exports import draw_takeaway
from pages.ui.state import controls
from pages.ui.state import url as state
from pages.ui.state.bound_sliders import LEFT, RIGHT, SEPARATION, WEIGHT
from pages.ui.state.controls import Slider
from pages.ui.state.presets import PRESETS
from pages.ui.state.two_modes import Target
from pages.ui.views.alpha_dial import takeaway
from pages.ui.views.alpha_dial import words as wording
from pages.ui.views.alpha_dial.scene import reading
from pages.ui.views.alpha_dial.stage import draw_stage

PAGE = "pages/alpha_dial.py"
ALPHA = Slider("alpha", "α", 0.0, 1.0, 0.01, 0.5, "0 is the reverse divergence D(q‖p), 1 the forward one D(p‖q).")
TARGET_SLIDERS = (SEPARATION, WEIGHT, RIGHT, LEFT)
SLIDERS = (ALPHA, *TARGET_SLIDERS)

units = shell.open_page(PAGE)
state.restore(PAGE, SLIDERS, {})
divergence = glossary("alpha-divergence", units)
shell.heading("The α dial", f"The two directions are ends of one dial, the {divergence}: turn it and q follows.")
presets = st.container(horizontal=True, gap="xsmall")
for name, values in PRESETS.items():
    shape = {slider.key: values[slider.key] for slider in TARGET_SLIDERS}
    presets.button(name, on_click=controls.put, args=(shape,))

with st.container(key="desk"):
    desk, easel = st.columns([2, 7], gap="medium")
with desk.container(gap="xsmall"):
    alpha, *shape = (slider.draw() for slider in SLIDERS)
state.remember(PAGE, [slider.key for slider in SLIDERS])
with presets:
    state.undo_button(PAGE)

target = Target(*shape)
dial = cache.dial(*shape)
here = reading(dial, alpha)
with easel.container(key="easel"):
    draw_stage(dial, alpha, units)
    st.markdown(wording.table(dial, here, units))
    st.caption(wording.accuracy(dial, here, units))
with desk:
    st.markdown(wording.value_line(here, units))

st.markdown("##### What this means here")
for sentence in wording.meaning(dial, here, units):
    st.markdown(sentence)

draw_takeaway(takeaway.python_code(target, alpha), {"the dial": partial(takeaway.path_table, dial)})
