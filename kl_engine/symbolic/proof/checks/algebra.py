"""Checks by algebra: the two sides are the same expression, written differently; equals replace equals."""

from dataclasses import dataclass

from mpmath import mpf
from sympy import Derivative, Eq, Expr
from sympy.core.function import AppliedUndef
from sympy.core.relational import Equality, GreaterThan, LessThan, Relational

from kl_engine.symbolic.proof.check import Case, Check, Pair, SameQuantity, require, require_shown, same
from kl_engine.symbolic.proof.notation import exchange_roles
from kl_engine.symbolic.proof.quantities import Outcomes, Roles, bound_symbols
from kl_engine.symbolic.proof.sampling import Point, is_sampled
from kl_engine.symbolic.proof.setting import Setting
from kl_engine.symbolic.proof.statement import vanishing


@dataclass(frozen=True, kw_only=True)
class Identity(Check):
    """left = right, where both sides are written out: a fact that needs no earlier step."""

    law = "identity"
    starts = True

    def left(self, case: Case) -> None:
        return None

    def pairs(self, case: Case) -> list[Pair]:
        require(case.after.lhs != case.after.rhs, "the two sides are one expression")
        return [(case.after.lhs, case.after.rhs)]

    @property
    def words(self) -> str:
        return "The left side of the equation is compared with its right side."


@dataclass(frozen=True, kw_only=True)
class Equal(SameQuantity):
    """If A = B and B = C then A = C: the new right side equals the old one, the left side stays."""

    law = "algebra"

    def pairs(self, case: Case) -> list[Pair]:
        return [(case.after.rhs, case.before.rhs)]

    @property
    def words(self) -> str:
        return "The right side is compared with the right side of the earlier step."


@dataclass(frozen=True, kw_only=True)
class EqualToTheSame(SameQuantity):
    """If A = B and C = B then A = C: the new right side is the left side of another equation, word for word."""

    law = "equal to the same"

    other: Relational

    @property
    def cites(self) -> tuple[Relational, ...]:
        return (self.other,)

    def pairs(self, case: Case) -> list[Pair]:
        (cited,) = case.cited
        require(isinstance(cited.relation, Eq), "what it is compared with is no equation")
        require(case.after.rhs == cited.lhs, "the right side is not what the other equation is about, word for word")
        require(case.after.rhs != case.before.lhs, "it is the quantity itself")
        return [(case.before.rhs, cited.rhs)]

    @property
    def words(self) -> str:
        return "The right sides of two earlier equations are compared; their left sides are then equal."


@dataclass(frozen=True, kw_only=True)
class Substitute(Check):
    """What holds for every s holds at s = v, if v is in the range of s: every occurrence of s is replaced.

    A hypothesis is replaced likewise; one that becomes an identity is met at the point, and is gone.
    """

    law = "substitution"

    values: tuple[Pair, ...]

    def hypotheses(self, case: Case) -> frozenset[Relational]:
        put_in = (self._at(h, case.setting) for h in case.inherited)
        return frozenset(h for h in put_in if not _is_met(h, case.setting))

    def left(self, case: Case) -> Expr:
        return self._at(case.before.lhs, case.setting)

    def pairs(self, case: Case) -> list[Pair]:
        before, setting = case.before, case.setting
        for symbol, value in self.values:
            require_shown(case, symbol)
            require(setting.is_in_range(symbol, value), f"{value} is not known to be in the range of {symbol}")
        self._require_no_capture(case)
        return [(case.after.rhs, self._at(before.rhs, setting))]

    def _require_no_capture(self, case: Case) -> None:
        """What is put in means inside an integral or a derivative what it means outside."""
        parts = (case.before.relation, *case.before.under)
        bound = set().union(*map(bound_symbols, parts))
        slopes = {s for part in parts for d in part.atoms(Derivative) for s in d.variables}
        replaced, put_in = {s for s, _ in self.values}, set().union(*(v.free_symbols for _, v in self.values))
        require(not put_in & bound, "what is put in stands for no one value there")
        is_mixed = bool(replaced & put_in)  # then SymPy puts a value under a derivative as if it were not by its symbol
        require(not (is_mixed and slopes & (replaced | put_in)), "it is put in under a derivative by it")

    def _at(self, part: Expr | Relational, setting: Setting) -> Expr | Relational:
        if isinstance(part, Relational):
            return part.func(*(self._at(side, setting) for side in part.args), evaluate=False)
        symbols = {symbol for symbol, _ in self.values}
        mixed = any(value.free_symbols & symbols for _, value in self.values)  # then not one after the other
        return setting.written_of(part, symbols).subs(list(self.values), simultaneous=mixed)

    @property
    def words(self) -> str:
        listed = ", ".join(f"{symbol} = {new}" for symbol, new in self.values)
        return f"The earlier step at {listed} is compared with this one."


def _is_met(hypothesis: Relational, setting: Setting) -> bool:
    return isinstance(hypothesis, Eq) and same(hypothesis.lhs, hypothesis.rhs, setting)


