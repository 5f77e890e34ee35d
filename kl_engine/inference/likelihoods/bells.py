"""Bells: a Gaussian of the prior times a likelihood, with their modes, widths and tails (see `likelihood.Bell`).

Around each mode the edges stand where e has fallen by ½, 2, 4½, … nats, that is at 1, 2, 3, … std of a bell, however
narrow, skewed or flat the mode is.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.polynomial import polynomial

from kl_engine.estimates.checks import SMALLEST
from kl_engine.inference.likelihoods.likelihood import DROPS, FAR

NOTHING = 1e-20  # relative
MOST_STEPS = 80
HALVINGS = 10  # of the interval that holds an edge: edges need no more digits than that
BISECTIONS = 60  # of the interval that holds a mode, at most: from there on Newton's method has its digits


class PolynomialBell:
    """e(u) = −½ u² − ½ r(u)², r a polynomial, and its derivatives; of its modes there may be several."""

    def __init__(self, residual: np.ndarray) -> None:
        self.r = residual if residual.size else np.zeros(1)
        self.r1, self.r2 = polynomial.polyder(self.r), polynomial.polyder(self.r, 2)
        # e <= −½ u²: from there on it is FAR below its value at 0, and so below its top.
        self.reach = float(np.sqrt(2 * (FAR + 0.5 * self.r[0] ** 2)))

    def value(self, u):
        """e."""
        return -0.5 * u * u - 0.5 * polynomial.polyval(u, self.r) ** 2

    def slope(self, u):
        """e′."""
        return -u - polynomial.polyval(u, self.r) * polynomial.polyval(u, self.r1)

    def curve(self, u):
        """e″."""
        r, r1, r2 = (polynomial.polyval(u, part) for part in (self.r, self.r1, self.r2))
        return -1 - r1 * r1 - r * r2

    def width(self, u: float) -> float:
        """How far from u, a mode, e has fallen by ½ on the steeper side."""
        return float(np.abs(self.edges(u, DROPS[:1])).min())

    def modes(self) -> list[float]:
        """Every local maximum: the roots of e′ and of r, where a narrow mode stands, each followed uphill."""
        square = polynomial.polymul(self.r, self.r1)
        uphill = polynomial.polyadd(-square, [0.0, -1.0])
        starts = np.concatenate([_roots(uphill, self.reach), _roots(self.r, self.reach), [0.0]])
        starts = np.unique(starts[np.abs(starts) <= self.reach])
        found = self._climb(starts[np.isfinite(self.value(starts))])
        # A start on a minimum stays there. The highest place is a mode even where rounding bends it upwards.
        peaks = (self.curve(found) <= 0) | (found == found[np.argmax(self.value(found))])
        kept: list[float] = []
        for u in np.sort(found[peaks]).tolist():
            if not kept or abs(u - kept[-1]) > 1e-3 * self.width(u):
                kept.append(u)
        return kept

    def _climb(self, u: np.ndarray) -> np.ndarray:
        """Newton's method uphill from each place, its steps shortened until e rises."""
        value = self.value(u)
        for _ in range(MOST_STEPS):
            slope, curve = self.slope(u), self.curve(u)
            step = slope / np.maximum(np.abs(curve), SMALLEST**0.5)
            step = np.clip(step, -1 - np.abs(u), 1 + np.abs(u))
            trial = u + step
            rise = self.value(trial) - value
            while (low := (rise < 0) & (np.abs(step) > 1e-15 * (1 + np.abs(u)))).any():
                step = np.where(low, 0.25 * step, step)
                trial = u + step
                rise = self.value(trial) - value
            moved = rise > 0
            u, value = np.where(moved, trial, u), np.where(moved, value + rise, value)
            if not (moved & (np.abs(step) > 1e-12 * (1 + np.abs(u)))).any():
                break
        return u

    def edges(self, u: float, drops: np.ndarray = DROPS) -> np.ndarray:
        """Offsets from the mode u, on both sides, at which e has fallen by each of the drops."""
        around = self.r.copy()
        for done in range(around.size - 1):
            for i in range(around.size - 2, done - 1, -1):
                around[i] += u * around[i + 1]
        fall = -0.5 * polynomial.polymul(around, around)
        fall = polynomial.polyadd(fall, [0.0, 0.0, -0.5])
        fall[:2] = 0.0  # the value at u itself, and the slope, which is 0 at a mode
        target = -np.concatenate([drops, drops])
        side = np.repeat([1.0, -1.0], drops.size)
        orders = np.arange(fall.size)[2:, None]
        with np.errstate(divide="ignore"):
            near = ((-target / fall.size) / np.abs(fall[2:, None])) ** (1 / orders)
        low = near.min(axis=0)  # every term, and so their sum, is still above the target there
        high = 2 * low
        while (above := polynomial.polyval(side * high, fall) > target).any():
            low, high = np.where(above, high, low), np.where(above, 2 * high, high)
        for _ in range(HALVINGS):
            middle = 0.5 * (low + high)
            above = polynomial.polyval(side * middle, fall) > target
            low, high = np.where(above, middle, low), np.where(above, high, middle)
        return side * high

    def bends(self) -> np.ndarray:
        """Two places, left and right, outside of which e is concave: beyond the real part of every root of e″."""
        squares = polynomial.polyadd(polynomial.polymul(self.r1, self.r1), polynomial.polymul(self.r, self.r2))
        roots = _roots(polynomial.polyadd(squares, [1.0]), self.reach)
        return np.array([roots.min(), roots.max()]) if roots.size else np.zeros(0)

    def log_tail(self, u: float) -> float:
        """log ∫ exp(e) beyond u: at most exp(e(u))/|e′(u)| where e is concave, and ∫ exp(−½ u²) at the reach."""
        if abs(u) >= self.reach:
            return -0.5 * u * u - np.log(abs(u))
        return float(self.value(u) - np.log(max(abs(self.slope(u)), SMALLEST)))


