"""Every Gaussian q at which a divergence from or to p is stationary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from kl_engine.distributions.gaussian import Gaussian, Mixture, mixture
from kl_engine.divergences.line import forward_kl, reverse_kl
from kl_engine.estimates.checks import positive
from kl_engine.estimates.estimate import Direction, Estimate
from kl_engine.fits.descent import curvatures
from kl_engine.fits.gaussian import moment_match
from kl_engine.fits.reverse import ReverseObjective
from kl_engine.optima.mode_curves import NEARLY, starts, turns_at, zeros_at
from kl_engine.optima.nearby_roots import FLAT, SAME, SOFT, flattest, slopes_beside, with_companions
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


def stationary_points(p: Mixture, direction="reverse", fixed_std: float | None = None) -> StationaryPoints:
    """Every stationary point of D(p‖q) ("forward") or D(q‖p) ("reverse") over q = N(μ, σ²), best first, in nats.

    With `fixed_std`, over μ alone. Forward there is exactly one. Reverse: with σ free, all lie on the curves of modes
    of the smoothed log p, one for each mode of p, over a bounded range of σ (`mode_curves` and `ScaleSpace.reach` prove
    it). On those curves one function B(σ) is scanned for changes of sign, and for turns near 0, then each zero is
    polished by Newton's method with exact second derivatives until the gradient is at its rounding. With σ fixed the
    same is done with E f′ over the hull of the means, outside of which it has no zero.

    What that proves: the curves, their ends, and the parity of the zeros between two σ of the scan. What it takes on
    trust is that the steps of the scan, set by σ and by the widths of the crossings of p, miss no pair of zeros. The
    count must be right as well: minima − saddles = 1 and no maxima (σ free), minima − maxima = 1 (fixed). Where it is
    not, the scan is made finer, and if that does not help `complete` is False and `message` says so. Of equal values
    the larger mean comes first. Raises ValueError for a bad argument.
    """
    p, direction = mixture("p", p), Direction.of(direction)
    fixed = None if fixed_std is None else positive("fixed_std", fixed_std)
    if direction is Direction.FORWARD:
        return _forward(p, fixed)
    objective, space = ReverseObjective.of(p), ScaleSpace.of(p)
    held = fixed is not None
    if held:
        (proven,), possible, settled = zeros_at(space, [fixed]), turns_at(space, fixed), True
        unit = max(1.0, space.finest() / fixed)
    else:
        (proven, possible, settled), unit = starts(space), 1.0
    at = np.array([start[:2] for start in proven + possible] or [(p.mean, fixed or p.std)]).T
    roots = newton_roots(objective, *at, held, unit)
    settled = settled and bool(proven) and not _lost(roots, len(proven))
    points: list[Counted] = []
    for below in (SOFT, ANY):
        points = _classified(p, objective, with_companions(objective, roots, held, unit, below), held)
        if sum(entry.index for entry in points) == 1:
            break
    complete = settled and sum(entry.index for entry in points) == 1
    return StationaryPoints([entry.point for entry in points], complete, _note(points, held, complete))


def _classified(p: Mixture, objective: ReverseObjective, roots: Roots, fixed: bool) -> list[Counted]:
    """The points, best first; of equals the larger mean."""
    points = [_point(p, objective, roots, row, fixed) for row in range(roots.mean.size)]
    return sorted(points, key=lambda entry: (round(entry.point.value.value, 11) + 0.0, -entry.point.q.mean))


def _forward(p: Mixture, fixed: float | None) -> StationaryPoints:
    """D(p‖q) = log σ + ½ E_p (x − μ)²/σ² + …: its Hessian is diag(1, 2) at the moments of p, and 1 where σ is fixed."""
    q = moment_match(p) if fixed is None else Gaussian(p.mean, fixed)
    point = StationaryPoint(q, forward_kl(p, q), "minimum", (1.0, 2.0) if fixed is None else (1.0,))
    return StationaryPoints([point], True, "exact: the forward divergence has one stationary point")


def _lost(roots: Roots, proven: int) -> bool:
    """Whether a start that a change of sign proves has led nowhere, or far off to the zero of another one."""
    # Where exact derivatives leave a small gradient and no zero, the scan saw one by its rounding.
    nowhere = ~roots.found & (roots.size > NEARLY)
    mean, log_std = roots.mean[:proven], np.log(roots.std[:proven])
    gaps = np.maximum(np.abs(mean[:, None] - mean) / roots.std[:proven], np.abs(log_std[:, None] - log_std))
    shared = (gaps < SAME).sum(axis=1) > 1
    return bool(nowhere[:proven].any() or (shared & roots.found[:proven] & (roots.away[:proven] > ASTRAY)).any())


def _point(p: Mixture, objective: ReverseObjective, roots: Roots, row: int, fixed: bool) -> Counted:
    """One stationary point, and what it counts for."""
    q = Gaussian(roots.mean[row], roots.std[row])
    values = curvatures(roots.terms, fixed)[row]
    if np.abs(values).min() > FLAT:
        index = 1 if values.min() > 0 else -1
    else:
        index = _index(objective, q, roots.terms.hessian[row], fixed)
    kind = "minimum" if index == 1 else "maximum" if index == -1 and values.max() <= FLAT else "saddle"
    return Counted(StationaryPoint(q, reverse_kl(p, q), kind, tuple(values.tolist())), index)


def _index(objective: ReverseObjective, q: Gaussian, hessian: np.ndarray, fixed: bool) -> int:
    """1, −1 or 0 where the Hessian is singular: whether the slope along its flat direction turns up, down or not."""
    before, after = np.sign(slopes_beside(objective, q, flattest(hessian, fixed)[1], BESIDE))
    return int(after - before) // 2


def _note(points: list[Counted], fixed: bool, complete: bool) -> str:
    """What the count says, in words."""
    minima, flat = (sum(entry.index == index for entry in points) for index in (1, 0))
    other = "maxima" if fixed else "saddles"
    counted = f"{minima} minima − {len(points) - minima - flat} {other} = {sum(entry.index for entry in points)}"
    merged = f", and {flat} where two points meet" if flat else ""
    ending = "as it must be" if complete else "it must be 1, with every change of sign found: points may be missing"
    return f"{counted}{merged}; {ending}"
