"""Entropy, cross entropy and KL divergence of mixtures in the plane: the cubature, and what lies beyond it."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from kl_engine.distributions.multivariate import Multivariate
from kl_engine.divergences.line import NEAR
from kl_engine.estimates.certainty import Certainty
from kl_engine.estimates.estimate import Estimate, finite_estimate
from kl_engine.quadrature.cubature import expectation
from kl_engine.quadrature.frames import Frames
from kl_engine.quadrature.general import RELATIVE_GOAL
from kl_engine.quadrature.integrands import Integrand, log_ratio, positive, surprisal
from kl_engine.quadrature.truncation import REACH, WIDE_REACH, mass_beyond, second_beyond


def kl_divergence(a: Multivariate, b: Multivariate) -> Estimate:
    """D(a‖b) = Σₖ wₖ E_{Nₖ}[log a − log b] over the components of `a`; where that is small, as a positive integral."""
    frames = Frames.of((a,), a, b)
    far = _estimate(frames, log_ratio(a, b), REACH, lambda value: RELATIVE_GOAL * max(value, NEAR))
    if far.value > NEAR:
        return far
    return _estimate(Frames.of((a, b), a, b), positive(a, b), WIDE_REACH, lambda value: RELATIVE_GOAL * value)


def cross_entropy(a: Multivariate, b: Multivariate) -> Estimate:
    """−Σₖ wₖ E_{Nₖ}[log b] over the components of `a`."""
    frames = Frames.of((a,), a, b)
    return _estimate(frames, surprisal(a, b), REACH, lambda value: RELATIVE_GOAL * max(value, 1.0))


def mean_of(integrand: Integrand, a: Multivariate, b: Multivariate, bounded: float) -> Estimate:
    """E f(log a, log b) under ½ (a + b), for a smooth f at most `bounded`, and at most 4 (1 + |log a − log b|)."""
    frames, mass = Frames.of((a, b), a, b), mass_beyond(WIDE_REACH)
    tail = min(bounded * mass, 4 * (mass + _tail(frames, WIDE_REACH)))
    return _estimate(frames, integrand, WIDE_REACH, lambda value: RELATIVE_GOAL * value, tail)


def _estimate(
    frames: Frames, integrand: Integrand, reach: float, goal: Callable[[float], float], tail: float | None = None
) -> Estimate:
    with np.errstate(over="ignore", invalid="ignore"):  # refused below
        found = expectation(frames, integrand, reach, goal)
        error = found.error + (_tail(frames, reach) if tail is None else 2 * tail)
    method = f"Gauss-Kronrod cubature (7, 15) on {found.count} cells in the frames of {frames.weights.size} components"
    return finite_estimate(found.value, error, Certainty.ESTIMATED, method)


def _tail(frames: Frames, reach: float) -> float:
    """An upper bound of Σ weight E |log a − log b| (and of |log b| alone) outside [−reach, reach]² of each frame.

    A log density is at most its highest component with log K, and at least any one of them: a paraboloid
    heights[j] − |c + M z|², with |c + M z|² <= 2 |c|² + 2 |M|² |z|².
    """
    mass, second = mass_beyond(reach), second_beyond(reach)
    total = 0.0
    for weight, shifts, maps in zip(frames.weights, frames.shifts, frames.maps):
        for part in frames.halves():
            heights = frames.heights[part]
            sizes = [(shifts[part] ** 2).sum(axis=1), (maps[part] ** 2).sum(axis=(1, 2))]
            constant = np.abs(heights) + 2 * sizes[0]
            below = (2 * mass * constant + 2 * sizes[1] * 2 * (second + mass)).min()
            above = 2 * mass * (max(0.0, float(heights.max())) + math.log(heights.size))
            total += float(weight) * (below + above)
    return float(total)
