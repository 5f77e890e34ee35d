"""Checks by algebra: the two sides are the same expression, written differently."""

from dataclasses import dataclass

from mpmath import mpf
from sympy import Expr, Symbol
from sympy.core.relational import Equality, Relational

from kl_engine.symbolic.check import Check, Pair, require, require_same_quantity, substitute
from kl_engine.symbolic.notation import exchange_roles
from kl_engine.symbolic.sampling import Point


@dataclass(frozen=True, kw_only=True)
class Identity(Check):
    """left = right, where both sides are written out: a fact that needs no earlier step."""

    starts = True

    def pairs(self, before: Relational | None, after: Relational) -> list[Pair]:
        require(isinstance(after, Equality) and after.lhs != after.rhs, "this is no equation between two expressions")
        return [(after.lhs, after.rhs)]

    @property
    def words(self) -> str:
        return "The left side of the equation is compared with its right side."


@dataclass(frozen=True, kw_only=True)
class Equal(Check):
    """If A = B and B = C then A = C: the new right side equals the old one, the left side stays."""

    def pairs(self, before: Relational, after: Relational) -> list[Pair]:
        require_same_quantity(before, after)
        return [(after.rhs, before.rhs)]

    @property
    def words(self) -> str:
        return "The right side is compared with the right side of the earlier step."


@dataclass(frozen=True, kw_only=True)
class Substitute(Check):
    """f(s) at s = v: every occurrence of a symbol is replaced, on both sides.

    renamed: the left side gets a shorter name of its own from here on.
    """

    values: tuple[Pair, ...]
    renamed: bool = False

    def pairs(self, before: Relational, after: Relational) -> list[Pair]:
        values = [(symbol, substitute(new, self.where)) for symbol, new in self.values]
        here = self.renamed or before.lhs.subs(values) == after.lhs
        require(here, "the left side is not the earlier one at these values")
        return [(after.rhs, before.rhs.subs(values))]

    @property
    def words(self) -> str:
        listed = ", ".join(f"{symbol} = {new}" for symbol, new in self.values)
        return f"The earlier step at {listed} is compared with this one."


@dataclass(frozen=True, kw_only=True)
class Insert(Check):
    """Equals may replace equals: an earlier equation's left side is replaced by its right side."""

    proved: Relational

    def pairs(self, before: Relational, after: Relational) -> list[Pair]:
        require_same_quantity(before, after)
        require(before.rhs.has(self.proved.lhs), "the earlier equation's left side does not occur")
        return [(after.rhs, before.rhs.xreplace({self.proved.lhs: self.proved.rhs}))]

    def numbers(self, before: Relational, after: Relational, point: Point) -> list[tuple[mpf, mpf]]:
        return [(self.number(after.rhs, point), self.number(before.rhs, point))]

    @property
    def words(self) -> str:
        return "The earlier equation is put in again; in numbers, both sides are evaluated from p itself."


@dataclass(frozen=True, kw_only=True)
class ExchangeRoles(Check):
    """What is proved for every pair p, q is proved for the pair q, p: D(q||p) is D(p||q) renamed."""

    def pairs(self, before: Relational, after: Relational) -> list[Pair]:
        renamed = exchange_roles(before)
        require(after.lhs == renamed.lhs, "the left side does not exchange p and q")
        return [(after.rhs, renamed.rhs)]

    @property
    def words(self) -> str:
        return "The earlier step with the names p and q exchanged is compared with this one."


@dataclass(frozen=True, kw_only=True)
class Solve(Check):
    """g = c (s - v) with c never 0: then g = 0 if and only if s = v."""

    factor: Expr

    def pairs(self, before: Relational, after: Relational) -> list[Pair]:
        require(isinstance(after, Equality), "a solution is an equation")
        require(self.factor.is_nonzero is True, "the factor might be 0")
        return [(before.rhs, self.factor * (after.lhs - after.rhs))]

    @property
    def words(self) -> str:
        return f"The expression set to 0 is compared with {self.factor} times (left - right); that factor is never 0."


@dataclass(frozen=True, kw_only=True)
class Difference(Check):
    """If A = B and C = D then A - C = B - D."""

    minus: Relational
    symbols: tuple[Symbol, ...] = ()

    def pairs(self, before: Relational, after: Relational) -> list[Pair]:
        require(after.lhs == before.lhs - self.minus.lhs, "the left side is not the difference of the two")
        return [(after.rhs, before.rhs - self.minus.rhs)]

    @property
    def words(self) -> str:
        return "The difference of the two earlier right sides is compared with this one."
