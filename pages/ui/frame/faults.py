"""What a page says when something raised that nobody foresaw: one plain sentence, and the way on."""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages.ui.state import session

WORDS = "This page could not be computed from what is set here. The other pages are not affected."


def watch(script: str) -> None:
    """From here on, whatever an uncaught exception of this run is, say it so; Streamlit itself logs its traceback.

    Streamlit asks `on_script_error` only about exceptions of the script, never about its own `stop` and `rerun`. It is
    an argument of `streamlit.App`, which `streamlit run` does not have: so it is set on the run itself.
    """
    run = get_script_run_ctx()
    if run is not None:
        run.on_script_error = lambda fault: explained(script)


def explained(script: str) -> bool:
    """Say what happened in place of Streamlit's own box. Returns True: the error has been shown."""
    address = "." if script == "app.py" else script.removeprefix("pages/").removesuffix(".py")
    with st.container(key="fault"):
        if session.can_undo():
            st.error(f"{WORDS} Take the last change back, or [open the page as it starts]({address}).")
            session.undo_button("Take back the last change", "fault_undo")
        else:
            st.error(f"{WORDS} [Open the page as it starts]({address}).")
    return True
