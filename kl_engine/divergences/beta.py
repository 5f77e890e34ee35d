"""The integrals of Beta distributions in closed form, in nats."""

from __future__ import annotations

from kl_engine.distributions.beta import Beta, expected_logs, log_beta
from kl_engine.estimates.certainty import Certainty
from kl_engine.estimates.estimate import Estimate
from kl_engine.estimates.rounding import GAMMA_ROUNDING


def cross_entropy(q: Beta, p: Beta) -> Estimate:
    """H[q, p] = −E_q log p = log B(p) − (a_p − 1) E_q log θ − (b_p − 1) E_q log(1 − θ), in nats."""
    first, second = expected_logs(q)
    constant, size = log_beta(p.a, p.b)
    heads, tails = (p.a - 1) * first, (p.b - 1) * second
    value = constant - heads - tails
    error = GAMMA_ROUNDING * (size + _size(q, p.a - 1, p.b - 1))
    return Estimate(value, error, Certainty.EXACT, "closed form: log B − Σ (shape − 1) E log")


def entropy(q: Beta) -> Estimate:
    """H[q] in nats; for a density it may be negative."""
    return cross_entropy(q, q)


def kl_divergence(q: Beta, p: Beta) -> Estimate:
    """D(q‖p) = log B(p)/B(q) + (a_q − a_p) E_q log θ + (b_q − b_p) E_q log(1 − θ), in nats."""
    first, second = expected_logs(q)
    (own, size), (other, other_size) = log_beta(q.a, q.b), log_beta(p.a, p.b)
    value = other - own + (q.a - p.a) * first + (q.b - p.b) * second
    error = GAMMA_ROUNDING * (size + other_size + _size(q, q.a - p.a, q.b - p.b))
    return Estimate(value, error, Certainty.EXACT, "closed form: log B(p)/B(q) + Σ (shape_q − shape_p) E log")


def expected_log_likelihood(q: Beta, heads: int, tails: int) -> Estimate:
    """E_q [heads log θ + tails log(1 − θ)], in nats."""
    first, second = expected_logs(q)
    method = "closed form: heads E log θ + tails E log(1 − θ)"
    return Estimate(heads * first + tails * second, GAMMA_ROUNDING * _size(q, heads, tails), Certainty.EXACT, method)


def _size(q: Beta, heads: float, tails: float) -> float:
    """The size of the digammas in heads E_q log θ + tails E_q log(1 − θ)."""
    from scipy.special import digamma

    both, first, second = (1 + abs(float(digamma(value))) for value in (q.a + q.b, q.a, q.b))
    return abs(heads) * (first + both) + abs(tails) * (second + both)
