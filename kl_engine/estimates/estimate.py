"""The number that carries its error and the kind of that error, and the two directions."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import ROUND_UP, Context, Decimal
from enum import StrEnum
from html import escape

from kl_engine.estimates.certainty import Certainty, weakest
from kl_engine.estimates.checks import refuse
from kl_engine.estimates.rounding import LOG_2

MOST_DIGITS = 12  # of a printed value; fewer where the error makes them meaningless
PLAIN = 1e-3, 1e4  # errors between these are written as decimals
INFINITE = "infinite: "  # how the method of an infinite number begins; what follows is the reason
ONE_DIGIT = Context(prec=1, rounding=ROUND_UP)
LOG_2_ERROR = math.ulp(LOG_2) / 2


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number (in nats where it is a divergence, without a unit where it is a probability) with its error.

    `certainty` says what `error` is. Of an EXACT or PROVED number |value − truth| ≤ error; of an ESTIMATED one the
    error is the difference of two rules; of a CONFIDENCE(level) one it is the half width of a confidence interval.
    `method` says how the number was found. `value` may be inf (or −inf); the error is then 0 and `reason` says why.

    `float(e)` is the value, f"{e:.3f}" formats it. + − × / with numbers and other Estimates propagate the error
    rigorously, and what comes out has the weaker certainty of the two. < > <= >= raise ValueError where the intervals
    overlap, so that no order is claimed that is not known (compare `.value` if that is what you mean); == compares the
    fields. Raises ValueError for a value that is not a number, an error below 0, or an infinite value with an error.
    Source: R. Moore, Interval Analysis (1966), for the arithmetic.

    >>> import kl_engine as kl
    >>> e = kl.Estimate(0.5, 1e-3, kl.Certainty.ESTIMATED, "two rules") + 1
    >>> f"{e:.2f}", e.certainty
    ('1.50', Certainty.ESTIMATED)
    >>> kl.kl_divergence([0.5, 0.5], [1.0, 0.0]).reason
    'the second argument is 0 at symbol 1 (counted from 0), the first is not'
    """

    __array_ufunc__ = None  # an array or a NumPy number beside an Estimate leaves the arithmetic to the Estimate

    value: float
    error: float
    certainty: Certainty
    method: str

    def __post_init__(self) -> None:
        for name in ("value", "error"):
            if type(getattr(self, name)) is not float:
                object.__setattr__(self, name, float(getattr(self, name)))
        if not isinstance(self.certainty, Certainty):
            raise refuse("certainty", "a Certainty", self.certainty)
        if self.value != self.value:
            raise refuse("value", "a number, perhaps infinite", self.value)
        if not self.error >= 0 or (self.error and math.isinf(self.value)):
            raise refuse("error", "a number >= 0, and 0 where the value is infinite", self.error)

    @classmethod
    def infinite(cls, reason: str, sign: int = 1) -> Estimate:
        """inf, or −inf, which is exact, with its reason."""
        return cls(math.copysign(math.inf, sign), 0.0, Certainty.EXACT, f"{INFINITE}{reason}")

    @property
    def reason(self) -> str | None:
        """Why the number is infinite; None where it is finite."""
        return self.method.removeprefix(INFINITE) if math.isinf(self.value) else None

    @property
    def bits(self) -> Estimate:
        """The same number of nats in bits: divided by log 2."""
        return self / Estimate(LOG_2, LOG_2_ERROR, Certainty.EXACT, self.method)

    def __float__(self) -> float:
        return self.value

    def __format__(self, spec: str) -> str:
        return format(self.value, spec) if spec else str(self)

    def __neg__(self) -> Estimate:
        return Estimate(-self.value, self.error, self.certainty, self.method)

    def __pos__(self) -> Estimate:
        return self

    def __abs__(self) -> Estimate:
        """|value|; no further from |truth| than value from truth."""
        return Estimate(abs(self.value), self.error, self.certainty, self.method)

    def __add__(self, other: object) -> Estimate:
        return _combined(self, other, _sum)

    __radd__ = __add__

    def __sub__(self, other: object) -> Estimate:
        return NotImplemented if (number := as_estimate(other)) is None else self + -number

    def __rsub__(self, other: object) -> Estimate:
        return NotImplemented if (number := as_estimate(other)) is None else number + -self

    def __mul__(self, other: object) -> Estimate:
        return _combined(self, other, _product)

    __rmul__ = __mul__

    def __truediv__(self, other: object) -> Estimate:
        return _combined(self, other, _quotient)

    def __rtruediv__(self, other: object) -> Estimate:
        return NotImplemented if (number := as_estimate(other)) is None else number / self

    def __lt__(self, other: object) -> bool:
        return NotImplemented if (number := as_estimate(other)) is None else _below(self, number)

    def __gt__(self, other: object) -> bool:
        return NotImplemented if (number := as_estimate(other)) is None else _below(number, self)

    def __le__(self, other: object) -> bool:
        return NotImplemented if (number := as_estimate(other)) is None else not _below(number, self)

    def __ge__(self, other: object) -> bool:
        return NotImplemented if (number := as_estimate(other)) is None else not _below(self, number)

    @property
    def margin(self) -> str:
        """The error in words of its kind: `± 2e-15`, `± 2e-15 (est.)`, `95 %: ± 0.002`; nothing of an infinite one."""
        return "" if math.isinf(self.value) else margin(self.error, self.certainty)

    def __str__(self) -> str:
        return f"{self.value!r} {self.margin or f'({self.reason})'}"

    def __repr__(self) -> str:
        if self.reason is not None:
            return f"Estimate({self.value!r}, {self.certainty}: {self.reason})"
        return f"Estimate({self.value!r} ± {rounded_up(self.error)}, {self.certainty})"

    def _repr_html_(self) -> str:
        """What a notebook shows: the digits that are known, the error and its kind; the method as a tooltip."""
        sign = "−" * (self.value < 0)
        shown = f"{sign}∞ ({self.reason})" if self.reason else f"{_digits(self.value, self.error)} {self.margin}"
        return f'<span title="{escape(self.method)}">{escape(shown)}</span>'


