"""The two failures of an approximation as probabilities: what q invents, and what q misses."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

from kl_engine.crossings import Part, crossing_points, highest, log_density, parts_of
from kl_engine.distributions import Mixture, mixture
from kl_engine.estimates import Estimate
from kl_engine.panels import RULE, Panels, components
from kl_engine.quadrature import ROUNDING
from kl_engine.tails import REACH, mass_beyond, support_points

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
    return Disagreement(_mass_where_above(q, p), _mass_where_above(p, q))


def _mass_where_above(a: Mixture, b: Mixture) -> Estimate:
    """A{x : log a(x) − log b(x) > 2}."""
    first, second = parts_of(a), parts_of(b)
    panels = Panels.through(support_points(first, REACH), crossing_points(a), crossing_points(b))
    x = ((panels.left + panels.half)[:, None] + panels.half[:, None] * RULE.nodes).ravel().tolist()
    log_a, log_b = panels.log_densities(components(a), components(b))
    ratios = (log_a - log_b).ravel().tolist()
    slack = ROUNDING * (RELEVANT + highest(first) + highest(second))

    def mass(threshold: float) -> float:
        def above(point: float) -> float:
            return log_density(first, point) - log_density(second, point) - threshold

        ends = _roots(above, x, [ratio - threshold for ratio in ratios])
        return _mass_between(first, [x[0], *ends, x[-1]], starts_inside=ratios[0] > threshold)

    least, most = mass(THRESHOLD + slack), mass(THRESHOLD - slack)
    error = 0.5 * abs(most - least) + mass_beyond(REACH) + ROUNDING
    return Estimate(0.5 * (least + most), error, "roots of the log ratio, and normal probabilities between them")


def _roots(f: Callable[[float], float], x: Sequence[float], values: Sequence[float]) -> list[float]:
    """Every root of f, ascending, from its values at the ascending points x, which resolve it."""
    from scipy.optimize import brentq

    points = list(zip(x, values))
    turns = [turn for three in zip(points, points[1:], points[2:]) if (turn := _hidden_turn(f, *three))]
    points = sorted(points + turns)
    brackets = [(left, right) for (left, u), (right, v) in pairwise(points) if (u > 0) != (v > 0)]
    return [brentq(f, left, right, xtol=1e-300, rtol=1e-15) for left, right in brackets]


def _hidden_turn(f: Callable[[float], float], before: tuple, here: tuple, after: tuple) -> tuple[float, float] | None:
    """Where f turns beyond 0 between two of its points, where all three values have one sign, the middle the least.

    Two roots lie there that no change of sign between the points betrays.
    """
    from scipy.optimize import minimize_scalar

    sign = math.copysign(1.0, here[1])
    low, middle, high = (sign * point[1] for point in (before, here, after))
    if not (0 < middle <= min(low, high) and middle <= max(low, high) - middle):
        return None
    turn = minimize_scalar(lambda point: sign * f(point), bounds=(before[0], after[0]), method="bounded").x
    value = f(turn)
    return (turn, value) if sign * value < 0 else None


def _mass_between(parts: Sequence[Part], ends: Sequence[float], starts_inside: bool) -> float:
    """The probability of every second interval between consecutive `ends`, from the first on or from the second on."""
    chosen = list(pairwise(ends))[0 if starts_inside else 1 :: 2]
    return math.fsum(part.weight * _normal_between(part, *interval) for part in parts for interval in chosen)


def _normal_between(part: Part, low: float, high: float) -> float:
    """Φ(v) − Φ(u) with u, v the standardised ends, taken in the tail in which it does not cancel."""
    u, v = (((end - part.mean) / part.std) / math.sqrt(2) for end in (low, high))
    if u > 0:
        return 0.5 * (math.erfc(u) - math.erfc(v))
    return 0.5 * (math.erfc(-v) - math.erfc(-u)) if v < 0 else 0.5 * (math.erf(v) - math.erf(u))
