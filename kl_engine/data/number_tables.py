"""Typed or uploaded text to columns of numbers, with a count of everything that is no number: nothing goes unseen."""

from __future__ import annotations

import csv
import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice

import numpy as np

from kl_engine.data.text_decoding import decode

MOST_BYTES = 50_000_000
MOST_ROWS = 2_000_000
MOST_CELLS = 5_000_000
MOST_COLUMNS = 200
PIECE = 50_000  # rows
LOOKED_AT = 50  # lines, to find the separator
LONGEST_CELL = 400  # characters of a number
KINDS = ("missing", "infinite", "strange")
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

    Decimal commas are taken as such where another separator is used, in quotes, or where every line is one number with
    a comma.
    A first line without numbers names the columns. Raises ValueError with what is wrong and what to do.
    """
    if len(raw) > MOST_BYTES:
        raise ValueError(f"The file has {len(raw) / 1e6:.0f} MB: keep the one column you need, at most 50 MB.")
    text, encoding = decode(raw)
    if max(text.count("\n"), text.count("\r")) > MOST_ROWS:
        raise ValueError(f"It has more than {MOST_ROWS:,} lines: keep a part of them.")
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        raise ValueError("There is nothing in it: paste or upload at least two different numbers.")
    separator = _separator(lines[:LOOKED_AT])
    rows = _rows(lines, separator)
    first = list(islice(rows, LOOKED_AT))
    if len(first) == 1:  # numbers on one line are one column
        first = [[cell] for cell in first[0]]
    comma = _uses_decimal_comma(first[:LOOKED_AT], separator)
    header = _header(first, comma)
    names = [name.strip()[:40] for name in first[0]] if header else []
    columns, count = _columns(names, chain(first[header:], rows), comma)
    numeric = tuple(column for column in columns if column.values.size)
    if not numeric:
        shown = ", ".join(repr(text) for text in columns[0].examples) or "only empty, missing or infinite cells"
        raise ValueError(f"There is no number in it: it holds {shown}.")
    return NumberTable(numeric, count, encoding, SEPARATORS.get(separator, "space"), comma)


def _columns(names: list[str], rows: Iterator[list[str]], comma: bool) -> tuple[list[Column], int]:
    """The columns and the number of rows, read in pieces: the texts of all cells at once would fill the memory."""
    pieces: list[tuple[int, list[Column]]] = []
    width, count = len(names), 0
    for piece in iter(lambda: list(islice(rows, PIECE)), []):
        width, count = max(width, *map(len, piece)), count + len(piece)
        if width > MOST_COLUMNS or width * count > MOST_CELLS:
            raise ValueError(f"It has {count:,} rows or more, of {width:,} cells: keep the one column you need.")
        cells = ([row[i] if i < len(row) else "" for row in piece] for i in range(width))
        pieces.append((len(piece), [_column(_name(names, i), column, comma) for i, column in enumerate(cells)]))
    return [_joined(_name(names, i), pieces, i) for i in range(width)], count


def _joined(name: str, pieces: list[tuple[int, list[Column]]], i: int) -> Column:
    """Column i of all pieces; every cell of it is missing in a piece of shorter rows."""
    none = np.empty(0)
    parts = [columns[i] if i < len(columns) else Column(name, none, rows, 0, 0, ()) for rows, columns in pieces]
    missing, infinite, strange = (sum(getattr(part, kind) for part in parts) for kind in KINDS)
    examples = dict.fromkeys(text for part in parts for text in part.examples)
    numbers = np.concatenate([part.values for part in parts])
    return Column(name, numbers, missing, infinite, strange, tuple(examples)[:EXAMPLES])


def _separator(lines: list[str]) -> str:
    """The separator that stands in most lines; " " for spaces, or where there is none."""
    if all(_DECIMAL_COMMA.fullmatch(line.strip()) for line in lines):
        return " "  # one number with a decimal comma on each line
    counts = Counter({sign: sum(sign in line for line in lines) for sign in SEPARATORS})
    for sign in SEPARATORS:  # in this order: a tab or a semicolon beside commas means decimal commas
        if counts[sign] > len(lines) / 2:
            return sign
    return " "


def _rows(lines: list[str], separator: str) -> Iterator[list[str]]:
    if separator == " ":
        yield from map(str.split, lines)
        return
    try:
        yield from csv.reader(lines, delimiter=separator, skipinitialspace=True)
    except csv.Error as error:
        raise ValueError(f"It cannot be read as a table ({error}): check its quotes.") from None


def _uses_decimal_comma(rows: list[list[str]], separator: str) -> bool:
    """Whether cells such as 2,5 have decimal commas; between commas they stand in quotes, and 1,234 may be 1234."""
    cells = [cell.strip() for row in rows for cell in row]
    if any("." in cell and _NUMBER.fullmatch(cell) for cell in cells):
        return False
    found = [cell for cell in cells if _DECIMAL_COMMA.fullmatch(cell)]
    return bool(found) and (separator != "," or any(len(cell.partition(",")[2]) != 3 for cell in found))


def _header(rows: list[list[str]], comma: bool) -> bool:
    """Whether the first line names the columns: it holds no number, and some later one does."""
    first = [_number(cell, comma) for cell in rows[0]]
    words = any(cell.strip().lower() not in MISSING | INFINITE for cell in rows[0])
    numbers = any(isinstance(cell, float) for cell in first)
    return words and not numbers and len(rows) > 1


def _name(names: list[str], i: int) -> str:
    return names[i] if i < len(names) and names[i] else f"column {i + 1}"


def _column(name: str, cells: list[str], comma: bool) -> Column:
    """The numbers of the cells; at once where all are plain ones, else cell by cell."""
    if not comma and max(map(len, cells), default=0) <= LONGEST_CELL:
        try:
            values = np.array(cells, dtype=np.float64)
        except ValueError:
            values = np.empty(0)
        if values.size and np.isfinite(values).all() and all(map(_is_plain, cells)):
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


def _is_plain(cell: str) -> bool:
    """Whether the cell has only signs that `_number` reads: NumPy takes other digits and 1_000 too."""
    return cell.isascii() and "_" not in cell


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
