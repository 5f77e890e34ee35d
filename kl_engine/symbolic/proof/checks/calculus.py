"""Checks by differential calculus: derivatives, limits and series are taken again.

Their numbers use no symbolic calculus: a derivative is a difference quotient at higher precision, a limit a value near
the point, a series the discrete Fourier transform over a small circle. All of them are about every value of a symbol
(or of those near one), so they refuse a statement that holds only under a hypothesis about it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import mpmath
from mpmath import mpf
from sympy import Derivative, Expr, Gt, Limit, Matrix, Symbol, diff, factorial, limit, oo
from sympy.core.relational import Relational

from kl_engine.symbolic.proof.check import Case, Check, Pair, require, require_free
from kl_engine.symbolic.proof.checks.interchange import require_no_sum_of, require_under_the_sign
from kl_engine.symbolic.proof.quantities import hessian, taylor
from kl_engine.symbolic.proof.regularity import require_smooth_in
from kl_engine.symbolic.proof.sampling import DIGITS, Point
from kl_engine.symbolic.proof.setting import Setting
from kl_engine.symbolic.proof.work import require_small

_STEP_DIGITS = 24  # a central difference with step h errs by h^2: 48 digits, and costs 24 digits by cancellation
_FAR = mpf(10) ** 100  # far enough for what falls like a power to be below 10^-50


@dataclass(frozen=True, kw_only=True)
class Differentiate(Check):
    """If A = B for every s then dA/ds = dB/ds."""

    law = "derivative"

    by: Symbol

    def left(self, case: Case) -> Expr:
        return Derivative(case.before.lhs, self.by)

    def pairs(self, case: Case) -> list[Pair]:
        require_free(case, self.by)
        require(self.by in case.setting.full(case.before.lhs).free_symbols, f"it is of no {self.by}")
        return [(case.after.rhs, slope(case.before.rhs, self.by, case.setting))]

    def numbers(self, case: Case, point: Point) -> list[tuple[mpf, mpf]]:
        number = case.setting.number
        return [(number(case.after.rhs, point), central_difference(number, case.before.rhs, self.by, point))]

    @property
    def words(self) -> str:
        return (
            f"The earlier right side is differentiated again with respect to {self.by}, symbolically and by a "
            "difference quotient, and compared with this one."
        )


def slope(expression: Expr, by: Symbol, setting: Setting) -> Expr:
    """The derivative by a symbol, of everything that depends on it, under the integrals where that is allowed."""
    shown = setting.about(expression, [by])
    require_smooth_in(shown, by)
    require_under_the_sign(shown, by, setting)
    return diff(shown, by)


@dataclass(frozen=True, kw_only=True)
class SecondDerivatives(Check):
    """The matrix of second derivatives by two symbols, at a point."""

    law = "second derivatives"

    by: tuple[Symbol, Symbol]
    at: tuple[Pair, ...] = ()

    def left(self, case: Case) -> Expr:
        return hessian(case.before.lhs, self.by, self.at)

    def pairs(self, case: Case) -> list[Pair]:
        for symbol in self.by:
            require_free(case, symbol)
        in_range = all(symbol == v or case.setting.is_in_range(symbol, v) for symbol, v in self.at)
        require(in_range, "the point is not in the range of the symbols")
        after = case.after.rhs
        require(getattr(after, "shape", None) == (2, 2), "it is no matrix of two rows and two columns")
        before = case.setting.about(case.before.rhs, self.by)
        for symbol in self.by:
            require_smooth_in(before, symbol)
            require_no_sum_of(before, symbol, case.setting)
        entries = [diff(before, a, b).subs(self.at, simultaneous=True) for a in self.by for b in self.by]
        return list(zip(Matrix(after), entries, strict=True))

    def numbers(self, case: Case, point: Point) -> list[tuple[mpf, mpf]]:
        number, before = case.setting.number, case.before.rhs
        place = point | {symbol: number(v, point) for symbol, v in self.at}
        first = [slope(before, a, case.setting) for a in self.by]
        quotients = [central_difference(number, g, b, place) for g in first for b in self.by]
        return list(zip((number(e, place) for e in Matrix(case.after.rhs)), quotients, strict=True))

    @property
    def words(self) -> str:
        return "All four second derivatives are computed again, symbolically and by difference quotients."


@dataclass(frozen=True, kw_only=True)
class Hessian(SecondDerivatives):
    """Both leading minors of the matrix of second derivatives are positive: it is positive definite."""

    law = "second-order condition"

    minors: tuple[Expr, Expr] | None = None  # as a reason names them

    @property
    def facts(self) -> tuple[Relational, ...]:
        return () if self.minors is None else tuple(Gt(minor, 0, evaluate=False) for minor in self.minors)

    def pairs(self, case: Case) -> list[Pair]:
        entries = super().pairs(case)
        stated = Matrix(case.after.rhs)
        found = stated[0, 0], stated.det()
        shown = self.minors or found
        require(all(minor.is_positive is True for minor in shown), "it is not positive definite")
        return [*entries, *zip(shown, found, strict=True)]

    def numbers(self, case: Case, point: Point) -> list[tuple[mpf, mpf]]:
        stated, number = Matrix(case.after.rhs), case.setting.number
        found = stated[0, 0], stated.det()
        minors = [(number(a, point), number(b, point)) for a, b in zip(self.minors or found, found, strict=True)]
        return [*super().numbers(case, point), *minors]

    @property
    def words(self) -> str:
        return f"{super().words} Both leading minors are found positive."


@dataclass(frozen=True, kw_only=True)
class Ratio(Check):
    """l'Hopital: if N and M vanish at s0 and M' does not, then N/M tends to N'(s0)/M'(s0)."""

    law = "l'Hopital"

    by: Symbol
    at: Expr
    numerator: Expr
    denominator: Expr

    def left(self, case: Case) -> Expr:
        return Limit(case.before.lhs, self.by, self.at, "+-")

    def pairs(self, case: Case) -> list[Pair]:
        require_free(case, self.by)
        here = {self.by: self.at}
        below = diff(self.denominator, self.by).subs(here)
        require(below.is_nonzero is True, "the slope of the denominator might be 0")
        above = case.setting.about(self.numerator, [self.by])
        for part in (above, self.denominator):
            require_smooth_in(part, self.by)
            require_no_sum_of(part, self.by, case.setting)
        return [
            (case.before.rhs * self.denominator, self.numerator),
            (above.subs(here), 0 * below),
            (self.denominator.subs(here), 0 * below),
            (case.after.rhs, diff(above, self.by).subs(here) / below),
        ]

    def numbers(self, case: Case, point: Point) -> list[tuple[mpf, mpf]]:
        number = case.setting.number
        with mpmath.workdps(3 * DIGITS):
            near = mpf(10) ** -_STEP_DIGITS
            around = [number(case.before.rhs, point | {self.by: self.at + sign * near}) for sign in (1, -1)]
            # The mean of both sides errs by the square of the step.
            return [(number(case.after.rhs, point), sum(around) / 2)]

    @property
    def words(self) -> str:
        return f"Numerator and denominator are 0 at {self.by} = {self.at}; their derivatives are computed there again."


@dataclass(frozen=True, kw_only=True)
class FarLimit(Check):
    """The limit of the earlier right side as a symbol grows without bound."""

    law = "limit"

    of: Symbol

    def left(self, case: Case) -> Expr:
        return Limit(case.before.lhs, self.of, oo)

    def pairs(self, case: Case) -> list[Pair]:
        require_free(case, self.of)
        before = case.setting.about(case.before.rhs, [self.of])
        require_no_sum_of(before, self.of, case.setting)
        require_small(before)
        return [(case.after.rhs, limit(before, self.of, oo))]

    def numbers(self, case: Case, point: Point) -> list[tuple[mpf, mpf]]:
        number = case.setting.number
        far, nearer = (number(case.before.rhs, point | {self.of: place}) for place in (_FAR, mpmath.sqrt(_FAR)))
        if case.after.rhs == oo:
            require(far > nearer and far > 1, "it does not grow there")
            return [(far, far)]
        return [(number(case.after.rhs, point | {self.of: _FAR}), far)]

    @property
    def words(self) -> str:
        return f"The limit {self.of} -> oo is computed again, and compared numerically far out."


@dataclass(frozen=True, kw_only=True)
class Series(Check):
    """Taylor: the coefficient of s^k is the k-th derivative at 0 over k!, up to the stated order."""

    law = "Taylor"

    by: Symbol
    order: int

    def left(self, case: Case) -> Expr:
        return taylor(case.before.lhs, self.by, self.order)

    def pairs(self, case: Case) -> list[Pair]:
        require_free(case, self.by)
        stated = case.after.rhs.as_poly(self.by)
        require(stated is not None and stated.degree() <= self.order, "it is no polynomial of the stated order")
        before = case.setting.about(case.before.rhs, [self.by])
        require_smooth_in(before, self.by)
        require_no_sum_of(before, self.by, case.setting)
        true = [diff(before, self.by, k).subs(self.by, 0) / factorial(k) for k in range(self.order + 1)]
        return [(stated.coeff_monomial(self.by**k), true[k]) for k in range(self.order + 1)]

    def numbers(self, case: Case, point: Point) -> list[tuple[mpf, mpf]]:
        stated, count, radius = case.after.rhs.as_poly(self.by), 64, mpf(1) / 20
        number = case.setting.number
        circle = [mpmath.expjpi(mpf(2) * k / count) for k in range(count)]
        values = [number(case.before.rhs, point | {self.by: radius * u}) for u in circle]
        pairs = []
        for k in range(self.order + 1):
            coefficient = sum(v / u**k for u, v in zip(circle, values, strict=True)) / count / radius**k
            pairs.append((number(stated.coeff_monomial(self.by**k), point), coefficient))
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
