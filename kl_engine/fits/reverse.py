"""D(q‖p) as a function of one Gaussian q, with its exact gradient and Hessian, for many q (and many p) at once.

With f = log p and z = (x − μ)/σ, Bonnet's and Price's theorems give, in the natural scale of q (a step of μ counted in
σ, and λ = log σ):

    D = −½ log 2πe − λ − E f        gradient  (−E σf′,  −1 − E σ²f″)        Hessian  −E σ²f″ [[1, z], [z, z² + 1]]

so two derivatives of log p suffice, and nothing is differenced. At a stationary point the natural gradient
vanishes; its flow is dμ/dt = σ E σf′, dλ/dt = ½ (1 + E σ²f″). Source: G. Bonnet 1964; R. Price 1958; M. Opper,
C. Archambeau, Neural Computation 21 (2009) 786.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from kl_engine.distributions.gaussian import Mixture
from kl_engine.estimates.rounding import ROOT_2, ROOT_TAU
from kl_engine.quadrature.crossings import crossing_points, highest, parts_of
from kl_engine.quadrature.integrate import integrate
from kl_engine.quadrature.panels import RULE, Components, Panels, components, responsibilities
from kl_engine.quadrature.truncation import MARKS

MOST_VALUES = 2_000_000  # in one array at the nodes of a block of rows


class Terms(NamedTuple):
    """The objective at each of R q's."""

    value: np.ndarray  # (R,) D(q‖p) in nats
    gradient: np.ndarray  # (R, 2) in (μ in units of σ, log σ)
    hessian: np.ndarray  # (R, 2, 2) in the same


class ReverseObjective:
    """D(q‖p) over rows of q; the same p for all rows, or one for each."""

    def __init__(self, parts: Components, inner: np.ndarray, level: float) -> None:
        self.parts, self.inner, self.level = parts, inner, level

    @classmethod
    def of(cls, *targets: Mixture) -> ReverseObjective:
        """For one target, or for one a row (then all with the same number of components)."""
        table = np.concatenate([components(p).table for p in targets], axis=2)
        points = [crossing_points(p) for p in targets]
        inner = np.full((max(map(len, points)), len(targets)), np.inf)
        for row, column in enumerate(points):
            inner[: len(column), row] = column
        return cls(Components(table), inner, max(highest(parts_of(p)) for p in targets))

    def chosen(self, rows: np.ndarray) -> ReverseObjective:
        """The objective of some of the rows."""
        if self.inner.shape[1] == 1:
            return self
        return ReverseObjective(Components(self.parts.table[:, :, rows]), self.inner[:, rows], self.level)

    def terms(self, mean: np.ndarray, std: np.ndarray) -> Terms:
        """Value, gradient and Hessian at q = N(mean[i], std[i]²); in blocks of rows, so that memory stays bounded."""
        a_row = (len(MARKS) + len(self.inner)) * RULE.nodes.size * self.parts.table.shape[1]
        block = max(1, MOST_VALUES // a_row)
        if mean.size <= block:
            return self._terms(mean, std)
        rows = [np.arange(i, min(i + block, mean.size)) for i in range(0, mean.size, block)]
        blocks = [self.chosen(some)._terms(mean[some], std[some]) for some in rows]
        return Terms(*(np.concatenate(parts) for parts in zip(*blocks)))

    def _terms(self, mean: np.ndarray, std: np.ndarray) -> Terms:
        q = Components.rows(np.ones((1, mean.size)), mean[None], std[None])

        def integrand(panels: Panels) -> np.ndarray:
            u, log_q = panels.standardised(q)[0][0], panels.log_density(q)
            log_p, slope, curve = self._derivatives(panels, std)
            z = ROOT_2 * u
            # The shares of the components in `curve` are exponentials: as wrong, relatively, as log p is absolutely.
            scale = (2 + self.level + np.abs(log_p)) * (1 + np.abs(curve) * (1 + z * z)) + np.abs(log_q)
            return np.exp(log_q) * np.stack([log_q - log_p, slope, curve, curve * z, curve * z * z, scale])

        value, slope, curve, skew, square = integrate(integrand, self._panels(mean, std), mean.size).value
        hessian = -np.array([[curve, skew], [skew, square + curve]])
        return Terms(value, -np.array([slope, 1 + curve]).T, np.moveaxis(hessian, -1, 0))

    def natural_gradient(self, mean: float, std: float) -> tuple[float, float]:
        """dμ/dt in units of σ, and d log σ/dt, of the natural-gradient flow at one q (one rule, unrefined: fast)."""
        panels = self._panels(np.array([mean]), np.array([std]))
        _, slope, curve = self._derivatives(panels, np.array([std]))
        z = (panels.left - mean + panels.half)[:, None] / std + panels.half[:, None] / std * RULE.nodes
        weight = np.exp(-0.5 * z * z) * RULE.weights[:, 0] * (panels.half[:, None] / (std * ROOT_TAU))
        return float(np.vdot(weight, slope)), 0.5 * (1 + float(np.vdot(weight, curve)))

    def _panels(self, mean: np.ndarray, std: np.ndarray) -> Panels:
        return Panels.of_rows(mean + MARKS * std, self.inner)

    def _derivatives(self, panels: Panels, std: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """log p, σ (log p)′ and σ² (log p)″ at the nodes."""
        u, table = panels.standardised(self.parts)
        log_p, share = responsibilities(table[0][..., None] - u * u)
        sharpness = (std[panels.owner] if std.size > 1 else std) / table[2]  # σ over √2 s_k
        slopes = u * (-2 * sharpness)[..., None]
        slope = (share * slopes).sum(axis=0)
        slopes -= slope
        curve = (share * (slopes * slopes - 2 * (sharpness * sharpness)[..., None])).sum(axis=0)
        return log_p, slope, curve
