"""What the points that were not drawn may add to D: where b falls off further than T says, and where a has a tail.

D(a‖b) is a mean over a, and about one n-th of the mass of a lies beyond the n points of a sample. What it adds to D is
that mass times the log ratio there. If the surprisal −log b falls off like a power law over a, P(S > s) ~ s^(−1/γ), its
mean beyond the largest of n is that one over n (1 − γ), and from γ = 1 on infinite: so heavy a tail is refused. The
largest of n is itself a draw, below its scale by (log 20)^γ in one sample of twenty: hence the margin, which was tried
on t, Pareto and log-normal samples (`tests/bench/samples.py --others`). The surprisal is known where b is; of a sample
of b it goes on beyond its edge as −log of the share of points farther out does before it, with the exponent of that
growth, 1 of an exponential tail and 2 of a Gaussian one.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from kl_engine.divergences.samples.coordinates import CLIPPED
from kl_engine.divergences.samples.ratio import EDGE_ORDER, Ratio, hill
from kl_engine.divergences.samples.reading import Refused

HEAVIEST_TAIL = 0.8  # γ of the surprisal: at 1 D is infinite
FAR_OUT = 2.0  # nats above the middle, which the largest log ratio must be for that to matter
FEWEST_OF_TAIL = 5  # points, and √n of n: of these is γ estimated
INDEX_ERRORS, MOST_INDEX = 3.0, 0.97  # of what γ may be, in the half width: standard errors, and the largest
MARGIN = 4.0  # times the mean beyond the largest: the (log 20)^γ above, and what of it is below that scale
TAIL_SHARE = 5  # the farthest fifth of y, at least ten, shows how b falls off
GAUSSIAN, STEEPER = 2.0, 1.3  # the largest exponent of growth; what it may be above its estimate


class Unseen(NamedTuple):
    """The index γ of the tail of the surprisal, and how far D may be from its estimate for that tail, in nats."""

    index: float
    half_width: float


def beyond(surprisal: np.ndarray, log_ratio: np.ndarray, words: str) -> Unseen:
    """Of the points of x: −log b but for a constant, and log a/b. Refused, with `words`, where D may be infinite."""
    n = surprisal.size
    k = max(FEWEST_OF_TAIL, round(n**0.5))
    index = hill(surprisal - surprisal.min(), k)
    above = max(0.0, float(log_ratio.max() - np.median(log_ratio)))
    if index > HEAVIEST_TAIL and above > FAR_OUT:
        raise Refused(
            f"x: log a/b has so heavy a tail over x (P(log a/b > t) falls about like t^−{1 / index:.2g}) that its mean "
            "may be infinite, and any interval would be decided by points that are not in the sample: x has heavy "
            f"tails where b falls off like a Gaussian. {words}"
        )
    most = min(MOST_INDEX, index * (1 + INDEX_ERRORS * k**-0.5))
    return Unseen(index, MARGIN * above / (n * (1 - most)))


def beyond_samples(ux: np.ndarray, uy: np.ndarray, ratio: Ratio) -> Unseen:
    """The same of two samples (N, d), by the distances from the middle of y, and what T leaves out beyond its edge."""
    rx, ry = _distances(ux, uy)
    edge = float(np.partition(ry, -EDGE_ORDER)[-EDGE_ORDER])
    growth, level = _growth(ry), math.log(ry.size / EDGE_ORDER)
    at_edge = float(np.partition(ratio.at_y, -EDGE_ORDER)[-EDGE_ORDER])
    outside = rx > edge
    steep = at_edge + level * ((np.maximum(rx, edge) / edge) ** growth - 1)
    log_ratio = np.where(outside, np.maximum(steep, ratio.at_x), ratio.at_x)
    found = beyond(rx**growth, log_ratio, "A density for b (kl_to_density), or for both (kl_divergence), would help")
    return Unseen(found.index, found.half_width + float((log_ratio - ratio.at_x).mean()))


def _distances(ux: np.ndarray, uy: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of the points of both from the median of y, in units of the spread of y, which a few far points do not set."""
    middle = np.median(uy, axis=0)
    size = np.median(np.abs(uy - middle), axis=0)
    clipped = np.clip((uy - middle) / size, -CLIPPED, CLIPPED)
    whiten = np.linalg.inv(np.linalg.cholesky(np.atleast_2d(np.cov(clipped.T))))
    first, second = (np.linalg.norm((points - middle) / size @ whiten.T, axis=1) for points in (ux, uy))
    return first, second


def _growth(distances: np.ndarray) -> float:
    """The exponent with which −log of the share of points farther out grows, over the farthest fifth of them."""
    m = distances.size
    k = max(2 * FEWEST_OF_TAIL, m // TAIL_SHARE)
    logs = np.log(np.sort(distances)[-k:])
    grown = np.log(-np.log((np.arange(k, 0, -1) - 0.5) / m))
    logs -= logs.mean()
    return min(GAUSSIAN, STEEPER * float(logs @ grown / (logs @ logs)))
