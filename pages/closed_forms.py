"""Closed forms: derived step by step, every step checked, with the current numbers put in."""

from pages.ui import shell
from pages.ui.lesson_page import lesson_page
from pages.ui.lessons import CLOSED_FORMS
from pages.ui.shell import glossary

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
