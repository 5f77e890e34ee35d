"""What every page starts with: its title, the navigation, the units switch."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from pages.ui.draw import theme
from pages.ui.frame import faults
from pages.ui.frame import process_memory as memory
from pages.ui.frame.hints import explain_on_hover
from pages.ui.frame.history import keep_one_entry
from pages.ui.glossary.links import shared
from pages.ui.say.version import signature
from pages.ui.state import session
from pages.ui.state.callbacks import say_failure
from pages.ui.state.units import UNITS_SWITCH

SIDEBAR = 224  # px


class Page(NamedTuple):
    """A view: its script, its title, and the section of the navigation that it stands in."""

    script: str
    title: str
    section: str


# To add a page: its script, and a line here.
PAGES = (
    Page("app.py", "One target, two best fits", "Explore"),
    Page("pages/claims.py", "Claims", "Explore"),
    Page("pages/mixture_lab.py", "Mixture lab", "Explore"),
    Page("pages/landscape.py", "Landscape", "Explore"),
    Page("pages/transitions.py", "Transitions", "Explore"),
    Page("pages/two_dimensions.py", "Two dimensions", "Explore"),
    Page("pages/alpha_dial.py", "The α dial", "Explore"),
    Page("pages/estimators.py", "Estimators", "Explore"),
    Page("pages/any_two.py", "Any two", "Explore"),
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
    Page("pages/measured.py", "Measured", "Read"),
    Page("pages/api.py", "API", "Read"),
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
    with st.container(key="unseen_history"):
        keep_one_entry()
    session.begin(script)
    say_failure()
    session.restore(UNITS_SWITCH)
    units = UNITS_SWITCH.value
    with st.sidebar:
        st.markdown("**KL Lab**")
        for section in dict.fromkeys(page.section for page in PAGES):
            st.caption(section)
            for page in PAGES:
                if page.section == section:
                    st.page_link(page.script, label=page.title, query_params=shared(units))
        UNITS_SWITCH.draw()
        st.caption(signature())
        with st.container(key="unseen_hints"):
            explain_on_hover()
    return units


def heading(title: str, idea: str = "") -> None:
    """The title of a view and its one idea, where that does not depend on what is set."""
    with st.container(gap="xxsmall"):
        st.title(title, anchor=False)
        if idea:
            st.markdown(idea)
