"""Every component of two mixtures of the plane, seen from the frames of some of them, with all digits.

As in `quadrature.frames`, component j in the frame of another is heights[j] − |c + M z|² in logs, and c and M are made
with 80 decimals: each is right to its last digit, whatever the condition of the covariances.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from kl_engine.distributions.decimal_factors import halved, log_diagonals, lower_factors, seen_from
from kl_engine.distributions.multivariate import Multivariate
from kl_engine.estimates.rounding import LOG_ROOT_TAU
from kl_engine.quadrature.plane.alike import Alike, alike, chained


class Views(NamedTuple):
    """F frames, each with a weight, and in each the J components of a and b (the first `split` are those of a)."""

    weights: np.ndarray  # (F,)
    heights: np.ndarray  # (J,)
    sizes: np.ndarray  # (J,) the sum of the sizes of what a height is a sum of: its rounding is relative to that
    shifts: np.ndarray  # (F, J, 2): c
    maps: np.ndarray  # (F, J, 2, 2): M, lower triangular
    split: int
    ratio: bool = False  # whether what is integrated changes where a over b does, and not where either does only
    alike: Alike | None = None  # how the components of a differ from those of b that are much like them

    @classmethod
    def of_first(cls, a: Multivariate, b: Multivariate) -> Views:
        """In the frames of the components of `a`."""
        return cls._of(a, b, a.weights.size)

    @classmethod
    def of_both(cls, a: Multivariate, b: Multivariate) -> Views:
        """In the frames of the components of both, each mixture with half the weight; and what is alike in them."""
        return cls._of(a, b, None)

    @classmethod
    def _of(cls, a: Multivariate, b: Multivariate, frames: int | None) -> Views:
        weights, means, covs = (
            np.concatenate([getattr(p, name) for p in (a, b)]) for name in ("weights", "means", "covs")
        )
        lower, split = lower_factors(covs), a.weights.size
        logs = np.column_stack([np.log(weights), -log_diagonals(lower), np.full(weights.size, -2 * LOG_ROOT_TAU)])
        exact = halved(seen_from(lower, means, lower[:frames], means[:frames]))
        found = exact.astype(np.float64)
        resembling = None if frames else alike(exact, lower, weights, split)
        heights = np.array([math.fsum(row) for row in logs.tolist()])
        shares = weights[:frames] if frames else weights / 2
        return cls(
            shares, heights, np.abs(logs).sum(axis=1), found[..., 0], found[..., 1:], split, not frames, resembling
        )

    def most(self, a: Multivariate, b: Multivariate) -> float:
        """What D(a‖b) is no larger than, in the views of these two; inf where their components are not alike."""
        seen = np.concatenate([self.shifts[..., None], self.maps], axis=-1)[: self.split, self.split :]
        return chained(seen, a.weights, b.weights)

    def changes(self) -> int:
        """How many pairs of components there are of which one may take over from the other."""
        counts = [self.heights.size] if self.ratio else [self.split, self.heights.size - self.split]
        return sum(count * (count - 1) // 2 for count in counts)

    def halves(self) -> tuple[slice, slice]:
        """The components of `a`, and those of `b`."""
        return slice(0, self.split), slice(self.split, None)
