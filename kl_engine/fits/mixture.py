"""D(p‖q) and D(q‖p) as functions of a mixture q, with exact gradients and Hessians, by quadrature.

q = Σ wₖ N(μₖ, σₖ²) in the coordinates (log amplitude aₖ, μₖ counted in σₖ, log σₖ), with wₖ = e^aₖ/Σ e^a. With the
responsibilities rₖ, z = (x − μₖ)/σₖ and the score s of log q, whose parts are rₖ (1, z, z² − 1) − (wₖ, 0, 0):

    forward   gradient −E_p s          Hessian −E_p ∂²log q
    reverse   gradient E_q s f         Hessian E_q [(s sᵀ + ∂²log q) f + s sᵀ],   f = log q − log p

Nothing is differenced. One direction changes nothing, all log amplitudes by the same: a step has K − 1 contrasts of
them, an orthonormal basis of what is left.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from kl_engine.distributions.gaussian import GaussianMixture, Mixture
from kl_engine.divergences.line import entropy, kl_divergence
from kl_engine.estimates.checks import SMALLEST
from kl_engine.estimates.estimate import Direction
from kl_engine.estimates.rounding import ROUNDING
from kl_engine.fits.expectation_maximisation import Nodes, log_joint
from kl_engine.fits.objective import Terms
from kl_engine.quadrature.crossings import highest, parts_of
from kl_engine.quadrature.expect import panels_over
from kl_engine.quadrature.panels import RULE, components, responsibilities


class MixtureObjective:
    """One direction of the divergence from a target p, over rows of mixtures q: K weights, K means, K stds."""

    def __init__(self, p: Mixture, direction: Direction, components: int) -> None:
        self.p, self.direction, self.components = p, direction, components
        # Steps (3K − 1,) to changes of (log amplitudes, means in stds, log stds), each (K,).
        self.basis = np.zeros((3 * components, 3 * components - 1))
        self.basis[:components, : components - 1] = _contrasts(components)
        self.basis[components:, components - 1 :] = np.eye(2 * components)

    @property
    def forward(self) -> bool:
        """Whether the expectation is under p."""
        return self.direction is Direction.FORWARD

    @cached_property
    def own(self) -> float:
        """H[p], which no q changes."""
        return entropy(self.p).value

    def chosen(self, rows: np.ndarray) -> MixtureObjective:
        """The same: all rows have one p."""
        return self

    def moved(self, places: np.ndarray, steps: np.ndarray) -> np.ndarray:
        """The mixtures after a step; a weight that vanishes is left at 0, where the objective is infinite."""
        weights, means, stds = places.reshape(-1, 3, self.components).swapaxes(0, 1)
        amplitudes, shifts, growth = (steps @ self.basis.T).reshape(-1, 3, self.components).swapaxes(0, 1)
        weights = weights * np.exp(amplitudes - amplitudes.max(axis=1, keepdims=True))
        weights /= weights.sum(axis=1, keepdims=True)
        return np.column_stack([weights, means + stds * shifts, stds * np.exp(growth)])

    def terms(self, places: np.ndarray) -> Terms:
        """Value, gradient and Hessian at each place."""
        return Terms(*(np.array(part) for part in zip(*map(self._terms, places))))

    def values(self, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The divergence, and its error, for every row."""
        qs = [mixture_at(place) for place in places]
        found = [kl_divergence(*((self.p, q) if self.forward else (q, self.p))) for q in qs]
        return np.array([each.value for each in found]), np.array([each.error for each in found])

    def nodes(self, q: GaussianMixture) -> Nodes:
        """A rule for expectations under p (forward) or q (reverse), on panels that follow both.

        Forward nothing but p itself and log q is integrated, so that the bends of log p need no panels.
        """
        over, other = (self.p, q) if self.forward else (q, self.p)
        panels = panels_over(over, [other], bends=[q] if self.forward else [q, self.p])
        density = np.exp(panels.log_density(components(over)))
        return Nodes(panels, (density * RULE.weights[:, 0] * panels.half[:, None]).ravel())

    def curving(self, nodes: Nodes) -> np.ndarray:
        """The masses that the forward Hessian is summed with."""
        return nodes.masses

    def log_p(self, nodes: Nodes) -> np.ndarray:
        """log p at the nodes."""
        return nodes.panels.log_density(components(self.p)).ravel()

    def _terms(self, place: np.ndarray) -> tuple[float, np.ndarray, np.ndarray, float]:
        count = 3 * self.components
        if (place.reshape(3, -1)[[0, 2]] < SMALLEST).any():
            return np.inf, np.zeros(count - 1), np.eye(count - 1), 0.0
        q = mixture_at(place)
        nodes = self.nodes(q)
        z = nodes.standardised(q)
        log_q, share = responsibilities(log_joint(q, z))
        raw = np.concatenate([share, share * z, share * (z * z - 1)])  # the score of the mixture, not normalised
        score = raw - np.concatenate([q.weights, np.zeros(2 * q.weights.size)])[:, None]
        if self.forward:
            masses = self.curving(nodes)
            hessian = (raw * masses) @ raw.T - _second(masses, z, share)
            hessian += masses.sum() * _spread(q)
            value, gradient = -float(nodes.masses @ log_q) - self.own, -(score @ nodes.masses)
        else:
            ratio = log_q - self.log_p(nodes)
            value = float(nodes.masses @ ratio)
            # A constant drops out, for E_q (s sᵀ + ∂²log q) = 0; of ∂²log q what does not depend on x then does too.
            tilted = nodes.masses * (ratio - value)
            hessian = (score * (tilted + nodes.masses)) @ score.T + _second(tilted, z, share) - (raw * tilted) @ raw.T
            gradient = score @ tilted
        hessian = self.basis.T @ (0.5 * (hessian + hessian.T)) @ self.basis
        rounding = ROUNDING * (2 + highest(parts_of(q)) + abs(value)) * (1 + np.abs(hessian).max())
        return value, self.basis.T @ gradient, hessian, rounding


