"""The divergences of multivariate Gaussians and their mixtures: which way to each, by dimension and components."""

from __future__ import annotations

from dataclasses import replace

from kl_engine.distributions.gaussian import GaussianMixture
from kl_engine.distributions.multivariate import Multivariate, is_gaussian, multivariate
from kl_engine.divergences import line
from kl_engine.divergences.space import closed_forms, plane
from kl_engine.estimates.certainty import Certainty
from kl_engine.estimates.estimate import Estimate
from kl_engine.estimates.rounding import EPSILON
from kl_engine.quadrature.quasi_monte_carlo import Sampling, sampled_cross_entropy, sampled_divergence
from kl_engine.quadrature.reduction import Reduction, reduced


def entropy(a: Multivariate, sampling: Sampling | None = None) -> Estimate:
    """H[a] = −E_a log a, in nats: closed form for one Gaussian, otherwise as `cross_entropy`."""
    a = multivariate("a", a)
    return closed_forms.entropy(a) if is_gaussian(a) else _cross_entropy(a, a, sampling)


def cross_entropy(a: Multivariate, b: Multivariate, sampling: Sampling | None = None) -> Estimate:
    """H[a, b] = −E_a log b, in nats: closed form when `b` is one Gaussian.

    Otherwise as `kl_divergence`, in the coordinates in which the components of the two differ: the others have the
    entropy of a Gaussian.
    """
    a, b = _pair("a", a, "b", b)
    return closed_forms.cross_entropy(a, b) if is_gaussian(b) else _cross_entropy(a, b, sampling)


def kl_divergence(a: Multivariate, b: Multivariate, sampling: Sampling | None = None) -> Estimate:
    """D(a‖b) = E_a [log a − log b], in nats: closed form between two Gaussians.

    Otherwise in the r coordinates in which the components of the two differ (`quadrature.reduction`): by quadrature on
    the line and cubature in the plane, and for r >= 3 by randomised quasi-Monte Carlo, whose error is a confidence
    half-width; `sampling` says how many points it takes and from which seed.
    """
    a, b = _pair("a", a, "b", b)
    if is_gaussian(a) and is_gaussian(b):
        return closed_forms.kl_divergence(a, b)
    if a.dimension == 1:
        return line.kl_divergence(on_the_line(a), on_the_line(b))
    found = reduced(a, b)
    if found.a is None:
        return _lifted(
            Estimate(0.0, 0.0, Certainty.EXACT, "equal: all components of both are one Gaussian"), found, a.dimension
        )
    return _lifted(_in_full(found.a, found.b, sampling), found, a.dimension)


def on_the_line(a: Multivariate) -> GaussianMixture:
    """The same mixture of one dimension for the engine of the line."""
    return GaussianMixture(a.weights, a.means[:, 0], a.factors[:, 0, 0])


def _in_full(a: Multivariate, b: Multivariate, sampling: Sampling | None) -> Estimate:
    """D(a‖b) of mixtures that differ in every coordinate."""
    if a.dimension == 1:
        return line.kl_divergence(on_the_line(a), on_the_line(b))
    if a.dimension == 2:
        return plane.kl_divergence(a, b)
    return sampled_divergence(a, b, sampling or Sampling())


def _cross_entropy(a: Multivariate, b: Multivariate, sampling: Sampling | None = None) -> Estimate:
    if a.dimension == 1:
        return line.cross_entropy(on_the_line(a), on_the_line(b))
    found = reduced(a, b)
    if found.a is None:
        return closed_forms.entropy(a)
    if found.a.dimension == 1:
        seen = line.cross_entropy(on_the_line(found.a), on_the_line(found.b))
    elif found.a.dimension == 2:
        seen = plane.cross_entropy(found.a, found.b)
    else:
        seen = sampled_cross_entropy(found.a, found.b, sampling or Sampling())
    whole = replace(seen, value=seen.value + found.entropy, error=seen.error + 8 * EPSILON * abs(found.entropy))
    return _lifted(whole, found, a.dimension)


def _lifted(seen: Estimate, found: Reduction, dimension: int) -> Estimate:
    """The value in all coordinates: the same, with what the coordinates set aside may have added.

    They differ by rounding only, of `aside` in units of a std; a divergence is quadratic about 0, so that such a shift
    moves it by no more than that times its root.
    """
    rank = 0 if found.a is None else found.a.dimension
    if rank == dimension:
        return seen
    aside = dimension * found.aside
    slack = aside * (aside + (2 * abs(seen.value)) ** 0.5 + abs(seen.value))
    where = f"in the {rank} of {dimension} coordinates in which the two differ" if rank else "no coordinate differs"
    return replace(seen, error=seen.error + slack, method=f"{where}: {seen.method}")


def _pair(first: str, a: Multivariate, second: str, b: Multivariate) -> tuple[Multivariate, Multivariate]:
    """Both arguments, checked: of one kind and of one dimension."""
    a = multivariate(first, a)
    return a, multivariate(second, b, a.dimension)
