"""What every page starts with: its title, the navigation, the units switch."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from pages.ui.draw import theme
from pages.ui.frame import faults
from pages.ui.frame import process_memory as memory
from pages.ui.frame.hints import explain_on_hover
from pages.ui.glossary.links import UNITS, shared
from pages.ui.say.numbers import NATS_IN
from pages.ui.say.version import signature
from pages.ui.state import url as state
from pages.ui.state.callbacks import guarded, say_failure

SIDEBAR = 224  # px
SWITCH = "units_switch"  # the widget that mirrors it: widgets are forgotten from page to page, plain keys are not


class Page(NamedTuple):
    """A view: its script, its title, and the section of the navigation that it stands in."""

    script: str
    title: str
    section: str


# To add a page: its script, and a line here.
PAGES = (
    Page("app.py", "Two directions", "Explore"),
    Page("pages/mixture_lab.py", "Mixture lab", "Explore"),
    Page("pages/landscape.py", "Landscape", "Explore"),
    Page("pages/transitions.py", "Transitions", "Explore"),
    Page("pages/two_dimensions.py", "Two dimensions", "Explore"),
    Page("pages/alpha_dial.py", "The α dial", "Explore"),
    Page("pages/estimators.py", "Estimators", "Explore"),
    Page("pages/closed_forms.py", "Closed forms", "Derive"),
    Page("pages/stationarity.py", "Stationarity", "Derive"),
    Page("pages/explore_formula.py", "Explore a formula", "Derive"),
    Page("pages/check_formula.py", "Check my formula", "Derive"),
    Page("pages/objective_check.py", "Which expectation?", "Apply"),
    Page("pages/free_energy.py", "Free energy", "Apply"),
    Page("pages/code_lengths.py", "Code lengths", "Apply"),
    Page("pages/infer_then_act.py", "Infer, then act", "Apply"),
    Page("pages/your_data.py", "Generalise or memorise", "Apply"),
    Page("pages/glossary.py", "Glossary", "Read"),
)


def open_page(script: str) -> str:
    """Draw the shell around the page of this script; the units that it must speak, "nats" or "bits"."""
    page = next(page for page in PAGES if page.script == script)
    st.set_page_config(
        page_title=f"{page.title} · KL Lab", page_icon="🌗", layout="wide", initial_sidebar_state=SIDEBAR
    )
    memory.settle()
    faults.watch(script)
    st.html(theme.STYLE)
    state.begin()
    say_failure()
    units = _units()
    with st.sidebar:
        st.markdown("**KL Lab**")
        for section in dict.fromkeys(page.section for page in PAGES):
            st.caption(section)
            for page in PAGES:
                if page.section == section:
                    st.page_link(page.script, label=page.title, query_params=shared(units))
        st.session_state[SWITCH] = units
        st.segmented_control(
            "Units", list(NATS_IN), key=SWITCH, required=True, on_change=_take_units, help="1 bit = log 2 nats"
        )
        st.caption(signature())
        explain_on_hover()
    return units


def heading(title: str, idea: str) -> None:
    """The title of a view and its one idea."""
    with st.container(gap="xxsmall"):
        st.title(title, anchor=False)
        st.markdown(idea)


def _units() -> str:
    """The units of the session; the URL says them when it opens."""
    if UNITS not in st.session_state:
        asked = st.query_params.get(UNITS, "nats")
        if asked not in NATS_IN:
            state.say([f"{UNITS} must be one of {', '.join(NATS_IN)}, so nats is used"])
        st.session_state[UNITS] = asked if asked in NATS_IN else "nats"
    units = st.session_state[UNITS]
    shown = st.query_params.get(UNITS)
    if units == "nats" and shown is not None:
        del st.query_params[UNITS]
    elif units != "nats" and shown != units:
        st.query_params[UNITS] = units
    return units


@guarded
def _take_units() -> None:
    st.session_state[UNITS] = st.session_state[SWITCH]
