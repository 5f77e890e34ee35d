"""The integrals of Beta distributions in closed form, in nats."""

from __future__ import annotations

import math
from functools import partial

from kl_engine.distributions.beta import Beta, expected_logs, log_beta
from kl_engine.distributions.gaussian import Mixture, is_gaussian
from kl_engine.divergences import any_line
from kl_engine.divergences.alpha_family.renyi import renyi_by
from kl_engine.divergences.closed_forms import from_gain
from kl_engine.divergences.unit import interval
from kl_engine.estimates.certainty import Certainty
from kl_engine.estimates.estimate import Estimate, finite_estimate
from kl_engine.estimates.rounding import EPSILON, GAMMA_ROUNDING, LOG_ROOT_TAU

KEPT = 1e-9  # relative: where the closed form knows less, the integral is asked too


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


def alpha_divergence(p: Beta, q: Beta, alpha: float) -> Estimate:
    """(1 − e^L)/(α (1−α)) with L = log ∫ p^α q^(1−α): closed form; by quadrature where p ≈ q, or α ≈ 0, leaves it few
    digits.
    """
    if alpha > 0.5:  # the mirrored form keeps its digits there
        p, q, alpha = q, p, 1 - alpha
    if alpha == 0:
        return kl_divergence(q, p)
    log = log_affinity(p, q, alpha)
    if math.isinf(log.value):
        return Estimate.infinite(log.reason)
    c = alpha * (1 - alpha)
    found = from_gain(
        -log.value / c, log.error / abs(c), alpha, "closed form: (1 − B(tilted)/B(p)^α B(q)^(1−α))/(α (1−α))"
    )
    if found.error <= KEPT * found.value:
        return found
    integral = interval.alpha_divergence if alpha > 0 else any_line.alpha_divergence
    return min(found, integral(p, q, alpha), key=lambda each: each.error)


def renyi_divergence(p: Beta, q: Beta, alpha: float) -> Estimate:
    """log ∫ p^α q^(1−α) over α − 1: closed form; from D_α where p ≈ q."""
    if alpha == 1:
        return kl_divergence(p, q)
    return renyi_by(partial(alpha_divergence, p, q), partial(log_affinity, p, q), alpha)


def log_affinity(p: Beta, q: Beta, alpha: float) -> Estimate:
    """log ∫ p^α q^(1−α) = log B(α a_p + (1−α) a_q, …) − α log B(p) − (1−α) log B(q); inf where it has no such Beta."""
    a, b = alpha * p.a + (1 - alpha) * q.a, alpha * p.b + (1 - alpha) * q.b
    for shape, end in ((a, 0), (b, 1)):
        if shape <= 0:
            return Estimate.infinite(f"at α = {alpha:g} p^α q^(1−α) has no integral at θ = {end}")
    (both, size), (own, first), (other, second) = log_beta(a, b), log_beta(p.a, p.b), log_beta(q.a, q.b)
    value = both - alpha * own - (1 - alpha) * other
    cancelled = (abs(alpha) * (p.a + p.b) + abs(1 - alpha) * (q.a + q.b)) / min(a, b)
    error = 2 * GAMMA_ROUNDING * (size * (1 + cancelled) + abs(alpha) * first + abs(1 - alpha) * second)
    return Estimate(value, error, Certainty.EXACT, "closed form: log B(tilted) − α log B(p) − (1−α) log B(q)")


def is_wild(a: Beta, b: Beta) -> bool:
    """Whether ∫ b²/a is infinite."""
    return math.isinf(log_affinity(b, a, 2.0).value)


def cross_entropy_to_line(a: Beta, b: Mixture) -> Estimate:
    """−E_a log b for a mixture `b` on the line: closed form for one Gaussian, log s + ½ log 2π + E (θ − m)²/2s²."""
    if not is_gaussian(b):
        return interval.cross_entropy(a, b)
    mean, std = float(b.means[0]), float(b.stds[0])
    square = (a.std / std) ** 2 + ((a.mean - mean) / std) ** 2
    value = math.log(std) + LOG_ROOT_TAU + 0.5 * square
    error = 8 * EPSILON * (2 + abs(math.log(std)) + square + (1 + abs(mean)) / std * square**0.5)
    return finite_estimate(value, error, Certainty.EXACT, "closed form: log σ + ½ log 2π + E (θ − μ)²/2σ²")


def divergence_to_line(a: Beta, b: Mixture) -> Estimate:
    """D(a‖b) for a mixture `b` on the line."""
    return cross_entropy_to_line(a, b) - entropy(a) if is_gaussian(b) else interval.kl_divergence(a, b)


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
