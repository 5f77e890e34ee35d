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

from functools import cached_property

import numpy as np

from kl_engine.distributions.gaussian import Mixture
from kl_engine.divergences.line import entropy
from kl_engine.estimates.rounding import LOG_ROOT_TAU, ROOT_2, ROOT_TAU, ROUNDING
from kl_engine.fits.objective import OnTheLine, Terms
from kl_engine.quadrature.crossings import crossing_points, highest, parts_of
from kl_engine.quadrature.integrate import integrate
from kl_engine.quadrature.panels import RULE, Components, Panels, components, responsibilities
from kl_engine.quadrature.truncation import MARKS, REACH, log_ratio_tails

MOST_VALUES = 2_000_000  # in one array at the nodes of a block of rows


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
        """For one target, or for one a row (then all with the same number of components)."""
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
        return self.free(Terms(*_in_blocks(self, places, ReverseObjective._terms)))

    def values(self, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """D(q‖p), and its error, for every row."""
        return _in_blocks(self, places, ReverseObjective._values)

    def _terms(self, places: np.ndarray) -> tuple[np.ndarray, ...]:
        q, std = _rows(places), places[:, 1]

        def integrand(panels: Panels) -> np.ndarray:
            u, log_q = panels.standardised(q)[0][0], panels.log_density(q)
            log_p, slope, curve = self._derivatives(panels, std)
            z = ROOT_2 * u
            # The shares of the components in `curve` are exponentials: as wrong, relatively, as log p is absolutely.
            scale = (2 + self.level + np.abs(log_p)) * (1 + np.abs(curve) * (1 + z * z)) + np.abs(log_q)
            return np.exp(log_q) * np.stack([log_q - log_p, slope, curve, curve * z, curve * z * z, scale])

        value, slope, curve, skew, square = integrate(integrand, self._panels(places), len(places)).value
        hessian = -np.moveaxis(np.array([[curve, skew], [skew, square + curve]]), -1, 0)
        rounding = ROUNDING * (2 + self.level + np.abs(value)) * (1 + np.abs(hessian).max(axis=(1, 2)))
        return value, -np.array([slope, 1 + curve]).T, hessian, rounding

    def _values(self, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        q = _rows(places)
        level = 2 + self.level + max(0.0, float(q.table[0].max()))

        def integrand(panels: Panels) -> np.ndarray:
            log_q, log_p = panels.log_density(q), panels.log_density(self.parts)
            density, size = np.exp(log_q), np.abs(log_q) + level  # the rounding of a log density, relative to ε
            return np.stack([density * (log_q - log_p), density * size * (size + np.abs(log_p))])

        value, error, _ = integrate(integrand, self._panels(places), len(places))
        heights, means, scales = self.parts.table
        tails = log_ratio_tails(places, heights, means, scales / ROOT_2, REACH)
        return value[0], error[0] + tails

    def velocity(self, place: np.ndarray) -> np.ndarray:
        """dμ/dt counted in σ and d log σ/dt of the natural-gradient flow at one place (one rule, unrefined: fast)."""
        if self._window is None or not self._window.sees(*place):
            self._window = _Window(self.parts, self.inner, *place)
        across, growth = self._window.velocity(*place)
        return np.array([across] if self.held else [across, growth])

    _window: _Window | None = None

    def _panels(self, places: np.ndarray) -> Panels:
        mean, std = places.T
        return Panels.of_rows(mean + MARKS * std, self.inner)

    def _derivatives(self, panels: Panels, std: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """log p, σ (log p)′ and σ² (log p)″ at the nodes."""
        return log_derivatives(panels, self.parts, std[panels.owner] if std.size > 1 else std)


class _Window:
    """(log p)′ and (log p)″ at the nodes of panels around one q: what a flow reads while it moves by less than q's std.

    It asks for the expectations under a hundred q's that lie close together, one after the other.
    """

    REACH = 12.0  # std of the q that it was made for, on either side
    PANEL = 4.0  # the same: the longest panel
    NARROWEST = 0.6  # of that std: a narrower q would fall between the nodes

    def __init__(self, parts: Components, inner: np.ndarray, mean: float, std: float) -> None:
        self.mean, self.std = mean, std
        marks = np.linspace(-self.REACH, self.REACH, 1 + round(2 * self.REACH / self.PANEL))
        panels = Panels.of_rows((mean + marks * std)[:, None], inner)
        _, self.slope, self.curve = log_derivatives(panels, parts, np.array([std]))
        offsets = (panels.left - mean + panels.half)[:, None] + panels.half[:, None] * RULE.nodes
        self.offsets = offsets / std
        self.weights = RULE.weights[:, 0] * (panels.half[:, None] / (std * ROOT_TAU))

    def sees(self, mean: float, std: float) -> bool:
        """Whether the expectations under this q may be read from it."""
        return std / self.std > self.NARROWEST and abs(mean - self.mean) + REACH * std < self.REACH * self.std

    def velocity(self, mean: float, std: float) -> tuple[float, float]:
        """E σf′, and ½ (1 + E σ²f″)."""
        ratio = std / self.std
        z = (self.offsets - (mean - self.mean) / self.std) / ratio
        weight = np.exp(-0.5 * z * z) * self.weights
        return float(np.vdot(weight, self.slope)), 0.5 * (1 + ratio * float(np.vdot(weight, self.curve)))


def log_derivatives(panels: Panels, parts: Components, std: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """log p, std (log p)′ and std² (log p)″ at the nodes; `std` is a number for each panel, or one for all."""
    u, table = panels.standardised(parts)
    log_p, share = responsibilities(table[0][..., None] - u * u)
    sharpness = std / table[2]  # σ over √2 s_k
    slopes = u * (-2 * sharpness)[..., None]
    slope = (share * slopes).sum(axis=0)
    slopes -= slope
    curve = (share * (slopes * slopes - 2 * (sharpness * sharpness)[..., None])).sum(axis=0)
    return log_p, slope, curve


def _rows(places: np.ndarray) -> Components:
    """The q's as one component a row."""
    mean, std = places.T
    return Components.rows(np.ones((1, mean.size)), mean[None], std[None])


def _in_blocks(objective: ReverseObjective, places: np.ndarray, of_some) -> tuple[np.ndarray, ...]:
    """What `of_some` finds for all rows, in blocks of rows, so that memory stays bounded."""
    a_row = (len(MARKS) + len(objective.inner)) * RULE.nodes.size * objective.parts.table.shape[1]
    block = max(1, MOST_VALUES // a_row)
    if len(places) <= block:
        return of_some(objective, places)
    rows = [np.arange(i, min(i + block, len(places))) for i in range(0, len(places), block)]
    blocks = [of_some(objective.chosen(some), places[some]) for some in rows]
    return tuple(np.concatenate(parts) for parts in zip(*blocks))
