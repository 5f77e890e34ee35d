"""The one place where results are kept between reruns: keyed on plain values, shared by all sessions, bounded."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st


def kept(entries: int) -> Callable:
    """Keep the results of a function, the last `entries` of them.

    They are frozen, so that they are handed out as they are and not copied.
    """
    return st.cache_resource(max_entries=entries, show_spinner=False)
