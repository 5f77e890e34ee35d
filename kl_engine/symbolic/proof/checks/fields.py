"""Checks of vector calculus: gradients by a mean vector and by a covariance or precision matrix, in n dimensions.

The gradient G by a symmetric matrix M is the symmetric matrix with dF = tr(G dM): of an entry off the diagonal, which
stands in M twice, it is half the plain derivative.
"""

from dataclasses import dataclass
from functools import cache

from mpmath import mpf
from sympy import (
    Dummy,
    Expr,
    Function,
    ImmutableMatrix,
    Integer,
    Matrix,
    MatrixBase,
    MatrixExpr,
    Symbol,
    diff,
    exp,
    log,
    pi,
)

from kl_engine.symbolic.proof.check import Case, Check, Pair, require
from kl_engine.symbolic.proof.checks.calculus import central_difference
from kl_engine.symbolic.proof.checks.vectors import LogNormal, NoiseMean, VectorGaussian, averaged, mean_over_noise
from kl_engine.symbolic.proof.sampling import Point
from kl_engine.symbolic.proof.sizes import component, determinant


@dataclass(frozen=True)
class AnyVector:
    """Any density in n dimensions with this mean and covariance: x = mean + factor z for a z of mean 0, covariance I.

    entropy: the symbol of -E log p.
    """

    mean: Expr
    factor: Expr
    cov: Expr
    entropy: Symbol


@dataclass(frozen=True)
class AnyField:
    """Any smooth positive density in n dimensions: of it only the means of its logarithm's derivatives are named."""

    name: Symbol


class FieldMean(Expr):
    """E_q[log p] for a field log p, by name. `mean` and `cov` are those of the Gaussian q."""

    def __new__(cls, field: Symbol, mean: Expr, cov: Expr) -> "FieldMean":
        parts = (a.as_immutable() if isinstance(a, MatrixBase) else a for a in (mean, cov))
        return Expr.__new__(cls, field, *parts)

    def _eval_is_real(self) -> bool:
        return True


class FieldDerivatives(MatrixExpr):
    """E_q of the gradient of log p (order 1), or of its matrix of second derivatives (order 2), by name."""

    def __new__(cls, field: Symbol, order: int, mean: Expr, cov: Expr) -> "FieldDerivatives":
        return MatrixExpr.__new__(cls, field, Integer(order), mean, cov)

    @property
    def shape(self) -> tuple[Expr, Expr]:
        """That of the mean vector, or of the covariance."""
        return self.args[1 + int(self.args[1])].shape

    @staticmethod
    def written_out(field: Symbol, order: int, mean: Matrix, cov: Matrix) -> ImmutableMatrix:
        """At one size: its entries by name."""
        return _entries_of(field, int(order), mean, cov)


def _entries_of(field: Symbol, order: int, mean: Matrix, cov: Matrix) -> ImmutableMatrix:
    """A symbol for each entry of the mean, which is one under this Gaussian and no other."""
    under = mean.as_immutable(), cov.as_immutable()

    def entry(row: int, column: int) -> Symbol:
        return _mean_symbol(f"mean_{field}_{order}_{min(row, column)}{max(row, column)}", under)

    return ImmutableMatrix(*(mean if order == 1 else cov).shape, entry)


@cache
def _mean_symbol(name: str, under: tuple[ImmutableMatrix, ImmutableMatrix]) -> Symbol:
    """The symbol of one mean under one Gaussian: another one under another, though its name may be the same."""
    return Dummy(name, real=True)


def gradient(of: Expr, by: Expr) -> Expr:
    """The gradient of a quantity by a vector or by a symmetric matrix, by its name."""
    return Function("gradient", real=True)(of, by)


def _gradient_entries(of: Expr, by: Matrix) -> ImmutableMatrix:
    """The gradient by the symbols that are the entries of a vector or of a symmetric matrix."""

    def entry(row: int, column: int) -> Expr:
        slope = diff(of, by[row, column])
        return slope if by.shape[1] == 1 or row == column else slope / 2

    return ImmutableMatrix(*by.shape, entry)


@dataclass(frozen=True, kw_only=True)
class FieldDefinition(Check):
    """D(a||b) = E_a[log a] - E_a[log b]: the first mean is minus an entropy, the other is taken under a."""

    law = "definition"
    starts = True

    def left(self, case: Case) -> Expr:
        require(case.setting.under(case.after.lhs) is not None, "it is no divergence of this setting")
        return case.after.lhs

    def pairs(self, case: Case) -> list[Pair]:
        first, second = case.setting.under(case.after.lhs)
        require(case.after.rhs.has(NoiseMean, FieldMean), "it is no mean of a log density")
        if isinstance(first, AnyVector):
            require(isinstance(second, VectorGaussian), "q is no Gaussian vector")
            at = first.mean + first.factor * Matrix(_noise(first.mean.shape[0]))
            other = mean_over_noise(LogNormal(at, second.mean, second.cov).explicit)
            meaning = -first.entropy - other
        else:
            require(isinstance(first, VectorGaussian) and isinstance(second, AnyField), "the laws are of other kinds")
            size = first.mean.shape[0]
            own = -(log(determinant(Matrix(first.cov))) + size * log(2 * pi) + size) / 2
            meaning = own - FieldMean(second.name, first.mean, first.cov)
        return [(_named(averaged(case.after.rhs)), _named(meaning))]

    @property
    def words(self) -> str:
        return "It is compared with the definition; the mean of log q is that of a Gaussian, by its moments."


