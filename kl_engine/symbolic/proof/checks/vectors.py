"""Checks of expectations over a standard normal vector, and of D between Gaussian vectors that follows from them."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import mpmath
from mpmath import mpf
from sympy import Expr, Matrix, MatrixBase, MatrixExpr, Poly, Rational, Symbol, log, pi

from kl_engine.symbolic.proof.check import Case, Check, Pair, SameQuantity, require
from kl_engine.symbolic.proof.sampling import Point
from kl_engine.symbolic.proof.setting import Setting
from kl_engine.symbolic.proof.sizes import component, determinant, inverse
from kl_engine.symbolic.proof.work import require_expandable, shortened

_HALF = Rational(1, 2)


@dataclass(frozen=True)
class VectorGaussian:
    """N(mean, cov) in n dimensions, with cov = factor factor^T: x = mean + factor z for a standard normal z."""

    mean: MatrixExpr | MatrixBase
    factor: MatrixExpr | MatrixBase
    cov: MatrixExpr | MatrixBase


class NoiseMean(Expr):
    """E_z[f]: the mean of a function of the standard normal vector z, by its name."""

    def __new__(cls, body: Expr) -> "NoiseMean":
        return Expr.__new__(cls, body)

    @property
    def body(self) -> Expr:
        """What is averaged."""
        return self.args[0]

    def _eval_is_real(self) -> bool:
        return True


class LogNormal(Expr):
    """log N(x; mean, cov) in n dimensions, by its name: -(x - mean)^T cov^-1 (x - mean)/2 - log det(2 pi cov)/2."""

    def __new__(cls, *args: MatrixExpr | MatrixBase) -> "LogNormal":
        return Expr.__new__(cls, *(a.as_immutable() if isinstance(a, MatrixBase) else a for a in args))

    def _eval_is_real(self) -> bool:
        return True

    @property
    def explicit(self) -> Expr:
        """The formula, at one size."""
        at, mean, cov = (Matrix(a) for a in self.args)
        apart = at - mean
        volume = log(determinant(cov)) + at.shape[0] * log(2 * pi)
        return -((apart.T * inverse(cov) * apart)[0, 0] + volume) / 2


def averaged(expression: Expr) -> Expr:
    """The expression with every mean over z taken and every log density written out."""
    expression = expression.replace(LogNormal, lambda *args: LogNormal(*args).explicit)
    return expression.replace(NoiseMean, mean_over_noise)


@dataclass(frozen=True, kw_only=True)
class VectorDefinition(Check):
    """D(a||b) = E_z[log a(x) - log b(x)] at x = mean_a + factor_a z, z standard normal and cov = factor factor^T."""

    law = "definition"
    starts = True

    def left(self, case: Case) -> Expr:
        require(case.setting.under(case.after.lhs) is not None, "it is no divergence of this setting")
        return case.after.lhs

    def pairs(self, case: Case) -> list[Pair]:
        laws = case.setting.under(case.after.lhs)
        self._require_written(case.after.rhs)
        require(all(isinstance(law, VectorGaussian) for law in laws), "p and q are not both Gaussian vectors")
        factors = [pair for law in laws for pair in zip(law.cov, law.factor * law.factor.T, strict=True)]
        return [*factors, (averaged(case.after.rhs), mean_over_noise(log_ratio(*laws)))]

    def _require_written(self, stated: Expr) -> None:
        """A definition is a mean of log densities."""
        require(stated.has(NoiseMean) and stated.has(LogNormal), "it is no mean of log densities")

    def numbers(self, case: Case, point: Point) -> list[tuple[mpf, mpf]]:
        stated = case.setting.number(averaged(case.after.rhs), point)
        return [(stated, corner_mean(case.setting, log_ratio(*case.setting.under(case.after.lhs)), point))]

    @property
    def words(self) -> str:
        return "The mean over z is compared with that of the definition, and numerically with an exact cubature."


@dataclass(frozen=True, kw_only=True)
class VectorDivergence(VectorDefinition):
    """D between Gaussian vectors, computed from its definition: an earlier result, proved again."""

    law = "D of two Gaussian vectors"

    def _require_written(self, stated: Expr) -> None:
        """Any form of it will do."""


@dataclass(frozen=True, kw_only=True)
class VectorMoments(SameQuantity):
    """E z_i = 0 and E z_i z_j = 1 for i = j, else 0: so the mean of a linear form is 0, E z^T A z the trace of A.

    In numbers: the mean over the corners (+-1, ..., +-1) of a cube, which is exact for polynomials of degree 3.
    """

    law = "moments of a vector"

    def pairs(self, case: Case) -> list[Pair]:
        require(case.before.rhs.has(NoiseMean), "there is no mean to take")
        return [(averaged(case.after.rhs), averaged(case.before.rhs))]

    def numbers(self, case: Case, point: Point) -> list[tuple[mpf, mpf]]:
        setting, before = case.setting, case.before.rhs
        written = before.replace(LogNormal, lambda *args: LogNormal(*args).explicit)
        means = {m: Symbol(f"mean_{k}") for k, m in enumerate(sorted(written.atoms(NoiseMean), key=str))}
        values = {symbol: corner_mean(setting, mean.body, point) for mean, symbol in means.items()}
        old = setting.number(written.xreplace(means), point | values)
        return [(setting.number(averaged(case.after.rhs), point), old)]

    @property
    def words(self) -> str:
        return "Each mean over z is computed again term by term, and numerically by an exact cubature."


def log_ratio(a: VectorGaussian, b: VectorGaussian) -> Expr:
    """log a - log b at x = mean_a + factor_a z, a polynomial of z, at one size."""
    noise = Matrix([component("z", k) for k in range(1, a.mean.shape[0] + 1)])
    apart = a.mean + a.factor * noise - b.mean
    own = (noise.T * noise)[0, 0] + log(a.factor.det() ** 2)
    other = (apart.T * inverse(b.cov) * apart)[0, 0] + log(determinant(b.cov))
    return (other - own) / 2


@lru_cache(maxsize=64)
def mean_over_noise(polynomial: Expr) -> Expr:
    """E of a polynomial of degree at most 2 in each component of z: odd powers vanish, squares give 1."""
    noise = _noise(polynomial)
    if not noise:
        return polynomial
    short, constants = shortened(polynomial, set(noise))
    require_expandable(short)
    terms = Poly(short.expand(), *noise).terms()
    require(all(sum(powers) <= 2 for powers, _ in terms), "it is of more than the second degree in z")
    return sum(c for powers, c in terms if all(k in (0, 2) for k in powers)).xreplace(constants)


def corner_mean(setting: Setting, expression: Expr, point: Point) -> mpf:
    """The same mean as a cubature: z at the corners of a cube."""
    noise = _noise(expression)
    corners = [dict(zip(noise, corner, strict=True)) for corner in product((mpf(1), mpf(-1)), repeat=len(noise))]
    return mpmath.fsum(setting.number(expression, point | corner) for corner in corners) / len(corners)


def _noise(expression: Expr) -> list[Symbol]:
    return [s for s in (component("z", k) for k in (1, 2, 3)) if s in expression.free_symbols]


def quadratic(vector: Expr, matrix: Expr) -> "Quadratic":
    """v^T M v as a number."""
    return Quadratic(vector, matrix)


class Quadratic(Expr):
    """v^T M v, with the vector written once."""

    def __new__(cls, vector: MatrixExpr, matrix: MatrixExpr) -> "Quadratic":
        return Expr.__new__(cls, vector, matrix)

    def _eval_is_real(self) -> bool:
        return True

    @staticmethod
    def written_out(vector: Matrix, matrix: Matrix) -> Expr:
        """At one size."""
        return (vector.T * matrix * vector)[0, 0]
