"""Checks of inequalities. Where a sign is claimed, SymPy must know it; where a minimum, it must be one."""

from dataclasses import dataclass

from mpmath import mpf
from sympy import Expr, Function, Integral, Symbol, diff
from sympy.core.relational import Equality, GreaterThan, LessThan, Relational, StrictGreaterThan

from kl_engine.symbolic.proof.check import Check, Pair, require, substitute
from kl_engine.symbolic.proof.laws import Gaussian
from kl_engine.symbolic.proof.notation import expectation, t, x
from kl_engine.symbolic.proof.sampling import Point

GAP = Function("gap", real=True)


@dataclass(frozen=True, kw_only=True)
class Positive(Check):
    """If A = B and B is a sum or product of positive terms (stated as `form`) then A > 0."""

    relation = StrictGreaterThan

    form: Expr

    def left(self, before: Relational) -> Expr:
        return before.lhs

    def pairs(self, before: Relational, after: Relational) -> list[Pair]:
        require(after.rhs == 0, "it does not claim a positive sign")
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
class Bound(Check):
    """If A = B and B - C >= 0 (stated as `form`) then A >= C; if C - B >= 0 then A <= C.

    form: a sum of parts that are not negative, or the integral of one.
    """

    relation = (GreaterThan, LessThan)

    form: Expr

    def left(self, before: Relational) -> Expr:
        return before.lhs

    def pairs(self, before: Relational, after: Relational) -> list[Pair]:
        part = self.form.function if isinstance(self.form, Integral) else self.form
        require(part.is_nonnegative is True, "the sign of the stated form is not known")
        gap = before.rhs - after.rhs
        return [(gap if isinstance(after, GreaterThan) else -gap, substitute(self.form, self.where))]

    def numbers(self, before: Relational, after: Relational, point: Point) -> list[tuple[mpf, mpf]]:
        require(all(self.number(form, point) >= 0 for _, form in self.pairs(before, after)), "the bound fails")
        return super().numbers(before, after, point)

    @property
    def words(self) -> str:
        return f"What lies between the quantity and its bound is compared with {self.form}, which is nowhere negative."


@dataclass(frozen=True, kw_only=True)
class LeastValue(Check):
    """f(s) >= 0 for all s > 0 if f(s0) = 0, f'(s0) = 0 and f is convex (f'' > 0, stated as `curvature`)."""

    starts = True
    relation = GreaterThan

    by: Symbol
    at: Expr
    curvature: Expr

    def left(self, before: Relational | None) -> None:
        return None

    def pairs(self, before: Relational | None, after: Relational) -> list[Pair]:
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
    relation = GreaterThan

    by: Symbol
    slope: Expr

    def left(self, before: Relational | None) -> None:
        return None

    def pairs(self, before: Relational | None, after: Relational) -> list[Pair]:
        require(self.slope.is_nonnegative is True, "the sign of the slope is not known")
        gap = after.lhs - after.rhs
        return [(gap.subs(self.by, 0), gap * 0), (diff(gap, self.by), self.slope)]

    @property
    def words(self) -> str:
        return f"The gap is 0 at {self.by} = 0, and its slope is {self.slope}, which is nowhere negative."


@dataclass(frozen=True, kw_only=True)
class Symmetric(Check):
    """The integral of an odd function over the whole line is 0; the slope of an even log p is odd: x k(x^2).

    law: the centred Gaussian under which the slope is averaged.
    """

    starts = True

    law: Gaussian
    slope: Expr

    def left(self, before: Relational | None) -> Expr:
        return expectation(self.law.density(), self.slope)

    def pairs(self, before: Relational | None, after: Relational) -> list[Pair]:
        body = after.lhs.function.xreplace({self.slope: x * Function("k", real=True)(x**2)})
        return [(body.xreplace({x: -x}), after.rhs - body)]

    def numbers(self, before: Relational | None, after: Relational, point: Point) -> list[tuple[mpf, mpf]]:
        return [(self.number(after.lhs, point), self.number(after.rhs, point))]

    @property
    def words(self) -> str:
        return "With the slope written as x k(x^2) the integrand changes sign with x; in numbers its integral is 0."


@dataclass(frozen=True, kw_only=True)
class AtLeast(Check):
    """If A = bound + f(ratio)/2 + square, f >= 0 (the step before) and square >= 0, then A >= bound."""

    premise = GreaterThan
    relation = GreaterThan

    whole: Relational
    ratio: Expr
    square: Expr

    @property
    def cites(self) -> tuple[Relational, ...]:
        return (self.whole,)

    def left(self, before: Relational) -> Expr:
        return self.whole.lhs

    def pairs(self, before: Relational, after: Relational) -> list[Pair]:
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
    whole: the earlier equation A = B about the quantity A that is bounded.
    masses: two integrals that both are 1; their difference is what normalisation removes.
    """

    premise = GreaterThan
    relation = GreaterThan

    average: Expr
    whole: Equality
    masses: tuple[Integral, ...] = ()

    @property
    def cites(self) -> tuple[Relational, ...]:
        return (self.whole,)

    def left(self, before: Relational) -> Expr:
        return self.whole.lhs

    def pairs(self, before: Relational, after: Relational) -> list[Pair]:
        one, other = self.masses or (0, 0)
        return [(self._gap(after) + one - other, self._averaged(before))]

    def _gap(self, after: Relational) -> Expr:
        """What the bounded quantity exceeds its bound by."""
        return substitute(self.whole.rhs, self.where) - after.rhs

    def _averaged(self, before: Relational) -> Expr:
        gap = before.lhs - before.rhs
        return substitute(self.average, self.where).replace(GAP, lambda ratio: gap.xreplace({t: ratio}))

    def numbers(self, before: Relational, after: Relational, point: Point) -> list[tuple[mpf, mpf]]:
        stated, average = self.number(self._gap(after), point), self.number(self._averaged(before), point)
        require(stated >= 0, "it fails for a concrete pair")
        masses = (self.number(substitute(mass, self.where), point) for mass in self.masses)
        return [(stated, average), *((mass, mpf(1)) for mass in masses)]

    @property
    def words(self) -> str:
        return "The earlier gap, averaged again, is compared with this one."
