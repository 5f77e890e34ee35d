"""Newton's method for the zeros of the gradient of D(q‖p), minima or not, for many starts at once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from kl_engine.estimates.checks import SMALLEST
from kl_engine.fits.reverse import ReverseObjective, Terms

LONGEST_STEP = 0.3  # in units of q's std and of log std: the starts are near
FARTHEST = 1.5  # from the start, in the same units: beyond, it is the zero of another start, or none
SETTLED = 1e-9  # a step this short is followed by one last look: it squares at a simple zero, halves at a double one
STALLED = 1e-6  # a step this short that gets no shorter is the rounding of the gradient
ZERO = 1e-12  # a gradient that counts as zero, where the Hessian is at most 1
PATIENCE = 5  # iterations within which the gradient has to halve


class Roots(NamedTuple):
    """Where R starts led."""

    mean: np.ndarray  # (R,)
    std: np.ndarray  # (R,)
    terms: Terms
    found: np.ndarray  # (R,) whether the gradient vanishes there
    size: np.ndarray  # (R,) of the gradient
    away: np.ndarray  # (R,) from the start, in its std and in log std

    def chosen(self, rows) -> Roots:
        """Some of the rows."""
        return Roots(*(Terms(*(p[rows] for p in part)) if isinstance(part, Terms) else part[rows] for part in self))

    def joined(self, other: Roots) -> Roots:
        """The rows of both."""
        terms = Terms(*(np.concatenate(pair) for pair in zip(self.terms, other.terms)))
        rest = zip(self._replace(terms=None), other._replace(terms=None))
        return Roots(*(terms if mine is None else np.concatenate([mine, more]) for mine, more in rest))


def newton_roots(objective: ReverseObjective, mean, std, fixed: bool, unit: float = 1.0) -> Roots:
    """The zero of the gradient next to each start; with `fixed`, of its first entry, std as it is.

    `unit` is the scale, in units of q's std, on which the gradient bends: more than 1 for a narrow q. At a double zero
    the method is slower, but it converges: each step halves the distance.
    """
    mean, std = np.array(mean, dtype=np.float64), np.array(std, dtype=np.float64)
    first = mean.copy(), std.copy()
    terms = objective.terms(mean, std)
    size, best = _size(terms, fixed), np.full(mean.size, np.inf)
    waited = np.zeros(mean.size, dtype=int)
    step = np.full(mean.size, np.inf)
    active = np.arange(mean.size)
    while True:
        halved = size < 0.5 * best
        best = np.where(halved, size, best)
        waited = np.where(halved, 0, waited + 1)
        away = np.maximum(np.abs(mean - first[0]) / first[1], np.abs(np.log(std / first[1])))
        ended = (step < SETTLED * unit) | (size == 0) | (waited > PATIENCE) | (away > FARTHEST * unit)
        active = active[~ended[active]]
        if active.size == 0:
            break
        move, step[active] = _steps(Terms(*(part[active] for part in terms)), fixed, LONGEST_STEP * unit)
        mean[active] += std[active] * move[:, 0]
        std[active] *= np.exp(move[:, 1])
        for old, new in zip(terms, objective.chosen(active).terms(mean[active], std[active])):
            old[active] = new
        size = _size(terms, fixed)
    scale = np.maximum(1, np.abs(terms.hessian).max(axis=(1, 2)))
    found = (size <= ZERO * scale) | (step < SETTLED * unit) | ((waited > PATIENCE) & (step < STALLED * unit))
    return Roots(mean, std, terms, found & (away <= FARTHEST * unit), size, away)


def _size(terms: Terms, fixed: bool) -> np.ndarray:
    return np.abs(terms.gradient[:, : 1 if fixed else 2]).max(axis=1)


def _steps(terms: Terms, fixed: bool, longest: float) -> tuple[np.ndarray, np.ndarray]:
    """−H⁻¹ g, cut to the `longest`, (R, 2); and its size before the cut, (R,)."""
    (a, b), (_, d) = np.moveaxis(terms.hessian, 0, -1)
    g, h = terms.gradient.T
    if fixed:
        top, bottom, det = -g, 0 * g, a
    else:
        top, bottom, det = b * h - d * g, b * g - a * h, a * d - b * b
    det = np.where(det == 0, SMALLEST, det)
    with np.errstate(over="ignore"):  # where H is singular the step is endless, and cut
        steps = np.clip(np.stack([top, bottom], axis=1) / det[:, None], -1e9, 1e9)
    sizes = np.abs(steps).max(axis=1)
    return steps * np.minimum(1, longest / np.maximum(sizes, longest))[:, None], sizes
