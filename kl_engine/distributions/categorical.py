"""Distributions over finitely many symbols."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from kl_engine.distributions.frozen import FrozenArrays
from kl_engine.distributions.notation import Notated, listed
from kl_engine.estimates.checks import generator, normalised, refuse, vector
from kl_engine.estimates.floats import ieee


@dataclass(frozen=True, eq=False)
class Categorical(Notated, FrozenArrays):
    """P(symbol k) = probs[k], k = 0, 1, …; zeros are allowed.

    `probs` >= 0 and of sum 1 within 1e-9, or within float32's own tolerance (they are then divided by their sum).
    Raises ValueError otherwise. Two are equal when their probabilities are. `probs` is of shape (n,); log probabilities
    and divergences are in nats. Source: T. Cover, J. Thomas, Elements of Information Theory (2006), 2.1.

    >>> import kl_engine as kl
    >>> p = kl.Categorical([0.5, 0.25, 0.25])
    >>> round(kl.entropy(p).bits.value, 12)
    1.5
    >>> p.log_prob.round(6).tolist()
    [-0.693147, -1.386294, -1.386294]
    """

    probs: np.ndarray

    def __post_init__(self) -> None:
        probs = vector("probs", self.probs)
        if (probs < 0).any():
            raise refuse("probs", "numbers >= 0 only", self.probs)
        object.__setattr__(self, "probs", normalised("probs", probs, self.probs))

    @cached_property
    @ieee
    def log_prob(self) -> np.ndarray:
        """log probs in nats, −inf where a probability is 0."""
        with np.errstate(divide="ignore"):
            logs = np.log(self.probs)
        logs.flags.writeable = False
        return logs

    @ieee
    def log_pmf(self, k) -> np.ndarray:
        """log P(symbol k) in nats, same shape as `k`: whole numbers from 0."""
        return self.log_prob[np.asarray(k)]

    @ieee
    def sample(self, size, rng: int | np.random.Generator) -> np.ndarray:
        """Independent symbols, of shape `size`. `rng` is a seed or a generator."""
        rng = generator("rng", rng)
        return rng.choice(self.probs.size, size=size, p=self.probs)

    @cached_property
    @ieee
    def _key(self) -> tuple[float, ...]:
        return tuple(self.probs.tolist())

    def __eq__(self, other: object) -> bool:
        return self._key == other._key if isinstance(other, Categorical) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._key)

    def __repr__(self) -> str:
        return f"Categorical(probs={listed(self.probs)})"
