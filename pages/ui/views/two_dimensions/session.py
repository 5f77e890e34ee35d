"""The target of the session: restored from the URL, changed by stage, table and buttons alike, kept in the URL."""

from __future__ import annotations

import streamlit as st

from pages.ui.state import controls
from pages.ui.state import url as state
from pages.ui.views.two_dimensions.target import DEFAULT, PRESETS, Rows, parse, text_of

ROWS = "plane"  # the session key (plain, so that it outlives the widgets), and the name in the URL
COVARIANCE = "covariance"


def restore() -> Rows:
    """The components: of the URL when the page opens, otherwise of the session. What the URL has wrong is said."""
    if ROWS not in st.session_state:
        st.session_state[ROWS] = DEFAULT[0]
        if (text := st.query_params.get(ROWS)) is not None:
            try:
                st.session_state[ROWS] = parse(text)
            except ValueError as fault:
                state.say([f"{ROWS}: {fault}, so the first preset is used"])
    return st.session_state[ROWS]


def put(rows: Rows) -> None:
    """Set the components: for the callbacks of the stage."""
    st.session_state[ROWS] = rows


def keep(rows: Rows) -> None:
    """Write the components into the session and into the URL."""
    put(rows)
    if st.query_params.get(ROWS) != text_of(rows):
        st.query_params[ROWS] = text_of(rows)


def presets():
    """A row of buttons, one a preset; the row, for what else belongs there."""
    row = st.container(horizontal=True, gap="xsmall")
    for name, (rows, covariance) in PRESETS.items():
        row.button(name, on_click=controls.put, args=({ROWS: rows, COVARIANCE: covariance},))
    return row
