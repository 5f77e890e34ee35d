"""What the laws know of each kind of distribution: examples, a bijection that moves them, a coarser view, a measure.

A kind that is registered without an entry here, and a public family without an example, fail `test_registry`: their
laws would run over nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy import special, stats

from kl_engine import Categorical, Gaussian, GaussianMixture, MultivariateGaussian, MultivariateGaussianMixture
from kl_engine.distributions import Beta
from kl_engine.distributions.adapters import to_scipy
from kl_engine.distributions.counts import (
    Bernoulli,
    Binomial,
    CountMixture,
    Geometric,
    NegativeBinomial,
    Poisson,
    Shifted,
    Tabulated,
)
from kl_engine.distributions.counts.base import CountDistribution
from kl_engine.distributions.dirichlet import Dirichlet
from kl_engine.distributions.line import (
    Affine,
    Cauchy,
    Exponential,
    Gamma,
    Laplace,
    Logistic,
    LogNormal,
    Mixture,
    SkewGaussian,
    StudentT,
    TruncatedGaussian,
    Uniform,
    Weibull,
)

FARTHEST = 1e60  # beyond it no example has mass that a double shows
EDGES = [-np.inf, -1.0, 0.2, 0.6, 2.0, np.inf]  # of the bins of a coarser view
TURN = np.array([[1.0, 0.5], [-0.25, 2.0]])  # a linear map of the plane


class Family(NamedTuple):
    """Examples, of which pairs of kinds take the first two; both maps are functions of one distribution, or None."""

    examples: tuple
    move: Callable | None
    coarser: Callable | None
    line: bool = False  # whether it lives on the real line


def moved_line(d):
    """x → 3 + 2x."""
    if isinstance(d, GaussianMixture):
        return GaussianMixture(d.weights, 3 + 2 * d.means, 2 * d.stds)
    return Gaussian(3 + 2 * d.mean, 2 * d.std) if isinstance(d, Gaussian) else Affine(d, 3.0, 2.0)


def cdf(d, x) -> np.ndarray:
    """The mass below places, by SciPy."""
    x = np.asarray(x, dtype=float)
    if isinstance(d, Mixture):
        return sum(w * cdf(part, x) for w, part in zip(d.weights, d.parts))
    if isinstance(d, GaussianMixture):
        return (d.weights * stats.norm.cdf((x[:, None] - d.means) / d.stds)).sum(axis=1)
    return to_scipy(d).cdf(x)


def binned(d) -> Categorical:
    """The probabilities of bins."""
    return Categorical(np.diff(cdf(d, EDGES)))


def moved_plane(d):
    """x → A x + (1, −1)."""
    means, covs = d.means @ TURN.T + [1, -1], TURN @ d.covs @ TURN.T
    covs = (covs + covs.swapaxes(1, 2)) / 2
    if isinstance(d, MultivariateGaussian):
        return MultivariateGaussian(means[0], covs[0])
    return MultivariateGaussianMixture(d.weights, means, covs)


def first_coordinate(d) -> GaussianMixture:
    """The marginal."""
    return GaussianMixture(d.weights, d.means[:, 0], np.sqrt(d.covs[:, 0, 0]))


def counted(d) -> Categorical:
    """At most 1, 2, 3, more."""
    if isinstance(d, CountMixture):
        return Categorical(d.weights @ np.stack([counted(part).probs for part in d.parts]))
    if isinstance(d, Shifted):
        return Categorical(np.diff([0, *to_scipy(d.base).cdf(np.array([1, 2, 3]) - d.by), 1]))
    if isinstance(d, Tabulated):
        below = [d.probs[d.first + np.arange(d.probs.size) <= k].sum() for k in (1, 2, 3)]
        return Categorical(np.diff([0, *below, 1]))
    return Categorical(np.diff([0, *to_scipy(d).cdf([1, 2, 3]), 1]))


FAMILIES = {
    "Gaussians on the line": Family(
        (
            Gaussian(0.3, 1.2),
            GaussianMixture([0.3, 0.7], [-2, 1], [0.5, 1]),
            GaussianMixture([0.3001, 0.6999], [-2, 1], [0.5, 1]),
            GaussianMixture([0.5, 0.5], [-30, 30], [1, 1]),
        ),
        moved_line,
        binned,
        line=True,
    ),
    "Betas": Family((Beta(2, 3), Beta(30, 4), Beta(0.5, 0.7), Beta(2.001, 3)), moved_line, binned, line=True),
    "other families on the line": Family(
        (
            StudentT(3, 0.2, 1.0),
            Laplace(-0.4, 0.8),
            Exponential(1.5),
            Affine(Gamma(2, 1), -1, 2),
            Cauchy(0.5, 0.7),
            Gamma(0.8, 1.5),
            LogNormal(0.2, 0.6),
            Logistic(-0.3, 0.5),
            SkewGaussian(3, -0.5, 1.2),
            TruncatedGaussian(0, 1, -1, 2),
            Uniform(-0.5, 1.5),
            Weibull(0.7, 1.2),
            Mixture([0.3, 0.7], (Laplace(-1, 0.5), StudentT(3, 1, 1))),
        ),
        moved_line,
        binned,
        line=True,
    ),
    "finitely many symbols": Family(
        (Categorical([0.5, 0.3, 0.2]), Categorical([0.1, 0.6, 0.3]), Categorical([0.7, 0.3, 0])),
        lambda d: Categorical(d.probs[[2, 0, 1]]),
        lambda d: Categorical([d.probs[0] + d.probs[1], d.probs[2]]),
    ),
    "families over whole numbers": Family(
        (
            *(Poisson(3), Geometric(0.3, 0), Poisson(3.01), Bernoulli(0.3), Binomial(9, 0.4)),
            *(NegativeBinomial(1.7, 0.4), CountMixture([0.2, 0.8], (Poisson(1), Poisson(4)))),
            *(Shifted(Poisson(3), 1), Tabulated([0.5, 0.3, 0.2], 1)),
        ),
        None,
        counted,
    ),
    "multivariate Gaussians": Family(
        (
            MultivariateGaussian([0, 0.5], [[1, 0.3], [0.3, 1.5]]),
            MultivariateGaussianMixture([0.4, 0.6], [[-1, 0], [1, 1]], [[[1, 0], [0, 0.5]], [[0.7, 0.2], [0.2, 1.2]]]),
            MultivariateGaussian([3, 3], [[0.5, 0], [0, 2]]),
        ),
        moved_plane,
        first_coordinate,
    ),
    "Dirichlets": Family(
        (Dirichlet([1.5, 2, 1]), Dirichlet([2, 2, 3])),
        lambda d: Dirichlet(d.concentration[[2, 0, 1]]),
        lambda d: Dirichlet([d.concentration[0] + d.concentration[1], d.concentration[2]]),
    ),
}


class Measured(NamedTuple):
    """Log densities (or masses) of one or two distributions at points, and the weights of the points."""

    log_a: np.ndarray
    log_b: np.ndarray
    weights: np.ndarray


def log_density(d, x: np.ndarray) -> np.ndarray:
    """By SciPy, not by the engine."""
    if isinstance(d, (Mixture, CountMixture)):
        return special.logsumexp([np.log(w) + log_density(part, x) for w, part in zip(d.weights, d.parts)], axis=0)
    if isinstance(d, Shifted):
        return log_density(d.base, x - d.by)
    if isinstance(d, Tabulated):
        values = d.first + np.arange(d.probs.size)
        return stats.rv_discrete(values=(values, d.probs)).logpmf(x)
    if isinstance(d, GaussianMixture):
        return special.logsumexp(np.log(d.weights) + stats.norm.logpdf(x[..., None], d.means, d.stds), axis=-1)
    if isinstance(d, MultivariateGaussianMixture):
        parts = [np.log(w) + stats.multivariate_normal(m, c).logpdf(x) for w, m, c in zip(d.weights, d.means, d.covs)]
        return special.logsumexp(parts, axis=0)
    if isinstance(d, Categorical):
        with np.errstate(divide="ignore"):
            return np.log(d.probs)[x]
    if isinstance(d, Laplace):  # SciPy takes the logarithm of a density that underflows
        return -np.log(2 * d.scale) - np.abs(x - d.loc) / d.scale
    with np.errstate(divide="ignore"):
        return to_scipy(d).logpmf(x) if isinstance(d, CountDistribution) else to_scipy(d).logpdf(x)


def measured(a, b) -> Measured:
    """Points that resolve both, with weights: a sum, or a trapezoid rule in a coordinate in which both are smooth."""
    if isinstance(a, Categorical):
        x = np.arange(a.probs.size)
        weights = np.ones(x.size)
    elif isinstance(a, CountDistribution):
        x = np.arange(400)
        weights = np.ones(x.size)
    elif hasattr(a, "covs"):
        step = 0.04
        side = np.arange(-12, 14, step)
        x = np.stack(np.meshgrid(side, side, indexing="ij"), axis=-1)
        weights = np.full(x.shape[:2], step * step)
    else:
        ends = {end for d in (a, b) for end in getattr(d, "support", (-np.inf, np.inf))}
        x, weights = _line(sorted({*ends, *(bend for d in (a, b) for bend in getattr(d, "bends", ()))}))
    with np.errstate(divide="ignore", invalid="ignore"):
        log_a, log_b = log_density(a, x), log_density(b, x)
    lost = ~(log_a < np.inf) | ~(log_b < np.inf)  # a place rounded onto a singular end
    return Measured(np.where(lost, -1.0, log_a), np.where(lost, -1.0, log_b), np.where(lost, 0.0, weights))


def _line(cuts: list[float]) -> tuple[np.ndarray, np.ndarray]:
    """Every piece between two of the cuts, ends of supports and kinks, in a coordinate of its own."""
    t = np.linspace(-4.2, 4.2, 30_001)  # of a double exponential rule
    step = t[1] - t[0]
    inner, slope = 0.5 * np.pi * np.sinh(t), 0.5 * np.pi * np.cosh(t)
    places, weights = [], []
    for low, high in zip(cuts, cuts[1:]):
        if np.isinf(low) and np.isinf(high):
            places.append(np.sinh(inner / 2)), weights.append(step * np.cosh(inner / 2) * slope / 2)
        elif np.isinf(low) or np.isinf(high):
            sign, end = (1, low) if np.isinf(high) else (-1, high)
            places.append(end + sign * np.exp(inner)), weights.append(step * np.exp(inner) * slope)
        else:
            share = special.expit(2 * inner)
            places.append(low + (high - low) * share)
            weights.append(step * (high - low) * 2 * share * special.expit(-2 * inner) * slope)
    x, weight = np.concatenate(places), np.concatenate(weights)
    near = np.abs(x) < FARTHEST
    return x[near], weight[near]
