"""Long work that shows how far it is and that a person can stop; what it finished is kept like any other result."""

from __future__ import annotations

from collections.abc import Callable, Hashable

import streamlit as st

from pages.ui.cache.kept import Results, remembered
from pages.ui.cache.long_work import is_stopped, offer_again, offer_stop, waited_for, waiting_key


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
    place, stopped = st.empty(), is_stopped(name)
    with place.container(horizontal=True, vertical_alignment="center", key=None if stopped else waiting_key(name)):
        if stopped:
            offer_again(name)
            return None
        bar = st.progress(0.0, text)
        offer_stop(name)
    progress = Progress()
    try:
        found = waited_for(lambda: work(progress), lambda: bar.progress(progress.share, text))
    finally:
        progress.left = True
    place.empty()
    return found
