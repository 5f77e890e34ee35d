"""D(p‖q) and D(q‖p) as functions of a mixture q, with exact gradients and Hessians, by quadrature.

q = Σ wₖ N(μₖ, σₖ²) in the coordinates (log amplitude aₖ, μₖ counted in σₖ, log σₖ), with wₖ = e^aₖ/Σ e^a. With the
responsibilities rₖ, z = (x − μₖ)/σₖ and the score s of log q, whose parts are rₖ (1, z, z² − 1) − (wₖ, 0, 0):

    forward   gradient −E_p s          Hessian −E_p ∂²log q
    reverse   gradient E_q s f         Hessian E_q [(s sᵀ + ∂²log q) f + s sᵀ],   f = log q − log p

Nothing is differenced.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from kl_engine.distributions.gaussian import GaussianMixture, Mixture
from kl_engine.divergences.line import entropy
from kl_engine.estimates.estimate import Direction
from kl_engine.fits.expectation_maximisation import Nodes, log_joint
from kl_engine.quadrature.expect import panels_over
from kl_engine.quadrature.panels import RULE, components, responsibilities


class MixtureTerms(NamedTuple):
    """Value in nats, gradient (3K,) and Hessian (3K, 3K) in the order a₁ … a_K, μ₁ … μ_K, log σ₁ … log σ_K."""

    value: float
    gradient: np.ndarray
    hessian: np.ndarray


class MixtureObjective:
    """One direction of the divergence from a target p, over mixtures q."""

    def __init__(self, p: Mixture, direction: Direction) -> None:
        self.p, self.forward = p, direction is Direction.FORWARD
        self.own = entropy(p).value if self.forward else 0.0

    def nodes(self, q: GaussianMixture) -> Nodes:
        """A rule for expectations under p (forward) or q (reverse), on panels that follow both.

        Forward nothing but p itself and log q is integrated, so that the bends of log p need no panels.
        """
        over, other = (self.p, q) if self.forward else (q, self.p)
        panels = panels_over(over, [other], bends=[q] if self.forward else [q, self.p])
        density = np.exp(panels.log_density(components(over)))
        return Nodes(panels, (density * RULE.weights[:, 0] * panels.half[:, None]).ravel())

    def terms(self, q: GaussianMixture) -> MixtureTerms:
        """Value, gradient and Hessian at `q`."""
        nodes = self.nodes(q)
        z = nodes.standardised(q)
        log_q, share = responsibilities(log_joint(q, z))
        raw = np.concatenate([share, share * z, share * (z * z - 1)])  # the score of the mixture, not normalised
        score = raw - np.concatenate([q.weights, np.zeros(2 * q.weights.size)])[:, None]
        if self.forward:
            hessian = (raw * nodes.masses) @ raw.T - _second(q, nodes.masses, z, share)
            hessian += nodes.masses.sum() * _spread(q)
            surprisal = -float(nodes.masses @ log_q)
            return MixtureTerms(surprisal - self.own, -(score @ nodes.masses), 0.5 * (hessian + hessian.T))
        ratio = log_q - nodes.panels.log_density(components(self.p)).ravel()
        value = float(nodes.masses @ ratio)
        # A constant drops out, for E_q (s sᵀ + ∂²log q) = 0; of ∂²log q what does not depend on x then does too.
        tilted = nodes.masses * (ratio - value)
        curved = _second(q, tilted, z, share) - (raw * tilted) @ raw.T
        hessian = (score * (tilted + nodes.masses)) @ score.T + curved
        return MixtureTerms(value, score @ tilted, 0.5 * (hessian + hessian.T))


def _second(q: GaussianMixture, masses: np.ndarray, z: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Σ masses · (second derivative of Σ wₖ Nₖ)/q: each component only with itself, by Hermite polynomials of z."""
    size = q.weights.size
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
