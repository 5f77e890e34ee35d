"""Kept results of the views of section Derive; SymPy is imported when one is first asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pages.ui.cache.kept import kept
from pages.ui.cache.long_work import long

if TYPE_CHECKING:
    from pages.ui.views.lessons.proofs import Proof

Pairs = tuple[tuple[str, str], ...]  # symbol and what is typed for it


@long(128, "Deriving and checking every step …")
def proof(name: str) -> Proof:
    """See `proofs.prove`: SymPy's import once, then a few tenths of a second for each derivation."""
    from pages.ui.views.lessons import proofs

    return proofs.prove(name)


@kept(256)
def guessed_meanings(text: str) -> tuple:
    """What the symbols of a formula mean, by their names; ValueError when the text is not accepted."""
    from kl_engine.symbolic.recognise.formula_check import meanings_in

    return meanings_in(text)


@long(256, "Comparing with both directions …")
def checked_formula(text: str, meanings: tuple):
    """See `formula_check.check_formula`."""
    from kl_engine.symbolic.recognise.formula_check import check_formula

    return check_formula(text, None if meanings == guessed_meanings(text) else meanings)


@long(64, "Importing SymPy …")
def explored_forms(names: tuple[str, ...]) -> tuple:
    """The closed forms that the derivations prove, forward first."""
    from kl_engine.symbolic import DERIVATIONS
    from kl_engine.symbolic.explore.explore import forms_of

    return tuple(form for name in names for form in forms_of(DERIVATIONS[name]))


def form_symbols(names: tuple[str, ...]) -> list[str]:
    """The names of the symbols of these forms."""
    return [symbol.name for symbol in explored_forms(names)[0].parameters]


@kept(256)
def explored(names: tuple[str, ...], place: int, settings: Pairs, by: str | None, numbers: Pairs):
    """See `exploration.explore`: of the form at that place among `explored_forms`."""
    from kl_engine.symbolic.explore.exploration import explore

    return explore(explored_forms(names)[place], dict(settings), by, dict(numbers))
