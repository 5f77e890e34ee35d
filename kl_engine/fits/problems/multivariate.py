"""One Gaussian q in n dimensions, its covariance full, diagonal or isotropic, in either direction."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from kl_engine.distributions.multivariate import MultivariateGaussian, MultivariateGaussianMixture, is_gaussian
from kl_engine.divergences.space import closed_forms, plane
from kl_engine.divergences.verbs import forward_kl, reverse_kl
from kl_engine.estimates.certainty import LEVEL, Certainty
from kl_engine.estimates.checks import refuse
from kl_engine.estimates.estimate import Direction, Estimate, rounded_up
from kl_engine.estimates.tolerances import SAME_BY_RULE, SAME_BY_SAMPLE
from kl_engine.fits import families
from kl_engine.fits.descent import descend
from kl_engine.fits.multivariate import POINTS, SEED, MultivariateObjective, Nodes, gaussian_at, place_of
from kl_engine.fits.paths import Path
from kl_engine.fits.problems.problem import Aim, Found, Searched, best_first, problem_of
from kl_engine.fits.problems.starts import subset_starts
from kl_engine.fits.subspace import Subspace
from kl_engine.fits.watch import Watch
from kl_engine.quadrature.integrands import log_ratio
from kl_engine.quadrature.plane.cubature import expectation, gauss_nodes
from kl_engine.quadrature.plane.views import Views
from kl_engine.quadrature.quasi_monte_carlo import half_width

# In the plane the last steps are taken at the nodes of the cubature of D itself, again if they have led far.
POLISHES = 3
POLISH_GOAL = 1e-13  # relative, of the divergence at whose Gauss nodes it descends: these are then right to some 1e-9
POLISH_CELLS = 2_000  # of that cubature, or a needle a thousand times as long as wide would cost minutes
NEAR = 1e-8  # nats between where a polish began and where it ended


ROUGH = 1 << 10  # points beyond the plane at which a descent begins …
NEARLY = 1e-2  # … until its steps are so short; then all points
SAMPLES = 16  # of as many points, others than those of the descent, by whose spread it is known how sure q is


@dataclass(frozen=True)
class MultivariateProblem(Searched):
    """Forward exact: the mean of p with its covariance, the diagonal of that, or its mean variance.

    Reverse exact for one Gaussian p, otherwise by Newton's method over fixed nodes. Beyond the plane these are a
    sample: the q of such a fit has an error of its own, which is measured on other samples, and told.
    """

    @cached_property
    def objective(self) -> MultivariateObjective:
        """What a search sees."""
        return MultivariateObjective(self.p, self.family, Nodes.common(self.p.dimension))

    @property
    def searched(self) -> Certainty:
        """Beyond the plane q is that of a sample."""
        return Certainty.ESTIMATED if self.p.dimension <= 2 else Certainty.CONFIDENCE(LEVEL)

    def watched(self, watch: Watch) -> MultivariateProblem:
        """The problem with a budget and somebody who is told."""
        if self.exact(None):
            return super().watched(watch)
        object.__setattr__(self, "watch", watch)
        return self

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
        (end,) = self._descended(first[None])
        self._ended()
        return end

    def search(self) -> tuple[list[Found], int]:
        """The distinct stationary places that the moment matches of sets of components lead to."""
        starts = np.array([place_of(start) for start in subset_starts(self.p, self.family)])
        if self.watch:
            self.watch.starts = len(starts)
        found = self._distinct(self._descended(starts))  # what was two may be one
        self._ended()
        return found, len(starts)

    def _descended(self, starts: np.ndarray) -> list[Found]:
        """The ends of descents: beyond the plane at few points first, and then, from what is left, at all."""
        goes_on = self.watch.goes_on if self.watch else lambda rows: True
        if self.p.dimension <= 2:
            descent = descend(self.objective, starts, goes_on=goes_on)
            ends = [Found.of(descent, row) for row in range(len(starts))]
            if self._told:  # no budget is left to polish them
                return [end._replace(effort=self._told) for end in ends]
            return [self._polished(end) for end in self._distinct(ends)]
        few = MultivariateObjective(self.p, self.family, Nodes.sampled(self.p.dimension, ROUGH, SEED))
        descent = descend(few, starts, NEARLY, goes_on=goes_on)
        rough = self._distinct([Found.of(descent, row) for row in range(len(starts))])
        after = descend(self.objective, np.array([end.place for end in rough]), goes_on=goes_on)
        return [self._measured(before, Found.of(after, row)) for row, before in enumerate(rough)]

    def _measured(self, before: Found, end: Found) -> Found:
        """An end with what other samples say of it: its last step by their mean, and how sure q then is."""
        end = end._replace(way=np.concatenate([before.way, end.way[1:]]), effort=self._told)
        hessian = end.terms.hessian[0]
        if not end.stationary or np.linalg.eigvalsh(hessian)[0] <= 0:
            return end
        samples = [Nodes.sampled(self.p.dimension, POINTS, SEED + 1 + i) for i in range(SAMPLES)]
        slopes = np.array([MultivariateObjective(self.p, self.family, z).gradient(end.place) for z in samples])
        steps = -np.linalg.solve(hessian, slopes.T).T
        error = float(half_width(steps.T).max())
        apart = slopes - slopes.mean(axis=0)
        cost = 0.5 * float(np.einsum("ri,ij,rj->", apart, np.linalg.inv(hessian), apart)) / (SAMPLES * (SAMPLES - 1))
        place = self.objective.moved(end.place[None], steps.mean(axis=0)[None])[0]
        told = f"q is known to {rounded_up(error)} of its stds (95 %), which costs some {cost:.1g} nats"
        return end._replace(place=place, way=np.concatenate([end.way, place[None]]), effort=told)

    @property
    def _told(self) -> str:
        return self.watch.told if self.watch else ""

    def _ended(self) -> None:
        if self.watch:
            self.watch.ended()

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
                Views.of_first(q, self.p), log_ratio, plane.REACH, lambda _, goal=goal: goal, POLISH_CELLS
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
        parameters = {name: np.array([getattr(q, name) for q in qs]) for name in ("mean", "cov")}
        if self.exact(None):
            return Path.of(MultivariateGaussian, parameters, [self.value(q) for q in qs])
        kl = self.objective.values(way)[0]
        return Path(MultivariateGaussian, parameters, kl, float(abs(kl[-1] - value.value) + value.error))

    def same(self, first: MultivariateGaussian, second: MultivariateGaussian) -> bool:
        """Whether two q's are one, by the divergence between them."""
        closest = SAME_BY_RULE.get(self.p.dimension, SAME_BY_SAMPLE)
        return closed_forms.kl_divergence(first, second).value <= closest


