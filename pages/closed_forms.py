"""Closed forms: derived step by step, every step checked, with the current numbers put in."""

import kl_engine  # noqa: F401  # whole, before its parts
from pages.ui.frame import shell
from pages.ui.frame.thread import draw_thread
from pages.ui.glossary.links import glossary
from pages.ui.state import session
from pages.ui.views.closed_forms.question import FIELDS, LESSON
from pages.ui.views.lessons.stage import draw_lesson

PAGE = "pages/closed_forms.py"

units = shell.open_page(PAGE)
session.restore(*FIELDS)
divergence = glossary("Kullback-Leibler divergence", units, "divergence")
opening = shell.heading(
    "Closed forms",
    f"Closed forms of the {divergence}, derived step by step and checked by computer algebra.",
)
draw_lesson(PAGE, LESSON, units, opening.empty())
draw_thread("pages/closed_forms.py", units)
