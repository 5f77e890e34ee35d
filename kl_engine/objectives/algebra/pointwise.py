"""What stands under an expectation, or in a sum over outcomes, at one outcome: an exact polynomial.

Its atoms are values (of a density q, or of a function r) and logarithms of densities; their coefficients are those of
`coefficients`. So log of a product is a sum, exp(log q − log p) is q/p, and (a − b) log(a/b) is multiplied out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from kl_engine.objectives.algebra.coefficients import ONE, Coefficient
from kl_engine.objectives.text_limits import MAX_TERMS


class Atom(NamedTuple):
    """A value, or the log of one. held: whether no gradient goes through it, as of q.detach()."""

    name: str
    is_log: bool = False
    held: bool = False

    def __str__(self) -> str:
        return f"log {self.name}" if self.is_log else self.name


Monomial = tuple[tuple[Atom, int], ...]


def in_words(monomial: Monomial) -> str:
    """A product as text, with what it is divided by: A pi/pi_old, and sg(pi) for what is held fixed."""
    above, below = [], []
    for atom, power in monomial:
        name = f"sg({atom})" if atom.held else str(atom)
        (above if power > 0 else below).append(name if abs(power) == 1 else f"{name}^{abs(power)}")
    return " ".join(above or ["1"]) + "".join(f"/{name}" for name in below)


class Unlike(Exception):
    """An operation that leaves the polynomials."""


@dataclass(frozen=True)
class Pointwise:
    """Σ coefficient · Π atomᵏ; no zero is kept. small: whether a small number was added inside a logarithm."""

    terms: dict[Monomial, Coefficient] = field(default_factory=dict)
    small: bool = False

    @classmethod
    def number(cls, value: Fraction | int) -> Pointwise:
        """A plain number."""
        return cls({(): Coefficient.number(value)} if value else {})

    @classmethod
    def scalar(cls, coefficient: Coefficient) -> Pointwise:
        """A coefficient."""
        return cls({(): coefficient} if coefficient else {})

    @classmethod
    def atom(cls, name: str, is_log: bool = False) -> Pointwise:
        """The value of a density or a function, or a log."""
        return cls({((Atom(name, is_log), 1),): ONE})

    def __bool__(self) -> bool:
        return bool(self.terms)

    def __add__(self, other: Pointwise) -> Pointwise:
        total = dict(self.terms)
        for monomial, coefficient in other.terms.items():
            total[monomial] = total.get(monomial, Coefficient()) + coefficient
        return _of(total, self.small or other.small)

    def __neg__(self) -> Pointwise:
        return Pointwise({monomial: -coefficient for monomial, coefficient in self.terms.items()}, self.small)

    def __mul__(self, other: Pointwise) -> Pointwise:
        total: dict[Monomial, Coefficient] = {}
        for first, a in self.terms.items():
            for second, b in other.terms.items():
                monomial = _times(first, second)
                total[monomial] = total.get(monomial, Coefficient()) + a * b
        return _of(total, self.small or other.small)

    def power(self, exponent: int) -> Pointwise:
        """A whole power; of one term alone a negative one too. Unlike otherwise."""
        if exponent < 0:
            return self.reciprocal().power(-exponent)
        result = Pointwise.number(1)
        for _ in range(exponent):
            result = result * self
        return result

    def reciprocal(self) -> Pointwise:
        """One over it, where it is one term. Unlike otherwise."""
        if len(self.terms) != 1:
            raise Unlike
        ((monomial, coefficient),) = self.terms.items()
        inverse = coefficient.reciprocal()
        if inverse is None or any(atom.is_log for atom, _ in monomial):
            raise Unlike
        return Pointwise({tuple((atom, -power) for atom, power in monomial): inverse}, self.small)

    def log(self, exponents: Mapping[str, Pointwise]) -> Pointwise:
        """The log of one term, taken apart; of a number it is left out, as it is constant. Unlike for a sum.

        exponents: the logs of densities that are given as an exponential.
        """
        if len(self.terms) != 1:
            raise Unlike
        ((monomial, coefficient),) = self.terms.items()
        if any(atom.is_log for atom, _ in monomial):
            raise Unlike
        total = Pointwise(small=self.small)
        for atom, power in monomial:
            inside = exponents.get(atom.name) or Pointwise({((atom._replace(is_log=True), 1),): ONE})
            total += (inside.stopped() if atom.held else inside) * Pointwise.number(power)
        return total

    def stopped(self) -> Pointwise:
        """It with everything in it held fixed."""
        total = Pointwise(small=self.small)
        for monomial, coefficient in self.terms.items():
            part = Pointwise.scalar(coefficient)
            for atom, power in monomial:
                part = part * Pointwise({((atom._replace(held=True), power),): ONE})
            total += part
        return total

    def exp(self) -> Pointwise:
        """exp of whole multiples of logs, as a product of powers. Unlike otherwise."""
        result: dict[Atom, int] = {}
        for monomial, coefficient in self.terms.items():
            number = coefficient.plain()
            if len(monomial) != 1 or monomial[0][1] != 1 or not monomial[0][0].is_log or number is None:
                raise Unlike
            if number.denominator != 1 or abs(number) > 4:
                raise Unlike
            result[monomial[0][0]._replace(is_log=False)] = int(number)
        return Pointwise({tuple(sorted((a, p) for a, p in result.items() if p)): ONE}, self.small)

    def scalar_part(self) -> Coefficient | None:
        """It as a coefficient; None where it holds an atom."""
        if set(self.terms) <= {()}:
            return self.terms.get((), Coefficient())
        return None

    def atoms(self) -> Iterator[Atom]:
        """Every atom in it."""
        for monomial in self.terms:
            for atom, _ in monomial:
                yield atom

    def logs(self) -> set[str]:
        """The densities whose logs are in it."""
        return {atom.name for atom in self.atoms() if atom.is_log}


def _of(terms: dict[Monomial, Coefficient], small: bool) -> Pointwise:
    kept = {monomial: coefficient for monomial, coefficient in terms.items() if coefficient}
    if len(kept) > MAX_TERMS or any(abs(power) > 4 for monomial in kept for _, power in monomial):
        raise OverflowError("an integrand of too many terms")
    return Pointwise(kept, small)


def _times(first: Monomial, second: Monomial) -> Monomial:
    powers = dict(first)
    for atom, power in second:
        powers[atom] = powers.get(atom, 0) + power
    return tuple(sorted((atom, power) for atom, power in powers.items() if power))
