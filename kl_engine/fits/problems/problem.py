"""A target, what is minimised, and the family of q: all that a search asks, whatever the kind of p.

A new kind of p is made fit for `kl.fit` by registering the `Problem` that it makes (see `problem_of`): the searches see
of p nothing else.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, singledispatch
from typing import Any, NamedTuple, Self

import numpy as np

from kl_engine.distributions.adapters import as_distribution
from kl_engine.estimates.certainty import Certainty
from kl_engine.estimates.checks import refuse
from kl_engine.estimates.estimate import Direction, Estimate
from kl_engine.estimates.tolerances import EQUAL
from kl_engine.fits.alpha import Alpha
from kl_engine.fits.descent import Descent, verdict
from kl_engine.fits.families import Family
from kl_engine.fits.objective import Objective, Terms
from kl_engine.fits.paths import Path, Rebuilt
from kl_engine.fits.solution import Solution, Status
from kl_engine.fits.watch import Watch
from kl_engine.fits.weighted import Weighted

Aim = Direction | Alpha | Weighted


class Found(NamedTuple):
    """Where one search ended, stationary or not, and the way there; `effort` says in words what it took."""

    place: np.ndarray
    terms: Terms  # of one row
    stationary: bool
    way: np.ndarray
    effort: str = ""

    @classmethod
    def of(cls, descent: Descent, row: int, effort: str = "") -> Found:
        """One row of a descent."""
        terms = descent.terms.chosen([row])
        return cls(descent.places[row], terms, bool(descent.stationary[row]), descent.way(row), effort)


@dataclass(frozen=True)
class Problem(Rebuilt, ABC):
    """What `kl.fit` is asked: see the classes of each kind of p."""

    p: Any
    aim: Aim
    family: Family

    known = Certainty.EXACT  # how certain a q is that needs no search
    watch = None  # what a search may take, where it takes long

    @abstractmethod
    def exact(self, first: np.ndarray | None) -> tuple[Any, str] | None:
        """q where it is known without a search, and why; `first` is the place of the start, if one was given."""

    @abstractmethod
    def begin(self, start: object) -> np.ndarray:
        """The place of a start, which is checked."""

    @abstractmethod
    def place(self, q: Any) -> np.ndarray:
        """The place of a q."""

    @abstractmethod
    def q(self, place: np.ndarray) -> Any:
        """The q of a place."""

    @abstractmethod
    def value(self, q: Any) -> Estimate:
        """What is minimised, in nats."""

    @abstractmethod
    def path(self, way: np.ndarray, value: Estimate) -> Path:
        """The q's of the places, with the objective at each; `value` is that of the last."""

    @abstractmethod
    def same(self, first: Any, second: Any) -> bool:
        """Whether two q's are one."""

    def flow(self, first: np.ndarray, frames: int) -> Path:
        """The natural-gradient flow from a place; only where q is one Gaussian on the line, or of p's own family."""
        raise refuse("p", "a distribution on the line, as the flow is one of its mean and std", self.p)

    def watched(self, watch: Watch) -> Self:
        """The problem, with a budget and somebody who is told; a ValueError where its searches take no time."""
        told = "nothing: only the reverse fit of a multivariate mixture takes so long"
        raise refuse(*(("budget", told, watch.budget) if watch.budget else ("progress", told, watch.progress)))

    def solved(self, start: object | None) -> Solution:
        """The solution, from a start if one is given."""
        first = None if start is None else self.begin(start)
        return self.outright(first, *self.exact(first))

    def outright(self, first: np.ndarray | None, q: Any, reason: str) -> Solution:
        """The solution that needs no search."""
        place = self.place(q)
        way = np.array([place if first is None else first, place])
        return Solution(self, q, self.value(q), Status.CONVERGED, reason, self.known, np.empty(0), way)

    def optima(self, own: Solution) -> tuple[Solution, ...]:
        """The minima: where q is known without a search there is no other."""
        return (own,)


