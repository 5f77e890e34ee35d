"""Divergences on [0, 1] between Betas, and between a Beta and a Gaussian mixture on the line, by quadrature.

Everything is a function of the logit t = log θ/(1 − θ), in which log θ and log(1 − θ) keep their digits at both ends,
where a Beta may be infinite, and its tails fall off as e^(−a|t|) and e^(−bt).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from kl_engine.distributions.beta import Beta, log_beta
from kl_engine.distributions.gaussian import Mixture
from kl_engine.divergences import any_line
from kl_engine.divergences.alpha_family.renyi import renyi_by
from kl_engine.divergences.alpha_family.tilting import tilted_mean
from kl_engine.divergences.bounds.envelopes import normal_mass
from kl_engine.divergences.disagreement import THRESHOLD, Disagreement
from kl_engine.divergences.symmetric import middle_divergence
from kl_engine.estimates.certainty import Certainty
from kl_engine.estimates.estimate import Estimate, finite_estimate
from kl_engine.estimates.rounding import EPSILON, GAMMA_ROUNDING, LOG_ROOT_TAU, ROUNDING
from kl_engine.quadrature.crossings import crossing_points, parts_of
from kl_engine.quadrature.expect import AtNodes, Integrand
from kl_engine.quadrature.integrate import integrate
from kl_engine.quadrature.panels import Panels
from kl_engine.quadrature.roots import roots_between
from kl_engine.quadrature.truncation import marks

Side = Beta | Mixture

LEFT_OUT = 46.0  # nats: what lies beyond the ends is e^-46 of the mass
STEPS = (0.0, 0.5, 1.0, 2.0, 3.0, 4.5, 6.0, 9.0)  # panel edges around a bend, in its width; then twice as far each
OUTSIDE = "support: the first has probability outside of [0, 1], where the second has none"
ROOTS = "roots of the log ratio, and probabilities between them"
BETA_ROUNDING = 1e-13  # of an incomplete beta function, absolute
REACH = 12.0


class Logits(NamedTuple):
    """Points of (0, 1) as logits t, with what cancels nowhere: θ, log θ and log(1 − θ)."""

    t: np.ndarray
    theta: np.ndarray
    log_theta: np.ndarray
    log_rest: np.ndarray

    @classmethod
    def at(cls, t: np.ndarray) -> Logits:
        """From the logits."""
        log_theta, log_rest = -np.logaddexp(0, -t), -np.logaddexp(0, t)
        return cls(t, np.exp(log_theta), log_theta, log_rest)


def log_density(side: Side, at: Logits) -> tuple[np.ndarray, np.ndarray]:
    """log p(θ), and the scale of its rounding (it is wrong by 8ε times that)."""
    if isinstance(side, Beta):
        constant, size = log_beta(side.a, side.b)
        first, second = (side.a - 1) * at.log_theta, (side.b - 1) * at.log_rest
        # The place of a node is rounded, and the density there with it.
        placed = np.abs(side.a * np.exp(at.log_rest) - side.b * at.theta) * np.abs(at.t)
        return first + second - constant, np.abs(first) + np.abs(second) + size * GAMMA_ROUNDING / ROUNDING + placed
    theta = at.theta[..., None]
    z = (theta - side.means) / side.stds
    terms = np.log(side.weights) - np.log(side.stds) - LOG_ROOT_TAU - 0.5 * z * z
    top = terms.max(axis=-1)
    shares = np.exp(terms - top[..., None])
    total = shares.sum(axis=-1)
    placed = (shares * np.abs(z) * (theta + np.abs(side.means)) / side.stds).sum(axis=-1) / total
    found = top + np.log(total)
    return found, 4 + np.abs(found) + np.abs(top) + placed + float(np.abs(np.log(side.stds)).max())


def expect(integrand: Integrand, a: Side, b: Side, over: tuple[Side, ...], tail: float | None = None) -> Estimate:
    """E[f(log a, log b)] over (0, 1) under the mean of the densities `over`; see `quadrature.expect`.

    `tail` bounds |f|; without it |f| may grow as 1 + |log a| + |log b|, and with it as four times that.
    """
    edges = sorted({edge for side in (a, b) for edge in _edges(side, _ends(over))})

    def weighted(panels: Panels) -> np.ndarray:
        at = Logits.at(panels.positions())
        (log_a, noise_a), (log_b, noise_b) = log_density(a, at), log_density(b, at)
        found = integrand(log_a, log_b)
        size = np.abs(found.value)
        scale = found.in_log_a * noise_a + found.in_log_b * noise_b + 2 * size + found.cancels
        value, noise = 0.0, 0.0
        for log, slack in ((log_density(side, at)) for side in over):
            weight = np.exp(log + at.log_theta + at.log_rest) / len(over)
            value, noise = value + weight * found.value, noise + weight * (scale + size * (2 + slack))
        return np.stack([value, noise])

    with np.errstate(over="ignore", invalid="ignore"):  # refused below
        value, error, count = integrate(weighted, Panels.through(edges))
        growth = _growth(a, b, over, edges)
        beyond = 2 * math.exp(-LEFT_OUT) * (growth if tail is None else min(tail, 4 * growth))
    method = f"Gauss-Kronrod (15, 31) on {count} panels of the logit"
    return finite_estimate(float(value[0, 0]), float(error[0, 0]) + beyond, Certainty.ESTIMATED, method)


def kl_divergence(a: Beta, b: Side) -> Estimate:
    """D(a‖b) = E_a [log a − log b] for a Beta `a`."""
    return expect(_log_ratio, a, b, (a,))


def cross_entropy(a: Beta, b: Side) -> Estimate:
    """−E_a log b for a Beta `a`."""
    return expect(lambda _, log_b: AtNodes(-log_b, 0.0, 1.0), a, b, (a,))


def jensen_shannon(p: Side, q: Side) -> Estimate:
    """½ D(p‖m) + ½ D(q‖m) with m = ½ (p + q); what lies outside of [0, 1] is of one of them alone."""
    inside = expect(middle_divergence, p, q, (p, q), tail=1.0)
    outside = 0.5 * sum((_outside(side) for side in (p, q)), start=Estimate(0.0, 0.0, Certainty.EXACT, ""))
    return inside + outside * math.log(2)


def total_variation(p: Side, q: Side) -> Estimate:
    """½ ∫ |p − q| = P(p > q) − Q(p > q)."""
    seen, slack = _log_ratios(p, q)
    inside = _mass_where(p, q, p, seen, 0.0) - _mass_where(p, q, q, seen, 0.0)
    # Where the sign of p − q is lost in rounding, |p − q| is no more than that rounding of p.
    error = slack + 2 * BETA_ROUNDING + 8 * math.exp(-LEFT_OUT)
    return Estimate(inside, error, Certainty.ESTIMATED, ROOTS) + _outside(p)


def disagreement(p: Side, q: Side) -> Disagreement:
    """Q{q > e² p} and P{p > e² q}."""
    return Disagreement(_exceeding(q, p), _exceeding(p, q))


def alpha_divergence(p: Side, q: Side, alpha: float) -> Estimate:
    """D_α: outside of [0, 1] one density is 0 and the integrand the other over α or 1−α; inf for α < 0.

    For α > 1 the mixture stands below, and it is an integral as those of any two on the line.
    """
    if alpha < 0:
        return Estimate.infinite(OUTSIDE.replace("first", "one").replace("second", "other"))
    if alpha > 1:
        return any_line.alpha_divergence(p, q, alpha)
    if alpha > 0.5:
        p, q, alpha = q, p, 1 - alpha
    inside = expect(partial(tilted_mean, alpha=alpha), p, q, (p, q), tail=2 / alpha)
    return inside + _outside(p) / (1 - alpha) + _outside(q) / alpha


def renyi_divergence(p: Side, q: Side, alpha: float) -> Estimate:
    """R_α for α >= 0."""
    if alpha > 1:
        return any_line.renyi_divergence(p, q, alpha)
    return renyi_by(partial(alpha_divergence, p, q), partial(log_affinity, p, q), alpha)


def divergence_from_line(a: Mixture, b: Beta) -> Estimate:
    """D(a‖b), and the cross entropy: infinite."""
    return Estimate.infinite(OUTSIDE)


def alpha_from_line(p: Mixture, q: Beta, alpha: float) -> Estimate:
    """D_α from a density of the line to a Beta: infinite from α = 1 on."""
    return Estimate.infinite(OUTSIDE) if alpha >= 1 else alpha_divergence(q, p, 1 - alpha)


def renyi_from_line(p: Mixture, q: Beta, alpha: float) -> Estimate:
    """R_α from a density of the line to a Beta: infinite from α = 1 on; R_α(p‖q) = α/(1−α) R_{1−α}(q‖p) below."""
    if alpha >= 1:
        return Estimate.infinite(OUTSIDE)
    if alpha == 0:
        return Estimate(0.0, 0.0, Certainty.EXACT, "q(p > 0) = 1")
    return alpha / (1 - alpha) * renyi_divergence(q, p, 1 - alpha)


def missed_by(a: Beta, b: Mixture) -> float:
    """What b has outside of [0, 1]."""
    return _outside(b).value


def log_affinity(p: Side, q: Side, alpha: float) -> Estimate:
    """log ∫ p^α q^(1−α) for 0 < α < 1, the integrand over its own highest value.

    Beyond the ends it falls as e^(−rate |t|), for there both densities go like powers of θ or of 1 − θ.
    """
    ends = _ends((p, q))
    edges = _edges(p, ends) + _edges(q, ends)

    def tilted(at: Logits) -> tuple[np.ndarray, np.ndarray]:
        (log_p, noise_p), (log_q, noise_q) = log_density(p, at), log_density(q, at)
        log = alpha * log_p + (1 - alpha) * log_q + at.log_theta + at.log_rest
        return log, alpha * noise_p + (1 - alpha) * noise_q + 4 + np.abs(log)

    panels = Panels.through(edges)
    top = float(tilted(Logits.at(panels.positions()))[0].max())

    def integrand(panels: Panels) -> np.ndarray:
        log, noise = tilted(Logits.at(panels.positions()))
        return np.exp(log - top) * np.stack([np.ones_like(log), noise + abs(top)])

    value, error, count = integrate(integrand, panels)
    last = np.exp(tilted(Logits.at(np.array(ends)))[0] - top)
    rates = [sum(share * _fall(side, i) for share, side in ((alpha, p), (1 - alpha, q))) for i in (0, 1)]
    total, slack = float(value[0, 0]), float(error[0, 0]) + 2 * float((last / rates).sum())
    method = f"Gauss-Kronrod (15, 31) on {count} panels of the logit"
    return Estimate(top + math.log(total), slack / total + 4 * EPSILON * abs(top), Certainty.ESTIMATED, method)


def _fall(side: Side, end: int) -> float:
    """With which rate a density times dθ/dt falls in |t| towards θ = 0 and θ = 1."""
    return (side.a, side.b)[end] if isinstance(side, Beta) else 1.0


def _log_ratio(log_a: np.ndarray, log_b: np.ndarray) -> AtNodes:
    return AtNodes(log_a - log_b, 1.0, 1.0)


def _ends(over: tuple[Side, ...]) -> tuple[float, float]:
    """The logits beyond which each of the densities has less than e^-46 of its mass."""
    low, high = [], []
    for side in over:
        if isinstance(side, Beta):
            constant, _ = log_beta(side.a, side.b)
            low.append(min(0.0, (-LEFT_OUT + math.log(side.a) + constant) / side.a))
            high.append(max(0.0, (LEFT_OUT - math.log(side.b) - constant) / side.b))
        else:
            densest = math.log(math.fsum(side.weights / side.stds)) - LOG_ROOT_TAU
            low.append(min(0.0, -LEFT_OUT - densest))
            high.append(max(0.0, LEFT_OUT + densest))
    return min(low), max(high)


def _edges(side: Side, ends: tuple[float, float]) -> list[float]:
    """Panel edges around every place where its log density bends, and on to the ends."""
    if isinstance(side, Beta):
        # The peak; and where a tail begins: θ = 1/b, 1 − θ = 1/a.
        width = min(1.0, math.sqrt(1 / side.a + 1 / side.b))
        centres = [(math.log(side.a) - math.log(side.b), width), (0.0, 1.0)]
        centres += [(-math.log(side.b), 1.0), (math.log(side.a), 1.0)]
        inner = []
    else:
        places = [m + mark * s for _, _, m, s in parts_of(side) for mark in marks(REACH)]
        inner = [math.log(x) - math.log1p(-x) for x in (*places, *crossing_points(side)) if 0 < x < 1]
        centres = [(0.0, 1.0)]
    found = {*ends, *inner}
    for centre, width in centres:
        steps = list(STEPS)
        while steps[-1] * width < ends[1] - ends[0]:
            steps.append(2 * steps[-1])
        found |= {centre + sign * step * width for step in steps for sign in (-1, 1)}
    return sorted(edge for edge in found if ends[0] <= edge <= ends[1])


def _growth(a: Side, b: Side, over: tuple[Side, ...], edges: list[float]) -> float:
    """A bound of the mean of 1 + |log a| + |log b| beyond the ends, where both are linear in t."""
    at = Logits.at(np.array([edges[0], edges[-1]]))
    level = 1 + max(float(sum(np.abs(log_density(side, at)[0][i]) for side in (a, b))) for i in (0, 1))
    slope = sum(abs(side.a - 1) + abs(side.b - 1) for side in (a, b) if isinstance(side, Beta))
    slowest = min(min(side.a, side.b) if isinstance(side, Beta) else 1.0 for side in over)
    return level + slope / slowest


def _outside(side: Side) -> Estimate:
    """The mass of a side outside of [0, 1]."""
    if isinstance(side, Beta):
        return Estimate(0.0, 0.0, Certainty.EXACT, "")
    parts = zip(side.weights.tolist(), side.means.tolist(), side.stds.tolist())
    value = math.fsum(w * (normal_mass(-math.inf, -m / s) + normal_mass((1 - m) / s, math.inf)) for w, m, s in parts)
    return Estimate(value, 8 * EPSILON * value + 2.0**-1074, Certainty.EXACT, "normal probabilities")


def _exceeding(a: Side, b: Side) -> Estimate:
    """A{a > e² b}."""
    return _mass_above(a, b, a, THRESHOLD) + _outside(a)


def _mass_above(a: Side, b: Side, under: Side, level: float) -> Estimate:
    """The mass of `under` within [0, 1] where log a − log b > level."""
    seen, slack = _log_ratios(a, b)
    least, most = (_mass_where(a, b, under, seen, level + side) for side in (slack, -slack))
    error = 0.5 * abs(most - least) + BETA_ROUNDING + 4 * math.exp(-LEFT_OUT)
    return Estimate(0.5 * (least + most), error, Certainty.ESTIMATED, ROOTS)


def _log_ratios(a: Side, b: Side) -> tuple[tuple[np.ndarray, np.ndarray], float]:
    """log a − log b at logits that resolve it, and its rounding where either has its mass."""
    ends = _ends((a, b))
    t = Panels.through(_edges(a, ends) + _edges(b, ends)).positions().ravel()
    at = Logits.at(t)
    (log_a, noise_a), (log_b, noise_b) = log_density(a, at), log_density(b, at)
    heavy = np.maximum(log_a, log_b) + at.log_theta + at.log_rest
    return (t, log_a - log_b), ROUNDING * float((noise_a + noise_b)[heavy > heavy.max() - LEFT_OUT].max())


def _mass_where(a: Side, b: Side, under: Side, seen: tuple[np.ndarray, np.ndarray], level: float) -> float:
    def lead(t: float) -> float:
        at = Logits.at(np.array(t))
        return float(log_density(a, at)[0] - log_density(b, at)[0]) - level

    t, ratios = seen
    roots = roots_between(lead, t, ratios - level)
    intervals = list(pairwise([-math.inf, *roots, math.inf]))[0 if ratios[0] > level else 1 :: 2]
    mass: Callable[[float, float], float] = partial(_between, under)
    return math.fsum(mass(*interval) for interval in intervals)


def _between(side: Side, low: float, high: float) -> float:
    """The mass between two logits, from the end at which it does not cancel."""
    from scipy.special import betainc, expit

    if isinstance(side, Beta):
        if low > 0:
            return float(betainc(side.b, side.a, expit(-low)) - betainc(side.b, side.a, expit(-high)))
        return float(betainc(side.a, side.b, expit(high)) - betainc(side.a, side.b, expit(low)))
    parts = zip(side.weights.tolist(), side.means.tolist(), side.stds.tolist())
    left, right = float(expit(low)), float(expit(high))
    return math.fsum(w * normal_mass((left - m) / s, (right - m) / s) for w, m, s in parts)
