"""Checks about the least value of a function of two symbols: elimination, roots of polynomials, and why one is least.

Signs at a root are decided in interval arithmetic, roots are isolated by SymPy (exactly), and found again by another
method for the numbers.
"""

from dataclasses import dataclass

import mpmath
from mpmath import iv, mpf
from sympy import (
    Derivative,
    Eq,
    Expr,
    Matrix,
    Poly,
    Rational,
    S,
    Symbol,
    fraction,
    lambdify,
    limit,
    oo,
    resultant,
    sign,
    together,
)
from sympy.core.relational import GreaterThan, Relational

from kl_engine.symbolic.proof.check import Case, Check, Pair, require
from kl_engine.symbolic.proof.checks.calculus import central_difference
from kl_engine.symbolic.proof.quantities import bound_symbols, hessian, least_at
from kl_engine.symbolic.proof.sampling import DIGITS, GUARD, Point
from kl_engine.symbolic.proof.work import require_small

_MOST_OPERATIONS = 300  # of a polynomial whose roots are isolated, or a bound whose limits are taken
_WIDTH = Rational(1, 10 ** (DIGITS + GUARD))  # of the interval that holds a root


@dataclass(frozen=True, kw_only=True)
class Eliminate(Check):
    """If f = 0 and g = 0 then their resultant by a symbol is 0, a polynomial in the other symbol alone.

    f and g are the numerators of left - right, of the earlier equation and of another one.
    """

    law = "resultant"

    other: Relational
    symbol: Symbol

    @property
    def cites(self) -> tuple[Relational, ...]:
        return (self.other,)

    def left(self, case: Case) -> None:
        return None

    def pairs(self, case: Case) -> list[Pair]:
        _, eliminated = resultant(*self._numerators(case), self.symbol).as_poly().primitive()
        return [(case.after.lhs, eliminated.as_expr() * sign(eliminated.LC())), (case.after.rhs, S.Zero)]

    def numbers(self, case: Case, point: Point) -> list[tuple[mpf, mpf]]:
        """As the product of g over the roots of f, and up to the constant factor that is left out."""
        number = case.setting.number
        f, g = (numerator.as_poly(self.symbol) for numerator in self._numerators(case))
        content, eliminated = resultant(f.as_expr(), g.as_expr(), self.symbol).as_poly().primitive()
        roots = mpmath.polyroots([number(c, point) for c in f.all_coeffs()], maxsteps=200, extraprec=200)
        product = number(f.LC(), point) ** g.degree()
        for root in roots:
            product *= mpmath.polyval([number(c, point) for c in g.all_coeffs()], root)
        stated = number(case.after.lhs, point) * int(content * sign(eliminated.LC()))
        return [(stated, product), (number(case.after.rhs, point), mpf(0))]

    def _numerators(self, case: Case) -> list[Expr]:
        equations = (case.before, case.cited[0])
        found = [fraction(together(equation.lhs - equation.rhs))[0].expand() for equation in equations]
        for numerator in found:
            require(numerator.is_polynomial(), "it is no equation of polynomials")
            require_small(numerator, _MOST_OPERATIONS)
        return found

    @property
    def words(self) -> str:
        return f"The resultant by {self.symbol} of the two conditions is formed again, and in numbers by its roots."


@dataclass(frozen=True, kw_only=True)
class OnlyRoot(Check):
    """Of the real roots of the earlier polynomial just one is admissible: the symbol is that root.

    partner, condition: a root is admissible if the positive symbol `partner`, in which the condition is linear, comes
    out positive there. Without them, if the root itself is positive.
    """

    law = "isolated root"

    symbol: Symbol
    partner: Symbol | None = None
    condition: Relational | None = None

    @property
    def cites(self) -> tuple[Relational, ...]:
        return () if self.condition is None else (self.condition,)

    def left(self, case: Case) -> Symbol:
        return self.symbol

    def pairs(self, case: Case) -> list[Pair]:
        positive = self._positive(case)
        roots = self._polynomial(case).real_roots(multiple=False)
        signs = {root: _sign(positive, {self.symbol: root}) for root, _ in roots}
        require(0 not in signs.values(), "at a root it is not decided whether it is admissible")
        require([root for root, is_so in signs.items() if is_so > 0] == [case.after.rhs], "it is not the only one")
        return [(case.after.rhs, case.after.rhs + S.Zero)]

    def numbers(self, case: Case, point: Point) -> list[tuple[mpf, mpf]]:
        polynomial = self._polynomial(case)
        middle = _rational(case.after.rhs)
        ends = [polynomial.eval(middle + side * _WIDTH) for side in (1, -1)]
        require((ends[0] * ends[1]).is_negative is True, "the polynomial does not change its sign there")
        stated = mpf(middle.p) / middle.q
        found = mpmath.polyroots([mpf(int(c)) for c in polynomial.all_coeffs()], maxsteps=200, extraprec=200)
        return [(stated, min(found, key=lambda root: abs(root - stated)))]

    def _polynomial(self, case: Case) -> Poly:
        difference = case.before.lhs - case.before.rhs
        require(difference.free_symbols == {self.symbol}, "it is no equation of that symbol alone")
        require_small(difference, _MOST_OPERATIONS)
        return Poly(difference, self.symbol)

    def _positive(self, case: Case) -> Expr:
        if self.condition is None:
            require(self.symbol.is_positive is True, "the sign of the symbol is not known")
            return self.symbol
        condition = case.cited[0]
        linear = Poly(condition.lhs - condition.rhs, self.partner)
        require(linear.degree() == 1 and self.partner.is_positive is True, "the partner does not follow from the root")
        return -linear.nth(0) / linear.nth(1)

    @property
    def words(self) -> str:
        return (
            "The real roots are isolated again, and only this one is admissible; in numbers, the polynomial changes "
            "its sign there, and all roots are found together."
        )


