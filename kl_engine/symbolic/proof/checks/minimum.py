"""Checks about the least value of a function of two symbols: elimination, roots of polynomials, and why one is least.

Signs at a root are decided in interval arithmetic, roots are isolated by SymPy (exactly), and found again by another
method for the numbers.
"""

from dataclasses import dataclass

import mpmath
from mpmath import iv, mpf
from sympy import (
    Eq,
    Expr,
    Matrix,
    Poly,
    Rational,
    Symbol,
    diff,
    fraction,
    lambdify,
    limit,
    oo,
    resultant,
    sign,
    together,
)
from sympy.core.relational import GreaterThan, Relational

from kl_engine.symbolic.proof.check import Check, Pair, require
from kl_engine.symbolic.proof.checks.calculus import central_difference
from kl_engine.symbolic.proof.quantities import hessian, least_at
from kl_engine.symbolic.proof.sampling import DIGITS, GUARD, Point

_WIDTH = Rational(1, 10 ** (DIGITS + GUARD))  # of the interval that holds a root


@dataclass(frozen=True, kw_only=True)
class Eliminate(Check):
    """If f = 0 and g = 0 then their resultant by a symbol is 0, a polynomial in the other symbol alone.

    f and g are the numerators of left - right, of the earlier equation and of another one.
    """

    other: Relational
    symbol: Symbol

    @property
    def cites(self) -> tuple[Relational, ...]:
        return (self.other,)

    def left(self, before: Relational) -> None:
        return None

    def pairs(self, before: Relational, after: Relational) -> list[Pair]:
        _, eliminated = resultant(*self._numerators(before), self.symbol).as_poly().primitive()
        return [(after.lhs, eliminated.as_expr() * sign(eliminated.LC())), (after.rhs, 0 * after.lhs)]

    def numbers(self, before: Relational, after: Relational, point: Point) -> list[tuple[mpf, mpf]]:
        """As the product of g over the roots of f, and up to the constant factor that is left out."""
        f, g = (numerator.as_poly(self.symbol) for numerator in self._numerators(before))
        content, eliminated = resultant(f.as_expr(), g.as_expr(), self.symbol).as_poly().primitive()
        roots = mpmath.polyroots([self.number(c, point) for c in f.all_coeffs()], maxsteps=200, extraprec=200)
        product = self.number(f.LC(), point) ** g.degree()
        for root in roots:
            product *= mpmath.polyval([self.number(c, point) for c in g.all_coeffs()], root)
        stated = self.number(after.lhs, point) * int(content * sign(eliminated.LC()))
        return [(stated, product), (self.number(after.rhs, point), mpf(0))]

    def _numerators(self, before: Relational) -> list[Expr]:
        return [fraction(together(equation.lhs - equation.rhs))[0].expand() for equation in (before, self.other)]

    @property
    def words(self) -> str:
        return f"The resultant by {self.symbol} of the two conditions is formed again, and in numbers by its roots."


