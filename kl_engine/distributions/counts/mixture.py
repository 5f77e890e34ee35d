"""A mixture of distributions over whole numbers, as one with too many zeros."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from kl_engine.distributions.counts.base import CountDistribution
from kl_engine.distributions.line.base import LIGHT
from kl_engine.distributions.mixed import Mixed
from kl_engine.estimates.floats import ieee


@dataclass(frozen=True, eq=False, repr=False)
class CountMixture(Mixed, CountDistribution):
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
        self._check((CountDistribution,), "distributions over whole numbers")

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

    def ratio_beyond(self, k: float) -> float:
        """The largest of the parts', where all have begun: a sum rises by no more than its steepest term."""
        if any(part.support[0] > k for part in self.parts):
            return math.inf
        return max((part.ratio_beyond(k) for part in self.parts if part.support[1] > k), default=0.0)
