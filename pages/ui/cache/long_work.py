"""Long work: done one piece at a time for all sessions, while each session is free to leave it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor, wait
from functools import wraps
from threading import Lock

import streamlit as st

# Side by side, under one interpreter lock, no piece is done sooner, each takes memory of its own, and whoever only
# moves a slider waits for all of them.
WORKER = ThreadPoolExecutor(1, "long work")
GLANCE = 0.2  # s between two signs of life of a session that waits: fifty of them must not keep the server busy


class Results:
    """The last results of a function, by its arguments."""

    def __init__(self, entries: int) -> None:
        self._entries, self._kept, self._lock = entries, OrderedDict(), Lock()

    def __contains__(self, arguments: tuple[Hashable, ...]) -> bool:
        return arguments in self._kept

    def of(self, work: Callable, arguments: tuple[Hashable, ...], *more: object):
        """The result kept for these arguments; else that of the work with them and `more`, which then is kept."""
        with self._lock:
            if arguments in self._kept:
                self._kept.move_to_end(arguments)
                return self._kept[arguments]
        found = work(*arguments, *more)
        with self._lock:
            self._kept[arguments] = found
            while len(self._kept) > self._entries:
                self._kept.popitem(last=False)
        return found


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


def remembered(entries: int, otherwise: Callable) -> Callable:
    """Keep the last `entries` results of a function of plain values; a new one comes from `otherwise`.

    That is given the results to add it to, the function and its arguments.
    """

    def decorate(work: Callable) -> Callable:
        results = Results(entries)

        @wraps(work)
        def asked(*arguments: Hashable):
            return results.of(work, arguments) if arguments in results else otherwise(results, work, arguments)

        return asked

    return decorate


def long(entries: int, text: str) -> Callable:
    """Keep the last `entries` results of a function of plain values that takes its time; `text` is said meanwhile.

    What a session leaves once it is begun is finished and kept: it may well be asked for again.
    """

    def spin(results: Results, work: Callable, arguments: tuple[Hashable, ...]):
        with st.spinner(text):
            return waited_for(lambda: results.of(work, arguments), st.empty().empty)

    return remembered(entries, spin)
