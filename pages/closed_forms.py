"""Closed forms: derived step by step, every step checked, with the current numbers put in."""

from pages.ui.frame import shell
from pages.ui.glossary.links import glossary
from pages.ui.views.lessons.lessons import CLOSED_FORMS
from pages.ui.views.lessons.page import lesson_page

PAGE = "pages/closed_forms.py"

units = shell.open_page(PAGE)
divergence = glossary("Kullback-Leibler divergence", units, "divergence")
lesson_page(
    PAGE,
    units,
    "Closed forms",
    f"Where a {divergence} has a formula: derived step by step, every step checked, with numbers put in.",
    CLOSED_FORMS,
)
