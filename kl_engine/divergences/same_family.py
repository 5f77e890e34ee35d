"""D(a‖b) in closed form between two of one family, arranged so that digits are kept where the two nearly agree."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

import numpy as np

from kl_engine.distributions.categorical import Categorical
from kl_engine.distributions.counts import Bernoulli, Binomial, Geometric, NegativeBinomial, Poisson
from kl_engine.distributions.dirichlet import Dirichlet
from kl_engine.distributions.gaussian import Gaussian
from kl_engine.distributions.line import Cauchy, Exponential, Gamma, Laplace, LogNormal, Uniform, Weibull
from kl_engine.divergences import closed_forms
from kl_engine.divergences.alpha_family.renyi import renyi_by
from kl_engine.divergences.closed_forms import from_gain
from kl_engine.divergences.sums import discrete
from kl_engine.estimates.certainty import Certainty
from kl_engine.estimates.checks import refuse
from kl_engine.estimates.estimate import Estimate
from kl_engine.estimates.rounding import EPSILON, GAMMA_ROUNDING, SERIES_BELOW, excess_over_log

EULER = 0.5772156649015329  # −ψ(1)


def of(a: object, b: object) -> Estimate | None:
    """D(a‖b) where there is a closed form for the family of both; None where there is none."""
    form = FORMS.get(type(a)) if type(a) is type(b) else None
    return form(a, b) if form else None


def excess(u: float) -> float:
    """u − log(1 + u) for u > −1, to its last digits: never negative, u²/2 for small u."""
    return excess_over_log(u) if abs(u) < SERIES_BELOW else u - math.log1p(u)


def _closed(value: float, size: float, form: str) -> Estimate:
    return Estimate(value, 8 * EPSILON * size, Certainty.EXACT, f"closed form: {form}")


def exponential(a: Exponential, b: Exponential) -> Estimate:
    """u − log(1 + u) with 1 + u = s₁/s₂: the textbook's log(s₂/s₁) + s₁/s₂ − 1."""
    u = (a.scale - b.scale) / b.scale
    value = excess(u)
    return _closed(value, value + abs(u) * (abs(u) + 1) * EPSILON + _far(u), "log(s₂/s₁) + s₁/s₂ − 1")


def _far(u: float) -> float:
    """What cancels in u − log(1 + u) where it is not summed as a series."""
    return 0.0 if abs(u) < SERIES_BELOW else abs(u) + abs(math.log1p(u))


def laplace(a: Laplace, b: Laplace) -> Estimate:
    """log(s₂/s₁) + (s₁ e^(−d/s₁) + d)/s₂ − 1 with d = |m₁ − m₂|.

    Summed as (u − log(1 + u)) + (s₁/s₂)(e⁻ᵗ − 1 + t), t = d/s₁, in which nothing cancels.
    """
    u, t = (a.scale - b.scale) / b.scale, abs(a.loc - b.loc) / a.scale
    bend = _excess_over_one(t)
    value = excess(u) + a.scale / b.scale * bend
    return _closed(value, value + _far(u), "log(s₂/s₁) + (s₁ e^(−d/s₁) + d)/s₂ − 1")


def _excess_over_one(t: float) -> float:
    """e⁻ᵗ − 1 + t for t >= 0, to its last digits."""
    if t >= SERIES_BELOW:
        return t + math.expm1(-t)
    total = 0.0
    for k in range(18, 1, -1):
        total = (1 - total) * (t / k)
    return total * t


def cauchy(a: Cauchy, b: Cauchy) -> Estimate:
    """log(1 + ((s₁ − s₂)² + (m₁ − m₂)²)/(4 s₁ s₂)). Source: F. Chyzak, F. Nielsen, 2019."""
    apart = math.hypot(a.scale - b.scale, a.loc - b.loc)
    value = math.log1p(apart / (2 * a.scale) * (apart / (2 * b.scale)))
    return _closed(value, value, "log(((s₁ + s₂)² + (m₁ − m₂)²)/(4 s₁ s₂))")


def uniform(a: Uniform, b: Uniform) -> Estimate:
    """log((high₂ − low₂)/(high₁ − low₁)) where a lies within b."""
    if a.low < b.low or a.high > b.high:
        where = f"below {b.low:g}" if a.low < b.low else f"above {b.high:g}"
        words = f"infinite: support (the second argument is 0 {where}, where the first is not)"
        return Estimate(math.inf, 0.0, Certainty.EXACT, words)
    width = a.high - a.low
    value = math.log1p(((a.low - b.low) + (b.high - a.high)) / width)
    return _closed(value, value + EPSILON, "log of the ratio of the widths")


def log_normal(a: LogNormal, b: LogNormal) -> Estimate:
    """That of the two Gaussians of log x: a divergence does not depend on the scale."""
    return closed_forms.kl_divergence(Gaussian(a.log_mean, a.log_std), Gaussian(b.log_mean, b.log_std))


