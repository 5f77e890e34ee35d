"""The components of p as a table to type in, in step with whatever else changes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd
import streamlit as st

Rows = tuple[tuple[float, ...], ...]


def edited(
    key: str, rows: Rows, limits: Mapping[str, tuple[float, float]], checked: Callable[..., Rows], width=None
) -> Rows:
    """Draw the table; the components as it says. What cannot be used stays as it was typed, and the reason is said.

    `limits` are those of the columns (each `width` px wide); `checked` makes rows of what was typed, or raises. An
    editor keeps its edits relative to the table that it was given. So it is given a new one only when the components
    have been changed elsewhere (by the stage, a preset, or undo).
    """
    base, made, version = (f"{key}_{part}" for part in ("base", "made", "version"))
    session = st.session_state
    if session.get(made) != rows:
        session[base] = pd.DataFrame(list(rows), columns=list(limits))
        session[version] = session.get(version, 0) + 1
        session[made] = rows
    config = {
        name: st.column_config.NumberColumn(name, format="%g", help=_help(name, low, high), width=width)
        for name, (low, high) in limits.items()
    }
    table = st.data_editor(
        session[base],
        key=f"{key}_{session[version]}",
        num_rows="dynamic",
        hide_index=True,
        column_config=config,
        height="content",
    )
    try:
        found = checked([row for row in table.itertuples(index=False) if not all(map(pd.isna, row))])
    except ValueError as fault:
        st.error(f"Not used yet: {fault}.")
        return rows
    session[made] = found
    return found


def _help(name: str, low: float, high: float) -> str:
    return f"{low:g} to {high:g}{'; only ratios count' if name == 'weight' else ''}"
