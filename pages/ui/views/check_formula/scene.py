"""The answer to "which divergence is this?": the engine's check. SymPy is imported when one is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pages.ui.frame.pasted import checked
from pages.ui.views.check_formula.question import Question

if TYPE_CHECKING:
    from kl_engine.symbolic.recognise.findings import FormulaCheck


@dataclass(frozen=True, eq=False)
class Scene:
    """A question and what was found."""

    question: Question
    check: FormulaCheck


def answered(question: Question) -> Scene:
    """The check; ValueError where the meanings cannot be."""
    return Scene(question, checked(question.formula, question.told))
