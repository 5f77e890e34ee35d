"""Typed or uploaded text to columns of numbers, with a count of everything that is no number: nothing goes unseen."""

from __future__ import annotations

import csv
import math
import re
from collections import Counter
from dataclasses import dataclass

import numpy as np

from kl_engine.text_decoding import decode

MOST_BYTES = 50_000_000
MOST_CELLS = 5_000_000
MOST_COLUMNS = 200
LOOKED_AT = 50  # lines, to find the separator
LONGEST_CELL = 400  # characters of a number
EXAMPLES, LONGEST_EXAMPLE = 3, 20
MISSING = frozenset(("", "na", "n/a", "nan", "null", "none", "-", "?", "."))
INFINITE = frozenset(("inf", "+inf", "-inf", "infinity", "+infinity", "-infinity", "∞", "-∞"))
SEPARATORS = {"\t": "tab", ";": "semicolon", ",": "comma", "|": "bar"}
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+", re.ASCII)


@dataclass(frozen=True, eq=False)
class Column:
    """The numbers of one column, in order, and how many cells were missing, infinite, or something else."""

    name: str
    values: np.ndarray
    missing: int
    infinite: int
    strange: int
    examples: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class NumberTable:
    """Columns of numbers, and how the text was read."""

    columns: tuple[Column, ...]
    rows: int
    encoding: str
    separator: str
    decimal_comma: bool


def read_table(raw: bytes) -> NumberTable:
    """Read CSV and its relatives: any usual encoding; separated by tab, semicolon, comma, bar or spaces.

    Decimal commas are taken as such where another separator is used, or where every line is one number with a comma.
    A first line without numbers names the columns. Raises ValueError with what is wrong and what to do.
    """
    if len(raw) > MOST_BYTES:
        raise ValueError(f"The file has {len(raw) / 1e6:.0f} MB: keep the one column you need, at most 50 MB.")
    text, encoding = decode(raw)
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        raise ValueError("There is nothing in it: paste or upload at least two different numbers.")
    separator = _separator(lines[:LOOKED_AT])
    rows = _rows(lines, separator)
    if len(rows) == 1:  # numbers on one line are one column
        rows = [[cell] for cell in rows[0]]
    width = max(map(len, rows))
    if width > MOST_COLUMNS or width * len(rows) > MOST_CELLS:
        raise ValueError(f"It has {len(rows)} rows of {width} cells: keep the one column you need.")
    comma = separator != "," and _uses_decimal_comma(rows)
    header = _header(rows, comma)
    body = rows[1:] if header else rows
    names = [name.strip()[:40] for name in rows[0]] if header else []
    columns = [_column(_name(names, i), [row[i] if i < len(row) else "" for row in body], comma) for i in range(width)]
    numeric = tuple(column for column in columns if column.values.size)
    if not numeric:
        shown = ", ".join(repr(text) for text in columns[0].examples) or "only empty cells"
        raise ValueError(f"There is no number in it: it holds {shown}.")
    return NumberTable(numeric, len(body), encoding, SEPARATORS.get(separator, "space"), comma)


def _separator(lines: list[str]) -> str:
    """The separator that stands in most lines; " " for spaces, or where there is none."""
    if all(_DECIMAL_COMMA.fullmatch(line.strip()) for line in lines):
        return " "  # one number with a decimal comma on each line
    counts = Counter({sign: sum(sign in line for line in lines) for sign in SEPARATORS})
    for sign in SEPARATORS:  # in this order: a tab or a semicolon beside commas means decimal commas
        if counts[sign] > len(lines) / 2:
            return sign
    return " "


def _rows(lines: list[str], separator: str) -> list[list[str]]:
    if separator == " ":
        return [line.split() for line in lines]
    try:
        return list(csv.reader(lines, delimiter=separator, skipinitialspace=True))
    except csv.Error as error:
        raise ValueError(f"It cannot be read as a table ({error}): check its quotes.") from None


def _uses_decimal_comma(rows: list[list[str]]) -> bool:
    cells = [cell.strip() for row in rows[:LOOKED_AT] for cell in row]
    return sum(bool(_DECIMAL_COMMA.fullmatch(cell)) for cell in cells) > 0 and not any(
        "." in cell and _NUMBER.fullmatch(cell) for cell in cells
    )


def _header(rows: list[list[str]], comma: bool) -> bool:
    """Whether the first line names the columns: it holds no number, and some later one does."""
    first = [_number(cell, comma) for cell in rows[0]]
    words = any(cell.strip().lower() not in MISSING | INFINITE for cell in rows[0])
    return words and not any(isinstance(cell, float) and math.isfinite(cell) for cell in first) and len(rows) > 1


def _name(names: list[str], i: int) -> str:
    return names[i] if i < len(names) and names[i] else f"column {i + 1}"


def _column(name: str, cells: list[str], comma: bool) -> Column:
    """The numbers of the cells; at once where all are plain ones, else cell by cell."""
    if not comma and max(map(len, cells), default=0) <= LONGEST_CELL:
        try:
            values = np.array(cells, dtype=np.float64)
        except ValueError:
            values = np.empty(0)
        if values.size and np.isfinite(values).all() and not any("_" in cell for cell in cells):
            return Column(name, values, 0, 0, 0, ())
    numbers, missing, infinite, strange = [], 0, 0, Counter()
    for cell in cells:
        value = _number(cell, comma)
        if value is None:
            missing += 1
        elif isinstance(value, str):
            strange[value[:LONGEST_EXAMPLE]] += 1
        elif math.isfinite(value):
            numbers.append(value)
        else:
            infinite += 1
    examples = tuple(text for text, _ in strange.most_common(EXAMPLES))
    return Column(name, np.array(numbers), missing, infinite, strange.total(), examples)


def _number(cell: str, comma: bool) -> float | str | None:
    """The number of a cell; None where it is missing, its text where it is none."""
    text = cell.strip().replace("\u2212", "-")
    if text.lower() in MISSING:
        return None
    if text.lower() in INFINITE:
        return math.inf
    plain = text.replace(",", ".") if comma else text
    if len(plain) > LONGEST_CELL:
        return text
    return float(plain) if _NUMBER.fullmatch(plain) else text
