"""Newton's method for the zeros of the gradient of D(q‖p), minima or not, for many starts at once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from kl_engine.estimates.checks import SMALLEST
from kl_engine.estimates.tolerances import LAST_LOOK, NEAR_STEP
from kl_engine.fits.directions import ReverseObjective
from kl_engine.fits.objective import Terms, apart

FARTHEST = 1.5  # from the start, in natural coordinates: beyond, it is the zero of another start, or none
STALLED = 1e-6  # a step this short that gets no shorter is the rounding of the gradient
ZERO = 1e-12  # a gradient that counts as zero, where the Hessian is at most 1
PATIENCE = 5  # iterations within which the gradient has to halve


class Roots(NamedTuple):
    """Where R starts led."""

    places: np.ndarray  # (R, 2) mean and std
    terms: Terms
    found: np.ndarray  # (R,) whether the gradient vanishes there
    size: np.ndarray  # (R,) of the gradient
    away: np.ndarray  # (R,) from the start, in its std and in log std

    def chosen(self, rows) -> Roots:
        """Some of the rows."""
        return Roots(self.places[rows], self.terms.chosen(rows), *(part[rows] for part in self[2:]))

    def joined(self, other: Roots) -> Roots:
        """The rows of both."""
        rest = (np.concatenate(pair) for pair in zip(self[2:], other[2:]))
        return Roots(np.concatenate([self.places, other.places]), self.terms.joined(other.terms), *rest)


def newton_roots(objective: ReverseObjective, starts: np.ndarray, unit: float = 1.0) -> Roots:
    """The zero of the gradient next to each start (R, 2); where the std is held, of its only entry.

    `unit` is the scale, in units of q's std, on which the gradient bends: more than 1 for a narrow q. At a double zero
    the method is slower, but it converges: each step halves the distance.
    """
    places = np.array(starts, dtype=np.float64)
    first, count = places.copy(), len(places)
    terms = objective.terms(places)
    size, best = _size(terms), np.full(count, np.inf)
    waited, step, active = np.zeros(count, dtype=int), np.full(count, np.inf), np.arange(count)
    while True:
        halved = size < 0.5 * best
        best = np.where(halved, size, best)
        waited = np.where(halved, 0, waited + 1)
        away = apart(places, first)
        ended = (step < LAST_LOOK * unit) | (size == 0) | (waited > PATIENCE) | (away > FARTHEST * unit)
        active = active[~ended[active]]
        if active.size == 0:
            break
        move, step[active] = _steps(terms.chosen(active), NEAR_STEP * unit)
        places[active] = objective.moved(places[active], move)
        for old, new in zip(terms, objective.chosen(active).terms(places[active])):
            old[active] = new
        size = _size(terms)
    scale = np.maximum(1, np.abs(terms.hessian).max(axis=(1, 2)))
    found = (size <= ZERO * scale) | (step < LAST_LOOK * unit) | ((waited > PATIENCE) & (step < STALLED * unit))
    return Roots(places, terms, found & (away <= FARTHEST * unit), size, away)


def _size(terms: Terms) -> np.ndarray:
    return np.abs(terms.gradient).max(axis=1)


def _steps(terms: Terms, longest: float) -> tuple[np.ndarray, np.ndarray]:
    """−H⁻¹ g, cut to the `longest`, (R, P); and its size before the cut, (R,)."""
    g = terms.gradient.T
    if len(g) == 1:
        tops, det = -g, terms.hessian[:, 0, 0]
    else:
        (a, b), (_, d) = np.moveaxis(terms.hessian, 0, -1)
        tops, det = np.array([b * g[1] - d * g[0], b * g[0] - a * g[1]]), a * d - b * b
    det = np.where(det == 0, SMALLEST, det)
    with np.errstate(over="ignore"):  # where H is singular the step is endless, and cut
        steps = np.clip((tops / det).T, -1e9, 1e9)
    sizes = np.abs(steps).max(axis=1)
    return steps * np.minimum(1, longest / np.maximum(sizes, longest))[:, None], sizes
