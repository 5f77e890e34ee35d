"""Expectation maximisation of a Gaussian mixture over weighted points: data, or the nodes of a quadrature rule.

Over the nodes of a rule for p it is EM on the population: it lowers D(p‖q) in every step. Source: A. P. Dempster,
N. M. Laird, D. B. Rubin, J. Roy. Stat. Soc. B 39 (1977) 1.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol

import numpy as np

from kl_engine.distributions.gaussian import GaussianMixture
from kl_engine.estimates.checks import SMALLEST, positive_vector, refuse, vector
from kl_engine.estimates.rounding import LOG_ROOT_TAU
from kl_engine.quadrature.panels import Components, Panels, responsibilities


class Weighted(Protocol):
    """Points with masses (n,) of sum 1."""

    masses: np.ndarray

    def standardised(self, q: GaussianMixture) -> np.ndarray:
        """(x − mean)/std for each component of `q`: (K, n)."""


class Points:
    """Points given as numbers: data. Masses are divided by their sum; ValueError for bad ones."""

    def __init__(self, x: object, masses: object = None) -> None:
        self.x = vector("x", x)
        given = np.ones(self.x.size) if masses is None else positive_vector("masses", masses)
        if given.size != self.x.size:
            raise refuse("masses", f"{self.x.size} numbers, one for each of the points", masses)
        self.masses = given / given.sum()

    def standardised(self, q: GaussianMixture) -> np.ndarray:
        """(x − mean)/std for each component of `q`: (K, n)."""
        return (self.x - q.means[:, None]) / q.stds[:, None]


class Nodes:
    """The nodes of panels, with masses ∝ a density there times the rule's weights."""

    def __init__(self, panels: Panels, masses: np.ndarray) -> None:
        self.panels, self.masses = panels, masses

    def standardised(self, q: GaussianMixture) -> np.ndarray:
        """(x − mean)/std for each component of `q`, without cancellation: (K, n)."""
        rows = Components.rows(np.ones((q.weights.size, 1)), q.means[:, None], q.stds[:, None])
        u = self.panels.standardised(rows)[0]
        return np.sqrt(2) * u.reshape(q.weights.size, -1)


class Ascent(NamedTuple):
    """Where EM ended, all q on the way (the start first), the mean log likelihood of each, and why it stopped."""

    history: list[GaussianMixture]
    log_likelihood: np.ndarray
    settled: bool
    message: str


def log_joint(q: GaussianMixture, z: np.ndarray) -> np.ndarray:
    """log w_k N(x; m_k, s_k²) from the standardised points: (K, n)."""
    return (np.log(q.weights) - np.log(q.stds) - LOG_ROOT_TAU)[:, None] - 0.5 * z * z


def em_step(points: Weighted, q: GaussianMixture) -> tuple[GaussianMixture | None, float, str]:
    """One step: responsibilities, then the weighted moments that they give. Also the mean log likelihood of `q`.

    The new mixture is None, and the text says why, where a component loses all weight or narrows to a single point.
    """
    z = points.standardised(q)
    log_q, share = responsibilities(log_joint(q, z))
    value = float(points.masses @ log_q)
    share *= points.masses
    mass = share.sum(axis=1)
    if (mass < SMALLEST).any():
        return None, value, f"component {int(mass.argmin()) + 1} has lost all its weight"
    shift = (share * z).sum(axis=1) / mass
    width = np.sqrt((share * (z - shift[:, None]) ** 2).sum(axis=1) / mass)
    means, stds = q.means + q.stds * shift, q.stds * width
    narrow = stds <= np.spacing(np.maximum(np.abs(means), SMALLEST))
    if narrow.any():
        at = int(narrow.argmax())
        return None, value, f"component {at + 1} narrows to the point {means[at]:g}: the likelihood has no bound there"
    return GaussianMixture(mass / mass.sum(), means, stds), value, ""


def expectation_maximisation(
    points_for: Callable[[GaussianMixture], Weighted], start: GaussianMixture, most: int, tolerance: float
) -> Ascent:
    """EM from `start`, until no mean moves by more than `tolerance` of its std, and no std or weight by that factor.

    `points_for(q)` gives the points: always the same for data; for a population a rule that resolves q as well. It
    stops unsettled after `most` steps, or where a component degenerates; the message says which.
    """
    history, values = [start], []
    for _ in range(most):
        q = history[-1]
        after, value, fault = em_step(points_for(q), q)
        values.append(value)
        if after is None:
            return Ascent(history, np.array(values), False, fault)
        history.append(after)
        if _change(q, after) < tolerance:
            break
    settled = len(history) > 1 and _change(*history[-2:]) < tolerance
    values.append(em_step(points_for(history[-1]), history[-1])[1])
    steps = f"{len(history) - 1} steps of EM"
    message = f"settled after {steps}" if settled else f"still moving after {steps}"
    return Ascent(history, np.array(values), settled, message)


def _change(before: GaussianMixture, after: GaussianMixture) -> float:
    """The largest change of a mean in its std, of a log std, of a log weight."""
    moved = np.abs(after.means - before.means) / before.stds
    ratios = np.abs(np.log([after.stds / before.stds, after.weights / before.weights]))
    return float(max(moved.max(), ratios.max()))
