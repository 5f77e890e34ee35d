"""The integrands of the divergences, each as a function of log a and log b, with the scale of their rounding."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from kl_engine.distributions.multivariate import Multivariate
from kl_engine.estimates.rounding import ROUNDING, SERIES_BELOW
from kl_engine.quadrature.expect import AtNodes
from kl_engine.quadrature.frames import magnified

# (log a, log b) at nodes → the integrand there, and the scale of its rounding (it is wrong by 8ε times that).
Integrand = Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]


def surprisal(a: Multivariate, b: Multivariate) -> Integrand:
    """−log b."""
    level, worst = _level(a, b), magnified(b)
    return lambda log_a, log_b: (-log_b, level + worst * np.abs(log_b))


def log_ratio(a: Multivariate, b: Multivariate) -> Integrand:
    """log a − log b; each log is wrong by ε (level + |log|) times what is magnified of it."""
    level, worst_a, worst_b = _level(a, b), magnified(a), magnified(b)

    def integrand(log_a: np.ndarray, log_b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        scale = worst_a * np.abs(log_a)
        scale += worst_b * np.abs(log_b)
        scale += level
        return log_a - log_b, scale

    return integrand


def positive(a: Multivariate, b: Multivariate) -> Integrand:
    """2 (r − 1 + e⁻ʳ)/(1 + e⁻ʳ) with r = log a − log b: its expectation under ½ (a + b) is D(a‖b), as ∫ a = ∫ b.

    It is never negative, of second order in r, and no larger than 2 where b is the larger one.
    """
    ratio = log_ratio(a, b)

    def integrand(log_a: np.ndarray, log_b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        r, scale = ratio(log_a, log_b)
        size = np.abs(r)
        fall = np.exp(-size)  # numerator and denominator by e⁻|r|, so that nothing overflows
        far = np.where(r > 0, r - 1 + fall, (r - 1) * fall + 1)
        near = size < SERIES_BELOW
        if near.any():
            far[near] = _excess_over_one(r[near]) * np.where(r[near] > 0, 1, fall[near])
        values = 2 * far / (1 + fall)
        return values, scale * (np.minimum(size, 4) + ROUNDING * scale) + 2 * values

    return integrand


def rounded(integrand: Callable[..., AtNodes], a: Multivariate, b: Multivariate) -> Integrand:
    """An integrand of `quadrature.expect` for these two: each log is wrong by ε (level + |log|) times that."""
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