def finite_estimate(value: float, error: float, certainty: Certainty, method: str) -> Estimate:
    """The Estimate; OverflowError when the number is finite in truth and yet beyond the largest double."""
    if math.isfinite(value):
        return Estimate(value, error, certainty, method)
    raise OverflowError(
        "the divergence is finite but beyond the largest double (1.8e308): bring the means closer or widen the stds"
    )


class Direction(StrEnum):
    """Which distribution is averaged over: FORWARD is D(p‖q), REVERSE is D(q‖p); p is always the target.

    `Direction.of(value)` takes the enum or its string; `Direction(value)` does too. Raises ValueError for anything
    else. Source: T. Minka, MSR-TR-2005-173, where the two are called inclusive and exclusive.

    >>> import kl_engine as kl
    >>> kl.Direction.of("reverse") is kl.Direction.REVERSE, str(kl.Direction.FORWARD)
    (True, 'forward')
    """

    FORWARD = "forward"
    REVERSE = "reverse"

    @classmethod
    def of(cls, value: object) -> Direction:
        """The direction named by `value` (the enum or its string); ValueError otherwise."""
        try:
            return cls(value)
        except ValueError:
            raise refuse("direction", '"forward" or "reverse"', value) from None


def as_estimate(number: object) -> Estimate | None:
    """`number` as an Estimate, a plain number being one of width 0 (or of what float() loses); None for other things.

    Raises ValueError for nan.
    """
    if isinstance(number, Estimate):
        return number
    if isinstance(number, bool) or not hasattr(type(number), "__float__") or getattr(number, "ndim", 0):
        return None
    value = float(number)
    return Estimate(value, 0.0 if value == number else math.ulp(value) / 2, Certainty.EXACT, "")


def rounded_up(error: float) -> str:
    """An error with one digit, rounded up: `2e-13`, `0.002`."""
    if error == 0 or math.isinf(error):
        return "∞" if error else "0"
    value = float(ONE_DIGIT.create_decimal(Decimal(repr(error))))
    return f"{value:g}" if PLAIN[0] <= value < PLAIN[1] else f"{value:.0e}"


def margin(error: float, certainty: Certainty, unit: str = "") -> str:
    """`± 2e-15` of a bound, `± 2e-15 (est.)` of what two rules differ by, `95 %: ± 0.002` of a confidence interval."""
    if certainty.level is not None:
        return f"{100 * certainty.level:g} %: ± {rounded_up(error)}{unit}"
    return f"± {rounded_up(error)}{unit}" + " (est.)" * (certainty == Certainty.ESTIMATED)


def _digits(value: float, error: float) -> str:
    """The value with as many digits as its error leaves, at least one."""
    if not value or not error:
        return f"{value:.{MOST_DIGITS}g}"
    significant = math.floor(math.log10(abs(value))) - math.floor(math.log10(2 * error))
    return f"{value:.{min(max(significant, 1), MOST_DIGITS)}g}"


