"""Exact coefficients: polynomials in the named scalars of an objective, such as beta or 1 − lambda."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

MOST_MONOMIALS = 16
MOST_POWER = 4
LONGEST = 40  # digits of numerator and denominator together

Powers = tuple[tuple[str, int], ...]  # names in order, with their powers (no 0 among them)


@dataclass(frozen=True)
class Coefficient:
    """Σ number · Π nameᵏ. `terms` maps the powers to the number; no zero is kept."""

    terms: tuple[tuple[Powers, Fraction], ...] = ()

    @classmethod
    def of(cls, terms: Mapping[Powers, Fraction]) -> Coefficient:
        """The coefficient of these terms; OverflowError beyond its limits."""
        kept = {powers: number for powers, number in terms.items() if number}
        long = any(len(f"{number.numerator}{number.denominator}") > LONGEST for number in kept.values())
        high = any(abs(power) > MOST_POWER for powers in kept for _, power in powers)
        if long or high or len(kept) > MOST_MONOMIALS:
            raise OverflowError("a coefficient of too many terms, digits or powers")
        return cls(tuple(sorted(kept.items())))

    @classmethod
    def number(cls, value: Fraction | int) -> Coefficient:
        """A plain number."""
        return cls.of({(): Fraction(value)})

    @classmethod
    def name(cls, name: str) -> Coefficient:
        """One named scalar."""
        return cls.of({((name, 1),): Fraction(1)})

    def __add__(self, other: Coefficient) -> Coefficient:
        total = dict(self.terms)
        for powers, number in other.terms:
            total[powers] = total.get(powers, Fraction(0)) + number
        return Coefficient.of(total)

    def __neg__(self) -> Coefficient:
        return Coefficient(tuple((powers, -number) for powers, number in self.terms))

    def __sub__(self, other: Coefficient) -> Coefficient:
        return self + -other

    def __mul__(self, other: Coefficient) -> Coefficient:
        total: dict[Powers, Fraction] = {}
        for first, a in self.terms:
            for second, b in other.terms:
                powers = _times(first, second)
                total[powers] = total.get(powers, Fraction(0)) + a * b
        return Coefficient.of(total)

    def reciprocal(self) -> Coefficient | None:
        """1 over it, when it is one term; None otherwise."""
        if len(self.terms) != 1:
            return None
        powers, number = self.terms[0]
        return Coefficient.of({tuple((name, -power) for name, power in powers): 1 / number})

    def plain(self) -> Fraction | None:
        """It as a number; None where a name is in it."""
        if not self.terms:
            return Fraction(0)
        return self.terms[0][1] if len(self.terms) == 1 and not self.terms[0][0] else None

    def names(self) -> set[str]:
        """The scalars in it."""
        return {name for powers, _ in self.terms for name, _ in powers}

    def value(self, scalars: Mapping[str, float]) -> float:
        """Its value at these scalars."""
        return math.fsum(
            float(number) * math.prod(scalars[name] ** power for name, power in powers) for powers, number in self.terms
        )

    def __bool__(self) -> bool:
        return bool(self.terms)

    def of_what(self, what: str) -> str:
        """It times a thing, as text: 2 beta r, r/beta, (1 − lambda) r."""
        if len(self.terms) != 1:
            return f"({self}) {what}"
        sign = "−" if str(self).startswith("−") else ""
        above, slash, below = str(self).removeprefix("−").partition("/")
        if above.isdigit() and below[:1].isdigit():  # a plain fraction
            return f"{sign}{above}/{below} {what}"
        return sign + ("" if above == "1" else f"{above} ") + what + slash + below

    def __str__(self) -> str:
        if not self.terms:
            return "0"
        first, *rest = (_text(powers, number) for powers, number in self.terms)
        return first + "".join(f" − {term[1:]}" if term.startswith("−") else f" + {term}" for term in rest)


ONE = Coefficient.number(1)


def _times(first: Powers, second: Powers) -> Powers:
    powers = dict(first)
    for name, power in second:
        powers[name] = powers.get(name, 0) + power
    return tuple(sorted((name, power) for name, power in powers.items() if power))


def _text(powers: Powers, number: Fraction) -> str:
    """−2 beta/T for −2 · beta · T⁻¹."""
    above = " ".join(name if power == 1 else f"{name}^{power}" for name, power in powers if power > 0)
    below = " ".join(name if power == -1 else f"{name}^{-power}" for name, power in powers if power < 0)
    size = str(abs(number)) if abs(number) != 1 or not above else ""
    below = f"({below})" if " " in below else below
    return ("−" if number < 0 else "") + " ".join(filter(None, [size, above])) + (f"/{below}" if below else "")
