"""A formula that is a direction but for a little, as with a small number inside a logarithm: near, and not equal."""

from collections.abc import Iterator, Sequence

from mpmath import mpf
from sympy import Integer

from kl_engine.symbolic.recognise.findings import Explanation, Kind, Match
from kl_engine.symbolic.recognise.sayings.wording import DIRECTIONS
from kl_engine.symbolic.recognise.trials import FORWARD, REVERSE, Trial

_CLOSE = mpf(10) ** -3  # of 1 + D: what no slip of the pen comes to


def closeness(trials: Sequence[Trial]) -> Iterator[Explanation]:
    """Each direction that the formula is close to at all of these points."""
    for direction, base in (("forward", FORWARD), ("reverse", REVERSE)):
        gap = max(abs(trial.value - trial.of(base)) / (1 + trial.of(base)) for trial in trials)
        if gap < _CLOSE:
            words = (
                f"It is close to {DIRECTIONS[direction]}: at the points tried they differ by at most "
                f"{float(gap):.0e} of 1 + D. A small number that is added, or a rounded one, may be the cause."
            )
            match = Match(direction, Integer(1), Integer(0), False, float(gap))
            yield Explanation(Kind.NEAR, "near", words, match)
