"""Where stationary points of D(q‖p) appear, vanish or part as p changes with one number, its separation."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from kl_engine.distributions.gaussian import Gaussian, GaussianMixture
from kl_engine.estimates.tolerances import DOUBLE_ZERO, NEAR_STEP, PLACE_OF_TIE
from kl_engine.fits.directions import ReverseObjective
from kl_engine.optima.newton import newton_roots

TargetAt = Callable[[float], GaussianMixture]  # the target at a separation
Ends = tuple[Gaussian, Gaussian]  # a branch at two separations

DIFFERENCE = 1e-4  # of the central differences, in std of q and of log std: their error only slows the iteration
MOST_ITERATIONS = 40


def fold_near(target_at: TargetAt, separation: float, q: Gaussian, fixed: bool) -> tuple[float, Gaussian] | None:
    """The separation and the q at which two stationary points meet, near a pair of them; None if none is found.

    Solves gradient = 0 with det H = 0 (σ fixed: D′ = 0 with D″ = 0) by Newton's method in (μ, log σ, separation).
    """
    unit = max(q.std, float(target_at(separation).stds.min()))  # q may be held much narrower than p bends
    free = [0, 2] if fixed else [0, 1, 2]
    at = np.array([q.mean / unit, np.log(q.std / unit), separation / unit])
    for _ in range(MOST_ITERATIONS):
        rows = at + DIFFERENCE * np.vstack([np.zeros(3), *((np.eye(3)[i], -np.eye(3)[i]) for i in free)])
        if (rows[:, 2] < 0).any():
            return None
        residual = _residual(target_at, rows, unit, fixed)
        slopes = (residual[1::2] - residual[2::2]).T / (2 * DIFFERENCE)
        step, *_ = np.linalg.lstsq(slopes, -residual[0], rcond=None)
        size = np.abs(step).max()
        at[free] += step * min(1.0, NEAR_STEP / max(size, NEAR_STEP))
        if size < DOUBLE_ZERO * max(1.0, abs(at[2])):
            return float(at[2] * unit), Gaussian(at[0] * unit, q.std if fixed else unit * float(np.exp(at[1])))
    return None


def _residual(target_at: TargetAt, rows: np.ndarray, unit: float, fixed: bool) -> np.ndarray:
    """(rows, equations): the gradient and the determinant of the Hessian."""
    objective = ReverseObjective.of(*(target_at(row) for row in (rows[:, 2] * unit).tolist()))
    terms = objective.terms(np.column_stack([rows[:, 0] * unit, unit * np.exp(rows[:, 1])]))
    if fixed:
        scale = np.exp(-rows[:, 1])  # from the std of q to the unit
        return np.stack([scale * terms.gradient[:, 0], scale * scale * terms.hessian[:, 0, 0]], axis=1)
    return np.column_stack([terms.gradient, np.linalg.det(terms.hessian)])


def pitchfork_between(target_at: TargetAt, low: float, high: float, std: float) -> float:
    """The separation at which the curvature at q = N(0, std²) of a symmetric p changes sign."""
    from scipy.optimize import brentq

    def curvature(separation: float) -> float:
        objective = ReverseObjective.of(target_at(separation))
        return float(objective.terms(np.array([[0.0, std]])).hessian[0, 0, 0])

    return float(brentq(curvature, low, high, xtol=PLACE_OF_TIE * high, rtol=1e-15))


def tie_between(
    target_at: TargetAt, low: float, high: float, first: Ends, second: Ends, fixed: bool
) -> tuple[float, Gaussian, Gaussian]:
    """The separation at which two branches have one value, and their q there; the first is the lower one at `low`."""
    from scipy.optimize import brentq

    def both(separation: float) -> tuple[float, list[Gaussian]]:
        share = (separation - low) / (high - low)
        ends = [(_mixed(a.mean, b.mean, share), a.std * (b.std / a.std) ** share) for a, b in (first, second)]
        found = newton_roots(ReverseObjective.of(target_at(separation), held=fixed), np.array(ends))
        lead = float(found.terms.value[0] - found.terms.value[1])
        return lead, [Gaussian(*place) for place in found.places]

    separation = float(brentq(lambda d: both(d)[0], low, high, xtol=PLACE_OF_TIE * high, rtol=1e-14))
    return separation, *both(separation)[1]


def _mixed(here: float, there: float, share: float) -> float:
    return here + share * (there - here)
