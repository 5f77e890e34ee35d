"""What the error of a number rests on: rounding alone, a theorem, two rules that agree, or a sample."""

from __future__ import annotations

from dataclasses import dataclass
from functools import total_ordering
from typing import ClassVar

from kl_engine.estimates.checks import finite, refuse

LEVEL = 0.95  # the one level of every confidence interval of the engine
HALF_95 = 1.959963984540054  # std on either side of its mean within which a Gaussian has so much of its mass
RANKS = ("confidence", "estimated", "proved", "exact")  # from the weakest to the strongest


@total_ordering
@dataclass(frozen=True, slots=True)
class Certainty:
    """The kind of an error, ordered: EXACT > PROVED > ESTIMATED > CONFIDENCE(level).

    EXACT: a closed form or a finite sum; the error is what rounding can do. PROVED: the error is a bound by a theorem.
    ESTIMATED: the error is the difference of two rules, which may both be wrong. CONFIDENCE(level): the number comes
    from a sample, and the interval value ± error holds the truth with probability `level`; of two such the higher level
    is the more certain one. Only a CONFIDENCE has a level, 0 <= level < 1; ValueError otherwise. `kind` is one of these
    four words in small letters. It says of which kind an error is; the error itself is in the unit of its number, nats
    for a divergence. Source: for two intervals at once, C. Bonferroni (1936).

    >>> import kl_engine as kl
    >>> kl.Certainty.EXACT > kl.Certainty.PROVED > kl.Certainty.ESTIMATED > kl.Certainty.CONFIDENCE(0.95)
    True
    """

    kind: str
    level: float | None = None

    EXACT: ClassVar[Certainty]
    PROVED: ClassVar[Certainty]
    ESTIMATED: ClassVar[Certainty]

    def __post_init__(self) -> None:
        if self.kind not in RANKS:
            raise refuse("kind", f"one of {', '.join(RANKS)}", self.kind)
        if self.kind != "confidence":
            if self.level is not None:
                raise refuse("level", "none, as only a confidence has one", self.level)
            return
        if not 0 <= finite("level", self.level) < 1:
            raise refuse("level", "a probability, 0 <= level < 1", self.level)

    @staticmethod
    def CONFIDENCE(level: float = LEVEL) -> Certainty:
        """The interval holds the truth with this probability."""
        return Certainty("confidence", level)

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Certainty):
            return NotImplemented
        return (RANKS.index(self.kind), self.level or 0.0) < (RANKS.index(other.kind), other.level or 0.0)

    def combined(self, other: Certainty) -> Certainty:
        """The certainty of a number computed from two: the weaker kind.

        Two intervals of levels l₁ and l₂ both hold with probability at least l₁ + l₂ − 1, whatever binds the samples
        (C. Bonferroni, 1936); where that is below 0 nothing is promised, which is level 0.
        """
        if self.level is not None and other.level is not None:
            return Certainty.CONFIDENCE(max(0.0, self.level + other.level - 1))
        return min(self, other)

    def __str__(self) -> str:
        return self.kind if self.level is None else f"{100 * self.level:g} % confidence"

    def __repr__(self) -> str:
        return f"Certainty.{self.kind.upper()}" + ("" if self.level is None else f"({self.level!r})")


Certainty.EXACT = Certainty("exact")
Certainty.PROVED = Certainty("proved")
Certainty.ESTIMATED = Certainty("estimated")


def weakest(*certainties: Certainty) -> Certainty:
    """The certainty of a number computed from several: see `Certainty.combined`; EXACT of none."""
    found = Certainty.EXACT
    for certainty in certainties:
        found = found.combined(certainty)
    return found
