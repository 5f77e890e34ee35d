"""Stationarity: what each direction asks of its optimum."""

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
shell.heading(
    "Stationarity",
    f"What each direction asks of its optimum: {moments} from the one, {slopes} from the other.",
)
draw_lesson(PAGE, LESSON, units)
draw_thread("pages/stationarity.py", units)
