"""Which public names a question asks for."""

from __future__ import annotations

from dataclasses import dataclass

from pages.ui.cache.kept import kept
from pages.ui.views.api.question import MOST, Question
from pages.ui.views.api.tables import Entry, matching


@dataclass(frozen=True)
class Scene:
    """What is found: the first are shown in full, the others named."""

    question: Question
    found: tuple[Entry, ...]

    @property
    def shown(self) -> tuple[Entry, ...]:
        """Those that are shown in full."""
        return self.found[:MOST]

    @property
    def named(self) -> tuple[Entry, ...]:
        """The others."""
        return self.found[MOST:]


@kept(64)
def answered(question: Question) -> Scene:
    """The names that hold every word; those that are called so first."""
    return Scene(question, matching(question.space, question.find))