def gamma(a: Gamma, b: Gamma) -> Estimate:
    """(k₁ − k₂) ψ(k₁) − log Γ(k₁) + log Γ(k₂) + k₂ log(s₂/s₁) + k₁ (s₁ − s₂)/s₂."""
    from scipy.special import digamma

    u = (a.scale - b.scale) / b.scale
    terms = [
        (a.shape - b.shape) * float(digamma(a.shape)),
        -math.lgamma(a.shape),
        math.lgamma(b.shape),
        b.shape * excess(u),
        (a.shape - b.shape) * u,
    ]
    error = GAMMA_ROUNDING * (1 + math.fsum(map(abs, terms)))
    method = "closed form: (k₁ − k₂) ψ(k₁) − log Γ(k₁) + log Γ(k₂) + k₂ log(s₂/s₁) + k₁ (s₁ − s₂)/s₂"
    return Estimate(math.fsum(terms), error, Certainty.EXACT, method)


def weibull(a: Weibull, b: Weibull) -> Estimate:
    """log(k₁/s₁^k₁) − log(k₂/s₂^k₂) + (k₁ − k₂)(log s₁ − γ/k₁) + (s₁/s₂)^k₂ Γ(k₂/k₁ + 1) − 1, γ Euler's constant."""
    ratio = b.shape / a.shape
    log_scales = math.log(a.scale / b.scale)
    terms = [
        -math.log(ratio),
        -b.shape * log_scales,
        -(1 - ratio) * EULER,
        math.exp(b.shape * log_scales + math.lgamma(ratio + 1)),
        -1.0,
    ]
    error = GAMMA_ROUNDING * math.fsum(map(abs, terms)) * (1 + abs(b.shape * log_scales))
    method = "closed form: log(k₁/s₁^k₁) − log(k₂/s₂^k₂) + (k₁ − k₂)(log s₁ − γ/k₁) + (s₁/s₂)^k₂ Γ(k₂/k₁ + 1) − 1"
    return Estimate(math.fsum(terms), error, Certainty.EXACT, method)


def poisson(a: Poisson, b: Poisson) -> Estimate:
    """λ₁ (v − log(1 + v)) with 1 + v = λ₂/λ₁: the textbook's λ₁ log(λ₁/λ₂) + λ₂ − λ₁."""
    v = (b.rate - a.rate) / a.rate
    value = a.rate * excess(v)
    return _closed(value, value + a.rate * (abs(v) * (abs(v) + 1) * EPSILON + _far(v)), "λ₁ log(λ₁/λ₂) + λ₂ − λ₁")


def bernoulli(a: Bernoulli, b: Bernoulli) -> Estimate:
    """The sum over 0 and 1."""
    both = [
        Categorical([1 - each.prob, each.prob]) if each.logit is None else Categorical.of_logits([0.0, each.logit])
        for each in (a, b)
    ]
    return discrete.kl_divergence(*both)


def _times(factor: float, found: Estimate, form: str) -> Estimate:
    if math.isinf(found.value):
        return found
    return Estimate(
        factor * found.value, factor * found.error * (1 + 4 * EPSILON), found.certainty, f"closed form: {form}"
    )


def binomial(a: Binomial, b: Binomial) -> Estimate | None:
    """n times that of one trial, where both have n of them."""
    if a.trials != b.trials:
        return None
    one = bernoulli(Bernoulli(a.prob), Bernoulli(b.prob))
    return _times(a.trials, one, "n (p₁ log(p₁/p₂) + (1 − p₁) log((1 − p₁)/(1 − p₂)))")


def geometric(a: Geometric, b: Geometric) -> Estimate | None:
    """That of one trial, times the number of trials that are expected, 1/p₁."""
    if a.first != b.first:
        return None
    return _times(1 / a.prob, bernoulli(Bernoulli(a.prob), Bernoulli(b.prob)), "D of one trial, over p₁")


def negative_binomial(a: NegativeBinomial, b: NegativeBinomial) -> Estimate | None:
    """That of one trial, times the trials that are expected, successes/p₁, where both have as many successes."""
    if a.successes != b.successes:
        return None
    one = bernoulli(Bernoulli(a.prob), Bernoulli(b.prob))
    return _times(a.successes / a.prob, one, "D of one trial, times successes/p₁")


def dirichlet_entropy(a: Dirichlet) -> Estimate:
    """H[a] = log B(α) − Σ (αᵢ − 1)(ψ(αᵢ) − ψ(A))."""
    return dirichlet_cross_entropy(a, a)


def dirichlet_cross_entropy(a: Dirichlet, b: Dirichlet) -> Estimate:
    """−E_a log b = log B(β) − Σ (βᵢ − 1)(ψ(αᵢ) − ψ(A)), B the normalising constant Π Γ(βᵢ)/Γ(Σ β)."""
    from scipy.special import digamma, gammaln

    first, second = a.concentration, b.concentration
    steps = (second - 1) * (digamma(first) - digamma(first.sum()))
    terms = [*gammaln(second).tolist(), -math.lgamma(float(second.sum())), *(-steps).tolist()]
    error = GAMMA_ROUNDING * (1 + math.fsum(map(abs, terms)))
    return Estimate(math.fsum(terms), error, Certainty.EXACT, "closed form: log B(β) − Σ (βᵢ − 1)(ψ(αᵢ) − ψ(A))")