def _roots(coefficients: np.ndarray, reach: float) -> np.ndarray:
    """The real parts of the roots of a polynomial, the constant first; those beyond the reach are not of interest.

    A leading term that is nothing at the reach is left out: it would only put roots near infinity.
    """
    scaled = coefficients * reach ** np.arange(coefficients.size)
    used = np.flatnonzero(np.abs(scaled) > NOTHING * np.abs(scaled).max())
    return reach * polynomial.polyroots(scaled[: used[-1] + 1]).real if used.size and used[-1] else np.zeros(0)


class ConcaveBell:
    """e(u) = −½ u² + ℓ(u) with a concave ℓ <= 0: one mode, and edges by bisection.

    `value` takes arrays; `slopes` gives ℓ′ and ℓ″ at one place.
    """

    def __init__(self, value: Callable, slopes: Callable[[float], tuple[float, float]]) -> None:
        self.likelihood, self.slopes = value, slopes
        self.top = self._top()
        # e <= −½ u²: from there on it is FAR below its top.
        self.reach = float(np.sqrt(2 * (FAR - min(0.0, float(self.value(self.top))))))

    def value(self, u):
        """e."""
        return -0.5 * u * u + self.likelihood(u)

    def modes(self) -> list[float]:
        """The one."""
        return [self.top]

    def width(self, u: float) -> float:
        """How far from u, the mode, e has fallen by ½ on the steeper side."""
        return float(np.abs(self.edges(u, DROPS[:1])).min())

    def edges(self, u: float, drops: np.ndarray = DROPS) -> np.ndarray:
        """Offsets from the mode u, on both sides, at which e has fallen by each of the drops."""
        target = float(self.value(u)) - np.concatenate([drops, drops])
        side = np.repeat([1.0, -1.0], drops.size)
        low = np.zeros(side.size)
        high = np.sqrt(-2 * (target - float(self.value(u))) / (1 - self.slopes(u)[1]))
        while (above := self.value(u + side * high) > target).any():
            low, high = np.where(above, high, low), np.where(above, 2 * high, high)
        for _ in range(2 * HALVINGS):
            middle = 0.5 * (low + high)
            above = self.value(u + side * middle) > target
            low, high = np.where(above, middle, low), np.where(above, high, middle)
        return side * high

    def bends(self) -> np.ndarray:
        """None: e is concave everywhere."""
        return np.zeros(0)

    def log_tail(self, u: float) -> float:
        """At most exp(e(u))/|e′(u)|, as e is concave."""
        return float(self.value(u) - np.log(max(abs(self.slopes(u)[0] - u), SMALLEST)))

    def _top(self) -> float:
        """The zero of e′, which falls: bracketed, halved, and polished by Newton's method."""
        start = self.slopes(0.0)[0]
        if start == 0:
            return 0.0
        near, far = 0.0, float(np.sign(start))
        while (self.slopes(far)[0] - far) * start > 0:
            near, far = far, 2 * far
        for _ in range(BISECTIONS):
            middle = 0.5 * (near + far)
            if (self.slopes(middle)[0] - middle) * start > 0:
                near = middle
            else:
                far = middle
        top = 0.5 * (near + far)
        slope, curve = self.slopes(top)
        return float(top + (slope - top) / (1 - curve))
