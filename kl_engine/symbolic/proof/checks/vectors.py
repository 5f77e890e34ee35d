"""Checks of expectations over a standard normal vector, and of D between Gaussian vectors that follows from them."""

from dataclasses import dataclass
from itertools import product

import mpmath
from mpmath import mpf
from sympy import Expr, Matrix, MatrixBase, MatrixExpr, Poly, Symbol, log
from sympy.core.relational import Relational

from kl_engine.symbolic.proof.check import Check, Pair
from kl_engine.symbolic.proof.quantities import DivergenceCheck
from kl_engine.symbolic.proof.sampling import Point
from kl_engine.symbolic.proof.sizes import component, determinant, inverse


@dataclass(frozen=True)
class VectorGaussian:
    """N(mean, cov) in n dimensions, with cov = factor factor^T: x = mean + factor z for a standard normal z."""

    mean: MatrixExpr | MatrixBase
    factor: MatrixExpr | MatrixBase
    cov: MatrixExpr | MatrixBase


@dataclass(frozen=True, kw_only=True)
class VectorCheck(DivergenceCheck):
    """D(a||b) = E_z[log a(x) - log b(x)] at x = mean_a + factor_a z, for two `VectorGaussian` a and b."""

    def factored(self) -> list[Pair]:
        """Each covariance is factor times factor transposed."""
        laws = (self.first, self.second)
        return [pair for law in laws for pair in zip(law.cov, law.factor * law.factor.T, strict=True)]

    def log_ratio(self) -> Expr:
        """log a - log b as a polynomial of z, at one size."""
        a, b = self.first, self.second
        noise = Matrix([component("z", k) for k in range(1, a.mean.shape[0] + 1)])
        apart = a.mean + a.factor * noise - b.mean
        own = (noise.T * noise)[0, 0] + log(a.factor.det() ** 2)
        other = (apart.T * inverse(b.cov) * apart)[0, 0] + log(determinant(b.cov))
        return (other - own) / 2


@dataclass(frozen=True, kw_only=True)
class VectorMoments(VectorCheck):
    """E z = 0 and E z z^T = I for a standard normal vector z; so a quadratic's expectation is a trace.

    In numbers: the mean over the corners (+-1, ..., +-1) of a cube, which is exact for polynomials of degree 3.
    """

    starts = False

    def pairs(self, before: Relational, after: Relational) -> list[Pair]:
        return [*self.factored(), (before.rhs, self.log_ratio()), (after.rhs, mean_over_noise(before.rhs))]

    def numbers(self, before: Relational, after: Relational, point: Point) -> list[tuple[mpf, mpf]]:
        return [(self.number(after.rhs, point), corner_mean(self, before.rhs, point))]

    @property
    def words(self) -> str:
        return "The expectation over z is taken again term by term, and in numbers by an exact cubature."


@dataclass(frozen=True, kw_only=True)
class VectorDivergence(VectorCheck):
    """D between Gaussian vectors, computed from its definition."""

    def pairs(self, before: Relational | None, after: Relational) -> list[Pair]:
        return [*self.factored(), (after.rhs, mean_over_noise(self.log_ratio()))]

    def numbers(self, before: Relational | None, after: Relational, point: Point) -> list[tuple[mpf, mpf]]:
        return [(self.number(after.rhs, point), corner_mean(self, self.log_ratio(), point))]

    @property
    def words(self) -> str:
        return "The closed form is computed again from the definition: by moments, and by an exact cubature."


def mean_over_noise(polynomial: Expr) -> Expr:
    """E of a polynomial of degree at most 2 in each component of z: odd powers vanish, squares give 1."""
    noise = _noise(polynomial)
    terms = Poly(polynomial.expand(), *noise).terms() if noise else [((0,), polynomial)]
    return sum(c for powers, c in terms if all(k in (0, 2) for k in powers))


def corner_mean(check: Check, expression: Expr, point: Point) -> mpf:
    """The same mean as a cubature: z at the corners of a cube."""
    noise = _noise(expression)
    corners = [dict(zip(noise, corner, strict=True)) for corner in product((mpf(1), mpf(-1)), repeat=len(noise))]
    return mpmath.fsum(check.number(expression, point | corner) for corner in corners) / len(corners)


def _noise(expression: Expr) -> list[Symbol]:
    return [s for s in (component("z", k) for k in (1, 2, 3)) if s in expression.free_symbols]
