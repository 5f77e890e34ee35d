"""The canonical form of an objective: a sum of expectations, each under one distribution, of one logarithm."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from kl_engine.objectives.algebra.coefficients import ONE, Coefficient


class Term(NamedTuple):
    """E_under[log inside], or E_under[inside] when `is_density` is False: a reward, or any other function.

    given: the distributions over which that expectation is averaged once more, the outermost first.
    """

    under: str
    inside: str
    is_density: bool = True
    given: tuple[str, ...] = ()

    def __str__(self) -> str:
        inner = f"E_{self.under}[{'log ' if self.is_density else ''}{self.inside}]"
        if self.is_density and self.under == self.inside:
            inner = f"−H[{self.under}]"
        for outer in reversed(self.given):
            inner = f"E_{outer}[{inner}]"
        return inner


@dataclass(frozen=True)
class Form:
    """Σ coefficient · term + Σ coefficient · other + constants.

    `terms` holds no zero coefficient. others: names that stand outside every expectation and may depend on what is
    fitted, such as a reconstruction loss. constants: what is known not to, such as a log evidence; their coefficients
    do not matter. mixtures: densities that are a mixture of others, with what they are made of.
    """

    terms: dict[Term, Coefficient] = field(default_factory=dict)
    constants: tuple[str, ...] = ()
    others: dict[str, Coefficient] = field(default_factory=dict)
    mixtures: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def expectation(cls, under: str, inside: str, is_density: bool = True) -> Form:
        """One expectation."""
        return cls({Term(under, inside, is_density): ONE})

    @classmethod
    def other(cls, name: str) -> Form:
        """A name that stands by itself."""
        return cls(others={name: ONE})

    def __add__(self, other: Form) -> Form:
        constants = tuple(dict.fromkeys(self.constants + other.constants))
        terms, others = _summed(self.terms, other.terms), _summed(self.others, other.others)
        return Form(terms, constants, others, self.mixtures | other.mixtures)

    def scaled(self, factor: Coefficient) -> Form:
        """`factor` times it."""
        terms = {term: coefficient * factor for term, coefficient in self.terms.items()}
        others = {name: coefficient * factor for name, coefficient in self.others.items()}
        return Form(terms, self.constants, others, self.mixtures)

    def averaged(self, over: tuple[str, ...]) -> Form:
        """Its average over these distributions."""
        terms = {term._replace(given=(*over, *term.given)): coefficient for term, coefficient in self.terms.items()}
        return Form(terms, self.constants, self.others, self.mixtures)

    def __neg__(self) -> Form:
        return self.scaled(-ONE)

    def __bool__(self) -> bool:
        return bool(self.terms or self.constants or self.others)

    def densities(self) -> tuple[str, ...]:
        """Every distribution in it, in the order of appearance; those of outer averages alone are left out."""
        return tuple(dict.fromkeys(self._densities()))

    def _densities(self) -> Iterator[str]:
        for term in self.terms:
            yield term.under
            if term.is_density:
                yield term.inside

    def scalars(self) -> tuple[str, ...]:
        """Every named scalar in it."""
        found = (*self.terms.values(), *self.others.values())
        return tuple(sorted(set().union(*(coefficient.names() for coefficient in found), set())))


def _summed(first: dict, second: dict) -> dict:
    total = dict(first)
    for key, coefficient in second.items():
        total[key] = total.get(key, Coefficient()) + coefficient
    return {key: coefficient for key, coefficient in total.items() if coefficient}


def log_density(under: str, of: str) -> Form:
    """E_under[log of]."""
    return Form.expectation(under, of)


def divergence(first: str, second: str) -> Form:
    """D(first‖second) = E_first[log first] − E_first[log second]."""
    return log_density(first, first) + -log_density(first, second)


def cross_entropy(first: str, second: str) -> Form:
    """H[first, second] = −E_first[log second]; the entropy when both are one."""
    return -log_density(first, second)
