"""The components of p as a table to type in, in step with the stage."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from pages.ui.draft import LIMITS, Draft, checked_rows

BASE, MADE, VERSION = "table_base", "table_made", "table_version"
COLUMNS = list(LIMITS)


def edited(draft: Draft) -> Draft:
    """Draw the table; the draft as it says. What cannot be used stays as it was typed, and the reason is said.

    An editor keeps its edits relative to the table that it was given. So it is given a new one only when the draft has
    been changed elsewhere (by the stage, a preset, or undo).
    """
    if st.session_state.get(MADE) != draft.rows:
        st.session_state[BASE] = pd.DataFrame(list(draft.rows), columns=COLUMNS)
        st.session_state[VERSION] = st.session_state.get(VERSION, 0) + 1
        st.session_state[MADE] = draft.rows
    config = {
        name: st.column_config.NumberColumn(
            name, help=f"{low:g} to {high:g}{'; only ratios count' if name == 'weight' else ''}", format="%g"
        )
        for name, (low, high) in LIMITS.items()
    }
    table = st.data_editor(
        st.session_state[BASE],
        key=f"components_{st.session_state[VERSION]}",
        num_rows="dynamic",
        hide_index=True,
        column_config=config,
        height="content",
    )
    try:
        rows = checked_rows([row for row in table.itertuples(index=False) if not all(map(pd.isna, row))])
    except ValueError as fault:
        st.error(f"Not used yet: {fault}.")
        return draft
    st.session_state[MADE] = rows
    return replace(draft, rows=rows)
