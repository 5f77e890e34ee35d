"""Every Gaussian q at which a divergence from or to p is stationary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from kl_engine.distributions.gaussian import Gaussian, Mixture
from kl_engine.estimates.estimate import Direction, Estimate
from kl_engine.estimates.tolerances import SAME
from kl_engine.fits import families
from kl_engine.fits.descent import settled
from kl_engine.fits.directions import ReverseObjective
from kl_engine.fits.objective import apart
from kl_engine.fits.problems.gaussian import GaussianProblem
from kl_engine.fits.problems.problem import Problem, aim_of, best_first, problem_of
from kl_engine.fits.solution import Status
from kl_engine.optima.mode_curves import NEARLY, starts, turns_at, zeros_at
from kl_engine.optima.nearby_roots import FLAT, SOFT, flattest, slopes_beside, with_nearby
from kl_engine.optima.newton import Roots, newton_roots
from kl_engine.optima.scale_space import ScaleSpace

ASTRAY = 0.1  # from its start in std and log std of q: a zero further off may be that of another start
ANY = 10.0  # where the count is not right, companions are looked for beside points of any curvature up to this
BESIDE = 1e-3  # how far from a flat point its neighbourhood is probed


@dataclass(frozen=True)
class StationaryPoint:
    """A q at which the divergence is stationary, its value and kind, and the eigenvalues of its Hessian, ascending.

    `kind` is "minimum", "saddle" or "maximum"; two points that meet in a fold are one "saddle", of an eigenvalue 0. The
    Hessian is in (μ in units of std, log std), or with a fixed std in the first alone; nats.
    """

    q: Gaussian
    value: Estimate
    kind: str
    eigenvalues: tuple[float, ...]


class Counted(NamedTuple):
    """A stationary point with its index: 1 for a minimum, −1 for a saddle or maximum, 0 where two of them meet."""

    point: StationaryPoint
    index: int


class StationaryPoints(tuple):
    """A tuple of `StationaryPoint`, best first, with `complete` and a `message` that says what that rests on."""

    complete: bool
    message: str

    def __new__(cls, points, complete: bool, message: str) -> StationaryPoints:
        """The points in their order."""
        self = super().__new__(cls, points)
        self.complete, self.message = complete, message
        return self


def stationary_points(p, objective="reverse", family=None) -> StationaryPoints:
    """Every q at which an objective is stationary, best first, in nats (the arguments are those of `kl.fit`).

    Forward, and wherever q is exact, there is one. D(q‖p) over q = N(μ, σ²), p a mixture of Gaussians on the line: with
    σ free, all lie on the curves of modes of the smoothed log p, one for each mode of p, over a bounded range of σ
    (`mode_curves` and `ScaleSpace.reach` prove it). On those curves one function B(σ) is scanned for changes of sign,
    and for turns near 0, then each zero is polished by Newton's method with exact second derivatives until the gradient
    is at its rounding. With σ held the same is done with E f′ over the hull of the means, outside of which it has no
    zero.

    What that proves: the curves, their ends, and the parity of the zeros between two σ of the scan. What it takes on
    trust is that the steps of the scan, set by σ and by the widths of the crossings of p, miss no pair of zeros. The
    count must be right as well: minima − saddles = 1 and no maxima (σ free), minima − maxima = 1 (held). Where it is
    not, the scan is made finer, and if that does not help `complete` is False and `message` says so. Of equal values
    the larger mean comes first. For every other objective, family or p the points are the distinct ends of the starts
    of `kl.fit`, and `complete` is False. Raises ValueError for a bad argument.

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
    objective, space, held = problem.objective, ScaleSpace.of(p), problem.std is not None
    if held:
        (proven,), possible, settled = zeros_at(space, [problem.std]), turns_at(space, problem.std), True
        unit = max(1.0, space.finest() / problem.std)
    else:
        (proven, possible, settled), unit = starts(space), 1.0
    at = np.array([start[:2] for start in proven + possible] or [(p.mean, problem.std or p.std)])
    roots = newton_roots(objective, at, unit)
    settled = settled and bool(proven) and not _lost(roots, len(proven))
    points: list[Counted] = []
    for below in (SOFT, ANY):
        points = _classified(problem, with_nearby(objective, roots, unit, below))
        if sum(entry.index for entry in points) == 1:
            break
    complete = settled and sum(entry.index for entry in points) == 1
    return StationaryPoints([entry.point for entry in points], complete, _note(points, held, complete))


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


def _note(points: list[Counted], fixed: bool, complete: bool) -> str:
    """What the count says, in words."""
    minima, flat = (sum(entry.index == index for entry in points) for index in (1, 0))
    other = "maxima" if fixed else "saddles"
    counted = f"{minima} minima − {len(points) - minima - flat} {other} = {sum(entry.index for entry in points)}"
    merged = f", and {flat} where two points meet" if flat else ""
    ending = "as it must be" if complete else "it must be 1, with every change of sign found: points may be missing"
    return f"{counted}{merged}; {ending}"
