"""Typed or uploaded text to columns of numbers, with a count of everything that is not a number: nothing is lost."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np

from kl_engine.data.pasted.cells import (
    COMMA,
    LONGEST_CELL,
    POINT,
    is_doubted,
    is_infinite,
    is_missing,
    is_number,
    number,
    plain,
    simple,
    word,
)
from kl_engine.data.pasted.choice import Choice, Question, choose, question_of
from kl_engine.data.pasted.lines import NAMES, lines_of, rows, soft_spaces
from kl_engine.data.pasted.literals import Cells, NoList, looks_like_lists, read_lists
from kl_engine.data.pasted.readings import Grid, Reading, cost, fits, grid_of, has_names, is_day, unit_of, values
from kl_engine.data.text_decoding import decode
from kl_engine.estimates.checks import refuse

MOST_BYTES = 50_000_000
MOST_ROWS = 2_000_000
MOST_CELLS = 5_000_000
MOST_COLUMNS = 200
PIECE = 50_000  # rows
LOOKED_AT = 600  # lines, spread over the text, to find its reading
KINDS = ("missing", "infinite", "strange", "uncertain")
EXAMPLES, LONGEST_EXAMPLE = 3, 20
FEWEST_COUNTED = 5  # numbers that rise by one: fewer may do so by chance
MOSTLY = 0.8


@dataclass(frozen=True, eq=False)
class Column:
    r"""The numbers of one column, in order, and how many cells were missing, infinite, or something else.

    `name`, `values` of shape (n,) in the unit of the file, and that `unit` where the cells name it. `missing`,
    `infinite` and `strange` count cells that are no numbers, of which `examples` are a few; `uncertain` counts numbers
    with another one behind them, as 1.5 ± 0.1 or 1.5 (0.1), which is left out. Made by `kl.data.read_table`.

    >>> import kl_engine as kl
    >>> (column,) = kl.data.read_table(b"height\n1.5 kg\nn/a\n3 kg\n").columns
    >>> column.name, column.values.tolist(), column.unit, column.missing
    ('height', [1.5, 3.0], 'kg', 1)
    """

    name: str
    values: np.ndarray
    missing: int
    infinite: int
    strange: int
    examples: tuple[str, ...]
    unit: str = ""
    uncertain: int = 0

    @property
    def is_constant(self) -> bool:
        """Whether all of its numbers, if there are two or more, are the same."""
        return self.values.size > 1 and bool((self.values == self.values[0]).all())

    @property
    def counts_rows(self) -> bool:
        """Whether its numbers only say which row it is: they rise in equal steps, or nearly all by 1, or are 1 … n."""
        x = self.values
        if x.size < FEWEST_COUNTED or self.is_constant:
            return False
        steps = np.diff(x)
        if (steps > 0).all():
            equal = np.allclose(steps, steps[0], rtol=1e-6, atol=1e-9 * np.abs(x).max())
            return bool(equal or ((x == np.round(x)).all() and np.mean(steps == 1) >= MOSTLY))
        ordered = np.sort(x)
        return x.size >= 2 * FEWEST_COUNTED and ordered[0] in (0, 1) and bool((np.diff(ordered) == 1).all())


@dataclass(frozen=True)
class LeftOut:
    r"""Cells that are no part of the numbers: of which column, how many, what they are, and a few of them.

    `name` is that of the column, `count` how many, `what` what they are, `examples` a few of them. Made by
    `kl.data.read_table`.

    >>> import kl_engine as kl
    >>> [str(each) for each in kl.data.read_table(b"height\n1.5\nn/a\n3\n").left_out]
    ['height: 1 missing']
    """

    name: str
    count: int
    what: str
    examples: tuple[str, ...] = ()

    def __str__(self) -> str:
        such = f" (such as {', '.join(self.examples)})" if self.examples else ""
        return f"{self.name}: {self.count} {self.what}{such}" if self.name else f"{self.what}{such}"


@dataclass(frozen=True, eq=False)
class NumberTable:
    r"""Columns of numbers, and how the text was read.

    `questions` is not empty where the text can be read in two ways: the columns are then those of the first, and
    `read_table(raw, question.readings[i])` gives those of the others. `left_out` names and counts every cell and every
    line that is not among the numbers. `columns` each with `.name` and `.values` (in the unit of the file), `rows`
    their number, `encoding`, `separator` and `decimal_comma` as they were found. Made by `kl.data.read_table`.

    >>> import kl_engine as kl
    >>> table = kl.data.read_table(b"height,width\n1,2\n3,4\n")
    >>> [column.name for column in table.columns], table.rows, table.questions
    (['height', 'width'], 2, ())
    """

    columns: tuple[Column, ...]
    rows: int
    encoding: str
    separator: str
    decimal_comma: bool
    questions: tuple[Question, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    @property
    def first(self) -> int:
        """The place of the column to look at first: one that neither counts rows nor is constant, if there is one."""
        fit = [i for i, column in enumerate(self.columns) if not (column.counts_rows or column.is_constant)]
        return fit[0] if fit else 0


def read_table(raw: bytes, reading: Reading | None = None) -> NumberTable:
    r"""Read numbers as people paste them: tables, lists of programming languages, one number per line.

    Any usual encoding. Cells are separated by tab, semicolon, comma, bar, spaces or lines; decimal marks, marks of
    thousands, currencies, units and minus signs of every kind are read as what they are (see `pasted.cells`), lists of
    Python, NumPy, R, JSON and their like as in `pasted.literals`. Where the text has two readings that differ and
    nothing in it decides, `questions` says so; `reading` is the answer, one of `question.readings`. A first line of
    words names the columns. Raises ValueError with what is wrong and what to do. `raw` is the content of the file; the
    numbers keep its unit. Source: RFC 4180, and what spreadsheets write.

    >>> import kl_engine as kl
    >>> table = kl.data.read_table("Größe;Breite\n1,5;2\n2,5;3\n".encode("latin-1"))
    >>> table.columns[0].name, table.columns[0].values.tolist(), table.decimal_comma
    ('Größe', [1.5, 2.5], True)
    >>> kl.data.read_table(b"price;size\n1.234,5;2").columns[0].values.tolist()
    [1234.5]
    """
    if not isinstance(raw, (bytes, bytearray)):
        raise refuse("raw", "bytes, as text.encode() gives them", raw)
    if len(raw) > MOST_BYTES:
        raise ValueError(f"The file has {len(raw) / 1e6:.0f} MB: keep the one column you need, at most 50 MB.")
    text, encoding = decode(bytes(raw))
    if max(text.count("\n"), text.count("\r")) > MOST_ROWS:
        raise ValueError(f"It has more than {MOST_ROWS:,} lines: keep a part of them.")
    if not text.strip():
        raise ValueError("There is nothing in it: paste or upload at least two different numbers.")
    if looks_like_lists(text):
        try:
            return _table_of_lists(read_lists(text), encoding, reading)
        except NoList:
            pass
    return _table_of_lines(text, encoding, reading)


def _table_of_lists(cells: Cells, encoding: str, reading: Reading | None) -> NumberTable:
    """The table of lists; texts in quotes within them may have decimal commas."""
    count = max(map(len, cells.columns), default=0)
    if len(cells.columns) > MOST_COLUMNS or count * len(cells.columns) > MOST_CELLS:
        raise ValueError(f"It has {len(cells.columns)} lists of {count:,} cells: keep the one that you need.")
    grid = Grid(cells.names, [column[:LOOKED_AT] for column in cells.columns], 0, 0, 0.0)
    readings = [Reading("list", mark) for mark in (POINT, COMMA)]
    paid = {each: cost(grid, each) for each in readings}
    known = [each for each in readings if paid[each] is not None] or readings[:1]
    least = min(paid[each] or 0.0 for each in known)
    best = [each for each in known if (paid[each] or 0.0) == least]
    asked = ()
    if reading in best:
        best = [reading]
    elif len(best) > 1 and values(grid, best[0]) != values(grid, best[1]):
        asked = (question_of([cells.columns[0][0]], [(each, grid) for each in best]),)
    chosen = best[0]
    names = [name or f"column {i + 1}" for i, name in enumerate(cells.names)]
    columns = [
        _column(name, column, chosen.decimal, unit_of(column[:LOOKED_AT])) for name, column in zip(names, cells.columns)
    ]
    return _finished(columns, count, encoding, chosen, asked, cells.asides)


def _table_of_lines(text: str, encoding: str, reading: Reading | None) -> NumberTable:
    found = lines_of(text)
    lines = found.lines
    if not lines:
        raise ValueError("There is nothing in it: paste or upload at least two different numbers.")
    sample = _spread(lines)
    chosen = choose(sample, found.said)
    if not any(map(_has_number, chosen.grid.columns)):
        again = choose(soft_spaces(sample), found.said)
        if any(map(_has_number, again.grid.columns)):
            chosen, lines, sample = again, soft_spaces(lines), soft_spaces(sample)
    asked = chosen.question
    if reading is not None and reading != chosen.reading or asked and reading:
        chosen, asked = _as_asked(sample, reading), None
    how, grid = chosen.reading, chosen.grid
    cells = rows(lines, how.separator)
    if how.one_list or len(lines) == 1:
        cells = ([cell] for row in cells for cell in row)
    above = [_shown(row) for row in islice(cells, grid.above)]
    names, body = _named(found.heading, grid, cells, how)
    units = [unit_of(column) for column in grid.columns]
    columns, count = _columns(names, body, how.decimal, units)
    if above:
        found.asides.append(f"{len(above)} line{'s' * (len(above) > 1)} above the table ({above[0]})")
    table = _finished(columns, count, encoding, how, (asked,) if asked else (), found.asides)
    unread = [cell for each in table.left_out for cell in each.examples] + names
    if looks_like_lists(text) and any(set("[]{}()") & set(cell) and re.search(r"\d", cell) for cell in unread):
        raise ValueError("It begins as a list of numbers, but cannot be read as one: check its brackets.")
    return table


def _shown(row: list[str]) -> str:
    return " ".join(row)[: 2 * LONGEST_EXAMPLE]


def _as_asked(sample: list[str], reading: Reading) -> Choice:
    """The sample under the reading that was asked for."""
    if not isinstance(reading, Reading):
        raise refuse("reading", "one of `question.readings`", reading)
    return Choice(reading, grid_of(sample, reading), None)


def _named(
    heading: str | None, grid: Grid, cells: Iterator[list[str]], reading: Reading
) -> tuple[list[str], Iterator[list[str]]]:
    """The names of the columns, and the rows below them: of the first line, or of a comment just above the table."""
    if grid.header:
        next(cells)
        return grid.names, cells
    if heading and not reading.one_list:
        said = next(rows([heading], reading.separator))
        width = len(grid.columns)
        if len(said) == width and has_names(said, [[column[0] for column in grid.columns]]):
            return [plain(name)[:40] for name in said], cells
    return [], cells


def _spread(lines: list[str]) -> list[str]:
    """A sample of the lines: the first ones, the last ones, and some evenly between."""
    if len(lines) <= LOOKED_AT:
        return lines
    third = max(LOOKED_AT // 3, 1)
    step = max(1, (len(lines) - 2 * third) // third)
    return [*lines[:third], *lines[third:-third:step], *lines[-third:]]


def _has_number(cells: list[str]) -> bool:
    return any(word(plain(cell)) for cell in cells)


def _finished(
    columns: list[Column], count: int, encoding: str, reading: Reading, asked: tuple, asides: list[str]
) -> NumberTable:
    """The table of the columns that hold numbers; of everything else, what it is and how much."""
    numeric = tuple(column for column in columns if column.values.size)
    if not numeric:
        texts = [text for column in columns for text in column.examples]
        shown = ", ".join(map(repr, texts[:EXAMPLES])) or "only empty, missing or infinite cells"
        dates = "dates or times such as " if texts and all(map(is_day, texts)) else ""
        raise ValueError(f"There is no number in it: it holds {dates}{shown}.")
    left_out = [LeftOut("", 1, aside) for aside in asides]
    for column in columns:
        left_out += _losses(column)
    marks = reading.decimal == COMMA and any(column.values.size for column in numeric)
    name = NAMES.get(reading.separator, reading.separator)
    return NumberTable(numeric, count, encoding, name, marks, asked, tuple(left_out))


def _losses(column: Column) -> list[LeftOut]:
    """What of a column is not among its numbers, each kind by itself."""
    found = []
    if column.uncertain:
        found.append(LeftOut(column.name, column.uncertain, "in brackets or behind ±"))
    if column.missing:
        found.append(LeftOut(column.name, column.missing, "missing"))
    if column.infinite:
        found.append(LeftOut(column.name, column.infinite, "infinite"))
    if column.strange:
        many = "" if column.strange == 1 else "s"
        what = f"no number{many}" if column.values.size else f"text{many}"
        if column.examples and all(map(is_day, column.examples)):
            what = f"date{many} or time{many}"
        elif column.examples and column.values.size and all(map(is_number, column.examples)):
            what = f"not in {column.unit}" if column.unit else "with a unit or with other marks"
        found.append(LeftOut(column.name, column.strange, what, column.examples))
    return found


def _columns(names: list[str], body: Iterator[list[str]], decimal: str, units: list[str]) -> tuple[list[Column], int]:
    """The columns and the number of rows, read in pieces: the texts of all cells at once would fill the memory."""
    pieces: list[tuple[int, list[Column]]] = []
    width, count = len(names), 0
    for piece in iter(lambda: list(islice(body, PIECE)), []):
        width, count = max(width, *map(len, piece)), count + len(piece)
        if width > MOST_COLUMNS or width * count > MOST_CELLS:
            raise ValueError(f"It has {count:,} rows or more, of {width:,} cells: keep the one column you need.")
        cells = ([row[i] if i < len(row) else "" for row in piece] for i in range(width))
        unit = dict(enumerate(units))
        read = [_column(_name(names, i), column, decimal, unit.get(i, "")) for i, column in enumerate(cells)]
        pieces.append((len(piece), read))
    return [_joined(_name(names, i), pieces, i) for i in range(width)], count


def _joined(name: str, pieces: list[tuple[int, list[Column]]], i: int) -> Column:
    """Column i of all pieces; every cell of it is missing in a piece of shorter rows."""
    none = np.empty(0)
    parts = [columns[i] if i < len(columns) else Column(name, none, rows, 0, 0, ()) for rows, columns in pieces]
    missing, infinite, strange, uncertain = (sum(getattr(part, kind) for part in parts) for kind in KINDS)
    examples = dict.fromkeys(text for part in parts for text in part.examples)
    numbers = np.concatenate([part.values for part in parts])
    unit = next((part.unit for part in parts if part.unit), "")
    return Column(name, numbers, missing, infinite, strange, tuple(examples)[:EXAMPLES], unit, uncertain)


def _name(names: list[str], i: int) -> str:
    return names[i] if i < len(names) and names[i] else f"column {i + 1}"


def _column(name: str, cells: list[str], decimal: str, unit: str) -> Column:
    """The numbers of the cells; at once where all are plain ones, else cell by cell."""
    if decimal == POINT and not unit and max(map(len, cells), default=0) <= LONGEST_CELL:
        try:
            numbers = np.array(cells, dtype=np.float64)
        except ValueError:
            numbers = np.empty(0)
        if numbers.size and np.isfinite(numbers).all() and numbers.all() and all(map(_is_plain, cells)):
            return Column(name, numbers, 0, 0, 0, ())
    numbers, missing, infinite, uncertain, strange = [], 0, 0, 0, Counter()
    for cell in cells:
        value = (None if unit else simple(cell, decimal)) or _value(cell, decimal, unit)
        if value is None:
            missing += 1
        elif isinstance(value, str):
            strange[value[:LONGEST_EXAMPLE]] += 1
        elif math.isfinite(value):
            numbers.append(value)
            uncertain += ("(" in cell or "±" in cell or "+" in cell or "pm" in cell) and is_doubted(cell)
        else:
            infinite += 1
    examples = tuple(text for text, _ in strange.most_common(EXAMPLES))
    return Column(name, np.array(numbers, float), missing, infinite, strange.total(), examples, unit, uncertain)


def _is_plain(cell: str) -> bool:
    """Whether the cell has only signs that `number` reads: NumPy takes other digits and 1__000 too."""
    return cell.isascii() and "_" not in cell


def _value(cell: str, decimal: str, unit: str) -> float | str | None:
    """The number of a cell; None where it is missing, its text where it is none or has another unit."""
    text = plain(cell)
    if is_missing(text):
        return None
    if is_infinite(text):
        return math.inf
    parts = word(text)
    value = number(parts, decimal) if parts is not None and fits(parts.unit, unit) else None
    return " ".join(text.split()) if value is None else value
