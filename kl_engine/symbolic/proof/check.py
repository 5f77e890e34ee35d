"""What it means to check a step: the same for every kind of law.

A check names pairs that must agree. `run` compares them twice, by unrelated routes: with numbers at random points in
50 digits, and by algebra for all values at once. The numbers come first, for they refuse a wrong step quickly. Before
that it asks for the form: the right kind of statement, about the right quantity, under the right hypotheses.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache
from typing import ClassVar

import mpmath
from mpmath import mpf
from sympy import Expr, Integral, Limit, S, Sum, Symbol, nan, oo, zoo
from sympy.core.relational import Equality, Relational

from kl_engine.symbolic.proof.notation import Pair
from kl_engine.symbolic.proof.quantities import bound_symbols
from kl_engine.symbolic.proof.regularity import require_defined
from kl_engine.symbolic.proof.sampling import DIGITS, GUARD, NoNumber, Point
from kl_engine.symbolic.proof.setting import Setting
from kl_engine.symbolic.proof.sizes import Explicit
from kl_engine.symbolic.proof.statement import Case, Statement
from kl_engine.symbolic.proof.work import Refused, Undecided, require
from kl_engine.symbolic.proof.zero import are_equal, is_zero, join_integrals

TOLERANCE = mpf(10) ** -40
POINTS = 2


class Verdict(Enum):
    """What a check found.

    HOLDS, REFUSED or NOT_DECIDED. Raises ValueError for another word. Source: a third verdict beside yes and no is KL
    Lab's own.

    >>> import kl_engine as kl
    >>> [str(verdict.value) for verdict in kl.symbolic.Verdict]
    ['holds', 'refused', 'not decided']
    """

    HOLDS = "holds"
    REFUSED = "refused"
    NOT_DECIDED = "not decided"


@dataclass(frozen=True)
class Outcome:
    """The result of one check: the verdict, the largest numeric residual (of the equation's own unit), and in words
    `how` it was done.

    Made by `kl.symbolic.Derivation`, by its methods check and verify.

    >>> import kl_engine as kl
    >>> outcome = kl.symbolic.DERIVATIONS["gaussian_forward"].check(0)
    >>> outcome.ok, outcome.verdict.value, outcome.residual < 1e-50
    (True, 'holds', True)
    """

    verdict: Verdict
    residual: mpf
    how: str

    @property
    def ok(self) -> bool:
        """Whether the step is proved."""
        return self.verdict is Verdict.HOLDS


@dataclass(frozen=True, kw_only=True)
class Check(ABC):
    """One law by which a step follows: a subclass's docstring is the law, `law` its name, `pairs` what it demands.

    What it demands is an equation of two expressions, compared by algebra and in numbers of 50 digits. Source: each law
    names its own.

    >>> import kl_engine as kl
    >>> kl.symbolic.DERIVATIONS["gaussian_forward"].steps[0].check.law
    'definition'
    """

    law: ClassVar[str]
    starts: ClassVar[bool] = False  # whether it can stand without an earlier step
    premise: ClassVar[type | tuple[type, ...]] = Equality  # the kind of statement that it follows from
    relation: ClassVar[type | tuple[type, ...]] = Equality  # the kind of statement that it proves
    takes_infinity: ClassVar[bool] = False  # whether it may rest on a line that says of something that it is infinite
    as_written: ClassVar[bool] = False  # whether abbreviations stay what they are: a definition is of names
    covariance: ClassVar[str | None] = None  # how it needs covariances written out, if not as the setting has them

    @property
    def cites(self) -> tuple[Relational, ...]:
        """What it rests on besides the step it follows from: each must be an earlier step of the derivation."""
        return ()

    @property
    def facts(self) -> tuple[Relational, ...]:
        """What the check finds besides, and a reason may say."""
        return ()

    def hypotheses(self, case: Case) -> frozenset[Relational]:
        """Those under which the step holds: by default, all that it inherits."""
        return case.inherited

    @abstractmethod
    def left(self, case: Case) -> Expr | None:
        """The quantity that the step is about, which must be its left side exactly.

        A check that starts afresh says which by its own meaning; another, by that of the earlier step. None only if
        `pairs` compares the left side too, so that the step speaks for itself.
        """

    @abstractmethod
    def pairs(self, case: Case) -> list[Pair]:
        """Expressions that must be identical for the step to hold. Raises Refused if the step has the wrong form."""

    def numbers(self, case: Case, point: Point) -> list[tuple[mpf, mpf]]:
        """The same demand in numbers at one point. Laws of calculus recompute theirs without symbols."""
        number = case.setting.number
        return [(number(a, point), number(b, point)) for a, b in demands(self, case)]

    @property
    @abstractmethod
    def words(self) -> str:
        """What is compared with what, for a reader."""

    def run(self, case: Case) -> Outcome:
        """Compare numerically at random points, then symbolically; for each size, where the setting has sizes."""
        range_of = case.setting.sizes
        if range_of is None:
            return self._run(case)
        outcomes = []
        for size in range_of.sizes:
            make = Explicit(size, self.covariance or range_of.covariance, range_of.simplex)
            try:
                check, explicit = make.field(self), _at_size(make, case)
            except (Refused, TypeError) as refusal:
                return Outcome(Verdict.REFUSED, mpf("inf"), f"{self.words} Refused: {refusal}.")
            outcomes.append(check._run(explicit))
            if not outcomes[-1].ok:
                break  # decided already; the larger sizes cost most
        sizes = ", ".join(str(size) for size in range_of.sizes)
        how = f"For n = {sizes}, with {self.covariance or range_of.covariance} symbols: {outcomes[-1].how}"
        return Outcome(outcomes[-1].verdict, max(o.residual for o in outcomes), how)

    def _run(self, case: Case) -> Outcome:
        residual = mpf("inf")
        try:
            self._require_form(case)
            with mpmath.workdps(DIGITS + GUARD):
                residual = max(self._residuals(case))
            if not residual <= TOLERANCE:
                return Outcome(Verdict.REFUSED, residual, f"{self.words} The two differ at a random point.")
            if not all(self._agree(a, b, case) for a, b in demands(self, case)):
                how = f"{self.words} In numbers the two agree, but the difference was not proved to be 0."
                return Outcome(Verdict.NOT_DECIDED, residual, how)
        except (Refused, NoNumber) as refusal:
            return Outcome(Verdict.REFUSED, mpf("inf"), f"{self.words} Refused: {refusal}.")
        except Undecided as why:
            return Outcome(Verdict.NOT_DECIDED, residual, f"{self.words} Not decided: {why}.")
        return Outcome(Verdict.HOLDS, residual, f"{self.words} {self._numeric_words(case)}")

    def _agree(self, a: Expr, b: Expr, case: Case) -> bool:
        return are_equal(a, b) if self.as_written else same(a, b, case.setting)

    def _require_form(self, case: Case) -> None:
        """The right kind of statement, about the right quantity, under the right hypotheses."""
        before, after, setting = case.before, case.after, case.setting
        require(before is not None or self.starts, "there is no earlier step to follow from")
        is_kind = before is None or isinstance(before.relation, self.premise)
        require(is_kind, "the earlier step is another kind of statement")
        require(isinstance(after.relation, self.relation), "it is another kind of statement than this law proves")
        sources = () if before is None else (before, *case.cited)
        ends = self.takes_infinity or not any(map(_is_infinite, sources))
        require(ends, "what is infinite is no number to go on with")
        quantity = self.left(case)
        is_it = quantity is None or quantity == after.lhs or setting.full(quantity) == setting.full(after.lhs)
        require(is_it, "the left side is not the quantity that this law is about")
        stated, needed = frozenset(after.under), self.hypotheses(case)
        require(needed <= stated, f"it holds only where {_listed(needed - stated)}")
        require(stated <= needed, f"it does not need {_listed(stated - needed)}")

    def _residuals(self, case: Case) -> list[mpf]:
        pairs = demands(self, case)
        require(bool(pairs), "there is nothing to compare")
        says_again = case.before is not None and case.after.relation == case.before.relation
        require(not says_again, "the step says again what the earlier one said")
        if self.covariance is None:  # else a matrix has an inverse by what it is, which its entries do not show
            _require_defined(case)
        symbols = _symbols(case, pairs)
        residuals = []
        for index in range(self.points(case)):
            point = case.setting.point(symbols, index)
            residuals += [_distance(a, b) for a, b in self.numbers(case, point)]
        return residuals

    def points(self, case: Case) -> int:
        """At how many points: a quadrature of 50 digits is dear, and one point of 60 random digits decides."""
        sides = [case.after.relation, *([] if case.before is None else [case.before.relation])]
        return 1 if any(side.has(Integral) for side in sides) else POINTS

    def _numeric_words(self, case: Case) -> str:
        trial = case.setting.trial
        what = f"for {trial.words}" if trial else "at random points"
        return f"The difference is 0 symbolically, and in numbers of {DIGITS} digits {what}."


@lru_cache(maxsize=8)
def demands(check: Check, case: Case) -> tuple[Pair, ...]:
    """The pairs of a check, worked out once for the numbers and the algebra; of matrices, entry by entry."""
    found: list[Pair] = []
    for a, b in check.pairs(case):
        shapes = getattr(a, "shape", ()), getattr(b, "shape", ())
        require(shapes[0] == shapes[1], "the two sides have different shapes")
        found += zip(a, b, strict=True) if shapes[0] else [(a, b)]
    return tuple(found)


def same(a: Expr, b: Expr, setting: Setting) -> bool:
    """Whether two expressions are the same: as they are written, or with known densities written out, or with all that
    abbreviations stand for, or with every symbol in a form that shows its range. Any of these proves it."""
    if are_equal(a, b):
        return True
    if setting.laws and are_equal(setting.with_laws(a), setting.with_laws(b)):
        return True
    a, b = setting.full(a), setting.full(b)
    if a == b:
        return True
    parts = join_integrals(a - b)
    return all(is_zero(part) or (setting.domains and is_zero(setting.known(part))) for part in parts)


@dataclass(frozen=True, kw_only=True)
class SameQuantity(Check):
    """What the checks share that rewrite the right side alone: the left one stays as it was."""

    def left(self, case: Case) -> Expr:
        return case.before.lhs


def require_free(case: Case, symbol: Symbol) -> None:
    """A law about all values of a symbol needs a statement that holds for all of them, and a symbol that is free."""
    require(not case.depends(case.before, symbol), f"the earlier step holds only at some values of {symbol}")
    require_shown(case, symbol)


def require_shown(case: Case, symbol: Symbol) -> None:
    """A symbol may be changed only where all that depends on it shows it, on both sides and in the hypotheses."""
    before, setting = case.before, case.setting
    parts = (before.relation, *before.under)
    require(not any(symbol in bound_symbols(part) for part in parts), f"{symbol} stands for no one value there")
    require(not any(symbol in setting.hidden(part) for part in parts), f"what is said is of one {symbol} alone")
    of_left, of_right = (setting.full(side).free_symbols for side in (before.lhs, before.rhs))
    require(symbol in of_left or symbol not in of_right, f"the quantity on the left is of one {symbol} alone")


@lru_cache(maxsize=64)
def _setting_at_size(make: Explicit, setting: Setting) -> Setting:
    asked = replace(setting, sizes=None, definitions=(), words=())
    return replace(make.field(asked), definitions=make.each(setting.definitions))


def _at_size(make: Explicit, case: Case) -> Case:
    setting = _setting_at_size(make, case.setting)
    statements = (make.field(s) for s in (case.before, case.after, *case.cited))
    before, after, *cited = statements
    return Case(before, after, tuple(cited), setting)


def _require_defined(case: Case) -> None:
    """What is stated has a value for all values of its symbols."""
    for side in case.after.relation.args:
        for entry in side if getattr(side, "shape", ()) else (side,):
            require_defined(entry, case.setting)


def _is_infinite(statement: Statement) -> bool:
    """Whether a side is infinite, not counting the ends of integrals and where limits go."""
    sides = (side for side in statement.relation.args if isinstance(side, Expr))
    outside = (side.xreplace(dict.fromkeys(side.atoms(Integral, Sum, Limit), S.One)) for side in sides)
    return any(side.has(oo, -oo, zoo, nan) for side in outside)


def _listed(relations: frozenset[Relational]) -> str:
    return ", ".join(sorted(map(str, relations)))


def _symbols(case: Case, pairs: tuple[Pair, ...]) -> set[Symbol]:
    relations = [s.relation for s in (case.before, case.after, *case.cited) if s is not None]
    parts = [*relations, *(side for pair in pairs for side in pair)]
    return {s for part in parts for s in getattr(part, "free_symbols", ()) if isinstance(s, Symbol)}


def _distance(a: mpf, b: mpf) -> mpf:
    """|a - b|, relative where the numbers are large."""
    return abs(a - b) / max(mpf(1), abs(b))


__all__ = ["Case", "Check", "Outcome", "Pair", "Refused", "Statement", "Undecided", "Verdict", "require"]
