"""Damped Newton descent of either divergence over mixtures q, and what its end is."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from kl_engine.distributions.gaussian import GaussianMixture
from kl_engine.estimates.checks import SMALLEST
from kl_engine.fits.descent import SUFFICIENT
from kl_engine.fits.mixture import MixtureObjective, MixtureTerms

MOST_ITERATIONS = 300
LONGEST_STEP = 1.0  # in units of the stds, of log std and of log weight
SHORTEST = 1e-8  # of a step, before it is given up
STATIONARY = 1e-10  # the gradient, in nats per those units
FLAT = 1e-9  # of the largest curvature: a smaller one counts as none
FLOOR = 1e-10  # the same, for the steps: along what is flatter they are as along this
NOISE = 1e-13  # relative: below it a difference of two values says nothing


class MixtureDescent(NamedTuple):
    """All q of a descent, the start first, and the objective at the last."""

    history: list[GaussianMixture]
    terms: MixtureTerms


def mixture_descent(objective: MixtureObjective, before: list[GaussianMixture]) -> MixtureDescent:
    """Go on from the last q of `before` until the gradient vanishes or no step goes down.

    The step is −|H|⁻¹ g, with the absolute eigenvalues of the Hessian; it is cut and shortened until the value falls.
    """
    history = list(before)
    terms = objective.terms(history[-1])
    for _ in range(MOST_ITERATIONS):
        if np.abs(terms.gradient).max() < STATIONARY:
            break
        after = _advanced(objective, history[-1], terms)
        if after is None:
            break
        history.append(after[0])
        terms = after[1]
    return MixtureDescent(history, terms)


def _advanced(
    objective: MixtureObjective, q: GaussianMixture, terms: MixtureTerms
) -> tuple[GaussianMixture, MixtureTerms] | None:
    """The next q; None when no step along the direction goes down."""
    step = _newton_step(terms)
    slope, size = float(terms.gradient @ step), float(np.abs(terms.gradient).max())
    slack = NOISE * (1 + abs(terms.value))
    length = 1.0
    while length > SHORTEST:
        trial = stepped(q, length * step)
        if trial is not None:
            there = objective.terms(trial)
            fell = there.value <= terms.value + SUFFICIENT * length * slope
            # Once the values are at their rounding, only a smaller gradient is progress.
            level = there.value <= terms.value + slack and float(np.abs(there.gradient).max()) < 0.5 * size
            if fell or level:
                return trial, there
        length *= 0.3
    return None


def _newton_step(terms: MixtureTerms) -> np.ndarray:
    values, vectors = np.linalg.eigh(_gauged(terms.hessian))
    steepness = np.maximum(np.abs(values), FLOOR * np.abs(values).max())
    step = -vectors @ (vectors.T @ terms.gradient / steepness)
    return step * min(1.0, LONGEST_STEP / max(np.abs(step).max(), LONGEST_STEP))


def _gauged(hessian: np.ndarray) -> np.ndarray:
    """With a curvature along the one direction that changes nothing: all log amplitudes by the same."""
    size = len(hessian) // 3
    table = hessian.copy()
    table[:size, :size] += np.abs(hessian).max() / size
    return table


def stepped(q: GaussianMixture, step: np.ndarray) -> GaussianMixture | None:
    """q after a step of (log amplitudes, means in stds, log stds); None where a weight or a std vanishes."""
    amplitudes, shifts, growth = step.reshape(3, -1)
    weights = q.weights * np.exp(amplitudes - amplitudes.max())
    stds = q.stds * np.exp(growth)
    if (weights < SMALLEST).any() or (stds < SMALLEST).any():
        return None
    return GaussianMixture(weights / weights.sum(), q.means + q.stds * shifts, stds)


def mixture_verdict(descent: MixtureDescent) -> tuple[str, str]:
    """ "converged" (a strict local minimum, up to the order of components), "flat", "saddle" or "stopped", and why."""
    size = float(np.abs(descent.terms.gradient).max())
    curvatures = np.linalg.eigvalsh(_gauged(descent.terms.hessian))
    lowest, negligible = float(curvatures[0]), FLAT * float(np.abs(curvatures).max())
    effort = f"after {len(descent.history) - 1} steps"
    if size >= STATIONARY:
        return "stopped", f"not converged: the gradient is still {size:.1e} {effort}"
    if lowest < -negligible:
        return "saddle", f"stationary but no minimum (lowest curvature {lowest:.2g}) {effort}: move the start off it"
    if lowest <= negligible:
        reason = "a component repeats another or has no weight to speak of"
        return "flat", f"stationary along a flat direction {effort}: {reason}, and fewer would do"
    return "converged", f"a local minimum: gradient {size:.1e}, lowest curvature {lowest:.2g}, {effort}"
