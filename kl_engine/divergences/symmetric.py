"""Divergences that do not tell p from q: Jensen-Shannon and total variation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from kl_engine.distributions.gaussian import GaussianMixture, Mixture, mixture
from kl_engine.divergences.disagreement import roots_between
from kl_engine.divergences.line import kl_divergence
from kl_engine.estimates.certainty import Certainty
from kl_engine.estimates.estimate import Estimate
from kl_engine.quadrature.crossings import crossing_points, highest, log_density, parts_of
from kl_engine.quadrature.integrate import integrate
from kl_engine.quadrature.panels import Panels, components
from kl_engine.quadrature.truncation import REACH, mass_beyond, support_points


def jensen_shannon(p: Mixture, q: Mixture) -> Estimate:
    """JS(p, q) = ½ D(p‖m) + ½ D(q‖m) with m = ½ (p + q): between 0 and log 2 nats, and finite for every pair.

    Source: J. Lin, IEEE Trans. Inf. Theory 37 (1991) 145. Raises ValueError when an argument is no Gaussian and no
    mixture of them.
    """
    p, q = mixture("p", p), mixture("q", q)
    weights, means, stds = (np.concatenate([getattr(a, name) for a in (p, q)]) for name in ("weights", "means", "stds"))
    middle = GaussianMixture(0.5 * weights, means, stds)
    halves = [kl_divergence(a, middle) for a in (p, q)]
    whole = 0.5 * (halves[0] + halves[1])
    return replace(whole, method=f"½ D(p‖m) + ½ D(q‖m), each by {halves[0].method}")


def total_variation(p: Mixture, q: Mixture) -> Estimate:
    """TV(p, q) = ½ ∫ |p − q|, between 0 and 1: the largest difference of the probabilities of one event; no unit.

    The panels are cut at the real crossings of p and q, where |p − q| has its kinks. Raises ValueError when an argument
    is no Gaussian and no mixture of them.
    """
    p, q = mixture("p", p), mixture("q", q)
    first, second = parts_of(p), parts_of(q)
    pair, level = components(p).beside(components(q)), 2 + highest(first) + highest(second)
    support = support_points(first + second, REACH), crossing_points(p), crossing_points(q)

    def integrand(panels: Panels) -> np.ndarray:
        logs = panels.log_densities(pair)
        values = -0.5 * np.exp(logs.max(axis=0)) * np.expm1(-np.abs(logs[0] - logs[1]))
        return np.stack([values, (np.exp(logs) * (level + np.abs(logs))).sum(axis=0)])

    def lead(x: float) -> float:
        return log_density(first, x) - log_density(second, x)

    whole = Panels.through(*support)
    log_p, log_q = whole.log_densities(pair)
    kinks = roots_between(lead, whole.positions().ravel(), (log_p - log_q).ravel())
    value, error, count = integrate(integrand, Panels.through(*support, kinks))
    method = f"Gauss-Kronrod (15, 31) on {count} panels, cut where p and q cross: {len(kinks)} times"
    return Estimate(float(value[0, 0]), float(error[0, 0]) + mass_beyond(REACH), Certainty.ESTIMATED, method)
