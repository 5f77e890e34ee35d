"""Stationarity: what each direction asks of its optimum."""

from pages.ui.frame import shell
from pages.ui.glossary.links import glossary
from pages.ui.views.lessons.lessons import STATIONARITY
from pages.ui.views.lessons.page import lesson_page

PAGE = "pages/stationarity.py"

units = shell.open_page(PAGE)
moments = glossary("moment match", units, "moments")
slopes = glossary("stationarity", units, "slopes and curvatures")
lesson_page(
    PAGE,
    units,
    "Stationarity",
    f"What each direction asks of its optimum: {moments} from the one, {slopes} from the other.",
    STATIONARITY,
)
