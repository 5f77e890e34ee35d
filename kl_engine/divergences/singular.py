"""Pairs that share no event: a distribution over symbols or whole numbers beside one with a density.

These have probability 0 under any density, and the density lives where the symbols are not.
"""

from __future__ import annotations

from kl_engine.divergences.disagreement import Disagreement
from kl_engine.estimates.certainty import Certainty
from kl_engine.estimates.estimate import Estimate
from kl_engine.estimates.rounding import LOG_2

REASON = (
    "support: one has its mass at single points, where a density has none, so that each has probability 0 where the "
    "other lives"
)


def kl_divergence(a: object, b: object) -> Estimate:
    """inf, both ways."""
    return Estimate.infinite(REASON)


def alpha_divergence(p: object, q: object, alpha: float) -> Estimate:
    """1/(α (1−α)) for 0 < α < 1, as ∫ p^α q^(1−α) = 0; inf elsewhere."""
    if not 0 < alpha < 1:
        return Estimate.infinite(REASON)
    value = 1 / (alpha * (1 - alpha))
    return Estimate(value, 2.0**-50 * value, Certainty.EXACT, REASON)


def renyi_divergence(p: object, q: object, alpha: float) -> Estimate:
    """inf at every order."""
    return Estimate.infinite(REASON)


def jensen_shannon(p: object, q: object) -> Estimate:
    """log 2."""
    return Estimate(LOG_2, 2.0**-53, Certainty.EXACT, REASON)


def total_variation(p: object, q: object) -> Estimate:
    """1."""
    return Estimate(1.0, 0.0, Certainty.EXACT, REASON)


def disagreement(p: object, q: object) -> Disagreement:
    """Both are 1: all of q is invented, all of p is missed."""
    return Disagreement(total_variation(p, q), total_variation(p, q))
