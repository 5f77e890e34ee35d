"""Stationary points that lie so close together that a scan may see one of them for all."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np

from kl_engine.distributions.gaussian import Gaussian
from kl_engine.fits.descent import curvatures, newton_descent
from kl_engine.fits.reverse import ReverseObjective
from kl_engine.optima.newton import Roots, newton_roots

SAME = 1e-6  # two points closer than this, in std and log std of q, are one
UNRESOLVED = 1e-13  # a gradient that cannot be told from 0: nor can two points with no more between them
TRIPLE = 6  # on either side of a triple zero, distance times curvature is at most so many times the gradient left there
FLAT = 1e-6  # an eigenvalue below it: points that meet, or all but meet
SOFT = 0.15  # and below this: others may be near
ASIDE, FARTHEST = 0.02, 0.8  # where the slope is probed for them, and where they are looked for
MOST_DESCENTS = 8
AROUND = (-0.4, -0.15, 0.15, 0.4)  # whence descents go to either side


def with_companions(objective: ReverseObjective, roots: Roots, fixed: bool, unit: float, below: float = SOFT) -> Roots:
    """The distinct zeros among the roots, and those that lie next to them.

    Next to a point of low curvature there may be another: where the slope along its flat direction lets expect it, and
    where descents to either side end. Where Newton's method has failed to settle, a descent finds a minimum all the
    same. Between two minima within a std of each other there may be a saddle. A curvature is low when it is `below`.
    """
    failed = np.stack([roots.mean, roots.std], axis=1)[~roots.found & (roots.away < FARTHEST)][:MOST_DESCENTS]
    roots = distinct(roots, fixed)
    near = _expected(objective, roots, fixed, below)
    downhill = np.concatenate([failed, _around(roots, fixed, below)])
    if downhill.size:
        ends = newton_descent(objective, *downhill.T, fixed)
        near = np.concatenate([near, np.stack([ends.mean, ends.std], axis=1)[ends.stationary]])
    if near.size:
        roots = distinct(roots.joined(newton_roots(objective, *near.T, fixed, unit)), fixed)
    between = _between_minima(roots, fixed)
    if between.size:
        roots = distinct(roots.joined(newton_roots(objective, *between.T, fixed, unit)), fixed)
    return roots


def distinct(roots: Roots, fixed: bool) -> Roots:
    """The zeros that were found, each once."""
    softest = np.abs(curvatures(roots.terms, fixed)).min(axis=1)
    rows: list[int] = []
    for row in np.nonzero(roots.found)[0].tolist():
        mean, std = roots.mean[rows], roots.std[rows]
        gaps = np.maximum(np.abs(roots.mean[row] - mean) / std, np.abs(np.log(roots.std[row] / std)))
        # Between two zeros the gradient reaches about their distance times the curvature at them.
        between = gaps * np.maximum(softest[rows], softest[row])
        left = UNRESOLVED + TRIPLE * np.maximum(roots.size[rows], roots.size[row])
        if not ((gaps < SAME) | (between < left)).any():
            rows.append(row)
    return roots.chosen(rows)


def _expected(objective: ReverseObjective, roots: Roots, fixed: bool, below: float) -> np.ndarray:
    """(n, 2): mean and std where points of a low curvature λ lead one to expect others, which the scan may not part.

    Along the flat direction the slope is λt + c t²/2 + e t³/6, with c and e from the slopes at two places beside.
    """
    found = []
    for row in np.nonzero(np.abs(curvatures(roots.terms, fixed)).min(axis=1) < below)[0]:
        q = Gaussian(roots.mean[row], roots.std[row])
        curvature, flat = flattest(roots.terms.hessian[row], fixed)
        before, after = slopes_beside(objective, q, flat, ASIDE)
        bend = (before + after) / ASIDE**2
        cubic = 3 * (after - before - 2 * curvature * ASIDE) / ASIDE**3
        for t in np.roots([cubic / 6, bend / 2, curvature]):
            if t.imag == 0 and abs(t) < FARTHEST:
                found.append(_along(q, flat, t.real))
    return np.array(found).reshape(-1, 2)


def _around(roots: Roots, fixed: bool, below: float) -> np.ndarray:
    """(n, 2): mean and std on either side of points of low curvature."""
    found = []
    for row in np.nonzero(np.abs(curvatures(roots.terms, fixed)).min(axis=1) < below)[0]:
        curvature, flat = flattest(roots.terms.hessian[row], fixed)
        if abs(curvature) > FLAT:
            found += [_along(Gaussian(roots.mean[row], roots.std[row]), flat, t) for t in AROUND]
    return np.array(found).reshape(-1, 2)


def _along(q: Gaussian, direction: np.ndarray, far: float) -> tuple[float, float]:
    return q.mean + q.std * direction[0] * far, q.std * math.exp(direction[1] * far)


def _between_minima(roots: Roots, fixed: bool) -> np.ndarray:
    """(n, 2): mean and std in the middle of minima within a std of each other: a saddle may part them."""
    rows = np.nonzero((curvatures(roots.terms, fixed) > 0).all(axis=1))[0]
    pairs = [(i, j) for i, j in combinations(rows, 2) if abs(roots.mean[i] - roots.mean[j]) < roots.std[[i, j]].min()]
    middles = [(roots.mean[[i, j]].mean(), math.sqrt(roots.std[i] * roots.std[j])) for i, j in pairs]
    return np.array(middles).reshape(-1, 2)


def flattest(hessian: np.ndarray, fixed: bool) -> tuple[float, np.ndarray]:
    """The eigenvalue nearest to 0, and its direction; with `fixed`, along μ."""
    if fixed:
        return float(hessian[0, 0]), np.array([1.0, 0.0])
    values, vectors = np.linalg.eigh(hessian)
    row = np.abs(values).argmin()
    return float(values[row]), vectors[:, row]


def slopes_beside(objective: ReverseObjective, q: Gaussian, along: np.ndarray, far: float) -> np.ndarray:
    """The slope in a direction at the places that lie so far before and after q."""
    steps = far * np.array([-1.0, 1.0])
    return objective.terms(q.mean + q.std * along[0] * steps, q.std * np.exp(along[1] * steps)).gradient @ along
