"""Components of a that are much like one of b: their difference, in which nothing of the size of 1 is subtracted.

With u = c + M z of component j of b and Δu = Δc + ΔM z (made from decimals, so that both are right to their last
digits), the matching component of a is that of b times e^δ, δ = Δh − Δu·(2u + Δu). With p the shares of the components
of b, a/b = 1 + v,

    v = Σ pⱼ (e^δⱼ − 1) + (those of a that match none − those of b that match none)/b,

and log a − log b = log(1 + v) has all its digits where a is close to b.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from kl_engine.distributions.decimal_factors import less

LIKE = 0.5  # of the difference of two covariances in units of one, and of the square of that of the means
WEIGHTS = 0.7  # of the difference of the logs of their weights


class Alike(NamedTuple):
    """m matched pairs of components, and how a's differ from b's in every frame."""

    of_a: np.ndarray  # (m,) numbers among all J components
    of_b: np.ndarray  # (m,)
    lone_a: np.ndarray  # those of a that match none
    lone_b: np.ndarray
    heights: np.ndarray  # (m,) Δh
    sizes: np.ndarray  # (m,) of what Δh is a sum of
    shifts: np.ndarray  # (F, m, 2) Δc
    maps: np.ndarray  # (F, m, 2, 2) ΔM


def alike(seen: np.ndarray, lower: np.ndarray, weights: np.ndarray, split: int) -> Alike | None:
    """What is alike in a and b; c and M, `seen` (J, J, 2, 3), and the factors `lower` (J, 2, 2) are decimals."""
    pairs = _matched(seen[:split, split:].astype(np.float64), weights[:split], weights[split:])
    if not pairs:
        return None
    of_a, of_b = np.array(pairs).T + [[0], [split]]
    apart = less(seen[:, of_a], seen[:, of_b])
    ratios = less(lower[of_a] / lower[of_b].diagonal(axis1=1, axis2=2)[..., None], np.array(1))
    widths = np.log1p(ratios.diagonal(axis1=1, axis2=2))
    lone = [np.setdiff1d(np.arange(*ends), of) for ends, of in (((0, split), of_a), ((split, weights.size), of_b))]
    parts = np.column_stack([np.log1p((weights[of_a] - weights[of_b]) / weights[of_b]), -widths])
    return Alike(of_a, of_b, *lone, parts.sum(axis=1), np.abs(parts).sum(axis=1), apart[..., 0], apart[..., 1:])


def chained(seen: np.ndarray, weights: np.ndarray, others: np.ndarray) -> float:
    """Σ w (log(w/w') + D of the components): by the chain rule D(a‖b) is no larger, but for rounding.

    `seen` (K_a, K_b, 2, 3) are c and M of the components of b; inf where some component matches none.
    """
    pairs = _matched(seen, weights, others)
    if not len(pairs) == weights.size == others.size:
        return math.inf
    i, j = np.array(pairs).T
    between = seen[i, j]
    dets = 2 * between[:, 0, 1] * between[:, 1, 2]  # of M, which is triangular, times √2 twice
    apart = np.log(weights[i] / others[j]) - np.log(dets) + (between * between).sum(axis=(1, 2)) - 1
    return float(weights[i] @ apart)


def _matched(seen: np.ndarray, weights: np.ndarray, others: np.ndarray) -> list[tuple[int, int]]:
    """Components of a with the one of b that each is most like, closest first; each is taken once."""
    shifts, maps = seen[..., 0], seen[..., 1:]
    turned = np.abs(2 * maps @ maps.swapaxes(-1, -2) - np.eye(2)).max(axis=(-1, -2))
    moved = 2 * (shifts * shifts).sum(axis=-1)
    weighed = np.abs(np.log(weights[:, None] / others))
    close = (turned < LIKE) & (moved < LIKE) & (weighed < WEIGHTS)
    order = np.argsort(np.where(close, moved + turned**2 + weighed**2, np.inf), axis=None)[: close.sum()]
    pairs: list[tuple[int, int]] = []
    for i, j in zip(*(each.tolist() for each in np.unravel_index(order, close.shape))):
        if all(i != first and j != second for first, second in pairs):
            pairs.append((i, j))
    return pairs
