"""Closed forms: derived step by step, every step checked, with the current numbers put in."""

from pages.ui.lesson_page import lesson_page
from pages.ui.lessons import CLOSED_FORMS

lesson_page(
    "pages/closed_forms.py",
    "Closed forms",
    "Where a divergence has a formula: derived step by step, every step checked, with numbers put in.",
    CLOSED_FORMS,
)
