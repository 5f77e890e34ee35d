"""A table that a person edits in place: its cells are kept as they were typed, and are in the address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, unquote

import streamlit as st

from pages.ui.state.fields import Field, Reading

Rows = tuple[tuple[str, ...], ...]
ROW, CELL = "_", "~"
LABEL = 24  # characters of a cell
LONGEST = 8000  # characters of an address


def packed(rows: Rows) -> str:
    """The cells as one text: rows parted by `_`, cells by `~`: signs that an address leaves as they are."""
    return ROW.join(
        CELL.join(quote(cell, safe=" /+").replace(ROW, "%5F").replace(CELL, "%7E") for cell in row) for row in rows
    )


def unpacked(text: str) -> Rows:
    """The cells of such a text."""
    return tuple(tuple(unquote(cell) for cell in row.split(CELL)) for row in text.split(ROW)) if text else ()


@dataclass(frozen=True)
class Table(Field):
    """A table by its cells, as one packed text; in the address unless it is the default.

    `allowed` says for each column what may stand in it. `names` are the first cells of a table whose rows are given;
    one without them grows with what is typed.
    """

    columns: tuple[str, ...]
    default: str
    allowed: Mapping[str, str]
    names: tuple[str, ...] | None = None

    def read(self, text: str) -> Reading:
        """The cells of a text of the address; of one that is no such table, the default."""
        if len(text) > LONGEST:
            return self.default, f"{self.key} is longer than {LONGEST} characters, so the first one is used"
        rows = unpacked(text)
        wrong = self.names is not None and tuple(row[0] for row in rows) != self.names
        if wrong or any(len(row) != len(self.columns) or any(len(cell) > LABEL for cell in row) for row in rows):
            shape = f"{len(self.names)} rows and " if self.names else ""
            note = f"{self.key} is not a table of {shape}{len(self.columns)} columns, so the first one is used"
            return self.default, note
        return text, ""

    def text(self, value: str) -> str | None:
        """The packed text, unless it is the default."""
        return None if value == self.default else value

    @property
    def rows(self) -> Rows:
        """The cells as they are now."""
        return unpacked(self.value)

    def columns_of(self, rows: Rows) -> tuple[str, ...]:
        """What the columns of these cells are called."""
        return self.columns

    def is_number(self, column: int) -> bool:
        """Whether numbers stand in the column: in all but the first, which has the names."""
        return column > 0

    def draw(self, shown: Sequence[str] | None = None) -> Rows:
        """The table on the page, for editing, with the columns `shown`; its cells after the edit.

        The editor holds its edits against the table that it was opened with; when the cells were set by anything else
        (a preset, undo, a link, another visit of the page) it is opened anew.
        """
        import pandas as pd

        key, session, text = self.key, st.session_state, self.value
        number = session.get(f"{key}_editor", 0)
        if session.get(f"{key}_seen") != text or f"{key}_{number}" not in session:
            number += 1
            session[f"{key}_editor"], session[f"{key}_opened"] = number, text
        opened = unpacked(session[f"{key}_opened"])
        columns = self.columns_of(opened)
        frame = st.data_editor(
            pd.DataFrame(opened, columns=list(columns), dtype=str),
            key=f"{key}_{number}",
            num_rows="fixed" if self.names else "dynamic",
            hide_index=True,
            column_order=list(shown or columns),
            column_config={name: self._column(name, self.is_number(i)) for i, name in enumerate(columns)},
        )
        rows = tuple(tuple("" if pd.isna(cell) else str(cell) for cell in row) for row in frame.itertuples(index=False))
        session[key] = session[f"{key}_seen"] = packed(rows)
        return rows

    def _column(self, name: str, is_number: bool):
        allowed = self.allowed.get(name)
        if is_number:
            return st.column_config.TextColumn(name, max_chars=LABEL, alignment="right", help=allowed)
        return st.column_config.TextColumn(name, max_chars=LABEL, disabled=self.names is not None, help=allowed)
