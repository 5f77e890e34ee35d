"""Long work: done one piece at a time for all sessions, while each session is free to leave it."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor, wait

import streamlit as st

from pages.ui.cache.kept import Results, remembered

# Side by side, under one interpreter lock, no piece is done sooner, each takes memory of its own, and whoever only
# moves a slider waits for all of them.
WORKER = ThreadPoolExecutor(1, "long work")
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

    What a session leaves once it is begun is finished and kept: it may well be asked for again.
    """

    def spin(results: Results, work: Callable, arguments: tuple[Hashable, ...]):
        with st.spinner(text):
            return waited_for(lambda: results.of(work, arguments), st.empty().empty)

    return remembered(entries, spin)
