"""Back leaves the page: what is set on a page changes its address, not the history."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st

from pages.ui.draw.component import component
from pages.ui.state import session
from pages.ui.state.callbacks import guarded


@cache
def _component():
    return component("history", Path(__file__).parent / "history.js")


@st.fragment  # the script says once that it is at work, and the page need not run again for that
def keep_one_entry() -> None:
    """Let the addresses that are written while a page is open take the place of the one that it was opened by."""
    _component()(key="history", on_at_work_change=guarded(session.write_first_address))
