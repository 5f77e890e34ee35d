"""D(q‖p) as a function of one multivariate Gaussian q, with its exact gradient and Hessian.

q = N(m, L Lᵀ), L its Cholesky factor, is moved by a and B to m + L a and L (I + B), B lower triangular. With
f = log p at x = m + L z, z ~ N(0, I), and ∇, ∇² taken in z, a point moves by v = a + B z, so that (Bonnet and Price;
nothing is differenced)

    D = −(n/2) log 2πe − log det L − log det(I + B) − E f
    gradient −E ∇f·v − tr B        Hessian −E vᵀ∇²f v + tr B²

The expectations are sums over fixed nodes z: those of a cubature in the plane, common random numbers beyond it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from kl_engine.distributions.multivariate import Multivariate, MultivariateGaussian
from kl_engine.estimates.rounding import LOG_ROOT_TAU, ROOT_2
from kl_engine.quadrature.frames import Frames
from kl_engine.quadrature.panels import responsibilities


class Nodes(NamedTuple):
    """Points z (N, n) with weights (N,) for expectations under the standard Gaussian."""

    z: np.ndarray
    weights: np.ndarray

    @classmethod
    def standardised(cls, z: np.ndarray, weights: np.ndarray) -> Nodes:
        """The points moved a little, so that mean and covariance are exactly 0 and I: right for every quadratic f."""
        weights = weights / weights.sum()
        z = z - weights @ z
        factor = np.linalg.cholesky((z * weights[:, None]).T @ z)
        return cls(np.linalg.solve(factor, z.T).T, weights)


class Terms(NamedTuple):
    """The objective at one q."""

    value: float
    gradient: np.ndarray  # (n + P,) in a and in the coordinates of B
    hessian: np.ndarray  # (n + P, n + P)


def terms(p: Multivariate, q: MultivariateGaussian, directions: np.ndarray, nodes: Nodes) -> Terms:
    """D(q‖p) at the nodes, with its derivatives along a and along B = Σ βₖ directions[k]."""
    n = q.dimension
    value, slope, bend = _expected(p, q, nodes)
    entropy = n * (0.5 + LOG_ROOT_TAU) + np.log(np.diagonal(q.factors[0])).sum()
    gradient = -np.concatenate([slope[:, 0], np.einsum("kij,ij->k", directions, slope[:, 1:])])
    gradient[n:] -= np.einsum("kii->k", directions)
    # v = Σ over parameters of a matrix W (n, 1 + n) times (1, z): a has the first column, B the rest.
    moves = np.zeros((n + len(directions), n, 1 + n))
    moves[np.arange(n), np.arange(n), 0] = 1
    moves[n:, :, 1:] = directions
    flat = moves.reshape(len(moves), -1)
    hessian = -flat @ bend.reshape(n * (1 + n), -1) @ flat.T
    hessian[n:, n:] += np.einsum("kij,lji->kl", directions, directions)
    return Terms(float(-entropy - value), gradient, (hessian + hessian.T) / 2)


def moved(q: MultivariateGaussian, step: np.ndarray, directions: np.ndarray) -> MultivariateGaussian:
    """q at m + L a and L (I + B)."""
    n, factor = q.dimension, q.factors[0]
    spread = factor @ (np.eye(n) + np.einsum("k,kij->ij", step[n:], directions))
    return MultivariateGaussian(q.mean + factor @ step[:n], spread @ spread.T)


def _expected(p: Multivariate, q: MultivariateGaussian, nodes: Nodes) -> tuple[float, np.ndarray, np.ndarray]:
    """E f, E ∇f (1, z)ᵀ as (n, 1 + n), and E of ∇²f with both sides times (1, z), as (n, 1 + n, n, 1 + n)."""
    frames = Frames.of((q,), q, p)
    shifts, maps = frames.shifts[0, 1:] * ROOT_2, frames.maps[0, 1:] * ROOT_2
    n, z = nodes.z.shape[1], nodes.z.T  # points last: every pass below is over long rows
    u = shifts[..., None] + maps @ z  # (K, n, N)
    log_p, share = responsibilities(frames.heights[1:, None] - 0.5 * np.einsum("kin,kin->kn", u, u))
    share *= nodes.weights
    slopes = -(maps.swapaxes(-1, -2) @ u)
    shared = share[:, None] * slopes
    slope = shared.sum(axis=0)  # times the weights, as all that follows
    sides = np.concatenate([np.ones((1, z.shape[1])), z])
    products = (sides[:, None] * sides).reshape(-1, z.shape[1])
    outer = (shared[:, :, None] * slopes[:, None]).sum(axis=0) - slope[:, None] * (slope / nodes.weights)
    bend = outer.reshape(n * n, -1) @ products.T
    sharpness = np.einsum("kai,kaj->kij", maps, maps).reshape(len(maps), -1)
    bend -= sharpness.T @ (share @ products.T)
    bend = bend.reshape(n, n, 1 + n, 1 + n).transpose(0, 2, 1, 3)
    return float(nodes.weights @ log_p), slope @ sides.T, bend
