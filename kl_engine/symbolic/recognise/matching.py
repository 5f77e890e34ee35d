"""Is one expression a multiple of another plus a constant? Found in numbers of 50 digits, then proved by algebra."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import mpmath
from mpmath import mpf
from sympy import Add, Expr, Float, Integer, Mul, Rational, log, pi

from kl_engine.symbolic.proof.check import TOLERANCE
from kl_engine.symbolic.proof.sampling import DIGITS
from kl_engine.symbolic.recognise.algebra.normal_form import proves_zero
from kl_engine.symbolic.recognise.findings import Match

_LARGEST_DENOMINATOR = 10**5


@dataclass(frozen=True)
class Line:
    """value = factor * base + constant at every point, with the largest difference that was seen."""

    factor: mpf
    constant: mpf
    residual: mpf


def line(values: Sequence[mpf], base: Sequence[mpf]) -> Line | None:
    """The straight line through the points (base, value), if they are three or more, on one that is not level."""
    if len(base) < 3:
        return None
    first = 0
    second = max(range(len(base)), key=lambda i: abs(base[i] - base[first]))
    run = base[second] - base[first]
    if abs(run) < TOLERANCE:
        return None
    factor = (values[second] - values[first]) / run
    constant = values[first] - factor * base[first]
    # Rounded where it is exact up to rounding, so that equal is found to be equal.
    factor, constant = (whole if abs(v - (whole := mpmath.nint(v))) < TOLERANCE else v for v in (factor, constant))
    differences = [abs(v - factor * b - constant) / (1 + abs(v)) for v, b in zip(values, base, strict=True)]
    residual = max(differences)
    return Line(factor, constant, residual) if abs(factor) > TOLERANCE and residual < TOLERANCE else None


def off_line(found: Line, value: mpf, base: mpf) -> bool:
    """Whether another point is not on the line."""
    expected = found.factor * base + found.constant
    return abs(value - expected) > TOLERANCE * (1 + abs(value) + abs(expected))


def exact_factor(number: mpf) -> Expr | None:
    """A fraction, or a fraction over log 2 or log 10; None if it is none of these to 40 digits."""
    for expression, unit in _exact_units():
        part = rational(number / unit)
        if part is not None:
            return part * expression
    return None


def exact_constant(number: mpf) -> Expr | None:
    """r + s log(2 pi) + t log 2 with few small fractions; None if it is none of these to 40 digits."""
    for unit, size in ((Integer(0), mpf(0)), (log(2 * pi), mpmath.log(2 * mpmath.pi)), (log(2), mpmath.log(2))):
        for share in (Rational(1, 2), Rational(1), Rational(-1, 2), Rational(-1)):
            part = rational(number - mpf(share.p) / share.q * size)
            if part is not None:
                return part + share * unit
    return None


def _exact_units() -> list[tuple[Expr, mpf]]:
    # Computed at each call: the precision of the context is the caller's.
    return [(Integer(1), mpf(1)), (1 / log(2), 1 / mpmath.log(2)), (1 / log(10), 1 / mpmath.log(10))]


def rational(number: mpf) -> Rational | None:
    """The fraction of small denominator that the number is to 40 digits."""
    if abs(number) > 10**9:
        return None
    scaled = Fraction(int(mpmath.nint(number * mpf(10) ** DIGITS)), 10**DIGITS)
    near = scaled.limit_denominator(_LARGEST_DENOMINATOR)
    is_near = abs(mpf(near.numerator) / near.denominator - number) < TOLERANCE * (1 + abs(number))
    return Rational(near.numerator, near.denominator) if is_near else None


def decimal(number: mpf) -> Float:
    """A number without an exact form, in 15 digits."""
    return Float(mpmath.nstr(number, 15))


def match(found: Line, direction: str, base: Expr, formula: Expr, at_one_point: Expr | None = None) -> Match:
    """The line with its exact numbers, and whether algebra shows formula = factor * base + constant.

    at_one_point: formula - base at some point, exactly. There a constant has its value, also one without a short form.
    """
    factor = exact_factor(found.factor)
    constant = exact_constant(found.constant)
    if constant is None and factor is not None:  # in the unit of the factor, such as half a bit
        share = exact_constant(found.constant / found.factor)
        constant = None if share is None else share * factor
    exact = at_one_point if constant is None and factor == 1 else constant
    is_proved = None not in (factor, exact) and proves_zero(
        Add(formula, -factor * base, Mul(-1, exact, evaluate=False), evaluate=False)
    )
    return Match(
        direction,
        decimal(found.factor) if factor is None else factor,
        decimal(found.constant) if constant is None else constant,
        is_proved,
        float(found.residual),
        note(found),
    )


_FACTORS = (
    (lambda: 1 / mpmath.log(2), "in bits"),
    (lambda: -1 / mpmath.log(2), "in bits, with the sign reversed"),
    (lambda: 1 / mpmath.log(10), "in decimal digits"),
    (lambda: mpf(2), "twice: a factor 1/2 is missing"),
    (lambda: mpf(1) / 2, "half: a factor 1/2 too many"),
    (lambda: mpf(-1), "with the sign reversed, as in a bound that is maximised"),
)
_CONSTANTS = (
    (lambda: mpf(1) / 2, "the constant -1/2 is missing"),
    (lambda: mpf(1), "the constant is +1/2, where -1/2 belongs"),
    (lambda: mpf(-1) / 2, "the constant is -1, where -1/2 belongs"),
)
_ROUNDED = mpf(10) ** -3


def note(found: Line) -> str:
    """The name of a factor, also of a rounded one; of a constant if the factor is 1."""
    if found.factor == 1:
        names = [name for number, name in _CONSTANTS if abs(found.constant - number()) < TOLERANCE]
        small = "so small that a rounded number may be the cause" if 0 < abs(found.constant) < _ROUNDED else ""
        return names[0] if names else small
    for number, name in _FACTORS:
        gap = abs(found.factor / number() - 1)
        if gap < _ROUNDED:
            return name if gap < TOLERANCE else f"{name}, with a rounded factor"
    return ""
