"""The box for a loss or a formula, which two views have: what each of the two readers says of its text, and the links.

SymPy comes in where a text is asked for as a closed form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from kl_engine.objectives.text_limits import MAX_LENGTH
from pages.ui.cache.kept import kept
from pages.ui.cache.long_work import long
from pages.ui.glossary.links import shared
from pages.ui.state.fields import Text
from pages.ui.state.units import UNITS_SWITCH

if TYPE_CHECKING:
    from kl_engine.symbolic.recognise.findings import FormulaCheck

LABEL = "Paste a loss or a formula"
HELP = (
    f"At most {MAX_LENGTH} characters, in up to twelve names: code (Python, Julia, R, JavaScript; one line or a whole "
    "function), LaTeX, or plain text. A left-hand side, comments, factors and equation numbers may stay."
)
HEIGHT = 110  # px
CHECK, EXPECTATION = "pages/check_formula.py", "pages/objective_check.py"
Meanings = tuple[tuple[str, str, str], ...]  # name, quantity, owner


def box(key: str, default: str) -> Text:
    """The field of a view: one box, whose text has the name in the address that the view published."""
    return Text(key, LABEL, default, MAX_LENGTH, HEIGHT, HELP)


def link_to_check(text: str, label: str) -> None:
    """A link to Check my formula with this text in its box."""
    st.page_link(CHECK, label=label, query_params={"formula": text, **shared(UNITS_SWITCH.value)})


def link_to_expectation(text: str, label: str) -> None:
    """A link to What does my loss do? with this text in its box."""
    query = {"objective": "typed", "text": text, "separation": "8", **shared(UNITS_SWITCH.value)}
    st.page_link(EXPECTATION, label=label, query_params=query)


@long(256, "Comparing with both directions …")
def checked(formula: str, meanings: Meanings | None) -> FormulaCheck:
    """The engine's check of a formula, its symbols meaning what their names say where nothing else is said.

    ValueError when the text is not accepted, or a symbol has no meaning.
    """
    from kl_engine.symbolic.recognise.formula_check import check_formula
    from kl_engine.symbolic.recognise.meanings import Meaning, Owner, Quantity

    told = meanings and tuple(Meaning(name, Quantity(what), Owner(whose)) for name, what, whose in meanings)
    return check_formula(formula, told)


def closed_form(text: str) -> FormulaCheck | None:
    """The check of a text that is a closed form; None where it is read as none."""
    try:
        return checked(text, None)
    except ValueError:
        return None


@kept(256)
def said_of_objective(text: str) -> tuple[bool, str]:
    """Whether a text is read as an objective, and what is said of it: the answer, a question, or why it is refused."""
    from kl_engine.objectives import read_objective
    from kl_engine.objectives.reading.reading import read

    try:
        read(text)
    except ValueError as refusal:
        return False, str(refusal)
    try:
        return True, read_objective(text).headline
    except ValueError as question:  # it is one, and leaves something open
        return True, str(question)
