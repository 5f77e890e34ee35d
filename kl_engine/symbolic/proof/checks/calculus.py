"""Checks by calculus: derivatives, integrals, limits and series are taken again.

Their numbers use no symbolic calculus: a derivative is a difference quotient at higher precision, an integral a
quadrature, a limit a value near the point, a series the discrete Fourier transform over a small circle.
"""

from collections.abc import Callable
from dataclasses import dataclass

import mpmath
from mpmath import mpf
from sympy import Derivative, Expr, Integral, Limit, Matrix, Symbol, diff, factorial, limit, oo
from sympy.core.relational import Relational

from kl_engine.symbolic.proof.check import Check, Pair, SameQuantity, require, substitute
from kl_engine.symbolic.proof.notation import taylor
from kl_engine.symbolic.proof.quantities import hessian
from kl_engine.symbolic.proof.sampling import DIGITS, Point

_STEP_DIGITS = 24  # a central difference with step h errs by h^2: 48 digits, and costs 24 digits by cancellation
_FAR = 100  # far enough for exp(-d^2/...) to be below 10^-50


@dataclass(frozen=True, kw_only=True)
class Differentiate(Check):
    """If A = B for every s then dA/ds = dB/ds."""

    by: Symbol

    def left(self, before: Relational) -> Expr:
        return Derivative(before.lhs, self.by)

    def pairs(self, before: Relational, after: Relational) -> list[Pair]:
        return [(after.rhs, diff(before.rhs, self.by))]

    def numbers(self, before: Relational, after: Relational, point: Point) -> list[tuple[mpf, mpf]]:
        return [(self.number(after.rhs, point), central_difference(self.number, before.rhs, self.by, point))]

    @property
    def words(self) -> str:
        return (
            f"The earlier right side is differentiated by {self.by} again, by symbols and by a difference quotient, "
            "and compared with this one."
        )


@dataclass(frozen=True, kw_only=True)
class SecondDerivatives(Check):
    """The matrix of second derivatives by two symbols, at a point."""

    by: tuple[Symbol, Symbol]
    at: tuple[Pair, ...] = ()

    def left(self, before: Relational) -> Expr:
        return hessian(before.lhs, self.by, self.at)

    def pairs(self, before: Relational, after: Relational) -> list[Pair]:
        require(getattr(after.rhs, "shape", None) == (2, 2), "it is no matrix of two rows and two columns")
        entries = [diff(before.rhs, a, b).subs(self.at) for a in self.by for b in self.by]
        return list(zip(Matrix(after.rhs), entries, strict=True))

    def numbers(self, before: Relational, after: Relational, point: Point) -> list[tuple[mpf, mpf]]:
        point = point | {symbol: self.number(v, point) for symbol, v in self.at}
        first = [diff(before.rhs, a) for a in self.by]
        quotients = [central_difference(self.number, g, b, point) for g in first for b in self.by]
        return list(zip((self.number(e, point) for e in Matrix(after.rhs)), quotients, strict=True))

    @property
    def words(self) -> str:
        return "All four second derivatives are taken again, by symbols and by difference quotients."


@dataclass(frozen=True, kw_only=True)
class Hessian(SecondDerivatives):
    """Both leading minors of the matrix of second derivatives are positive: a stationary point is a strict minimum."""

    def pairs(self, before: Relational, after: Relational) -> list[Pair]:
        entries = super().pairs(before, after)
        stated = Matrix(after.rhs)
        require(stated[0, 0].is_positive is True and stated.det().is_positive is True, "it is not positive definite")
        return entries

    @property
    def words(self) -> str:
        return f"{super().words} Both leading minors are found positive."


@dataclass(frozen=True, kw_only=True)
class ByParts(Check):
    """int (f - g) dx = 0 if f - g is the derivative of a function that vanishes at both ends.

    by: the earlier integral is differentiated by this symbol first, under the integral sign.
    boundary: that function, stated; differentiating it back is the proof, so no constant of integration enters.
    """

    boundary: Expr
    by: Symbol | None = None

    def left(self, before: Relational) -> Expr:
        return Derivative(before.lhs, self.by) if self.by else before.lhs

    def pairs(self, before: Relational, after: Relational) -> list[Pair]:
        old = diff(before.rhs, self.by) if self.by else before.rhs
        (limits,) = {i.limits for i in before.rhs.atoms(Integral)}
        ((variable, _, _),) = limits
        boundary = substitute(self.boundary, self.where)
        return [(after.rhs, old - Integral(diff(boundary, variable), *limits))]

    def numbers(self, before: Relational, after: Relational, point: Point) -> list[tuple[mpf, mpf]]:
        if self.by is None:
            old = self.number(before.rhs, point)
        else:
            old = central_difference(self.number, before.rhs, self.by, point)
        return [(self.number(after.rhs, point), old)]  # the boundary term left out: it must be 0

    @property
    def words(self) -> str:
        under = f"differentiated by {self.by} under the integral sign " if self.by else ""
        return f"The earlier integrand {under}differs from this one by the derivative of a stated boundary term."


