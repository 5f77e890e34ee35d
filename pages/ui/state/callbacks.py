"""The one door for what a control does when it is used: it is kept from taking the page away should it raise.

Streamlit runs callbacks before the script: one that raises leaves neither the page nor the way to the others. So
nothing is handed to a control but through this module: `button` for a button, and `guarded(…)` written at the very
place where a callback is handed over (a test of the layout knows no other form).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps

import streamlit as st

FAILED = "callback_failed"  # the session key: a callback has raised, and the page is still to say so
WORDS = "The last change could not be made, so everything is set as before. Try it again, or set something else."


def guarded(callback: Callable) -> Callable:
    """The callback; an exception that nobody foresaw is logged, and said by the page that is drawn next."""

    @wraps(callback)
    def run(*arguments, **named) -> None:
        try:
            callback(*arguments, **named)
        except Exception:
            logging.getLogger(__name__).exception("A callback raised")
            st.session_state[FAILED] = True

    return run


def button(label: str, action: Callable, *arguments: object, place=st, **look: object) -> bool:
    """A button that calls `action` with the arguments when it is pressed; it stands in the container `place`."""
    return place.button(label, on_click=guarded(action), args=arguments, **look)


def say_failure() -> None:
    """Say it once, where the callback before this run has raised."""
    if st.session_state.pop(FAILED, False):
        st.error(WORDS)
