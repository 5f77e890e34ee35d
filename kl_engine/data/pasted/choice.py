"""Between the readings of a text: what it costs, what a sign decides, and what only the person can say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from statistics import median

from kl_engine.data.pasted import lines as separators
from kl_engine.data.pasted.cells import COMMA, POINT, is_grouped, is_number, number, plain
from kl_engine.data.pasted.lines import rows
from kl_engine.data.pasted.readings import Grid, Reading, admitted, cost, fits, grid_of, looked_at, unit_of, values

PADDED = re.compile(r"\s*0\d+(?:\D.*)?")
LONG_FRACTION = 5.5  # digits: whole numbers of a second column are seldom so long
MOST_GROUPS = 4  # of a number on a line of its own: more are a list
COUNTED = 6  # first cells 1, 2, 3 … so many number the lines
SHOWN = 3


@dataclass(frozen=True)
class Question:
    """Two readings or more of one text that nothing in it decides between: what to ask, and the answers to it."""

    text: str
    readings: tuple[Reading, ...]
    labels: tuple[str, ...]  # each reading, in words and numbers

    def __str__(self) -> str:
        return f"{self.text} {' Or: '.join(self.labels)}"


@dataclass(frozen=True, eq=False)
class Choice:
    """The reading taken, the sample under it, and the question where another one is as good."""

    reading: Reading
    grid: Grid
    question: Question | None


def choose(lines: list[str], said: str | None) -> Choice:
    """The reading of a sample of lines; where several are as good, the first of them and the question."""
    costed = []
    for reading in admitted(lines, said):
        grid = grid_of(lines, reading)
        paid = cost(grid, reading)
        if paid is not None:
            costed.append((paid + _unsaid(lines, reading), reading, grid))
    if not costed:
        reading = admitted(lines, said)[0]
        return Choice(reading, grid_of(lines, reading), None)
    costed = _in_conflict(lines, costed)
    least = min(paid for paid, _, _ in costed)
    best = [(reading, grid) for paid, reading, grid in costed if paid == least]
    left = _decided(lines, best)
    distinct: dict[tuple, tuple[Reading, Grid]] = {}
    for reading, grid in left:
        distinct.setdefault(values(grid, reading), (reading, grid))
    (reading, grid), *others = distinct.values()
    return Choice(reading, grid, question_of(lines, [(reading, grid), *others]) if others else None)


def _in_conflict(lines: list[str], costed: list[tuple[float, Reading, Grid]]) -> list[tuple[float, Reading, Grid]]:
    """Where each line is a number, but no decimal mark serves for all: a question, even if commas could part them."""
    whole = [paid for paid, reading, _ in costed if reading.separator == separators.ONE]
    if not whole or min(whole) == 0 or len(costed) == len(whole) or not all(is_number(plain(line)) for line in lines):
        return costed
    parts = [looked_at(line)[1] for line in lines]
    serves = [mark for mark in (POINT, COMMA) if all(each and number(each, mark) is not None for each in parts)]
    marks = serves or (POINT, COMMA)  # where one serves, it is the units that differ
    least = min(paid for paid, _, _ in costed)
    return [
        (least if reading.separator == separators.ONE and reading.decimal in marks else paid, reading, grid)
        for paid, reading, grid in costed
    ]


def _unsaid(lines: list[str], reading: Reading) -> float:
    """Where lines are taken whole, but the first one names as many columns as commas or spaces make of the others."""
    if reading.separator != separators.ONE or len(lines) < 2:
        return 0.0
    for sign in (separators.COMMA, separators.SPACE):
        table = list(rows(lines, sign))
        while len(table) > 2 and len(table[0]) < len(table[1]) and looked_at(" ".join(table[0]))[0] == "text":
            table = table[1:]  # a title
        first, *rest = table
        names = [looked_at(cell)[0] for cell in first]
        if len(first) > 1 and set(names) == {"text"} and any(len(row) == len(first) for row in rest):
            return float(len(rest))
    return 0.0


def _decided(lines: list[str], best: list[tuple[Reading, Grid]]) -> list[tuple[Reading, Grid]]:
    """The readings that are left when signs which only some of them explain have spoken."""
    whole = [each for each in best if each[0].separator == separators.ONE]
    parted = [each for each in best if each[0].separator != separators.ONE]
    if not whole or not parted:
        return _wider(parted) if parted else whole
    for reading, grid in whole:
        body = lines[grid.above + grid.header :]
        for other, _ in list(parted):
            if other.separator not in separators.HARD:
                pieces = list(rows(body, other.separator))
                verdict = _one_number(body, pieces, reading, grid)
                if verdict is True:
                    parted = [each for each in parted if each[0].separator != other.separator]
                elif verdict is False:
                    whole = [each for each in whole if each[0] != reading]
                    break
    return [*whole, *_wider(parted)]


def _wider(parted: list[tuple[Reading, Grid]]) -> list[tuple[Reading, Grid]]:
    """Two spaces, or a comma and a space, part more than the same sign alone, where both are used."""
    for wide, narrow in ((separators.COMMA_SPACE, separators.COMMA), (separators.SPACES, separators.SPACE)):
        if any(reading.separator == wide for reading, _ in parted):
            parted = [each for each in parted if each[0].separator != narrow]
    return parted


def _one_number(body: list[str], pieces: list[list[str]], reading: Reading, grid: Grid) -> bool | None:
    """Whether lines that can be parted are one number each (True), or parted (False), by what they look like."""
    several = [row for row in pieces if len(row) > 1]
    if not several or all(len(row) == 1 for row in pieces):
        return None
    later = [cell for row in several for cell in row[1:]]
    firsts = {plain(row[0]) for row in several}
    if any(PADDED.fullmatch(plain(cell)) for cell in later) or "-0" in firsts or firsts == {"0"}:
        return True
    if all(re.search(r"\d[eE][+-]?\d+$", plain(row[-1])) and row[0].strip("+-").isdigit() for row in several):
        return True
    parts = [looked_at(cell)[1] for cell in grid.columns[0]]
    found = [each for each in parts if each is not None and number(each, reading.decimal) is not None]
    grouped = [each for each in found if is_grouped(each, reading.decimal)]
    if len(body) == 1 and len(several[0]) > 2 and not (grouped and len(several[0]) <= MOST_GROUPS):
        return False
    if found and found[0].unit and _carried_by_the_last(several):
        return True
    counted = _counts([row[0] for row in several])
    if grouped and not counted:
        fraction = any(each.body.partition(reading.decimal)[2] for each in grouped)
        first_short = any(len(plain(row[0]).lstrip("+-")) < 3 for row in several)
        if fraction or (first_short and min(map(len, several)) > 2 and len(body) > 1):
            return True
    digits = [len(plain(row[-1])) for row in several]
    if all(len(row) == 2 for row in several) and not grouped and median(digits) >= LONG_FRACTION:
        return True
    return None


def _carried_by_the_last(several: list[list[str]]) -> bool:
    """Whether a unit stands at the last part alone: then the parts are one number."""
    units = [unit_of([row[i] for row in several]) for i in (0, -1)]
    return not fits(units[0], units[1]) or not units[0]


def _counts(cells: list[str]) -> bool:
    """Whether the first parts number the lines."""
    found = [plain(cell) for cell in cells]
    return len(found) >= COUNTED and any(found == [str(i + first) for i in range(len(found))] for first in (0, 1))


def question_of(lines: list[str], found: list[tuple[Reading, Grid]]) -> Question:
    """What to ask, with an example on which the readings differ and the first numbers under each."""
    readings = tuple(reading for reading, _ in found)
    example = _example(lines, found)
    labels = tuple(_label(example, reading, grid) for reading, grid in found)
    return Question(f"{example} can be read in {_COUNTS.get(len(found), len(found))} ways.", readings, labels)


_COUNTS = {2: "two", 3: "three", 4: "four"}


def _example(lines: list[str], found: list[tuple[Reading, Grid]]) -> str:
    """The first text of the sample whose number the readings do not agree on."""
    separate = {reading.separator for reading, _ in found}
    reading, grid = found[0]
    if len(separate) == 1:
        for cells in grid.columns:
            for cell in cells:
                parts = looked_at(cell)[1]
                if parts and len({number(parts, each.decimal) for each, _ in found}) > 1:
                    return f"“{plain(cell)}”"
    return f"“{lines[min(grid.above + grid.header, len(lines) - 1)].strip()[:40]}”"


def _label(example: str, reading: Reading, grid: Grid) -> str:
    """The reading in words, and the first numbers under it."""
    shown = []
    for cells in grid.columns:
        parts = [looked_at(cell)[1] for cell in cells]
        numbers = [number(each, reading.decimal) for each in parts if each is not None]
        shown.append([f"{each:.12g}" for each in numbers if each is not None][:SHOWN])
    shown = [each for each in shown if each]
    grouped = any(
        is_grouped(parts, reading.decimal)
        for cells in grid.columns
        for _, parts in map(looked_at, cells)
        if parts is not None and number(parts, reading.decimal) is not None
    )
    mark = "point" if reading.decimal == POINT else "comma"
    if len(shown) > 1:
        columns = "; ".join(f"{', '.join(each)}, …" for each in shown[:SHOWN])
        return f"{len(shown)} columns, {columns}"
    what = "thousands are parted" if grouped else f"a decimal {mark}"
    if reading.one_list:
        what = "one list"
    elif example.startswith("“- "):
        what = "minus signs" if reading.separator == separators.ONE else "dashes of a list"
    elif not _marked(grid):
        what = "a list of whole numbers" if grid.flat else "the rest is left out"
    return f"one column, {', '.join(shown[0])}, … ({what})"


def _marked(grid: Grid) -> bool:
    parts = [looked_at(cell)[1] for cell in grid.columns[0]]
    return any(re.search(r"\D", each.body) for each in parts if each is not None)
