"""Pairs of mixtures: random ones in the plane, of kinds that break a cubature in different ways, and products."""

from __future__ import annotations

from functools import reduce

import numpy as np

from kl_engine import GaussianMixture, MultivariateGaussianMixture
from kl_engine.distributions.multivariate import Multivariate

KINDS = ("moderate", "scales", "correlated", "far", "tiny", "near", "wild")


def pair(kind: str, rng: np.random.Generator) -> tuple[Multivariate, Multivariate]:
    """One pair of mixtures of one to three components."""
    first, second = rng.integers(1, 4, 2)
    if kind == "moderate":
        return mixture(rng, first), mixture(rng, second)
    if kind == "scales":
        return tuple(mixture(rng, k, stds=(-4, 2)) for k in (first, second))
    if kind == "correlated":
        return tuple(mixture(rng, k, needles=True) for k in (first, second))
    if kind == "far":
        return tuple(mixture(rng, k, spread=40) for k in (first, second))
    if kind == "tiny":
        return tuple(mixture(rng, 3, weights=10 ** rng.uniform(-9, 0, 3)) for _ in range(2))
    if kind == "wild":
        return tuple(mixture(rng, k, spread=10, stds=(-4, 2), needles=True) for k in (first, second))
    a, size = mixture(rng, 3), 10 ** rng.uniform(-7, -1)
    weights = a.weights * np.exp(size * rng.normal(size=3))
    covs = a.covs * np.exp(size * rng.normal(size=(3, 1, 1)))
    return a, MultivariateGaussianMixture(weights / weights.sum(), a.means + size * rng.normal(size=(3, 2)), covs)


def mixture(rng, count, spread=2.0, stds=(-0.7, 0.7), needles=False, weights=None) -> MultivariateGaussianMixture:
    """Means N(0, spread²), log stds uniform in `stds`, correlations to ±.7 or, as needles, to ±(1 − 1e-4)."""
    weights = rng.dirichlet(np.full(count, 2)) if weights is None else weights
    covs = []
    for _ in range(count):
        s = np.exp(rng.uniform(*stds, 2))
        rho = rng.choice([-1, 1]) * (1 - 10 ** rng.uniform(-4, -0.5)) if needles else rng.uniform(-0.7, 0.7)
        covs.append([[s[0] ** 2, rho * s[0] * s[1]], [rho * s[0] * s[1], s[1] ** 2]])
    return MultivariateGaussianMixture(weights / np.sum(weights), rng.normal(0, spread, (count, 2)), covs)


def spaced(dimension: int, count: int, rng: np.random.Generator, spread: float = 1.5) -> MultivariateGaussianMixture:
    """A mixture in any dimension, its components of like size and overlapping somewhat."""
    roots = rng.normal(size=(count, dimension, dimension)) / np.sqrt(dimension)
    covs = roots @ roots.transpose(0, 2, 1) + 0.3 * np.eye(dimension)
    weights = rng.dirichlet(np.full(count, 4))
    return MultivariateGaussianMixture(weights, rng.normal(0, spread, (count, dimension)), covs)


def product(*parts: GaussianMixture) -> MultivariateGaussianMixture:
    """Independent coordinates: the divergence is the sum of theirs, and no direction can be set aside."""
    rows = np.array(np.meshgrid(*[np.arange(p.weights.size) for p in parts], indexing="ij")).reshape(len(parts), -1).T
    columns = [[getattr(p, name)[rows[:, i]] for i, p in enumerate(parts)] for name in ("weights", "means", "stds")]
    weights = reduce(np.multiply, columns[0])
    covs = [np.diag(stds**2) for stds in np.array(columns[2]).T]
    return MultivariateGaussianMixture(weights / weights.sum(), np.array(columns[1]).T, covs)
