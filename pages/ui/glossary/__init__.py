"""The terms of the field as data, by section: to add one, add an entry to its section."""

from __future__ import annotations

from pages.ui.glossary.beliefs import BELIEFS
from pages.ui.glossary.codes import CODES
from pages.ui.glossary.divergences import DIVERGENCES
from pages.ui.glossary.fits import FITS
from pages.ui.glossary.term import Term

SECTIONS = {
    "Divergences": DIVERGENCES,
    "Fits and their optima": FITS,
    "Codes and data": CODES,
    "Beliefs and actions": BELIEFS,
}
TERMS = tuple(term for section in SECTIONS.values() for term in section)
NAMED = {term.name.lower(): term for term in TERMS}

__all__ = ["NAMED", "SECTIONS", "TERMS", "Term"]
