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

RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_LOWERED = str.maketrans(RAISED + "⁺", "0123456789+")
_SIGNS = str.maketrans(
    dict.fromkeys(MINUSES, "-")
    | {"\uff0b": "+"}
    | dict.fromkeys(APOSTROPHES, "'")
    | dict.fromkeys(HARD_SPACES, " ")
    | dict.fromkeys(INVISIBLE)
)
_EXPONENT = (
    r"(?:[eEdD](?P<power>[+-]?\d{1,4})"
    r"|\s?[x×·*]\s?10\s?(?:\^|\*\*)\s?\(?(?P<ten>[+-]?\d{1,3})\)?"
    rf"|\s?[x×·*]\s?10(?P<raised>[⁺-]?[{RAISED}]{{1,3}}))"
)
# What stands behind a number to say how far it can be trusted: ± 0.1, (0.1), or 1.234(5) of its last digits. A power of
# ten behind the bracket is of both; behind ± 0.1 it may be of that alone, and only a number with one of its own has it.
_DOUBT = re.compile(
    r"(?P<number>[^()±]*[\d%])\s*(?:(?:±|\+/-|\+-)\s*(?P<plain>[\d.,]*\d(?P<power>[eE][+-]?\d+)?)"
    r"|\((?:(?:±|\+/-)?\s?[\d.,]*\d\s?%?|NA|nan|n/a|-)\)(?P<ten>[eE][+-]?\d+|\s?[x×·*]\s?10\s?\S+)?)(?P<unit>\s?[^\W\d_]{0,4}%?)"
)
_DOUBTED_BOTH = re.compile(r"\((?P<inner>[^()]*(?:±|\+/-)[^()]*)\)\s?(?P<unit>[^\W\d_]{1,4})?")
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
    doubted: bool = False  # an uncertainty stands behind it


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
    """The parts of a cell made `plain`; None where it is not a number under either decimal mark."""
    if len(text) > LONGEST_CELL or not text.isprintable():
        return None
    found, doubted = _CELL.fullmatch(text), False
    if not found and (certain := _without_doubt(text)):
        found, doubted = _CELL.fullmatch(certain), True
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
    raised = (found["raised"] or "").translate(_LOWERED)
    power = found["power"] or found["ten"] or raised or "0"
    return Word("-" in signs or bool(found["open"]), found["body"], power, front or back, doubted)


def _without_doubt(text: str) -> str | None:
    """The number and its unit without the uncertainty that stands behind it; None where none does."""
    if not any(sign in text for sign in ("(", "±", "+/-", "+-")):
        return None
    if both := _DOUBTED_BOTH.fullmatch(text):
        text = f"{both['inner']} {both['unit'] or ''}".strip()
    found = _DOUBT.fullmatch(text)
    if not found or (found["power"] and not re.search(r"[eE]", found["number"])):
        return None
    return found["number"] + (found["ten"] or "") + found["unit"].rstrip()


def is_doubted(text: str) -> bool:
    """Whether the cell is a number with an uncertainty behind it."""
    parts = word(plain(text))
    return parts is not None and parts.doubted


def number(parts: Word, decimal: str) -> float | None:
    """The value of a cell with this decimal mark; None where it is none. Too large a number is infinite.

    A number too small for a double, that would become 0, is None as well: it would be another number.
    """
    whole, mark, part = parts.body.partition(decimal)
    if decimal == COMMA and not mark:
        whole = whole.removesuffix(POINT)  # 1. is the first, where commas are decimal marks
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