@dataclass(frozen=True, kw_only=True)
class OnlyRoot(Check):
    """Of the real roots of the earlier polynomial just one is admissible: the symbol is that root.

    partner, condition: a root is admissible if the positive symbol `partner`, in which the condition is linear, comes
    out positive there. Without them, if the root itself is positive.
    """

    symbol: Symbol
    partner: Symbol | None = None
    condition: Relational | None = None

    @property
    def cites(self) -> tuple[Relational, ...]:
        return () if self.condition is None else (self.condition,)

    def left(self, before: Relational) -> Symbol:
        return self.symbol

    def pairs(self, before: Relational, after: Relational) -> list[Pair]:
        positive = self._positive()
        roots = self._polynomial(before).real_roots(multiple=False)
        admissible = [root for root, _ in roots if _sign(positive, {self.symbol: root}) > 0]
        require(admissible == [after.rhs], "it is not the only admissible root")
        return [(after.rhs, admissible[0])]

    def numbers(self, before: Relational, after: Relational, point: Point) -> list[tuple[mpf, mpf]]:
        polynomial = self._polynomial(before)
        middle = _rational(after.rhs)
        ends = [polynomial.eval(middle + side * _WIDTH) for side in (1, -1)]
        require((ends[0] * ends[1]).is_negative is True, "the polynomial does not change its sign there")
        stated = mpf(middle.p) / middle.q
        found = mpmath.polyroots([mpf(int(c)) for c in polynomial.all_coeffs()], maxsteps=200, extraprec=200)
        return [(stated, min(found, key=lambda root: abs(root - stated)))]

    def _polynomial(self, before: Relational) -> Poly:
        return Poly(before.lhs - before.rhs, self.symbol)

    def _positive(self) -> Expr:
        if self.condition is None:
            require(self.symbol.is_positive is True, "the sign of the symbol is not known")
            return self.symbol
        linear = Poly(self.condition.lhs - self.condition.rhs, self.partner)
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
    slopes are 0. They are at one place only, the roots, and the Hessian (the earlier step) is positive definite there.

    whole: F = ...; bound: F >= a + b; conditions: the slopes set to 0; roots: what follows from both, for s and t.
    """

    by: tuple[Symbol, Symbol]
    whole: Eq
    bound: GreaterThan
    conditions: tuple[Eq, Eq]
    roots: tuple[Eq, Eq]

    @property
    def cites(self) -> tuple[Relational, ...]:
        return (self.whole, self.bound, *self.conditions, *self.roots)

    def left(self, before: Relational) -> Expr:
        require(self.bound.lhs == self.whole.lhs, "the bound is of another quantity")
        require(before.lhs == hessian(self.whole.lhs, self.by), "the earlier step is not its Hessian")
        return least_at(self.whole.lhs, self.by, self.conditions)

    def pairs(self, before: Relational, after: Relational) -> list[Pair]:
        require(tuple(root.lhs for root in self.roots) == self.by, "the roots are those of other symbols")
        require(getattr(after.rhs, "shape", None) == (2, 1), "it is no column of two numbers")
        self._require_growth()
        values = {root.lhs: root.rhs for root in self.roots}
        minors = (before.rhs[0, 0], Matrix(before.rhs).det())
        require(all(_sign(minor, values) > 0 for minor in minors), "the Hessian is not positive definite there")
        slopes = [(diff(self.whole.rhs, s), c.lhs - c.rhs) for s, c in zip(self.by, self.conditions, strict=True)]
        return [*slopes, *zip(after.rhs, values.values(), strict=True)]

    def _require_growth(self) -> None:
        """The bound is a sum of functions of one symbol each, infinite at both ends of its range."""
        for symbol in self.by:
            others = [other for other in self.by if other != symbol]
            part, rest = self.bound.rhs.as_independent(*others, as_Add=True)
            require(not rest.has(symbol), "the bound is no sum of functions of one symbol each")
            ends = (0 if symbol.is_positive else -oo, oo)
            require(
                all(limit(part, symbol, end) == oo for end in ends), f"the bound is not infinite at an end of {symbol}"
            )

    def numbers(self, before: Relational, after: Relational, point: Point) -> list[tuple[mpf, mpf]]:
        with mpmath.workdps(2 * DIGITS):
            stated = [_rational(entry, _WIDTH**2) for entry in after.rhs]
            there = dict(zip(self.by, (mpf(entry.p) / entry.q for entry in stated), strict=True))
            least, other = (self.number(self.whole.rhs, place) for place in (there, point))
        require(least < other, "it is smaller elsewhere")
        return [(central_difference(self.number, self.whole.rhs, symbol, there), mpf(0)) for symbol in self.by]

    @property
    def words(self) -> str:
        return (
            "The conditions are compared with the slopes, the bound is found to be infinite at every end and both "
            "minors of the Hessian to be positive at the roots; in numbers, the slopes there are difference quotients."
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
