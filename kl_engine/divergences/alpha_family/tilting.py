"""The tilted density p^α q^(1−α): its elementary functions without cancellation, and where it lives.

Between α = 0 and 1 it is nowhere above both p and q. Outside it may peak where both are small, and its integral is
infinite when the tails of the widest components do not hold it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from kl_engine.estimates.checks import refuse
from kl_engine.estimates.rounding import LOG_ROOT_TAU
from kl_engine.quadrature.crossings import Part
from kl_engine.quadrature.expect import AtNodes
from kl_engine.quadrature.proved.tilted import growth, series
from kl_engine.quadrature.truncation import WIDE_REACH, marks

NEAR = 0.5  # of |log p − log q|: below it the integrand is summed as a series, in which nothing cancels
FAR_OUT = 46.0  # nats: what the tails of the tilted density may still hold, beside 1


def excess(log_q: np.ndarray, ratio: np.ndarray, alpha) -> np.ndarray:
    """(p^α q^(1−α) − q)/α with ratio = log p − log q; at α = 0 its limit q · ratio. `alpha` may be an array."""
    y = alpha * ratio
    q = np.exp(log_q)
    small = np.abs(y) < 1
    near = q * ratio * growth(np.where(small, y, 0.0))
    return np.where(small, near, (np.exp(log_q + y) - q) / np.where(small, 1.0, alpha))


class Term(NamedTuple):
    """(α p + (1−α) q − p^α q^(1−α))/(α (1−α)), never negative, and what of its rounding it is made of."""

    value: np.ndarray
    in_log_p: np.ndarray  # the sizes of its derivatives
    in_log_q: np.ndarray
    summed: np.ndarray  # the sizes of what cancels in it


def positive_term(log_p: np.ndarray, log_q: np.ndarray, ratio: np.ndarray, alpha: float) -> Term:
    """The term of D_α for α <= ½ but 0, with ratio = log p − log q; its integral is D_α, as those of p and q are 1.

    It nowhere divides what cancels by α, so that it goes over into that of D(q‖p), p − q − q log p/q, as α → 0.
    """
    p, q = np.exp(log_p), np.exp(log_q)
    near = max(1.0, abs(alpha)) * np.abs(ratio) < NEAR
    r = np.where(near, ratio, 0.0)
    raised = np.where(q > 0, excess(log_q, np.where(q > 0, ratio, 0.0), alpha), 0.0)
    rise = np.where(near, q * (np.expm1(r) - np.expm1(alpha * r)), p - q - alpha * raised)
    value = np.where(near, q * series(r, alpha), (p - q - raised) / (1 - alpha))
    summed = np.where(near, value, (p + q + np.abs(raised)) / (1 - alpha))
    return Term(value, np.abs(rise) / (1 - alpha), np.where(near, np.abs(rise) + value, np.abs(raised)), summed)


def tilted_mean(log_p: np.ndarray, log_q: np.ndarray, alpha: float) -> AtNodes:
    """The same over ½ (p + q), for 0 < α <= ½: at most 2/α, and at most 4 (1 + |log p − log q|)."""
    both = np.logaddexp(log_p, log_q) - math.log(2)
    return AtNodes(*positive_term(log_p - both, log_q - both, log_p - log_q, alpha))


class Bell(NamedTuple):
    """The tilted density of two components: exp(log_mass) N(mean, std²)."""

    mean: float
    std: float
    log_mass: float

    def edges(self, reach: float) -> list[float]:
        """Panel edges over it, to `reach` std on either side."""
        return [self.mean + mark * self.std for mark in marks(reach)]


def tilted_bell(a: Part, b: Part, alpha: float) -> Bell | None:
    """exp(α log a + (1−α) log b) of two weighted components; None where it grows instead of falling off."""
    narrowing = b.std / a.std
    precision = alpha * narrowing * narrowing + (1 - alpha)  # in units of b's
    if precision <= 0:
        return None
    gap = (a.mean - b.mean) / a.std
    log_mass = alpha * a.height + (1 - alpha) * b.height - 0.5 * alpha * (1 - alpha) * gap * gap / precision
    std = b.std / math.sqrt(precision)
    return Bell(b.mean + alpha * narrowing * gap * b.std / precision, std, log_mass + math.log(std) + LOG_ROOT_TAU)


def bells(first: Sequence[Part], second: Sequence[Part], alpha: float) -> list[Bell]:
    """The tilted densities of all pairs of components, those that fall off."""
    found = (tilted_bell(a, b, alpha) for a in first for b in second)
    return [bell for bell in found if bell]


def tilted_support(
    first: Sequence[Part], second: Sequence[Part], alpha: float, log_scale: float
) -> tuple[list[float], float]:
    """Panel edges over p^α q^(1−α) for α < 0, and a bound of what it holds beyond them, over exp(log_scale).

    p is at least its widest component a*, and (Σ_b y_b)^(1+|α|) <= K^|α| Σ_b y_b^(1+|α|): the tilted density is below
    K^|α| times the sum over b of the bells of a* and b. All of them fall off, for the widest b does.
    """
    widest = max(first, key=lambda part: (part.std, part.height))
    above = [tilted_bell(widest, b, alpha) for b in second]
    if not all(above):
        raise refuse("alpha", "another value: at this one the widest components' tails cancel to rounding", alpha)
    logs = [bell.log_mass - alpha * math.log(len(second)) - log_scale for bell in above]
    reach = math.sqrt(2 * (FAR_OUT + max(0.0, *logs)))
    edges = [edge for bell in above for edge in bell.edges(max(WIDE_REACH, reach))]
    return edges, sum(math.exp(log - 0.5 * reach * reach) for log in logs)


def divergence_reason(first: Sequence[Part], second: Sequence[Part], alpha: float) -> str | None:
    """Why ∫ p^α q^(1−α) is infinite, in words; None when it is finite. Decided in exact arithmetic.

    Far out both are as their widest components, so that α σ_q² + (1−α) σ_p² > 0 is needed, of the widest ones; where
    that is exactly 0 a slope is left on either side, of the outermost among the widest.
    """
    share = Fraction(alpha)
    sides = [_outermost(parts) for parts in (first, second)]
    (p_std, *p_means), (q_std, *q_means) = sides
    hold = share * Fraction(q_std) ** 2 + (1 - share) * Fraction(p_std) ** 2
    widest = f"σ_p = {p_std:g}, σ_q = {q_std:g} of the widest components"
    if hold < 0:
        return f"α σ_q² + (1−α) σ_p² < 0 ({widest}): ∫ p^α q^(1−α) grows without end in the tails"
    if hold > 0:
        return None
    left, right = (
        share * Fraction(m) / Fraction(p_std) ** 2 + (1 - share) * Fraction(n) / Fraction(q_std) ** 2
        for m, n in zip(p_means, q_means)
    )
    if right < 0 < left:
        return None
    return f"α σ_q² + (1−α) σ_p² = 0 ({widest}): p^α q^(1−α) does not fall off in a tail"


def _outermost(parts: Sequence[Part]) -> tuple[float, float, float]:
    """The largest std, and the least and the largest mean among the components that have it."""
    widest = max(part.std for part in parts)
    means = [part.mean for part in parts if part.std == widest]
    return widest, min(means), max(means)
