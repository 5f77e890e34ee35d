"""The families of q, public as `kl.families`; and what it costs to take dependent coordinates for independent ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from kl_engine.distributions.multivariate import Multivariate, MultivariateGaussian, condition
from kl_engine.distributions.triangular import solve_lower
from kl_engine.divergences.space import many_digits
from kl_engine.divergences.space.closed_forms import LOST
from kl_engine.divergences.space.many_digits import LEFT
from kl_engine.estimates.certainty import Certainty
from kl_engine.estimates.checks import finite, matrix, positive, refuse, whole
from kl_engine.estimates.estimate import Estimate
from kl_engine.estimates.rounding import EPSILON

MOST_COMPONENTS = 12


@dataclass(frozen=True)
class Gaussian:
    """One Gaussian: on the line any mean and any std, or the `std` given; in n dimensions any mean and any covariance.

    Raises ValueError when `std` is neither None nor a finite number > 0. `std` is in the unit of x. Source: C. Bishop,
    Pattern Recognition and Machine Learning (2006), 10.1.2 and 10.7.

    >>> import kl_engine as kl
    >>> kl.fit(kl.Gaussian(3, 2), "reverse", kl.families.Gaussian(std=1.0)).q
    Gaussian(mean=3.0, std=1.0)
    """

    std: float | None = None

    def __post_init__(self) -> None:
        if self.std is not None:
            object.__setattr__(self, "std", positive("std", self.std))

    def directions(self, dimension: int) -> np.ndarray:
        """A basis (P, n, n) of the lower triangular B by which a Cholesky factor L may change: L → L (I + B)."""
        # L (I + B) is again the Cholesky factor: one q, one place in the nodes' frame.
        pairs = [(i, i) for i in range(dimension)] + [(i, j) for i in range(dimension) for j in range(i)]
        return _units(dimension, pairs)

    def nearest(self, cov: np.ndarray) -> np.ndarray:
        """The covariance S of the family for which log det S + tr S⁻¹cov is least: `cov` itself.

        The gradient in S⁻¹, cov − S, vanishes there alone, and the function of S⁻¹ is convex.
        """
        return cov


@dataclass(frozen=True)
class Diagonal:
    """One Gaussian with independent coordinates: mean field.

    q = Π N(xᵢ; mᵢ, sᵢ²), in n dimensions; stds in the unit of x. It takes no argument. Source: C. Bishop, Pattern
    Recognition and Machine Learning (2006), 10.1.2.

    >>> import kl_engine as kl
    >>> p = kl.MultivariateGaussian([0, 0], [[1, 0.6], [0.6, 1]])
    >>> kl.fit(p, "reverse", kl.families.Diagonal()).q.cov.round(6).tolist()
    [[0.64, 0.0], [0.0, 0.64]]
    """

    def directions(self, dimension: int) -> np.ndarray:
        """The same for a diagonal L."""
        return _units(dimension, [(i, i) for i in range(dimension)])

    def nearest(self, cov: np.ndarray) -> np.ndarray:
        """The diagonal: of a sum of log sᵢ + covᵢᵢ/sᵢ each is least at sᵢ = covᵢᵢ."""
        return np.diag(np.diagonal(cov))


@dataclass(frozen=True)
class Isotropic:
    """One Gaussian with the covariance σ² I.

    q = N(m, σ² I), in n dimensions; σ in the unit of x. It takes no argument. Source: C. Bishop, Pattern Recognition
    and Machine Learning (2006), 12.2.1.

    >>> import kl_engine as kl
    >>> p = kl.MultivariateGaussian([0, 0], [1.0, 3.0])
    >>> kl.fit(p, "forward", kl.families.Isotropic()).q.cov.tolist()
    [[2.0, 0.0], [0.0, 2.0]]
    """

    def directions(self, dimension: int) -> np.ndarray:
        """The same for L = σ I."""
        return np.eye(dimension)[None] / np.sqrt(dimension)

    def nearest(self, cov: np.ndarray) -> np.ndarray:
        """The mean variance s in every direction: n log s + tr cov/s is least at s = tr cov/n."""
        return np.mean(np.diagonal(cov)) * np.eye(len(cov))


@dataclass(frozen=True)
class Mixture:
    """Σₖ wₖ N(mₖ, sₖ²), mixtures of so many Gaussians on the line: `components` from 1 to 12. Raises ValueError for
    another number.

    The fit is by expectation maximisation forward, and by Newton's method on D(q‖p) in nats in reverse. Source: A.
    Dempster, N. Laird, D. Rubin, J. R. Stat. Soc. B 39 (1977) 1.

    >>> import kl_engine as kl
    >>> p = kl.GaussianMixture([0.2, 0.3, 0.5], [-9, 0, 9], [1, 1, 1])
    >>> [round(float(w), 3) for w in kl.fit(p, "reverse", kl.families.Mixture(2)).q.weights]
    [0.375, 0.625]
    """

    components: int

    def __post_init__(self) -> None:
        whole("components", self.components, 1)
        if self.components > MOST_COMPONENTS:
            raise refuse("components", f"at most {MOST_COMPONENTS}", self.components)


OfCovariance = Gaussian | Diagonal | Isotropic
Family = OfCovariance | Mixture


def family_of(value: object) -> Family:
    """`value` itself when it is a family, `Gaussian()` for None; ValueError otherwise."""
    if value is None:
        return Gaussian()
    if not isinstance(value, Family):
        raise refuse(
            "family", "a family of kl.families, as Gaussian() or Mixture(2); a q to begin from goes to start=", value
        )
    return value


def on_the_line(value: object) -> Gaussian:
    """`value` itself when it is the family of one Gaussian on the line, `Gaussian()` for None; ValueError otherwise."""
    if value is None or isinstance(value, Gaussian):
        return value or Gaussian()
    raise refuse("family", "kl.families.Gaussian(), or Gaussian(std=…)", value)


def moment_match(p: Multivariate, family: OfCovariance) -> MultivariateGaussian:
    """The minimiser of D(p‖q) in the family: the only one.

    −E_p log q = ½ log det 2πS + ½ tr S⁻¹(Σ + (E x − m)(E x − m)ᵀ), so m = E x and S is nearest to Σ (see `nearest`).
    """
    return MultivariateGaussian(p.mean, family.nearest(p.cov))


def reverse_of_gaussian(p: Multivariate, family: OfCovariance) -> MultivariateGaussian:
    """The minimiser of D(q‖p) in the family for one Gaussian p with precision Λ: again the only one.

    D = ½ tr ΛS − ½ log det S + ½ (m − μ)ᵀΛ(m − μ) + const is the same function of S⁻¹ and Λ as forward of S and Σ:
    S = Σ, or sᵢ = 1/Λᵢᵢ, or s = n/tr Λ.
    """
    mean, cov, factor = p.means[0], p.covs[0], p.factors[0]
    if isinstance(family, Gaussian):
        return MultivariateGaussian(mean, cov)
    inverse = solve_lower(factor, np.eye(p.dimension))
    return MultivariateGaussian(mean, np.diag(1 / np.diagonal(family.nearest(inverse.T @ inverse))))


def _units(dimension: int, pairs: list[tuple[int, int]]) -> np.ndarray:
    units = np.eye(dimension)
    return np.array([np.outer(units[i], units[j]) for i, j in pairs])


class MeanFieldCost(NamedTuple):
    """The least D(p‖q) and the least D(q‖p) over q with independent coordinates."""

    forward: Estimate
    reverse: Estimate


def mean_field_cost(cov) -> MeanFieldCost:
    """For p = N(m, Σ) with precision Λ, in nats: forward −½ log det of the correlation matrix; reverse ½ (log det Σ +
    Σ log Λᵢᵢ).

    Both are 0 for a diagonal Σ and equal for two dimensions, −½ log(1 − ρ²), the mutual information. The optima are
    variances Σᵢᵢ and 1/Λᵢᵢ. Raises ValueError when `cov` is not symmetric positive definite.
    """
    cov = matrix("cov", cov)
    p = MultivariateGaussian(np.zeros(len(cov)), cov)
    stds = np.sqrt(np.diagonal(p.cov))
    factor = np.linalg.cholesky(
        p.cov / stds[:, None] / stds
    )  # of the correlation matrix: both costs are blind to scale
    logs = np.log(np.diagonal(factor))
    precisions = (solve_lower(factor, np.eye(len(stds))) ** 2).sum(axis=0)
    error = 8 * EPSILON * len(stds) * condition(p) * (1 + float(np.abs(logs).sum()))
    if error > LOST * -float(logs.sum()):
        return _with_many_digits(p.cov)
    forward = Estimate(-float(logs.sum()), error, Certainty.EXACT, "closed form: −½ log det of the correlation matrix")
    value = float(logs.sum() + 0.5 * np.log(precisions).sum())
    return MeanFieldCost(forward, Estimate(value, error, Certainty.EXACT, "closed form: ½ (log det Σ + Σ log Λᵢᵢ)"))


def _with_many_digits(cov: np.ndarray) -> MeanFieldCost:
    """The same with 80 decimals, where the doubles have lost them."""
    costs = many_digits.mean_field(cov)
    methods = ("closed form: −½ log det of the correlation matrix", "closed form: ½ (log det Σ + Σ log Λᵢᵢ)")
    errors = (EPSILON * abs(cost) + LEFT for cost in costs)
    return MeanFieldCost(*map(Estimate, costs, errors, [Certainty.EXACT] * 2, methods))


def equicorrelated(correlation: float, dimension: int) -> np.ndarray:
    """The (n, n) covariance with 1 on the diagonal and one correlation ρ everywhere else, −1/(n − 1) < ρ < 1."""
    n, rho = whole("dimension", dimension, 1), finite("correlation", correlation)
    if not (rho < 1 and 1 + (n - 1) * rho > 0):
        raise refuse("correlation", f"a number between −1/(n − 1) and 1 for n = {n}", correlation)
    return np.full((n, n), rho) + (1 - rho) * np.eye(n)
