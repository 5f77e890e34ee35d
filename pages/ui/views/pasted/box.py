"""The one box, "Paste a loss or a formula", and the links between the two views that have it."""

from __future__ import annotations

import streamlit as st

from kl_engine.objectives.text_limits import MAX_LENGTH
from pages.ui.state.fields import Text

LABEL = "Paste a loss or a formula"
HELP = (
    f"At most {MAX_LENGTH} characters, in up to twelve names: code (Python, Julia, R, JavaScript; one line or a whole "
    "function), LaTeX, or as on paper. A left side, comments, factors and equation numbers may stay."
)
HEIGHT = 110  # px
CHECK, EXPECTATION = "pages/check_formula.py", "pages/objective_check.py"


def box(key: str, default: str) -> Text:
    """The field of a view: one box, whose text has the name in the address that the view published."""
    return Text(key, LABEL, default, MAX_LENGTH, HEIGHT, HELP)


def link_to_check(text: str, label: str) -> None:
    """A link to Check my formula with this text in its box."""
    st.page_link(CHECK, label=label, query_params={"formula": text})


def link_to_expectation(text: str, label: str) -> None:
    """A link to Which expectation? with this text in its box."""
    st.page_link(EXPECTATION, label=label, query_params={"objective": "typed", "text": text})
