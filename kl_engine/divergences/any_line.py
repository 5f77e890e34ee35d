"""The divergences of any two distributions on the line, by quadrature; infinite ones with the reason.

A divergence is infinite by support, where b is 0 and a is not, or by tails: towards an end at which a falls like
t^(−power − 1) and −log b grows like t^growth, E_a[−log b] is finite iff power > growth. Where an end says nothing of
itself (a `Density`), the integral of a (log a − log b) itself decides, and does not settle where it is infinite.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache, partial

import numpy as np

from kl_engine.distributions.gaussian import Gaussian, GaussianMixture
from kl_engine.distributions.line.base import LIGHT, End, LineDistribution, raised
from kl_engine.distributions.line.density import Density
from kl_engine.divergences.alpha_family.renyi import log_of, renyi_by
from kl_engine.divergences.alpha_family.tilting import positive_term
from kl_engine.divergences.disagreement import THRESHOLD, Disagreement
from kl_engine.divergences.estimators.monte_carlo import monte_carlo_kl as sampled
from kl_engine.estimates.certainty import Certainty
from kl_engine.estimates.checks import refuse
from kl_engine.estimates.estimate import Estimate
from kl_engine.quadrature.general import Integral, Unsettled, integrate
from kl_engine.quadrature.jumps import Cut, crossings
from kl_engine.quadrature.moments import MASS_TOLERANCE, log_mass

SURE = 10.0  # errors of a mass, beyond which it is not 1
WITHIN = End(1.0, 0.0, "not at all")  # a place that is no end
CLOSE_TO_BEND = 1e-6  # widths of b on either side of a bend, where one is looked for, too
BISECTIONS, UNDERFLOWING = 60, -690.0  # the log of a density that is about to be below the least double
HOLES_WITHIN = 8  # widths of a about its middle in which a hole of b is looked for


class _Mixture(LineDistribution):
    """A Gaussian mixture, described as every other distribution on the line."""

    def __init__(self, held: Gaussian | GaussianMixture) -> None:
        self.held = held

    def __repr__(self) -> str:
        return repr(self.held)

    @property
    def ends(self) -> tuple[End, End]:
        end = End(LIGHT, 2.0, "like x²", 0.5 * raised(float(self.held.stds.max()), -2))
        return end, end

    @property
    def bends(self) -> tuple[float, ...]:
        pairs = zip(self.held.means.tolist(), self.held.stds.tolist())
        return tuple(m + k * s for m, s in pairs for k in (-8.0, -4.0, 0.0, 4.0, 8.0))

    @property
    def typical(self) -> tuple[float, float]:
        return float(self.held.mean), float(self.held.std)

    def log_pdf(self, x) -> np.ndarray:
        logs = self.held.log_pdf(x)
        return np.where(np.isnan(logs), -np.inf, logs)  # where the square of x overflows


def described(d: LineDistribution | Gaussian | GaussianMixture) -> LineDistribution:
    """`d` itself, or a Gaussian or a mixture in the same terms; ValueError for a log density that is not normalised."""
    if isinstance(d, Density):
        lost, error = _log_mass(d)
        if abs(lost) > max(MASS_TOLERANCE, SURE * error):
            words = (
                f"a normalised log density: the mass of this one is e^{lost:.6g} (kl.divergences.normalised divides)"
            )
            raise refuse("log_density", words, d)
    return d if isinstance(d, LineDistribution) else _Mixture(d)


@lru_cache(maxsize=64)
def _log_mass(d: Density) -> tuple[float, float]:
    """log of its mass, and the error; 0 where the integral does not settle, so that nothing can be said."""
    try:
        return log_mass(d)
    except ValueError:
        return 0.0, math.inf


def entropy(a) -> Estimate:
    """H[a] = −∫ a log a, in nats."""
    a = described(a)
    return _estimate(lambda: integrate(a, a, _surprisal, a.support), a)


def cross_entropy(a, b) -> Estimate:
    """H[a, b] = −∫ a log b, in nats; inf by support or tails."""
    a, b = described(a), described(b)
    reason = infinite(a, b) or _hole(a, b)
    return reason or _estimate(lambda: integrate(a, b, _surprisal, a.support), a, b)


def kl_divergence(a, b) -> Estimate:
    """D(a‖b) = ∫ a (log a − log b), in nats; inf by support or tails."""
    a, b = described(a), described(b)
    reason = infinite(a, b)
    if reason:
        return reason
    if hole := _hole(a, b):
        return hole
    if a.support == b.support:
        # The same integral, for ∫ a = ∫ b, and never negative: it keeps its digits where a and b nearly agree.
        return _estimate(lambda: integrate(a, b, _positive, a.support), a, b)
    return _estimate(lambda: integrate(a, b, _log_ratio, a.support), a, b)


def alpha_divergence(p, q, alpha: float) -> Estimate:
    """D_α = (1 − ∫ p^α q^(1−α))/(α (1 − α)), in nats, for α other than 0 and 1; inf where that integral is.

    Of α that is no farther than ½ from 0 or from 1 it is the integral of terms that are never negative.
    """
    if alpha > 0.5:  # the mirrored form keeps its digits there; 1 − α loses none
        p, q, alpha = q, p, 1 - alpha
    p, q, scale = described(p), described(q), 1 / (alpha * (1 - alpha))
    over = _both(p, q)
    if alpha >= -0.5 and over[0] < over[1]:
        integrand = partial(_tilted, alpha=alpha)
        return infinite_affinity(p, q, alpha) or _estimate(lambda: _over_both(p, q, integrand), p, q)
    found = affinity(p, q, alpha)
    if math.isinf(found.value):
        return found
    method = f"{found.method}, of p^α q^(1−α)"
    return Estimate((1 - found.value) * scale, (found.error + 2e-16) * abs(scale), found.certainty, method)


def renyi_divergence(p, q, alpha: float) -> Estimate:
    """R_α = log ∫ p^α q^(1−α)/(α − 1), in nats, for α >= 0 but 1; inf where that integral is, or where it is 0."""

    def log_affinity(alpha: float) -> Estimate:
        return log_of(affinity(p, q, alpha))

    return renyi_by(partial(alpha_divergence, p, q), log_affinity, alpha)


def affinity(p, q, alpha: float) -> Estimate:
    """∫ p^α q^(1−α) over where both are positive; inf with its reason, by support or tails."""
    p, q = described(p), described(q)
    if reason := infinite_affinity(p, q, alpha):
        return reason
    over = _both(p, q)
    if not over[0] < over[1]:
        return Estimate(0.0, 0.0, Certainty.EXACT, "disjoint supports: ∫ p^α q^(1−α) = 0")

    def integrand(log_p: np.ndarray, log_q: np.ndarray, raw_p: np.ndarray, raw_q: np.ndarray):
        logs = alpha * log_p + (1 - alpha) * log_q
        values = np.exp(np.where(np.isnan(logs), -np.inf, logs))
        return values, values * (2 + abs(alpha) * np.abs(_held(raw_p)) + abs(1 - alpha) * np.abs(_held(raw_q)))

    return _estimate(lambda: integrate(p, q, integrand, over), p, q)


def infinite_affinity(p, q, alpha: float) -> Estimate | None:
    """inf with its reason, where ∫ p^α q^(1−α) is infinite by support or tails; None where it is not, or may not be."""
    p, q = (d if isinstance(d, LineDistribution) else _Mixture(d) for d in (p, q))
    if alpha > 1 and (reason := _beyond_support(p, q)):
        return reason
    if alpha < 0 and (reason := _beyond_support(q, p)):
        return reason
    over = _both(p, q)
    if not alpha or not over[0] < over[1]:
        return None
    slower = (_slowest(alpha, *ends) for i in (0, 1) if (ends := _ends_at(over[i], i, p, q)))
    if reason := next(filter(None, slower), None):
        return Estimate(math.inf, 0.0, Certainty.EXACT, f"infinite: tails ({reason})")
    return None


def _both(p: LineDistribution, q: LineDistribution) -> tuple[float, float]:
    """Where both are positive."""
    return max(p.support[0], q.support[0]), min(p.support[1], q.support[1])


def jensen_shannon(a, b) -> Estimate:
    """½ D(a‖m) + ½ D(b‖m) with m = ½ (a + b), in nats; at most log 2."""
    a, b = described(a), described(b)

    def integrand(log_a: np.ndarray, log_b: np.ndarray, raw_a: np.ndarray, raw_b: np.ndarray):
        middle = np.logaddexp(raw_a, raw_b) - math.log(2)
        values = np.exp(log_a) * _held(raw_a - middle) / 2 + np.exp(log_b) * _held(raw_b - middle) / 2
        scale = (np.exp(log_a) + np.exp(log_b)) * (2 + np.abs(_held(raw_a)) * (raw_a > -700) + np.abs(_held(middle)))
        return values, scale

    return _estimate(lambda: _over_both(a, b, integrand), a, b)


def total_variation(a, b) -> Estimate:
    """½ ∫ |a − b|, the largest difference that the two give to one event; from 0 to 1."""
    a, b = described(a), described(b)

    def integrand(log_a: np.ndarray, log_b: np.ndarray, raw_a: np.ndarray, raw_b: np.ndarray):
        first, second = np.exp(log_a), np.exp(log_b)
        return np.abs(first - second) / 2, (first + second) * (2 + np.abs(_held(np.maximum(raw_a, raw_b))))

    a = Cut(a, crossings(a, b, 0.0))
    return _estimate(lambda: _over_both(a, b, integrand), a, b)


def disagreement(p, q) -> Disagreement:
    """Q{q > e² p} and P{p > e² q}, the integrals of a density where it is the larger by so much."""
    return Disagreement(*(_exceeding(described(a), described(b)) for a, b in ((q, p), (p, q))))


def _exceeding(a: LineDistribution, b: LineDistribution) -> Estimate:
    """A{a > e² b}."""

    def integrand(log_a: np.ndarray, log_b: np.ndarray, raw_a: np.ndarray, raw_b: np.ndarray):
        density = np.where(np.isneginf(raw_a), 0.0, np.exp(log_a))
        values = np.where(_held(raw_a) - raw_b > THRESHOLD, density, 0.0)
        return values, density * (2 + np.abs(_held(raw_a)))

    cut = Cut(a, crossings(a, b, THRESHOLD))
    return _estimate(lambda: integrate(cut, b, integrand, a.support), a, b)


def monte_carlo_kl(a, b, **options) -> Estimate:
    """D(a‖b) by draws of a; inf by support or tails."""
    reason = infinite(described(a), described(b))
    return reason or sampled(a, b, wild=is_wild, missed=missed_by, **options)


def is_wild(a, b) -> bool:
    """Whether ∫ b²/a is infinite, or does not settle."""
    try:
        return math.isinf(affinity(b, a, 2.0).value)
    except Unsettled:
        return True


def missed_by(a, b) -> float:
    """What `b` has outside of the support of `a`."""
    a, b = described(a), described(b)
    if b.support[0] >= a.support[0] and b.support[1] <= a.support[1]:
        return 0.0
    over = max(a.support[0], b.support[0]), min(a.support[1], b.support[1])
    inside = integrate(b, b, lambda log, *_: (np.exp(log), np.exp(log)), over).value if over[0] < over[1] else 0.0
    return 1 - inside


def infinite(a: LineDistribution, b: LineDistribution) -> Estimate | None:
    """inf with its reason, where −E_a log b is; None where it is finite, or where an end says nothing of itself."""
    if reason := _beyond_support(a, b):
        return reason
    if a.ends is None or b.ends is None:
        return None
    for i, side in enumerate(("−∞", "∞")):
        own, other, end = a.ends[i], b.ends[i], a.support[i]
        if end != b.support[i]:
            continue
        place = side if math.isinf(end) else f"{end:g}"
        if _outgrown(own, other):
            if own.power == LIGHT:
                falls = f"−log of it grows {own.words} only"
            elif math.isinf(end):
                falls = f"it falls like a power of exponent {own.power + 1:g}"
            else:
                falls = f"it goes like a power of exponent {own.power - 1:g} of the distance"
            words = (
                f"infinite: tails (towards {place} −log of the second argument grows {other.words}, of which the first "
                f"has no expectation: {falls})"
            )
            return Estimate(math.inf, 0.0, Certainty.EXACT, words)
    return None


def _outgrown(own: End, other: End) -> bool:
    """Whether −log of the other grows so fast that a density with the end `own` has no expectation of it."""
    if own.power < LIGHT:
        return own.power <= other.growth
    if other.growth < math.inf or own.growth == math.inf or own.growth > other.inner:
        return False
    return own.growth < other.inner or own.coefficient <= other.coefficient  # e^(rate t) beside e^(−rate t)


def _hole(a: LineDistribution, b: LineDistribution) -> Estimate | None:
    """inf, where a person's own density `b` is 0 on an interval inside its support and `a` is not.

    A zero at one place is none; nor is a density that falls below the least double there: Unsettled says so.
    """
    if not b.underflows:
        return None
    middle, width = a.typical
    x = middle + width * np.linspace(-HOLES_WITHIN, HOLES_WITHIN, 4 * HOLES_WITHIN + 1)
    beside = CLOSE_TO_BEND * b.typical[1] * np.array([-1.0, 1.0])
    x = np.sort(np.concatenate([x, *(bend + beside for bend in b.bends)]))
    gap = CLOSE_TO_BEND * min(width, b.typical[1]) / 2
    empty = np.logical_and.reduce([np.isneginf(b.log_pdf(x + side * gap)) for side in (-1, 0, 1)])
    empty &= a.log_pdf(x) > -np.inf
    inside = (x > b.support[0]) & (x < b.support[1])
    if not (empty & inside).any():
        return None
    at = float(x[empty & inside][0])
    if any(_underflows_towards(b, at, float(other)) for other in _nearest_seen(x, np.isneginf(b.log_pdf(x)), at)):
        raise Unsettled(
            f"at {at:g} the log of the second density is −inf, but only as the density itself is below the least "
            "double there: its D cannot be told from an infinite one. Give the logarithm by a formula of its own, not "
            "as log(pdf(x))"
        )
    words = f"infinite: support (the second argument is 0 at {at:g}, where the first is not)"
    return Estimate(math.inf, 0.0, Certainty.EXACT, words)


def _nearest_seen(x: np.ndarray, empty: np.ndarray, at: float) -> np.ndarray:
    """The places next to one, on either side, at which a density is not 0."""
    seen = x[~empty]
    return np.concatenate([seen[seen < at][-1:], seen[seen > at][:1]])


def _underflows_towards(b: LineDistribution, empty: float, seen: float) -> bool:
    """Whether a log density goes down to that of the least double before it ends, between two places."""
    for _ in range(BISECTIONS):
        middle = seen + (empty - seen) / 2
        if np.isneginf(b.log_pdf(np.array(middle))):
            empty = middle
        else:
            seen = middle
    return float(b.log_pdf(np.array(seen))) < UNDERFLOWING


def _beyond_support(a: LineDistribution, b: LineDistribution) -> Estimate | None:
    """inf, where `a` has mass outside the support of `b`."""
    (low, high), (least, most) = a.support, b.support
    if low < least or high > most:
        where = f"below {least:g}" if low < least else f"above {most:g}"
    else:
        gap = next((gap for gap in b.gaps if _is_positive_within(a, *gap)), None)
        if gap is None:
            return None
        where = f"between {gap[0]:g} and {gap[1]:g}"
    words = f"infinite: support (the second argument is 0 {where}, where the first is not)"
    return Estimate(math.inf, 0.0, Certainty.EXACT, words)


def _is_positive_within(a: LineDistribution, low: float, high: float) -> bool:
    """Whether `a` has mass in an interval."""
    low, high = max(low, a.support[0]), min(high, a.support[1])
    edges = [low, *sorted(x for x in a.breaks if low < x < high), high]
    middles = [x + (y - x) / 2 for x, y in zip(edges, edges[1:]) if x < y]
    return bool(middles) and bool((a.log_pdf(np.array(middles)) > -np.inf).any())


def _ends_at(place: float, side: int, *both: LineDistribution) -> tuple[End, ...] | None:
    """How each behaves towards a place that is the end of one of them at least; None where one says nothing of it."""
    found = []
    for d in both:
        if d.support[side] != place:
            found.append(WITHIN)
        elif d.ends is None:
            return None
        else:
            found.append(d.ends[side])
    return tuple(found)


def _slowest(alpha: float, p: End, q: End) -> str | None:
    """Why ∫ p^α q^(1−α) is infinite at an end; None where it is finite there, or where a term of lower order decides.

    Of two powers: where α power_p + (1 − α) power_q <= 0. Of others: where α (−log p) + (1 − α) (−log q) falls without
    bound, which the faster of the two decides, or of equally fast ones the coefficients.
    """
    if LIGHT not in (p.power, q.power):
        power = alpha * p.power + (1 - alpha) * q.power
        return f"p^α q^(1−α) falls like a power of exponent {power + 1:g} only" if power <= 0 else None
    if p.growth == q.growth == math.inf:
        first, second = (p.inner, p.coefficient), (q.inner, q.coefficient)
        if first == second:
            return None
        rise = alpha if first > second else 1 - alpha
    elif p.growth == q.growth and p.power == q.power:
        rise = alpha * p.coefficient + (1 - alpha) * q.coefficient
    else:
        first_is_faster = (p.power, p.growth) > (q.power, q.growth)
        rise = alpha if first_is_faster else 1 - alpha
    return "p^α q^(1−α) grows without bound" if rise < 0 else None


def _over_both(a: LineDistribution, b: LineDistribution, integrand) -> Integral:
    """Over the union of both supports, cut where one of them ends."""
    edges = sorted({*a.support, *b.support})
    low, high = min(a.support[0], b.support[0]), max(a.support[1], b.support[1])
    found = [integrate(a, b, integrand, over) for over in zip(edges, edges[1:]) if low <= over[0] and over[1] <= high]
    return Integral(*(math.fsum(part) for part in zip(*found)))


def _held(logs: np.ndarray) -> np.ndarray:
    """Logs with 0 for −inf and nan, where they stand beside a density of 0."""
    return np.where(np.isfinite(logs), logs, 0.0)


def _log_ratio(log_a: np.ndarray, log_b: np.ndarray, raw_a: np.ndarray, raw_b: np.ndarray):
    """a (log a − log b)."""
    density = np.exp(log_a)
    ratio = np.where(density > 0, raw_a - raw_b, 0.0)
    own, other = np.abs(_held(raw_a)), np.abs(_held(raw_b))
    return density * ratio, density * (2 + own + other + np.abs(ratio) * (2 + own))


def _positive(log_a: np.ndarray, log_b: np.ndarray, raw_a: np.ndarray, raw_b: np.ndarray):
    """a r − a + b with r = log a − log b."""
    first, second = np.exp(log_a), np.exp(log_b)
    ratio = np.where(first > 0, raw_a - raw_b, 0.0)
    small = (np.abs(ratio) < 0.5) & (first > 0)
    near = np.where(small, ratio, 0.0)
    total = np.zeros_like(near)
    for k in range(16, 1, -1):  # r − 1 + e⁻ʳ = r²/2 − r³/6 + …
        total = (1 - total) * (near / k)
    values = np.where(small, first * total * near, first * ratio - first + second)
    level = 2 + np.abs(_held(raw_b))
    both = level + np.abs(_held(raw_a))
    far = first * (both + np.abs(ratio) * (2 + np.abs(_held(raw_a)))) + second * level
    return values, values + np.where(small, first * np.abs(near) * both, far)


def _tilted(log_p: np.ndarray, log_q: np.ndarray, raw_p: np.ndarray, raw_q: np.ndarray, alpha: float):
    """(α p + (1−α) q − p^α q^(1−α))/(α (1−α)) for α <= ½."""
    term = positive_term(log_p, log_q, raw_p - raw_q, alpha)
    levels = [2 + np.abs(_held(raw)) for raw in (raw_p, raw_q)]
    return term.value, term.summed + (term.in_log_p + term.in_log_q) * (levels[0] + levels[1])


def _surprisal(log_a: np.ndarray, log_b: np.ndarray, raw_a: np.ndarray, raw_b: np.ndarray):
    """−a log b."""
    density = np.exp(log_a)
    logs = np.where(density > 0, raw_b, 0.0)
    return -density * logs, density * (2 + np.abs(logs) * (2 + np.abs(_held(raw_a))))


def _estimate(call: Callable[[], Integral], *of: LineDistribution) -> Estimate:
    """The integral as an Estimate; ArithmeticError in plain words where it does not settle."""
    try:
        value, error, panels = call()
    except Unsettled as unsettled:
        words = (
            "It may be infinite: a Density says how it falls by ends=(kl.distributions.End(…), "
            "kl.distributions.End(…)), or where it ends by low_high=(low, high)"
            if any(d.ends is None for d in of)
            else "It rests on places beyond what doubles hold"
        )
        raise Unsettled(f"the integral does not settle: {unsettled}. {words}") from None
    method = f"Gauss-Kronrod (10, 21) on {int(panels)} panels, ends by the logarithm of the distance"
    return Estimate(value, error, Certainty.ESTIMATED, method)
