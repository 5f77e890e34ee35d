"""The picture part of the view: the branches over the noise, and below them the choice of each belief."""

from __future__ import annotations

import streamlit as st

from pages.ui.say.number_columns import draw_numbers
from pages.ui.views.infer_then_act import charts, words
from pages.ui.views.infer_then_act.scene import Branches, Scene


def draw_stage(scene: Scene, found: Branches, units: str) -> None:
    """All of it, in the container that is open."""
    charts.branch_chart(scene, found).draw(st)
    for column, belief in zip(st.columns(2, gap="medium"), scene.choices):
        with column:
            st.markdown(words.card(scene, belief, units))
            charts.bars_chart(scene, belief, units).draw(st)
            st.markdown(words.bars_words(scene.choices[belief], units))
    st.caption(words.bars_note(units))


def draw_meaning(scene: Scene, found: Branches, units: str) -> None:
    """What it means, in sentences and in the numbers of every action."""
    st.markdown("##### What this means here")
    for sentence in words.meaning(scene, found, units):
        st.markdown(sentence)
    for belief, choice in scene.choices.items():
        st.caption(f"With the {belief} belief, in {units}:")
        draw_numbers(words.shown_table(choice, units), words.value_meanings())
