"""Where the numbers come from: a dataset of the app, a file, or a paste; and what of them could not be used."""

from __future__ import annotations

from zlib import crc32

import numpy as np
import streamlit as st

from kl_engine.data.number_tables import MOST_BYTES, MOST_COLUMNS, MOST_ROWS, Column, NumberTable, read_table
from pages.ui.say.plain_text import escaped
from pages.ui.state.controls import pick
from pages.ui.views.your_data.datasets import DATASETS
from pages.ui.views.your_data.scene import FEWEST

MINE = "mine"
TITLES = {**{key: dataset.title for key, dataset in DATASETS.items()}, MINE: "My own numbers"}
KEPT = "your_data_table"  # the mark of the last text or file read, and its table: of this session only
LONGEST_PASTE = 1_000_000


def ask_numbers() -> tuple[np.ndarray | None, list[str]]:
    """The numbers, and remarks about them; None while there is none."""
    chosen = pick("Data", "data", TITLES)
    if chosen != MINE:
        return DATASETS[chosen].numbers(), [DATASETS[chosen].about]
    table = _own_table()
    if table is None:
        return None, []
    names = [column.name for column in table.columns]
    labels = [f"{i + 1}: {name}" for i, name in enumerate(names)]
    label = st.selectbox("Column", labels, key="data_column") if len(labels) > 1 else labels[0]
    column = table.columns[labels.index(label)]
    return column.values, [_how_read(table), *_losses(column)]


def _own_table() -> NumberTable | None:
    """The table of the file or else of the paste; the last one read is kept while the session lasts."""
    allowed = (
        f"At least {FEWEST} numbers; at most {MOST_BYTES // 10**6} MB, {MOST_ROWS:,} lines and {MOST_COLUMNS} columns."
    )
    file = st.file_uploader("A file: CSV or plain text", key="data_file", max_upload_size=50, help=allowed)
    allowed = f"At least {FEWEST} numbers, at most {LONGEST_PASTE:,} characters; parted by spaces, commas or lines."
    pasted = st.text_area("Or paste numbers", key="data_paste", max_chars=LONGEST_PASTE, height=80, help=allowed)
    st.caption("Your numbers are in this server's memory only: not in the address, not on disk.")
    if file is None and not pasted.strip():
        return st.session_state.get(KEPT, (None, None))[1]
    raw = pasted.encode() if file is None else None
    mark = crc32(raw) if file is None else file.file_id
    if st.session_state.get(KEPT, (None, None))[0] != mark:
        try:
            st.session_state[KEPT] = (mark, read_table(file.getvalue() if raw is None else raw))
        except ValueError as refused:
            st.error(escaped(str(refused)))
            return None
    return st.session_state[KEPT][1]


def _how_read(table: NumberTable) -> str:
    comma = ", decimal commas" if table.decimal_comma else ""
    return f"{table.rows} rows in {table.encoding}, separated by {table.separator}{comma}."


def _losses(column: Column) -> list[str]:
    """What of the column is no number, each kind with its count."""
    kinds = ((column.missing, "missing"), (column.infinite, "infinite"), (column.strange, "not a number"))
    found = [f"{count} {kind}" for count, kind in kinds if count]
    if not found:
        return []
    examples = f" (such as {', '.join(map(escaped, column.examples))})" if column.examples else ""
    return [f"Left out: {', '.join(found)}{examples}; {column.values.size} numbers are used."]