def dirichlet_log_affinity(p: Dirichlet, q: Dirichlet, alpha: float) -> Estimate:
    """log ∫ p^α q^(1−α) = log B(γ) − α log B(α_p) − (1 − α) log B(α_q) with γ between; inf where a γ is not > 0."""
    from scipy.special import gammaln

    between = alpha * p.concentration + (1 - alpha) * q.concentration
    if not (between > 0).all():
        at = int(np.argmin(between))
        return Estimate.infinite(f"p^α q^(1−α) is not integrable where number {at} (counted from 0) is near 0")
    terms: list[float] = []
    for factor, each in ((1.0, between), (-alpha, p.concentration), (alpha - 1, q.concentration)):
        terms += [factor * term for term in (*gammaln(each).tolist(), -math.lgamma(float(each.sum())))]
    error = GAMMA_ROUNDING * (1 + math.fsum(map(abs, terms)))
    return Estimate(math.fsum(terms), error, Certainty.EXACT, "closed form: of normalising constants")


def dirichlet_alpha(p: Dirichlet, q: Dirichlet, alpha: float) -> Estimate:
    """(1 − ∫ p^α q^(1−α))/(α (1 − α)), next to α = 0 from what the integral is to second order in α."""
    if alpha > 0.5:  # the mirrored form keeps its digits there; 1 − α loses none
        p, q, alpha = q, p, 1 - alpha
    found = dirichlet_log_affinity(p, q, alpha)
    if math.isinf(found.value):
        return found
    c = alpha * (1 - alpha)
    gains = [(-found.value / c, found.error / abs(c)), _dirichlet_gain(p, q, alpha)]
    return from_gain(*min(gains, key=lambda each: each[1]), alpha, found.method)


def _dirichlet_gain(p: Dirichlet, q: Dirichlet, alpha: float) -> tuple[float, float]:
    """−log ∫ p^α q^(1−α) over α (1−α), and its error: log B along the line from q to p, to second order in α.

    −log ∫ = α D(q‖p) − α²/2 V + …, with d = α_p − α_q and V = Σ dᵢ² ψ′(αᵢ) − (Σ d)² ψ′(A); the next term is bounded by
    the third derivatives at the smallest numbers between 0 and α.
    """
    from scipy.special import polygamma

    first, step = q.concentration, p.concentration - q.concentration
    least, total = np.minimum(first, first + alpha * step), float(step.sum())
    sums = float(first.sum()), min(float(first.sum()), float(least.sum()))
    bend = float((step**2 * polygamma(1, first)).sum() - total**2 * polygamma(1, sums[0]))
    size = float((step**2 * polygamma(1, first)).sum() + total**2 * polygamma(1, sums[0]))
    third = float((abs(step) ** 3 * -polygamma(2, least)).sum() + abs(total) ** 3 * -polygamma(2, sums[1]))
    own = dirichlet(q, p)
    error = own.error + abs(alpha) * GAMMA_ROUNDING * size + alpha * alpha * third / 6
    return (own.value - alpha * bend / 2) / (1 - alpha), error / (1 - alpha)


def dirichlet_renyi(p: Dirichlet, q: Dirichlet, alpha: float) -> Estimate:
    """log ∫ p^α q^(1−α) over α − 1."""
    return renyi_by(partial(dirichlet_alpha, p, q), partial(dirichlet_log_affinity, p, q), alpha)


def dirichlet(a: Dirichlet, b: Dirichlet) -> Estimate:
    """log Γ(A) − Σ log Γ(αᵢ) − log Γ(B) + Σ log Γ(βᵢ) + Σ (αᵢ − βᵢ)(ψ(αᵢ) − ψ(A)), A and B the sums."""
    from scipy.special import digamma, gammaln

    first, second = a.concentration, b.concentration
    if first.size != second.size:
        raise refuse("b", f"a Dirichlet of {first.size} numbers, as a has", second.size)
    sums = float(first.sum()), float(second.sum())
    terms = np.concatenate(
        [
            [math.lgamma(sums[0]), -math.lgamma(sums[1])],
            -gammaln(first),
            gammaln(second),
            (first - second) * digamma(first),
            -(first - second) * float(digamma(sums[0])),
        ]
    )
    error = GAMMA_ROUNDING * (1 + math.fsum(np.abs(terms)))
    method = "closed form: log Γ(A) − Σ log Γ(αᵢ) − log Γ(B) + Σ log Γ(βᵢ) + Σ (αᵢ − βᵢ)(ψ(αᵢ) − ψ(A))"
    return Estimate(math.fsum(terms), error, Certainty.EXACT, method)


FORMS: dict[type, Callable[..., Estimate | None]] = {
    Exponential: exponential,
    Laplace: laplace,
    Cauchy: cauchy,
    Uniform: uniform,
    LogNormal: log_normal,
    Gamma: gamma,
    Weibull: weibull,
    Poisson: poisson,
    Bernoulli: bernoulli,
    Binomial: binomial,
    Geometric: geometric,
    NegativeBinomial: negative_binomial,
    Dirichlet: dirichlet,
}
