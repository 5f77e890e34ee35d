"""Transitions: every answer of the reverse divergence as the two modes of p move apart, and where answers change."""

from functools import partial

import streamlit as st

from kl_engine import two_modes
from pages.ui import cache
from pages.ui.frame import shell
from pages.ui.glossary.links import glossary
from pages.ui.say.exports import draw_takeaway
from pages.ui.state import controls
from pages.ui.state import url as state
from pages.ui.state.bound_sliders import HELD_STD, LEFT, RIGHT, SEPARATION, WEIGHT
from pages.ui.views.transitions import charts, takeaway
from pages.ui.views.transitions import scene as diagram
from pages.ui.views.transitions import words as wording
from pages.ui.views.transitions.presets import PRESETS

PAGE = "pages/transitions.py"
SLIDERS = (SEPARATION, WEIGHT, RIGHT, LEFT, HELD_STD)
FREE, HELD = "free", "held"
STDS = {FREE: "fitted", HELD: "held"}
NEAR, WHOLE = "near", "whole"
RANGES = {NEAR: "to 10", WHOLE: "all"}

units = shell.open_page(PAGE)
state.restore(PAGE, SLIDERS, {"std_of_fit": controls.by_title(STDS), "range": controls.by_title(RANGES)})
points = glossary("stationary point", units, "stationary points")
shell.heading("Transitions", f"All {points} of D(q‖p) as the two modes of p move apart; the best one thick.")
presets = st.container(horizontal=True, gap="xsmall")
for name, values in PRESETS.items():
    presets.button(name, on_click=controls.put, args=(values,))

with st.container(key="desk"):
    desk, easel = st.columns([2, 7], gap="medium")
with desk.container(gap="xsmall"):
    separation, weight, right, left = (slider.draw() for slider in SLIDERS[:-1])
    held = controls.switch("Std of q", "std_of_fit", STDS) == HELD
    fixed_std = HELD_STD.draw(disabled=not held)
    fixed_std = fixed_std if held else None
    whole = controls.switch("Separations shown", "range", RANGES) == WHOLE
state.remember(PAGE, [*(slider.key for slider in SLIDERS), "std_of_fit", "range"])
with presets:
    state.undo_button(PAGE)

p = two_modes(separation, weight, (right, left))
with easel.container(key="easel"):
    found = cache.found_transitions(weight, right, left, fixed_std)
    if found is None:
        st.stop()
    here = cache.points_of(tuple(zip(p.weights.tolist(), p.means.tolist(), p.stds.tolist())), fixed_std)
    end = diagram.reach(found, whole)
    tables = (
        diagram.branch_table(found, end, units),
        diagram.event_table(found, end, units),
        diagram.now_table(separation, here, units),
    )
    charts.diagram("mean", 300, *tables).draw(st)
    for column, quantity in zip(st.columns(2, gap="medium"), ("std", "kl")):
        charts.diagram(quantity, 170, *tables).draw(column)
    st.caption(f"Against the separation of the modes; minima solid, unstable points dashed; D(q‖p) in {units}.")

st.markdown(wording.events_table(found, units))
st.markdown("##### What this means here")
for sentence in wording.meaning(found, here, separation, units):
    st.markdown(sentence)

draw_takeaway(
    takeaway.python_code(weight, (right, left), fixed_std), {"branches": partial(takeaway.branches_table, found)}
)
