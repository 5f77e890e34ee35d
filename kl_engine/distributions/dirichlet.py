"""The Dirichlet distribution of a vector of probabilities."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kl_engine.distributions.frozen import FrozenArrays
from kl_engine.distributions.notation import Notated, listed
from kl_engine.estimates.checks import generator, positive_vector, refuse
from kl_engine.estimates.floats import ieee


@dataclass(frozen=True, eq=False)
class Dirichlet(Notated, FrozenArrays):
    """Dir(concentration):  log p(θ) = Σᵢ (αᵢ − 1) log θᵢ + log Γ(Σ αᵢ) − Σᵢ log Γ(αᵢ),  αᵢ > 0, on θᵢ >= 0, Σ θᵢ = 1.

    Raises ValueError for fewer than two numbers, or one that is not > 0. `concentration` is of shape (n,), log p is in
    nats, θ has no unit. Source: S. Kotz, N. Balakrishnan, N. Johnson, Continuous Multivariate Distributions (2000), ch.
    49.

    >>> import kl_engine as kl
    >>> kl.distributions.Dirichlet([1, 2, 1]).mean.tolist()
    [0.25, 0.5, 0.25]
    """

    concentration: np.ndarray

    def __post_init__(self) -> None:
        concentration = positive_vector("concentration", self.concentration)
        if concentration.size < 2:
            raise refuse("concentration", "at least two numbers", self.concentration)
        object.__setattr__(self, "concentration", concentration)

    @property
    def mean(self) -> np.ndarray:
        """αᵢ/Σ α."""
        return self.concentration / self.concentration.sum()

    @ieee
    def log_pdf(self, theta) -> np.ndarray:
        """log p(θ) in nats; `theta` of shape (..., n), the result (...). The sum of θ is not checked."""
        from scipy.special import gammaln, xlogy

        theta = np.asarray(theta, dtype=np.float64)
        alpha = self.concentration
        return xlogy(alpha - 1, theta).sum(axis=-1) + gammaln(alpha.sum()) - gammaln(alpha).sum()

    @ieee
    def sample(self, size, rng) -> np.ndarray:
        """Independent draws, (*size, n); `rng` is a seed or a generator."""
        return generator("rng", rng).dirichlet(self.concentration, size)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Dirichlet):
            return NotImplemented
        return np.array_equal(self.concentration, other.concentration)

    def __hash__(self) -> int:
        return hash(self.concentration.tobytes())

    def __repr__(self) -> str:
        return f"Dirichlet({listed(self.concentration)})"
