"""Distributions over finitely many symbols."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from kl_engine.distributions.frozen import FrozenArrays
from kl_engine.distributions.notation import Notated, listed
from kl_engine.estimates.checks import SMALLEST, generator, normalised, refuse, vector
from kl_engine.estimates.floats import ieee


@dataclass(frozen=True, eq=False)
class Categorical(Notated, FrozenArrays):
    """P(symbol k) = probs[k], k = 0, 1, …; zeros are allowed.

    `probs` >= 0 and of sum 1 within 1e-9, or within float32's own tolerance (they are then divided by their sum).
    Raises ValueError otherwise. Two are equal when their probabilities are. `probs` is of shape (n,); log probabilities
    and divergences are in nats. `logs` are log probabilities that are known better than `probs`, by name alone. Source:
    T. Cover, J. Thomas, Elements of Information Theory (2006), 2.1.

    >>> import kl_engine as kl
    >>> p = kl.Categorical([0.5, 0.25, 0.25])
    >>> round(kl.entropy(p).bits.value, 12)
    1.5
    >>> p.log_prob.round(6).tolist()
    [-0.693147, -1.386294, -1.386294]
    """

    probs: np.ndarray
    logs: np.ndarray | None = field(default=None, kw_only=True)  # log probabilities that are known better than probs

    def __post_init__(self) -> None:
        probs = vector("probs", self.probs)
        if (probs < 0).any():
            raise refuse("probs", "numbers >= 0 only", self.probs)
        object.__setattr__(self, "probs", normalised("probs", probs, self.probs))

    @classmethod
    def of_counts(cls, counts: object) -> Categorical:
        """The shares of counts, each >= 0 and not all 0: what was seen, with no count added to what was not.

        Raises ValueError otherwise. Of raw symbols 0, 1, … `numpy.bincount` makes counts.

        >>> import kl_engine as kl
        >>> kl.Categorical.of_counts([3, 1, 0])
        Categorical(probs=[0.75, 0.25, 0.0])
        """
        given = vector("counts", counts)
        if (given < 0).any() or not given.sum() > 0 or not np.isfinite(given.sum()):
            raise refuse("counts", "numbers >= 0, not all of them 0", counts)
        return cls(given / math.fsum(given))

    @classmethod
    @ieee
    def of_logits(cls, logits: object) -> Categorical:
        """P(k) = e^logits[k]/Σ e^logits, with the log probabilities kept: none is 0, however small; −inf is.

        Logits are in nats; a constant added to all of them changes nothing. Raises ValueError for nan, +inf, or −inf
        throughout.

        >>> import kl_engine as kl
        >>> f"{kl.kl_divergence([0.5, 0.5], kl.Categorical.of_logits([40, 0])):.2f}"
        '19.31'
        """
        try:
            given = np.array(logits, dtype=np.float64)
        except (TypeError, ValueError) as error:
            raise refuse("logits", "a sequence of numbers", logits) from error
        if given.ndim != 1 or not given.size or np.isnan(given).any() or not np.isfinite(given.max()):
            raise refuse("logits", "a sequence of numbers below inf, not all of them −inf", logits)
        shifted = given - given.max()
        logs = shifted - math.log(math.fsum(np.exp(shifted)))
        probs = np.exp(logs)
        logs.flags.writeable = False
        return cls(probs / math.fsum(probs), logs=logs)

    @cached_property
    @ieee
    def log_prob(self) -> np.ndarray:
        """log probs in nats, −inf where a probability is 0."""
        if self.logs is not None:
            return self.logs
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
        return *self.probs.tolist(), *self.log_prob[self.probs < SMALLEST].tolist()

    def __eq__(self, other: object) -> bool:
        return self._key == other._key if isinstance(other, Categorical) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._key)

    def __repr__(self) -> str:
        return f"Categorical(probs={listed(self.probs)})"
