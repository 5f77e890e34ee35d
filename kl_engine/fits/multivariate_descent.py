"""Damped Newton descent of D(q‖p) over the Gaussians of a family, from one start."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from kl_engine.distributions.multivariate import Multivariate, MultivariateGaussian
from kl_engine.estimates.checks import SMALLEST
from kl_engine.fits.multivariate import Nodes, Terms, moved, terms

MOST_ITERATIONS = 100
LONGEST_STEP = 0.5  # of a (in std of q) and of B, whose inverse must exist
STATIONARY = 1e-9  # the Newton step, in the same units, at which a point counts as stationary
SUFFICIENT = 1e-4  # of the decrease that the slope promises (Armijo)
NOISE = 1e-13  # relative: below it a difference of two values says nothing
SHORTEST = 1e-6


class Descent(NamedTuple):
    """Where a descent ended, and how it came there."""

    q: MultivariateGaussian
    terms: Terms
    step: float  # the size of the next Newton step
    trace: tuple[MultivariateGaussian, ...]  # the start first

    @property
    def stationary(self) -> bool:
        """Whether the derivatives vanish, as far as rounding lets see."""
        return self.step < STATIONARY


def newton_descent(p: Multivariate, start: MultivariateGaussian, directions: np.ndarray, nodes: Nodes) -> Descent:
    """Descend to a stationary point: steps −|H|⁻¹ g, so that they go down even where H is indefinite.

    A step is cut to LONGEST_STEP and shortened until the value falls; a start at a saddle stays there.
    """
    q, trace = start, [start]
    now = terms(p, q, directions, nodes)
    step = newton_step(now)
    for _ in range(MOST_ITERATIONS):
        size = float(np.abs(step).max())
        if size < STATIONARY / 10:
            break
        move = step * min(1.0, LONGEST_STEP / size)
        slack = NOISE * (1 + abs(now.value))
        length = 1.0
        while length > SHORTEST:
            candidate = moved(q, length * move, directions)
            trial = terms(p, candidate, directions, nodes)
            promised = float(now.gradient @ move) * length
            next_step = newton_step(trial)
            fell = trial.value <= now.value + SUFFICIENT * promised + slack
            # Once the values are at their rounding, only a shorter Newton step is progress.
            if fell and (-promised > slack or np.abs(next_step).max() < 0.5 * size):
                break
            length *= 0.3
        else:
            break
        q, now, step = candidate, trial, next_step
        trace.append(q)
    return Descent(q, now, float(np.abs(step).max()), tuple(trace))


def newton_step(now: Terms) -> np.ndarray:
    """−|H|⁻¹ g, by the absolute eigenvalues."""
    values, vectors = np.linalg.eigh(now.hessian)
    values = np.maximum(np.abs(values), SMALLEST**0.5)
    return -vectors @ ((vectors.T @ now.gradient) / values)
