"""What the table of symbols says: the distributions, and in one sentence each what had to be done to read them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from pages.ui.say.plain_text import quoted
from pages.ui.state.typed_numbers import probability, shares
from pages.ui.state.typed_table import LABEL, Rows

COLUMNS = ("symbol", "p", "q", "r")
MOST = 64  # symbols
SHARES = "0 or more, such as 0.25, 1/3 or 1e-6; empty is 0. A column is divided by its sum."
ALLOWED = {"symbol": f"At most {MOST} rows, {LABEL} characters a name.", **dict.fromkeys(COLUMNS[1:], SHARES)}
EXACT = Fraction(1, 10**9)


@dataclass(frozen=True)
class Symbols:
    """Names and probabilities; `r` is None when its column is empty. `note` names the sums that are not 1."""

    names: tuple[str, ...]
    p: tuple[float, ...]
    q: tuple[float, ...]
    r: tuple[float, ...] | None
    note: str


def read(rows: Rows) -> Symbols:
    """The symbols of a table; ValueError with a sentence when it cannot be read. Empty rows are left out."""
    used = [row for row in rows if any(cell.strip() for cell in row)]
    if not used:
        raise ValueError("The table is empty: type a symbol and its probabilities, such as 0.25 or 1/3.")
    if len(used) > MOST:
        raise ValueError(f"The table has {len(used)} symbols; at most {MOST} are read.")
    names = _names([row[0].strip() or str(k) for k, row in enumerate(used, start=1)])
    columns, notes = {}, []
    for i, column in enumerate(COLUMNS[1:], start=1):
        numbers = [_number(column, name, row[i]) for name, row in zip(names, used)]
        if column == "r" and not any(row[i].strip() for row in used):
            columns[column] = None
            continue
        try:
            columns[column] = tuple(shares(numbers))
        except ValueError as problem:
            raise ValueError(f"Column {column} {problem}: give at least one symbol a probability.") from None
        if abs(sum(numbers) - 1) > EXACT:
            notes.append(f"{column} adds up to {float(sum(numbers)):.6g}")
    return Symbols(names, note=" and ".join(notes), **columns)


def normalised(rows: Rows) -> Rows:
    """The same table with every column divided by its sum, in decimals that read back as the same doubles."""
    symbols = read(rows)
    columns = [symbols.p, symbols.q, symbols.r or [None] * len(symbols.names)]
    cells = [["" if x is None else repr(x) for x in column] for column in columns]
    return tuple(zip(symbols.names, *cells))


def _names(typed: list[str]) -> tuple[str, ...]:
    """The names, numbered where one is used again."""
    return tuple(name if name not in typed[:k] else f"{name} ({k + 1})" for k, name in enumerate(typed))


def _number(column: str, name: str, text: str) -> Fraction:
    try:
        return probability(text)
    except ValueError as problem:
        raise ValueError(f"{column} of {quoted(name)}: “{quoted(text)}” {problem}.") from None
