"""The picture part of the view: p and q, the terms of both divergences, and forward beside reverse with samples."""

from __future__ import annotations

import streamlit as st

from kl_engine import Direction
from pages.ui.draw.pair import mass_picture
from pages.ui.views.code_lengths import charts, words
from pages.ui.views.code_lengths.scene import Scene


def draw_stage(scene: Scene, units: str) -> None:
    """All of it, in the container that is open."""
    asked = scene.question
    mass_picture(asked.names, asked.p, asked.q, charts.AXIS).draw(st.container(key="pair"))
    charts.terms_chart(scene, units).draw(st)
    columns = dict(zip(Direction, st.columns(2, gap="medium")))
    for direction, column in columns.items():
        column.markdown(words.card(scene, direction, units))
    for direction, column in columns.items():  # last, as each sample takes a tenth of a second
        measured = scene.sample(direction)
        with column:
            if measured.run.sizes.size:
                charts.run_chart(scene, direction, measured, units).draw(st)
            st.caption(words.run_words(scene, direction, measured, units))
