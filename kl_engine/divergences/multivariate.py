"""The divergences of multivariate Gaussians and their mixtures: which way to each, by dimension and components."""

from __future__ import annotations

from kl_engine.distributions.gaussian import GaussianMixture
from kl_engine.distributions.multivariate import Multivariate, is_gaussian, multivariate
from kl_engine.divergences import line, plane
from kl_engine.divergences import multivariate_forms as closed_forms
from kl_engine.estimates.estimate import Estimate


def entropy(a: Multivariate) -> Estimate:
    """H[a] = −E_a log a, in nats: closed form for one Gaussian, otherwise as `cross_entropy`."""
    a = multivariate("a", a)
    return closed_forms.entropy(a) if is_gaussian(a) else _cross_entropy(a, a)


def cross_entropy(a: Multivariate, b: Multivariate) -> Estimate:
    """H[a, b] = −E_a log b, in nats: closed form when `b` is one Gaussian.

    Otherwise by quadrature on the line and cubature in the plane, whose error is a bound, and by randomised quasi-Monte
    Carlo in more dimensions, whose error is a 95 % confidence half-width; `method` says which.
    """
    a, b = _pair("a", a, "b", b)
    return closed_forms.cross_entropy(a, b) if is_gaussian(b) else _cross_entropy(a, b)


def kl_divergence(a: Multivariate, b: Multivariate) -> Estimate:
    """D(a‖b) = E_a [log a − log b], in nats: closed form between two Gaussians, otherwise as `cross_entropy`."""
    a, b = _pair("a", a, "b", b)
    if is_gaussian(a) and is_gaussian(b):
        return closed_forms.kl_divergence(a, b)
    if a.dimension == 1:
        return line.kl_divergence(on_the_line(a), on_the_line(b))
    if a.dimension == 2:
        return plane.kl_divergence(a, b)
    from kl_engine.quadrature.quasi_monte_carlo import sampled_divergence

    return sampled_divergence(a, b)


def forward_kl(p: Multivariate, q: Multivariate) -> Estimate:
    """D(p‖q) in nats: inclusive, mean-seeking; p is the target, q the approximation."""
    return kl_divergence(*_pair("p", p, "q", q))


def reverse_kl(p: Multivariate, q: Multivariate) -> Estimate:
    """D(q‖p) in nats: exclusive, mode-seeking; p is the target, q the approximation."""
    return kl_divergence(*reversed(_pair("p", p, "q", q)))


def on_the_line(a: Multivariate) -> GaussianMixture:
    """The same mixture of one dimension for the engine of the line."""
    return GaussianMixture(a.weights, a.means[:, 0], a.factors[:, 0, 0])


def _cross_entropy(a: Multivariate, b: Multivariate) -> Estimate:
    if a.dimension == 1:
        return line.cross_entropy(on_the_line(a), on_the_line(b))
    if a.dimension == 2:
        return plane.cross_entropy(a, b)
    from kl_engine.quadrature.quasi_monte_carlo import sampled_cross_entropy

    return sampled_cross_entropy(a, b)


def _pair(first: str, a: Multivariate, second: str, b: Multivariate) -> tuple[Multivariate, Multivariate]:
    """Both arguments, checked: of one kind and of one dimension."""
    a = multivariate(first, a)
    return a, multivariate(second, b, a.dimension)
