"""What every mixture Σ weights[i] · part i shares, on the line and over whole numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from kl_engine.estimates.checks import SMALLEST, generator, normalised, refuse, vector
from kl_engine.estimates.floats import ieee


class Mixed:
    """A weighted sum of distributions: a frozen dataclass of `weights` and `parts`, which calls `_check` when made."""

    weights: np.ndarray
    parts: tuple

    def _check(self, kinds: tuple[type, ...], named: str) -> None:
        """Weights > 0 that sum to 1, and as many parts of these kinds, called `named` in a refusal."""
        weights = vector("weights", self.weights)
        if (weights < SMALLEST).any():
            raise refuse("weights", "numbers > 0 only", self.weights)
        object.__setattr__(self, "weights", normalised("weights", weights, self.weights))
        if not isinstance(self.parts, Sequence) or len(self.parts) != weights.size:
            raise refuse("parts", f"{weights.size} distributions, as there are weights", self.parts)
        for part in self.parts:
            if not isinstance(part, kinds):
                raise refuse("parts", named, part)
        object.__setattr__(self, "parts", tuple(self.parts))

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self.parts == other.parts and np.array_equal(self.weights, other.weights)

    def __hash__(self) -> int:
        return hash((self.weights.tobytes(), self.parts))

    def __repr__(self) -> str:
        return f"{type(self).__name__}(weights={self.weights.tolist()}, parts={list(self.parts)})"

    @property
    def mean(self) -> float:
        """Σ w · mean; nan where a part has none."""
        return math.fsum(w * float(part.mean) for w, part in zip(self.weights.tolist(), self.parts))

    @property
    def std(self) -> float:
        """√(Σ w · (std² + (mean − mean of all)²))."""
        middle = self.mean
        parts = zip(self.weights.tolist(), self.parts)
        return math.sqrt(math.fsum(w * (float(part.std) ** 2 + (float(part.mean) - middle) ** 2) for w, part in parts))

    def _summed(self, logs: Sequence[np.ndarray], weights: Sequence[float] | None = None) -> np.ndarray:
        """log Σ w e^logs, over the largest; `weights` are all of them, or those of some parts."""
        weights = self.weights if weights is None else weights
        logs = np.stack([math.log(w) + np.asarray(each) for w, each in zip(weights, logs)])
        logs = np.where(np.isnan(logs), -np.inf, logs)
        top = logs.max(axis=0)
        safe = np.where(np.isfinite(top), top, 0.0)
        with np.errstate(divide="ignore", over="ignore"):
            return np.where(np.isfinite(top), safe + np.log(np.exp(logs - safe).sum(axis=0)), top)

    @ieee
    def sample(self, size, rng) -> np.ndarray:
        """Independent draws of shape `size`: a part by its weight, then of it; `rng` is a seed or a generator."""
        rng = generator("rng", rng)
        which = rng.choice(len(self.parts), size, p=self.weights)
        found = np.empty(np.shape(which))
        for i, part in enumerate(self.parts):
            found[which == i] = part.sample(int((which == i).sum()), rng)
        return found