@dataclass(frozen=True, kw_only=True)
class Insert(SameQuantity):
    """Equals may replace equals: on the right of a relation, an earlier equation's left side by its right side."""

    law = "substitution of equals"
    premise = (Equality, GreaterThan, LessThan)
    relation = (Equality, GreaterThan, LessThan)

    proved: Relational

    @property
    def cites(self) -> tuple[Relational, ...]:
        return (self.proved,)

    def pairs(self, case: Case) -> list[Pair]:
        (cited,) = case.cited
        require(isinstance(cited.relation, Eq), "what is put in is no equation")
        same_kind = case.after.relation.func == case.before.relation.func
        require(same_kind, "it is another kind of statement than the earlier one")
        before = case.before.rhs
        shape = getattr(cited.lhs, "shape", ())
        put_in = dict(zip(cited.lhs, cited.rhs, strict=True)) if shape else {cited.lhs: cited.rhs}
        require(before.has(*put_in), "the earlier equation's left side does not occur")
        bound = bound_symbols(before) | {s for d in before.atoms(Derivative) for s in d.variables}
        require(not any(case.depends(cited, s) for s in bound), "what is put in holds only at some points of a range")
        unseen = case.setting.symbols_of(cited.rhs) - set(case.setting.full(cited.lhs).free_symbols)
        require(not unseen & bound, "what is put in would stand for something else there")
        return [(case.after.rhs, before.xreplace(put_in))]

    def numbers(self, case: Case, point: Point) -> list[tuple[mpf, mpf]]:
        (cited,) = case.cited
        if cited.under or case.before.under or is_sampled(case.before.rhs):
            return super().numbers(case, point)  # at a random point the hypotheses do not hold
        number = case.setting.number
        return [(number(case.after.rhs, point), number(case.before.rhs, point))]

    @property
    def words(self) -> str:
        return "The earlier equation is substituted again, and both sides are evaluated."


@dataclass(frozen=True, kw_only=True)
class ExchangeRoles(Check):
    """What is proved for every pair p, q of one kind is proved for the pair q, p: D(q||p) is D(p||q) renamed."""

    law = "renaming"

    def hypotheses(self, case: Case) -> frozenset[Relational]:
        return frozenset(exchange_roles(h) for h in case.inherited)

    def left(self, case: Case) -> Expr:
        roles = next((r for r in case.setting.divergences if r.forward == case.before.lhs), None)
        require(roles is not None, "the earlier step is not about D(p||q)")
        alike = roles.are_alike or _densities_are_alike(roles, case.setting)
        require(alike, "p and q are not of one kind")
        return roles.reverse

    def pairs(self, case: Case) -> list[Pair]:
        setting = case.setting
        for part in (case.before.relation, *case.before.under):
            # An abbreviation has a name of its own, which does not say whose it is.
            plain = exchange_roles(setting.full(part)) == setting.full(exchange_roles(part))
            require(plain or part is case.before.relation, "a hypothesis is not about p and q by their names")
        named = {name for name, _ in setting.quantities}
        require(not setting.full(case.before.rhs).atoms(AppliedUndef) & named, "a name in it might stand for either")
        return [(case.after.rhs, exchange_roles(setting.full(case.before.rhs)))]

    @property
    def words(self) -> str:
        return "The earlier step with the names p and q exchanged is compared with this one."


def _densities_are_alike(roles: Roles, setting: Setting) -> bool:
    """Whether the density of q is that of p with the names exchanged, whatever the two are called."""
    p, q = roles.target, roles.approximation
    if not isinstance(p, Expr) or not isinstance(q, Expr):
        return False
    space = roles.space
    places = [{space.variable: v} for v in space.values] if isinstance(space, Outcomes) else [{}]
    named = [(p.xreplace(place), q.xreplace(place)) for place in places]
    written = [(setting.full(a), setting.full(b)) for a, b in named]
    all_written = all(a != name for (a, _), (name, _) in zip(written, named, strict=True))
    return all_written and all(exchange_roles(a) == b and exchange_roles(b) == a for a, b in written)


@dataclass(frozen=True, kw_only=True)
class Solve(Check):
    """g = c (s - v) with c never 0: where g = 0, and only there, s = v. That g = 0 becomes a hypothesis.

    Of vectors and matrices, c is a number that is never 0 or a matrix that has an inverse.
    """

    law = "stationarity"

    factor: Expr

    def hypotheses(self, case: Case) -> frozenset[Relational]:
        return case.inherited | {vanishing(case.before.relation)}

    def left(self, case: Case) -> None:
        return None

    def pairs(self, case: Case) -> list[Pair]:
        if getattr(self.factor, "shape", ()):
            require(self.factor in case.setting.regular, "the matrix might have no inverse")
        else:
            nonzero = case.setting.known(case.setting.full(self.factor)).is_nonzero
            require(nonzero is True, "the factor might be 0")
        return [(case.before.rhs, self.factor * (case.after.lhs - case.after.rhs))]

    @property
    def words(self) -> str:
        return f"The expression set to 0 is compared with {self.factor} times (left - right); that factor is never 0."


@dataclass(frozen=True, kw_only=True)
class Difference(Check):
    """If A = B and C = D then A - C = B - D."""

    law = "subtraction"

    minus: Relational

    @property
    def cites(self) -> tuple[Relational, ...]:
        return (self.minus,)

    def left(self, case: Case) -> Expr:
        return case.before.lhs - case.cited[0].lhs

    def pairs(self, case: Case) -> list[Pair]:
        require(isinstance(case.cited[0].relation, Eq), "what is subtracted is no equation")
        return [(case.after.rhs, case.before.rhs - case.cited[0].rhs)]

    @property
    def words(self) -> str:
        return "The difference of the two earlier right sides is compared with this one."
