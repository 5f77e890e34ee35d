"""Every component seen from the frame of one: x = mean + L z, in which that one is the standard Gaussian.

In its frame the log density of component j is heights[j] − |c + M z|², with c = L_j⁻¹(mean − mean_j)/√2 and
M = L_j⁻¹L/√2 lower triangular; the points x are never formed, so a mixture far from the origin loses no digit.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from kl_engine.distributions.multivariate import Multivariate
from kl_engine.distributions.triangular import solve_lower
from kl_engine.estimates.rounding import ROOT_2


class Frames(NamedTuple):
    """F frames, each with a weight, and in each the J components of a and b (the first `split` are those of a)."""

    weights: np.ndarray  # (F,)
    heights: np.ndarray  # (J,)
    shifts: np.ndarray  # (F, J, n): c
    maps: np.ndarray  # (F, J, n, n): M
    split: int

    @classmethod
    def of(cls, frames: tuple[Multivariate, ...], a: Multivariate, b: Multivariate) -> Frames:
        """The frames of the components of all `frames`, in which log densities of `a` and of `b` are wanted."""
        weights, means, factors = _stacked(frames)
        _, centres, lowers = _stacked((a, b))
        shifts = solve_lower(lowers, (means[:, None] - centres)[..., None])[..., 0]
        maps = solve_lower(lowers, np.broadcast_to(factors[:, None], (len(weights), *lowers.shape)))
        heights = np.concatenate([a.heights, b.heights])
        return cls(weights / len(frames), heights, shifts / ROOT_2, maps / ROOT_2, a.weights.size)

    def halves(self) -> tuple[slice, slice]:
        """The components of `a`, and those of `b`."""
        return slice(0, self.split), slice(self.split, None)


def _stacked(mixtures: tuple[Multivariate, ...]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    fields = ([getattr(p, name) for p in mixtures] for name in ("weights", "means", "factors"))
    return tuple(np.concatenate(parts) for parts in fields)
