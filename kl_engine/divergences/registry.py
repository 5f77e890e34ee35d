"""One name for every kind of distribution: the public divergences, each handed to the family of its first argument.

A family is a module with functions of these five names, each of which refuses what is not of the family.
To add one: the module, and a line of FAMILIES. `kl_bounds` has modules of its own, in BOUNDS.
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from kl_engine.distributions.gaussian import Gaussian, GaussianMixture
from kl_engine.divergences import line as divergences
from kl_engine.divergences.bounds import line as bounds
from kl_engine.divergences.bounds.line import DRAWS, Bound
from kl_engine.estimates.checks import refuse
from kl_engine.estimates.estimate import Estimate

# The class of a distribution → its family's module, imported when it is first needed.
FAMILIES: dict[str, str] = {
    "Categorical": "kl_engine.divergences.discrete",
    "MultivariateGaussian": "kl_engine.divergences.multivariate",
    "MultivariateGaussianMixture": "kl_engine.divergences.multivariate",
}


BOUNDS: dict[str, str] = {
    "MultivariateGaussian": "kl_engine.divergences.bounds.multivariate",
    "MultivariateGaussianMixture": "kl_engine.divergences.bounds.multivariate",
}


def entropy(a) -> Estimate:
    """H[a] = −E_a log a, in nats (for a density it may be negative).

    Closed form for one Gaussian, ½ log 2πe std²; quadrature for a mixture. Raises ValueError when `a` is no
    distribution of the engine.
    """
    return _family("a", a).entropy(a)


def cross_entropy(a, b) -> Estimate:
    """H[a, b] = −E_a log b, in nats: the expectation is under the first argument; both are of one family.

    Closed form when `b` is one Gaussian, for any mixture `a`; quadrature otherwise.
    """
    return _family("a", a).cross_entropy(a, b)


def kl_divergence(a, b) -> Estimate:
    """D(a‖b) = E_a [log a − log b] ≥ 0, in nats: the expectation is under the first argument; both are of one family.

    Closed form between two Gaussians, quadrature otherwise. Source: S. Kullback, R. A. Leibler, Ann. Math. Stat. 22
    (1951) 79. Raises ValueError when an argument is no distribution of the engine or the two are of different families,
    OverflowError when the divergence is beyond the largest double.
    """
    return _family("a", a).kl_divergence(a, b)


def forward_kl(p, q) -> Estimate:
    """D(p‖q) = E_p [log p − log q] in nats: inclusive, mean-seeking; p is the target, q the approximation."""
    return _family("p", p).forward_kl(p, q)


def reverse_kl(p, q) -> Estimate:
    """D(q‖p) = E_q [log q − log p] in nats: exclusive, mode-seeking; p is the target, q the approximation."""
    return _family("p", p).reverse_kl(p, q)


def kl_bounds(a, b, draws: int = DRAWS, seed: int = 0) -> tuple[Bound, ...]:
    """Every bound and approximation of D(a‖b) that is known here, in nats; `draws` and `seed` are Monte Carlo's.

    For mixtures on the line (see `divergences.bounds.line`), and for multivariate ones in any dimension those that rest
    on closed forms of the components, with Monte Carlo; both arguments are of one family. The matched bound is inf
    where the two have different numbers of components, for there is then no bijection; its method says so. Raises
    ValueError for a bad argument, OverflowError when the divergence of two components is beyond the largest double.
    """
    return _family("a", a, bounds, BOUNDS).kl_bounds(a, b, draws, seed)


def _family(name: str, value: object, line: ModuleType = divergences, others: dict[str, str] = FAMILIES) -> ModuleType:
    """The module that knows the integrals of this kind of distribution."""
    if isinstance(value, (Gaussian, GaussianMixture)):
        return line
    if module := others.get(type(value).__name__):
        return import_module(module)
    raise refuse(name, f"a {' or a '.join(['Gaussian', 'GaussianMixture', *others])}", value)
