"""The coordinates in which a mixture is not a single Gaussian, and fits seen in them alone.

In the coordinates y of `quadrature.reduction` a mixture p is φ(v) times a density of u = Vᵀy. For a Gaussian q the
chain rule gives D(q‖p) = D(q_u‖p_u) + E D(q_{v|u}‖φ); the last is least, and stationary, only where it is 0: where v is
standard and apart from u. So every stationary q of a full covariance is one of p_u, times φ.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from kl_engine.distributions.multivariate import Multivariate, MultivariateGaussian
from kl_engine.distributions.triangular import solve_lower
from kl_engine.fits.objective import Terms
from kl_engine.quadrature.reduction import reduced


class Subspace(NamedTuple):
    """The mixture in the coordinates u, and what leads there and back."""

    p: Multivariate | None  # None: no coordinate is left, p is one Gaussian
    origin: np.ndarray  # (n,)
    factor: np.ndarray  # (n, n) L
    basis: np.ndarray  # (n, r) V

    @classmethod
    def of(cls, p: Multivariate) -> Subspace | None:
        """That of a mixture; None where it needs all coordinates."""
        found = reduced(p, p)
        if found.basis is None:
            return None
        return cls(found.a, p.means[0], p.factors[0], found.basis)

    def down(self, q: MultivariateGaussian) -> MultivariateGaussian:
        """The marginal of u under q."""
        mean = solve_lower(self.factor, (q.mean - self.origin)[:, None])[:, 0]
        spread = self.basis.T @ solve_lower(self.factor, q.factors[0])
        return MultivariateGaussian(self.basis.T @ mean, spread @ spread.T)

    def up(self, q: MultivariateGaussian) -> MultivariateGaussian:
        """q of u times φ of the other coordinates, in the coordinates of p."""
        n, r = self.basis.shape
        cov = np.eye(n) + self.basis @ (q.cov - np.eye(r)) @ self.basis.T
        cov = self.factor @ cov @ self.factor.T
        return MultivariateGaussian(self.origin + self.factor @ (self.basis @ q.mean), (cov + cov.T) / 2)

    def terms(self, seen: Terms) -> Terms:
        """Those of all coordinates: along the others the gradient is 0, and the curvature at least 1, in stds."""
        n, r = self.basis.shape
        more = n + n * (n + 1) // 2 - r - r * (r + 1) // 2
        count = seen.gradient.shape[1]
        hessian = np.zeros((1, count + more, count + more))
        hessian[0] += np.eye(count + more)
        hessian[:, :count, :count] = seen.hessian
        return seen._replace(gradient=np.pad(seen.gradient, ((0, 0), (0, more))), hessian=hessian)
