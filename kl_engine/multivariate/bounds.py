"""Bounds and approximations of D(f‖g) between multivariate mixtures, closed forms of their components.

f = Σₐ πₐ fₐ, g = Σ_b ω_b g_b; t_ab = ∫ fₐ g_b and D(fₐ‖g_b) are those of Gaussians. In dimensions where the divergence
itself is only sampled they say what it cannot be.
"""

from __future__ import annotations

import numpy as np

from kl_engine.bounds import APPROXIMATION, CHAIN_RULE, DURRIEU, HERSHEY_OLSEN, LOWER, UPPER, Bound
from kl_engine.closed_forms import EPSILON
from kl_engine.distributions import LOG_ROOT_TAU
from kl_engine.estimates import Estimate
from kl_engine.multivariate import closed_forms
from kl_engine.multivariate.closed_forms import condition
from kl_engine.multivariate.distributions import Multivariate, MultivariateGaussian, is_gaussian, multivariate
from kl_engine.multivariate.triangular import solve_lower


def component_bounds(a: Multivariate, b: Multivariate) -> tuple[Bound, ...]:
    """What the components of `a` and `b` say of D(a‖b), in nats, in any dimension.

    The matched bound is inf where the numbers of components differ: there is then no bijection. Raises ValueError for
    a bad argument.
    """
    a = multivariate("a", a)
    b = multivariate("b", b, a.dimension)
    crossed, own = _divergences(a, b), _divergences(a, a)
    overlaps = [_averages(_log_overlaps(a, c), c.weights) for c in (a, b)]
    variations = [_averages(-table, c.weights) for table, c in ((own, a), (crossed, b))]
    entropies = [closed_forms.entropy(part).value for part in _parts(a)]
    scale = 1 + np.abs(crossed).max() + np.abs(own).max() + max(np.abs(overlaps[0]).max(), np.abs(overlaps[1]).max())
    error = 16 * EPSILON * a.dimension * max(condition(a), condition(b)) * float(scale + np.abs(entropies).max())

    def bound(name: str, kind: str, terms: np.ndarray, source: str) -> Bound:
        return Bound(name, kind, Estimate(float(a.weights @ terms), error, f"closed form: {name}"), source)

    variational = UPPER if is_gaussian(a) else LOWER if is_gaussian(b) else APPROXIMATION
    return (
        Bound("matched", UPPER, _matched(a, b, crossed, error), CHAIN_RULE),
        bound("product", APPROXIMATION, overlaps[0] - overlaps[1], HERSHEY_OLSEN),
        bound("variational", variational, variations[0] - variations[1], HERSHEY_OLSEN),
        bound("Durrieu, lower", LOWER, variations[0] - overlaps[1] - entropies, DURRIEU),
        bound("Durrieu, upper", UPPER, overlaps[0] - variations[1] + entropies, DURRIEU),
    )


def _matched(a: Multivariate, b: Multivariate, crossed: np.ndarray, error: float) -> Estimate:
    """Σ πₐ (D(fₐ‖g_σ(a)) + log πₐ/ω_σ(a)) for the bijection σ that makes it least."""
    if a.weights.size != b.weights.size:
        return Estimate(np.inf, 0.0, "no bijection: the mixtures have different numbers of components")
    from scipy.optimize import linear_sum_assignment

    costs = a.weights[:, None] * (crossed + np.log(a.weights)[:, None] - np.log(b.weights))
    return Estimate(float(costs[linear_sum_assignment(costs)].sum()), error, "closed form: best matching of components")


def _parts(a: Multivariate) -> list[MultivariateGaussian]:
    return [MultivariateGaussian(mean, cov) for mean, cov in zip(a.means, a.covs)]


def _divergences(a: Multivariate, b: Multivariate) -> np.ndarray:
    """D(fₐ‖g_b) of all pairs of components."""
    return np.array([[closed_forms.kl_divergence(f, g).value for g in _parts(b)] for f in _parts(a)])


def _log_overlaps(a: Multivariate, b: Multivariate) -> np.ndarray:
    """log ∫ fₐ g_b = log N(mₐ; m_b, Σₐ + Σ_b) of all pairs."""
    factors = np.linalg.cholesky(a.covs[:, None] + b.covs)
    u = solve_lower(factors, (a.means[:, None] - b.means)[..., None])[..., 0]
    logs = np.log(np.diagonal(factors, axis1=-2, axis2=-1)).sum(axis=-1)
    return -0.5 * (u * u).sum(axis=-1) - logs - a.dimension * LOG_ROOT_TAU


def _averages(logs: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """log Σ_b weights[b] exp(logs[a, b]) of each a."""
    terms = logs + np.log(weights)
    top = terms.max(axis=1)
    return top + np.log(np.exp(terms - top[:, None]).sum(axis=1))
