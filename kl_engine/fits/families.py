"""The families of one Gaussian q: full, diagonal (mean field) and isotropic covariance."""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from kl_engine.distributions.multivariate import Multivariate, MultivariateGaussian
from kl_engine.distributions.triangular import solve_lower
from kl_engine.estimates.checks import refuse


class Covariance(StrEnum):
    """What a fitted covariance may be: any, diagonal (the coordinates independent: mean field), or σ² I."""

    FULL = "full"
    DIAGONAL = "diagonal"
    ISOTROPIC = "isotropic"

    @classmethod
    def of(cls, value: object) -> Covariance:
        """The family named by `value` (the enum or its string); ValueError otherwise."""
        try:
            return cls(value)
        except ValueError:
            raise refuse("covariance", '"full", "diagonal" or "isotropic"', value) from None

    def directions(self, dimension: int) -> np.ndarray:
        """A basis (P, n, n) of the lower triangular B by which a Cholesky factor L may change: L → L (I + B)."""
        units = np.eye(dimension)
        if self is Covariance.ISOTROPIC:
            return units[None] / np.sqrt(dimension)
        pairs = [(i, i) for i in range(dimension)]
        if self is Covariance.FULL:  # L (I + B) is again the Cholesky factor: one q, one place in the nodes' frame
            pairs += [(i, j) for i in range(dimension) for j in range(i)]
        return np.array([np.outer(units[i], units[j]) for i, j in pairs])

    def moment_match(self, p: Multivariate) -> MultivariateGaussian:
        """The minimiser of D(p‖q) in the family: the only one.

        −E_p log q = ½ log det 2πS + ½ tr S⁻¹(Σ + (E x − m)(E x − m)ᵀ), so m = E x. Then, with Σ the covariance of p:
        any S: the gradient in S⁻¹, ½ (Σ − S), vanishes at S = Σ alone, and the function of S⁻¹ is convex;
        S diagonal: a sum of ½ log sᵢ + Σᵢᵢ/2sᵢ, each least at sᵢ = Σᵢᵢ;
        S = s I: ½ n log s + tr Σ/2s, least at s = tr Σ/n.
        """
        return MultivariateGaussian(p.mean, self._nearest(p.cov))

    def reverse_of_gaussian(self, p: Multivariate) -> MultivariateGaussian:
        """The minimiser of D(q‖p) in the family for one Gaussian p with precision Λ: again the only one.

        D = ½ tr ΛS − ½ log det S + ½ (m − μ)ᵀΛ(m − μ) + const is the same function of S⁻¹ and Λ as forward of S and Σ:
        S = Σ, or sᵢ = 1/Λᵢᵢ, or s = n/tr Λ.
        """
        if self is Covariance.FULL:
            return MultivariateGaussian(p.mean, p.covs[0])
        inverse = solve_lower(p.factors[0], np.eye(p.dimension))
        return MultivariateGaussian(p.mean, np.diag(1 / np.diagonal(self._nearest(inverse.T @ inverse))))

    def _nearest(self, cov: np.ndarray) -> np.ndarray:
        if self is Covariance.FULL:
            return cov
        own = np.diagonal(cov)
        return np.diag(own if self is Covariance.DIAGONAL else np.full(own.size, own.mean()))
