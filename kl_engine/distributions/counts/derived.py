"""Counts that are written out, and counts that are moved."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from kl_engine.distributions.counts.base import CountDistribution, whole_from
from kl_engine.distributions.notation import listed
from kl_engine.estimates.checks import generator, normalised, refuse, vector, whole
from kl_engine.estimates.floats import ieee


@dataclass(frozen=True, eq=False)
class Tabulated(CountDistribution):
    """P(first + i) = probs[i]: a distribution over finitely many whole numbers, written out; zeros are allowed.

    `probs` >= 0 of shape (n,) and sum 1 within 1e-9, `first` a whole number; log P in nats. Raises ValueError
    otherwise. Source: N. Johnson, A. Kemp, S. Kotz, Univariate Discrete Distributions (2005), 1.2.

    >>> import kl_engine as kl
    >>> die = kl.distributions.Tabulated([1 / 6] * 6, first=1)
    >>> die.mean, f"{kl.kl_divergence(die, kl.distributions.Binomial(6, 0.5)):.6f}"
    (3.5, '0.367898')
    """

    probs: np.ndarray
    first: int = 0

    def __post_init__(self) -> None:
        probs = vector("probs", self.probs)
        if (probs < 0).any():
            raise refuse("probs", "numbers >= 0 only", self.probs)
        object.__setattr__(self, "first", whole("first", self.first, -(2**53)))
        object.__setattr__(self, "probs", normalised("probs", probs, self.probs))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Tabulated):
            return NotImplemented
        return self.first == other.first and np.array_equal(self.probs, other.probs)

    def __hash__(self) -> int:
        return hash((self.first, self.probs.tobytes()))

    def __repr__(self) -> str:
        return f"Tabulated(probs={listed(self.probs)}, first={self.first})"

    @property
    def support(self) -> tuple[float, float]:
        """From the first number that is possible to the last."""
        possible = np.flatnonzero(self.probs)
        return self.first + int(possible[0]), self.first + int(possible[-1])

    @property
    def holes(self) -> np.ndarray:
        """Those between them that are not."""
        low, high = self.support
        places = self.first + np.flatnonzero(self.probs == 0)
        return places[(places > low) & (places < high)].astype(np.float64)

    @property
    def mean(self) -> float:
        """Σ k P(k)."""
        return math.fsum(self.probs * (self.first + np.arange(self.probs.size)))

    @property
    def std(self) -> float:
        """The standard deviation of k."""
        return math.sqrt(math.fsum(self.probs * (self.first + np.arange(self.probs.size) - self.mean) ** 2))

    @ieee
    def log_pmf(self, k) -> np.ndarray:
        """log P(k) in nats."""
        with np.errstate(divide="ignore"):
            logs = np.log(self.probs)
        low, high = self.first, self.first + self.probs.size - 1
        return whole_from(k, low, high, lambda k: logs[(k - low).astype(np.int64)])

    def ratio_beyond(self, k: float) -> float:
        """0 from the last number on; before it nothing is bounded."""
        return 0.0 if k >= self.support[1] else math.inf

    @ieee
    def sample(self, size, rng) -> np.ndarray:
        """Independent draws."""
        return self.first + generator("rng", rng).choice(self.probs.size, size, p=self.probs)


@dataclass(frozen=True)
class Shifted(CountDistribution):
    """k = by + j, j of `base`: the same numbers, all moved by a whole number; log P in nats.

    Raises ValueError when `base` is not a distribution over whole numbers, or `by` no whole number. Source: SciPy's
    `loc`.

    >>> import kl_engine as kl
    >>> kl.distributions.Shifted(kl.distributions.Poisson(3), 2).mean
    5.0
    """

    base: CountDistribution
    by: int

    def __post_init__(self) -> None:
        if not isinstance(self.base, CountDistribution):
            raise refuse("base", "a distribution over whole numbers", self.base)
        object.__setattr__(self, "by", whole("by", self.by, -(2**53)))

    @property
    def support(self) -> tuple[float, float]:
        """That of `base`, moved."""
        low, high = self.base.support
        return low + self.by, high + self.by

    @property
    def power(self) -> float:
        """That of `base`."""
        return self.base.power

    @property
    def growth(self) -> float:
        """That of `base`."""
        return self.base.growth

    @property
    def holes(self) -> np.ndarray:
        """Those of `base`, moved."""
        return self.base.holes + self.by

    @property
    def mean(self) -> float:
        """by + that of `base`."""
        return self.by + self.base.mean

    @property
    def std(self) -> float:
        """That of `base`."""
        return self.base.std

    @ieee
    def log_pmf(self, k) -> np.ndarray:
        """log P(k) in nats."""
        return self.base.log_pmf(np.asarray(k, dtype=np.float64) - self.by)

    @ieee
    def log_between(self, x) -> np.ndarray:
        """That of `base`, moved."""
        return self.base.log_between(np.asarray(x, dtype=np.float64) - self.by)

    def ratio_beyond(self, k: float) -> float:
        """That of `base`."""
        return self.base.ratio_beyond(k - self.by)

    @ieee
    def sample(self, size, rng) -> np.ndarray:
        """Draws of `base`, moved."""
        return self.by + self.base.sample(size, rng)
