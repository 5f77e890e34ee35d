"""Entropy, cross entropy and KL divergence of mixtures in the plane: by cells or line by line, and what lies beyond."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from kl_engine.distributions.multivariate import Multivariate, MultivariateGaussianMixture
from kl_engine.divergences.line import NEAR
from kl_engine.estimates.certainty import Certainty
from kl_engine.estimates.estimate import Estimate, finite_estimate
from kl_engine.quadrature.integrands import Integrand, log_ratio, positive, surprisal
from kl_engine.quadrature.plane.cubature import MOST_CELLS, expectation
from kl_engine.quadrature.plane.lines import squares
from kl_engine.quadrature.plane.sweep import sweep
from kl_engine.quadrature.plane.views import Views
from kl_engine.quadrature.truncation import REACH, WIDE_REACH, mass_beyond, second_beyond

RELATIVE_GOAL = 5e-15  # of what the two rules leave open: about what rounding does
NEAR_GOAL = 1e-14  # the same of the integrals over both mixtures
FEW_CELLS, MANY_CELLS = 1_000, 16_000  # after which it goes on line by line
MOST_CHANGES = 40  # of one component over another: of more the cells are left to make what they can
MOST_SQUARES = 100.0  # across narrow components, from which on it does so soon
UNITS = 4.0  # octaves by which a std may be from 1 and no other unit is chosen


def kl_divergence(a: Multivariate, b: Multivariate) -> Estimate:
    """D(a‖b) = Σₖ wₖ E_{Nₖ}[log a − log b] over the components of `a`; where that is small, as a positive integral."""
    a, b = _in_units(a, b)
    views = Views.of_first(a, b)
    if not views.most(a, b) < NEAR:
        far = _estimate(views, log_ratio, REACH, lambda value: RELATIVE_GOAL * max(value, NEAR))
        if far.value > NEAR:
            return far
    return _estimate(Views.of_both(a, b), positive, WIDE_REACH, lambda value: NEAR_GOAL * value)


def cross_entropy(a: Multivariate, b: Multivariate) -> Estimate:
    """−Σₖ wₖ E_{Nₖ}[log b] over the components of `a`."""
    return _estimate(Views.of_first(a, b), surprisal, REACH, lambda value: RELATIVE_GOAL * max(value, 1.0))


def mean_of(integrand: Integrand, a: Multivariate, b: Multivariate, bounded: float) -> Estimate:
    """E f(log a, log b) under ½ (a + b), for a smooth f of log a − log b alone, at most `bounded`, and at most
    4 (1 + |log a − log b|).
    """
    a, b = _in_units(a, b)
    views, mass = Views.of_both(a, b), mass_beyond(WIDE_REACH)
    tail = min(bounded * mass, 4 * (mass + _tail(views, WIDE_REACH)))
    return _estimate(views, integrand, WIDE_REACH, lambda value: NEAR_GOAL * value, tail)


def _in_units(a: Multivariate, b: Multivariate) -> tuple[Multivariate, Multivariate]:
    """Both in units, powers of 2, in which the first component of `a` has stds of about 1: no divergence changes.

    A log density in small units is a large number, and rounds as one.
    """
    octaves = -np.round(0.5 * np.log2(np.diagonal(a.covs[0])))
    if np.abs(octaves).max() <= UNITS:
        return a, b
    unit = np.exp2(octaves)
    scaled = [(p.weights, p.means * unit, p.covs * unit[:, None] * unit) for p in (a, b)]
    if not all(np.isfinite(array).all() for arrays in scaled for array in arrays):
        return a, b
    return tuple(MultivariateGaussianMixture(*arrays) for arrays in scaled)


def _estimate(
    views: Views, integrand: Integrand, reach: float, goal: Callable[[float], float], tail: float | None = None
) -> Estimate:
    with np.errstate(over="ignore", invalid="ignore"):  # refused below
        value, error, method = _integrated(views, integrand, reach, goal)
        error += _tail(views, reach) if tail is None else 2 * tail
    method = f"Gauss-Kronrod (7, 15) {method} in the frames of {views.weights.size} components"
    return finite_estimate(value, error, Certainty.ESTIMATED, method)


def _integrated(
    views: Views, integrand: Integrand, reach: float, goal: Callable[[float], float]
) -> tuple[float, float, str]:
    """The value, its error and how: by cells; line by line where cells cannot follow what is narrow."""
    followed = views.changes() <= MOST_CHANGES
    most = (FEW_CELLS if squares(views, reach) > MOST_SQUARES else MANY_CELLS) if followed else MOST_CELLS
    cells = expectation(views, integrand, reach, goal, most)
    if followed and cells.count > most:
        lines = sweep(views, integrand, reach, goal, cells.value)
        if lines.error < cells.error:
            return lines.value, lines.error, f"on {lines.count} lines"
    return cells.value, cells.error, f"cubature on {cells.count} cells"


def _tail(views: Views, reach: float) -> float:
    """An upper bound of Σ weight E |log a − log b| (and of |log b| alone) outside [−reach, reach]² of each frame.

    A log density is at most its highest component with log K, and at least any one of them: a paraboloid
    heights[j] − |c + M z|², with |c + M z|² <= 2 |c|² + 2 |M|² |z|².
    """
    mass, second = mass_beyond(reach), second_beyond(reach)
    total = 0.0
    for weight, shifts, maps in zip(views.weights, views.shifts, views.maps):
        for part in views.halves():
            heights = views.heights[part]
            sizes = [(shifts[part] ** 2).sum(axis=1), (maps[part] ** 2).sum(axis=(1, 2))]
            constant = np.abs(heights) + 2 * sizes[0]
            below = (2 * mass * constant + 2 * sizes[1] * 2 * (second + mass)).min()
            above = 2 * mass * (max(0.0, float(heights.max())) + math.log(heights.size))
            total += float(weight) * (below + above)
    return float(total)
