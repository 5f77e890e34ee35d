"""Stationary points that lie so close together that a scan may see one of them for all."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations

import numpy as np

from kl_engine.estimates.tolerances import SAME
from kl_engine.fits.descent import descend
from kl_engine.fits.directions import ReverseObjective
from kl_engine.fits.objective import apart
from kl_engine.optima.newton import Roots, newton_roots

UNRESOLVED = 1e-13  # a gradient that cannot be told from 0: nor can two points with no more between them
TRIPLE = 6  # on either side of a triple zero, distance times curvature is at most so many times the gradient left there
FLAT = 1e-6  # an eigenvalue below it: points that meet, or all but meet
SOFT = 0.15  # and below this: others may be near
ASIDE, FARTHEST = 0.02, 0.8  # where the slope is probed for them, and where they are looked for
MOST_DESCENTS = 8
AROUND = (-0.4, -0.15, 0.15, 0.4)  # where the descents to either side start


def with_nearby(objective: ReverseObjective, roots: Roots, unit: float, below: float = SOFT) -> Roots:
    """The distinct zeros among the roots, and those that lie next to them.

    Next to a point of low curvature there may be another: where the slope along its flat direction suggests one, and
    where descents to either side end. Where Newton's method has failed to settle, a descent finds a minimum all the
    same. Between two minima within a std of each other there may be a saddle. A curvature is low when it is `below`.
    """
    failed = roots.places[~roots.found & (roots.away < FARTHEST)][:MOST_DESCENTS]
    roots = distinct(roots)
    near = _suggested(objective, roots, below)
    downhill = np.concatenate([failed, _around(objective, roots, below)])
    if downhill.size:
        ends = descend(objective, downhill)
        near = np.concatenate([near, ends.places[ends.stationary]])
    if near.size:
        roots = distinct(roots.joined(newton_roots(objective, near, unit)))
    between = _between_minima(roots)
    if between.size:
        roots = distinct(roots.joined(newton_roots(objective, between, unit)))
    return roots


def distinct(roots: Roots) -> Roots:
    """The zeros that were found, each once."""
    softest = np.abs(roots.terms.curvatures()).min(axis=1)
    rows: list[int] = []
    for row in np.nonzero(roots.found)[0].tolist():
        gaps = apart(roots.places[row], roots.places[rows])
        # Between two zeros the gradient reaches about their distance times the curvature at them.
        between = gaps * np.maximum(softest[rows], softest[row])
        left = UNRESOLVED + TRIPLE * np.maximum(roots.size[rows], roots.size[row])
        if not ((gaps < SAME) | (between < left)).any():
            rows.append(row)
    return roots.chosen(rows)


def _suggested(objective: ReverseObjective, roots: Roots, below: float) -> np.ndarray:
    """(n, 2): places where the slopes beside points of a low curvature λ suggest others, which the scan may not part.

    Along the flat direction the slope is λt + c t²/2 + e t³/6, with c and e from the slopes at two places beside.
    """
    found = []
    for row in _soft(roots, below):
        place = roots.places[row]
        curvature, flat = flattest(roots.terms.hessian[row])
        before, after = slopes_beside(objective, place, flat, ASIDE)
        bend = (before + after) / ASIDE**2
        cubic = 3 * (after - before - 2 * curvature * ASIDE) / ASIDE**3
        for t in np.roots([cubic / 6, bend / 2, curvature]):
            if t.imag == 0 and abs(t) < FARTHEST:
                found.append(_along(objective, place, flat, [t.real])[0])
    return np.array(found).reshape(-1, 2)


def _around(objective: ReverseObjective, roots: Roots, below: float) -> np.ndarray:
    """(n, 2): places on either side of points of low curvature."""
    found = []
    for row in _soft(roots, below):
        curvature, flat = flattest(roots.terms.hessian[row])
        if abs(curvature) > FLAT:
            found += list(_along(objective, roots.places[row], flat, AROUND))
    return np.array(found).reshape(-1, 2)


def _soft(roots: Roots, below: float) -> np.ndarray:
    """The rows of a low curvature."""
    return np.nonzero(np.abs(roots.terms.curvatures()).min(axis=1) < below)[0]


def _along(objective: ReverseObjective, place: np.ndarray, direction: np.ndarray, far: Sequence[float]) -> np.ndarray:
    """The places so far along a direction."""
    return objective.moved(np.tile(place, (len(far), 1)), np.outer(far, direction))


def _between_minima(roots: Roots) -> np.ndarray:
    """(n, 2): the middles of minima within a std of each other: a saddle may part them."""
    mean, std = roots.places.T
    rows = np.nonzero((roots.terms.curvatures() > 0).all(axis=1))[0]
    pairs = [(i, j) for i, j in combinations(rows, 2) if abs(mean[i] - mean[j]) < std[[i, j]].min()]
    middles = [(mean[[i, j]].mean(), math.sqrt(std[i] * std[j])) for i, j in pairs]
    return np.array(middles).reshape(-1, 2)


def flattest(hessian: np.ndarray) -> tuple[float, np.ndarray]:
    """The eigenvalue nearest to 0, and its direction."""
    values, vectors = np.linalg.eigh(hessian)
    row = np.abs(values).argmin()
    return float(values[row]), vectors[:, row]


def slopes_beside(objective: ReverseObjective, place: np.ndarray, along: np.ndarray, far: float) -> np.ndarray:
    """The slope in a direction at the places that lie so far before and after one."""
    return objective.terms(_along(objective, place, along, (-far, far))).gradient @ along
