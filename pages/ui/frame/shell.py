"""What every page starts with: its title, the navigation, the units switch."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.ui.draw import theme
from pages.ui.frame import faults
from pages.ui.frame import process_memory as memory
from pages.ui.frame.copy_link import copy_link
from pages.ui.frame.hints import explain_in_place
from pages.ui.frame.history import keep_one_entry
from pages.ui.glossary.links import shared
from pages.ui.say.version import signature
from pages.ui.state import session
from pages.ui.state.callbacks import say_failure
from pages.ui.state.present import PRESENT
from pages.ui.state.units import UNITS_SWITCH

SIDEBAR = 236  # px
PLAIN, PRESENTED, EMBEDDED = "plain", "presented", "embedded"  # how a page is shown
MOMENT = 0.1  # s: about what a browser needs from a message to its paint
LOGO = str(Path(__file__).with_name("logo.svg"))


class Page(NamedTuple):
    """A view: its script, its title, and the section of the navigation that it stands in."""

    script: str
    title: str
    section: str


# The sections of the navigation, each with what its pages are about.
SECTIONS = {
    "Start": "",
    "See": "what the direction does",
    "Prove": "every step checked",
    "Use": "in a loss, a belief, a code, data",
    "Look up": "numbers and words",
}
# To add a page: its script, and a line here.
PAGES = (
    Page("app.py", "One target, two best fits", "Start"),
    Page("pages/claims.py", "Claims", "Start"),
    Page("pages/mixture_lab.py", "Mixture lab", "See"),
    Page("pages/landscape.py", "Landscape", "See"),
    Page("pages/transitions.py", "The jump", "See"),
    Page("pages/two_dimensions.py", "Two dimensions", "See"),
    Page("pages/classic_exercise.py", "Two answers on a table", "See"),
    Page("pages/alpha_dial.py", "The α dial", "See"),
    Page("pages/any_two.py", "Any two", "See"),
    Page("pages/closed_forms.py", "Closed forms", "Prove"),
    Page("pages/stationarity.py", "Stationarity", "Prove"),
    Page("pages/explore_formula.py", "Explore a formula", "Prove"),
    Page("pages/check_formula.py", "Check my formula", "Prove"),
    Page("pages/objective_check.py", "What does my loss do?", "Use"),
    Page("pages/free_energy.py", "Free energy", "Use"),
    Page("pages/regression.py", "A line through data", "Use"),
    Page("pages/code_lengths.py", "Code lengths", "Use"),
    Page("pages/infer_then_act.py", "Infer, then act", "Use"),
    Page("pages/plan_ahead.py", "Plan ahead", "Use"),
    Page("pages/your_data.py", "Your data", "Use"),
    Page("pages/estimators.py", "Bounds and estimators", "Look up"),
    Page("pages/glossary.py", "Glossary", "Look up"),
    Page("pages/measured.py", "Measured", "Look up"),
    Page("pages/api.py", "API", "Look up"),
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
    session.restore(UNITS_SWITCH, PRESENT)
    units = UNITS_SWITCH.value
    st.html(f'<i class="kl-shown {shown()}" hidden></i>')  # by this the style of the app knows it
    with st.container(key="unseen_hints"):
        explain_in_place()
    if not st.context.is_embedded:  # a drawn sidebar would stay in sight there
        st.logo(LOGO, size="large")
        with st.sidebar:
            _navigation(script, units)
    return units


def _navigation(script: str, units: str) -> None:
    """The pages by section, and at the foot what is the same on all of them."""
    with st.container(key="brand"):
        st.markdown("**KL Lab**")
    for section, about in SECTIONS.items():
        st.caption(f"**{section.upper()}** {about}")
        for page in PAGES:
            if page.section == section:
                place = st.container(key="open_page") if page.script == script else st
                place.page_link(page.script, label=page.title, query_params=shared(units))
    with st.container(key="foot", horizontal=True, vertical_alignment="center", gap="xsmall"):
        UNITS_SWITCH.draw(named=False)
        copy_link()
        st.caption(signature())


def shown() -> str:
    """How the page is shown: in a frame of another page, large and alone for a lecture, or plainly."""
    return EMBEDDED if st.context.is_embedded else PRESENTED if PRESENT.value else PLAIN


def heading(title: str, idea: str = "", lines: int = 2) -> DeltaGenerator:
    """The title of a view, at its right the switch that presents it; below it the place of its opening, which is
    returned; and, small, the idea of the view.

    The opening is what this state shows, in a sentence or two: `say_opening` fills its place once that is computed; so
    many `lines` are kept free for it. The idea is what can be done here, whatever is set.
    """
    with st.container(key=f"head_{lines}", gap="xxsmall"):
        with st.container(key="title", horizontal=True, vertical_alignment="center"):
            st.title(title, anchor=False, width="stretch")
            PRESENT.draw()
        opening = st.container(key="opening", gap=None)
        if idea:
            st.caption(idea)
    return opening


def let_it_paint() -> None:
    """Called where the picture of a page stands: on the run that opens it, give the browser a moment to paint.

    A browser that gets a whole page at once builds all of it before it paints anything: with the moment, what is in
    sight first is there first (`python -m tests.bench.opening`).
    """
    if session.has_just_opened():
        time.sleep(MOMENT)


def say_opening(place: DeltaGenerator, sentences: Sequence[str]) -> None:
    """What this state shows: one line for each sentence, in the place that `heading` left for them."""
    place.markdown("  \n".join(sentences))


def say_refused(place: DeltaGenerator, what: str) -> None:
    """What this state cannot show, in the same place; a message further below says why."""
    say_opening(place, [f"**{what}**: the message below says why."])
