"""Where a log ratio of two mixtures crosses a level: all the places, from its values at points that resolve it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from kl_engine.distributions.gaussian import Mixture
from kl_engine.estimates.rounding import ROUNDING
from kl_engine.quadrature.crossings import crossing_points, highest, log_density, parts_of
from kl_engine.quadrature.panels import Panels, components
from kl_engine.quadrature.truncation import REACH, support_points

RELEVANT = 100.0  # a root where a log density is further below its height than this bounds no mass


class LogRatio:
    """log a − log b over the components of both, and where it is above a level."""

    def __init__(self, a: Mixture, b: Mixture) -> None:
        self._first, self._second = parts_of(a), parts_of(b)
        # The supports of both: where a component of b is narrow, the ratio changes sign twice within a step of a's.
        support = support_points(self._first + self._second, REACH)
        panels = Panels.through(support, crossing_points(a), crossing_points(b))
        self._x = panels.positions().ravel()
        log_a, log_b = panels.log_densities(components(a).beside(components(b)))
        self._values = (log_a - log_b).ravel()
        self.slack = ROUNDING * (
            RELEVANT + highest(self._first) + highest(self._second)
        )  # its rounding where it matters

    def __call__(self, x: float) -> float:
        """The log ratio at one point, in plain floats."""
        return log_density(self._first, x) - log_density(self._second, x)

    def roots(self, level: float = 0.0) -> list[float]:
        """Where it is `level`, ascending."""
        return roots_between(lambda x: self(x) - level, self._x, self._values - level)

    def above(self, level: float) -> list[tuple[float, float]]:
        """The intervals on which it is above `level`."""
        ends = [float(self._x[0]), *self.roots(level), float(self._x[-1])]
        return list(pairwise(ends))[0 if self._values[0] > level else 1 :: 2]


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
