"""Every component seen from the frame of one: x = mean + L z, in which that one is the standard Gaussian.

In its frame the log density of component j is heights[j] − |c + M z|², with c = L_j⁻¹(mean − mean_j)/√2 and
M = L_j⁻¹L/√2 lower triangular; the points x are never formed, so a mixture far from the origin loses no digit. Where
a covariance is ill-conditioned c and M are made with 80 decimals: two components that are stretched alike keep all
their digits.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from kl_engine.distributions.decimal_factors import log_diagonals, lower_factors, seen_from
from kl_engine.distributions.multivariate import Multivariate, condition
from kl_engine.distributions.triangular import solve_lower
from kl_engine.estimates.rounding import LOG_ROOT_TAU, ROOT_2

ILL = 16.0  # condition number from which on the decimals are worth their time
MOST_COORDINATES = 8  # coordinates up to which they take little of it

_Mixtures = tuple[Multivariate, ...]
_Seen = tuple[np.ndarray, np.ndarray, np.ndarray]  # heights (J,), √2 c (F, J, n), √2 M (F, J, n, n)


class Frames(NamedTuple):
    """F frames, each with a weight, and in each the J components of a and b (the first `split` are those of a)."""

    weights: np.ndarray  # (F,)
    heights: np.ndarray  # (J,)
    shifts: np.ndarray  # (F, J, n): c
    maps: np.ndarray  # (F, J, n, n): M
    split: int

    @classmethod
    def of(cls, frames: _Mixtures, a: Multivariate, b: Multivariate) -> Frames:
        """The frames of the components of all `frames`, in which log densities of `a` and of `b` are wanted."""
        if any(map(has_decimals, (*frames, a, b))):
            return cls._seen(frames, (a, b), _by_decimals)
        return cls.in_doubles(frames, a, b)

    @classmethod
    def in_doubles(cls, frames: _Mixtures, a: Multivariate, b: Multivariate) -> Frames:
        """The same without the decimals: for a descent, which asks again at every step and needs a direction only."""
        return cls._seen(frames, (a, b), _by_doubles)

    @classmethod
    def _seen(cls, frames: _Mixtures, pair: _Mixtures, way: Callable[[_Mixtures, _Mixtures], _Seen]) -> Frames:
        heights, shifts, maps = way(frames, pair)
        weights = _stacked(frames, "weights") / len(frames)
        return cls(weights, heights, shifts / ROOT_2, maps / ROOT_2, pair[0].weights.size)

    def halves(self) -> tuple[slice, slice]:
        """The components of `a`, and those of `b`."""
        return slice(0, self.split), slice(self.split, None)


def has_decimals(a: Multivariate) -> bool:
    """Whether what is seen in frames of `a`, and of `a` in other frames, is made with 80 decimals."""
    return a.dimension <= MOST_COORDINATES and condition(a) > ILL


def magnified(a: Multivariate) -> float:
    """By how much the log density of `a` in a frame magnifies rounding: its condition, or with the decimals 2n.

    Then c and M are right to their last digit, and |c + M z|² is wrong by some ε |c + M z| (|c| + |M| |z|): on the
    average over a frame, by Schwarz's inequality, at most ε √(2n) times its mean. What cancels does so on few z.
    """
    return 2.0 * a.dimension if has_decimals(a) else condition(a)


def _by_doubles(frames: _Mixtures, seen: _Mixtures) -> _Seen:
    means, factors = (_stacked(frames, name) for name in ("means", "factors"))
    centres, lowers = (_stacked(seen, name) for name in ("means", "factors"))
    shifts = solve_lower(lowers, (means[:, None] - centres)[..., None])[..., 0]
    maps = solve_lower(lowers, np.broadcast_to(factors[:, None], (len(means), *lowers.shape)))
    return _stacked(seen, "heights"), shifts, maps


def _by_decimals(frames: _Mixtures, seen: _Mixtures) -> _Seen:
    factors, lowers = (lower_factors(_stacked(mixtures, "covs")) for mixtures in (frames, seen))
    log_weights = np.log(_stacked(seen, "weights"))
    heights = log_weights - log_diagonals(lowers).sum(axis=1) - lowers.shape[-1] * LOG_ROOT_TAU
    found = seen_from(lowers, _stacked(seen, "means"), factors, _stacked(frames, "means")).astype(np.float64)
    return heights, found[..., 0], found[..., 1:]


def _stacked(mixtures: _Mixtures, name: str) -> np.ndarray:
    return np.concatenate([getattr(p, name) for p in mixtures])
