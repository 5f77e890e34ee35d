"""What the home page shows of its controls: both fits moving and in numbers, what they mean here, what to take away."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from kl_engine import Gaussian
from pages.ui import cache
from pages.ui.say.cards import draw_cards
from pages.ui.say.exports import draw_takeaway
from pages.ui.say.numbers import normal
from pages.ui.state import controls
from pages.ui.state.sliders import MEAN, STD
from pages.ui.state.two_modes import Target
from pages.ui.views.home import takeaway
from pages.ui.views.home import words as explain
from pages.ui.views.home.scene import Scene, sweep_scene
from pages.ui.views.home.stage import draw_stage, open_stage


def draw_home(
    easel: DeltaGenerator,
    target: Sequence[float],
    start: Sequence[float],
    units: str,
    sweeping: bool,
    integrands: bool,
) -> None:
    """The view of these controls: `target` is separation, weight and both widths, `start` mean and std of q."""
    target, start = Target(*target), Gaussian(*start)
    with easel:
        stage = open_stage()
    try:
        if sweeping:
            sweep = cache.sweep(target.weight, target.right, target.left)
            scene = sweep_scene(target, start, sweep)
        else:
            scene = cache.fit_scene(*vars(target).values(), start.mean, start.std)
    except RuntimeError as unsettled:  # a flow without an end within its steps
        st.error(f"No fit from here: {unsettled}.")
        return
    with easel:
        draw_stage(stage, scene, units, sweeping, integrands)
        draw_cards(scene.forward, scene.reverse, units)
    st.markdown("##### What this means here")
    for sentence in explain.meaning(scene, units):
        st.markdown(sentence)
    if sweeping:
        st.markdown(explain.sweep_meaning(sweep, units))
    else:
        _draw_other_starts(scene)
    _draw_takeaway(scene, sweeping)


def _draw_other_starts(scene: Scene) -> None:
    """A button for every other optimum of the reverse divergence."""
    with st.container(horizontal=True, gap="xsmall"):
        for i, other in enumerate(explain.other_optima(scene)):
            there = zip((MEAN, STD), (other.q.mean, other.q.std))
            values = {slider.key: slider.nearest(value) for slider, value in there}
            st.button(f"Start near {normal(other.q)}", on_click=controls.put, args=(values,), key=f"start_near_{i}")


def _draw_takeaway(scene: Scene, sweeping: bool) -> None:
    """Python, the tables, and that the address is a link."""
    draw_takeaway(
        takeaway.python_code(scene, sweeping),
        {
            "curves": lambda: takeaway.curve_table(scene.target.p, scene.forward.q, scene.reverse.q),
            "traces": lambda: takeaway.traces_table(scene),
            "motion": lambda: takeaway.motion_table(scene, sweeping),
        },
    )
