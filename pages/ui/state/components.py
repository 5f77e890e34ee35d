"""A target by its components, one row of numbers each: its text in the address, its limits, and a table to type in.

One format for all pages: `p=weight,mean,std;weight,mean,std` on the line, and alike in the plane.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from pages.ui.state.fields import Field, Reading

LONGEST_TEXT = 2000  # characters of an address

Row = tuple[float, ...]  # in the order of the limits
Rows = tuple[Row, ...]
Limits = Mapping[str, tuple[float, float]]


@dataclass(frozen=True)
class Numbers(Field):
    """A few numbers that are set together, such as mean and std of q; `limits` are those of each, by name."""

    owner: str  # what the numbers are of, for a message
    limits: Limits
    default: Row
    shared: bool = False

    def checked(self, values: Iterable[object]) -> Row:
        """The numbers within their limits; ValueError saying which is not, and what is allowed."""
        return checked_row(values, self.limits, self.owner)

    def read(self, text: str) -> Reading:
        """The numbers of a text; where one cannot be used, the default."""
        try:
            return self.checked(text[:LONGEST_TEXT].split(",")), ""
        except ValueError as fault:
            return self.default, f"{self.key}: {fault}, so {self.text(self.default)} is used"

    def text(self, value: Row) -> str | None:
        """The numbers, parted by commas."""
        return _text(value)


@dataclass(frozen=True)
class Components(Field):
    """The components of p, at most `most`; `limits` are those of the numbers of each, by name.

    What they are components `of`, and what `each` is called, is for messages: points are components of data.

    `check` is what a whole row must fulfil beside its limits; it raises ValueError with the reason.
    """

    limits: Limits
    most: int
    default: Rows
    check: Callable[[Row, str], None] = lambda row, owner: None
    shared: bool = False
    width: int | None = None  # px of each column of the table
    of: str = "p"
    each: str = "component"

    def checked(self, rows: Sequence[Iterable[object]]) -> Rows:
        """Rows of numbers within their limits; ValueError saying which is not, and what is allowed."""
        if not 1 <= len(rows) <= self.most:
            raise ValueError(f"{self.of} needs 1 to {self.most} {self.each}s, and here are {len(rows)}")
        found = tuple(checked_row(row, self.limits, f"{self.each} {i}") for i, row in enumerate(rows, start=1))
        for i, row in enumerate(found, start=1):
            self.check(row, f"{self.each} {i}")
        return found

    def parse(self, text: str) -> Rows:
        """The components that a text of the address stands for; ValueError with the reason."""
        if len(text) > LONGEST_TEXT:
            raise ValueError(f"{self.of} is longer than {LONGEST_TEXT} characters")
        return self.checked([part.split(",") for part in text.split(";")])

    def read(self, text: str) -> Reading:
        """The components of a text; where it cannot be used, the default."""
        try:
            return self.parse(text), ""
        except ValueError as fault:
            return self.default, f"{self.key}: {fault}, so the first example is used"

    def text(self, value: Rows) -> str | None:
        """The components: numbers parted by commas, components by semicolons."""
        return ";".join(map(_text, value))

    def draw(self) -> Rows:
        """A table to type in; the components as it says. What cannot be used stays as typed, and the reason is said.

        An editor keeps its edits relative to the table that it was given, as long as it is on the page. So it is given
        a new one when the components have been changed elsewhere (by a stage, a preset, undo, or another page).
        """
        import pandas as pd

        session, rows = st.session_state, self.value
        base, made, version = (f"{self.key}_table_{part}" for part in ("base", "made", "version"))
        if session.get(made) != rows or f"{base}_{session[version]}" not in session:
            session[base] = pd.DataFrame(list(rows), columns=list(self.limits))
            session[version] = session.get(version, 0) + 1
            session[made] = rows
        table = st.data_editor(
            session[base],
            key=f"{base}_{session[version]}",
            num_rows="dynamic",
            hide_index=True,
            column_config={name: self._column(name) for name in self.limits},
            height="content",
        )
        try:
            found = self.checked([row for row in table.itertuples(index=False) if not all(map(pd.isna, row))])
        except ValueError as fault:
            st.error(f"Not used yet: {fault}.")
            return rows
        session[self.key] = session[made] = found
        return found

    def _column(self, name: str):
        low, high = self.limits[name]
        allowed = f"{low:g} to {high:g}{'; only ratios count' if name == 'weight' else ''}"
        return st.column_config.NumberColumn(name, format="%g", help=allowed, width=self.width)


def checked_row(values: Iterable[object], limits: Limits, owner: str) -> Row:
    """The numbers of one owner within their limits; ValueError saying which is not, and what is allowed."""
    row = tuple(values)
    if len(row) != len(limits):
        raise ValueError(f"{owner} needs {', '.join(limits)}, and {len(row)} values are there")
    return tuple(_number(value, name, bounds, owner) for value, (name, bounds) in zip(row, limits.items()))


def normalised(rows: Rows) -> list[float]:
    """The weights of the rows, their first numbers, divided by their sum."""
    total = math.fsum(row[0] for row in rows)
    return [row[0] / total for row in rows]


def _number(value: object, name: str, bounds: tuple[float, float], owner: str) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not bounds[0] <= number <= bounds[1]:
        shown = "nothing" if value is None or number != number else f"{number:g}"
        raise ValueError(f"the {name} of {owner} must be {bounds[0]:g} to {bounds[1]:g}, and is {shown}")
    return float(_digits(number)) + 0.0  # what the address says and no digit more; and no −0


def _digits(number: float) -> str:
    return f"{number:.12g}"


def _text(row: Row) -> str:
    return ",".join(map(_digits, row))
