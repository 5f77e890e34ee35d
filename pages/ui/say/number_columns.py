"""Tables whose numbers are written out as text: they stand at the right of their columns, words at the left."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

import pandas as pd
import streamlit as st

NUMBER = re.compile(r"[−-]?(∞|\d[\d,]*(\.\d+)?([eE][+−-]?\d+)?)")


def draw_numbers(table: pd.DataFrame, told: Mapping[str, str], left: Collection[str] = ()) -> None:
    """The table on the page; what a column means is `told` on hover. Columns named in `left` hold no numbers, though
    they look so: words of a code."""
    columns = {
        name: st.column_config.Column(
            help=told.get(name), alignment="right" if name not in left and holds_numbers(table[name]) else "left"
        )
        for name in table.columns
    }
    st.dataframe(table, hide_index=True, column_config=columns)


def holds_numbers(column: pd.Series) -> bool:
    """Whether every entry is a number, written out or not; what is left empty says nothing."""
    entries = [str(entry) for entry in column if str(entry)]
    return bool(entries) and all(NUMBER.fullmatch(entry) for entry in entries)
