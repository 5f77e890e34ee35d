"""What components, tables and uploads hand to Python, as a browser may send it: used as checked, or refused."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from kl_engine.data.number_tables import read_table
from pages.ui.state.mixture import LIMITS, P, Q
from pages.ui.state.plane import PLANE
from pages.ui.state.typed_table import packed, unpacked
from pages.ui.views.code_lengths import question as codes
from pages.ui.views.infer_then_act.question import read_causes, read_columns, read_preferences
from pages.ui.views.infer_then_act.tables import CAUSES, maze_tables
from tests.load.hostile_texts import LISTS, hostile_value

CELLS = [text for texts in LISTS for text in texts]


def refuse_values(rng: random.Random, cases: int) -> Iterator[str]:
    """The faults: whatever is raised but a refusal, and whatever is taken and yet out of its limits."""
    for _ in range(cases):
        value, text = hostile_value(rng), rng.choice(CELLS)
        for read in (P.checked, Q.checked, PLANE.checked):
            yield from _tried(read, value, refusals=(TypeError, ValueError))
        for read in (P.parse, P.read, Q.read, PLANE.parse, PLANE.read):
            yield from _tried(read, text)
        file = rng.choice(
            [text.encode("utf-8", "surrogatepass"), text.encode("utf-16", "surrogatepass"), rng.randbytes(300)]
        )
        yield from _tried(read_table, file)
        width = rng.choice([1, 3, 4, 5])
        rows = tuple(tuple(rng.choice(CELLS) for _ in range(width)) for _ in range(rng.choice([0, 1, 3, 70])))
        if unpacked(packed(rows)) != rows and rows and all(any(row) for row in rows):
            yield f"a table does not come back from its text: {rows!r:.300}"
        if width == len(codes.COLUMNS):
            yield from _tried(codes.read, rows)
        for key, reader in _maze_readers().items():
            yield from _tried(reader, _with_cell(rng, maze_tables().get(key), text))


def _maze_readers() -> dict[str, Callable]:
    return {key: _reader(key) for key in (*maze_tables(), CAUSES)}


def _reader(key: str) -> Callable:
    if key == CAUSES:
        return read_causes
    return read_preferences if key == "preferences" else lambda text: read_columns(key, text)


def _with_cell(rng: random.Random, table: str | None, text: str) -> str:
    """A table of which one number has been replaced."""
    rows = [list(row) for row in unpacked(table or "a~1/4~1_b~1/4~0_c~1/4~0_d~1/4~1")]
    row = rng.choice(rows)
    row[rng.randrange(1, len(row))] = text[:24]
    return packed(tuple(map(tuple, rows)))


def _tried(read: Callable, value: object, refusals: tuple = (ValueError,)) -> Iterator[str]:
    """One value read."""
    try:
        taken = read(value)
    except refusals as refusal:
        if not str(refusal) or len(str(refusal)) > 500:
            yield f"{read.__name__}: a refusal of {len(str(refusal))} characters: {refusal!s:.200}"
    except Exception as fault:
        yield f"{read.__name__}({value!r:.200}): {type(fault).__name__}: {fault}"
    else:
        if read in (P.checked, P.parse):
            inside = all(low <= x <= high for row in taken for x, (low, high) in zip(row, LIMITS.values()))
            if not inside:
                yield f"{read.__name__}({value!r:.200}) took {taken}"
