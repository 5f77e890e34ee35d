"""What an entry of the glossary is."""

from __future__ import annotations

from typing import NamedTuple


class Term(NamedTuple):
    """A term, its defining formula in LaTeX, and one or two sentences; its name is also its anchor."""

    name: str
    formula: str
    meaning: str

    @property
    def anchor(self) -> str:
        """The anchor in the page's address."""
        return self.name.lower().replace(" ", "-")
