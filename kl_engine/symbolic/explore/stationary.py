"""Where a closed form is stationary in one symbol: every real solution in its domain, each put back and checked.

The condition is turned into polynomials in the symbol: denominators are multiplied away, the product is taken apart,
and a sum of logarithms with constant factors is exponentiated. What is then still not a polynomial of low degree is
left unsolved, and said to be so.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import mpmath
from mpmath import mpf
from sympy import (
    Add,
    ComplexRootOf,
    Expr,
    Float,
    Mul,
    Poly,
    PolynomialError,
    Symbol,
    diff,
    exp,
    expand,
    expand_log,
    factor_list,
    fraction,
    log,
    real_roots,
    roots,
    together,
)

from kl_engine.symbolic.explore.explore import MAX_SIZE, Form
from kl_engine.symbolic.explore.settings import ExplorationError
from kl_engine.symbolic.explore.simplify import is_steep, tidy
from kl_engine.symbolic.formulas.symbol_names import spoken
from kl_engine.symbolic.proof.sampling import DIGITS, GUARD, NoNumber, Point, value
from kl_engine.symbolic.proof.writing.typeset import latex
from kl_engine.symbolic.recognise.algebra.normal_form import proves_zero

_POINTS = 9
_TOLERANCE = mpf(10) ** -40
_HIGHEST = 8  # degree of a polynomial with numbers as coefficients
_READABLE = 60  # operations of a solution
_SHOWN = 20  # digits of a root that has no formula
_MOST = 120  # operations of a condition


@dataclass(frozen=True)
class Solution:
    """One stationary value of the symbol.

    kind: "minimum", "maximum", "saddle" (the second derivative is 0) or "depends on the other symbols".
    always: whether it is in the domain for every value of the others; if not, only for some.
    proved: whether algebra shows that the derivative is 0 there. It is in numbers of 50 digits in any case.
    """

    value: Expr
    kind: str
    always: bool
    proved: bool

    @property
    def latex(self) -> str:
        return latex(self.value)


@dataclass(frozen=True)
class Stationarity:
    """The condition (its left side, to be 0) and its solutions. complete: whether no others can exist."""

    by: Symbol
    condition: Expr
    solutions: tuple[Solution, ...]
    complete: bool
    words: str

    @property
    def latex(self) -> str:
        return f"{latex(self.condition)} = 0"


class _Unsolved(Exception):
    """A factor of the condition that is not a polynomial of low degree."""


def solve_stationarity(form: Form, by: str) -> Stationarity:
    """Where the derivative by one symbol is 0. ExplorationError if the form is too large or has no such symbol."""
    symbol = form.symbol(by)
    if form.expression.count_ops() > MAX_SIZE // 4:
        raise ExplorationError("The form has grown too large to solve for a symbol: start again from a shorter one.")
    condition = tidy(diff(form.expression, symbol))
    if not condition.has(symbol):
        words = f"The slope in {spoken(symbol)} is the same, whatever {spoken(symbol)} is: no point is stationary."
        return Stationarity(symbol, condition, (), True, words)
    candidates, complete = _candidates(condition, symbol)
    with mpmath.workdps(DIGITS + GUARD):
        points = form.points(_POINTS)
        checked = [_checked(form, symbol, condition, candidate, points) for candidate in candidates]
    solutions = tuple(solution for solution in checked if solution is not None)
    return Stationarity(symbol, condition, solutions, complete, _words(symbol, solutions, complete))


def _candidates(condition: Expr, symbol: Symbol) -> tuple[list[Expr], bool]:
    found: list[Expr] = []
    complete = condition.count_ops() <= _MOST and not is_steep(condition)
    for part in _factors(condition, symbol) if complete else ():
        try:
            found += [root for root in _solved(part, symbol) if root not in found]
        except _Unsolved:
            complete = False
    return found, complete


def _factors(condition: Expr, symbol: Symbol) -> Iterator[Expr]:
    """The factors of the numerator in which the symbol occurs."""
    numerator = fraction(together(expand_log(condition)))[0]
    for part in Mul.make_args(numerator):
        try:
            yield from (piece for piece, _ in factor_list(expand(part))[1] if piece.has(symbol))
        except PolynomialError:
            yield part


def _solved(part: Expr, symbol: Symbol) -> list[Expr]:
    if not part.is_polynomial(symbol):
        rational = _without_logs(part, symbol)
        return [root for piece in _factors(rational, symbol) for root in _polynomial_roots(piece, symbol)]
    return _polynomial_roots(part, symbol)


def _without_logs(part: Expr, symbol: Symbol) -> Expr:
    """sum of c log(u) + b = 0 as prod u^c - exp(-b) = 0, for whole c and a b without the symbol."""
    terms = Add.make_args(expand(expand_log(part)))
    rest = Add(*(term for term in terms if not term.has(symbol)))
    product = exp(-rest)
    for term in terms:
        if term.has(symbol):
            constant, logarithm = term.as_independent(symbol)
            if not (isinstance(logarithm, log) and constant.is_Integer):
                raise _Unsolved
            product *= logarithm.args[0] ** (-constant)
    return product.rewrite(log).expand(power_exp=True) - 1 if product.has(symbol) else part


def _polynomial_roots(part: Expr, symbol: Symbol) -> list[Expr]:
    try:
        polynomial = Poly(part, symbol)
    except PolynomialError:
        raise _Unsolved from None
    if not part.is_polynomial(symbol):
        raise _Unsolved
    degree = polynomial.degree()
    if (polynomial.domain.is_QQ or polynomial.domain.is_ZZ) and degree <= _HIGHEST:
        # A root of higher degree has no formula worth reading: it is shown as a number.
        return [root.evalf(DIGITS + GUARD) if root.has(ComplexRootOf) else root for root in real_roots(polynomial)]
    powers = {power for (power,) in polynomial.monoms()}
    if degree > 3 and powers - {0, degree, degree / 2}:
        raise _Unsolved  # a general quartic has a formula that helps nobody
    found = roots(polynomial)
    if sum(found.values()) < degree:
        raise _Unsolved
    if any(root.count_ops() > _READABLE for root in found):
        raise _Unsolved
    return list(found)


def _checked(form: Form, symbol: Symbol, condition: Expr, root: Expr, points: list[Point]) -> Solution | None:
    """The solution, if it is in the domain anywhere and the derivative is 0 there; otherwise None."""
    second = diff(condition, symbol)
    curvatures, inside = [], 0
    for point in points:
        number = _real(root, point)
        if number is None or not form.domain(symbol).holds(number):
            continue
        there = point | {symbol: number}
        if form.breach(there):
            continue
        slope, curvature = _real(condition, there), _real(second, there)
        if slope is None or curvature is None or abs(slope) > _TOLERANCE * (1 + abs(curvature)):
            continue
        inside += 1
        curvatures.append(0 if abs(curvature) < _TOLERANCE else int(mpmath.sign(curvature)))
    if not inside:
        return None
    kinds = {1: "minimum", -1: "maximum", 0: "saddle"}
    kind = kinds[curvatures[0]] if len(set(curvatures)) == 1 else "depends on the other symbols"
    shown = root.n(_SHOWN) if isinstance(root, Float) else tidy(root)
    is_proved = not shown.has(Float) and proves_zero(condition.xreplace({symbol: shown}))
    return Solution(shown, kind, inside == len(points), is_proved)


def _real(expression: Expr, point: Point) -> mpf | None:
    try:
        number = value(expression, point)
    except (NoNumber, ZeroDivisionError, ValueError, OverflowError):
        return None
    if isinstance(number, mpmath.mpc):
        return number.real if abs(number.imag) < _TOLERANCE else None
    return number


def _words(symbol: Symbol, solutions: tuple[Solution, ...], complete: bool) -> str:
    name = spoken(symbol)
    if solutions:
        places = "one point" if len(solutions) == 1 else f"{len(solutions)} points"
        return f"Stationary in {name} at {places}." + ("" if complete else " SymPy may not have found them all.")
    if complete:
        return f"There is no stationary point in {name} within its domain."
    return f"SymPy finds no solution for {name} in a closed form that can be read."
