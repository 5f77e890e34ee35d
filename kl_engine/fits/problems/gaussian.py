"""One Gaussian q on the line: every aim, its std free or held."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np

from kl_engine.distributions.gaussian import Gaussian, GaussianMixture, is_gaussian
from kl_engine.divergences.verbs import alpha_divergence, forward_kl, reverse_kl
from kl_engine.estimates.checks import refuse
from kl_engine.estimates.estimate import Direction, Estimate
from kl_engine.estimates.tolerances import APART, NEARLY, SAME
from kl_engine.fits import families
from kl_engine.fits.alpha import Alpha, AlphaObjective
from kl_engine.fits.descent import Descent, descend, nearest_of_lattice, settled_from
from kl_engine.fits.directions import ForwardObjective, ReverseObjective
from kl_engine.fits.flow import Course, evenly, forward_way, settled_course
from kl_engine.fits.objective import OnTheLine, Terms, apart
from kl_engine.fits.paths import Path
from kl_engine.fits.problems.problem import Aim, Found, Searched, best_first, problem_of
from kl_engine.fits.problems.starts import MOST_RUNS, run_starts
from kl_engine.fits.solution import Solution, Status
from kl_engine.fits.weighted import Fate, Weighted, WeightedObjective, fate, weighted_value

AT_THE_EDGE = 1e-3  # of α σ_q²/σ_p² + 1 − α, which is 0 where D_α becomes infinite


@dataclass(frozen=True)
class GaussianProblem(Searched):
    """One Gaussian q for a mixture p of Gaussians on the line."""

    @property
    def std(self) -> float | None:
        """The std at which q is held; None where it is free."""
        return self.family.std

    @cached_property
    def objective(self) -> OnTheLine:
        """What a search sees."""
        held = self.std is not None
        match self.aim:
            case Direction.FORWARD:
                return ForwardObjective(self.p, held)
            case Direction.REVERSE:
                return ReverseObjective.of(self.p, held=held)
            case Alpha(alpha):
                return AlphaObjective(self.p, np.array([alpha]), held)
            case weights:
                return WeightedObjective(self.p, weights, held)

    def exact(self, first: np.ndarray | None) -> tuple[Gaussian, str] | None:
        """Forward always; for one Gaussian p every divergence is least at p itself, or with a held std at its mean.

        forward·H[p, q] − entropy·H[q] is least at the mean of p, with σ² = forward v/(forward − entropy).
        """
        if isinstance(self.aim, Weighted) and not self.aim.energy:
            wider = math.sqrt(self.aim.forward / (self.aim.forward - self.aim.entropy))
            told = "exact: the moments of p, the std wider by the entropy"
            return Gaussian(self.p.mean, self.std or self.p.std * wider), f"{told}; the only optimum, from every start"
        if self.aim is Direction.FORWARD:
            told = "exact: the mean of p" if self.std else "exact: the moments of p"
        elif not isinstance(self.aim, Weighted) and self.is_gaussian():
            told = "exact: the mean of p, which is Gaussian" if self.std else "exact: p itself, which is Gaussian"
        else:
            return None
        return Gaussian(self.p.mean, self.std or self.p.std), f"{told}; the only optimum, from every start"

    @property
    def matched(self) -> tuple[float, float]:
        """The mean of p, and its std."""
        return float(self.p.mean), float(self.p.std)

    @property
    def frame(self) -> tuple[float, float]:
        """Where the mass of p lies, and how far about it: the unit of a flow."""
        return self.matched

    def is_gaussian(self) -> bool:
        """Whether p is one Gaussian."""
        return is_gaussian(self.p)

    def begin(self, start: object) -> np.ndarray:
        """The start, with the std that q is held at."""
        if not isinstance(start, Gaussian):
            raise refuse("start", "a Gaussian", start)
        place = np.array([start.mean, self.std or start.std])
        if isinstance(self.aim, Alpha) and np.isinf(self.objective.terms(place[None]).value[0]):
            raise refuse("start", f"a q with a finite D_α at α = {self.aim.alpha:g}", start)
        return place

    def led(self, first: np.ndarray) -> Found:
        """The end of the natural-gradient flow from there."""
        return _course(self, tuple(first.tolist()))[0]

    def flowed(self, first: np.ndarray) -> tuple[Found, Course]:
        """The same, and the whole course."""
        course = settled_course(self.objective, self.frame, first)
        if course.end is None:
            place = course.steps[-1]
            return Found(place, self.objective.terms(place[None]), False, course.steps, course.effort), course
        return self._settled(course.end, 0, course.steps, course.effort), course

    def flow(self, first: np.ndarray, frames: int) -> Path:
        """The flow from a place to its end in so many rows; RuntimeError where it has none within its steps."""
        if self.aim is Direction.FORWARD:
            mean, std = self.matched
            way = forward_way(mean, self.std or std, first, self.std is not None)
            return self.path(evenly(way, frames))
        found, course = _course(self, tuple(first.tolist()))
        if course.end is None:
            raise RuntimeError(f"flow: {course.effort}")
        way = course.way.copy()
        way[-1] = found.place
        return self.path(evenly(way, frames))

    def search(self) -> tuple[list[Found], int]:
        """Descents from the moment matches of runs of neighbouring components; of more than 32 the lowest."""
        starts, known = self.starts(), None
        if isinstance(self.aim, Alpha) or len(starts) > MOST_RUNS:
            known = self.objective.terms(starts)
            lowest = np.sort(np.argsort(known.value, kind="stable")[:MOST_RUNS])
            lowest = lowest[np.isfinite(known.value[lowest])]
            starts, known = starts[lowest], known.chosen(lowest)
        if not len(starts):
            raise refuse("objective", "an α at which D_α is finite for this p and std", self.aim)
        found = descend(self.objective, starts, NEARLY, known)
        rows: list[int] = []
        for row in best_first(found.terms.value, -found.places[:, 0]):
            if (apart(found.places[row], found.places[rows]) > SAME).all():
                rows.append(row)
        ends: list[Found] = []
        for end in (self._settled(found, row, found.way(row)) for row in rows):
            # What was told apart may only have been so by the rounding of its gradient.
            if all(apart(end.place, other.place) > SAME + _known_to(end) + _known_to(other) for other in ends):
                ends.append(end)
        return ends, len(starts)

    def starts(self) -> np.ndarray:
        """(n, 2) the runs of components; where D_α is infinite for a run's own std, the nearest one well inside."""
        starts = run_starts(self.p)
        if isinstance(self.aim, Alpha):
            starts = self.aim.inside(self.p, starts)
        if self.std is not None:
            starts[:, 1] = self.std
        return starts

    def _settled(self, found: Descent, row: int, way: np.ndarray, effort: str = "") -> Found:
        """The end of a descent with digits that do not depend on the way there; where it is flat, as it is."""
        end = Found.of(found, row)._replace(way=way, effort=effort)
        if found.sizes[row] >= NEARLY:
            return end
        place, terms, found_again = _settled_from(self, nearest_of_lattice(self.objective, end.place))
        if found_again and apart(place, end.place) <= SAME:
            return end._replace(place=place, terms=terms, stationary=True, way=np.concatenate([way[:-1], place[None]]))
        after = Found.of(descend(self.objective, end.place[None]), 0, effort)
        return after._replace(way=np.concatenate([way, after.way[1:]]))

    def solution(self, found: Found, note: str = "") -> Solution:
        """The solution at the end of a search; where it ran into the infinite it says so."""
        solution = super().solution(found, note)
        std = solution.q.std
        if solution.converged or not isinstance(self.aim, Alpha) or self.objective.edge(std) > AT_THE_EDGE:
            return solution
        reason = f"no minimum: it ran into std {std:.6g}, the edge from which on D_α is infinite"
        return replace(solution, status=Status.EDGE, reason=reason)

    def place(self, q: Gaussian) -> np.ndarray:
        """(mean, std)."""
        return np.array([q.mean, q.std])

    def q(self, place: np.ndarray) -> Gaussian:
        """N(mean, std²)."""
        return Gaussian(*place)

    def value(self, q: Gaussian) -> Estimate:
        """What is minimised, in nats."""
        match self.aim:
            case Direction.FORWARD:
                return forward_kl(self.p, q)
            case Direction.REVERSE:
                return reverse_kl(self.p, q)
            case Alpha(alpha):
                return alpha_divergence(self.p, q, alpha)
            case weights:
                return weighted_value(self.p, q, weights)

    def path(self, way: np.ndarray, value: Estimate | None = None) -> Path:
        """The Gaussians, with the objective at each."""
        kl, errors = self.objective.values(way)
        return Path(Gaussian, Path.places(way), kl, float(np.max(errors)))

    def same(self, first: Gaussian, second: Gaussian) -> bool:
        """Whether two q's are one."""
        return bool(apart(self.place(first), self.place(second)) <= SAME)

    def rank(self, q: Gaussian) -> float:
        """Of equally good q's the one of larger mean comes first."""
        return -q.mean