@dataclass(frozen=True, kw_only=True)
class LeastAt(Check):
    """Where F is least. F >= a(s) + b(t), both of them infinite at the ends, so F has a least value, and there its
    slopes are 0. They are so at one place only, the roots, and the Hessian (the earlier step) is positive definite
    there. The hypotheses that the slopes are 0 are met where F is least, and are gone.

    whole: F = ...; bound: F >= a + b; roots: what follows from both slopes being 0, for s and t.
    """

    law = "one stationary place"

    by: tuple[Symbol, Symbol]
    whole: Eq
    bound: GreaterThan
    roots: tuple[Eq, Eq]

    @property
    def cites(self) -> tuple[Relational, ...]:
        return (self.whole, self.bound, *self.roots)

    def hypotheses(self, case: Case) -> frozenset[Relational]:
        slopes = {Eq(Derivative(self.whole.lhs, s), S.Zero, evaluate=False) for s in self.by}
        return case.inherited - slopes

    def _require_unconditional(self, case: Case) -> None:
        kept = self.hypotheses(case)
        about = {s for h in kept for s in case.setting.symbols_of(h) | bound_symbols(h)}
        require(not about & set(self.by), "a root is one only under another hypothesis")

    def left(self, case: Case) -> Expr:
        whole, bound = case.cited[:2]
        require(isinstance(bound.relation, GreaterThan) and bound.lhs == whole.lhs, "the bound is of another quantity")
        require(case.before.lhs == hessian(whole.lhs, self.by), "the earlier step is not its Hessian")
        for statement in (case.before, whole, bound):
            require(not any(case.depends(statement, s) for s in self.by), "what is said of F holds only at some places")
        self._require_unconditional(case)
        return least_at(whole.lhs, self.by)

    def pairs(self, case: Case) -> list[Pair]:
        _, bound, *roots = case.cited
        require(tuple(root.lhs for root in roots) == self.by, "the roots are those of other symbols")
        require(getattr(case.after.rhs, "shape", None) == (2, 1), "it is no column of two numbers")
        self._require_growth(bound.rhs)
        values = {root.lhs: root.rhs for root in roots}
        require(all(value.is_number for value in values.values()), "a root is no number")
        minors = (case.before.rhs[0, 0], Matrix(case.before.rhs).det())
        require(all(_sign(minor, values) > 0 for minor in minors), "the Hessian is not positive definite there")
        return list(zip(case.after.rhs, values.values(), strict=True))

    def _require_growth(self, bound: Expr) -> None:
        """The bound is a sum of functions of one symbol each, infinite at both ends of its range."""
        require_small(bound, _MOST_OPERATIONS)
        for symbol in self.by:
            others = [other for other in self.by if other != symbol]
            part, rest = bound.as_independent(*others, as_Add=True)
            require(not rest.has(symbol), "the bound is no sum of functions of one symbol each")
            ends = (0 if symbol.is_positive else -oo, oo)
            require(
                all(limit(part, symbol, end) == oo for end in ends), f"the bound is not infinite at an end of {symbol}"
            )

    def numbers(self, case: Case, point: Point) -> list[tuple[mpf, mpf]]:
        number, whole = case.setting.number, case.cited[0].rhs
        with mpmath.workdps(2 * DIGITS):
            stated = [_rational(entry, _WIDTH**2) for entry in case.after.rhs]
            there = dict(zip(self.by, (mpf(entry.p) / entry.q for entry in stated), strict=True))
            lowest, other = (number(whole, place) for place in (there, point))
        require(lowest < other, "it is smaller elsewhere")
        return [(central_difference(number, whole, symbol, there), mpf(0)) for symbol in self.by]

    @property
    def words(self) -> str:
        return (
            "The bound is found to be infinite at every end and both minors of the Hessian to be positive at the "
            "roots; in numbers, the slopes there are difference quotients."
        )


def _rational(root: Expr, width: Rational = _WIDTH) -> Rational:
    """A fraction no further than `width` from the root."""
    return root if root.is_Rational else root.eval_rational(width, width)


def _sign(expression: Expr, roots: dict[Symbol, Expr]) -> int:
    """The sign of an expression at roots, each in an interval that holds it; 0 if that does not decide."""
    function = lambdify(tuple(roots), expression, [{"mpf": iv.mpf, "log": iv.log}, "mpmath"])
    enclosed = function(*(_enclosure(root) for root in roots.values()))
    return 1 if enclosed.a > 0 else -1 if enclosed.b < 0 else 0


def _enclosure(root: Expr) -> iv.mpf:
    middle, width = (iv.mpf(number.p) / number.q for number in (_rational(root), _WIDTH))
    return middle + width * iv.mpf([-1, 1])
