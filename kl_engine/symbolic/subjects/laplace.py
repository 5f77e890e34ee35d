"""D between two Laplace densities, derived directly: with an unknown location they are no exponential family.

D(p||q) = log(b_q/b_p) + (delta + b_p exp(-delta/b_p)) / b_q - 1, with delta = |mu_p - mu_q|.
Source: Gil, Alajaji, Linder (2013), Renyi divergence measures for commonly used univariate continuous distributions.
"""

from dataclasses import dataclass
from itertools import pairwise

from mpmath import mpf
from sympy import Abs, Expr, Integral, S, Symbol, exp, log, oo
from sympy.core.relational import Relational

from kl_engine.symbolic.proof.check import Pair, require
from kl_engine.symbolic.proof.checks.algebra import ExchangeRoles
from kl_engine.symbolic.proof.checks.calculus import Antiderivatives
from kl_engine.symbolic.proof.derivation import Derivation, Step
from kl_engine.symbolic.proof.notation import equation, mu_p, mu_q, t, x
from kl_engine.symbolic.proof.quantities import DivergenceCheck, Roles
from kl_engine.symbolic.proof.sampling import Point

_b_p, _b_q = Symbol("b_p", positive=True), Symbol("b_q", positive=True)
_delta = Symbol("delta", positive=True)
_PARAMETERS = (mu_p, _b_p, mu_q, _b_q)


@dataclass(frozen=True)
class LaplaceLaw:
    """The Laplace density exp(-|x - centre|/width) / (2 width)."""

    centre: Expr
    width: Expr

    def log_density(self, at: Expr = x) -> Expr:
        return -Abs(at - self.centre) / self.width - log(2 * self.width)


_P, _Q = LaplaceLaw(mu_p, _b_p), LaplaceLaw(mu_q, _b_q)
_ROLES = Roles(_P, _Q, _PARAMETERS)
_P_HERE, _Q_APART = LaplaceLaw(S.Zero, _b_p), LaplaceLaw(_delta, _b_q)  # measured from p, towards q
_MEASURED = Roles(_P_HERE, _Q_APART, (_delta, _b_p, _b_q))
# Each piece of the line, and its points in terms of a positive t, so that every absolute value is decided.
_PIECES = (((-oo, 0), -t), ((0, _delta), _delta * t / (1 + t)), ((_delta, oo), _delta + t))


@dataclass(frozen=True, kw_only=True)
class Pieces(DivergenceCheck):
    """An integral over the line is the sum of the integrals over its pieces; on each, |.| is known."""

    def pairs(self, before: Relational | None, after: Relational) -> list[Pair]:
        stated = {i.limits[0][1:]: i.function for i in after.rhs.atoms(Integral)}
        require(after.rhs == sum(after.rhs.atoms(Integral)), "it is no plain sum of integrals")
        require(set(stated) == {piece for piece, _ in _PIECES}, "the pieces do not make up the line")
        integrand = self._integrand()
        return [(stated[piece].xreplace({x: at}), integrand.xreplace({x: at})) for piece, at in _PIECES]

    def numbers(self, before: Relational | None, after: Relational, point: Point) -> list[tuple[mpf, mpf]]:
        mass, whole = (
            sum(self.number(Integral(body, (x, *piece)), point) for piece, _ in _PIECES)
            for body in (exp(self.first.log_density()), self._integrand())
        )
        return [(self.number(after.rhs, point), whole), (mass, mpf(1))]

    def _integrand(self) -> Expr:
        log_a, log_b = self.first.log_density(), self.second.log_density()
        return exp(log_a) * (log_a - log_b)

    @property
    def words(self) -> str:
        return "On each piece the integrand is compared with p (log p - log q), where every absolute value is known."


@dataclass(frozen=True, kw_only=True)
class Moved(DivergenceCheck):
    """D stays when both laws are moved and mirrored together: x = mu_p + s y with s = 1 or -1 has slope 1 in size.

    The earlier step is about the laws measured from p; q lies |mu_p - mu_q| away, to the right of p or to its left.
    """

    starts = False

    measured: Roles

    def pairs(self, before: Relational, after: Relational) -> list[Pair]:
        require(before.lhs == self.measured.forward, "the earlier step is not about the laws measured from p")
        distance = Abs(self.first.centre - self.second.centre)
        return [*self._placed(1), *self._placed(-1), (after.rhs, before.rhs.subs(_delta, distance))]

    def _placed(self, side: int) -> list[Pair]:
        """Both densities at the moved point are those measured from p, with q on the given side."""
        place = {self.second.centre: self.first.centre + side * _delta}
        here, measured = (self.first, self.second), (self.measured.target, self.measured.approximation)
        at = self.first.centre + side * x
        return [(a.log_density(at).xreplace(place), b.log_density()) for a, b in zip(here, measured, strict=True)]

    def numbers(self, before: Relational, after: Relational, point: Point) -> list[tuple[mpf, mpf]]:
        log_a, log_b = self.first.log_density(), self.second.log_density()
        cuts = (-oo, *sorted((self.first.centre, self.second.centre), key=lambda centre: point[centre]), oo)
        pieces = (Integral(exp(log_a) * (log_a - log_b), (x, *ends)) for ends in pairwise(cuts))
        return [(self.number(after.rhs, point), sum(self.number(piece, point) for piece in pieces))]

    @property
    def words(self) -> str:
        return "Both densities are moved, and mirrored, onto the earlier ones; in numbers D is integrated where it is."


def closed_form(apart: Expr, b: Expr, other: Expr) -> Expr:
    """D between Laplace densities of widths b and other, their centres `apart` from each other; in nats."""
    return log(other / b) + (apart + b * exp(-apart / b)) / other - 1


def divergence() -> Derivation:
    left, middle, right = _integrals()
    symbols = _MEASURED.forward
    distance = Abs(mu_p - mu_q)
    forward_form, reverse_form = closed_form(distance, _b_p, _b_q), closed_form(distance, _b_q, _b_p)
    steps = (
        Step(
            equation(symbols, sum(integral for integral, _ in (left, middle, right))),
            "Measured from the centre of p, with q a distance $\\delta$ to the right (or mirrored): three pieces.",
            "definition",
            Pieces(roles=_MEASURED, first=_P_HERE, second=_Q_APART),
            back=0,
        ),
        Step(
            equation(symbols, closed_form(_delta, _b_p, _b_q)),
            "Each piece is a line times an exponential, and has an elementary antiderivative.",
            "fundamental theorem of calculus",
            Antiderivatives(functions=(left, middle, right)),
        ),
        Step(
            equation(_ROLES.forward, forward_form),
            "Moving or mirroring both densities together changes nothing: only the distance of the means counts.",
            "change of variable",
            Moved(roles=_ROLES, first=_P, second=_Q, measured=_MEASURED),
        ),
        Step(
            equation(_ROLES.reverse, reverse_form),
            "The other direction, by exchanging the names.",
            "renaming",
            ExchangeRoles(roles=_ROLES),
        ),
    )
    notes = tuple(f"mu_{role}, b_{role}: mean and width (> 0) of {role}." for role in "pq")
    return Derivation("Laplace", steps[-1].expression, steps, _PARAMETERS, forward_form, reverse_form, notes=notes)


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
