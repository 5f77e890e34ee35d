"""Checks of inequalities. Where a sign is claimed, SymPy must know it; where a minimum, it must be one."""

from dataclasses import dataclass

from mpmath import mpf
from sympy import Expr, Function, Integral, Symbol, diff
from sympy.core.relational import GreaterThan, Relational, StrictGreaterThan

from kl_engine.symbolic.check import Check, Pair, require, substitute
from kl_engine.symbolic.notation import t
from kl_engine.symbolic.sampling import Point

GAP = Function("gap", real=True)


@dataclass(frozen=True, kw_only=True)
class Positive(Check):
    """If A = B and B is a sum or product of positive terms (stated as `form`) then A > 0."""

    form: Expr

    def pairs(self, before: Relational, after: Relational) -> list[Pair]:
        require(isinstance(after, StrictGreaterThan) and after.rhs == 0, "it does not claim a positive sign")
        require(after.lhs in (before.lhs, before.rhs), "it is about another quantity")
        require(self.form.is_positive is True, "the sign of the stated form is not known")
        return [(before.rhs, self.form)]

    def numbers(self, before: Relational, after: Relational, point: Point) -> list[tuple[mpf, mpf]]:
        value = self.number(before.rhs, point)
        require(value > 0, "it is not positive at a random point")
        return [(value, self.number(self.form, point))]

    @property
    def words(self) -> str:
        return f"The earlier right side is compared with {self.form}, every part of which is positive."


@dataclass(frozen=True, kw_only=True)
class LeastValue(Check):
    """f(s) >= 0 for all s > 0 if f(s0) = 0, f'(s0) = 0 and f is convex (f'' > 0, stated as `curvature`)."""

    starts = True

    by: Symbol
    at: Expr
    curvature: Expr

    def pairs(self, before: Relational | None, after: Relational) -> list[Pair]:
        require(isinstance(after, GreaterThan), "it is no inequality of the form left >= right")
        require(self.curvature.is_positive is True, "the sign of the curvature is not known")
        gap = after.lhs - after.rhs
        here = {self.by: self.at}
        return [
            (gap.subs(here), gap * 0),
            (diff(gap, self.by).subs(here), gap * 0),
            (diff(gap, self.by, 2), self.curvature),
        ]

    def numbers(self, before: Relational | None, after: Relational, point: Point) -> list[tuple[mpf, mpf]]:
        for value in (mpf(1) / 1000, point[self.by], mpf(50)):
            there = point | {self.by: value}
            require(self.number(after.lhs - after.rhs, there) >= 0, "it fails at a sampled point")
        return super().numbers(before, after, point)

    @property
    def words(self) -> str:
        return (
            f"The gap and its slope are 0 at {self.by} = {self.at}, and its second derivative is positive everywhere."
        )


@dataclass(frozen=True, kw_only=True)
class NeverFalls(Check):
    """f(s) >= 0 for all s > 0 if f(0) = 0 and f' >= 0 (stated as `slope`)."""

    starts = True

    by: Symbol
    slope: Expr

    def pairs(self, before: Relational | None, after: Relational) -> list[Pair]:
        require(isinstance(after, GreaterThan), "it is no inequality of the form left >= right")
        require(self.slope.is_nonnegative is True, "the sign of the slope is not known")
        gap = after.lhs - after.rhs
        return [(gap.subs(self.by, 0), gap * 0), (diff(gap, self.by), self.slope)]

    @property
    def words(self) -> str:
        return f"The gap is 0 at {self.by} = 0, and its slope is {self.slope}, which is nowhere negative."


@dataclass(frozen=True, kw_only=True)
class Symmetric(Check):
    """The integral of an odd function over the whole line is 0; the slope of an even log p is odd: x k(x^2)."""

    starts = True

    slope: Expr

    def pairs(self, before: Relational | None, after: Relational) -> list[Pair]:
        ((variable, _, _),) = after.lhs.limits
        body = after.lhs.function.xreplace({self.slope: variable * Function("k", real=True)(variable**2)})
        return [(body.xreplace({variable: -variable}), after.rhs - body)]

    def numbers(self, before: Relational | None, after: Relational, point: Point) -> list[tuple[mpf, mpf]]:
        return [(self.number(after.lhs, point), self.number(after.rhs, point))]

    @property
    def words(self) -> str:
        return "With the slope written as x k(x^2) the integrand changes sign with x; in numbers its integral is 0."


@dataclass(frozen=True, kw_only=True)
class AtLeast(Check):
    """If A = bound + f(ratio)/2 + square, f >= 0 (the step before) and square >= 0, then A >= bound."""

    whole: Relational
    ratio: Expr
    square: Expr

    def pairs(self, before: Relational, after: Relational) -> list[Pair]:
        require(isinstance(after, GreaterThan) and isinstance(before, GreaterThan), "it is no inequality")
        require(after.lhs == self.whole.lhs, "it bounds another quantity")
        require(self.ratio.is_positive is True and self.square.is_nonnegative is True, "a sign is not known")
        gap = (before.lhs - before.rhs).xreplace({t: self.ratio})
        return [(self.whole.rhs - after.rhs, gap / 2 + self.square)]

    @property
    def words(self) -> str:
        return "What the quantity exceeds the bound by is compared with half the earlier gap plus a square."


@dataclass(frozen=True, kw_only=True)
class Averaged(Check):
    """If f(t) >= 0 for all t > 0 then E f >= 0: an inequality may be averaged.

    average: E f as an integral or sum, with `GAP` standing for f at the ratio put in for t.
    masses: two integrals that both are 1; their difference is what normalisation removes.
    """

    average: Expr
    masses: tuple[Integral, ...] = ()

    def pairs(self, before: Relational, after: Relational) -> list[Pair]:
        require(isinstance(after, GreaterThan) and isinstance(before, GreaterThan), "it is no inequality")
        one, other = self.masses or (0, 0)
        return [(after.lhs - after.rhs + one - other, self._averaged(before))]

    def _averaged(self, before: Relational) -> Expr:
        gap = before.lhs - before.rhs
        return substitute(self.average, self.where).replace(GAP, lambda ratio: gap.xreplace({t: ratio}))

    def numbers(self, before: Relational, after: Relational, point: Point) -> list[tuple[mpf, mpf]]:
        stated, average = self.number(after.lhs - after.rhs, point), self.number(self._averaged(before), point)
        require(stated >= 0, "it fails for a concrete pair")
        masses = (self.number(substitute(mass, self.where), point) for mass in self.masses)
        return [(stated, average), *((mass, mpf(1)) for mass in masses)]

    @property
    def words(self) -> str:
        return "The earlier gap, averaged again, is compared with this one."
