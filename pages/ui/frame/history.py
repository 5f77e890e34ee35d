"""Back leaves the page: what is set on a page changes its address, not the history."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pages.ui.draw.component import component
from pages.ui.state import session


@cache
def _component():
    return component("history", Path(__file__).parent / "history.js")


def keep_one_entry() -> None:
    """Let the addresses that are written while a page is open take the place of the one that it was opened by."""
    _component()(key="history")
    session.place_first_address()