def place_of(q: Mixture) -> np.ndarray:
    """The place of a mixture."""
    return np.concatenate([q.weights, q.means, q.stds])


def mixture_at(place: np.ndarray) -> GaussianMixture:
    """The mixture of a place."""
    return GaussianMixture(*place.reshape(3, -1))


def _contrasts(size: int) -> np.ndarray:
    """(K, K − 1) an orthonormal basis of what sums to 0 (Helmert's)."""
    table = np.zeros((size, size - 1))
    for k in range(1, size):
        table[:k, k - 1], table[k, k - 1] = 1, -k
    return table / np.linalg.norm(table, axis=0)


def _second(masses: np.ndarray, z: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Σ masses · (second derivative of Σ wₖ Nₖ)/q: each component only with itself, by Hermite polynomials of z."""
    size = len(z)
    weighted = share * masses
    square = z * z
    sums = [
        (weighted * polynomial).sum(axis=1)
        for polynomial in (1.0, z, square - 1, z * (square - 3), square * (square - 4) + 1)
    ]
    table = np.zeros((3, 3, size))
    for (i, j), order in {(0, 0): 0, (0, 1): 1, (0, 2): 2, (1, 1): 2, (1, 2): 3, (2, 2): 4}.items():
        table[i, j] = table[j, i] = sums[order]
    # (3, 3, K) to (3K, 3K), each of the nine blocks diagonal.
    return np.einsum("ijk,kl->ikjl", table, np.eye(size)).reshape(3 * size, 3 * size)


def _spread(q: GaussianMixture) -> np.ndarray:
    """The second derivative of log Σ e^a, in the block of the amplitudes."""
    size = q.weights.size
    table = np.zeros((3 * size, 3 * size))
    table[:size, :size] = np.diag(q.weights) - np.outer(q.weights, q.weights)
    return table
