"""One name for every kind of distribution: the public divergences, each handed to the family of its first argument.

A family is a module with functions of these five names, each of which refuses what is not of the family.
To add one: the module, and a line of FAMILIES.
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from kl_engine import divergences
from kl_engine.distributions import Gaussian, GaussianMixture
from kl_engine.estimates import Estimate
from kl_engine.validation import refuse

# The class of a distribution → its family's module, imported when it is first needed.
FAMILIES: dict[str, str] = {
    "Categorical": "kl_engine.categorical",
    "MultivariateGaussian": "kl_engine.multivariate.divergences",
    "MultivariateGaussianMixture": "kl_engine.multivariate.divergences",
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


def _family(name: str, value: object) -> ModuleType:
    """The module that knows the integrals of this kind of distribution."""
    if isinstance(value, (Gaussian, GaussianMixture)):
        return divergences
    if module := FAMILIES.get(type(value).__name__):
        return import_module(module)
    raise refuse(name, f"a {' or a '.join(['Gaussian', 'GaussianMixture', *FAMILIES])}", value)
