"""A long fraction by its first digits, which are cut off and not rounded, and so are true as they stand."""

import re
from dataclasses import dataclass
from fractions import Fraction

GLANCE = 6  # digits above or below the line of a fraction that is read at a glance
WHOLE = 10  # digits of a decimal that is shown whole
FIRST = 6  # digits shown of what is longer
_FRACTION = re.compile(rf"(?<![\w.])(?:\d+/\d{{{GLANCE + 1},}}|\d{{{GLANCE + 1},}}/\d+|\d{{{WHOLE + 1},}})(?![\w.]*\d)")


@dataclass(frozen=True)
class FirstDigits:
    """digits times ten to the power, of a positive number; is_whole: whether that is all of it."""

    digits: str
    power: int
    is_whole: bool

    def written(self, more: str, times: str) -> str:
        """As a decimal, with a sign of `more` digits where they are cut off; a power of ten after `times` {power}."""
        ends = "" if self.is_whole else more
        place = len(self.digits) + self.power  # of the point, from the left
        if place > (WHOLE if self.is_whole else len(self.digits)) or place < -GLANCE + 2:
            point = f".{self.digits[1:]}" if len(self.digits) > 1 else ""
            return f"{self.digits[0]}{point}{ends}{times.format(power=place - 1)}".removeprefix(r"1 \cdot ")
        if place <= 0:
            return f"0.{'0' * -place}{self.digits}{ends}"
        whole, rest = self.digits.ljust(place, "0")[:place], self.digits[place:]
        return f"{whole}.{rest}{ends}" if rest else f"{whole}{ends}"


def is_long(number: Fraction) -> bool:
    """Whether it is a fraction, or a whole number, that nobody reads at a glance."""
    above, below = len(str(abs(number.numerator))), len(str(number.denominator))
    return max(above, below) > GLANCE if number.denominator > 1 else above > WHOLE


def first_digits(number: Fraction) -> FirstDigits:
    """Those of a positive number: all of them where they are few, else the first."""
    power = len(str(number.numerator)) - len(str(number.denominator))
    power -= number < Fraction(10) ** power  # now 10**power <= number < 10**(power + 1)
    for count in (WHOLE, FIRST):
        digits, rest = divmod(number / Fraction(10) ** (power - count + 1), 1)
        if rest == 0:
            shown = str(digits).rstrip("0")
            return FirstDigits(shown, power - len(shown) + 1, True)
    return FirstDigits(str(digits), power - FIRST + 1, False)


def in_first_digits(words: str) -> str:
    """The words with every long fraction in them by its first digits: 123456789123/10**12 as 0.123456…"""
    return _FRACTION.sub(lambda found: first_digits(Fraction(found[0])).written("…", "e{power}"), words)