@dataclass(frozen=True)
class ReducedProblem(MultivariateProblem):
    """The reverse fit of a full covariance, searched for in the coordinates in which p is not a single Gaussian: exact.

    See `fits.subspace`.
    """

    subspace: Subspace = field(compare=False, repr=False)

    @cached_property
    def inner(self) -> MultivariateProblem:
        """The problem in those coordinates."""
        return MultivariateProblem(self.subspace.p, self.aim, self.family)

    @property
    def searched(self) -> Certainty:
        """As certain as it is there."""
        return self.inner.searched

    def watched(self, watch: Watch) -> MultivariateProblem:
        """The inner problem is."""
        if self.exact(None):
            return super().watched(watch)
        self.inner.watched(watch)
        return self

    def exact(self, first: np.ndarray | None) -> tuple[MultivariateGaussian, str] | None:
        """Where no coordinate is left all components are one Gaussian."""
        if self.subspace.p is not None and not is_gaussian(self.subspace.p):
            return None
        return families.reverse_of_gaussian(self.p, self.family), "exact: all components of p are one Gaussian"

    def led(self, first: np.ndarray) -> Found:
        """The other coordinates of the start are at their best at once: the divergence is the sum of both."""
        start = self.inner.place(self.subspace.down(self.q(first)))
        found = self._lifted(self.inner.led(start))
        return found._replace(way=np.concatenate([first[None], found.way]))

    def search(self) -> tuple[list[Found], int]:
        """The stationary places there."""
        found, starts = self.inner.search()
        return [self._lifted(each) for each in found], starts

    def _lifted(self, found: Found) -> Found:
        """The same in all coordinates."""
        way = np.array([self._up(place) for place in found.way])
        n, r = self.subspace.basis.shape
        told = f"in the {r} of {n} coordinates in which p is no single Gaussian"
        effort = f"{told}, {found.effort}" if found.effort else told
        return found._replace(place=way[-1], way=way, terms=self.subspace.terms(found.terms), effort=effort)

    def _up(self, place: np.ndarray) -> np.ndarray:
        return place_of(self.subspace.up(self.inner.q(place)))

    def path(self, way: np.ndarray, value: Estimate) -> Path:
        """The divergence is that of the coordinates seen; at a start it may be more, and is taken in full."""
        if self.exact(None):
            return super().path(way, value)
        qs = [self.q(place) for place in way]
        seen = [self.subspace.down(q) for q in qs]
        kl = self.inner.objective.values(np.array([self.inner.place(q) for q in seen]))[0]
        error = abs(kl[-1] - value.value) + value.error
        if closed_forms.kl_divergence(qs[0], self.subspace.up(seen[0])).value > NEAR:
            first = self.value(qs[0])
            kl[0], error = first.value, error + first.error
        parameters = {name: np.array([getattr(q, name) for q in qs]) for name in ("mean", "cov")}
        return Path(MultivariateGaussian, parameters, kl, float(error))


@problem_of.register(MultivariateGaussian)
@problem_of.register(MultivariateGaussianMixture)
def problem_in_space(
    p: MultivariateGaussian | MultivariateGaussianMixture, aim: Aim, family: families.Family | None
) -> Searched:
    """A Gaussian q whose covariance is of the family; a full one is searched for where p is not a single Gaussian."""
    if not isinstance(aim, Direction):
        raise refuse("objective", '"forward" or "reverse", as p is multivariate', aim)
    family = family or families.Gaussian()
    if not isinstance(family, families.OfCovariance) or getattr(family, "std", None) is not None:
        raise refuse("family", "Gaussian(), Diagonal() or Isotropic() of kl.families, as p is multivariate", family)
    full = aim is Direction.REVERSE and isinstance(family, families.Gaussian) and not is_gaussian(p)
    if full and (subspace := Subspace.of(p)):
        return ReducedProblem(p, aim, family, subspace)
    return MultivariateProblem(p, aim, family)
