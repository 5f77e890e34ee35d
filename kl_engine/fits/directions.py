"""D(p‖q) and D(q‖p) as functions of one Gaussian q, with exact gradients and Hessians, for many q at once.

Forward, with m, v the mean and variance of p, everything is closed:

    D = log σ + ½ log 2π + S/2σ² − H[p],  S = v + (m − μ)²
    gradient  (−(m − μ)/σ, 1 − S/σ²)        Hessian  [[1, 2(m − μ)/σ], [2(m − μ)/σ, 2S/σ²]]

Reverse, with f = log p and z = (x − μ)/σ, Bonnet's and Price's theorems give (a step of μ counted in σ, and λ = log σ):

    D = −½ log 2πe − λ − E f        gradient  (−E σf′,  −1 − E σ²f″)        Hessian  −E σ²f″ [[1, z], [z, z² + 1]]

so two derivatives of log p suffice, and nothing is differenced. At a stationary q the natural gradient vanishes; its
flow is dμ/dt = σ E σf′, dλ/dt = ½ (1 + E σ²f″). Source: G. Bonnet 1964; R. Price 1958; M. Opper, C. Archambeau, Neural
Computation 21 (2009) 786.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np

from kl_engine.distributions.gaussian import Mixture
from kl_engine.divergences.line import entropy
from kl_engine.estimates.rounding import LOG_ROOT_TAU, ROOT_2, ROUNDING
from kl_engine.fits.objective import OnTheLine, Terms
from kl_engine.fits.window import Window, log_derivatives
from kl_engine.quadrature.crossings import crossing_points, highest, parts_of
from kl_engine.quadrature.integrate import integrate
from kl_engine.quadrature.panels import RULE, Components, Panels, components
from kl_engine.quadrature.truncation import MARKS, REACH, log_ratio_tails

SHARED = 16  # q's that lie close together: for fewer a window is not worth its while
MOST_VALUES = 150_000  # in all arrays of a block of rows together: they stay in the processor's cache


class ForwardObjective(OnTheLine):
    """D(p‖q) over rows of q: of p only the mean, the std and the entropy are asked."""

    def __init__(self, p: Mixture, held: bool = False) -> None:
        self.p, self.held = p, held

    @cached_property
    def own(self):
        """H[p], which no q changes."""
        return entropy(self.p)

    def chosen(self, rows: np.ndarray) -> ForwardObjective:
        """The same: all rows have one p."""
        return self

    def terms(self, places: np.ndarray) -> Terms:
        """Value, gradient and Hessian at q = N(mean[i], std[i]²)."""
        crossed, gradient, hessian, rounding = self.crossed(places)
        return self.free(Terms(crossed - self.own.value, gradient, hessian, rounding))

    def crossed(self, places: np.ndarray) -> Terms:
        """The same of H[p, q], which needs no integral."""
        mean, std = places.T
        offset = (self.p.mean - mean) / std
        square = (self.p.std / std) ** 2 + offset**2
        value = LOG_ROOT_TAU + np.log(std) + 0.5 * square
        gradient = np.column_stack([-offset, 1 - square])
        hessian = np.moveaxis(np.array([[np.ones_like(mean), 2 * offset], [2 * offset, 2 * square]]), -1, 0)
        return Terms(value, gradient, hessian, ROUNDING * (1 + square + np.abs(mean / std)))

    def values(self, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """D(p‖q) = H[p, q] − H[p], and its error, for every row: the first closed, the second one integral for all."""
        mean, std = places.T
        spread = (self.p.std / std) ** 2 + ((self.p.mean - mean) / std) ** 2
        log_std = np.log(std)
        crossed = log_std + LOG_ROOT_TAU + 0.5 * spread
        errors = self.own.error + ROUNDING * (2 + abs(self.own.value) + np.abs(log_std) + spread)
        return crossed - self.own.value, errors


class ReverseObjective(OnTheLine):
    """D(q‖p) over rows of q; the same p for all rows, or one for each."""

    def __init__(self, parts: Components, inner: np.ndarray, level: float, held: bool) -> None:
        self.parts, self.inner, self.level, self.held = parts, inner, level, held

    @classmethod
    def of(cls, *targets: Mixture, held: bool = False) -> ReverseObjective:
        """For one target, or for one per row (then all with the same number of components)."""
        table = np.concatenate([components(p).table for p in targets], axis=2)
        points = [crossing_points(p) for p in targets]
        inner = np.full((max(map(len, points)), len(targets)), np.inf)
        for row, column in enumerate(points):
            inner[: len(column), row] = column
        return cls(Components(table), inner, max(highest(parts_of(p)) for p in targets), held)

    def chosen(self, rows: np.ndarray) -> ReverseObjective:
        """The objective of some of the rows."""
        if self.inner.shape[1] == 1:
            return self
        return ReverseObjective(Components(self.parts.table[:, :, rows]), self.inner[:, rows], self.level, self.held)

    def terms(self, places: np.ndarray) -> Terms:
        """Value, gradient and Hessian at q = N(mean[i], std[i]²)."""
        return self.free(Terms(*self._in_blocks(places, ReverseObjective._terms, arrays=20)))

    def values(self, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """D(q‖p), and its error, for every row."""
        found, left = np.empty((2, len(places))), np.arange(len(places))
        while left.size >= SHARED and self.inner.shape[1] == 1:
            window = Window(self.parts, self.inner, *places[left[0]])
            seen = window.sees(*places[left].T)
            if seen.sum() < SHARED:
                break
            found[:, left[seen]] = self._seen(window, places[left[seen]])
            left = left[~seen]
        if left.size:
            found[:, left] = self.chosen(left)._in_blocks(places[left], ReverseObjective._values, arrays=6)
        value, error = found
        heights, means, scales = self.parts.table
        return value, error + log_ratio_tails(places, heights, means, scales / ROOT_2, REACH)

    def _terms(self, places: np.ndarray) -> tuple[np.ndarray, ...]:
        mean, std = places.T
        log_top = -LOG_ROOT_TAU - np.log(std)

        def integrand(panels: Panels) -> np.ndarray:
            own = panels.owner if len(places) > 1 else slice(None)
            width = std[own]
            z = (panels.half / width)[:, None] * RULE.nodes
            z += (((panels.left - mean[own]) + panels.half) / width)[:, None]
            log_p, slope, curve = log_derivatives(panels, self.parts, width)
            found = np.empty((6, *z.shape))
            value, sloped, curved, skewed, squared, scale = found
            square = z * z
            log_q = np.multiply(square, -0.5, out=value)
            log_q += log_top[own][:, None]
            density = np.exp(log_q)
            # The shares of the components in `curve` are exponentials: as wrong, relatively, as log p is absolutely.
            np.abs(curve, out=scale)
            square += 1
            scale *= square
            scale += 1
            scale *= np.abs(log_p) + (2 + self.level)
            scale += np.abs(log_q)
            log_q -= log_p
            # 1 + slope and not slope: the goal of an integral is relative to its value, and that of the slope is 0.
            np.add(slope, 1, out=sloped)
            curved[:] = curve
            np.multiply(curve, z, out=skewed)
            np.multiply(skewed, z, out=squared)
            skewed += 1
            found *= density
            return found

        value, slope, curve, skew, square = integrate(integrand, self._panels(places), len(places)).value
        hessian = np.empty((len(places), 2, 2))
        hessian[:, 0, 0], hessian[:, 1, 1] = -curve, -(square + curve)
        hessian[:, 0, 1] = hessian[:, 1, 0] = 1 - skew
        rounding = ROUNDING * (2 + self.level + np.abs(value)) * (1 + np.abs(hessian).max(axis=(1, 2)))
        return value, -np.array([slope - 1, 1 + curve]).T, hessian, rounding

    def _values(self, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        q = _rows(places)
        level = 2 + self.level + max(0.0, float(q.table[0].max()))

        def integrand(panels: Panels) -> np.ndarray:
            log_q, log_p = panels.log_density(q), panels.log_density(self.parts)
            density, size = np.exp(log_q), np.abs(log_q) + level  # the rounding of a log density, relative to ε
            return np.stack([density * (log_q - log_p), density * size * (size + np.abs(log_p))])

        value, error, _ = integrate(integrand, self._panels(places), len(places))
        return value[0], error[0]

    def _seen(self, window: Window, places: np.ndarray) -> np.ndarray:
        """The same for q's that one window sees: −½ log 2πe − log σ − E log p."""
        mean, std = places.T
        blocks = np.array_split(np.arange(mean.size), 1 + 3 * window.nodes.size * mean.size // MOST_VALUES)
        log_p, gap, size = np.concatenate([window.expected(mean[some], std[some]) for some in blocks], axis=1)
        log_std = np.log(std)
        own = 2 + self.level + np.abs(log_std) + LOG_ROOT_TAU + np.maximum(0, -log_std)  # of log q, relative to ε
        return np.array([-0.5 - LOG_ROOT_TAU - log_std - log_p, gap + 2 * ROUNDING * own * (own + size)])

    def velocity(self, mean: float, std: float) -> tuple[float, float]:
        """dμ/dt counted in σ and d log σ/dt of the natural-gradient flow at one place (one rule, unrefined: fast)."""
        if self._window is None or not self._window.sees(mean, std):
            self._window = Window(self.parts, self.inner, mean, std)
        across, growth = self._window.velocity(mean, std)
        return across, 0.0 if self.held else growth

    _window: Window | None = None

    def _in_blocks(self, places: np.ndarray, of_some: Callable, arrays: int) -> tuple[np.ndarray, ...]:
        """What `of_some` finds for all rows, in blocks whose so many arrays stay in the processor's cache."""
        a_row = arrays * (len(MARKS) + len(self.inner)) * RULE.nodes.size * self.parts.table.shape[1]
        block = max(1, MOST_VALUES // a_row)
        if len(places) <= block:
            return of_some(self, places)
        rows = [np.arange(i, min(i + block, len(places))) for i in range(0, len(places), block)]
        blocks = [of_some(self.chosen(some), places[some]) for some in rows]
        return tuple(np.concatenate(parts) for parts in zip(*blocks))

    def _panels(self, places: np.ndarray) -> Panels:
        mean, std = places.T
        return Panels.of_rows(mean + MARKS * std, self.inner)


def _rows(places: np.ndarray) -> Components:
    """The q's as one component a row."""
    mean, std = places.T
    return Components.rows(np.ones((1, mean.size)), mean[None], std[None])
