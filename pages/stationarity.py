"""Stationarity: what each direction asks of its optimum."""

from pages.ui.lesson_page import lesson_page
from pages.ui.lessons import STATIONARITY

lesson_page(
    "pages/stationarity.py",
    "Stationarity",
    "What each direction asks of its optimum: moments from the one, slopes and curvatures from the other.",
    STATIONARITY,
)
