"""Stationarity: what each direction asks of its optimum."""

import kl_engine  # noqa: F401  # whole, before its parts
from pages.ui.frame import shell
from pages.ui.frame.thread import draw_thread
from pages.ui.glossary.links import glossary
from pages.ui.state import session
from pages.ui.views.lessons.stage import draw_lesson
from pages.ui.views.stationarity.question import FIELDS, LESSON

PAGE = "pages/stationarity.py"

units = shell.open_page(PAGE)
session.restore(*FIELDS)
moments = glossary("moment match", units, "moments")
slopes = glossary("stationarity", units, "slopes and curvatures")
opening = shell.heading(
    "Stationarity",
    f"At the forward optimum {moments} agree; at the reverse one average {slopes} do.",
)
draw_lesson(PAGE, LESSON, units, opening.empty())
draw_thread("pages/stationarity.py", units)
