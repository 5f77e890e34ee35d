"""Estimators: the exact value beside every bound, approximation and sample of it, in both directions."""

from dataclasses import replace
from functools import partial

import streamlit as st

from kl_engine import Gaussian
from pages.ui import cache
from pages.ui.frame import shell
from pages.ui.glossary.links import glossary
from pages.ui.say.exports import draw_takeaway
from pages.ui.state import controls
from pages.ui.state import url as state
from pages.ui.state.bound_sliders import LEFT, MEAN, RIGHT, SEPARATION, STD, WEIGHT
from pages.ui.state.controls import Slider
from pages.ui.state.presets import PRESETS
from pages.ui.state.two_modes import Target
from pages.ui.views.estimators import charts, takeaway
from pages.ui.views.estimators import words as wording

PAGE = "pages/estimators.py"
SEED = Slider("seed", "Sample", 0.0, 99.0, 1.0, 0.0, "The seed of the draws: another one is another sample.")
SLIDERS = (
    SEPARATION,
    WEIGHT,
    RIGHT,
    LEFT,
    replace(MEAN, label="Mean of q", help="Where the approximation stands."),
    replace(STD, label="Std of q", help="How wide the approximation is."),
    SEED,
)

units = shell.open_page(PAGE)
state.restore(PAGE, SLIDERS, {})
bound = glossary("bound", units, "bound")
exact = glossary("error bound", units, "exact value")
shell.heading("Estimators", f"The {exact} beside every closed-form {bound} and approximation, and beside sampling.")
presets = st.container(horizontal=True, gap="xsmall")
for name, values in PRESETS.items():
    presets.button(name, on_click=controls.put, args=(values,))

with st.container(key="desk"):
    desk, easel = st.columns([2, 7], gap="medium")
with desk.container(gap="xsmall"):
    *shape, mean, std, seed = (slider.draw() for slider in SLIDERS)
state.remember(PAGE, [slider.key for slider in SLIDERS])
with presets:
    state.undo_button(PAGE)

trials = cache.trials(*shape, mean, std, int(seed))
with easel.container(key="easel"):
    for column, trial in zip(st.columns(2, gap="medium"), trials):
        with column:
            st.markdown(wording.head(trial, units))
            charts.bounds_chart(trial, units).draw(st)
            charts.samples_chart(trial, units).draw(st)
    st.caption(
        f"Line: the exact value, in {units}. "
        "Above: ▶\ufe0e never above it, ◀\ufe0e never below it, ○ neither promised. "
        f"Below: the mean over the first draws of one sample, with 3.3 {glossary('standard error', units)}s."
    )

st.markdown("##### What this means here")
for sentence in wording.meaning(trials, units):
    st.markdown(sentence)
with st.expander("Every number, with its kind and source"):
    st.markdown(wording.table(trials, units))
    for note in wording.notes(trials):
        st.caption(note)

draw_takeaway(
    takeaway.python_code(Target(*shape), Gaussian(mean, std), int(seed)),
    {"bounds": partial(takeaway.bounds_table, trials), "samples": partial(takeaway.samples_table, trials)},
)
