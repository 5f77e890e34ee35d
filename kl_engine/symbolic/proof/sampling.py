"""Numbers for the numeric half of a check: random points, values of an expression, and integrals, at 50 digits."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from random import Random

import mpmath
from mpmath import mpf
from sympy import Derivative, Dummy, Expr, Integral, Symbol, lambdify, nan, zoo
from sympy.core.function import AppliedUndef

from kl_engine.symbolic.proof.notation import RANGES

DIGITS = 50
GUARD = 12  # further digits carried, for what cancels
SEED = 20240229
_POSITIVE, _REAL = (0.65, 1.2), (-1.2, 1.2)

Point = dict[Symbol, mpf]


class NoNumber(ValueError):
    """An expression has no value at a point: an integral diverges, or something in it is not defined."""


def random_point(symbols: Iterable[Symbol], index: int = 0) -> Point:
    """A value of full precision for each symbol, within the range of its name or of its sign.

    It depends on the name alone, so that a quadrature made for one step serves the next one too.
    """
    point = {}
    for symbol in symbols:
        low, high = RANGES.get(symbol, _POSITIVE if symbol.is_positive else _REAL)
        # Sixty random digits: a double would be a special point, exact in binary.
        digits = Random(f"{SEED} {symbol.name} {index}").randrange(10**60)
        point[symbol] = mpf(low) + (mpf(high) - mpf(low)) * digits / mpf(10) ** 60
    return point


def value(expression: Expr, point: Point) -> mpf:
    """The expression at a point; its integrals by quadrature. Precision is that of the mpmath context."""
    integrals = sorted(expression.atoms(Integral), key=str)
    stand_ins = {integral: Dummy() for integral in integrals}
    numbers = {stand_ins[i]: _integral(i, point) for i in integrals}
    rest = expression.xreplace(stand_ins)
    arguments = tuple(sorted(rest.free_symbols, key=_order))
    known = {**point, **numbers}
    return mpmath.mpmathify(compiled(arguments, rest, False)(*(known[a] for a in arguments)))


def _order(symbol: Symbol) -> tuple:
    return symbol.name, symbol.sort_key()


@lru_cache(maxsize=2048)
def compiled(arguments: tuple[Symbol, ...], expression: Expr, many: bool = True) -> Callable:
    """The expression as an mpmath function of its symbols. For many calls it pays to find what repeats in it."""
    if expression.atoms(AppliedUndef, Derivative) or expression.has(zoo, nan):
        raise NoNumber("it holds a function without a formula, or a division by 0")
    return lambdify(arguments, expression, "mpmath", cse=many)


def _integral(integral: Integral, point: Point) -> mpf:
    ((_, *ends),) = integral.limits
    limits = tuple(value(end, point) for end in ends)
    others = tuple(sorted(integral.free_symbols, key=_order))
    return _quadrature(integral, limits, others, tuple(point[s] for s in others), mpmath.mp.dps)


@lru_cache(maxsize=512)
def _quadrature(integral: Integral, limits: tuple, others: tuple, values: tuple, digits: int) -> mpf:
    variable = integral.limits[0][0]
    function = compiled((variable, *others), integral.function)
    if limits == (-mpmath.inf, mpmath.inf):
        return whole_line(lambda v: function(v, *values))
    return mpmath.quad(lambda v: function(v, *values), limits)


def whole_line(function: Callable[[mpf], mpf], reach: int = 20) -> mpf:
    """Integral over the real line of a smooth integrand with Gaussian tails, by the trapezoid rule.

    For an integrand analytic in a strip the error falls like exp(-c/step) (Trefethen, Weideman, SIAM Review 2014):
    halving the step squares it. So a change below 10^-(digits/2) at one halving means full precision after it.
    """
    step = mpf(1) / 2
    coarse = {k * step: function(k * step) for k in range(-2 * reach, 2 * reach + 1)}
    total = mpmath.fsum(coarse.values())
    old = total * step
    # Finer steps only where the integrand is not negligible.
    places = [place for place, height in coarse.items() if abs(height) > mpf(10) ** -(DIGITS + GUARD)] or [mpf(0)]
    low, width = min(places) - step, max(places) - min(places) + 2 * step
    small = mpf(10) ** -(DIGITS // 2 + 4)
    for _ in range(5):
        count = int(width / step)
        total += mpmath.fsum(function(low + (k + mpf(1) / 2) * step) for k in range(count))
        step /= 2
        new = total * step
        if abs(new - old) < small * (1 + abs(new)):
            return new
        old = new
    raise NoNumber("the integral has no value: is the integrand smooth, with Gaussian tails?")
