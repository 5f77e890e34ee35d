"""Univariate Gaussians and their mixtures: frozen, validated when made."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from kl_engine.distributions.frozen import FrozenArrays
from kl_engine.distributions.notation import Notated, listed
from kl_engine.estimates.checks import finite, generator, normalised, positive, positive_vector, refuse, vector
from kl_engine.estimates.floats import ieee
from kl_engine.estimates.rounding import LOG_ROOT_TAU


@dataclass(frozen=True, slots=True)
class Gaussian(Notated):
    """N(mean, std²):  log p(x) = −½ ((x − mean)/std)² − log std − ½ log 2π,  std > 0.

    Raises ValueError when `mean` is not finite or `std` is not a finite number > 0. The numbers `mean` and `std` are in
    the unit of x; log p is in nats. Source: C. F. Gauss, Theoria Motus (1809), III.

    >>> import kl_engine as kl
    >>> p = kl.Gaussian(1, 2)
    >>> p, round(float(p.log_pdf(1.0)), 6)
    (Gaussian(mean=1.0, std=2.0), -1.612086)
    >>> p.sample(3, rng=0).round(3).tolist()
    [1.251, 0.736, 2.281]
    """

    mean: float
    std: float

    @ieee
    def __post_init__(self) -> None:
        object.__setattr__(self, "mean", finite("mean", self.mean))
        object.__setattr__(self, "std", positive("std", self.std))

    @property
    def weights(self) -> np.ndarray:
        """(1,) the weight of the one component."""
        return np.ones(1)

    @property
    def means(self) -> np.ndarray:
        """(1,) the mean of the one component."""
        return np.array([self.mean])

    @property
    def stds(self) -> np.ndarray:
        """(1,) the standard deviation of the one component."""
        return np.array([self.std])

    @ieee
    def log_pdf(self, x) -> np.ndarray:
        """log p(x) in nats; same shape as `x`."""
        return _log_density(self, x)

    @ieee
    def pdf(self, x) -> np.ndarray:
        """p(x), for drawing only: it underflows where `log_pdf` does not."""
        return np.exp(self.log_pdf(x))

    @ieee
    def sample(self, size, rng: int | np.random.Generator) -> np.ndarray:
        """Independent draws of shape `size`. `rng` is a seed or a generator."""
        rng = generator("rng", rng)
        return rng.normal(self.mean, self.std, size)


@dataclass(frozen=True, eq=False)
class GaussianMixture(Notated, FrozenArrays):
    """Σₖ weights[k] N(means[k], stds[k]²), any number of components.

    `weights` > 0 and of sum 1 within 1e-9, or within float32's own tolerance (they are then divided by their sum);
    `stds` > 0; all of one length. Raises ValueError naming the argument that is otherwise. Two mixtures are equal when
    their arrays are. `weights`, `means` and `stds` are of shape (K,); log p is in nats.
    `GaussianMixture.two_modes(separation, weight, stds)` makes the mixture of the app's home page. Source: K. Pearson,
    Phil. Trans. R. Soc. A 185 (1894) 71.

    >>> import kl_engine as kl
    >>> p = kl.GaussianMixture([0.5, 0.5], [-2, 2], [1, 1])
    >>> p.mean, round(p.std, 6), p.log_pdf([-2.0, 0.0]).round(6).tolist()
    (0.0, 2.236068, [-1.61175, -2.918939])
    """

    weights: np.ndarray
    means: np.ndarray
    stds: np.ndarray

    @ieee
    def __post_init__(self) -> None:
        weights = positive_vector("weights", self.weights)
        means = vector("means", self.means)
        stds = positive_vector("stds", self.stds)
        for name, array in (("means", means), ("stds", stds)):
            if array.size != weights.size:
                raise refuse(name, f"{weights.size} numbers, one for each of the weights", list(map(float, array)))
        weights = normalised("weights", weights, self.weights)
        for name, array in (("weights", weights), ("means", means), ("stds", stds)):
            object.__setattr__(self, name, array)

    @classmethod
    def two_modes(cls, separation: float, weight: float = 0.5, stds=(1.0, 1.0)) -> GaussianMixture:
        """weight N(+d/2, stds[0]²) + (1 − weight) N(−d/2, stds[1]²), with d = separation, 0 < weight < 1.

        Raises ValueError naming the argument that is otherwise.

        >>> GaussianMixture.two_modes(5, weight=0.7).means.tolist()
        [2.5, -2.5]
        """
        half = finite("separation", separation) / 2
        if not 0 < finite("weight", weight) < 1:
            raise refuse("weight", "a number between 0 and 1", weight)
        return cls([weight, 1 - weight], [half, -half], stds)

    @cached_property
    @ieee
    def mean(self) -> float:
        """E[x] = Σ wₖ mₖ, summed as offsets from one component so that a far-off mixture keeps its digits."""
        origin = float(self.means[0])
        return origin + math.fsum(self.weights * (self.means - origin))

    @cached_property
    @ieee
    def std(self) -> float:
        """The overall standard deviation: √ Σ wₖ (sₖ² + (mₖ − mean)²), scaled so that no square overflows."""
        offsets = self.means - self.mean
        scale = float(max(np.abs(offsets).max(), self.stds.max()))
        return scale * math.sqrt(math.fsum(self.weights * ((self.stds / scale) ** 2 + (offsets / scale) ** 2)))

    @ieee
    def log_pdf(self, x) -> np.ndarray:
        """log p(x) in nats, by log-sum-exp over the components; same shape as `x`."""
        return _log_density(self, x)

    @ieee
    def pdf(self, x) -> np.ndarray:
        """p(x), for drawing only: it underflows where `log_pdf` does not."""
        return np.exp(self.log_pdf(x))

    @ieee
    def sample(self, size, rng: int | np.random.Generator) -> np.ndarray:
        """Independent draws of shape `size`, by a seed or a generator: a component, then a point of it."""
        rng = generator("rng", rng)
        k = rng.choice(self.weights.size, size=size, p=self.weights)
        return rng.normal(self.means[k], self.stds[k])

    @cached_property
    def _key(self) -> tuple:
        return tuple(self.weights.tolist()), tuple(self.means.tolist()), tuple(self.stds.tolist())

    @cached_property
    def _hash(self) -> int:
        return hash(self._key)  # asked for at every look into a cache

    def __eq__(self, other: object) -> bool:
        return self._key == other._key if isinstance(other, GaussianMixture) else NotImplemented

    def __hash__(self) -> int:
        return self._hash

    def __repr__(self) -> str:
        parts = (f"{name}={listed(getattr(self, name))}" for name in ("weights", "means", "stds"))
        return f"GaussianMixture({', '.join(parts)})"


Mixture = Gaussian | GaussianMixture


def mixture(name: str, value: object) -> Mixture:
    """`value` itself when it is a Gaussian or a mixture of them; otherwise a ValueError naming the argument."""
    if not isinstance(value, (Gaussian, GaussianMixture)):
        raise refuse(name, "a Gaussian or a GaussianMixture", value)
    return value


def is_gaussian(p: Mixture) -> bool:
    """Whether `p` is one Gaussian (a mixture of one component is)."""
    return p.weights.size == 1


def _log_density(p: Mixture, x) -> np.ndarray:
    x = np.asarray(x, dtype=np.float64)[..., None]
    terms = np.log(p.weights) - np.log(p.stds) - LOG_ROOT_TAU - 0.5 * ((x - p.means) / p.stds) ** 2
    top = terms.max(axis=-1)
    return top + np.log(np.exp(terms - top[..., None]).sum(axis=-1))
