"""Numbers as a person types them, 0.25, 1/3, 1e-6 or −∞, read exactly; nothing typed is ever run."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from fractions import Fraction

DECIMAL = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?"  # three digits of an exponent: no number of a million digits
NUMBER = re.compile(rf"({DECIMAL})(?:\s*/\s*({DECIMAL}))?", re.IGNORECASE | re.ASCII)
MINUS_INFINITY = ("-inf", "-infinity", "-∞")


def probability(text: str) -> Fraction:
    """A number >= 0, exactly; an empty text is 0. ValueError says what it should have been."""
    found = number(text) if text.strip() else Fraction(0)
    if found < 0:
        raise ValueError("is below 0")
    return found


def log_preference(text: str) -> float:
    """A number, or −∞; an empty text is 0."""
    if text.strip().replace("−", "-").lower() in MINUS_INFINITY:
        return -math.inf
    return float(number(text)) if text.strip() else 0.0


def shares(numbers: Sequence[Fraction]) -> list[float]:
    """The numbers divided by their sum; ValueError when that is 0."""
    total = sum(numbers)
    if not total:
        raise ValueError("adds up to 0")
    return [float(each / total) for each in numbers]


def number(text: str) -> Fraction:
    """A number, exactly; ValueError says what it should have been."""
    match = NUMBER.fullmatch(text.strip().replace("−", "-"))
    if not match:
        raise ValueError("is not a number such as 0.25, 1/3 or 1e-6")
    above, below = Fraction(match[1]), Fraction(match[2] or 1)
    if not below:
        raise ValueError("divides by 0")
    found = above / below
    if abs(found) > 10**300:
        raise ValueError("is too large")
    return found
