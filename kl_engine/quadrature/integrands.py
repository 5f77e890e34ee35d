"""The integrands of the divergences, each as a function of log a and log b, with how it answers to their rounding."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from kl_engine.distributions.multivariate import Multivariate
from kl_engine.estimates.rounding import SERIES_BELOW
from kl_engine.quadrature.expect import AtNodes
from kl_engine.quadrature.frames import magnified

# (log a, log b) at nodes → the integrand there.
Integrand = Callable[[np.ndarray, np.ndarray], AtNodes]
# The same with the scale of its rounding (it is wrong by 8ε times that).
Rounded = Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]

UNSURE = 2.0**-40  # of a log density: more than rounding ever makes of it, so that where a = b the slope is not 0


def surprisal(log_a: np.ndarray, log_b: np.ndarray) -> AtNodes:
    """−log b."""
    return AtNodes(-log_b, 0.0, 1.0)


def log_ratio(log_a: np.ndarray, log_b: np.ndarray) -> AtNodes:
    """log a − log b."""
    return AtNodes(log_a - log_b, 1.0, 1.0)


def positive(log_a: np.ndarray, log_b: np.ndarray) -> AtNodes:
    """2 (r − 1 + e⁻ʳ)/(1 + e⁻ʳ) with r = log a − log b: its expectation under ½ (a + b) is D(a‖b), as ∫ a = ∫ b.

    It is never negative, of second order in r, and no larger than 2 where b is the larger one. Its slope in r is below
    2.1, and below 1.1 |r|.
    """
    r = log_a - log_b
    size = np.abs(r)
    fall = np.exp(-size)  # numerator and denominator by e⁻|r|, so that nothing overflows
    far = np.where(r > 0, r - 1 + fall, (r - 1) * fall + 1)
    near = size < SERIES_BELOW
    if near.any():
        far[near] = _excess_over_one(r[near]) * np.where(r[near] > 0, 1, fall[near])
    slope = np.minimum(1.1 * size, 2.1) + UNSURE * (np.abs(log_a) + np.abs(log_b))
    return AtNodes(2 * far / (1 + fall), slope, slope)


def rounded(integrand: Integrand, a: Multivariate, b: Multivariate) -> Rounded:
    """An integrand of these two with the scale of its rounding: each log is wrong by ε (level + |log|) times that."""
    level, worst_a, worst_b = _level(a, b), magnified(a), magnified(b)

    def scaled(log_a: np.ndarray, log_b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        found = integrand(log_a, log_b)
        noise = found.in_log_a * (level + worst_a * np.abs(log_a)) + found.in_log_b * (level + worst_b * np.abs(log_b))
        return found.value, noise + 2 * np.abs(found.value) + found.cancels

    return scaled


def _excess_over_one(r: np.ndarray) -> np.ndarray:
    """r − 1 + e⁻ʳ for |r| < ½, to full relative precision: r²/2 − r³/6 + … by Horner's rule."""
    total = np.zeros_like(r)
    for k in range(16, 1, -1):
        total = (1 - total) * (r / k)
    return total * r


def _level(a: Multivariate, b: Multivariate) -> float:
    """What rounds whatever the place: the heights, and the few operations of two log-sum-exps."""
    highest = [float(np.abs(mixture.heights).max()) * magnified(mixture) for mixture in (a, b)]
    return 8 + sum(highest)
