"""Entropy, cross entropy and the KL divergence of Gaussians on the line and their mixtures, in nats.

Closed form where there is one; otherwise the integral, in log space, with its error.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from kl_engine.distributions.gaussian import Mixture, is_gaussian, mixture
from kl_engine.divergences import closed_forms
from kl_engine.estimates.certainty import Certainty
from kl_engine.estimates.estimate import Estimate, finite_estimate
from kl_engine.quadrature.crossings import crossing_points, highest, parts_of
from kl_engine.quadrature.integrate import integrate
from kl_engine.quadrature.panels import Components, Panels, components
from kl_engine.quadrature.truncation import REACH, WIDE_REACH, log_ratio_tail, mass_beyond, support_points

NEAR = 1e-2  # nats; below it D is the sum of a positive integrand, which keeps its digits where log p − log q does not


def entropy(a: Mixture) -> Estimate:
    """H[a] = −E_a log a, in nats (for a density it may be negative).

    Closed form for one Gaussian, ½ log 2πe std²; quadrature for a mixture. Raises ValueError when `a` is no mixture.
    """
    a = mixture("a", a)
    return closed_forms.entropy(a) if is_gaussian(a) else _expected_surprisal(a, a)


def cross_entropy(a: Mixture, b: Mixture) -> Estimate:
    """H[a, b] = −E_a log b, in nats: the expectation is under the first argument.

    Closed form when `b` is one Gaussian, for any mixture `a`; quadrature otherwise.
    """
    a, b = mixture("a", a), mixture("b", b)
    return closed_forms.cross_entropy(a, b) if is_gaussian(b) else _expected_surprisal(a, b)


def kl_divergence(a: Mixture, b: Mixture) -> Estimate:
    """D(a‖b) = E_a [log a − log b] ≥ 0, in nats: the expectation is under the first argument.

    Closed form between two Gaussians, quadrature otherwise. Source: S. Kullback, R. A. Leibler, Ann. Math. Stat. 22
    (1951) 79. Raises ValueError when an argument is no Gaussian and no mixture of them, OverflowError when the
    divergence is beyond the largest double.
    """
    a, b = mixture("a", a), mixture("b", b)
    if is_gaussian(a) and is_gaussian(b):
        return closed_forms.kl_divergence(a, b)
    log_ratio = LogRatio.of(a, b)
    estimate = _estimate(log_ratio.weighted, *_panels_and_tail(a, b))
    return estimate if estimate.value > NEAR else _near_divergence(a, b, log_ratio)


class LogRatio:
    """The integrands of D(a‖b) at the nodes of panels, with the scale of their rounding (see `integrate`)."""

    def __init__(self, a: Components, b: Components, level: float) -> None:
        # A log density is a height less a square: its rounding is relative to these, with 2 for the log-sum-exp.
        self.pair, self.level = a.beside(b), 2 + level

    @classmethod
    def of(cls, a: Mixture, b: Mixture) -> LogRatio:
        """Of one pair of mixtures."""
        return cls(components(a), components(b), highest(parts_of(a)) + highest(parts_of(b)))

    def weighted(self, panels: Panels) -> np.ndarray:
        """a (log a − log b); its rounding a (|r| |δ log a| + |δ log a| + |δ log b|) with δ log ≈ ε (level + |log|)."""
        logs = panels.log_densities(self.pair)
        density = np.exp(logs[0])
        values = np.empty_like(logs)
        np.subtract(logs[0], logs[1], out=values[0])
        scale_a, scale_b = np.abs(logs, out=logs)
        scale_a += self.level
        scale_b += scale_a
        np.multiply(scale_a, scale_b, out=values[1])
        values *= density
        return values

    def positive(self, panels: Panels) -> np.ndarray:
        """a r − a + b with r = log a − log b: the same integral (∫a = ∫b), never negative, second order in r."""
        log_a, log_b = panels.log_densities(self.pair)
        density = np.exp(log_a)
        ratio = log_a - log_b
        small = np.abs(ratio) < 1
        near = np.where(small, ratio, 0.0)
        bend = density * np.expm1(-near)
        far = density * ratio - density + np.exp(log_b)
        values = np.where(small, density * near + bend, far)
        slope = np.where(small, np.abs(bend), np.exp(log_b) + density * (1 + np.abs(ratio)))
        return np.stack([values, (values + slope) * (self.level + np.abs(log_a) + np.abs(log_b))])


def _near_divergence(a: Mixture, b: Mixture, log_ratio: LogRatio) -> Estimate:
    """D(a‖b) where it is small: as the integral of a positive function, over the supports of both."""
    first, second = parts_of(a), parts_of(b)
    panels = Panels.through(support_points(first + second, WIDE_REACH), crossing_points(a), crossing_points(b))
    tail = log_ratio_tail(first, second, WIDE_REACH) + 2 * mass_beyond(WIDE_REACH)
    return _estimate(log_ratio.positive, panels, tail)


def _expected_surprisal(a: Mixture, b: Mixture) -> Estimate:
    """−∫ a log b."""
    log_ratio = LogRatio.of(a, b)

    def surprisal(panels: Panels) -> np.ndarray:
        log_a, log_b = panels.log_densities(log_ratio.pair)
        scale = (np.abs(log_a) + log_ratio.level) * (np.abs(log_b) + log_ratio.level)
        return np.exp(log_a) * np.stack([-log_b, scale])

    return _estimate(surprisal, *_panels_and_tail(a, b))


def _panels_and_tail(a: Mixture, b: Mixture) -> tuple[Panels, float]:
    """Panels for an integral of `a` times log densities of both, and a bound of what lies beyond them."""
    first, second = parts_of(a), parts_of(b)
    panels = Panels.through(support_points(first, REACH), crossing_points(a), crossing_points(b))
    return panels, log_ratio_tail(first, second, REACH)


def _estimate(integrand: Callable[[Panels], np.ndarray], panels: Panels, tail: float) -> Estimate:
    """The one-row integral as an Estimate; OverflowError when it is beyond the largest double."""
    with np.errstate(over="ignore", invalid="ignore"):  # refused below
        value, error, count = integrate(integrand, panels)
    method = f"Gauss-Kronrod (15, 31) on {count} panels"
    return finite_estimate(float(value[0, 0]), float(error[0, 0]) + tail, Certainty.ESTIMATED, method)
