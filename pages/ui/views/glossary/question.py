"""What the glossary is asked: the terms that speak of something."""

from __future__ import annotations

from pages.ui.glossary import SECTIONS
from pages.ui.glossary.term import Term
from pages.ui.state.fields import Note

FIND = Note("term", "Search", "mode", "A word from the name of a term or from its explanation.", width=320)


def matching(text: str) -> dict[str, list[Term]]:
    """The terms of each section that have every word of the text in their name or their meaning; all, without one."""
    words = text.casefold().split()
    found = {}
    for section, terms in SECTIONS.items():
        kept = [each for each in terms if all(word in f"{each.name} {each.meaning}".casefold() for word in words)]
        if kept:
            found[section] = kept
    return found
