"""The local picture: near p both directions are half the Fisher metric; at third order they part.

For a step (a, b) e in (mu, sigma) of N(0, 1): D = (a^2 + 2 b^2) e^2 / 2 up to terms in e^3, which differ between the
directions by b (3 a^2 + 4 b^2) e^3 / 3 in size: nothing for a pure shift of the mean.
Source: Kullback (1959), 2.6; Amari, Information Geometry and Its Applications (2016), 1.
"""

from sympy import Function, Matrix, Rational, S, Symbol, log

from kl_engine.symbolic.proof.checks.algebra import Difference, Substitute
from kl_engine.symbolic.proof.checks.calculus import Hessian, Series
from kl_engine.symbolic.proof.checks.expectations import GaussianDivergence
from kl_engine.symbolic.proof.derivation import Derivation, Step
from kl_engine.symbolic.proof.laws import Gaussian
from kl_engine.symbolic.proof.notation import epsilon, equation, mu_p, mu_q, p_of_x, sigma_p, sigma_q, x
from kl_engine.symbolic.proof.quantities import Roles, hessian, taylor
from kl_engine.symbolic.proof.reason import say
from kl_engine.symbolic.proof.setting import PositivePart, Setting
from kl_engine.symbolic.subjects.gaussian import (
    TWO_GAUSSIANS,
    closed_form,
    forward_closed,
    reverse_closed,
)

_a, _b = Symbol("a", real=True), Symbol("b", real=True)
_q = Function("q", positive=True)(x)
_ORIGIN, _NEAR = Gaussian(S.Zero, S.One), Gaussian(_a * epsilon, 1 + _b * epsilon)
_ROLES = Roles(p_of_x, _q, (_a, _b, epsilon))
_CLOSE = Setting(
    laws=((p_of_x, _ORIGIN), (_q, _NEAR)),
    divergences=(_ROLES,),
    domains=(PositivePart(1 + _b * epsilon),),
)
_SECOND_ORDER = (_a**2 + 2 * _b**2) * epsilon**2 / 2


def fisher_metric() -> Derivation:
    """The Hessian of either direction at q = p is the Fisher information of a Gaussian."""
    here = ((mu_q, mu_p), (sigma_q, sigma_p))
    fisher = Matrix([[1 / sigma_p**2, 0], [0, 2 / sigma_p**2]])
    widths = (mu_q, sigma_q)
    steps: tuple[Step, ...] = ()
    for closed, name in ((forward_closed(), "forward"), (reverse_closed(), "reverse")):
        steps += (
            closed,
            Step(
                equation(hessian(closed.expression.lhs, widths, here), fisher),
                f"Its curvature in the parameters of q, where q is p: the Fisher information ({name}).",
                Hessian(by=widths, at=here),
            ),
        )
    also = (steps[1].statement,)
    title = "Both directions share the Fisher metric"
    return Derivation(title, TWO_GAUSSIANS, steps[-1].statement, steps, (sigma_p,), also=also)


def third_order() -> Derivation:
    """Where the two directions part: the third-order term, and the one kind of step for which it is the same."""
    one, other = _ROLES.forward, _ROLES.reverse
    one_cut, other_cut = taylor(one, epsilon, 3), taylor(other, epsilon, 3)
    forward_series = equation(one_cut, _SECOND_ORDER - (_a**2 * _b + Rational(5, 3) * _b**3) * epsilon**3)
    reverse_series = equation(other_cut, _SECOND_ORDER - _b**3 * epsilon**3 / 3)
    gap = equation(one_cut - other_cut, -_b * (3 * _a**2 + 4 * _b**2) * epsilon**3 / 3)
    steps = (
        Step(
            equation(one, closed_form(_ORIGIN, _NEAR)),
            say("Forward, for a {} that is a small step {} away in mean and width.", _q, epsilon * Matrix([[_a, _b]])),
            GaussianDivergence(),
        ),
        Step(forward_series, "Its Taylor polynomial of the third order.", Series(by=epsilon, order=3)),
        Step(
            equation(other, (_a**2 * epsilon**2 + (1 + _b * epsilon) ** 2 - 1) / 2 - log(1 + _b * epsilon)),
            "Reverse, for the same pair.",
            GaussianDivergence(),
        ),
        Step(reverse_series, "Its Taylor polynomial: the second order is the same.", Series(by=epsilon, order=3)),
        Step(
            gap,
            "Up to the third order the difference is of the third, and needs a change of the width.",
            Difference(minus=reverse_series),
            back=3,
        ),
        Step(
            equation(gap.lhs.subs(_b, 0), S.Zero),
            "A pure shift of the mean costs the same in both directions.",
            Substitute(values=((_b, S.Zero),)),
        ),
    )
    also = (steps[4].statement,)
    title = "The local picture: where the directions part"
    return Derivation(title, _CLOSE, steps[-1].statement, steps, (_a, _b, epsilon), also=also)
