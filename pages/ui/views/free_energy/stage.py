"""The stage of the free energy view: three columns, formula, plot and one that the person chooses, and the player."""

from __future__ import annotations

import streamlit as st

from kl_engine.inference import FreeEnergy
from pages.ui.draw.player.player import player
from pages.ui.views.free_energy import charts, words
from pages.ui.views.free_energy.question import BELIEF, BOUNDS, CONSTANT, DIRECTIONS, SPLIT, VIEW
from pages.ui.views.free_energy.scene import FRAMES, NamedFits, Scene, bounds_of, fits_of
from pages.ui.views.free_energy.stories import FINITE

PLACE = ("descent of F", 0.0, 100.0, 0, " %")


def draw_columns(scene: Scene, units: str) -> tuple[str, FreeEnergy]:
    """All three, and below the terms the player of the descent. Returns which q is drawn, and its terms."""
    stage = st.container(key="stage", gap="xsmall")
    formula, plot, third = stage.columns([9, 10, 9], gap="medium")
    with formula:
        BELIEF.draw(named=False)
    with third:
        view = VIEW.draw(named=False)
    fits = fits_of(scene.question) if view == DIRECTIONS else NamedFits()
    with plot:
        if scene.family != FINITE:  # there each bar bears its name
            st.markdown(words.legend(scene, view))
        charts.densities(scene, view, fits).draw(st)
    with third:
        if view == SPLIT:
            st.markdown(words.split_head(scene, units))
            charts.split(scene, units).draw(st)
        elif view == CONSTANT:
            st.markdown(words.constant_head(scene, units))
            charts.constant(scene, units).draw(st)
        elif view == BOUNDS:
            bounds = bounds_of(scene.question)
            st.markdown(words.bounds_head(scene, bounds, units))
            for picture in charts.bounds(scene, bounds, units):
                picture.draw(st)
        else:
            st.markdown(words.fits_table(fits, units))
    which, terms = words.drawn(scene, view, fits)
    with formula:
        _draw_formula(scene.family, which, terms, units)
    if view == SPLIT:
        with stage:
            player(repr(scene.question), FRAMES, FRAMES - 1 if scene.question.fitted else 0, PLACE)
    return which, terms


def _draw_formula(family: str, which: str, terms: FreeEnergy, units: str) -> None:
    """The three forms of F of the q that is drawn: the numbers of their terms, and what was proved.

    The formulas stand by themselves: as their text does not change, a moved slider does not have them set again.
    """
    st.markdown(words.value_line(which, terms, units))
    for line, latex in zip(words.pair_lines(terms, units), words.forms(family)):
        st.markdown(line)
        st.markdown(f"${latex}$")
    if family == FINITE:
        st.markdown(":small[πᵢ: prior of state i; ℓᵢ: likelihood of the observation in state i.]")
