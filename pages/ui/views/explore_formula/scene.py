"""The closed forms of a question, each as it was explored, or why it cannot be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pages.ui.cache.kept import kept
from pages.ui.views.explore_formula.question import Question, forms

if TYPE_CHECKING:
    from kl_engine.symbolic.explore.exploration import Exploration
    from kl_engine.symbolic.explore.explore import Form


@dataclass(frozen=True, eq=False)
class Explored:
    """A form, and what was found, or why what is asked of it cannot be."""

    name: str  # of its files
    form: Form
    found: Exploration | None
    refusal: str


@dataclass(frozen=True, eq=False)
class Scene:
    """Every form of the question, forward first."""

    question: Question
    explored: tuple[Explored, ...]


@kept(256)
def answered(question: Question) -> Scene:
    """All forms explored."""
    found = forms(question.lesson.names)
    names = [f"{question.key}_{side}" for side in ("forward", "reverse")] if len(found) == 2 else [question.key]
    return Scene(question, tuple(_explored(question, name, form) for name, form in zip(names, found)))


def _explored(question: Question, name: str, form: Form) -> Explored:
    from kl_engine.symbolic.explore.exploration import explore

    try:
        found = explore(form, dict(question.settings), question.by, dict(question.numbers))
    except ValueError as refusal:  # a setting that cannot be, or a number that is none
        return Explored(name, form, None, str(refusal))
    return Explored(name, form, found, "")
