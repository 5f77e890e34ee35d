"""The divergences of distributions over whole numbers: sums, ended where what is left is bounded below their rounding.

Beyond a number k at which P(j + 1)/P(j) <= ρ < 1 for all j >= k the mass is at most P(k) ρ/(1 − ρ). A log of a
probability grows no faster than j log j, so that a term of the sum falls at least like σ^j with ρ < σ < 1 once it
does so at k. Of a power law, as Zipf's, no such ρ is below 1: beyond a number N the sum is the integral of its terms as
functions of all numbers and what Euler and Maclaurin add at N (`heavy`); its certainty is ESTIMATED. A family over all
whole numbers is summed upwards from 0 and, as its mirror image, downwards from −1.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

import numpy as np

from kl_engine.distributions.counts.base import CountDistribution
from kl_engine.distributions.line.base import LIGHT
from kl_engine.divergences.alpha_family.renyi import log_of, renyi_by
from kl_engine.divergences.alpha_family.tilting import positive_term
from kl_engine.divergences.disagreement import THRESHOLD, Disagreement
from kl_engine.divergences.estimators.monte_carlo import monte_carlo_kl as sampled
from kl_engine.divergences.sums import heavy
from kl_engine.estimates.certainty import Certainty
from kl_engine.estimates.estimate import Estimate
from kl_engine.estimates.rounding import EPSILON

BLOCK = 4096
MOST_TERMS = 1 << 22  # some seconds
HEAVY, HEAVY_MASSES = 1 << 14, 1 << 18  # terms of a power law that are summed; where the terms have kinks
HEAVY_STDS = 30  # of the bulk of a light-tailed one beside it
FAR_OUT = (1e6, 1e8)  # where the ratio of neighbouring probabilities is looked at
ROUNDED = 16.0  # roundings of a log probability, relative to the sizes of the terms that cancel in it

# log a and log b at whole numbers, and a shift s → the terms of the sum times e^s.
Term = Callable[[np.ndarray, np.ndarray, np.ndarray | float], np.ndarray]


def entropy(a: CountDistribution) -> Estimate:
    """H[a] = −Σ a log a, in nats."""
    return _summed(a, a, _surprisal, (a,))


def cross_entropy(a: CountDistribution, b: CountDistribution) -> Estimate:
    """H[a, b] = −Σ a log b, in nats; inf where b is 0 and a is not."""
    return infinite(a, b) or _summed(a, b, _surprisal, (a,))


def kl_divergence(a: CountDistribution, b: CountDistribution) -> Estimate:
    """D(a‖b) = Σ a (log a − log b), in nats; inf where b is 0 and a is not.

    Summed as a r − a + b with r = log a − log b where both have one support: the same, never negative, and of second
    order where the two nearly agree.
    """
    if reason := infinite(a, b):
        return reason
    if a.support == b.support:
        return _summed(a, b, _positive, (a, b))
    return _summed(a, b, lambda log_a, log_b, s: _weighted(log_a + s, log_a - log_b), (a,))


def alpha_divergence(p: CountDistribution, q: CountDistribution, alpha: float) -> Estimate:
    """D_α = (1 − Σ p^α q^(1−α))/(α (1 − α)), in nats, for α other than 0 and 1.

    Of α that is no farther than ½ from 0 or from 1 it is the sum of terms that are never negative.
    """
    if alpha > 0.5:  # the mirrored form keeps its digits there; 1 − α loses none
        p, q, alpha = q, p, 1 - alpha
    if alpha >= -0.5:

        def term(log_p: np.ndarray, log_q: np.ndarray, s: np.ndarray | float) -> np.ndarray:
            return positive_term(log_p + s, log_q + s, log_p - log_q, alpha).value

        return infinite_affinity(p, q, alpha) or _summed(p, q, term, (p, q))
    found = affinity(p, q, alpha)
    if math.isinf(found.value):
        return found
    scale = 1 / (alpha * (1 - alpha))
    return Estimate((1 - found.value) * scale, (found.error + EPSILON) * abs(scale), found.certainty, found.method)


def renyi_divergence(p: CountDistribution, q: CountDistribution, alpha: float) -> Estimate:
    """R_α = log Σ p^α q^(1−α)/(α − 1), in nats, for α >= 0 but 1."""

    def log_affinity(alpha: float) -> Estimate:
        return log_of(affinity(p, q, alpha))

    return renyi_by(partial(alpha_divergence, p, q), log_affinity, alpha)


def affinity(p: CountDistribution, q: CountDistribution, alpha: float) -> Estimate:
    """Σ p^α q^(1−α) over where both are positive; inf with its reason."""
    if reason := infinite_affinity(p, q, alpha):
        return reason

    def term(log_p: np.ndarray, log_q: np.ndarray, s: np.ndarray | float) -> np.ndarray:
        both = ~(np.isneginf(log_p) | np.isneginf(log_q))
        return np.exp(np.where(both, alpha * log_p + (1 - alpha) * log_q, -np.inf) + s)

    return _summed(p, q, term, (p, q))


def infinite_affinity(p: CountDistribution, q: CountDistribution, alpha: float) -> Estimate | None:
    """inf with its reason, where Σ p^α q^(1−α) is infinite by support or tails; None where it is not."""
    if alpha > 1 and (reason := _beyond(p, q)):
        return reason
    if alpha < 0 and (reason := _beyond(q, p)):
        return reason
    if math.isinf(min(p.support[1], q.support[1])) and (_rises(p, q, alpha) or _heavy_rises(p, q, alpha)):
        return Estimate(math.inf, 0.0, Certainty.EXACT, "infinite: tails (p^α q^(1−α) does not fall far out)")
    return None


def jensen_shannon(a: CountDistribution, b: CountDistribution) -> Estimate:
    """½ D(a‖m) + ½ D(b‖m) with m = ½ (a + b), in nats."""

    def term(log_a: np.ndarray, log_b: np.ndarray, s: np.ndarray | float) -> np.ndarray:
        middle = np.logaddexp(log_a, log_b) - math.log(2)
        return (_weighted(log_a + s, log_a - middle) + _weighted(log_b + s, log_b - middle)) / 2

    return _summed(a, b, term, (a, b))


def total_variation(a: CountDistribution, b: CountDistribution) -> Estimate:
    """½ Σ |a − b|."""
    return _summed(a, b, lambda log_a, log_b, s: np.abs(np.exp(log_a + s) - np.exp(log_b + s)) / 2, (a, b), True)


def disagreement(p: CountDistribution, q: CountDistribution) -> Disagreement:
    """Q{q > e² p} and P{p > e² q}."""
    return Disagreement(_exceeding(q, p), _exceeding(p, q))


def _exceeding(a: CountDistribution, b: CountDistribution) -> Estimate:
    """A{a > e² b}."""

    def term(log_a: np.ndarray, log_b: np.ndarray, s: np.ndarray | float) -> np.ndarray:
        return np.where(log_a - THRESHOLD > log_b, np.exp(log_a + s), 0.0)

    return _summed(a, b, term, (a,), True)


def monte_carlo_kl(a: CountDistribution, b: CountDistribution, **options) -> Estimate:
    """D(a‖b) by draws of a; inf where b is 0 and a is not."""
    return infinite(a, b) or sampled(a, b, wild=is_wild, missed=missed_by, **options)


def is_wild(a: CountDistribution, b: CountDistribution) -> bool:
    """Whether Σ b²/a is infinite."""
    return math.isinf(affinity(b, a, 2.0).value)


def missed_by(a: CountDistribution, b: CountDistribution) -> float:
    """What `b` has outside of the support of `a`."""
    return _summed(a, b, lambda log_a, log_b, s: np.where(np.isneginf(log_a), np.exp(log_b + s), 0.0), (b,), True).value


def _heavy_rises(p: CountDistribution, q: CountDistribution, alpha: float) -> bool:
    """Whether two power laws give a sum that diverges: of k^(−x − 1) with x <= 0."""
    return max(p.power, q.power) < LIGHT and alpha * p.power + (1 - alpha) * q.power <= 0


def _rises(p: CountDistribution, q: CountDistribution, alpha: float) -> bool:
    """Whether p^α q^(1−α) is no smaller at k + 1 than at k, far out, where its ratio has settled."""
    if max(p.power, q.power) < LIGHT:
        return False
    signs = (1, -1) if math.isinf(max(p.support[0], q.support[0])) else (1,)

    def rise(k: np.ndarray) -> float:
        return float((alpha * np.diff(p.log_pmf(k)) + (1 - alpha) * np.diff(q.log_pmf(k)))[0])

    return any(all(rise(sign * np.array([at, at + 1.0])) >= 0 for at in FAR_OUT) for sign in signs)


def _weighted(log_weight: np.ndarray, value: np.ndarray) -> np.ndarray:
    """e^log_weight · value, 0 where the weight is 0."""
    return np.exp(log_weight) * np.where(np.isneginf(log_weight), 0.0, value)


def _surprisal(log_a: np.ndarray, log_b: np.ndarray, s: np.ndarray | float) -> np.ndarray:
    """−a log b."""
    return -_weighted(log_a + s, np.where(np.isneginf(log_a), 0.0, log_b))


def _positive(log_a: np.ndarray, log_b: np.ndarray, s: np.ndarray | float) -> np.ndarray:
    """a r − a + b with r = log a − log b."""
    ratio = np.where(np.isneginf(log_a), 0.0, log_a - log_b)
    small = (np.abs(ratio) < 0.5) & ~np.isneginf(log_a)
    near, total = np.where(small, ratio, 0.0), np.zeros_like(ratio)
    for k in range(16, 1, -1):  # r − 1 + e⁻ʳ = r²/2 − r³/6 + …
        total = (1 - total) * (near / k)
    first = np.exp(log_a + s)
    return np.where(small, first * total * near, first * ratio - first + np.exp(log_b + s))


def infinite(a: CountDistribution, b: CountDistribution) -> Estimate | None:
    """inf with its reason: by support, or where b falls faster than a power law that a has; None where it is finite."""
    if reason := _beyond(a, b):
        return reason
    if math.isinf(a.support[1]) and a.power <= b.growth:
        words = (
            f"infinite: tails (−log of the second argument grows like k^{b.growth:g} at least, of which the first "
            f"has no expectation: it falls like a power of exponent {a.power + 1:g})"
        )
        return Estimate(math.inf, 0.0, Certainty.EXACT, words)
    return None


def _beyond(a: CountDistribution, b: CountDistribution) -> Estimate | None:
    """inf, where `a` has mass outside the support of `b`, or where it is impossible inside."""
    (low, high), (least, most) = a.support, b.support
    if low < least or high > most:
        where = f"below {least:g}" if low < least else f"above {most:g}"
    else:
        missing = b.holes[a.log_pmf(b.holes) > -np.inf] if b.holes.size else b.holes
        if not missing.size:
            return None
        where = f"at {missing[0]:g}"
    words = f"infinite: support (the second argument is 0 {where}, where the first is not)"
    return Estimate(math.inf, 0.0, Certainty.EXACT, words)


class _Mirrored(CountDistribution):
    """k ↦ −1 − k: what a family over all whole numbers has below 0."""

    def __init__(self, base: CountDistribution) -> None:
        self.base = base

    @property
    def support(self) -> tuple[float, float]:
        return -1 - self.base.support[1], -1 - self.base.support[0]

    @property
    def mean(self) -> float:
        return -1 - self.base.mean

    @property
    def std(self) -> float:
        return self.base.std

    def log_pmf(self, k) -> np.ndarray:
        return self.base.log_pmf(-1 - np.asarray(k, dtype=np.float64))

    def ratio_beyond(self, k: float) -> float:
        return self.base.ratio_beyond(k) if math.isinf(self.base.support[0]) else 0.0


def _summed(
    a: CountDistribution,
    b: CountDistribution,
    term: Term,
    ending: tuple[CountDistribution, ...],
    masses: bool = False,
) -> Estimate:
    """Σ term over all whole numbers; the tails of `ending` say where it may stop; `masses`: no term exceeds theirs."""
    low, high = min(d.support[0] for d in ending), max(d.support[1] for d in ending)
    if math.isfinite(low):
        return _from(low, high, a, b, term, ending, masses)
    upper = _from(0.0, high, a, b, term, ending, masses)
    mirrored = tuple(map(_Mirrored, (a, b, *ending)))
    lower = _from(max(0.0, -1 - high), math.inf, *mirrored[:2], term, mirrored[2:], masses)
    weaker = min(upper.certainty, lower.certainty, key=lambda each: each == Certainty.EXACT)
    return Estimate(upper.value + lower.value, upper.error + lower.error, weaker, f"{upper.method}, and below 0")


def _from(
    low: float,
    high: float,
    a: CountDistribution,
    b: CountDistribution,
    term: Term,
    ending: tuple[CountDistribution, ...],
    masses: bool,
) -> Estimate:
    """The same from a whole number on."""
    heavy_tail = any(d.power < LIGHT and math.isinf(d.support[1]) for d in ending)
    values, errors, start, size = [], [], low, (HEAVY_MASSES if masses else HEAVY) if heavy_tail else BLOCK
    if heavy_tail:
        size = max(size, HEAVY_STDS * max(map(_reach, (a, b))) - low)
    _check_length(max(size if heavy_tail else 0, max(map(_reach, ending)) - low))
    while True:
        stop = min(start + size, high + 1)
        k = np.arange(start, stop, dtype=np.float64)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            log_a, log_b = a.log_pmf(k), b.log_pmf(k)
            terms = term(log_a, log_b, 0.0)
            weight = np.exp(log_a) + np.exp(log_b)
            far = np.abs(k) * np.log1p(np.abs(k))
            sizes = [np.where(np.isfinite(logs), np.abs(logs) + far, 0) for logs in (log_a, log_b)]
            noise = np.abs(terms) + weight * (1 + sizes[0] + sizes[1])
        values.append(math.fsum(terms))
        errors.append(ROUNDED * EPSILON * float(noise.sum()))
        value = math.fsum(values)
        if stop > high:
            rest = 0.0
            break
        if heavy_tail:
            tail = heavy.beyond(a, b, term, stop, kinked=masses)
            method = f"sum over {int(stop - low)} numbers, the rest by Euler and Maclaurin"
            return Estimate(value + tail.value, math.fsum(errors) + tail.error, Certainty.ESTIMATED, method)
        own = sum(np.exp(d.log_pmf(k[-2:])) for d in ending)
        logs = 1 + sum(float(size[-1]) for size in sizes)
        rest = _rest(own if masses else terms, own * logs, stop - 1, ending)
        if rest <= EPSILON * abs(value) / 4 or rest <= math.fsum(errors) / 4:
            break
        start, size = stop, 2 * size
        _check_length(start - low)
    method = f"sum over {int(stop - low)} numbers, the rest bounded"
    return Estimate(value, math.fsum(errors) + rest, Certainty.EXACT, method)


def _check_length(terms: float) -> None:
    """ArithmeticError where a sum takes too many terms."""
    if terms > MOST_TERMS:
        raise ArithmeticError(
            f"the sum does not end within {MOST_TERMS} terms: the counts are too large, or the tails too heavy. Beside "
            "counts so large take Gaussians of their means and stds"
        )


def _reach(d: CountDistribution) -> float:
    """How far out the bulk of a light-tailed one lies; the least number of one with an endless heavy tail."""
    low = d.support[0] if math.isfinite(d.support[0]) else 0.0
    if d.power < LIGHT and math.isinf(d.support[1]):
        return low
    return min(d.support[1], max(low, d.mean + d.std))


def _rest(terms: np.ndarray, own: np.ndarray, last: float, ending: tuple[CountDistribution, ...]) -> float:
    """A bound of the terms beyond the last one: of a geometric series that they are below from there on.

    A last term of 0 says nothing of those that follow: then they are held to `own`, the masses times their logs.
    """
    ratio = max(d.ratio_beyond(last) for d in ending)
    if ratio >= 1:
        return math.inf
    steeper = (1 + ratio) / 2
    if terms[-1] == 0:
        terms = own
    size, before = abs(float(terms[-1])), abs(float(terms[-2])) if terms.size > 1 else math.inf
    return size * steeper / (1 - steeper) if size <= steeper * before else math.inf
