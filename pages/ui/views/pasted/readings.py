"""What each of the two readers says of one text: as a closed form, and as an objective. SymPy comes in when asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pages.ui.cache.kept import kept
from pages.ui.cache.long_work import long

if TYPE_CHECKING:
    from kl_engine.symbolic.recognise.findings import FormulaCheck

Meanings = tuple[tuple[str, str, str], ...]  # name, quantity, owner


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
    from kl_engine.objectives.reading import read

    try:
        read(text)
    except ValueError as refusal:
        return False, str(refusal)
    try:
        return True, read_objective(text).headline
    except ValueError as question:  # it is one, and leaves something open
        return True, str(question)
