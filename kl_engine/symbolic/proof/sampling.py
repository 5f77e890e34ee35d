"""Numbers for the numeric half of a check: random points, values of an expression, and integrals, at 50 digits."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from random import Random

import mpmath
from mpmath import mpf
from sympy import Derivative, Dummy, Expr, Integral, Sum, Symbol, lambdify, nan, zoo
from sympy.core.function import AppliedUndef

from kl_engine.symbolic.proof.evaluation import Program, Unknown
from kl_engine.symbolic.proof.notation import RANGES
from kl_engine.symbolic.proof.work import Undecided

DIGITS = 50
GUARD = 12  # further digits carried, for what cancels
SEED = 20240229
_QUIET, _FURTHEST = 3, 12  # that many negligible terms in a row end a sum; beyond this place all are
_MOST_TERMS = 4000  # of an endless sum
_PAST_THE_PEAK = 20  # terms are only falling from here on, for the parameters sampled
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
        low, high = RANGES.get(symbol, _POSITIVE if symbol.is_nonnegative else _REAL)
        # Sixty random digits: a double would be a special point, exact in binary.
        digits = Random(f"{SEED} {symbol.name} {index}").randrange(10**60)
        point[symbol] = mpf(low) + (mpf(high) - mpf(low)) * digits / mpf(10) ** 60
    return point


def value(expression: Expr, point: Point) -> mpf:
    """The expression at a point; its integrals by quadrature. Precision is that of the mpmath context."""
    stand_ins = {integral: _stand_in(integral) for integral in _outermost(expression)}
    numbers = {stand_in: _integral(integral, point) for integral, stand_in in stand_ins.items()}
    rest = expression.xreplace(stand_ins)
    arguments = tuple(sorted(rest.free_symbols, key=_order)) if rest.args else (rest,) if rest.is_Symbol else ()
    known = {**point, **numbers}
    return mpmath.mpmathify(compiled(arguments, rest)(*(known[a] for a in arguments)))


@lru_cache(maxsize=1024)
def _stand_in(integral: Expr) -> Dummy:
    """The same symbol for the same integral, so that what is compiled with it serves again."""
    return Dummy()


def is_sampled(expression: Expr) -> bool:
    """Whether a number of it would be that of an integrand at one point: integrals over more than a line are not taken.

    Taking the integrand at a random point is linear as the integral is, so it tells whether two sums of such integrals
    are the same term by term, but not whether one of them has a given value.
    """
    return any(len(integral.limits) > 1 for integral in expression.atoms(Integral))


def _outermost(expression: Expr) -> set[Expr]:
    """The integrals and sums that stand in no other one."""
    if isinstance(expression, (Integral, Sum)):
        return {expression}
    return {found for argument in expression.args if isinstance(argument, Expr) for found in _outermost(argument)}


def _order(symbol: Symbol) -> tuple:
    return symbol.name, symbol.sort_key()


@lru_cache(maxsize=2048)
def compiled(arguments: tuple[Symbol, ...], expression: Expr) -> Callable:
    """The expression as a function of its symbols, at the precision of the mpmath context."""
    if expression.atoms(AppliedUndef, Derivative) or expression.has(zoo, nan):
        raise NoNumber("it holds a function without a formula, or a division by 0")
    try:
        return Program(arguments, expression)
    except Unknown:
        return lambdify(arguments, expression, "mpmath", cse=True)


def _integral(integral: Expr, point: Point) -> mpf:
    variables = [limits[0] for limits in integral.limits]
    if isinstance(integral, Integral) and len(variables) > 1:
        inside = {v: point.get(v, mpf(k + 1) / (3 * len(variables))) for k, v in enumerate(variables)}
        return value(integral.function, point | inside)
    if integral.function.has(Integral, Sum):
        raise Undecided("it would take an integral at every place of another one")
    ((_, *ends),) = integral.limits
    limits = tuple(value(end, point) for end in ends)
    others = tuple(sorted(integral.free_symbols, key=_order))
    values = tuple(point[s] for s in others)
    take = _summation if isinstance(integral, Sum) else _quadrature
    return take(integral, limits, others, values, mpmath.mp.dps)


@lru_cache(maxsize=512)
def _summation(total: Sum, limits: tuple, others: tuple, values: tuple, digits: int) -> mpf:
    """A sum over whole numbers, term by term; an endless one until its terms are negligible and falling."""
    variable = total.limits[0][0]
    function = compiled((variable, *others), total.function)
    low, high = limits
    tiny, found, last = mpf(10) ** -(DIGITS + 2 * GUARD), mpf(0), mpf(1)
    for count in range(_MOST_TERMS):
        k = low + count
        if k > high or (count > _PAST_THE_PEAK and abs(last) < tiny and high == mpmath.inf):
            return found
        last = function(k, *values)
        found += last
    raise NoNumber("the sum has no value: its terms do not fall soon enough")


@lru_cache(maxsize=512)
def _quadrature(integral: Integral, limits: tuple, others: tuple, values: tuple, digits: int) -> mpf:
    variable = integral.limits[0][0]
    program = compiled((variable, *others), integral.function)
    is_program = isinstance(program, Program)
    function = program.of_first(*values) if is_program else lambda v: program(v, *values)
    if limits == (-mpmath.inf, mpmath.inf):
        return whole_line(function)
    return between(function, *limits)


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
    negligible = mpf(10) ** -(DIGITS + 4)
    places = [place for place, height in coarse.items() if abs(height) > negligible] or [mpf(0)]
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


def between(function: Callable[[mpf], mpf], low: mpf, high: mpf) -> mpf:
    """Integral between two ends, one of which may be infinite, of a function that is smooth between them.

    By the double exponential substitution (Takahasi, Mori 1974) the integrand falls so fast at both ends, even if it is
    singular there, that the trapezoid rule serves as on the whole line.
    """
    if high < low:
        return -between(function, high, low)
    if low == -mpmath.inf:
        return between(lambda v: function(-v), -high, mpmath.inf)
    place = _from_low if high == mpmath.inf else _inside

    def transformed(t: mpf) -> mpf:
        v, weight = place(t, mpmath.mp.prec)
        if high == mpmath.inf:
            return function(low + v) * weight
        v, weight = low + (high - low) * v, (high - low) * weight
        return function(v) * weight if low < v < high else mpf(0)

    return _trapezoid(transformed)


@lru_cache(maxsize=4096)
def _from_low(t: mpf, precision: int) -> tuple[mpf, mpf]:
    """exp(t - exp(-t)), from 0 to infinity, and its slope: for integrands that fall exponentially."""
    shrunk = mpmath.exp(-t)
    v = mpmath.exp(t - shrunk)
    return v, v * (1 + shrunk)


@lru_cache(maxsize=4096)
def _inside(t: mpf, precision: int) -> tuple[mpf, mpf]:
    """1/(1 + exp(-2 s)) with s = pi/2 sinh t, from 0 to 1, and its slope."""
    s = mpmath.pi / 2 * mpmath.sinh(t)
    v = 1 / (1 + mpmath.exp(-2 * s))
    return v, mpmath.pi * mpmath.cosh(t) * v / (1 + mpmath.exp(2 * s))


def _trapezoid(function: Callable[[mpf], mpf]) -> mpf:
    """The trapezoid rule for an integrand that falls doubly exponentially: out from the middle until it is negligible,
    with half the step until nothing changes."""
    negligible, small = mpf(10) ** -(DIGITS + 6), mpf(10) ** -(DIGITS // 2 + 4)
    step, old = mpf(1) / 4, None
    total = function(mpf(0)) + _outwards(function, mpf(0), step, negligible)
    for _ in range(6):
        new = total * step
        if old is not None and abs(new - old) < small * (1 + abs(new)):
            return new
        old = new
        total += _outwards(function, step / 2, step, negligible)
        step /= 2
    raise NoNumber("the integral has no value: is the integrand smooth between its ends?")


def _outwards(function: Callable[[mpf], mpf], start: mpf, step: mpf, negligible: mpf) -> mpf:
    """The sum over places on both sides of 0, a step apart; from `start` to the right, from its mirror to the left."""
    total = mpf(0)
    for sign in (1, -1):
        place, quiet = (start if start else step), 0
        while quiet < _QUIET and place < _FURTHEST:
            height = function(sign * place)
            total += height
            quiet = quiet + 1 if abs(height) < negligible else 0
            place += step
    return total
