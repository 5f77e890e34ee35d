"""Closed forms between Gaussians of any dimension, in forms that keep their digits when the two nearly agree.

In doubles where the condition of the covariances leaves the digits, and with 80 decimals where it does not.
"""

from __future__ import annotations

import math

import numpy as np

from kl_engine.distributions.multivariate import Multivariate, condition
from kl_engine.distributions.triangular import solve_lower
from kl_engine.divergences.closed_forms import log_bend, tilted_log
from kl_engine.divergences.space import many_digits
from kl_engine.estimates.certainty import Certainty
from kl_engine.estimates.estimate import Estimate, finite_estimate
from kl_engine.estimates.rounding import EPSILON, LOG_ROOT_TAU, SERIES_BELOW, excess_over_log

LOST = 256 * EPSILON  # relative: a larger error of the doubles, and the decimals are asked
MANY, LOST_OF_MANY = 100, 1e-10  # beyond so many coordinates the decimals take seconds: only from that error on


def entropy(a: Multivariate) -> Estimate:
    """H[N(m, Σ)] = ½ log det 2πe Σ = n (½ + ½ log 2π) + log det L."""
    logs = np.log(np.diagonal(a.factors[0]))
    value = a.dimension * (0.5 + LOG_ROOT_TAU) + float(logs.sum())
    error = 8 * EPSILON * (a.dimension * (2 + condition(a)) + float(np.abs(logs).sum()))
    if _lost(error, 1 + abs(value), a.dimension):
        value = a.dimension * (0.5 + LOG_ROOT_TAU) + many_digits.half_log_det(a.covs[0])
        error = 2 * EPSILON * (a.dimension * 2 + abs(value))
    return Estimate(value, error, Certainty.EXACT, "closed form: ½ log det(2πe Σ)")


def cross_entropy(a: Multivariate, b: Multivariate) -> Estimate:
    """−E_a log N(m, Σ) = log det L + (n/2) log 2π + ½ Σₖ wₖ (|L⁻¹Lₖ|² + |L⁻¹(mₖ − m)|²), for any mixture `a`."""
    width = solve_lower(b.factors, a.factors)
    shift = solve_lower(b.factors, (a.means - b.means)[..., None])
    logs = np.log(np.diagonal(b.factors[0]))
    with np.errstate(over="ignore"):  # refused below
        spread = float(a.weights @ ((width**2).sum(axis=(1, 2)) + (shift**2).sum(axis=(1, 2))))
    level, constant = float(logs.sum()), b.dimension * LOG_ROOT_TAU
    error = 8 * EPSILON * (b.dimension * 2 + float(np.abs(logs).sum()) + b.dimension * condition(b) * (1 + spread))
    if _lost(error, 1 + abs(level) + spread, b.dimension):
        level = many_digits.half_log_det(b.covs[0])
        spread = many_digits.mean_square(a.weights, a.covs, (a.means, b.means), b.covs[0])
        error = 2 * EPSILON * (b.dimension * 2 + abs(level) + spread)
    value = level + constant + 0.5 * spread
    return finite_estimate(value, error, Certainty.EXACT, "closed form: ½ log det(2πΣ) + ½ E (x − μ)ᵀΣ⁻¹(x − μ)")


