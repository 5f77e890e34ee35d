"""The canonical form of an objective: a sum of expectations, each under one distribution, of one logarithm."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from kl_engine.objectives.coefficients import Coefficient

ONE = Coefficient.number(1)


class Term(NamedTuple):
    """E_under[log inside], or E_under[inside] when `is_density` is False: a reward, or any other fixed function."""

    under: str
    inside: str
    is_density: bool = True

    def __str__(self) -> str:
        return f"E_{self.under}[{'log ' if self.is_density else ''}{self.inside}]"


@dataclass(frozen=True)
class Form:
    """Σ coefficient · term + constants.

    `terms` holds no zero coefficient. `constants` are names that stand outside every expectation, or what is known to
    depend on no approximation (a log evidence); their coefficients do not matter.
    """

    terms: dict[Term, Coefficient] = field(default_factory=dict)
    constants: tuple[str, ...] = ()

    @classmethod
    def expectation(cls, under: str, inside: str, is_density: bool = True) -> Form:
        """One expectation."""
        return cls({Term(under, inside, is_density): ONE})

    def __add__(self, other: Form) -> Form:
        total = dict(self.terms)
        for term, coefficient in other.terms.items():
            total[term] = total.get(term, Coefficient()) + coefficient
        constants = tuple(dict.fromkeys(self.constants + other.constants))
        return Form({term: coefficient for term, coefficient in total.items() if coefficient}, constants)

    def scaled(self, factor: Coefficient) -> Form:
        """`factor` times it."""
        return Form({term: coefficient * factor for term, coefficient in self.terms.items()}, self.constants)

    def __neg__(self) -> Form:
        return self.scaled(-ONE)

    def densities(self) -> tuple[str, ...]:
        """Every distribution in it, in the order of appearance."""
        return tuple(dict.fromkeys(self._densities()))

    def _densities(self) -> Iterator[str]:
        for term in self.terms:
            yield term.under
            if term.is_density:
                yield term.inside

    def scalars(self) -> tuple[str, ...]:
        """Every named scalar in it."""
        return tuple(sorted(set().union(*(coefficient.names() for coefficient in self.terms.values()), set())))


def log_density(under: str, of: str) -> Form:
    """E_under[log of]."""
    return Form.expectation(under, of)


def divergence(first: str, second: str) -> Form:
    """D(first‖second) = E_first[log first] − E_first[log second]."""
    return log_density(first, first) + -log_density(first, second)


def cross_entropy(first: str, second: str) -> Form:
    """H[first, second] = −E_first[log second]; the entropy when both are one."""
    return -log_density(first, second)
