"""Long work: it shows how far it is, a person can stop it, and what it finished is kept like any other result."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import wraps
from threading import Lock

import streamlit as st

from pages.ui.cache.kept import TURN
from pages.ui.guarded import guarded

WAIT = 0.2  # s between two looks whether it is this work's turn

STOPPED = "stopped_work"  # the session key of the work that a person has stopped


def stoppable(entries: int, text: str) -> Callable:
    """Keep the last `entries` results of a function of plain values whose last argument is `progress`.

    While it works, a bar says `text` and how far it is, with a button that stops it. So does any other control: each
    sign of progress lets Streamlit leave the run for the one that was asked for. What is left half done is not kept.
    The function so made takes all arguments but `progress`, and returns None while its work is stopped. (Streamlit's
    own cache would replay the bar with each result.)
    """

    def decorate(work: Callable) -> Callable:
        kept: OrderedDict[tuple[Hashable, ...], object] = OrderedDict()
        lock = Lock()

        @wraps(work)
        def asked(*arguments: Hashable):
            with lock:
                if arguments in kept:
                    kept.move_to_end(arguments)
                    return kept[arguments]
            found = _done(work, arguments, text)
            if found is not None:
                with lock:
                    kept[arguments] = found
                    while len(kept) > entries:
                        kept.popitem(last=False)
            return found

        return asked

    return decorate


def _done(work: Callable, arguments: tuple[Hashable, ...], text: str):
    """The result of the work; None where it is stopped, with a button that starts it again."""
    name = (work.__name__, *arguments)
    place = st.empty()
    with place.container(horizontal=True, vertical_alignment="center"):
        if st.session_state.get(STOPPED) == name:
            st.caption("Stopped.")
            st.button("Start again", key=f"{work.__name__} again", on_click=_stop, args=(None,))
            return None
        bar = st.progress(0.0, text)
        st.button("Stop", key=f"{work.__name__} stop", on_click=_stop, args=(name,))
    while not TURN.acquire(timeout=WAIT):
        bar.progress(0.0, text)
    try:
        found = work(*arguments, lambda share: bar.progress(min(1.0, max(0.0, share)), text))
    finally:
        TURN.release()
    place.empty()
    return found


@guarded
def _stop(name: tuple | None) -> None:
    st.session_state[STOPPED] = name