def kl_divergence(a: Multivariate, b: Multivariate) -> Estimate:
    """D(N(m₁, Σ₁)‖N(m₂, Σ₂)) = ½ Σᵢ (uᵢ − log(1 + uᵢ)) + ½ |L₂⁻¹(m₁ − m₂)|².

    The uᵢ are the eigenvalues of L₂⁻¹(Σ₁ − Σ₂)L₂⁻ᵀ: the textbook's ½ (tr Σ₂⁻¹Σ₁ − n − log det Σ₂⁻¹Σ₁ + …), arranged
    so that nothing cancels when the covariances are close.
    """
    first, second = a.factors[0], b.factors[0]
    half = solve_lower(second, a.covs[0] - b.covs[0])
    whitened = solve_lower(second, half.T)
    shift = solve_lower(second, (a.means[0] - b.means[0])[:, None])[:, 0]
    excess = np.linalg.eigvalsh((whitened + whitened.T) / 2)
    if np.abs(excess).max() < SERIES_BELOW:
        spread = sum(excess_over_log(float(u)) for u in excess)
        rounding = spread + float(np.abs(excess).max()) * float(np.abs(excess).sum())
    else:
        logs = np.log(np.diagonal(first)) - np.log(np.diagonal(second))
        spread = float(np.trace(whitened) - 2 * logs.sum())
        rounding = float(np.abs(np.diagonal(whitened)).sum() + 2 * np.abs(logs).sum()) + a.dimension
    with np.errstate(over="ignore"):  # refused below
        distance = float(shift @ shift)
    error = 8 * EPSILON * a.dimension * max(condition(a), condition(b)) * (rounding + distance)
    method = "closed form: ½ (tr Σ₂⁻¹Σ₁ − n − log det Σ₂⁻¹Σ₁ + (μ₁ − μ₂)ᵀΣ₂⁻¹(μ₁ − μ₂))"
    value = 0.5 * (spread + distance)
    if _lost(error, abs(value), a.dimension):
        value, left = many_digits.divergence(a.covs[0], b.covs[0], (a.means[0], b.means[0]))
        error = EPSILON * abs(value) + left
    return finite_estimate(value, error, Certainty.EXACT, method)


def gain(p: Multivariate, q: Multivariate, alpha: float) -> tuple[float, float] | None:
    """G with ∫ p^α q^(1−α) = exp(−α (1−α) G) of two Gaussians, for α <= ½, and its rounding; None where it is infinite.

    With the eigenvalues 1 + uᵢ of L_p⁻¹Σ_qL_p⁻ᵀ and the coordinates δᵢ of L_p⁻¹(m_p − m_q) along their vectors,
    G = ½ Σᵢ δᵢ²/(1 + αuᵢ) + ½ Σᵢ (log(1 + αuᵢ)/α − log(1 + uᵢ))/(1−α): the line's formula in each of them.
    """
    own = p.factors[0]
    whitened = solve_lower(own, solve_lower(own, q.covs[0] - p.covs[0]).T)
    excess, vectors = np.linalg.eigh((whitened + whitened.T) / 2)
    narrowed = 1 + alpha * excess
    magnified = 8 * EPSILON * p.dimension * max(condition(p), condition(q))
    unsure = magnified * (1 + float(np.abs(excess).max()))  # of each eigenvalue
    if narrowed.min() <= -abs(alpha) * unsure:
        return None
    if narrowed.min() > abs(alpha) * unsure and excess.min() > unsure - 1:
        squares = (vectors.T @ solve_lower(own, (p.means[0] - q.means[0])[:, None])[:, 0]) ** 2 / narrowed
        terms = [_spread(float(u), alpha) for u in excess]
        sensitive = 1 + np.abs(alpha * excess) / narrowed
        size = float((sensitive * squares).sum() + ((sensitive - 1) / (1 - alpha)).sum())
        noise = magnified * (size + sum(size for _, size in terms))
        value = 0.5 * (float(squares.sum()) + sum(value for value, _ in terms))
        if not _lost(noise, value, p.dimension):
            return value, noise
    found = many_digits.gain(p.covs[0], q.covs[0], (p.means[0], q.means[0]), alpha)
    return found and (found[0], EPSILON * abs(found[0]) + found[1])


def _lost(error: float, size: float, dimension: int) -> bool:
    """Whether the doubles have lost digits of a number of this size that the decimals would keep at a fair price."""
    return error > (LOST if dimension <= MANY else LOST_OF_MANY) * size


def _spread(u: float, alpha: float) -> tuple[float, float]:
    """(log(1 + αu)/α − log(1 + u))/(1−α), and the size that its rounding is relative to."""
    if max(abs(u), abs(alpha * u)) < SERIES_BELOW:
        return log_bend(u, alpha), abs(u)
    tilted = tilted_log(u, alpha)
    own = math.log1p(u)
    return (tilted - own) / (1 - alpha), (abs(tilted) + abs(own) + abs(u)) / (1 - alpha)
