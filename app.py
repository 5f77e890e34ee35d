"""Two directions: one target, one Gaussian, fitted by either divergence, watched and measured."""

from functools import partial

import streamlit as st

from kl_engine import Gaussian
from pages.ui import cache, controls, explain, shell, state, takeaway
from pages.ui.cards import draw_cards
from pages.ui.numbers import normal
from pages.ui.presets import PRESETS
from pages.ui.scene import Target, sweep_scene
from pages.ui.shell import glossary
from pages.ui.sliders import LEFT, MEAN, RIGHT, SEPARATION, STD, WEIGHT
from pages.ui.stage import draw_stage, open_stage

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
    target = Target(*(slider.draw() for slider in TARGET_SLIDERS))
    start = Gaussian(*(slider.draw(disabled=motion == SWEEP) for slider in START_SLIDERS))
    integrands = st.toggle("Pointwise integrands", key="integrands", bind="query-params")
state.remember(PAGE, [*(slider.key for slider in SLIDERS), *CHOICES])
with presets:
    state.undo_button(PAGE)

with easel:
    stage = open_stage()
sweeping = motion == SWEEP
try:
    if sweeping:
        sweep = cache.sweep(target.weight, target.right, target.left)
        scene = sweep_scene(target, start, sweep)
    else:
        scene = cache.fit_scene(*vars(target).values(), start.mean, start.std)
except RuntimeError as unsettled:  # a flow without an end within its steps
    st.error(f"No fit from here: {unsettled}.")
    st.stop()

with easel:
    draw_stage(stage, scene, units, sweeping, integrands)
    draw_cards(scene.forward, scene.reverse, units)

st.markdown("##### What this means here")
for sentence in explain.meaning(scene, units):
    st.markdown(sentence)
if sweeping:
    st.markdown(explain.sweep_meaning(sweep, units))
else:
    with st.container(horizontal=True, gap="xsmall"):
        for i, other in enumerate(explain.other_optima(scene)):
            there = zip(START_SLIDERS, (other.q.mean, other.q.std))
            values = {slider.key: slider.nearest(value) for slider, value in there}
            st.button(f"Start near {normal(other.q)}", on_click=controls.put, args=(values,), key=f"start_near_{i}")

with st.expander("Take it away: Python, CSV, link"):
    st.code(takeaway.python_code(scene, sweeping), language="python")
    with st.container(horizontal=True):
        for name, table in (
            ("curves", lambda: takeaway.curve_table(target.p, scene.forward.q, scene.reverse.q)),
            ("traces", lambda: takeaway.traces_table(scene)),
            ("motion", lambda: takeaway.motion_table(scene, sweeping)),
        ):
            csv = partial(takeaway.csv, table)
            st.download_button(f"{name.capitalize()} as CSV", csv, f"{name}.csv", "text/csv", on_click="ignore")
    st.markdown("The address of this page holds everything set here: copy it to share this state.")