class Searched(Problem):
    """A problem whose q has to be searched for, but in some cases."""

    searched = Certainty.ESTIMATED  # how certain a q is that was searched for
    flat = "two stationary points meet here, or all but meet"  # what a flat direction means

    @abstractmethod
    def led(self, first: np.ndarray) -> Found:
        """Where a start leads."""

    @abstractmethod
    def search(self) -> tuple[list[Found], int]:
        """The distinct ends of the stated starts, best first; and how many starts there were."""

    @property
    @abstractmethod
    def objective(self) -> Objective:
        """What a search sees."""

    def solved(self, start: object | None) -> Solution:
        """The solution from a start, or without one the best of those from the stated starts."""
        first = None if start is None else self.begin(start)
        if exact := self.exact(first):
            return self.outright(first, *exact)
        return self.ends()[0] if first is None else self.solution(self.led(first))

    @cached_property
    def _searched(self) -> tuple[list[Found], int]:
        return self.search()

    def ends(self, own: Solution | None = None) -> list[Solution]:
        """The solutions at the distinct ends of the stated starts: minima first, then best first.

        `own`, a solution that is there already, stands for the end that it is.
        """
        found, starts = self._searched
        note = f"; best of {len(found)} found from {starts} starts"
        solutions = [
            own
            if own is not None and self.same(self.q(each.place), own.q)
            else self.solution(each, note if each is found[0] else "")
            for each in found
        ]
        return sorted(solutions, key=lambda solution: not solution.converged)

    def optima(self, own: Solution) -> tuple[Solution, ...]:
        """The minima among the ends, and `own`, if it is one."""
        if not own.curvatures.size:  # exact: there is no other
            return (own,)
        ends = self.ends(own)
        minima = [end for end in ends if end.converged] or ends[:1]
        if own.converged and own not in minima:
            minima.append(own)
        order = best_first([end.value.value for end in minima], [self.rank(end.q) for end in minima])
        return tuple(minima[i] for i in order)

    def solution(self, found: Found, note: str = "") -> Solution:
        """The solution at the end of a search."""
        status, reason = verdict(found.terms, found.stationary, self.flat)
        q = self.q(found.place)
        return Solution(
            self,
            q,
            self.value(q),
            status,
            ", ".join(filter(None, [reason, found.effort])) + note,
            self.searched,
            found.terms.curvatures()[0],
            found.way,
        )

    def rank(self, q: Any) -> float:
        """Of equally good q's the one of lower rank comes first."""
        return 0.0


def best_first(values: Sequence[float], ranks: Sequence[float]) -> list[int]:
    """The rows in the order of their values; those that are equal (see `EQUAL`) in the order of their ranks."""
    order = np.argsort(values, kind="stable").tolist()
    groups: list[list[int]] = []
    for row in order:
        if groups and values[row] <= values[groups[-1][0]] + EQUAL * (1 + abs(values[row])):
            groups[-1].append(row)
        else:
            groups.append([row])
    return [row for group in groups for row in sorted(group, key=lambda row: ranks[row])]


def aim_of(value: object) -> Aim:
    """The direction, `Alpha` or `Weighted` that `value` names; at α = 0 and 1 the direction. ValueError otherwise."""
    if isinstance(value, Alpha) and value.alpha in (0, 1):
        return Direction.FORWARD if value.alpha else Direction.REVERSE
    if isinstance(value, Alpha | Weighted):
        return value
    try:
        return Direction(value)
    except ValueError:
        raise refuse("objective", '"forward", "reverse", kl.Alpha(α) or kl.Weighted(…)', value) from None


@singledispatch
def problem_of(p: object, aim: Aim, family: Family | None) -> Problem:
    """The problem that a kind of p makes with an aim and a family, None being the family that goes with p.

    Each kind of p registers its own; a ValueError where it has none, or none for this aim or family.
    """
    try:
        known = as_distribution(p, "p")
    except ValueError:
        known = p
    if problem_of.dispatch(type(known)) is not problem_of.dispatch(object):
        return problem_of(known, aim, family)
    raise refuse(
        "p",
        "a Gaussian, a mixture of them (in any dimension), any other distribution on the line, a Categorical, "
        "or a posterior of kl.inference",
        p,
    )