@dataclass(frozen=True, kw_only=True)
class Antiderivatives(SameQuantity):
    """int_a^b f dx = F(b) - F(a) if F' = f: one F for each integral, in the order of writing."""

    functions: tuple[tuple[Integral, Expr], ...]

    def pairs(self, before: Relational, after: Relational) -> list[Pair]:
        require({i for i, _ in self.functions} == before.rhs.atoms(Integral), "an integral has no antiderivative")
        values, back = {}, []
        for integral, antiderivative in self.functions:
            ((variable, low, high),) = integral.limits
            back.append((diff(antiderivative, variable), integral.function))
            values[integral] = _at(antiderivative, variable, high) - _at(antiderivative, variable, low)
        return [*back, (after.rhs, before.rhs.xreplace(values))]

    def numbers(self, before: Relational, after: Relational, point: Point) -> list[tuple[mpf, mpf]]:
        return [(self.number(after.rhs, point), self.number(before.rhs, point))]

    @property
    def words(self) -> str:
        return "Each antiderivative is differentiated back to its integrand, and evaluated at both ends."


@dataclass(frozen=True, kw_only=True)
class Ratio(Check):
    """l'Hopital: if N and M vanish at s0 and M' does not, then N/M tends to N'(s0)/M'(s0)."""

    by: Symbol
    at: Expr
    numerator: Expr
    denominator: Expr

    def left(self, before: Relational) -> Expr:
        return Limit(before.lhs, self.by, self.at)

    def pairs(self, before: Relational, after: Relational) -> list[Pair]:
        here = {self.by: self.at}
        slope = diff(self.denominator, self.by).subs(here)
        require(slope.is_nonzero is True, "the slope of the denominator might be 0")
        return [
            (before.rhs * self.denominator, self.numerator),
            (self.numerator.subs(here), self.denominator.subs(here)),
            (self.denominator.subs(here), self.numerator.subs(here) * 0),
            (after.rhs, diff(self.numerator, self.by).subs(here) / slope),
        ]

    def numbers(self, before: Relational, after: Relational, point: Point) -> list[tuple[mpf, mpf]]:
        with mpmath.workdps(3 * DIGITS):
            near = mpf(10) ** -_STEP_DIGITS
            around = [self.number(before.rhs, point | {self.by: self.at + sign * near}) for sign in (1, -1)]
            # The mean of both sides errs by the square of the step.
            return [(self.number(after.rhs, point), sum(around) / 2)]

    @property
    def words(self) -> str:
        return f"Numerator and denominator are 0 at {self.by} = {self.at}; their derivatives are taken there again."


@dataclass(frozen=True, kw_only=True)
class FarLimit(Check):
    """The limit of the earlier right side as a symbol grows without bound."""

    of: Symbol

    def left(self, before: Relational) -> Expr:
        return Limit(before.lhs, self.of, oo)

    def pairs(self, before: Relational, after: Relational) -> list[Pair]:
        return [(after.rhs, limit(before.rhs, self.of, oo))]

    def numbers(self, before: Relational, after: Relational, point: Point) -> list[tuple[mpf, mpf]]:
        far = point | {self.of: mpf(_FAR)}
        return [(self.number(after.rhs, far), self.number(before.rhs, far))]

    @property
    def words(self) -> str:
        return f"The limit {self.of} -> oo is taken again, and compared in numbers at {self.of} = {_FAR}."


@dataclass(frozen=True, kw_only=True)
class Series(Check):
    """Taylor: the coefficient of s^k is the k-th derivative at 0 over k!, up to the stated order."""

    by: Symbol
    order: int

    def left(self, before: Relational) -> Expr:
        return taylor(before.lhs, self.by, self.order)

    def pairs(self, before: Relational, after: Relational) -> list[Pair]:
        stated = after.rhs.as_poly(self.by)
        require(stated is not None and stated.degree() <= self.order, "it is no polynomial of the stated order")
        true = [diff(before.rhs, self.by, k).subs(self.by, 0) / factorial(k) for k in range(self.order + 1)]
        return [(stated.coeff_monomial(self.by**k), true[k]) for k in range(self.order + 1)]

    def numbers(self, before: Relational, after: Relational, point: Point) -> list[tuple[mpf, mpf]]:
        stated, count, radius = after.rhs.as_poly(self.by), 64, mpf(1) / 20
        circle = [mpmath.expjpi(mpf(2) * j / count) for j in range(count)]
        values = [self.number(before.rhs, point | {self.by: radius * u}) for u in circle]
        pairs = []
        for k in range(self.order + 1):
            coefficient = sum(v / u**k for u, v in zip(circle, values, strict=True)) / count / radius**k
            pairs.append((self.number(stated.coeff_monomial(self.by**k), point), coefficient))
        return pairs

    @property
    def words(self) -> str:
        return f"Every Taylor coefficient up to order {self.order} is computed again; in numbers, over a small circle."


def central_difference(number: Callable, expression: Expr, by: Symbol, point: Point) -> mpf:
    """(f(s + h) - f(s - h)) / 2h, with digits to spare for what cancels."""
    with mpmath.workdps(DIGITS + 2 * _STEP_DIGITS):
        step = mpf(10) ** -_STEP_DIGITS
        ahead, behind = (number(expression, point | {by: point[by] + sign * step}) for sign in (1, -1))
        return (ahead - behind) / (2 * step)


def _at(expression: Expr, variable: Symbol, end: Expr) -> Expr:
    return limit(expression, variable, end) if end.is_infinite else expression.subs(variable, end)
