"""The grammar of one cell: a sign, a currency, digits with their marks, an exponent, a unit.

Only two things about a number depend on where it was written: which of `.` and `,` is the decimal mark, and hence that
the other one, if it stands there, parts thousands. Spaces of every kind, apostrophes and underscores part thousands
everywhere. So a cell has at most two readings, and `number` is asked for one of them.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import NamedTuple

from kl_engine.data.pasted.signs import APOSTROPHES, HARD_SPACES, INVISIBLE, MINUSES, QUOTES, is_currency

POINT, COMMA = ".", ","
LONGEST_CELL = 400  # characters of a number
NOTHING = (
    frozenset(["n/a", "#n/a", "na", "#na", "<na>", "n.a.", "nan", "nat", "null", "none", "nil", "missing"])
    | set("-?.–—")
    | {"", "--"}
)
INFINITE = frozenset(sign + word for sign in ("", "+", "-") for word in ("inf", "infinity", "∞"))
MODULE = re.compile(r"(?<![\w.])(?:np|numpy|math|torch|jnp|float)\.(?=nan\b|inf\b|NaN\b|Inf\b|NaN\b)")

_SIGNS = str.maketrans(
    dict.fromkeys(MINUSES, "-")
    | {"\uff0b": "+"}
    | dict.fromkeys(APOSTROPHES, "'")
    | dict.fromkeys(HARD_SPACES, " ")
    | dict.fromkeys(INVISIBLE)
)
_EXPONENT = r"(?:[eEdD](?P<power>[+-]?\d{1,4})|\s?[x×·*]\s?10\s?(?:\^|\*\*)\s?\(?(?P<ten>[+-]?\d{1,3})\)?)"
_UNIT = r"[^\d\s.,'+\-()][^\d\s,'+\-()]{0,7}"
_CELL = re.compile(
    rf"(?P<open>\(\s?)?(?P<sign>[+-]\s?)?(?P<front>[^\d\s.,'+\-()][^\d\s,'+\-()]{{0,3}})?\s?(?P<inner>[+-]\s?)?"
    rf"(?P<body>[.,]?\d(?:[\d.,'_]| (?=\d))*){_EXPONENT}?(?:\s?(?P<back>{_UNIT}))?(?P<trail>-)?(?P<close>\s?\))?"
)
_NAME_OF_A_UNIT = re.compile(r"[%‰°][A-Za-z]*|[^\W\d_][^\W\d_]*[./·]?[^\W_]*[.]?[²³]?")
_GROUPS = re.compile(r"[1-9]\d{0,2}(?:([.,' _])\d{3})(?:\1\d{3})*")
_INDIAN = re.compile(r"[1-9]\d?(?:,\d{2})+,\d{3}")
_SIMPLE = {mark: re.compile(rf"[+-]?\d+(?:{re.escape(mark)}\d+)?(?:[eE][+-]?\d{{1,3}})?", re.ASCII) for mark in ".,"}
_DIGITS = re.compile(r"\d+", re.ASCII)


class Word(NamedTuple):
    """A cell taken apart: what stands before its digits, the digits with their marks, the power of ten, the unit."""

    negative: bool
    body: str
    power: str
    unit: str


def plain(text: str) -> str:
    """The cell without the spaces, quotes and invisible signs about it, its minus signs and spaces all of one kind."""
    text = text.strip()
    if not text.isascii() or "`" in text:
        text = text.translate(_SIGNS).strip()
    while len(text) > 1 and QUOTES.get(text[0]) == text[-1]:
        text = text[1:-1].strip()
    if text.startswith("'") and text.count("'") == 1:  # as spreadsheets mark a text
        text = text[1:]
    return MODULE.sub("", text) if "." in text and text[-1:] in "nfNF" else text


def is_missing(text: str) -> bool:
    """Whether the cell, made `plain`, says that there is nothing in it."""
    return text.lower() in NOTHING


def is_infinite(text: str) -> bool:
    """Whether the cell, made `plain`, says infinity."""
    return text.lower() in INFINITE


@lru_cache(4096)
def word(text: str) -> Word | None:
    """The parts of a cell made `plain`; None where it is no number under either decimal mark."""
    if len(text) > LONGEST_CELL or not text.isprintable():
        return None
    found = _CELL.fullmatch(text)
    if not found or bool(found["open"]) != bool(found["close"]) or not found["body"].isascii():
        return None
    signs = [sign.strip() for sign in (found["sign"], found["inner"], found["trail"]) if sign]
    if len(signs) > 1 or (signs and found["open"]):
        return None
    front, back = (found["front"] or "").strip(), (found["back"] or "").strip()
    if front and (back or not is_currency(front)):
        return None
    if back and not (_NAME_OF_A_UNIT.fullmatch(back) or is_currency(back)):
        return None
    power = found["power"] or found["ten"] or "0"
    return Word("-" in signs or bool(found["open"]), found["body"], power, front or back)


def number(parts: Word, decimal: str) -> float | None:
    """The value of a cell with this decimal mark; None where it is no number with it. Too large a number is infinite.

    A number too small for a double, that would become 0, is None as well: it would be another number.
    """
    whole, mark, part = parts.body.partition(decimal)
    if part and not _DIGITS.fullmatch(part):
        return None
    if not _DIGITS.fullmatch(whole):
        if whole or not part:
            grouped = _GROUPS.fullmatch(whole) or (decimal == POINT and _INDIAN.fullmatch(whole))
            if not grouped:
                return None
        whole = re.sub(r"\D", "", whole)
    value = float(f"{whole or 0}.{part or 0}e{parts.power}")
    if value == 0 and re.search("[1-9]", parts.body):
        return None
    return -value if parts.negative else value


def is_number(text: str) -> bool:
    """Whether the cell, made `plain`, is a number with one decimal mark or the other."""
    parts = word(text)
    return parts is not None and any(number(parts, mark) is not None for mark in (POINT, COMMA))


def read(text: str, decimal: str) -> float | None | str:
    """What a cell is with this decimal mark: its number (∞ for an infinite one), None where it is missing, or its text.

    Units are for the column to judge: `word(plain(text)).unit`.
    """
    text = plain(text)
    if is_missing(text):
        return None
    if is_infinite(text):
        return math.inf
    parts = word(text)
    value = None if parts is None else number(parts, decimal)
    return text if value is None else value


def simple(text: str, decimal: str) -> float | None:
    """The value of a cell that is only digits with one mark, quickly; None for 0 and for all other cells."""
    if len(text) <= LONGEST_CELL and _SIMPLE[decimal].fullmatch(text):
        return float(text.replace(decimal, POINT)) or None
    return None


def is_grouped(parts: Word, decimal: str) -> bool:
    """Whether marks part thousands in it, read with this decimal mark."""
    return bool(re.search(r"\D", parts.body.partition(decimal)[0]))
