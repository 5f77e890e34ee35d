"""Which reading of a table of texts is meant: the separator of its cells, and the decimal mark.

Every reading that a text admits is tried on a sample of its lines. What it costs is the number of cells that would be
no numbers though they look like some, and of lines of another width. Readings of least cost that give the same numbers
are one. Where several are left that give different numbers, signs that only one of them explains decide (`evidence`);
where there is none, it is a question, to be asked of the person.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from kl_engine.data.pasted import lines as separators
from kl_engine.data.pasted.cells import (
    COMMA,
    POINT,
    Word,
    is_grouped,
    is_infinite,
    is_missing,
    is_number,
    number,
    plain,
    word,
)
from kl_engine.data.pasted.lines import NAMES, rows
from kl_engine.data.pasted.signs import is_currency

DAY = re.compile(
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:[T ].*)?|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}(?:[T ].*)?|\d{1,2}:\d{2}(?::\d{2})?.*"
    r"|\d{1,2}[ .-]+[A-Za-zäéû]{3,9}\.?[ .,-]+\d{2,4}.*|[A-Za-zäéû]{3,9}\.? \d{1,2},? \d{4}.*"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_WORDY = re.compile(r"[^\w#]*[^\W\d_]")  # its first sign of a word is a letter


MOST_CELLS = 600  # of a line, to find its reading


@dataclass(frozen=True)
class Reading:
    r"""One way to read a text: the sign that parts its cells, its decimal mark, and whether all cells are one list.

    They are `separator`, `decimal` and `one_list`; `key` is its name. Made by `kl.data.read_table`, in the `questions`
    of its table.

    >>> import kl_engine as kl
    >>> raw = b"1,234\n5,678\n"
    >>> readings = kl.data.read_table(raw).questions[0].readings
    >>> [(each.key, kl.data.read_table(raw, each).columns[0].values.tolist()) for each in readings]
    [('line/point', [1234.0, 5678.0]), ('line/comma', [1.234, 5.678]), ('comma/point', [1.0, 5.0])]
    """

    separator: str
    decimal: str
    one_list: bool = False

    @property
    def key(self) -> str:
        """Its name, by which it can be asked for."""
        marks = "point" if self.decimal == POINT else "comma"
        return f"{NAMES.get(self.separator, self.separator)}/{marks}{'/list' * self.one_list}"


@dataclass(frozen=True, eq=False)
class Grid:
    """The cells of a sample under one reading, taken apart: names, columns, how many lines are of another width."""

    names: list[str]
    columns: list[list[str]]
    header: int  # lines that hold names
    above: int  # lines before them that hold no cells
    ragged: float
    flat: bool = False  # the cells of one line, as one column


@lru_cache(8192)
def looked_at(text: str) -> tuple[str, Word | None]:
    """The kind of a cell (missing, infinite, number, text), and its parts where it is a number."""
    text = plain(text)
    if is_missing(text):
        return "missing", None
    if is_infinite(text):
        return "infinite", None
    return ("number", word(text)) if is_number(text) else ("text", None)


def grid_of(lines: list[str], reading: Reading) -> Grid:
    """The sample under one reading."""
    table = list(rows(lines, reading.separator))
    if reading.one_list:  # as many lines are then of no table as would be ragged in it
        widths = Counter(map(len, table))
        cells = [cell for row in table for cell in row]
        return Grid([], [cells], 0, 0, len(table) - max(widths.values()))
    flat = len(table) == 1 < len(table[0])
    if flat:  # numbers on one line are one column
        table = [[cell] for cell in table[0][:MOST_CELLS]]
    widths = Counter(map(len, table))
    width = max(widths, key=lambda each: (widths[each], each))
    above = 0
    while width > 1 and above < len(table) - 1 and len(table[above]) < width and not _numbers(table[above]):
        above += 1
    if above and len(table[above - 1]) == width - 1 and reading.separator in (separators.SPACE, separators.SPACES):
        above -= 1  # names for all columns but the first, that numbers the rows
        table[above] = ["", *table[above]]
    elif above and above >= len(table) / 2:
        above = 0
    header = has_names(table[above], table[above + 1 :])
    body = table[above + header :]
    names = [plain(name)[:40] for name in table[above]] if header else []
    columns = [[row[i] if i < len(row) else "" for row in body] for i in range(max(map(len, body), default=0))]
    ragged = sum(len(row) != width for row in body) + 0.5 * len(body) * bool(header and len(names) != width)
    return Grid(names, columns, header, above, ragged + len(body) * bool(above and not header), flat)


def _numbers(row: list[str]) -> int:
    return sum(looked_at(cell)[0] in ("number", "infinite") for cell in row)


def has_names(first: list[str], body: list[list[str]]) -> bool:
    """Whether a line names the columns below it: words, with no numbers beside them but years."""
    kinds = [looked_at(cell)[0] for cell in first]
    wordy = any(kind == "text" and bool(_WORDY.match(plain(cell))) for kind, cell in zip(kinds, first))
    numbers = [plain(cell) for kind, cell in zip(kinds, first) if kind in ("number", "infinite")]
    years = len(set(numbers)) == len(numbers) and all(map(_YEAR.fullmatch, numbers))
    return wordy and years and any(map(_numbers, body[: 10 * separators.LONGEST_QUOTE]))


def unit_of(cells: list[str]) -> str:
    """The unit that most numbers of a column have; none where no unit has half of them, but for currencies."""
    units = Counter(parts.unit for kind, parts in map(looked_at, cells) if kind == "number")
    if not units:
        return ""
    unit, most = units.most_common(1)[0]
    money = [each for each in units if each and is_currency(each)]
    if not unit and money:
        return max(money, key=units.__getitem__)
    return unit if 2 * most >= units.total() else ""


def fits(unit: str, of_column: str) -> bool:
    """Whether a number with this unit may stand in a column of that one: a sum of money may stand without its sign."""
    return unit == of_column or (not unit and is_currency(of_column) and bool(of_column))


def cost(grid: Grid, reading: Reading) -> float | None:
    """What a reading leaves unexplained in the sample; None where it finds no number."""
    total, numbers = grid.ragged, 0
    for cells in grid.columns:
        unit, right, wrong, text, odd, grouped, long = unit_of(cells), 0, 0, 0, 0, 0, 0
        for cell in cells:
            kind, parts = looked_at(cell)
            if kind == "text":
                text += 1
                odd += _is_odd(cell)
            elif kind == "number" and (number(parts, reading.decimal) is None or not fits(parts.unit, unit)):
                wrong += 1
            elif kind == "number":
                right += 1
                grouped += is_grouped(parts, reading.decimal)
                long += bool(re.match(r"\d{4}", parts.body))
        numbers += right
        total += wrong + (min(text, right) if right else 0) + odd + 0.5 * min(grouped, long)
    return total if numbers else None


def _is_odd(cell: str) -> float:
    """What a text costs that seems to hold cells: little where some may be words, as a number where all are numbers."""
    pieces = re.split(r"[\s,;]+", cell.strip())
    if len(pieces) < 2 or not re.search(r"\d", cell) or is_day(cell):
        return 0.0
    return 1.0 if all(looked_at(piece)[0] == "number" for piece in pieces) else 0.2


def is_day(cell: str) -> bool:
    """Whether a cell is a date or a time of day."""
    return bool(DAY.fullmatch(cell.strip()))


def values(grid: Grid, reading: Reading) -> tuple:
    """The numbers of the sample under a reading, column by column, to tell readings apart."""
    found = []
    for cells in grid.columns:
        looks = [looked_at(cell) for cell in cells]
        column = tuple(number(parts, reading.decimal) if kind == "number" else kind for kind, parts in looks)
        if any(kind == "number" for kind, _ in looks):
            found.append(column)
    return tuple(found)


def admitted(lines: list[str], said: str | None) -> list[Reading]:
    """Every reading that could be meant."""
    if said is not None:
        return [Reading(said, mark) for mark in (POINT, COMMA)]
    for sign in separators.HARD:
        if sum(sign in line for line in lines) > len(lines) / 2:
            return [Reading(sign, mark) for mark in (POINT, COMMA)]
    soft = [separators.ONE, separators.SLASH, separators.COMMA_SPACE, separators.COMMA, separators.SPACES]
    present = [sign for sign in (*soft, separators.SPACE) if any(sign in line.strip() for line in lines)]
    if all(re.match(r"\s*-\s+\S", line) for line in lines):
        present.append(separators.DASH)
    quoted = any('"' in line or "'" in line for line in lines)
    found = []
    for sign in present:
        marks = (POINT, COMMA) if sign != separators.COMMA or quoted else (POINT,)
        found += [Reading(sign, mark) for mark in marks]
        if sign not in (separators.ONE, separators.DASH) and _is_wrapped(lines, sign):
            found += [Reading(sign, mark, True) for mark in marks]
    return found


def _is_wrapped(lines: list[str], separator: str) -> bool:
    """Whether lines of numbers alone may be one list: of one width but the last, or of several widths."""
    table = list(rows(lines, separator))
    widths = {len(row) for row in table[:-1]}
    if len(table) < 2 or max(widths) < 2 or not all(looked_at(cell)[0] != "text" for row in table for cell in row):
        return False
    return len(widths) > 1 or (max(widths) > 2 and len(table[-1]) < max(widths))
