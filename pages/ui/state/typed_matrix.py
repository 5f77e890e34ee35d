"""A matrix that a person edits in place: a table of numbers alone, to which rows and columns can be added."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pages.ui.state import session
from pages.ui.state.callbacks import button
from pages.ui.state.fields import Reading
from pages.ui.state.typed_table import LABEL, LONGEST, Rows, Table, packed, unpacked

NARROWEST = 2  # columns of a matrix that has lost all its rows


@dataclass(frozen=True)
class Matrix(Table):
    """A matrix by its cells, at most as many `columns` wide as are named, and as many rows high."""

    def read(self, text: str) -> Reading:
        """The cells of a text of the address; of one that is no such matrix, the default."""
        if len(text) > LONGEST:
            return super().read(text)
        rows, most = unpacked(text), len(self.columns)
        widths = {len(row) for row in rows}
        cells = all(len(cell) <= LABEL for row in rows for cell in row)
        if len(widths) == 1 and max(widths) <= most and len(rows) <= most and cells:
            return text, ""
        return self.default, f"{self.key} is not a table of at most {most} × {most}, so the first one is used"

    def columns_of(self, rows: Rows) -> tuple[str, ...]:
        """The names of as many columns as these cells fill."""
        return self.columns[: len(rows[0]) if rows else NARROWEST]

    def is_number(self, column: int) -> bool:
        """Numbers stand in every column."""
        return True

    def draw_columns(self) -> None:
        """Two buttons: one column more, and one less. Rows are added and taken away in the table itself."""
        width = len(self.columns_of(self.rows))
        button("One column more", self._widen, 1, disabled=width == len(self.columns), key=f"{self.key}_wider")
        button("One fewer", self._widen, -1, disabled=width < 2, key=f"{self.key}_narrower")

    def _widen(self, by: int) -> None:
        rows = self.rows or (("",) * NARROWEST,)
        session.put({self.key: packed(tuple((*row, "") if by > 0 else row[:-1] for row in rows))})


def numbered(most: int, allowed: str) -> Mapping[str, str]:
    """What may stand in columns that are called by their numbers."""
    return {str(k): allowed for k in range(1, most + 1)}
