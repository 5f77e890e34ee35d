"""The Gaussian log density of a polynomial, log N(x; g(z), s²), and its exact expectations under Gaussians q of z.

Under q = N(μ, σ²), with t = (z − μ)/σ, the residual is (x − g)/s = Σ ρₖ Heₖ(t) in Hermite polynomials, so that

    E_q log N(x; g(z), s²) = −½ Σ k! ρₖ² − log s − ½ log 2π

is a sum of squares: nothing cancels. The same coefficients give the derivatives, by Bonnet's and Price's theorems.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np

from kl_engine.distributions.gaussian import Gaussian
from kl_engine.estimates.certainty import Certainty
from kl_engine.estimates.rounding import EPSILON, LOG_ROOT_TAU, ROOT_2, ROOT_TAU, ROUNDING
from kl_engine.inference.likelihoods.bells import PolynomialBell
from kl_engine.inference.likelihoods.likelihood import Growth, LogLikelihood, Slopes
from kl_engine.quadrature.panels import Components, Panels

ORDERS = 5  # Hermite coefficients of the log density that its second derivatives need: 0 … 4


@dataclass(frozen=True, eq=False)
class PolynomialLog(LogLikelihood):
    """f(z) = log N(observed; g(z), std²) + offset, with g(z) = Σ link[k] zᵏ.

    Of n observations xᵢ with noise s it is their likelihood where observed is their mean, std = s/√n, and

        offset = −(n − 1) log(s √(2π)) − ½ log n − Σ (xᵢ − mean)²/2s²

    is what no z changes. `size` bounds the terms of the offset, for its rounding.
    """

    link: np.ndarray
    observed: float
    std: float
    offset: float = 0.0
    size: float = 0.0

    method = "exact: Gaussian moments of a polynomial"
    certainty = Certainty.EXACT
    narrowed_by = "noise_std"

    @classmethod
    def of(cls, link: np.ndarray, observed: float | tuple[float, ...], noise: float) -> PolynomialLog:
        """The likelihood of one number, or of several independent ones."""
        if not isinstance(observed, tuple):
            return cls(link, observed, noise)
        n = len(observed)
        mean = math.fsum(observed) / n
        squares = math.fsum(((x - mean) / noise) ** 2 for x in observed)
        terms = ((n - 1) * (math.log(noise) + LOG_ROOT_TAU), 0.5 * math.log(n), 0.5 * squares)
        # A rounded mean moves the squares in second order: n (ε mean/s)²/2.
        size = sum(map(abs, terms)) + n * EPSILON * (mean / noise) ** 2
        return cls(link, mean, noise / math.sqrt(n), -sum(terms), size)

    @property
    def constant(self) -> float:
        """f where the residual is 0: −log std − ½ log 2π + offset."""
        return -math.log(self.std) - LOG_ROOT_TAU + self.offset

    @property
    def level(self) -> float:
        """The same, each term by its size."""
        return abs(math.log(self.std)) + LOG_ROOT_TAU + self.size

    def predicted(self, z) -> np.ndarray:
        """g(z)."""
        return np.polynomial.polynomial.polyval(np.asarray(z, dtype=np.float64), self.link)

    def values(self, z) -> np.ndarray:
        """f, same shape as `z`."""
        r = (self.observed - self.predicted(z)) / self.std
        return self.constant - 0.5 * r * r

    def derivatives(self, z: float) -> tuple[float, float, float]:
        """f, f′ and f″ at z."""
        r, r1, r2 = (*self.residual(z, 1.0)[0][:, 0].tolist(), 0.0, 0.0)[:3]
        return self.constant - 0.5 * r * r, -r * r1, -r1 * r1 - 2 * r * r2

    def growth(self, side: int) -> Growth:
        """Beyond a parabola for a link of degree 2 and more."""
        used = np.flatnonzero(self.link)
        degree = int(used[-1]) if used.size else 0
        if degree > 1:
            return Growth(math.inf, 0.0, 0.0)
        slope = float(self.link[1]) / self.std if degree else 0.0
        away = (self.observed - float(self.link[0])) / self.std
        return Growth(0.0, 0.5 * slope * slope, -side * slope * away)

    def bell(self, mean: float, std: float) -> PolynomialBell:
        """The component N(mean, std²) of the prior times the likelihood."""
        residual = self.residual(mean, std)[0][:, 0]
        if not np.isfinite(np.polynomial.polynomial.polymul(residual, residual)).all():
            raise OverflowError("the likelihood falls off faster than doubles can say: use a larger noise_std")
        return PolynomialBell(np.trim_zeros(residual, "b"))

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
        return self.constant - half, error + 4 * EPSILON * (self.link.size + 2) * (half + self.level + 1)

    def slopes(self, mean: np.ndarray, std: np.ndarray) -> tuple[Slopes, np.ndarray]:
        """E f and its derivatives under each N(mean[i], std[i]²); and a bound of the rounding of the slopes (R,)."""
        powers, rounding = self.residual(mean, std)
        basis, products = _to_hermite(self.link.size), _products(self.link.size)
        rho, slack = basis @ powers, basis @ (rounding + 2 * self.link.size * EPSILON * np.abs(powers))
        zero, one, two, three, four = -0.5 * np.einsum("kij,ir,jr->kr", products, rho, rho)
        lost = np.einsum("kij,ir,jr->kr", products[1:3], np.abs(rho) + slack, slack).sum(axis=0)
        return Slopes(self.constant + zero, one, 2 * two, 6 * three, 24 * four + 2 * two), 2 * lost

    def at_nodes(self, panels: Panels, centre: float, scale: float) -> tuple[np.ndarray, np.ndarray]:
        """f at the nodes, expanded about `centre`, and the scale of its rounding."""
        frame = Components.rows(*np.array([[[1.0]], [[centre]], [[scale]]]))
        t = ROOT_2 * panels.standardised(frame)[0][0]
        powers, rounding = self.residual(centre, scale)
        r, slack, size = np.zeros_like(t), np.zeros_like(t), np.abs(t)
        for power, wrong in zip(powers[::-1, 0].tolist(), rounding[::-1, 0].tolist()):
            r = r * t + power
            slack = slack * size + wrong + 2 * EPSILON * abs(power)
        half = 0.5 * r * r
        return self.constant - half, self.level + half + (np.abs(r) + slack) * slack / ROUNDING

    def tail(self, q: Gaussian, reach: float) -> float:
        """∫ tⁿ φ = Rⁿ⁻¹ φ(R) + (n − 1) ∫ tⁿ⁻² φ, term by term."""
        powers = np.abs(self.residual(q.mean, q.std)[0][:, 0])
        squares = 0.5 * np.convolve(powers, powers)
        squares[0] += self.level
        edge = math.exp(-0.5 * reach**2) / ROOT_TAU
        beyond = [0.5 * math.erfc(reach / ROOT_2), edge]
        for n in range(2, squares.size):
            beyond.append(reach ** (n - 1) * edge + (n - 1) * beyond[n - 2])
        return float(squares @ beyond[: squares.size])


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
