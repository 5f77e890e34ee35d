"""The picture part of the view: the world, played turn by turn, and the tables of its numbers."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.ui.draw.player.player import player
from pages.ui.say.number_columns import draw_numbers
from pages.ui.views.plan_ahead import charts, words
from pages.ui.views.plan_ahead.scene import Scene


def draw_stage(scene: Scene) -> None:
    """The map, the player that moves it, and the next step; it stands at the start until it is played."""
    world, bars = charts.pictures(scene)
    turns = len(scene.turns)
    with st.container(key="stage", gap="xxsmall"):
        world.draw(st, key=f"plan_map_{turns}")
        player(repr(scene.question), turns + 1, 0, ("turn", 0.0, float(turns), 0, ""), dims=False)
        bars.draw(st, key=f"plan_bars_{turns}")
    st.caption(words.caption(scene))


def draw_tables(scene: Scene, units: str) -> None:
    """The turns, the plans at the start, and the steps of the likeliest of them."""
    st.markdown("##### Turn by turn")
    _table(words.turn_table(scene, units))
    st.markdown("##### The likeliest plans at the start")
    _table(words.plan_table(scene, units))
    st.markdown("##### The likeliest of them step by step")
    _table(words.step_table(scene, units))


def _table(table: pd.DataFrame) -> None:
    draw_numbers(table, words.column_meanings())
