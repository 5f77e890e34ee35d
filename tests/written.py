"""Whether a number as it is written claims no more than its error allows."""

from __future__ import annotations

import math
from fractions import Fraction

from tests.pages.reading import NUMBER


def unit_in_last_place(text: str) -> Fraction:
    """What one more in the last digit of a number is worth: 0.01 of `1.25`, 10 of `1.2e+02`."""
    mantissa, _, exponent = text.partition("e")
    return Fraction(10) ** (int(exponent or 0) - len(mantissa.partition(".")[2]))


def honest(text: str, value: float, error: float, above: bool = False) -> bool:
    """Whether the first number of `text` is `value` rounded to a last digit that `error` leaves known.

    With `above`, whether it is an upper bound of `value` of one digit, at most twice as large.
    """
    plain = text.replace("−", "-").replace("∞", "inf")
    if "inf" in plain:
        return math.isinf(value) and plain.startswith("-") == (value < 0)
    (written, *_) = NUMBER.findall(plain)
    shown, exact = Fraction(written), Fraction(value)
    if above:
        return exact <= shown * (1 + Fraction(1, 10**12)) and shown <= 2 * exact
    if not shown:  # a zero claims its decimals, or none of the unit that is known: rounded from less than half of it
        known = Fraction(10) ** math.ceil(math.log10(2 * error) - 1e-12) if error else 0
        return abs(exact) <= max(unit_in_last_place(written), known) / 2
    unit = unit_in_last_place(written)
    return unit >= 2 * Fraction(error) * (1 - Fraction(1, 10**12)) and abs(shown - exact) <= unit / 2 * (
        1 + Fraction(1, 10**9)
    )
