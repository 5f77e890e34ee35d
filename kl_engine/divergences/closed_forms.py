"""Closed forms between Gaussians, in forms that keep their digits when the two nearly agree; all in nats."""

from __future__ import annotations

import math

from kl_engine.distributions.gaussian import Mixture
from kl_engine.estimates.certainty import Certainty
from kl_engine.estimates.estimate import Estimate, finite_estimate
from kl_engine.estimates.rounding import EPSILON, LOG_ROOT_TAU, SERIES_BELOW, excess_over_log


def entropy(a: Mixture) -> Estimate:
    """H[N(m, s²)] = ½ log 2πe + log s."""
    log_std = math.log(a.std)
    value = 0.5 + LOG_ROOT_TAU + log_std
    return Estimate(value, 4 * EPSILON * (2 + abs(log_std)), Certainty.EXACT, "closed form: ½ log(2πe σ²)")


def cross_entropy(a: Mixture, b: Mixture) -> Estimate:
    """−E_a log N(m, s²) = log s + ½ log 2π + Σₖ wₖ (sₖ² + (mₖ − m)²) / 2s², for any mixture `a`."""
    log_std = math.log(b.std)
    spread = 0.0
    for w, m, s in zip(a.weights.tolist(), a.means.tolist(), a.stds.tolist()):
        width, shift = s / b.std, (m - b.mean) / b.std
        spread += w * (width * width + shift * shift)  # `**` would raise where a product becomes inf
    value = log_std + LOG_ROOT_TAU + 0.5 * spread
    error = 8 * EPSILON * (2 + abs(log_std) + spread)
    return finite_estimate(value, error, Certainty.EXACT, "closed form: log σ + ½ log 2π + E (x − μ)²/2σ²")


def kl_divergence(a: Mixture, b: Mixture) -> Estimate:
    """D(N(m₁, s₁²)‖N(m₂, s₂²)) = ½ (u − log(1 + u)) + (m₁ − m₂)²/2s₂², with u = s₁²/s₂² − 1.

    The textbook's log(s₂/s₁) + (s₁² + (m₁ − m₂)²)/2s₂² − ½, arranged so that nothing cancels when the stds are close:
    at s₁/s₂ = 1 + 1e-8 the textbook form has no right digit, this one all.
    """
    gap = (a.std - b.std) / b.std
    excess = gap * (2 + gap)
    shift = (a.mean - b.mean) / b.std
    if abs(excess) < SERIES_BELOW:
        spread = excess_over_log(excess)
        rounding = spread
    else:
        log_ratio = math.log(a.std) - math.log(b.std)
        spread = excess - 2 * log_ratio
        rounding = abs(excess) + 2 * (abs(math.log(a.std)) + abs(math.log(b.std)))
    value = 0.5 * (spread + shift * shift)
    error = 8 * EPSILON * (rounding + shift * shift)
    return finite_estimate(value, error, Certainty.EXACT, "closed form: log(σ₂/σ₁) + (σ₁² + (μ₁ − μ₂)²)/2σ₂² − ½")


def alpha_divergence(p: Mixture, q: Mixture, alpha: float) -> Estimate:
    """D_α of two Gaussians, for α <= ½ and α σ_q² + (1−α) σ_p² > 0.

    D_α = (1 − e^(−cG))/c with c = α (1−α) and the G of `gain`: G itself where c is 0.
    """
    method = "closed form: (1 − σ_p^(1−α) σ_q^α/σ* · exp(−½ α (1−α) (μ_p − μ_q)²/σ*²))/(α (1−α))"
    return from_gain(*gain(p, q, alpha), alpha, method)


def renyi_divergence(p: Mixture, q: Mixture, alpha: float) -> Estimate:
    """R_α = α G of two Gaussians, with the G of `gain`, where α σ_q² + (1−α) σ_p² > 0."""
    swapped = alpha > 0.5  # G is the same for (q, p) at 1 − α, and keeps its digits there
    value, noise = gain(q, p, 1 - alpha) if swapped else gain(p, q, alpha)
    error = alpha * noise + 4 * EPSILON * alpha * value
    method = "closed form: α (μ_p − μ_q)²/2σ*² + log(σ*/(σ_p^(1−α) σ_q^α))/(1−α)"
    return finite_estimate(alpha * value, error, Certainty.EXACT, method)


def gain(p: Mixture, q: Mixture, alpha: float) -> tuple[float, float]:
    """G with ∫ p^α q^(1−α) = exp(−α (1−α) G), for α <= ½, and what rounding does to it.

    With u = σ_q²/σ_p² − 1, G = ½ (μ_p − μ_q)²/(σ_p² (1 + αu)) + ½ (log(1 + αu)/α − log(1 + u))/(1−α).
    """
    gap = (q.std - p.std) / p.std
    excess = gap * (2 + gap)
    narrowed = 1 + alpha * excess
    shift = (p.mean - q.mean) / p.std
    if abs(excess) < SERIES_BELOW and abs(alpha * excess) < SERIES_BELOW:
        spread = log_bend(excess, alpha)
        rounding = spread
    else:
        tilted = tilted_log(excess, alpha)
        logs = math.log(q.std), math.log(p.std)
        spread = (tilted - 2 * (logs[0] - logs[1])) / (1 - alpha)
        rounding = (abs(tilted) + 2 * sum(map(abs, logs))) / (1 - alpha)
    # What 1 + αu loses where it nearly cancels, each of the two terms feels.
    sensitive = 1 + abs(alpha * excess) / narrowed
    noise = 8 * EPSILON * (sensitive * shift * shift / narrowed + rounding + (sensitive - 1) / (1 - alpha))
    return 0.5 * (shift * shift / narrowed + spread), noise


def tilted_log(u: float, alpha: float) -> float:
    """log(1 + αu)/α, u itself where αu is lost beside 1: an α that is hardly a double is not divided by."""
    lift = alpha * u
    return math.log1p(lift) / lift * u if abs(lift) > EPSILON**2 else u


def from_gain(gain: float, noise: float, alpha: float, method: str) -> Estimate:
    """(1 − e^(−cG))/c with c = α (1−α), G itself where c is 0; OverflowError beyond the largest double."""
    size = alpha * (1 - alpha) * gain
    try:
        value = -math.expm1(-size) / size * gain if size else gain
        error = noise * math.exp(-size) + 8 * EPSILON * value
    except OverflowError:
        value = error = math.inf
    return finite_estimate(value, error, Certainty.EXACT, method)


def log_bend(u: float, alpha: float) -> float:
    """(log(1 + αu)/α − log(1 + u))/(1−α) = Σ_{n>=2} (−u)^n (1 + α + … + α^(n−2))/n, for |u|, |αu| <= ½.

    With m the larger of |u| and |αu| all terms from the n-th on are together below 2 u² m^(n−2), as 1 + … + α^(n−2) is
    at most (n − 1) max(1, |α|)^(n−2). A term itself may be 0 (at α = −1 every second one is) and ends nothing.
    """
    power, coefficient, total, n = u * u, 1.0, 0.0, 2
    rest, shrink = 2 * u * u, max(abs(u), abs(alpha * u))
    while rest > 0.25 * EPSILON * total:
        total += power * coefficient / n
        power *= -u
        coefficient = 1 + alpha * coefficient
        rest *= shrink
        n += 1
    return total
