"""Rényi divergences: log ∫ p^α q^(1−α) over α − 1, in log space, so that far modes neither overflow nor cancel."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np

from kl_engine.distributions.gaussian import Mixture, is_gaussian
from kl_engine.divergences import closed_forms
from kl_engine.divergences.alpha_family.alpha import alpha_divergence
from kl_engine.divergences.alpha_family.tilting import bells, divergence_reason, tilted_bell, tilted_support
from kl_engine.divergences.line import kl_divergence
from kl_engine.estimates.checks import refuse
from kl_engine.estimates.estimate import Estimate
from kl_engine.estimates.rounding import EPSILON
from kl_engine.quadrature.crossings import Part, parts_of
from kl_engine.quadrature.expect import AtNodes, expect
from kl_engine.quadrature.truncation import WIDE_REACH, mass_beyond

NEAR_ONE = 0.5  # of 1 − ∫ p^α q^(1−α), or of its negative: below it the logarithm is taken of 1 − α (1−α) D_α
PASSES = 2  # of the integral: the first finds its scale, which for α > 1 the components alone do not tell


def renyi_divergence(p: Mixture, q: Mixture, alpha: float) -> Estimate:
    """R_α(p‖q) of Gaussians on the line and their mixtures, for α >= 0."""
    if alpha == 1:
        return kl_divergence(p, q)
    if reason := divergence_reason(parts_of(p), parts_of(q), alpha):
        return Estimate.infinite(f"at α = {alpha:g}: {reason}")
    if is_gaussian(p) and is_gaussian(q):
        return closed_forms.renyi_divergence(p, q, alpha)
    return renyi_by(partial(alpha_divergence, p, q), partial(_log_affinity, p, q), alpha)


def renyi_by(
    alpha_divergence: Callable[[float], Estimate], log_affinity: Callable[[float], Estimate], alpha: float
) -> Estimate:
    """R_α from D_α where that keeps its digits, log(1 − α (1−α) D_α)/(α−1), and from log ∫ p^α q^(1−α) elsewhere.

    Raises what the two raise; at α = 0 it is −log q(p > 0).
    """
    c = alpha * (1 - alpha)
    try:
        near = alpha_divergence(alpha) if c else None
    except OverflowError:
        near = None
    if near is not None and abs(c * near.value) <= NEAR_ONE:
        value = math.log1p(-c * near.value) / (alpha - 1)
        error = alpha * near.error / (1 - abs(c) * (abs(near.value) + near.error)) + 4 * EPSILON * abs(value)
        return Estimate(value, error, near.certainty, f"log(1 − α (1−α) D_α)/(α−1), D_α by {near.method}")
    found = log_affinity(alpha)
    return found / (alpha - 1) if math.isfinite(found.value) else Estimate.infinite(found.reason)


def log_of(affinity: Estimate) -> Estimate:
    """log ∫ p^α q^(1−α) from the integral: −inf where it is 0; ValueError where its error says nothing of its log."""
    if affinity.value == 0 and affinity.error == 0:
        return Estimate.infinite("support: nothing has probability under both", -1)
    if math.isinf(affinity.value):
        return affinity
    if affinity.value <= 2 * affinity.error:
        raise refuse(
            "q", "a density nearer to p, for ∫ p^α q^(1−α) is lost in rounding (kl_divergence is not)", affinity
        )
    slack = -math.log1p(-affinity.error / affinity.value)
    return replace(affinity, value=math.log(affinity.value), error=slack)


def _log_affinity(p: Mixture, q: Mixture, alpha: float) -> Estimate:
    """log ∫ p^α q^(1−α) by quadrature, its integrand over its own scale."""
    if alpha > 1:  # the density of the negative power stands first
        p, q, alpha = q, p, 1 - alpha
    first, second = parts_of(p), parts_of(q)
    log_scale = _log_scale(first, second, alpha)
    for _ in range(PASSES):
        support, left_out = _support(first, second, alpha, log_scale)

        def integrand(log_p: np.ndarray, log_q: np.ndarray, shift: float = log_scale) -> AtNodes:
            value = np.exp(alpha * log_p + (1 - alpha) * log_q - shift)
            return AtNodes(value, abs(alpha) * value, (1 - alpha) * value, abs(shift) * value)

        found = expect(integrand, p, q, left_out=left_out, support=support, inner=support, reach=WIDE_REACH)
        total = math.log(found.value) + log_scale
        slack = found.error / found.value + 4 * EPSILON * (1 + abs(log_scale) + abs(total))
        log_scale = total
    return Estimate(total, slack, found.certainty, found.method)


def _log_scale(first: tuple[Part, ...], second: tuple[Part, ...], alpha: float) -> float:
    """About the log of the largest of what the pairs of components hold of ∫ p^α q^(1−α)."""
    if alpha >= 0:
        return max(bell.log_mass for bell in bells(first, second, alpha))
    # Every component of p bounds it from above beside each of q; where all of those grow, another term decides.
    least = [
        min((bell.log_mass for a in first if (bell := tilted_bell(a, b, alpha))), default=-math.inf) for b in second
    ]
    return max(least)


def _support(
    first: tuple[Part, ...], second: tuple[Part, ...], alpha: float, log_scale: float
) -> tuple[list[float], float]:
    """Panel edges over p^α q^(1−α), and a bound of what it holds beyond them, over exp(log_scale).

    Between α = 0 and 1, (Σ x)^α (Σ y)^(1−α) <= ΣΣ x^α y^(1−α): the bells of all pairs hold it.
    """
    found = bells(first, second, alpha)
    edges = [edge for bell in found for edge in bell.edges(WIDE_REACH)]
    if alpha < 0:
        wide, beyond = tilted_support(first, second, alpha, log_scale)
        return [*edges, *wide], beyond
    return edges, mass_beyond(WIDE_REACH) * sum(math.exp(bell.log_mass - log_scale) for bell in found)
