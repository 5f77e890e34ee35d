"""The components of p as a table to type in, in step with the stage."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.ui.two_dimensions.target import LIMITS, Rows, checked

COLUMN = 68  # px; all six stand side by side
BASE, MADE, VERSION = "plane_base", "plane_made", "plane_version"


def edited(rows: Rows) -> Rows:
    """Draw the table; the components as it says. What cannot be used stays as it was typed, and the reason is said.

    An editor keeps its edits relative to the table that it was given. So it is given a new one only when the components
    have been changed elsewhere (by the stage, a preset, or undo).
    """
    if st.session_state.get(MADE) != rows:
        st.session_state[BASE] = pd.DataFrame(list(rows), columns=list(LIMITS))
        st.session_state[VERSION] = st.session_state.get(VERSION, 0) + 1
        st.session_state[MADE] = rows
    config = {
        name: st.column_config.NumberColumn(name, format="%g", help=_help(name, low, high), width=COLUMN)
        for name, (low, high) in LIMITS.items()
    }
    key = f"plane_table_{st.session_state[VERSION]}"
    table = st.data_editor(
        st.session_state[BASE], key=key, num_rows="dynamic", hide_index=True, column_config=config, height="content"
    )
    try:
        found = checked([row for row in table.itertuples(index=False) if not all(map(pd.isna, row))])
    except ValueError as fault:
        st.error(f"Not used yet: {fault}.")
        return rows
    st.session_state[MADE] = found
    return found


def _help(name: str, low: float, high: float) -> str:
    return f"{low:g} to {high:g}{'; only ratios count' if name == 'weight' else ''}"
