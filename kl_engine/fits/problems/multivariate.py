"""One Gaussian q in n dimensions, its covariance full, diagonal or isotropic, in either direction."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from kl_engine.distributions.multivariate import MultivariateGaussian, MultivariateGaussianMixture, is_gaussian
from kl_engine.divergences.space import closed_forms, plane
from kl_engine.divergences.verbs import forward_kl, reverse_kl
from kl_engine.estimates.checks import refuse
from kl_engine.estimates.estimate import Direction, Estimate
from kl_engine.estimates.tolerances import SAME_BY_RULE, SAME_BY_SAMPLE
from kl_engine.fits import families
from kl_engine.fits.descent import descend
from kl_engine.fits.multivariate import MultivariateObjective, Nodes, gaussian_at, place_of
from kl_engine.fits.paths import Path
from kl_engine.fits.problems.problem import Aim, Found, Problem, best_first, problem_of
from kl_engine.fits.problems.starts import subset_starts
from kl_engine.quadrature.cubature import expectation, gauss_nodes
from kl_engine.quadrature.frames import Frames
from kl_engine.quadrature.integrands import log_ratio

# In the plane the last steps are taken at the nodes of the cubature of D itself, again if they have led far.
POLISHES = 3
POLISH_GOAL = 1e-13  # relative, of the divergence at whose Gauss nodes it descends: these are then right to some 1e-9
POLISH_CELLS = 2_000  # of that cubature, or a needle a thousand times as long as wide would cost minutes
NEAR = 1e-8  # nats between where a polish began and where it ended


@dataclass(frozen=True)
class MultivariateProblem(Problem):
    """Forward exact: the mean of p with its covariance, the diagonal of that, or its mean variance.

    Reverse exact for one Gaussian p, otherwise by Newton's method over fixed nodes.
    """

    @cached_property
    def objective(self) -> MultivariateObjective:
        """What a search sees."""
        return MultivariateObjective(self.p, self.family, Nodes.common(self.p.dimension))

    def exact(self, first: np.ndarray | None) -> tuple[MultivariateGaussian, str] | None:
        """Forward the moments of p, reverse for one Gaussian its precisions."""
        told = "the only optimum, from every start"
        if self.aim is Direction.FORWARD:
            return families.moment_match(self.p, self.family), f"exact: the moments of p; {told}"
        if is_gaussian(self.p):
            return families.reverse_of_gaussian(self.p, self.family), f"exact: the precisions of p; {told}"
        return None

    def begin(self, start: object) -> np.ndarray:
        """The start; only what the family can hold of its covariance is used."""
        if not isinstance(start, MultivariateGaussian) or start.dimension != self.p.dimension:
            raise refuse("start", f"a MultivariateGaussian in {self.p.dimension} dimensions", start)
        return place_of(families.moment_match(start, self.family))

    def led(self, first: np.ndarray) -> Found:
        """Where Newton's method leads from there."""
        return self._polished(Found.of(descend(self.objective, first[None]), 0))

    def search(self) -> tuple[list[Found], int]:
        """The distinct stationary places that the moment matches of sets of components lead to."""
        starts = np.array([place_of(start) for start in subset_starts(self.p, self.family)])
        descent = descend(self.objective, starts)
        ends = self._distinct([Found.of(descent, row) for row in range(len(starts))])
        return self._distinct([self._polished(end) for end in ends]), len(starts)  # what was two may be one

    def _distinct(self, ends: list[Found]) -> list[Found]:
        """Best first; of those that are one q, the best."""
        found: list[Found] = []
        for row in best_first([float(end.terms.value[0]) for end in ends], range(len(ends))):
            if not any(self.same(self.q(ends[row].place), self.q(other.place)) for other in found):
                found.append(ends[row])
        return found

    def _polished(self, end: Found) -> Found:
        """In the plane: the last steps again, at the nodes of the cubature of D(q‖p) itself."""
        if self.p.dimension != 2:
            return end
        for _ in range(POLISHES):
            q, value = self.q(end.place), float(end.terms.value[0])
            goal = POLISH_GOAL * max(value, plane.NEAR)
            rule = expectation(
                Frames.of((q,), q, self.p), log_ratio(q, self.p), plane.REACH, lambda _, goal=goal: goal, POLISH_CELLS
            )
            objective = MultivariateObjective(self.p, self.family, Nodes.standardised(*gauss_nodes(rule.cells)))
            after = Found.of(descend(objective, end.place[None]), 0)
            end = after._replace(way=np.concatenate([end.way, after.way[1:]]))
            if closed_forms.kl_divergence(q, self.q(end.place)).value < NEAR:
                break
        return end

    def place(self, q: MultivariateGaussian) -> np.ndarray:
        """Mean and Cholesky factor."""
        return place_of(q)

    def q(self, place: np.ndarray) -> MultivariateGaussian:
        """The Gaussian of a place."""
        return gaussian_at(place, self.p.dimension)

    def value(self, q: MultivariateGaussian) -> Estimate:
        """D(p‖q) or D(q‖p), in nats."""
        return (forward_kl if self.aim is Direction.FORWARD else reverse_kl)(self.p, q)

    def path(self, way: np.ndarray, value: Estimate) -> Path:
        """The Gaussians, with the divergence at each by the nodes of the descent.

        The error is how far these are off at the end, where the value is known.
        """
        qs = [self.q(place) for place in way]
        if self.exact(None):
            found = [self.value(q) for q in qs]
            kl, error = np.array([each.value for each in found]), max(each.error for each in found)
        else:
            kl = self.objective.values(way)[0]
            error = abs(kl[-1] - value.value) + value.error
        parameters = {name: np.array([getattr(q, name) for q in qs]) for name in ("mean", "cov")}
        return Path(MultivariateGaussian, parameters, kl, float(error))

    def same(self, first: MultivariateGaussian, second: MultivariateGaussian) -> bool:
        """Whether two q's are one, by the divergence between them."""
        closest = SAME_BY_RULE.get(self.p.dimension, SAME_BY_SAMPLE)
        return closed_forms.kl_divergence(first, second).value <= closest


@problem_of.register(MultivariateGaussian)
@problem_of.register(MultivariateGaussianMixture)
def problem_in_space(
    p: MultivariateGaussian | MultivariateGaussianMixture, aim: Aim, family: families.Family | None
) -> Problem:
    """A Gaussian q whose covariance is of the family."""
    if not isinstance(aim, Direction):
        raise refuse("objective", '"forward" or "reverse", as p is multivariate', aim)
    family = family or families.Gaussian()
    if not isinstance(family, families.OfCovariance) or getattr(family, "std", None) is not None:
        raise refuse("family", "Gaussian(), Diagonal() or Isotropic() of kl.families, as p is multivariate", family)
    return MultivariateProblem(p, aim, family)
