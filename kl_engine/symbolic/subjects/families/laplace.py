"""D between two Laplace densities, derived directly: with an unknown location they are no exponential family.

D(p||q) = log(b_q/b_p) + (delta + b_p exp(-delta/b_p)) / b_q - 1, with delta = |mu_p - mu_q|.
Source: Gil, Alajaji, Linder (2013), Renyi divergence measures for commonly used univariate continuous distributions.
"""

from dataclasses import dataclass
from itertools import pairwise

from mpmath import mpf
from sympy import Abs, Expr, Integral, S, Symbol, exp, log, oo

from kl_engine.symbolic.proof.check import Case, Check, Pair, require
from kl_engine.symbolic.proof.checks.algebra import ExchangeRoles
from kl_engine.symbolic.proof.checks.integrals import Antiderivatives
from kl_engine.symbolic.proof.derivation import Derivation, Step
from kl_engine.symbolic.proof.notation import equation, mu_p, mu_q, t, x
from kl_engine.symbolic.proof.quantities import Roles
from kl_engine.symbolic.proof.reason import say
from kl_engine.symbolic.proof.sampling import Point
from kl_engine.symbolic.proof.setting import Setting

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
_MEASURED = _ROLES.forward.xreplace({mu_p: S.Zero, mu_q: _delta})  # measured from p, towards q
_SETTING = Setting(
    divergences=(_ROLES,),
    words=(
        say("{} is the Laplace density {}", Symbol("p"), exp(_P.log_density())),
        say("{} is the Laplace density {}", Symbol("q"), exp(_Q.log_density())),
    ),
)
# Each piece of the line, and its points in terms of a positive t, so that every absolute value is decided.
_PIECES = (((-oo, 0), -t), ((0, _delta), _delta * t / (1 + t)), ((_delta, oo), _delta + t))


def _laws(case: Case) -> tuple[LaplaceLaw, LaplaceLaw]:
    """The law under the expectation and the other one."""
    laws = case.setting.under(case.after.lhs)
    require(laws is not None and all(isinstance(law, LaplaceLaw) for law in laws), "it is no D of Laplace densities")
    return laws


def _integrand(case: Case) -> Expr:
    log_a, log_b = (law.log_density() for law in _laws(case))
    return exp(log_a) * (log_a - log_b)


@dataclass(frozen=True, kw_only=True)
class Pieces(Check):
    """An integral over the line is the sum of the integrals over its pieces; on each, |.| is known."""

    law = "definition, piece by piece"
    starts = True

    def left(self, case: Case) -> Expr:
        _laws(case)
        return case.after.lhs

    def pairs(self, case: Case) -> list[Pair]:
        after = case.after.rhs
        stated = {i.limits[0][1:]: i.function for i in after.atoms(Integral)}
        require(after == sum(after.atoms(Integral)), "it is no plain sum of integrals")
        require(set(stated) == {piece for piece, _ in _PIECES}, "the pieces do not make up the line")
        integrand = _integrand(case)
        return [(stated[piece].xreplace({x: at}), integrand.xreplace({x: at})) for piece, at in _PIECES]

    def numbers(self, case: Case, point: Point) -> list[tuple[mpf, mpf]]:
        number = case.setting.number
        mass, whole = (
            sum(number(Integral(body, (x, *piece)), point) for piece, _ in _PIECES)
            for body in (exp(_laws(case)[0].log_density()), _integrand(case))
        )
        return [(number(case.after.rhs, point), whole), (mass, mpf(1))]

    @property
    def words(self) -> str:
        return "On each piece the integrand is compared with p (log p - log q), where every absolute value is known."


@dataclass(frozen=True, kw_only=True)
class Moved(Check):
    """D stays when both laws are moved and mirrored together: x = mu_p + s y with s = 1 or -1 has slope 1 in size.

    The earlier step is about the laws measured from p; q lies |mu_p - mu_q| away, to the right of p or to its left.
    """

    law = "change of variable"

    def left(self, case: Case) -> Expr:
        _laws(case)
        return case.after.lhs

    def pairs(self, case: Case) -> list[Pair]:
        require(
            not case.before.under and case.before.lhs == _MEASURED,
            "it does not follow from laws measured from p",
        )
        first, second = _laws(case)
        distance = Abs(first.centre - second.centre)
        measured = case.setting.under(_MEASURED)
        placed = [pair for side in (1, -1) for pair in self._placed((first, second), measured, side)]
        return [*placed, (case.after.rhs, case.before.rhs.subs(_delta, distance))]

    @staticmethod
    def _placed(laws: tuple[LaplaceLaw, ...], measured: tuple[LaplaceLaw, ...], side: int) -> list[Pair]:
        """Both densities at the moved point are those measured from p, with q on the given side."""
        first, second = laws
        place = {second.centre: first.centre + side * _delta}
        at = first.centre + side * x
        pairs = zip(laws, measured, strict=True)
        return [(a.log_density(at).xreplace(place), b.log_density()) for a, b in pairs]

    def numbers(self, case: Case, point: Point) -> list[tuple[mpf, mpf]]:
        first, second = _laws(case)
        number = case.setting.number
        cuts = (-oo, *sorted((first.centre, second.centre), key=lambda centre: point[centre]), oo)
        pieces = (Integral(_integrand(case), (x, *ends)) for ends in pairwise(cuts))
        return [(number(case.after.rhs, point), sum(number(piece, point) for piece in pieces))]

    @property
    def words(self) -> str:
        return "Both densities are moved, and mirrored, onto the earlier ones; in numbers D is integrated where it is."


def closed_form(apart: Expr, b: Expr, other: Expr) -> Expr:
    """D between Laplace densities of widths b and other, their centres `apart` from each other; in nats."""
    return log(other / b) + (apart + b * exp(-apart / b)) / other - 1


def divergence() -> Derivation:
    left, middle, right = _integrals()
    symbols = _MEASURED
    distance = Abs(mu_p - mu_q)
    forward_form, reverse_form = closed_form(distance, _b_p, _b_q), closed_form(distance, _b_q, _b_p)
    steps = (
        Step(
            equation(symbols, sum(integral for integral, _ in (left, middle, right))),
            say("Measured from the centre of {}, with {} to its right (or mirrored): three pieces.", *_NAMES),
            Pieces(),
        ),
        Step(
            equation(symbols, closed_form(_delta, _b_p, _b_q)),
            "Each piece is a line times an exponential, and has an elementary antiderivative.",
            Antiderivatives(functions=(left, middle, right)),
        ),
        Step(
            equation(_ROLES.forward, forward_form),
            "Moving or mirroring both densities together changes nothing: only the distance of the means counts.",
            Moved(),
        ),
        Step(
            equation(_ROLES.reverse, reverse_form),
            "The other direction, by exchanging the names.",
            ExchangeRoles(),
        ),
    )
    notes = tuple(f"mu_{role}, b_{role}: mean and width (> 0) of {role}." for role in "pq")
    also = (steps[2].statement,)
    return Derivation(
        "Laplace", _SETTING, steps[-1].statement, steps, _PARAMETERS, forward_form, reverse_form, notes=notes, also=also
    )


_NAMES = (Symbol("p"), Symbol("q"))


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