def _combined(first: Estimate, other: object, operation) -> Estimate:
    """`operation` gives value and error, or raises; an infinite number decides what comes out, and why."""
    if (second := as_estimate(other)) is None:
        return NotImplemented
    value, error = operation(first, second)
    infinite = [each for each in (first, second) if math.isinf(each.value)]
    if math.isinf(value):
        if not infinite:
            raise OverflowError("the number is finite but beyond the largest double (1.8e308)")
        said = [each.method for each in infinite if each.method] or [f"{INFINITE}a number that is infinite"]
        return Estimate(value, 0.0, weakest(*(each.certainty for each in infinite)), said[0])
    steps = dict.fromkeys(step for each in (first, second) for step in each.method.split("; ") if step)
    return Estimate(value, error, first.certainty.combined(second.certainty), "; ".join(steps))


def _sum(a: Estimate, b: Estimate) -> tuple[float, float]:
    """a + b; its rounding is found exactly (D. E. Knuth, TAOCP 2, 4.2.2), so that 0 + a is a itself."""
    value = a.value + b.value
    if math.isinf(value):
        return value, 0.0
    if value != value:
        raise ValueError("the difference of two infinite numbers is not a number")
    part = value - a.value
    rounding = abs((a.value - (value - part)) + (b.value - part))
    return value, _upwards(a.error, b.error, rounding)


def _product(a: Estimate, b: Estimate) -> tuple[float, float]:
    """a b: |ab − AB| <= |a| Δb + |b| Δa + Δa Δb, and the rounding of the product."""
    if math.isinf(a.value) or math.isinf(b.value):
        if _holds_zero(a) or _holds_zero(b):
            raise ValueError("an infinite number times an interval that holds 0 is not a number")
        return a.value * b.value, 0.0
    value = a.value * b.value
    terms = _upward_products((abs(a.value), b.error), (abs(b.value), a.error), (a.error, b.error))
    return value, _upwards(*terms, _rounding(value) if a.value and b.value else 0.0)


def _quotient(a: Estimate, b: Estimate) -> tuple[float, float]:
    """a / b: |a/b − A/B| <= (Δa + |a/b| Δb)/(|b| − Δb), and the rounding of the quotient."""
    least = math.nextafter(abs(b.value) - b.error, 0.0)
    if not b.value or least <= 0:
        raise ValueError(f"the divisor {b.value!r} ± {b.error:g} may be 0; dividing by its .value ignores that")
    if math.isinf(a.value) and math.isinf(b.value):
        raise ValueError("the quotient of two infinite numbers is not a number")
    value = a.value / b.value
    if math.isinf(a.value) or math.isinf(b.value):
        return value, 0.0
    size = math.nextafter(abs(value), math.inf)
    spread = _upwards(a.error, *_upward_products((size, b.error)))
    return value, _upwards(math.nextafter(spread / least, math.inf) if spread else 0.0, _rounding(value))


def _holds_zero(e: Estimate) -> bool:
    return not math.isinf(e.value) and abs(e.value) <= e.error


def _rounding(value: float) -> float:
    """Half of the spacing of doubles at a result, which an operation may be off by."""
    return math.ulp(value) / 2 or math.ulp(0.0)


def _upwards(*terms: float) -> float:
    """A sum of numbers >= 0, rounded up: fsum is off by half a spacing at most."""
    used = [term for term in terms if term]
    return used[0] if len(used) == 1 else math.nextafter(math.fsum(used), math.inf) if used else 0.0


def _upward_products(*pairs: tuple[float, float]) -> list[float]:
    """Products of numbers >= 0, each rounded up; a 0 stays 0."""
    return [math.nextafter(u * v, math.inf) if u and v else 0.0 for u, v in pairs]


def _below(a: Estimate, b: Estimate) -> bool:
    """Whether the truth of a is below that of b; ValueError where the intervals leave it open."""
    (low, high), (least, most) = _interval(a), _interval(b)
    if high < least:
        return True
    if low >= most:
        return False
    raise ValueError(
        f"{a.value!r} ± {a.error:g} and {b.value!r} ± {b.error:g} overlap, so which is larger is not known: "
        "compare .value if that is what you mean"
    )


def _interval(e: Estimate) -> tuple[float, float]:
    """The ends, rounded outwards."""
    if not e.error:
        return e.value, e.value
    return math.nextafter(e.value - e.error, -math.inf), math.nextafter(e.value + e.error, math.inf)
