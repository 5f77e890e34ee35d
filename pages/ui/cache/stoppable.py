"""Long work that shows how far it is and that a person can stop; what it finished is kept like any other result."""

from __future__ import annotations

from collections.abc import Callable, Hashable

import streamlit as st

from pages.ui.cache.kept import Results, remembered
from pages.ui.cache.long_work import waited_for
from pages.ui.state.callbacks import button

STOPPED = "stopped_work"  # the session key of the work that a person has stopped


def stoppable(entries: int, text: str) -> Callable:
    """Keep the last `entries` results of a function of hashable values whose last argument is `progress`.

    While it works, a bar says `text` and how far it is, with a button that stops it; so does any other control. What is
    left half done is not kept. The function so made takes all arguments but `progress`, and returns None while its work
    is stopped.
    """

    def watch(results: Results, work: Callable, arguments: tuple[Hashable, ...]):
        return _done(lambda progress: results.of(work, arguments, progress), (work.__name__, *arguments), text)

    return remembered(entries, watch)


class Left(Exception):
    """Nobody waits for this work any more."""


class Progress:
    """The share done, as the work tells it, until the work is left."""

    share, left = 0.0, False

    def __call__(self, share: float) -> None:
        """Told by the work."""
        if self.left:
            raise Left
        self.share = min(1.0, max(0.0, share))


def _done(work: Callable, name: tuple, text: str):
    """The result of the work; None where it is stopped, with a button that starts it again."""
    place, function = st.empty(), name[0]
    is_stopped = st.session_state.get(STOPPED) == name
    key = None if is_stopped else f"waiting_{function}"  # by which the style of the app lays it over what is old
    with place.container(horizontal=True, vertical_alignment="center", key=key):
        if is_stopped:
            st.caption("Stopped.")
            button("Start again", _stop, None, key=f"{function} again")
            return None
        bar = st.progress(0.0, text)
        button("Stop", _stop, name, key=f"{function} stop")
    progress = Progress()
    try:
        found = waited_for(lambda: work(progress), lambda: bar.progress(progress.share, text))
    finally:
        progress.left = True
    place.empty()
    return found


def _stop(name: tuple | None) -> None:
    st.session_state[STOPPED] = name