def _noise(size: int) -> list[Symbol]:
    return [component("z", k) for k in range(1, size + 1)]


def _named(expression: Expr) -> Expr:
    """With every mean of a field as one real symbol, for numbers and algebra."""
    return expression.replace(FieldMean, lambda field, *under: _mean_symbol(f"mean_{field}_0", under))


@dataclass(frozen=True, kw_only=True)
class MatrixGradient(Check):
    """If A = B for all values of a vector or symmetric matrix M then the gradients of A and B by M agree."""

    law = "gradient"
    covariance = "symmetric"

    by: Expr

    def left(self, case: Case) -> Expr:
        return gradient(case.before.lhs, self.by)

    def pairs(self, case: Case) -> list[Pair]:
        self._require_free(case)
        return [(ImmutableMatrix(case.after.rhs), _gradient_entries(case.before.rhs, Matrix(self.by)))]

    def _require_free(self, case: Case) -> None:
        symbols = Matrix(self.by).free_symbols
        require(all(e.is_Symbol for e in Matrix(self.by)), "it is no vector or matrix of free entries")
        require(not any(case.depends(case.before, s) for s in symbols), "the earlier step holds only at some places")
        require(symbols <= case.before.lhs.free_symbols, "the quantity on the left does not depend on it")

    def numbers(self, case: Case, point: Point) -> list[tuple[mpf, mpf]]:
        return _compared(case, Matrix(self.by), case.before.rhs, point)

    @property
    def words(self) -> str:
        return "Every entry of the gradient is computed again, symbolically and by a difference quotient."


def _compared(case: Case, by: Matrix, whole: Expr, point: Point) -> list[tuple[mpf, mpf]]:
    """Every entry of the stated gradient, and a difference quotient of what it is the gradient of."""
    number, stated, found = case.setting.number, Matrix(case.after.rhs), []
    for row in range(by.shape[0]):
        for column in range(by.shape[1]):
            slope = central_difference(number, whole, by[row, column], point)
            share = 1 if by.shape[1] == 1 or row == column else mpf(1) / 2
            found.append((number(stated[row, column], point), share * slope))
    return found


@dataclass(frozen=True, kw_only=True)
class FieldGradient(MatrixGradient):
    """Bonnet and Price in n dimensions: the gradient of E_q f by mu is E_q of the gradient of f, and by Sigma half of
    E_q of its matrix of second derivatives.

    At each size: N(x; mu, Sigma) satisfies dN/dmu = -dN/dx and dN/dSigma = N''/2, and what is left is a divergence,
    whose integral vanishes. In numbers for f = exp(c . x), whose mean is known.
    """

    law = "Bonnet and Price in n dimensions"

    def pairs(self, case: Case) -> list[Pair]:
        self._require_free(case)
        by = Matrix(self.by)
        (mean,) = case.before.rhs.atoms(FieldMean)
        require(self.by in mean.args[1:], "it is no mean under a Gaussian of that parameter")
        rest, factor = case.before.rhs.xreplace({mean: Integer(0)}), case.before.rhs.coeff(mean)
        require(not factor.free_symbols, "the mean does not stand there with a number")
        order, share = (1, Integer(1)) if self.by == mean.args[1] else (2, Integer(1) / 2)
        of_mean = _entries_of(mean.args[0], order, *map(Matrix, mean.args[1:]))
        whole = _gradient_entries(rest, by) + factor * share * of_mean
        return [(ImmutableMatrix(case.after.rhs), ImmutableMatrix(whole)), *self._law(mean, by, order)]

    @staticmethod
    def _law(mean: FieldMean, by: Matrix, order: int) -> list[Pair]:
        """The heat equation of the density, and integration by parts, at this size."""
        center, cov = (Matrix(part) for part in mean.args[1:])
        size = center.shape[0]
        at = Matrix([Symbol(f"x_{k}", real=True) for k in range(1, size + 1)])
        density = LogNormal(at, center, cov).explicit  # its logarithm: dN = N d log N
        found: list[Pair] = []
        for row in range(by.shape[0]):
            for column in range(by.shape[1]):
                slope = diff(density, by[row, column])
                if order == 1:
                    found.append((slope, -diff(density, at[row])))
                    continue
                a, b = at[row], at[column]
                second = diff(density, a, b) + diff(density, a) * diff(density, b)
                found.append((slope, second / 2 if row == column else second))
        return found

    def numbers(self, case: Case, point: Point) -> list[tuple[mpf, mpf]]:
        by, number = Matrix(self.by), case.setting.number
        (mean,) = case.before.rhs.atoms(FieldMean)
        center, cov = (Matrix(part) for part in mean.args[1:])
        rates = Matrix([mpf(k + 2) / 7 for k in range(center.shape[0])])
        value = exp((rates.T * center)[0, 0] + (rates.T * cov * rates)[0, 0] / 2)
        whole = case.before.rhs.xreplace({mean: value})
        order = 1 if self.by == mean.args[1] else 2
        of_field = (rates if order == 1 else rates * rates.T) * value
        names = _entries_of(mean.args[0], order, center, cov)
        place = point | {name: number(entry, point) for name, entry in zip(names, of_field, strict=True)}
        return _compared(case, by, whole, place)

    @property
    def words(self) -> str:
        return (
            "The equations dN/dmu = -dN/dx and dN/dSigma = N''/2 of the density are verified, and the gradient formed "
            "again with them; in numbers for an exponential function, whose mean is known."
        )
