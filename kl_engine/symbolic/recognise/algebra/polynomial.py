"""Sparse polynomials in atoms found on the way, with a count of the work done.

A polynomial is a dict from monomials to fractions, a monomial a sorted tuple of (atom, exponent). Exponents are
fractions and may be negative: for positive atoms a^(1/2) and 1/a need no rule of their own.
"""

from collections.abc import Iterable
from fractions import Fraction

Monomial = tuple[tuple[int, Fraction], ...]
Polynomial = dict[Monomial, Fraction]

ONE: Polynomial = {(): Fraction(1)}
_BITS = 4096  # of a coefficient
_WORD = 128  # bits: longer coefficients count as more work


class TooMuchWork(Exception):
    """The work allowed is used up, so nothing is known."""


class Workshop:
    """Arithmetic of polynomials. Each product of two terms is one unit of work; the count bounds the time."""

    def __init__(self, allowed: int) -> None:
        self.left = allowed

    def spend(self, amount: int) -> None:
        self.left -= amount
        if self.left < 0:
            raise TooMuchWork

    def add(self, polynomials: Iterable[Polynomial]) -> Polynomial:
        total: Polynomial = {}
        for polynomial in polynomials:
            self.spend(len(polynomial))
            for monomial, coefficient in polynomial.items():
                total[monomial] = total.get(monomial, 0) + coefficient
        return {monomial: coefficient for monomial, coefficient in total.items() if coefficient}

    def multiply(self, a: Polynomial, b: Polynomial) -> Polynomial:
        length = max(map(_bits, (*a.values(), *b.values())), default=0)
        self.spend(1 + len(a) * len(b) * (1 + length // _WORD))
        if length > _BITS:
            raise TooMuchWork
        total: Polynomial = {}
        for one, c in a.items():
            for other, d in b.items():
                monomial = times(one, other)
                total[monomial] = total.get(monomial, 0) + c * d
        return {monomial: coefficient for monomial, coefficient in total.items() if coefficient}

    def repeated(self, base: Polynomial, exponent: int) -> Polynomial:
        result = ONE
        for _ in range(exponent):
            result = self.multiply(result, base)
        return result


def _bits(coefficient: Fraction) -> int:
    return coefficient.numerator.bit_length() + coefficient.denominator.bit_length()


def times(one: Monomial, other: Monomial) -> Monomial:
    exponents = dict(one)
    for atom, exponent in other:
        exponents[atom] = exponents.get(atom, 0) + exponent
    return tuple(sorted((atom, exponent) for atom, exponent in exponents.items() if exponent))


def raised(monomial: Monomial, exponent: Fraction) -> Monomial:
    return tuple((atom, e * exponent) for atom, e in monomial)


def common_factor(polynomial: Polynomial) -> Monomial:
    """The monomial that leaves every exponent at least 0, and for each atom one that is 0."""
    least: dict[int, Fraction] = {}
    for atom in {atom for monomial in polynomial for atom, _ in monomial}:
        least[atom] = min(dict(monomial).get(atom, Fraction(0)) for monomial in polynomial)
    return tuple(sorted((atom, exponent) for atom, exponent in least.items() if exponent))
