"""D(q‖p) as a function of one multivariate Gaussian q, with its exact gradient and Hessian.

q = N(m, L Lᵀ), L its Cholesky factor, is moved by a and B to m + L a and L (I + B), B lower triangular. With
f = log p at x = m + L z, z ~ N(0, I), and ∇, ∇² taken in z, a point moves by v = a + B z, so that (Bonnet and Price;
nothing is differenced)

    D = −(n/2) log 2πe − log det L − log det(I + B) − E f
    gradient −E ∇f·v − tr B        Hessian −E vᵀ∇²f v + tr B²

The diagonal of I + B is written exp b, so that a step counts in log std, as on the line: d²(exp b)/db² = 1 adds the
gradient along diag(B)². The expectations are sums over fixed nodes z: those of a cubature in the plane, common random
numbers beyond it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from kl_engine.distributions.multivariate import Multivariate, MultivariateGaussian
from kl_engine.estimates.rounding import LOG_ROOT_TAU, ROOT_2, ROUNDING
from kl_engine.fits.families import OfCovariance
from kl_engine.fits.objective import Terms
from kl_engine.quadrature.frames import Frames
from kl_engine.quadrature.panels import responsibilities

LATTICE = {1: 0.02, 2: 0.35}  # spacing of the trapezoid rule in which descents run, in std of q
LATTICE_REACH = 7.0  # its radius, in the same
POINTS = 1 << 12  # of the common random numbers beyond the plane
SEED = 7


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

    @classmethod
    def common(cls, dimension: int) -> Nodes:
        """The nodes of every descent: a trapezoid lattice on the line and in the plane, Sobol points beyond."""
        if dimension not in LATTICE:
            return cls.sampled(dimension, POINTS, SEED)
        step = LATTICE[dimension]
        axis = step * np.arange(-round(LATTICE_REACH / step), round(LATTICE_REACH / step) + 1)
        z = np.stack(np.meshgrid(*[axis] * dimension, indexing="ij"), axis=-1).reshape(-1, dimension)
        squares = (z * z).sum(axis=1)
        inside = squares <= LATTICE_REACH**2
        return cls.standardised(z[inside], np.exp(-0.5 * squares[inside]))

    @classmethod
    def sampled(cls, dimension: int, points: int, seed: int) -> Nodes:
        """So many scrambled Sobol points; another seed, another sample."""
        from kl_engine.quadrature.quasi_monte_carlo import normal_points

        z = normal_points(dimension, points, np.random.default_rng(seed))
        return cls.standardised(z, np.ones(len(z)))


class MultivariateObjective:
    """D(q‖p) over rows of q: a place is the mean (n,), then the Cholesky factor, row by row (n n,)."""

    def __init__(self, p: Multivariate, family: OfCovariance, nodes: Nodes) -> None:
        self.p, self.nodes, self.directions = p, nodes, family.directions(p.dimension)

    def chosen(self, rows: np.ndarray) -> MultivariateObjective:
        """The same: all rows have one p."""
        return self

    def moved(self, places: np.ndarray, steps: np.ndarray) -> np.ndarray:
        """m + L a, and L times the lower triangle of B with exp of its diagonal."""
        n = self.p.dimension
        factors = places[:, n:].reshape(-1, n, n)
        change = np.einsum("rk,kij->rij", steps[:, n:], self.directions)
        spread = np.tril(change, -1) + np.eye(n) * np.exp(np.einsum("rii->ri", change))[:, None]
        means = places[:, :n] + np.einsum("rij,rj->ri", factors, steps[:, :n])
        return np.column_stack([means, (factors @ spread).reshape(len(places), -1)])

    def terms(self, places: np.ndarray) -> Terms:
        """Value, gradient and Hessian at each place, along a and along B = Σ βₖ directions[k]."""
        return Terms(*(np.array(part) for part in zip(*map(self._terms, places))))

    def values(self, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """D(q‖p) by the nodes of the descent; they say nothing of its error."""
        value = self.terms(places).value
        return value, np.full(value.size, np.nan)

    def gradient(self, place: np.ndarray) -> np.ndarray:
        """(P,) the gradient alone, at a fraction of the cost."""
        q = gaussian_at(place, self.p.dimension)
        return self._gradient(_expected(self.p, q, self.nodes, bent=False)[1])

    def _gradient(self, slope: np.ndarray) -> np.ndarray:
        """From E ∇f (1, z)ᵀ."""
        turned = -slope[:, 1:] - np.eye(self.p.dimension)  # the gradient along every entry of B
        return np.concatenate([-slope[:, 0], np.einsum("kij,ij->k", self.directions, turned)])

    def _terms(self, place: np.ndarray) -> tuple[float, np.ndarray, np.ndarray, float]:
        n, count = self.p.dimension, self.p.dimension + len(self.directions)
        try:
            q = gaussian_at(place, n)
        except ValueError:  # its covariance is singular to rounding: no place of the family
            return np.inf, np.zeros(count), np.eye(count), 0.0
        value, slope, bend = _expected(self.p, q, self.nodes)
        own = n * (0.5 + LOG_ROOT_TAU) + np.log(np.diagonal(q.factors[0])).sum()
        turned = -slope[:, 1:] - np.eye(n)
        gradient = self._gradient(slope)
        # v = Σ over parameters of a matrix W (n, 1 + n) times (1, z): a has the first column, B the rest.
        moves = np.zeros((count, n, 1 + n))
        moves[np.arange(n), np.arange(n), 0] = 1
        moves[n:, :, 1:] = self.directions
        flat = moves.reshape(count, -1)
        hessian = -flat @ bend.reshape(n * (1 + n), -1) @ flat.T
        stretch = np.einsum("kii->ki", self.directions)
        hessian[n:, n:] += np.einsum("kij,lji->kl", self.directions, self.directions)
        hessian[n:, n:] += np.einsum("ki,li,ii->kl", stretch, stretch, turned)
        hessian = (hessian + hessian.T) / 2
        rounding = ROUNDING * (2 + abs(own) + abs(value)) * (1 + np.abs(hessian).max())
        return float(-own - value), gradient, hessian, rounding


def place_of(q: MultivariateGaussian) -> np.ndarray:
    """The place of a Gaussian."""
    return np.concatenate([q.mean, q.factors[0].ravel()])


def gaussian_at(place: np.ndarray, dimension: int) -> MultivariateGaussian:
    """The Gaussian of a place."""
    factor = place[dimension:].reshape(dimension, dimension)
    return MultivariateGaussian(place[:dimension], factor @ factor.T)


def _expected(
    p: Multivariate, q: MultivariateGaussian, nodes: Nodes, bent: bool = True
) -> tuple[float, np.ndarray, np.ndarray | None]:
    """E f, E ∇f (1, z)ᵀ (n, 1 + n); and, if `bent`, E of ∇²f with both sides times (1, z), (n, 1 + n, n, 1 + n)."""
    frames = Frames.in_doubles((q,), q, p)
    shifts, maps = frames.shifts[0, 1:] * ROOT_2, frames.maps[0, 1:] * ROOT_2
    n, z = nodes.z.shape[1], nodes.z.T  # points last: every pass below is over long rows
    u = shifts[..., None] + maps @ z  # (K, n, N)
    log_p, share = responsibilities(frames.heights[1:, None] - 0.5 * np.einsum("kin,kin->kn", u, u))
    share *= nodes.weights
    slopes = -(maps.swapaxes(-1, -2) @ u)
    shared = share[:, None] * slopes
    slope = shared.sum(axis=0)  # times the weights, as all that follows
    sides = np.concatenate([np.ones((1, z.shape[1])), z])
    value, moved = float(nodes.weights @ log_p), slope @ sides.T
    if not bent:
        return value, moved, None
    # Both factors are symmetric: a quarter of their products is all.
    (i, j), (k, m) = np.triu_indices(n), np.triu_indices(1 + n)
    products = (sides[k] * sides[m]).T
    outer = np.einsum("kin,kin->in", shared[:, i], slopes[:, j]) - slope[i] * (slope[j] / nodes.weights)
    sharpness = np.einsum("kai,kaj->kij", maps, maps)[:, i, j]
    bend = np.empty((n, n, 1 + n, 1 + n))
    half = outer @ products - sharpness.T @ (share @ products)
    bend[i[:, None], j[:, None], k, m] = half
    bend[i[:, None], j[:, None], m, k] = half
    bend[j, i] = bend[i, j]
    return value, moved, bend.transpose(0, 2, 1, 3)
