"""A mixture of distributions over whole numbers, as one with too many zeros."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kl_engine.distributions.counts.base import CountDistribution
from kl_engine.distributions.line.base import LIGHT
from kl_engine.estimates.checks import SMALLEST, generator, normalised, refuse, vector
from kl_engine.estimates.floats import ieee


@dataclass(frozen=True, eq=False)
class CountMixture(CountDistribution):
    """P(k) = Σ weights[i] · P_i(k), of distributions over whole numbers; log P in nats.

    `weights` > 0 of shape (n,) and sum 1, `parts` as many distributions. Raises ValueError otherwise. Source: G.
    McLachlan, D. Peel, Finite Mixture Models (2000), 1.4.

    >>> import kl_engine as kl
    >>> d = kl.distributions
    >>> zeros = d.CountMixture([0.3, 0.7], [d.Binomial(1, 0.0), d.Poisson(4)])
    >>> round(zeros.mean, 6), kl.kl_divergence(d.Poisson(4), zeros).value < kl.kl_divergence(zeros, d.Poisson(4)).value
    (2.8, True)
    """

    weights: np.ndarray
    parts: tuple

    def __post_init__(self) -> None:
        weights = vector("weights", self.weights)
        if (weights < SMALLEST).any():
            raise refuse("weights", "numbers > 0 only", self.weights)
        object.__setattr__(self, "weights", normalised("weights", weights, self.weights))
        if not isinstance(self.parts, Sequence) or len(self.parts) != weights.size:
            raise refuse("parts", f"{weights.size} distributions, as there are weights", self.parts)
        for part in self.parts:
            if not isinstance(part, CountDistribution):
                raise refuse("parts", "distributions over whole numbers", part)
        object.__setattr__(self, "parts", tuple(self.parts))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, CountMixture):
            return NotImplemented
        return self.parts == other.parts and np.array_equal(self.weights, other.weights)

    def __hash__(self) -> int:
        return hash((self.weights.tobytes(), self.parts))

    def __repr__(self) -> str:
        return f"CountMixture(weights={self.weights.tolist()}, parts={list(self.parts)})"

    @property
    def support(self) -> tuple[float, float]:
        """From the least number of a part to the largest."""
        return min(part.support[0] for part in self.parts), max(part.support[1] for part in self.parts)

    @property
    def power(self) -> float:
        """That of the heaviest tail."""
        return min(part.power if math.isinf(part.support[1]) else LIGHT for part in self.parts)

    @property
    def holes(self) -> np.ndarray:
        """Numbers that no part has, between the supports and in the holes of the parts."""
        edges = [end for part in self.parts for end in part.support if math.isfinite(end)]
        if not edges:
            return np.empty(0)
        places = {*np.arange(min(edges), max(edges) + 1), *(k for part in self.parts for k in part.holes)}
        found = np.array(sorted(places))
        return found[np.isneginf(self.log_pmf(found))]

    @property
    def mean(self) -> float:
        """Σ w · mean."""
        return math.fsum(w * part.mean for w, part in zip(self.weights.tolist(), self.parts))

    @property
    def std(self) -> float:
        """√(Σ w · (std² + (mean − mean of all)²))."""
        middle = self.mean
        parts = zip(self.weights.tolist(), self.parts)
        return math.sqrt(math.fsum(w * (part.std**2 + (part.mean - middle) ** 2) for w, part in parts))

    @ieee
    def log_pmf(self, k) -> np.ndarray:
        """log P(k) in nats."""
        return self._summed([part.log_pmf(k) for part in self.parts])

    @ieee
    def log_between(self, x) -> np.ndarray:
        """Of the parts that have a tail there."""
        weights = [w for w, part in zip(self.weights, self.parts) if math.isinf(part.support[1])]
        logs = [part.log_between(x) for part in self.parts if math.isinf(part.support[1])]
        return self._summed(logs, weights)

    def _summed(self, logs: list, weights: Sequence | None = None) -> np.ndarray:
        """log Σ w e^logs."""
        weights = self.weights if weights is None else weights
        return np.logaddexp.reduce([math.log(w) + np.asarray(each) for w, each in zip(weights, logs)], axis=0)

    def ratio_beyond(self, k: float) -> float:
        """The largest of the parts', where all have begun: a sum rises by no more than its steepest term."""
        if any(part.support[0] > k for part in self.parts):
            return math.inf
        return max((part.ratio_beyond(k) for part in self.parts if part.support[1] > k), default=0.0)

    @ieee
    def sample(self, size, rng) -> np.ndarray:
        """Independent draws: a part by its weight, then of it."""
        rng = generator("rng", rng)
        which = rng.choice(len(self.parts), size, p=self.weights)
        found = np.empty(np.shape(which))
        for i, part in enumerate(self.parts):
            found[which == i] = part.sample(int((which == i).sum()), rng)
        return found
