"""Damped Newton descent of the reverse divergence, for many starts at once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from kl_engine.estimates.checks import SMALLEST
from kl_engine.fits.reverse import ReverseObjective, Terms

MOST_ITERATIONS = 200
LONGEST_STEP = 1.0  # in units of q's std and of log std
STATIONARY = 1e-9  # the Newton step, in the same units, at which a point counts as stationary
SUFFICIENT = 1e-4  # of the decrease that the slope promises (Armijo)
NOISE = 1e-13  # relative: below it a difference of two values of the objective says nothing


class Descent(NamedTuple):
    """Where R descents ended, and how they came there."""

    mean: np.ndarray  # (R,)
    std: np.ndarray  # (R,)
    terms: Terms
    stationary: np.ndarray  # (R,) whether the last Newton step was below STATIONARY
    history: list[tuple[np.ndarray, np.ndarray]]  # mean and std after each iteration, the start first


def newton_descent(objective: ReverseObjective, mean, std, fixed: bool) -> Descent:
    """Descend from each start to a stationary point of D(q‖p); with `fixed`, std stays as it is.

    The step is −|H|⁻¹ g, with the absolute eigenvalues of the Hessian, so that it goes down even where H is indefinite;
    it is cut to LONGEST_STEP and shortened until the value falls. A start at a saddle stays there.
    """
    mean, std = np.array(mean, dtype=np.float64), np.array(std, dtype=np.float64)
    terms = objective.terms(mean, std)
    history = [(mean.copy(), std.copy())]
    steps, sizes = newton_steps(terms, fixed)
    lengths = np.ones(mean.size)
    active = np.arange(mean.size)
    for _ in range(MOST_ITERATIONS):
        active = active[(sizes[active] > 1e-15) & (lengths[active] > 1e-4)]
        if active.size == 0:
            break
        move = steps[active] * lengths[active, None]
        trial_mean, trial_std = mean[active] + std[active] * move[:, 0], std[active] * np.exp(move[:, 1])
        trial = objective.chosen(active).terms(trial_mean, trial_std)
        promised = (terms.gradient[active] * move).sum(axis=1)
        slack = NOISE * (1 + np.abs(terms.value[active]))
        fell = trial.value <= terms.value[active] + SUFFICIENT * promised + slack
        trial_steps, trial_sizes = newton_steps(trial, fixed)
        # Once the values are at their rounding, only a shorter Newton step is progress.
        useful = fell & ((-promised > slack) | (trial_sizes < 0.5 * sizes[active]))
        kept = active[useful]
        mean[kept], std[kept] = trial_mean[useful], trial_std[useful]
        for old, new in zip(terms, trial):
            old[kept] = new[useful]
        steps[kept], sizes[kept] = trial_steps[useful], trial_sizes[useful]
        lengths[active] = np.where(useful, 1.0, np.where(fell, 0.0, 0.3 * lengths[active]))
        history.append((mean.copy(), std.copy()))
    return Descent(mean, std, terms, sizes < STATIONARY, history)


def newton_steps(terms: Terms, fixed: bool) -> tuple[np.ndarray, np.ndarray]:
    """The step of each row, (R, 2), cut to LONGEST_STEP; and its size before the cut, (R,)."""
    gradient, hessian = terms.gradient.copy(), terms.hessian.copy()
    if fixed:
        gradient[:, 1] = hessian[:, 0, 1] = hessian[:, 1, 0] = 0
        hessian[:, 1, 1] = 1
    values, vectors = np.linalg.eigh(hessian)
    # An eigenvalue near 0 promises a step without end: it is cut below all the same.
    values = np.maximum(np.abs(values), SMALLEST**0.5)
    along = np.einsum("rij,ri->rj", vectors, gradient)
    steps = -np.einsum("rij,rj->ri", vectors, along / values)
    sizes = np.abs(steps).max(axis=1)
    return steps * np.minimum(1, LONGEST_STEP / np.maximum(sizes, LONGEST_STEP))[:, None], sizes


def curvatures(terms: Terms, fixed: bool) -> np.ndarray:
    """Eigenvalues of the Hessian, ascending: (R, 2), or (R, 1) when std is fixed."""
    return terms.hessian[:, 0, :1] if fixed else np.linalg.eigvalsh(terms.hessian)


def verdict(descent: Descent, row: int, fixed: bool) -> tuple[str, str]:
    """What one descent came to: "converged" (a strict local minimum), "saddle" or "stopped", and why in words."""
    size = np.abs(descent.terms.gradient[row, : 1 if fixed else 2]).max()
    lowest = curvatures(descent.terms, fixed)[row].min()
    if not descent.stationary[row]:
        return "stopped", f"not converged: the gradient is still {size:.1e}"
    if lowest <= 0:
        return "saddle", f"stationary but no minimum (lowest curvature {lowest:.2g}): move the start off it"
    return "converged", f"a local minimum: gradient {size:.1e}, lowest curvature {lowest:.2g}"
