"""What it means to check a step: the same for every kind of law.

A check names pairs that must agree. `run` compares them twice, by unrelated routes: with numbers at random points in
50 digits, and by algebra for all values at once. The numbers come first, for they refuse a wrong step quickly.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

import mpmath
from mpmath import mpf
from sympy import Derivative, Expr, Integral, Symbol
from sympy.core.relational import Equality, Relational

from kl_engine.symbolic.proof.sampling import DIGITS, GUARD, NoNumber, Point, random_point, value
from kl_engine.symbolic.proof.zero import is_zero

TOLERANCE = mpf(10) ** -40
POINTS = 2

Pair = tuple[Expr, Expr]


class Refused(Exception):
    """A step that its check cannot accept; the message says why."""


@dataclass(frozen=True)
class Instance:
    """Something concrete to put numbers in where a law holds for anything: a particular p, with its moments."""

    words: str
    replace: tuple[Pair, ...]
    facts: tuple[Pair, ...] = ()  # symbol, and the expression (integrals allowed) that gives its value

    def make(self, expression: Expr) -> Expr:
        return substitute(expression, self.replace)

    def point(self, point: Point) -> Point:
        return point | {symbol: value(self.make(fact), point) for symbol, fact in self.facts}


@dataclass(frozen=True)
class Outcome:
    """The result of one check: accepted or not, the largest numeric residual, and in words what was done."""

    ok: bool
    residual: mpf
    how: str


@dataclass(frozen=True, kw_only=True)
class Check(ABC):
    """One law by which a step follows. A subclass's docstring is the law; `pairs` is what it demands.

    where: what an abbreviation such as p(x) stands for, put in before anything is compared.
    instance: what stands in, for the numbers only, for something the law leaves open.
    """

    starts: ClassVar[bool] = False  # whether it can stand without an earlier step
    premise: ClassVar[type | tuple[type, ...]] = Equality  # the kind of statement that it follows from
    relation: ClassVar[type | tuple[type, ...]] = Equality  # the kind of statement that it proves

    where: tuple[Pair, ...] = ()
    instance: Instance | None = None

    @property
    def cites(self) -> tuple[Relational, ...]:
        """What it rests on besides the step it follows from: each must be an earlier step of the derivation."""
        return ()

    @abstractmethod
    def left(self, before: Relational | None) -> Expr | None:
        """The quantity that the step is about, which must be its left side exactly.

        A check that starts afresh says which by its own meaning; another, by that of the earlier step. None only if
        `pairs` compares the left side too, so that the step speaks for itself.
        """

    @abstractmethod
    def pairs(self, before: Relational | None, after: Relational) -> list[Pair]:
        """Expressions that must be identical for the step to hold. Raises Refused if the step has the wrong form."""

    def numbers(self, before: Relational | None, after: Relational, point: Point) -> list[tuple[mpf, mpf]]:
        """The same demand in numbers at one point. Laws of calculus recompute theirs without symbols."""
        return [(self.number(a, point), self.number(b, point)) for a, b in demands(self, before, after)]

    def number(self, expression: Expr, point: Point) -> mpf:
        return value(self.instance.make(expression) if self.instance else expression, point)

    @property
    @abstractmethod
    def words(self) -> str:
        """What is compared with what, for a reader."""

    def run(self, before: Relational | None, after: Relational) -> Outcome:
        """Compare numerically at random points, then symbolically."""
        before = None if before is None else substitute(before, self.where)
        after = substitute(after, self.where)
        try:
            self._require_form(before, after)
            with mpmath.workdps(DIGITS + GUARD):
                residual = max(self._residuals(before, after))
            if not residual <= TOLERANCE:
                return Outcome(False, residual, f"{self.words} The two differ at a random point.")
            if not all(is_zero(a - b) for a, b in demands(self, before, after)):
                return Outcome(False, residual, f"{self.words} The difference was not proved to be 0.")
        except (Refused, NoNumber) as refusal:
            return Outcome(False, mpf("inf"), f"{self.words} Refused: {refusal}.")
        return Outcome(True, residual, f"{self.words} {self._numeric_words()}")

    def _require_form(self, before: Relational | None, after: Relational) -> None:
        """The right kind of statement, about the right quantity."""
        require(before is not None or self.starts, "there is no earlier step to follow from")
        require(self.starts or isinstance(before, self.premise), "the earlier step is another kind of statement")
        require(isinstance(after, self.relation), "it is another kind of statement than this law proves")
        quantity = self.left(before)
        is_it = quantity is None or substitute(quantity, self.where) == after.lhs
        require(is_it, "the left side is not the quantity that this law is about")

    def _residuals(self, before: Relational | None, after: Relational) -> list[mpf]:
        pairs = demands(self, before, after)
        require(bool(pairs), "there is nothing to compare")
        require(after != before, "the step says again what the earlier one said")
        stand_ins = self.instance.replace if self.instance else ()
        symbols = _symbols(before, after, *pairs, *self.where, *stand_ins)
        residuals = []
        for index in range(self.points(before, after)):
            point = random_point(symbols, index)
            point = self.instance.point(point) if self.instance else point
            residuals += [_distance(a, b) for a, b in self.numbers(before, after, point)]
        return residuals

    def points(self, before: Relational | None, after: Relational) -> int:
        """At how many points: a quadrature of 50 digits is dear, and one point of 60 random digits decides."""
        return 1 if any(side is not None and side.has(Integral) for side in (before, after)) else POINTS

    def _numeric_words(self) -> str:
        what = f"for {self.instance.words}" if self.instance else "at random points"
        return f"The difference is 0 symbolically, and in numbers of {DIGITS} digits {what}."


@lru_cache(maxsize=8)
def demands(check: Check, before: Relational | None, after: Relational) -> tuple[Pair, ...]:
    """The pairs of a check, worked out once for the numbers and the algebra."""
    return tuple(check.pairs(before, after))


def require(condition: bool, otherwise: str) -> None:
    if not condition:
        raise Refused(otherwise)


@dataclass(frozen=True, kw_only=True)
class SameQuantity(Check):
    """What the checks share that rewrite the right side alone: the left one stays as it was."""

    def left(self, before: Relational) -> Expr:
        return before.lhs


def substitute(expression: Expr | Relational, pairs: tuple[Pair, ...]) -> Expr | Relational:
    """Put in what abbreviations stand for, then carry out the derivatives that this makes possible."""
    if not pairs:
        return expression
    if isinstance(expression, Relational):  # kept as it is: SymPy would decide an equation with a matrix
        sides = (substitute(side, pairs) for side in expression.args)
        return expression.func(*sides, evaluate=False)
    replaced = expression.xreplace(dict(pairs))
    open_derivatives = {d: d.doit() for d in replaced.atoms(Derivative) if d.has(*(new for _, new in pairs))}
    return replaced.xreplace(open_derivatives)


def _symbols(*sources: object) -> set[Symbol]:
    found: set[Symbol] = set()
    for source in sources:
        parts = source if isinstance(source, tuple) else (source,)
        for part in parts:
            found |= {s for s in getattr(part, "free_symbols", ()) if isinstance(s, Symbol)}
    return found


def _distance(a: mpf, b: mpf) -> mpf:
    """|a - b|, relative where the numbers are large."""
    return abs(a - b) / max(mpf(1), abs(b))
