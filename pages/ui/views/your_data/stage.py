"""The picture part of the view: what is quick at once, the rest with a bar that says how far it is; what sizes cost."""

from __future__ import annotations

import streamlit as st

from pages.ui.glossary.links import shared
from pages.ui.state.mixture import P
from pages.ui.state.units import UNITS_SWITCH
from pages.ui.views.your_data import charts, words
from pages.ui.views.your_data.question import Question
from pages.ui.views.your_data.scene import Scene, answered, first_fits

STUDIED = "data_studied"  # the sample that this session has seen studied: the bar is for what is new


def draw_stage(question: Question, units: str) -> Scene:
    """The densities, the costs and the table of the candidates; the scene that they show."""
    known = st.session_state.get(STUDIED) == question.sample
    # What is quick is shown while the rest is computed, in place of the picture before: no moment without one.
    picture = charts.density_chart(question, answered(question).fits if known else first_fits(question)).draw(st)
    place = st.empty()
    scene = answered(question) if known else answered(question, lambda share, what: place.progress(share, f"{what} …"))
    st.session_state[STUDIED] = question.sample
    place.empty()
    if not known:
        charts.density_chart(question, scene.fits).draw(picture)
    _draw_costs(scene, units)
    with st.container(key="under"):
        if why := scene.study.sizes[question.components - 1].reason:
            st.caption(f"{question.components} Gaussian{'s' * (question.components > 1)}: not judged, {why}.")
        st.markdown(words.table(scene, units))
    return scene


def draw_fit(scene: Scene, units: str) -> None:
    """The parameters of the q that is asked about, and a way to the Mixture lab with it as p."""
    q = scene.fits.forward
    if q is None:
        return
    st.markdown(words.parameters(scene, units))
    st.caption(words.found_how(scene))
    rows = tuple(zip(q.weights.tolist(), q.means.tolist(), q.stds.tolist()))
    try:
        text = P.text(P.checked(rows))
    except ValueError:  # out of the limits of the lab
        return
    query = {P.key: text, **shared(UNITS_SWITCH.value)}
    st.page_link("pages/mixture_lab.py", label="Open this fit in Mixture lab, as p", query_params=query)


def _draw_costs(scene: Scene, units: str) -> None:
    """Log losses over components and over the bandwidth, and bits over components."""
    by_size, by_width = charts.loss_charts(scene, units)
    left, middle, right = st.columns(3, gap="small")
    left.caption(f"{units.capitalize()} per point")
    by_size.draw(left)
    if by_width:
        middle.caption(f"Kernel density: {units} per point")
        by_width.draw(middle)
    else:
        middle.caption("No kernel density: one part holds all but one value.")
    right.caption("Bits in total")
    charts.bits_chart(scene).draw(right)
    st.caption("Solid: held-out loss. Dashed: training loss. Right: description length; dashed without the parameters.")
