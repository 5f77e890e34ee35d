"""Checks by algebra: the two sides are the same expression, written differently."""

from dataclasses import dataclass

from mpmath import mpf
from sympy import Expr
from sympy.core.relational import Relational

from kl_engine.symbolic.proof.check import Check, Pair, SameQuantity, require, substitute
from kl_engine.symbolic.proof.notation import exchange_roles
from kl_engine.symbolic.proof.quantities import Roles
from kl_engine.symbolic.proof.sampling import Point


@dataclass(frozen=True, kw_only=True)
class Identity(Check):
    """left = right, where both sides are written out: a fact that needs no earlier step."""

    starts = True

    def left(self, before: Relational | None) -> None:
        return None

    def pairs(self, before: Relational | None, after: Relational) -> list[Pair]:
        require(after.lhs != after.rhs, "the two sides are one expression")
        return [(after.lhs, after.rhs)]

    @property
    def words(self) -> str:
        return "The left side of the equation is compared with its right side."


@dataclass(frozen=True, kw_only=True)
class Equal(SameQuantity):
    """If A = B and B = C then A = C: the new right side equals the old one, the left side stays."""

    def pairs(self, before: Relational, after: Relational) -> list[Pair]:
        return [(after.rhs, before.rhs)]

    @property
    def words(self) -> str:
        return "The right side is compared with the right side of the earlier step."


@dataclass(frozen=True, kw_only=True)
class Substitute(Check):
    """f(s) at s = v: every occurrence of a symbol is replaced, on both sides."""

    values: tuple[Pair, ...]

    def left(self, before: Relational) -> Expr:
        return before.lhs.subs(self._values())

    def pairs(self, before: Relational, after: Relational) -> list[Pair]:
        return [(after.rhs, before.rhs.subs(self._values()))]

    def _values(self) -> list[Pair]:
        return [(symbol, substitute(new, self.where)) for symbol, new in self.values]

    @property
    def words(self) -> str:
        listed = ", ".join(f"{symbol} = {new}" for symbol, new in self.values)
        return f"The earlier step at {listed} is compared with this one."


@dataclass(frozen=True, kw_only=True)
class Insert(SameQuantity):
    """Equals may replace equals: an earlier equation's left side is replaced by its right side."""

    proved: Relational

    @property
    def cites(self) -> tuple[Relational, ...]:
        return (self.proved,)

    def pairs(self, before: Relational, after: Relational) -> list[Pair]:
        require(before.rhs.has(self.proved.lhs), "the earlier equation's left side does not occur")
        return [(after.rhs, before.rhs.xreplace({self.proved.lhs: self.proved.rhs}))]

    def numbers(self, before: Relational, after: Relational, point: Point) -> list[tuple[mpf, mpf]]:
        return [(self.number(after.rhs, point), self.number(before.rhs, point))]

    @property
    def words(self) -> str:
        return "The earlier equation is put in again; in numbers, both sides are evaluated from p itself."


@dataclass(frozen=True, kw_only=True)
class Where(SameQuantity):
    """Where an earlier equation holds as a condition, its left side may be replaced by its right one."""

    condition: Relational

    @property
    def cites(self) -> tuple[Relational, ...]:
        return (self.condition,)

    def pairs(self, before: Relational, after: Relational) -> list[Pair]:
        require(before.rhs.has(self.condition.lhs), "the condition's left side does not occur")
        return [(after.rhs, before.rhs.xreplace({self.condition.lhs: self.condition.rhs}))]

    @property
    def words(self) -> str:
        return "The earlier right side, with the condition put in, is compared with this one."


@dataclass(frozen=True, kw_only=True)
class ExchangeRoles(Check):
    """What is proved for every pair p, q of one kind is proved for the pair q, p: D(q||p) is D(p||q) renamed."""

    roles: Roles

    def left(self, before: Relational) -> Expr:
        require(self.roles.are_alike, "p and q are not of one kind")
        is_forward = before.lhs == substitute(self.roles.forward, self.where)
        require(is_forward, "the earlier step is not about D(p||q)")
        return self.roles.reverse

    def pairs(self, before: Relational, after: Relational) -> list[Pair]:
        return [(after.rhs, exchange_roles(before.rhs))]

    @property
    def words(self) -> str:
        return "The earlier step with the names p and q exchanged is compared with this one."


@dataclass(frozen=True, kw_only=True)
class Solve(Check):
    """g = c (s - v) with c never 0: then g = 0 if and only if s = v."""

    factor: Expr

    def left(self, before: Relational) -> None:
        return None

    def pairs(self, before: Relational, after: Relational) -> list[Pair]:
        require(self.factor.is_nonzero is True, "the factor might be 0")
        return [(before.rhs, self.factor * (after.lhs - after.rhs))]

    @property
    def words(self) -> str:
        return f"The expression set to 0 is compared with {self.factor} times (left - right); that factor is never 0."


@dataclass(frozen=True, kw_only=True)
class Difference(Check):
    """If A = B and C = D then A - C = B - D."""

    minus: Relational

    @property
    def cites(self) -> tuple[Relational, ...]:
        return (self.minus,)

    def left(self, before: Relational) -> Expr:
        return before.lhs - self.minus.lhs

    def pairs(self, before: Relational, after: Relational) -> list[Pair]:
        return [(after.rhs, before.rhs - self.minus.rhs)]

    @property
    def words(self) -> str:
        return "The difference of the two earlier right sides is compared with this one."
