"""Multivariate Gaussians and their mixtures: frozen, validated when made, everything by Cholesky factors."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from kl_engine.distributions.frozen import FrozenArrays
from kl_engine.distributions.notation import Notated, listed
from kl_engine.distributions.triangular import solve_lower
from kl_engine.estimates.checks import generator, matrix, normalised, positive_vector, refuse, vector
from kl_engine.estimates.floats import ieee
from kl_engine.estimates.rounding import EPSILON, LOG_ROOT_TAU

SYMMETRIC = 1e-9  # of two mirrored entries, relative to the stds of their row and column
SINGULAR = 64 * EPSILON  # an eigenvalue of the correlation matrix below it may be rounding


class _Frozen(Notated, FrozenArrays):
    """What both kinds share: densities over `weights`, `means` (K, n) and `factors` (K, n, n); equality by value."""

    weights: np.ndarray
    means: np.ndarray
    covs: np.ndarray

    @property
    def dimension(self) -> int:
        """n, the number of coordinates of a point."""
        return self.means.shape[1]

    @cached_property
    @ieee
    def factors(self) -> np.ndarray:
        """(K, n, n) the lower Cholesky factor Lₖ of each covariance: Σₖ = Lₖ Lₖᵀ."""
        return np.linalg.cholesky(self.covs)

    @cached_property
    @ieee
    def heights(self) -> np.ndarray:
        """(K,) log of each component at its mean: log wₖ − log det Lₖ − (n/2) log 2π."""
        logs = np.log(np.diagonal(self.factors, axis1=1, axis2=2)).sum(axis=1)
        return np.log(self.weights) - logs - self.dimension * LOG_ROOT_TAU

    @ieee
    def log_pdf(self, x) -> np.ndarray:
        """log p(x) in nats, by log-sum-exp over the components; `x` of shape (..., n), the result (...)."""
        x = np.asarray(x, dtype=np.float64)
        if x.ndim == 0 or x.shape[-1] != self.dimension:
            raise refuse("x", f"points with {self.dimension} coordinates, in the last axis", x.shape)
        u = solve_lower(self.factors, (x[..., None, :] - self.means)[..., None])[..., 0]
        terms = self.heights - 0.5 * (u * u).sum(axis=-1)
        top = terms.max(axis=-1)
        return top + np.log(np.exp(terms - top[..., None]).sum(axis=-1))

    @ieee
    def pdf(self, x) -> np.ndarray:
        """p(x), for drawing only: it underflows where `log_pdf` does not."""
        return np.exp(self.log_pdf(x))

    @ieee
    def sample(self, size, rng: int | np.random.Generator) -> np.ndarray:
        """Independent draws, (*size, n), by a seed or a generator: a component by its weight, then a point of it."""
        rng = generator("rng", rng)
        k = rng.choice(self.weights.size, size=size, p=self.weights)
        z = rng.standard_normal((*np.shape(k), self.dimension))
        return self.means[k] + (self.factors[k] @ z[..., None])[..., 0]

    @cached_property
    @ieee
    def _key(self) -> tuple:
        return tuple((array.shape, array.tobytes()) for array in (self.weights, self.means + 0.0, self.covs + 0.0))

    @cached_property
    @ieee
    def _hash(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        return self._key == other._key if type(other) is type(self) else NotImplemented

    def __hash__(self) -> int:
        return self._hash

    def _set(self, **arrays: np.ndarray) -> None:
        for name, array in arrays.items():
            array.flags.writeable = False
            object.__setattr__(self, name, array)


@dataclass(frozen=True, eq=False)
class MultivariateGaussian(_Frozen):
    """N(mean, cov):  log p(x) = −½ |L⁻¹(x − mean)|² − log det L − (n/2) log 2π  with cov = L Lᵀ.

    `mean` (n,), `cov` (n, n) symmetric positive definite, or (n,) for a diagonal one (a VAE's encoder: its variances),
    or a number for σ² I. Raises ValueError otherwise, with the smallest eigenvalue of a `cov` that is not positive
    definite. `log_pdf` takes points of shape (..., n) and is in nats. Source: T. Anderson, An Introduction to
    Multivariate Statistical Analysis (2003), 2.3.

    >>> import kl_engine as kl
    >>> p, q = kl.MultivariateGaussian([0, 0], 1.0), kl.MultivariateGaussian([1, 0], [[2, 0.5], [0.5, 1]])
    >>> f"{kl.forward_kl(p, q):.6f}", q.dimension
    ('0.422665', 2)
    """

    mean: np.ndarray
    cov: np.ndarray

    @ieee
    def __post_init__(self) -> None:
        mean = vector("mean", self.mean)
        self._set(mean=mean, cov=covariance("cov", self.cov, mean.size))

    @property
    def weights(self) -> np.ndarray:
        """(1,) the weight of the one component."""
        return np.ones(1)

    @property
    def means(self) -> np.ndarray:
        """(1, n) the mean of the one component."""
        return self.mean[None]

    @property
    def covs(self) -> np.ndarray:
        """(1, n, n) the covariance of the one component."""
        return self.cov[None]

    def __repr__(self) -> str:
        return f"MultivariateGaussian(mean={listed(self.mean)}, cov={listed(self.cov)})"


@dataclass(frozen=True, eq=False)
class MultivariateGaussianMixture(_Frozen):
    """Σₖ weights[k] N(means[k], covs[k]), any number of components K.

    `weights` (K,) > 0 and of sum 1 within 1e-9, or within float32's own tolerance (they are then divided by their sum),
    `means` (K, n), `covs` (K, n, n) each symmetric positive definite. Raises ValueError naming the argument that is
    otherwise. `log_pdf` takes points of shape (..., n) and is in nats. Source: G. McLachlan, D. Peel, Finite Mixture
    Models (2000).

    >>> import kl_engine as kl
    >>> p = kl.MultivariateGaussianMixture([0.5, 0.5], [[-2, 0], [2, 0]], [1.0, 1.0])
    >>> p.mean.tolist(), p.cov.tolist()
    ([0.0, 0.0], [[5.0, 0.0], [0.0, 1.0]])
    """

    weights: np.ndarray
    means: np.ndarray
    covs: np.ndarray

    @ieee
    def __post_init__(self) -> None:
        weights = positive_vector("weights", self.weights)
        weights = normalised("weights", weights, self.weights)
        means = matrix("means", self.means)
        try:
            covs = list(self.covs)
        except TypeError:
            raise refuse("covs", "a sequence of matrices", self.covs) from None
        for name, count in (("means", len(means)), ("covs", len(covs))):
            if count != weights.size:
                raise refuse(name, f"{weights.size} of them, one for each of the weights", count)
        checked = [covariance(f"covs[{k}]", cov, means.shape[1]) for k, cov in enumerate(covs)]
        self._set(weights=weights, means=means, covs=np.array(checked))

    @cached_property
    @ieee
    def mean(self) -> np.ndarray:
        """(n,) E[x] = Σ wₖ mₖ, summed as offsets from one component so that a far-off mixture keeps its digits."""
        return self.means[0] + self.weights @ (self.means - self.means[0])

    @cached_property
    @ieee
    def cov(self) -> np.ndarray:
        """(n, n) the overall covariance: Σ wₖ (Σₖ + (mₖ − mean)(mₖ − mean)ᵀ)."""
        offsets = self.means - self.mean
        outer = offsets[:, :, None] * offsets[:, None, :]
        return np.einsum("k,kij->ij", self.weights, self.covs + outer)

    def __repr__(self) -> str:
        parts = (f"{name}={listed(getattr(self, name))}" for name in ("weights", "means", "covs"))
        return f"MultivariateGaussianMixture({', '.join(parts)})"


Multivariate = MultivariateGaussian | MultivariateGaussianMixture


def multivariate(name: str, value: object, dimension: int | None = None) -> Multivariate:
    """`value` itself when it is multivariate (and of that dimension); otherwise a ValueError naming the argument."""
    if not isinstance(value, (MultivariateGaussian, MultivariateGaussianMixture)):
        raise refuse(name, "a MultivariateGaussian or a MultivariateGaussianMixture", value)
    if dimension is not None and value.dimension != dimension:
        raise refuse(name, f"a distribution in {dimension} dimensions", value)
    return value


def is_gaussian(p: Multivariate) -> bool:
    """Whether `p` is one Gaussian (a mixture of one component is)."""
    return p.weights.size == 1


def covariance(name: str, value: object, dimension: int) -> np.ndarray:
    """`value`, a matrix or its diagonal or one variance for all, as a positive definite (n, n) array.

    Raises ValueError with its smallest eigenvalue otherwise.
    """
    if np.ndim(value) < 2:
        variances = positive_vector(name, np.full(dimension, value) if np.ndim(value) == 0 else value)
        value = np.diag(variances)
    cov = matrix(name, value)
    if cov.shape != (dimension, dimension):
        raise refuse(name, f"a matrix of {dimension} by {dimension}", value)
    expected = "a symmetric positive definite matrix"
    scale = np.sqrt(np.abs(np.diagonal(cov)))
    if (np.abs(cov - cov.T) > SYMMETRIC * np.outer(scale, scale)).any():
        lowest = _lowest(cov / 2 + cov.T / 2)
        raise refuse(name, f"{expected} (mirrored entries differ; with their means instead {lowest})", cov.tolist())
    cov = cov / 2 + cov.T / 2
    definite = bool((np.diagonal(cov) > 0).all())
    if definite:
        correlation = cov / scale[:, None] / scale
        definite = bool(np.linalg.eigvalsh(correlation)[0] > SINGULAR * dimension)
    if not definite:
        raise refuse(name, f"{expected} ({_lowest(cov)})", cov.tolist())
    return cov


def _lowest(cov: np.ndarray) -> str:
    return f"the smallest eigenvalue here is {float(np.linalg.eigvalsh(cov)[0]):.6g}"


def condition(a: Multivariate) -> float:
    """The largest condition number among the correlation matrices: by so much may Cholesky factors magnify rounding."""
    stds = np.sqrt(np.diagonal(a.covs, axis1=1, axis2=2))
    eigenvalues = np.linalg.eigvalsh(a.covs / stds[:, :, None] / stds[:, None, :])
    return float((eigenvalues[:, -1] / eigenvalues[:, 0]).max())
