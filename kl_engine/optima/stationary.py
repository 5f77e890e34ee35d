"""Every Gaussian q at which a divergence from or to p is stationary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from kl_engine.distributions.gaussian import Gaussian, Mixture
from kl_engine.estimates.estimate import Direction, Estimate
from kl_engine.estimates.floats import ieee
from kl_engine.estimates.tolerances import SAME
from kl_engine.fits import families
from kl_engine.fits.descent import settled
from kl_engine.fits.directions import ReverseObjective
from kl_engine.fits.objective import apart
from kl_engine.fits.problems.gaussian import GaussianProblem
from kl_engine.fits.problems.problem import Problem, aim_of, best_first, problem_of
from kl_engine.fits.solution import Status
from kl_engine.optima.cover import Cover, cover
from kl_engine.optima.listing import Listing
from kl_engine.optima.mode_curves import NEARLY, starts, turns_at, zeros_at
from kl_engine.optima.nearby_roots import FLAT, SOFT, flattest, slopes_beside, with_nearby
from kl_engine.optima.newton import Roots, newton_roots
from kl_engine.optima.scale_space import ScaleSpace

ASTRAY = 0.1  # from its start in std and log std of q: a zero further off may be that of another start
ANY = 10.0  # where the count is not right, companions are looked for beside points of any curvature up to this
WIDER = 1e-6  # of the bounds of σ
BESIDE = 1e-3  # how far from a flat point its neighbourhood is probed


@dataclass(frozen=True)
class StationaryPoint:
    """A q at which the divergence is stationary, its value and kind, and the eigenvalues of its Hessian, ascending.

    `kind` is "minimum", "saddle" or "maximum"; two points that meet in a fold are one "saddle", of an eigenvalue 0. The
    Hessian is in (μ in units of std, log std), or with a fixed std in the first alone; nats. `value` is the divergence
    at `q`, in nats. Made by `kl.optima.stationary_points`.

    >>> import kl_engine as kl
    >>> p = kl.GaussianMixture([0.5, 0.5], [-4, 4], [1, 1])
    >>> best = kl.optima.stationary_points(p)[0]
    >>> best.kind, round(best.q.mean, 4), f"{best.value:.4f}"
    ('minimum', 3.9996, '0.6931')
    """

    q: Gaussian
    value: Estimate
    kind: str
    eigenvalues: tuple[float, ...]


class Counted(NamedTuple):
    """A stationary point with its index: 1 for a minimum, −1 for a saddle or maximum, 0 where two of them meet."""

    point: StationaryPoint
    index: int


class StationaryPoints(Listing):
    """A tuple of `StationaryPoint`, the points best first, with `complete` and a `message` that says what that rests
    on.

    `complete`: it is proved that there is no other stationary point. Their values are in nats. Made by
    `kl.optima.stationary_points`.

    >>> import kl_engine as kl
    >>> p = kl.GaussianMixture([0.5, 0.5], [-4, 4], [1, 1])
    >>> found = kl.optima.stationary_points(p)
    >>> len(found), found.complete
    (5, True)
    """

    told = ("complete", "message")
    complete: bool
    message: str


@ieee
def stationary_points(p, objective="reverse", family=None) -> StationaryPoints:
    """Every q at which an objective is stationary, best first, in nats (the arguments are those of `kl.fit`).

    Forward, and wherever q is exact, there is one. D(q‖p) over q = N(μ, σ²), p a mixture of Gaussians on the line: with
    σ free, all lie on the curves of modes of the smoothed log p, one for each mode of p, over a bounded range of σ
    (`mode_curves` and `ScaleSpace.reach` prove it). On those curves one function B(σ) is scanned for changes of sign,
    and for turns near 0, then each zero is polished by Newton's method with exact second derivatives until the gradient
    is at its rounding. With σ held the same is done with E f′ over the hull of the means, outside of which it has no
    zero.

    Then it is proved that there is no other (`cover`): the rectangle of all μ and σ that a stationary q can have is cut
    until on every piece the gradient is enclosed away from 0, or the piece lies next to a point that is shown to be the
    only one there. Only then is `complete` True; where two points all but meet, or where p has scales so far apart that
    the pieces become too many, `complete` is False and `message` says so. The count, minima − saddles = 1 and no maxima
    (σ free), minima − maxima = 1 (held), is a check beside that. Of equal values the larger mean comes first. For every
    other objective, family or p the points are the distinct ends of the starts of `kl.fit`, and `complete` is False.
    Raises ValueError for a bad argument. Source: for the curves of modes T. Lindeberg, Scale-Space Theory in Computer
    Vision (1994); for the gradient M. Opper, C. Archambeau, Neural Computation 21 (2009) 786.

    >>> import kl_engine as kl
    >>> p = kl.GaussianMixture([0.5, 0.5], [-4, 4], [1, 1])
    >>> [point.kind for point in kl.optima.stationary_points(p)]
    ['minimum', 'minimum', 'minimum', 'saddle', 'saddle']
    """
    problem = problem_of(p, aim_of(objective), None if family is None else families.family_of(family))
    if problem.exact(None):
        return _one(problem)
    if not isinstance(problem, GaussianProblem) or problem.aim is not Direction.REVERSE or not isinstance(p, Mixture):
        return _ends(problem)
    found = _Search(problem)
    points, _ = found.points()
    proof = found.proof(points)
    if not proof.complete and len(proof.doubts):
        more, _ = found.points(proof.doubts)
        if len(more) > len(points):
            points, proof = more, found.proof(more)
    return StationaryPoints([entry.point for entry in points], proof.complete, _note(points, found.held, proof))


def counted_points(p: Mixture, family: families.Gaussian) -> tuple[tuple[StationaryPoint, ...], bool]:
    """The same of D(q‖p), for searches that ask for them many times; and whether there are reasons to trust the count.

    The proof, which takes longer than the search, is tried only where the scan itself is in doubt.
    """
    problem = problem_of(p, Direction.REVERSE, family)
    if problem.exact(None):
        return tuple(_one(problem)), True
    found = _Search(problem)
    points, trusted = found.points()
    return tuple(entry.point for entry in points), trusted or found.proof(points).complete


class _Search:
    """The scan of one problem, and what becomes of it."""

    def __init__(self, problem: GaussianProblem) -> None:
        self.problem, self.held = problem, problem.std is not None
        self.space = ScaleSpace.of(problem.p)
        if self.held:
            (proven,), possible = zeros_at(self.space, [problem.std]), turns_at(self.space, problem.std)
            self.settled = True
            self.unit = max(1.0, self.space.finest() / problem.std)
        else:
            (proven, possible, self.settled), self.unit = starts(self.space), 1.0
        self.proven = len(proven)
        p = problem.p
        self.at = np.array([start[:2] for start in proven + possible] or [(p.mean, problem.std or p.std)])

    def points(self, further: np.ndarray | None = None) -> tuple[list[Counted], bool]:
        """The points from the scan, and `further` places (R, 2); and whether scan and count are right."""
        at = self.at if further is None else np.concatenate([self.at, further])
        objective = self.problem.objective
        roots = newton_roots(objective, at, self.unit)
        for below in (SOFT, ANY):
            points = _classified(self.problem, with_nearby(objective, roots, self.unit, below))
            if sum(entry.index for entry in points) == 1:
                break
        right = sum(entry.index for entry in points) == 1
        return points, right and self.settled and self.proven > 0 and not _lost(roots, self.proven)

    def proof(self, points: list[Counted]) -> Cover:
        """Whether there is no other."""
        at = np.array([(entry.point.q.mean, entry.point.q.std) for entry in points]).reshape(-1, 2)
        if self.held:
            return cover(self.problem.p, at, (self.problem.std, self.problem.std), True)
        low, high = self.space.reach()
        return cover(self.problem.p, at, (low * (1 - WIDER), high * (1 + WIDER)), False)


def _one(problem: Problem) -> StationaryPoints:
    """The one point of a problem whose q is exact."""
    found = problem.solved(None)
    # On the line D(p‖q) = log σ + ½ E_p (x − μ)²/σ² + …: its Hessian is diag(1, 2) at the moments of p.
    curvatures = (1.0, 2.0) if isinstance(found.q, Gaussian) and problem.family.std is None else (1.0,)
    point = StationaryPoint(found.q, found.value, "minimum", curvatures)
    return StationaryPoints([point], True, f"one stationary point: {found.reason}")


def _ends(problem: Problem) -> StationaryPoints:
    """The stationary ends of the stated starts."""
    kinds = {Status.CONVERGED: "minimum", Status.SADDLE: "saddle", Status.FLAT: "saddle"}
    points = [
        StationaryPoint(end.q, end.value, kinds[end.status], tuple(end.curvatures.tolist()))
        for end in problem.ends()
        if end.status in kinds
    ]
    return StationaryPoints(points, False, f"{len(points)} found from the starts of kl.fit; there may be others")


def _classified(problem: GaussianProblem, roots: Roots) -> list[Counted]:
    """The points, best first; of equals the larger mean."""
    points = [_point(problem, roots, row) for row in range(len(roots.places))]
    values, ranks = [entry.point.value.value for entry in points], [-entry.point.q.mean for entry in points]
    return [points[row] for row in best_first(values, ranks)]


def _lost(roots: Roots, proven: int) -> bool:
    """Whether a start that a change of sign proves has led nowhere, or far off to the zero of another one."""
    # Where exact derivatives leave a small gradient and no zero, the scan saw one by its rounding.
    nowhere = ~roots.found & (roots.size > NEARLY)
    places = roots.places[:proven]
    gaps = apart(places[:, None], places)
    shared = (gaps < SAME).sum(axis=1) > 1
    return bool(nowhere[:proven].any() or (shared & roots.found[:proven] & (roots.away[:proven] > ASTRAY)).any())


def _point(problem: GaussianProblem, roots: Roots, row: int) -> Counted:
    """One stationary point, and what it counts for."""
    objective, place, values = problem.objective, roots.places[row], roots.terms.curvatures()[row]
    if np.abs(values).min() > FLAT:
        index = 1 if values.min() > 0 else -1
        if index == 1:  # with the digits that a fit ends with, too
            last, _, found_again = settled(objective, place)
            place = last if found_again and apart(last, place) <= SAME else place
    else:
        index = _index(objective, place, roots.terms.hessian[row])
    kind = "minimum" if index == 1 else "maximum" if index == -1 and values.max() <= FLAT else "saddle"
    q = problem.q(place)
    return Counted(StationaryPoint(q, problem.value(q), kind, tuple(values.tolist())), index)


def _index(objective: ReverseObjective, place: np.ndarray, hessian: np.ndarray) -> int:
    """1, −1 or 0 where the Hessian is singular: whether the slope along its flat direction turns up, down or not."""
    before, after = np.sign(slopes_beside(objective, place, flattest(hessian)[1], BESIDE))
    return int(after - before) // 2


def _note(points: list[Counted], held: bool, proof: Cover) -> str:
    """What the count says, in words, and what is proved."""
    minima, flat = (sum(entry.index == index for entry in points) for index in (1, 0))
    count, others = sum(entry.index for entry in points), len(points) - minima - flat
    names = ("maximum", "maxima") if held else ("saddle", "saddles")
    counted = f"{minima} {'minimum' if minima == 1 else 'minima'} − {others} {names[others != 1]} = {count}"
    merged = f", and {flat} where two points meet" if flat else ""
    if proof.complete:
        return f"{counted}{merged}, as it must be; proved: no other q is stationary"
    if count != 1:
        return f"{counted}{merged}; it must be 1, so points may be missing"
    return f"{counted}{merged}, as it must be; that there is no other is not proved: points may be missing"
