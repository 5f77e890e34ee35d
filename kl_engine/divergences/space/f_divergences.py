"""The other divergences of multivariate Gaussians and their mixtures: α, Rényi, Jensen-Shannon, total variation.

Closed forms between Gaussians. Mixtures are seen in the coordinates in which they differ (`quadrature.reduction`): one
of them is the line's, two are a cubature where the integrand is smooth, and from there on it is sampled, with a
confidence.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np

from kl_engine.distributions.gaussian import Mixture
from kl_engine.distributions.multivariate import Multivariate, MultivariateGaussian, is_gaussian
from kl_engine.divergences import disagreement as line_disagreement
from kl_engine.divergences import symmetric
from kl_engine.divergences.alpha_family import alpha as line_alpha
from kl_engine.divergences.alpha_family import renyi
from kl_engine.divergences.alpha_family.tilting import tilted_mean
from kl_engine.divergences.closed_forms import from_gain
from kl_engine.divergences.disagreement import THRESHOLD, Disagreement
from kl_engine.divergences.registry import Refusal, kind_of, row
from kl_engine.divergences.space import closed_forms, plane
from kl_engine.divergences.space.expectations import kl_divergence, on_the_line
from kl_engine.estimates.certainty import Certainty
from kl_engine.estimates.checks import refuse
from kl_engine.estimates.estimate import Estimate, finite_estimate
from kl_engine.estimates.rounding import EPSILON
from kl_engine.quadrature.expect import AtNodes
from kl_engine.quadrature.quasi_monte_carlo import Sampling, sampled_mean
from kl_engine.quadrature.reduction import reduced

INDEFINITE = "α Σ_q + (1−α) Σ_p is not positive definite: ∫ p^α q^(1−α) grows without end"
EQUAL = Estimate(0.0, 0.0, Certainty.EXACT, "equal: all components of both are one Gaussian")


def alpha_divergence(p: Multivariate, q: Multivariate, alpha: float, sampling: Sampling | None = None) -> Estimate:
    """D_α, closed between Gaussians; of mixtures that differ in two coordinates or more for 0 <= α <= 1."""
    asked = alpha
    if alpha > 0.5:  # the mirrored form keeps its digits there
        p, q, alpha = q, p, 1 - alpha
    if alpha == 0:
        return kl_divergence(q, p, sampling)
    if is_gaussian(p) and is_gaussian(q):
        found = closed_forms.gain(p, q, alpha)
        if found is None:
            return Estimate.infinite(f"at α = {alpha:g} of (p, q) or {1 - alpha:g} of (q, p): {INDEFINITE}")
        return from_gain(*found, alpha, "closed form: (1 − |Σ_p|^((1−α)/2) |Σ_q|^(α/2) |Σ*|^(−½) e^(…))/(α (1−α))")
    tilted = partial(tilted_mean, alpha=alpha)
    return _seen(
        p, q, lambda *pair: line_alpha.alpha_divergence(*pair, alpha), _within(asked, tilted, 2 / alpha, sampling)
    )


def renyi_divergence(p: Multivariate, q: Multivariate, alpha: float, sampling: Sampling | None = None) -> Estimate:
    """R_α, closed between Gaussians; of mixtures that differ in two coordinates or more for 0 <= α <= 1."""
    if alpha == 1:
        return kl_divergence(p, q, sampling)
    if is_gaussian(p) and is_gaussian(q):
        swapped = alpha > 0.5
        found = closed_forms.gain(q, p, 1 - alpha) if swapped else closed_forms.gain(p, q, alpha)
        if found is None:
            return Estimate.infinite(f"at α = {alpha:g}: {INDEFINITE}")
        value, noise = found
        method = "closed form: α/2 (μ_p − μ_q)ᵀΣ*⁻¹(μ_p − μ_q) + log |Σ*|/(|Σ_p|^(1−α) |Σ_q|^α) / 2(1−α)"
        return finite_estimate(alpha * value, alpha * noise + 4 * EPSILON * alpha * value, Certainty.EXACT, method)

    def log_affinity(alpha: float) -> Estimate:
        return renyi.log_of(_seen(p, q, None, _within(alpha, partial(_affinity, alpha=alpha), 1.0, sampling)))

    def on_line(*pair: Mixture) -> Estimate:
        return renyi.renyi_divergence(*pair, alpha)

    found = reduced(p, q) if p.dimension > 1 else None
    if p.dimension == 1 or found.a is None or found.a.dimension == 1:
        return _seen(p, q, on_line, None)
    return renyi.renyi_by(partial(alpha_divergence, p, q, sampling=sampling), log_affinity, alpha)


def jensen_shannon(p: Multivariate, q: Multivariate, sampling: Sampling | None = None) -> Estimate:
    """½ D(p‖m) + ½ D(q‖m) with m = ½ (p + q)."""

    def smooth(a: Multivariate, b: Multivariate) -> Estimate:
        return _mean_of(symmetric.middle_divergence, a, b, 1.0, sampling)

    return _seen(p, q, symmetric.jensen_shannon, smooth)


def total_variation(p: Multivariate, q: Multivariate, sampling: Sampling | None = None) -> Estimate:
    """½ ∫ |p − q|: sampled where the two differ in two coordinates or more, for its kinks defeat a cubature."""
    return _seen(p, q, symmetric.total_variation, partial(_sampled, symmetric.contrast, sampling=sampling))


def disagreement(p: Multivariate, q: Multivariate, sampling: Sampling | None = None) -> Disagreement:
    """Q{q > e² p} and P{p > e² q}."""
    return Disagreement(*(_exceeding(*pair, sampling) for pair in ((q, p), (p, q))))


def is_wild(a: Multivariate, b: Multivariate) -> bool:
    """Whether ∫ b²/a may be infinite: unless each component of b is held by one of a, 2 Σ_a − Σ_b positive definite."""
    ones = [[MultivariateGaussian(*each) for each in zip(side.means, side.covs)] for side in (a, b)]
    return not all(any(closed_forms.gain(one, other, -1.0) for one in ones[0]) for other in ones[1])


def in_one_dimension(name: str, refusal: Refusal, a: object, b: object, **options):
    """The verb of two distributions of which one is written as a vector of one coordinate; else the refusal."""
    sides = [on_the_line(side) if getattr(side, "dimension", 0) == 1 else side for side in (a, b)]
    for side, given in zip(sides, (a, b)):
        if side is given and hasattr(side, "dimension"):
            return refusal
    found = row(name, *(kind_of(side, "b") for side in sides))
    return found(*sides, **options) if callable(found) else found


def _exceeding(a: Multivariate, b: Multivariate, sampling: Sampling | None) -> Estimate:
    """A{a > e² b}."""

    def share(log_a: np.ndarray, log_b: np.ndarray) -> AtNodes:
        lead = log_a - log_b
        return AtNodes(np.where(lead > THRESHOLD, 2 / (1 + np.exp(-lead)), 0.0), 0.0, 0.0)

    beyond = partial(_sampled, share, sampling=sampling)
    return _seen(a, b, lambda *pair: line_disagreement.disagreement(*pair).missed, beyond)


def _within(
    alpha: float, integrand: Callable[..., AtNodes], bounded: float, sampling: Sampling | None
) -> Callable[[Multivariate, Multivariate], Estimate]:
    """The way beyond the line, for an integrand that is bounded for 0 < α < 1 only; `alpha` is the α asked for."""

    def found(a: Multivariate, b: Multivariate) -> Estimate:
        if not 0 <= alpha <= 1:
            expected = (
                "a number from 0 to 1 for mixtures that differ in several coordinates; kl_bounds tells of them too"
            )
            raise refuse("alpha", expected, alpha)
        return _mean_of(integrand, a, b, bounded, sampling)

    return found


def _affinity(log_p: np.ndarray, log_q: np.ndarray, alpha: float) -> AtNodes:
    """p^α q^(1−α) over ½ (p + q)."""
    both = np.logaddexp(log_p, log_q) - math.log(2)
    value = np.exp(alpha * (log_p - both) + (1 - alpha) * (log_q - both))
    return AtNodes(value, value, value)


def _mean_of(
    integrand: Callable[..., AtNodes], a: Multivariate, b: Multivariate, bounded: float, sampling: Sampling | None
) -> Estimate:
    """E f under ½ (a + b) of a smooth f: by cubature in the plane, sampled beyond it."""
    if a.dimension == 2:
        return plane.mean_of(integrand, a, b, bounded)
    return _sampled(integrand, a, b, sampling)


def _sampled(
    integrand: Callable[..., AtNodes], a: Multivariate, b: Multivariate, sampling: Sampling | None
) -> Estimate:
    return sampled_mean(integrand, a, b, sampling or Sampling())


def _seen(
    p: Multivariate,
    q: Multivariate,
    on_line: Callable[[Mixture, Mixture], Estimate] | None,
    beyond: Callable[[Multivariate, Multivariate], Estimate] | None,
) -> Estimate:
    """A divergence in the coordinates in which the two differ, with what the coordinates set aside may have added."""
    if p.dimension == 1 and on_line:
        return _along(on_line, p, q)
    found = reduced(p, q)
    if found.a is None:
        return EQUAL
    line = on_line and found.a.dimension == 1
    seen = _along(on_line, found.a, found.b) if line else beyond(found.a, found.b)
    if found.a.dimension == p.dimension or math.isinf(seen.value):
        return seen
    where = f"in the {found.a.dimension} of {p.dimension} coordinates in which the two differ"
    aside = p.dimension * found.aside * (1 + abs(seen.value))
    return replace(seen, error=seen.error + aside, method=f"{where}: {seen.method}")


def _along(verb: Callable[[Mixture, Mixture], Estimate], p: Multivariate, q: Multivariate) -> Estimate:
    """A verb of the line, of mixtures with one coordinate."""
    return verb(on_the_line(p), on_the_line(q))
