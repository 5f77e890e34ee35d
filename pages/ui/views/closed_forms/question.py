"""What the page is asked: one of the lessons on closed forms, at the numbers that are set."""

from __future__ import annotations

from pages.ui.views.lessons.lessons import CLOSED_FORMS
from pages.ui.views.lessons.question import OWN_WORDS, PACE, Question, lesson_choice

LESSON = lesson_choice(CLOSED_FORMS)
FIELDS = (LESSON, PACE, OWN_WORDS)

__all__ = ["FIELDS", "LESSON", "Question"]
