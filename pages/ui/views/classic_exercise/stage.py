"""The picture part of the view: p beside the forward fit and the reverse ones, as heat maps of one scale."""

from __future__ import annotations

import streamlit as st

from pages.ui.say.key import stroke
from pages.ui.views.classic_exercise import charts, words
from pages.ui.views.classic_exercise.scene import Fit, Scene

ACROSS = 3  # heat maps side by side
SHOWN = 7  # reverse fits drawn at most: with p and the forward fit, three rows of heat maps


def draw_stage(scene: Scene, units: str) -> None:
    """All of it, in the container that is open."""
    fits = [scene.forward, *scene.minima[:SHOWN]]
    places = [None, *fits]
    for start in range(0, len(places), ACROSS):
        for column, fit in zip(st.columns(ACROSS, gap="small"), places[start : start + ACROSS]):
            with column.container(gap="xxsmall"):
                _draw(scene, fit, units)
    if note := words.left_out(scene, SHOWN):
        st.caption(note)


def _draw(scene: Scene, fit: Fit | None, units: str) -> None:
    """One heat map under its head: p, or a fit."""
    role = "target" if fit is None else "forward" if fit is scene.forward else "reverse"
    title = "The target p(x, y)" if fit is None else words.head(fit)
    st.html(f'<div class="kl-card"><div class="head">{stroke(role)}<b>{title}</b></div></div>')
    picture = charts.joint_chart(scene) if fit is None else charts.fit_chart(scene, fit)
    picture.draw(st)
    if fit is not None:
        st.caption(words.caption(scene, fit, units))
