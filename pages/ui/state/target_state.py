"""The draft of the session: restored from the URL, changed by stage, table and buttons alike, kept in the URL."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.ui.state import url as state
from pages.ui.state.callbacks import guarded
from pages.ui.state.target import DEFAULT, EXAMPLES, Draft, parse_rows, parse_start

DRAFT = "draft"  # the session key: plain, so that every page that shows the target has the same
TARGET, START = "p", "q"  # in the URL


def restore() -> Draft:
    """The draft: of the URL when the page opens, otherwise of the session. What the URL has wrong is said."""
    if DRAFT not in st.session_state:
        st.session_state[DRAFT] = DEFAULT
        read_link()
    return st.session_state[DRAFT]


def read_link() -> None:
    """Take what the URL says, as far as it can be read."""
    draft, notes = st.session_state[DRAFT], []
    readers: dict[str, Callable] = {TARGET: parse_rows, START: parse_start}
    for key, field in ((TARGET, "rows"), (START, "start")):
        if (text := st.query_params.get(key)) is not None:
            try:
                draft = replace(draft, **{field: readers[key](text)})
            except ValueError as fault:
                notes.append(f"{key}: {fault}, so {'the first example' if key == TARGET else 'its start'} is used")
    st.session_state[DRAFT] = draft
    if notes:
        state.say(notes)


@guarded
def put(draft: Draft) -> None:
    """Set the draft: for the callbacks of stage and buttons."""
    st.session_state[DRAFT] = draft


def keep(draft: Draft) -> None:
    """Write the draft into the URL."""
    for key, text in ((TARGET, draft.text), (START, draft.start_text)):
        if st.query_params.get(key) != text:
            st.query_params[key] = text


def examples() -> DeltaGenerator:
    """A row of buttons, one an example; the row, for what else belongs there."""
    row = st.container(horizontal=True, gap="xsmall")
    for name, example in EXAMPLES.items():
        row.button(name, on_click=put, args=(example,))
    return row