def _known_to(end: Found) -> float:
    """How far a minimum may be from where its gradient vanishes, by its rounding, in natural coordinates."""
    lowest = float(end.terms.curvatures()[0][0])
    return min(float(end.terms.rounding[0]) / lowest, APART) if end.stationary and lowest > 0 else 0.0


@lru_cache(maxsize=32)  # the fit and the flow from one start are asked for together
def _course(problem: GaussianProblem, first: tuple[float, float]) -> tuple[Found, Course]:
    return problem.flowed(np.array(first))


@lru_cache(maxsize=128)  # the fit from a start and the best of all starts mostly end in one place
def _settled_from(problem: GaussianProblem, start: tuple[float, float]) -> tuple[np.ndarray, Terms, bool]:
    place, terms, found = settled_from(problem.objective, start)
    for array in (place, *terms):
        array.flags.writeable = False
    return place, terms, found


@problem_of.register(Gaussian)
@problem_of.register(GaussianMixture)
def problem_on_the_line(p: Gaussian | GaussianMixture, aim: Aim, family: families.Family | None) -> Searched:
    """A Gaussian q, or a mixture of more than one."""
    from kl_engine.fits.problems.mixture import MixtureProblem

    if isinstance(family, families.Mixture) and family.components > 1:
        return MixtureProblem(p, aim, family)
    if isinstance(aim, Weighted) and fate(aim) is not Fate.MINIMUM:
        raise refuse("objective", "weights of an objective that has a minimum", aim)
    # On the line every family of one Gaussian is the same.
    return GaussianProblem(p, aim, family if isinstance(family, families.Gaussian) else families.Gaussian())
