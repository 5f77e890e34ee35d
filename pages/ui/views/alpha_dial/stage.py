"""The stage of the α dial: both charts and the player that turns it."""

from __future__ import annotations

import streamlit as st

from pages.ui.draw.player.player import player
from pages.ui.glossary.links import glossary
from pages.ui.views.alpha_dial import charts
from pages.ui.views.alpha_dial.scene import FRAMES, Scene, frame_of

PLACE = ("α", 0.0, 1.0, 3, "")


def draw_stage(scene: Scene, units: str) -> None:
    """The densities, the dial, and mean and std over α; the dial stands at the question's α until it is turned."""
    densities, strip = charts.pictures(scene.dial)
    with st.container(key="stage", gap="xxsmall"):
        densities.draw(st, key="dial_densities")
        player(repr(scene.question), FRAMES, frame_of(scene.question.alpha), PLACE)
        strip.draw(st, key="dial_strip")
        divergence = glossary("alpha-divergence", units)
        st.caption(f"Drag the bar to change α. Below: mean and std (paler) of the q of least {divergence}, against α.")
