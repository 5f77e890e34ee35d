"""The one place where results are kept between reruns: keyed on plain values, shared by all sessions, bounded."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from threading import RLock

import streamlit as st

# Long work is done one piece at a time, for all sessions: side by side, under one interpreter lock, no piece is done
# sooner, each takes memory of its own, and whoever only moves a slider waits for all of them.
TURN = RLock()


def kept(entries: int, waiting: str | bool = False) -> Callable:
    """Keep the results of a function, the last `entries` of them; `waiting` is said while one takes its time.

    The results are frozen, so that they are handed out as they are and not copied. What has something to say while one
    waits is long work, done in its turn.
    """

    def decorate(work: Callable) -> Callable:
        @wraps(work)
        def in_turn(*arguments):
            with TURN:
                return work(*arguments)

        return st.cache_resource(max_entries=entries, show_spinner=waiting)(in_turn if waiting else work)

    return decorate
