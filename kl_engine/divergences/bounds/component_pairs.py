"""Closed forms between single components of two mixtures, as tables with an error for each entry: what bounds rest on.

f = Σₐ πₐ fₐ and g = Σ_b ω_b g_b; row a, column b.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from kl_engine.distributions.gaussian import Mixture
from kl_engine.divergences import closed_forms
from kl_engine.estimates.rounding import LOG_ROOT_TAU, ROUNDING
from kl_engine.quadrature.crossings import parts_of


class Known(NamedTuple):
    """Numbers, each within its error of the truth."""

    value: np.ndarray
    error: np.ndarray

    def __add__(self, other: Known) -> Known:
        value = self.value + other.value
        return Known(value, self.error + other.error + ROUNDING * (np.abs(self.value) + np.abs(other.value)))

    def __neg__(self) -> Known:
        return Known(-self.value, self.error)

    def __sub__(self, other: Known) -> Known:
        return self + -other

    def averaged(self, weights: np.ndarray) -> Known:
        """Σₐ πₐ valueₐ, over the first axis."""
        spread = weights @ (self.error + ROUNDING * weights.size * np.abs(self.value))
        return Known(weights @ self.value, spread)


def exact(values) -> Known:
    """Numbers that are wrong by no more than their own rounding."""
    values = np.asarray(values, dtype=np.float64)
    return Known(values, ROUNDING * np.abs(values))


def log_weights(f: Mixture) -> Known:
    """log πₐ; the weights sum to 1 only within rounding, so that none is known better than that."""
    logs = np.log(f.weights)
    return Known(logs, ROUNDING * (1 + np.abs(logs)))


def divergences(f: Mixture, g: Mixture) -> Known:
    """D(fₐ‖g_b) in nats."""
    table = [[closed_forms.kl_divergence(a, b) for b in parts_of(g)] for a in parts_of(f)]
    return Known(*(np.array([[getattr(entry, name) for entry in row] for row in table]) for name in ("value", "error")))


def log_overlaps(f: Mixture, g: Mixture) -> Known:
    """log ∫ fₐ g_b: a Gaussian in the difference of the means, of variance sₐ² + s_b²."""
    spread = np.hypot(f.stds[:, None], g.stds)
    square = 0.5 * ((f.means[:, None] - g.means) / spread) ** 2
    log_spread = np.log(spread)
    return Known(-LOG_ROOT_TAU - log_spread - square, ROUNDING * (1 + np.abs(log_spread) + square))


def bhattacharyya_distances(f: Mixture) -> Known:
    """−log ∫ √(fₐ f_b) = ¼ (mₐ − m_b)²/(sₐ² + s_b²) + ½ log((sₐ² + s_b²)/(2 sₐ s_b)), within one mixture."""
    ratio = f.stds[:, None] / f.stds
    square = 0.25 * ((f.means[:, None] - f.means) / np.hypot(f.stds[:, None], f.stds)) ** 2
    widths = 0.5 * np.log(0.5 * (ratio + 1 / ratio))
    return Known(square + widths, ROUNDING * (1 + square + widths))


def entropies(f: Mixture) -> Known:
    """H[fₐ] in nats."""
    found = [closed_forms.entropy(part) for part in parts_of(f)]
    return Known(*(np.array([getattr(entry, name) for entry in found]) for name in ("value", "error")))


def log_averages(weights: np.ndarray, logs: Known) -> Known:
    """log Σ_b ω_b exp(logs[a, b]) for each a.

    It grows with each entry, so that what errors of the entries can do is found by moving all of them up, or down.
    """
    known = np.log(weights)
    middle, high, low = (
        np.logaddexp.reduce(known + shifted, axis=-1)
        for shifted in (logs.value, logs.value + logs.error, logs.value - logs.error)
    )
    rounding = ROUNDING * (1 + weights.size + np.abs(middle) + np.abs(known).max())
    return Known(middle, np.maximum(high - middle, middle - low) + rounding)
