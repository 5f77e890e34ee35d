"""Stationarity: what each direction asks of its optimum."""

from pages.ui import shell
from pages.ui.lesson_page import lesson_page
from pages.ui.lessons import STATIONARITY
from pages.ui.shell import glossary

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
