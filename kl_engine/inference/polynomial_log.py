"""The Gaussian log density of a polynomial, log N(x; g(z), s²), and its exact expectations under Gaussians q of z.

Under q = N(μ, σ²), with t = (z − μ)/σ, the residual is (x − g)/s = Σ ρₖ Heₖ(t) in Hermite polynomials, so that

    E_q log N(x; g(z), s²) = −½ Σ k! ρₖ² − log s − ½ log 2π

is a sum of squares: nothing cancels. The same coefficients give the derivatives, by Bonnet's and Price's theorems.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np

from kl_engine.distributions.gaussian import Gaussian
from kl_engine.estimates.certainty import Certainty
from kl_engine.estimates.estimate import Estimate
from kl_engine.estimates.rounding import EPSILON, LOG_ROOT_TAU

METHOD = "exact: Gaussian moments of a polynomial"
ORDERS = 5  # Hermite coefficients of the log density that its second derivatives need: 0 … 4


class Slopes(NamedTuple):
    """Expectations under R q's of f = log N(x; g(z), s²), its derivatives scaled by σ, and z standardised."""

    value: np.ndarray  # (R,) E f
    slope: np.ndarray  # (R,) E σ f′
    curve: np.ndarray  # (R,) E σ² f″
    skew: np.ndarray  # (R,) E σ² f″ t
    square: np.ndarray  # (R,) E σ² f″ t²


@dataclass(frozen=True, eq=False)
class PolynomialLog:
    """f(z) = log N(observed; g(z), std²) with g(z) = Σ link[k] zᵏ."""

    link: np.ndarray
    observed: float
    std: float

    @property
    def constant(self) -> float:
        """f where the residual is 0: −log std − ½ log 2π."""
        return -math.log(self.std) - LOG_ROOT_TAU

    def residual(self, mean, scale) -> tuple[np.ndarray, np.ndarray]:
        """Coefficients (degree + 1, R) of (observed − g(mean + scale t))/std in powers of t; and their rounding."""
        mean, scale = np.atleast_1d(mean), np.atleast_1d(scale)
        shifted = _shift(self.link, mean) * scale ** np.arange(self.link.size)[:, None]
        size = _shift(np.abs(self.link), np.abs(mean)) * scale ** np.arange(self.link.size)[:, None]
        shifted[0] -= self.observed
        size[0] += abs(self.observed)
        return -shifted / self.std, 2 * (self.link.size + 2) * EPSILON * size / self.std

    def expected(self, mean, std) -> tuple[np.ndarray, np.ndarray]:
        """E f under each N(mean[i], std[i]²), and a bound of its error: both (R,)."""
        powers, rounding = self.residual(mean, std)
        basis, factorials = _to_hermite(self.link.size), _factorials(self.link.size)
        rho, slack = basis @ powers, basis @ (rounding + 2 * self.link.size * EPSILON * np.abs(powers))
        half = 0.5 * factorials @ rho**2
        error = 0.5 * factorials @ (2 * np.abs(rho) * slack + slack**2)
        return self.constant - half, error + 4 * EPSILON * (self.link.size + 2) * (half + abs(self.constant) + 1)

    def expectation(self, q: Gaussian) -> Estimate:
        """E_q f in nats. Raises OverflowError when it is beyond the largest double."""
        with np.errstate(over="ignore", invalid="ignore"):
            value, error = self.expected(q.mean, q.std)
        return within_doubles(float(value[0]), float(error[0]), Certainty.EXACT, METHOD)

    def slopes(self, mean: np.ndarray, std: np.ndarray) -> tuple[Slopes, np.ndarray]:
        """E f and its derivatives under each N(mean[i], std[i]²); and a bound of the rounding of the slopes (R,)."""
        powers, rounding = self.residual(mean, std)
        basis, products = _to_hermite(self.link.size), _products(self.link.size)
        rho, slack = basis @ powers, basis @ (rounding + 2 * self.link.size * EPSILON * np.abs(powers))
        zero, one, two, three, four = -0.5 * np.einsum("kij,ir,jr->kr", products, rho, rho)
        lost = np.einsum("kij,ir,jr->kr", products[1:3], np.abs(rho) + slack, slack).sum(axis=0)
        return Slopes(self.constant + zero, one, 2 * two, 6 * three, 24 * four + 2 * two), 2 * lost


def within_doubles(value: float, error: float, certainty: Certainty, method: str) -> Estimate:
    """The Estimate; OverflowError when the number is finite in truth and yet beyond the largest double."""
    if math.isfinite(value) and math.isfinite(error):
        return Estimate(value, error, certainty, method)
    raise OverflowError(
        "the free energy is finite but beyond the largest double (1.8e308): bring q closer to the data, or use a link "
        "of smaller coefficients or a larger noise_std"
    )


def _shift(coefficients: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Taylor coefficients (degree + 1, R) of a polynomial at each place: Σᵢ C(i, j) cᵢ atⁱ⁻ʲ."""
    size = coefficients.size
    rows = np.repeat(coefficients[:, None], at.size, axis=1)
    for done in range(size - 1):  # Horner's rule, once for each order
        for i in range(size - 2, done - 1, -1):
            rows[i] += at * rows[i + 1]
    return rows


@cache
def _factorials(size: int) -> np.ndarray:
    return np.array([math.factorial(k) for k in range(size)], dtype=np.float64)


@cache
def _to_hermite(size: int) -> np.ndarray:
    """From powers of t to Hermite polynomials: tʲ = Σ j!/(k! m! 2ᵐ) Heₖ over k = j − 2m."""
    basis = np.zeros((size, size))
    for j in range(size):
        for m in range(j // 2 + 1):
            basis[j - 2 * m, j] = math.factorial(j) / (math.factorial(j - 2 * m) * math.factorial(m) * 2**m)
    return basis


@cache
def _products(size: int) -> np.ndarray:
    """E[Heᵢ Heⱼ Heₖ]/k! for k below ORDERS: the Hermite coefficients of a product; (ORDERS, size, size)."""
    found = np.zeros((ORDERS, size, size))
    for k, i, j in np.ndindex(found.shape):
        half, odd = divmod(i + j + k, 2)
        if not odd and half >= max(i, j, k):
            parts = [math.factorial(half - order) for order in (i, j, k)]
            found[k, i, j] = math.factorial(i) * math.factorial(j) / math.prod(parts)
    return found
