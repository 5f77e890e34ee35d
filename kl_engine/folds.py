"""Where stationary points of D(q‖p) are born or meet: the gradient vanishes there and the Hessian is singular."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from kl_engine.branches import Step
from kl_engine.distributions import Gaussian
from kl_engine.reverse_objective import ReverseObjective
from kl_engine.ties import Family

PRECISION = 1e-13  # of the search, in units of q's std and of the scale
SETTLED = 1e-9  # what may be left of the equations
NEAR = 0.5  # in units of q's std and log std: a fold further from the point is that of others
NEARBY = 0.02  # of the scale: the same for the separation


def folds_in(family: Family, step: Step, scale: float, held: bool) -> Iterator[tuple[float, Gaussian]]:
    """The fold next to each point that begins or ends in a short step, with its separation; a pair has the same one."""
    for loose, separation in ((step.beginning, step.high.separation), (step.ending, step.low.separation)):
        for point in loose:
            fold = _fold(family, point.q, separation, scale, held)
            if fold is not None:
                yield fold


def pitchfork_in(family: Family, step: Step, std: float) -> float | None:
    """The separation at which the centre of a symmetric p loses its stability, with the std of q fixed."""
    from scipy.optimize import brentq

    def curvature(separation: float) -> float:
        terms = ReverseObjective.of(family(separation)).terms(np.zeros(1), np.array([std]))
        return float(terms.hessian[0, 0, 0])

    low, high = step.low.separation, step.high.separation
    if curvature(low) > 0 > curvature(high):
        return float(brentq(curvature, low, high, xtol=PRECISION))
    return None


def _fold(family: Family, near: Gaussian, separation: float, scale: float, held: bool) -> tuple[float, Gaussian] | None:
    """The solution of ∇D = 0 and det H = 0 next to a point that is about to meet another."""
    from scipy.optimize import root

    def place(unknown: np.ndarray) -> tuple[float, Gaussian]:
        shift, stretch = (unknown[0], 0.0) if held else unknown[:2]
        q = Gaussian(near.mean + near.std * float(shift), near.std * float(np.exp(stretch)))
        return separation + scale * float(unknown[-1]), q

    def conditions(unknown: np.ndarray) -> np.ndarray:
        at, q = place(unknown)
        terms = ReverseObjective.of(family(at)).terms(np.array([q.mean]), np.array([q.std]))
        if held:
            return np.array([terms.gradient[0, 0], terms.hessian[0, 0, 0]])
        return np.append(terms.gradient[0], np.linalg.det(terms.hessian[0]))

    found = root(conditions, np.zeros(2 if held else 3), method="hybr", options={"xtol": PRECISION})
    away = np.abs(found.x)
    if np.abs(found.fun).max() > SETTLED or away[:-1].max() > NEAR or away[-1] > NEARBY:
        return None
    return place(found.x)
