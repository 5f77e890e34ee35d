"""Closed forms between single components of two multivariate mixtures: the tables of `component_pairs` here.

f = Σₐ πₐ fₐ and g = Σ_b ω_b g_b; row a, column b; each entry within its error of the truth.
"""

from __future__ import annotations

import numpy as np

from kl_engine.distributions.multivariate import Multivariate, MultivariateGaussian, condition
from kl_engine.distributions.triangular import solve_lower
from kl_engine.divergences.bounds.component_pairs import Known
from kl_engine.divergences.space import closed_forms
from kl_engine.estimates.estimate import Estimate
from kl_engine.estimates.rounding import LOG_ROOT_TAU, ROUNDING


def divergences(f: Multivariate, g: Multivariate) -> Known:
    """D(fₐ‖g_b) in nats."""
    others = _parts(g)
    return _known([[closed_forms.kl_divergence(a, b) for b in others] for a in _parts(f)])


def entropies(f: Multivariate) -> Known:
    """H[fₐ] in nats."""
    found = _known([[closed_forms.entropy(part) for part in _parts(f)]])
    return Known(found.value[0], found.error[0])


def log_overlaps(f: Multivariate, g: Multivariate) -> Known:
    """log ∫ fₐ g_b = log N(mₐ; m_b, Σₐ + Σ_b), a Gaussian in the difference of the means."""
    factors = np.linalg.cholesky(f.covs[:, None] + g.covs)
    u = solve_lower(factors, (f.means[:, None] - g.means)[..., None])[..., 0]
    squares = 0.5 * (u * u).sum(axis=-1)
    logs = np.log(np.diagonal(factors, axis1=-2, axis2=-1))
    # Scaled to correlations a sum of two has no smaller eigenvalue than they, and none above n.
    magnified = f.dimension**2 * max(condition(f), condition(g))
    error = ROUNDING * magnified * (1 + np.abs(logs).sum(axis=-1) + squares)
    return Known(-squares - logs.sum(axis=-1) - f.dimension * LOG_ROOT_TAU, error)


def _parts(f: Multivariate) -> list[MultivariateGaussian]:
    return [MultivariateGaussian(mean, cov) for mean, cov in zip(f.means, f.covs)]


def _known(table: list[list[Estimate]]) -> Known:
    return Known(*(np.array([[getattr(entry, name) for entry in row] for row in table]) for name in ("value", "error")))
