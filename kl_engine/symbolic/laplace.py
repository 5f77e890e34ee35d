"""D between two Laplace densities, derived directly: with an unknown location they are no exponential family.

D(p||q) = log(b_q/b_p) + (delta + b_p exp(-delta/b_p)) / b_q - 1, with delta = |mu_p - mu_q|.
Source: Gil, Alajaji, Linder (2013), Renyi divergence measures for commonly used univariate continuous distributions.
"""

from dataclasses import dataclass

from mpmath import mpf
from sympy import Abs, Expr, Integral, Symbol, exp, log, oo
from sympy.core.relational import Relational

from kl_engine.symbolic.algebra import ExchangeRoles, Substitute
from kl_engine.symbolic.calculus import Antiderivatives
from kl_engine.symbolic.check import Check, Pair, require
from kl_engine.symbolic.derivation import Derivation, Step
from kl_engine.symbolic.notation import equation, forward, mu_p, mu_q, reverse, t, x
from kl_engine.symbolic.sampling import Point

_b_p, _b_q = Symbol("b_p", positive=True), Symbol("b_q", positive=True)
_delta = Symbol("delta", positive=True)
_PARAMETERS = (mu_p, _b_p, mu_q, _b_q)
_LOG_P = -Abs(x) / _b_p - log(2 * _b_p)  # measured from the centre of p, towards that of q
_LOG_Q = -Abs(x - _delta) / _b_q - log(2 * _b_q)
# Each piece of the line, and its points in terms of a positive t, so that every absolute value is decided.
_PIECES = (((-oo, 0), -t), ((0, _delta), _delta * t / (1 + t)), ((_delta, oo), _delta + t))


@dataclass(frozen=True, kw_only=True)
class Pieces(Check):
    """An integral over the line is the sum of the integrals over its pieces; on each, |.| is known."""

    starts = True

    def pairs(self, before: Relational | None, after: Relational) -> list[Pair]:
        stated = {i.limits[0][1:]: i.function for i in after.rhs.atoms(Integral)}
        require(after.rhs == sum(after.rhs.atoms(Integral)), "it is no plain sum of integrals")
        require(set(stated) == {piece for piece, _ in _PIECES}, "the pieces do not make up the line")
        integrand = exp(_LOG_P) * (_LOG_P - _LOG_Q)
        return [(stated[piece].xreplace({x: at}), integrand.xreplace({x: at})) for piece, at in _PIECES]

    def numbers(self, before: Relational | None, after: Relational, point: Point) -> list[tuple[mpf, mpf]]:
        mass, whole = (
            sum(self.number(Integral(body, (x, *piece)), point) for piece, _ in _PIECES)
            for body in (exp(_LOG_P), exp(_LOG_P) * (_LOG_P - _LOG_Q))
        )
        return [(self.number(after.rhs, point), whole), (mass, mpf(1))]

    @property
    def words(self) -> str:
        return "On each piece the integrand is compared with p (log p - log q), where every absolute value is known."


def closed_form(apart: Expr, b: Expr, other: Expr) -> Expr:
    """D between Laplace densities of widths b and other, their centres `apart` from each other; in nats."""
    return log(other / b) + (apart + b * exp(-apart / b)) / other - 1


def divergence() -> Derivation:
    left, middle, right = _integrals()
    symbols = forward(_delta, _b_p, _b_q)
    distance = Abs(mu_p - mu_q)
    forward_form, reverse_form = closed_form(distance, _b_p, _b_q), closed_form(distance, _b_q, _b_p)
    steps = (
        Step(
            equation(symbols, sum(integral for integral, _ in (left, middle, right))),
            "Measured from the centre of p, with q a distance $\\delta$ to the right (or mirrored): three pieces.",
            "definition",
            Pieces(),
            back=0,
        ),
        Step(
            equation(symbols, closed_form(_delta, _b_p, _b_q)),
            "Each piece is a line times an exponential, and has an elementary antiderivative.",
            "fundamental theorem of calculus",
            Antiderivatives(functions=(left, middle, right)),
        ),
        Step(
            equation(forward(*_PARAMETERS), forward_form),
            "The distance is that of the two means.",
            "substitution",
            Substitute(values=((_delta, distance),), renamed=True),
        ),
        Step(
            equation(reverse(*_PARAMETERS), reverse_form),
            "The other direction, by exchanging the names.",
            "renaming",
            ExchangeRoles(),
        ),
    )
    return Derivation("Laplace", steps[-1].expression, steps, _PARAMETERS, forward_form, reverse_form)


def _integrals() -> tuple[tuple[Integral, Expr], ...]:
    """For each piece: the integral, and an antiderivative of its integrand."""
    constant = log(_b_q / _b_p)
    lines = (
        constant + (_delta - x) / _b_q + x / _b_p,
        constant + (_delta - x) / _b_q - x / _b_p,
        constant + (x - _delta) / _b_q - x / _b_p,
    )
    return tuple(
        (
            Integral(exp(rate * x) * line / (2 * _b_p), (x, *piece)),
            # int exp(rx) L dx = exp(rx) (L/r - L'/r^2) for a line L.
            exp(rate * x) * (line / rate - line.diff(x) / rate**2) / (2 * _b_p),
        )
        for line, rate, (piece, _) in zip(lines, (1 / _b_p, -1 / _b_p, -1 / _b_p), _PIECES, strict=True)
    )
