"""Why a step follows, in words, with the formulas apart: they are typeset by the printer and checked like the steps."""

from dataclasses import dataclass

from sympy import Basic
from sympy.core.relational import Relational


@dataclass(frozen=True)
class Reason:
    """Words with a pair of braces where each formula stands. A relation among the formulas must be proved too."""

    words: str
    formulas: tuple[Basic, ...] = ()

    def __post_init__(self) -> None:
        if self.words.count("{}") != len(self.formulas):
            raise ValueError(f"reason {self.words!r}: a pair of braces is expected for each formula")

    @property
    def relations(self) -> tuple[Relational, ...]:
        """The formulas that claim something."""
        return tuple(formula for formula in self.formulas if isinstance(formula, Relational))


def say(words: str, *formulas: Basic) -> Reason:
    """A reason with formulas in it."""
    return Reason(words, formulas)
