"""The two failures of an approximation as probabilities: what q invents, and what q misses."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from kl_engine.distributions.gaussian import Mixture, mixture
from kl_engine.divergences.bounds.envelopes import normal_mass
from kl_engine.estimates.certainty import Certainty
from kl_engine.estimates.estimate import Estimate
from kl_engine.estimates.rounding import ROUNDING
from kl_engine.quadrature.crossings import Part, crossing_points, highest, log_density, parts_of
from kl_engine.quadrature.panels import Panels, components
from kl_engine.quadrature.truncation import REACH, mass_beyond, support_points

METHOD = "roots of the log ratio, and normal probabilities between them"
THRESHOLD = 2.0  # nats: one density is more than e² = 7.4 times the other
RELEVANT = 100.0  # a root where a log density is further below its height than this bounds no mass


class Disagreement(NamedTuple):
    """Two probabilities, each an Estimate."""

    hallucinated: Estimate
    missed: Estimate


def disagreement(p: Mixture, q: Mixture) -> Disagreement:
    """hallucinated = Q{x : q(x) > e² p(x)}, mass that q invents; missed = P{x : p(x) > e² q(x)}, mass that q ignores.

    Each is the probability of the set where a log ratio exceeds 2 nats: its ends are the roots of the log ratio less 2,
    its mass a sum of normal distribution functions. The error is what the mass would change if the log ratio were wrong
    by its rounding. Raises ValueError when an argument is no Gaussian and no mixture of them.
    """
    p, q = mixture("p", p), mixture("q", q)
    return Disagreement(*(_total(_masses_where_above(*pair)) for pair in ((q, p), (p, q))))


def missed_by_component(p: Mixture, q: Mixture) -> tuple[Estimate, ...]:
    """The missed mass, P{x : p(x) > e² q(x)}, split over the components of p: wₖ Pₖ{…}, one Estimate each.

    It tells a fit that is locked on one component (all of the others is missed) from one that stands between them.
    """
    return tuple(_masses_where_above(mixture("p", p), mixture("q", q)))


def _total(masses: list[Estimate]) -> Estimate:
    """The sum of the masses of all components."""
    value, error = (math.fsum(getattr(mass, name) for mass in masses) for name in ("value", "error"))
    return Estimate(value, error, Certainty.ESTIMATED, masses[0].method)


def _masses_where_above(a: Mixture, b: Mixture) -> list[Estimate]:
    """A{x : log a(x) − log b(x) > 2}, what each component of `a` adds to it."""
    first, second = parts_of(a), parts_of(b)
    # The supports of both: where a component of b is narrow, its log ratio changes sign twice within a step of a's.
    inner = support_points(second, REACH), crossing_points(a), crossing_points(b)
    panels = Panels.through(support_points(first, REACH), *inner)
    x = panels.positions().ravel()
    log_a, log_b = panels.log_densities(components(a).beside(components(b)))
    ratios = (log_a - log_b).ravel()
    slack = ROUNDING * (RELEVANT + highest(first) + highest(second))

    def masses(threshold: float) -> list[float]:
        def above(point: float) -> float:
            return log_density(first, point) - log_density(second, point) - threshold

        ends = roots_between(above, x, ratios - threshold)
        return _masses_between(first, [x[0], *ends, x[-1]], starts_inside=ratios[0] > threshold)

    beyond = (mass_beyond(REACH) + ROUNDING) / len(first)
    both = zip(masses(THRESHOLD + slack), masses(THRESHOLD - slack))
    return [
        Estimate(0.5 * (least + most), 0.5 * abs(most - least) + beyond, Certainty.ESTIMATED, METHOD)
        for least, most in both
    ]


def roots_between(f: Callable[[float], float], x: np.ndarray, values: np.ndarray) -> list[float]:
    """Every root of f, ascending, from its values at the ascending points x, which resolve it."""
    turns = _hidden_turns(f, x, values)
    points = np.append(x, [point for point, _ in turns])
    above = np.append(values, [value for _, value in turns]) > 0
    order = np.argsort(points, kind="stable")
    points, above = points[order], above[order]
    brackets = np.flatnonzero(above[1:] != above[:-1])
    return [_root_between(f, points[i], points[i + 1]) for i in brackets]


def _root_between(f: Callable[[float], float], left: float, right: float) -> float:
    """The root in the bracket; the nearer end where f, computed in plain floats, has one sign there by its rounding."""
    from scipy.optimize import brentq

    u, v = f(left), f(right)
    if (u > 0) == (v > 0):
        return left if abs(u) < abs(v) else right
    return brentq(f, left, right, xtol=1e-300, rtol=1e-15)


def _hidden_turns(f: Callable[[float], float], x: np.ndarray, values: np.ndarray) -> list[tuple[float, float]]:
    """Where f turns beyond 0 between points at which it has one sign: two roots that no change of sign betrays.

    Looked for between the neighbours of a point that is the nearest to 0 of three, and near enough to 0 for a parabola
    through the three to reach it.
    """
    size = np.abs(values)
    left, middle, right = size[:-2], size[1:-1], size[2:]
    one_sign = (np.sign(values[:-2]) == np.sign(values[1:-1])) & (np.sign(values[1:-1]) == np.sign(values[2:]))
    near = one_sign & (middle <= np.minimum(left, right)) & (2 * middle <= np.maximum(left, right))
    turns = []
    for i in np.flatnonzero(near) + 1:
        point = _turn(f, x[i - 1], x[i + 1], float(np.sign(values[i])))
        value = f(point)
        if value * values[i] < 0:
            turns.append((point, value))
    return turns


def _turn(f: Callable[[float], float], low: float, high: float, sign: float) -> float:
    """Where sign · f is least between two points."""
    from scipy.optimize import minimize_scalar

    return float(minimize_scalar(lambda point: sign * f(point), bounds=(low, high), method="bounded").x)


def _masses_between(parts: Sequence[Part], ends: Sequence[float], starts_inside: bool) -> list[float]:
    """What each part has in every second interval between consecutive `ends`, from the first on or from the second."""
    chosen = list(pairwise(ends))[0 if starts_inside else 1 :: 2]
    return [
        part.weight * math.fsum(normal_mass(*((end - part.mean) / part.std for end in interval)) for interval in chosen)
        for part in parts
    ]
