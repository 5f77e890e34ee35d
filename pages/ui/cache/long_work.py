"""Long work: done one piece at a time for all sessions, while each session is free to leave it."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor, wait
from itertools import count

import streamlit as st

from pages.ui.cache.kept import Results, remembered
from pages.ui.state.callbacks import button

# Side by side, under one interpreter lock, no piece is done sooner, each takes memory of its own, and whoever only
# moves a slider waits for all of them.
WORKER = ThreadPoolExecutor(1, "long work")
STOPPED = "stopped_work"  # the session key of the work that a person has stopped
MOMENT = 3  # signs of life
TIMES = count()  # one work may fail and be asked for again on the same page
GLANCE = 0.2  # s between two signs of life of a session that waits: fifty of them must not keep the server busy


def waited_for(work: Callable[[], object], alive: Callable[[], object]):
    """The result of the work, done in its turn by another thread; meanwhile `alive` is called.

    Streamlit leaves a run for the one that a person has asked for only where the run sends something: so `alive` must.
    Work that is left before its turn has come is not done.
    """
    future = WORKER.submit(work)
    try:
        while not wait([future], GLANCE).done:
            alive()
        return future.result()
    finally:
        future.cancel()


def long(entries: int, text: str) -> Callable:
    """Keep the last `entries` results of a function of hashable values that takes its time; `text` is said meanwhile.

    A person who waits for longer than a moment can stop: the page then ends there, and offers to go on. What a session
    leaves once it is begun is finished and kept: it may well be asked for again.
    """

    def spin(results: Results, work: Callable, arguments: tuple[Hashable, ...]):
        name = (work.__name__, *arguments)
        if is_stopped(name):
            with st.container(horizontal=True, vertical_alignment="center"):
                offer_again(name)
            st.stop()
        place = st.empty()
        row = place.container(horizontal=True, vertical_alignment="center", key=waiting_key((*name, next(TIMES))))
        try:
            with row, st.spinner(text):
                found = waited_for(lambda: results.of(work, arguments), Waits(name).go_on)
        except Exception:  # a refusal; a run that is left ends otherwise, and the next one takes this place
            place.empty()
            raise
        place.empty()
        return found

    return remembered(entries, spin)


class Waits:
    """The signs of life of a session that waits; once it has waited for a moment, a button that stops it too."""

    def __init__(self, name: tuple) -> None:
        self._name, self._signs, self._sign, self._place = name, 0, st.empty(), st.empty()

    def go_on(self) -> None:
        """One more sign."""
        self._signs += 1
        self._sign.empty()
        if self._signs == MOMENT:
            offer_stop(self._name, self._place)


def is_stopped(name: tuple) -> bool:
    """Whether a person has stopped this work: the name of its function, and its arguments."""
    return st.session_state.get(STOPPED) == name


def offer_stop(name: tuple, place=st) -> None:
    """A button that stops the work."""
    button("Stop", _stop, name, key=f"stop {waiting_key((*name, next(TIMES)))}", place=place)


def offer_again(name: tuple) -> None:
    """What stands in the place of work that was stopped: that it was, and a button that starts it again."""
    st.caption("Stopped.")
    button("Start again", _stop, None, key=f"again {waiting_key(name)}")


def waiting_key(name: tuple) -> str:
    """The key of what is said meanwhile, by which the style of the app lays it over what is old."""
    return f"waiting_{name[0]}_{hash(name):x}"


def _stop(name: tuple | None) -> None:
    st.session_state[STOPPED] = name
