"""The local picture: near p both directions are half the Fisher metric; at third order they part.

For a step (a, b) e in (mu, sigma) of N(0, 1): D = (a^2 + 2 b^2) e^2 / 2 up to terms in e^3, which differ between the
directions by b (3 a^2 + 4 b^2) e^3 / 3 in size: nothing for a pure shift of the mean.
Source: Kullback (1959), 2.6; Amari, Information Geometry and Its Applications (2016), 1.
"""

from sympy import Matrix, Rational, S, Symbol, log

from kl_engine.symbolic.proof.checks.algebra import Difference, Substitute
from kl_engine.symbolic.proof.checks.calculus import Hessian, Series
from kl_engine.symbolic.proof.checks.expectations import GaussianDivergence
from kl_engine.symbolic.proof.derivation import Derivation, Step
from kl_engine.symbolic.proof.laws import Gaussian
from kl_engine.symbolic.proof.notation import epsilon, equation, mu_p, mu_q, sigma_p, sigma_q, taylor
from kl_engine.symbolic.proof.quantities import Roles, hessian
from kl_engine.symbolic.subjects.gaussian import GAUSSIANS, P, Q, closed_form

_a, _b = Symbol("a", real=True), Symbol("b", real=True)
_ORIGIN, _NEAR = Gaussian(S.Zero, S.One), Gaussian(_a * epsilon, 1 + _b * epsilon)
_ROLES = Roles(_ORIGIN, _NEAR, (_a, _b, epsilon))
_SECOND_ORDER = (_a**2 + 2 * _b**2) * epsilon**2 / 2


def fisher_metric() -> Derivation:
    """The Hessian of either direction at q = p is the Fisher information of a Gaussian."""
    here = ((mu_q, mu_p), (sigma_q, sigma_p))
    fisher = Matrix([[1 / sigma_p**2, 0], [0, 2 / sigma_p**2]])
    steps: tuple[Step, ...] = ()
    widths = (mu_q, sigma_q)
    for a, b, name in ((P, Q, "forward"), (Q, P, "reverse")):
        divergence = GAUSSIANS.divergence(a, b)
        steps += (
            Step(
                equation(divergence, closed_form(a, b)),
                f"The closed form of the {name} direction.",
                f"two Gaussians, {name}",
                GaussianDivergence(roles=GAUSSIANS, first=a, second=b),
                back=0,
            ),
            Step(
                equation(hessian(divergence, widths, here), fisher),
                f"Its curvature in the parameters of q, at q = p: the Fisher information ({name}).",
                "second derivatives",
                Hessian(by=widths, at=here),
            ),
        )
    return Derivation("Both directions share the Fisher metric", steps[-1].expression, steps, (sigma_p,))


def third_order() -> Derivation:
    """Where the two directions part: the third-order term, and the one kind of step for which it is the same."""
    one, other = _ROLES.forward, _ROLES.reverse
    one_cut, other_cut = taylor(one, epsilon, 3), taylor(other, epsilon, 3)
    forward_series = equation(one_cut, _SECOND_ORDER - (_a**2 * _b + Rational(5, 3) * _b**3) * epsilon**3)
    reverse_series = equation(other_cut, _SECOND_ORDER - _b**3 * epsilon**3 / 3)
    gap = equation(one_cut - other_cut, -_b * (3 * _a**2 + 4 * _b**2) * epsilon**3 / 3)
    shift = equation(gap.lhs.subs(_b, 0), S.Zero)
    steps = (
        Step(
            equation(one, closed_form(_ORIGIN, _NEAR)),
            "Forward, for p = N(0, 1) and q a step (a, b) times a small number away in mean and width.",
            "two Gaussians, forward",
            GaussianDivergence(roles=_ROLES, first=_ORIGIN, second=_NEAR),
            back=0,
        ),
        Step(forward_series, "Its Taylor polynomial of third order, $T_3$.", "Taylor", Series(by=epsilon, order=3)),
        Step(
            equation(other, (_a**2 * epsilon**2 + (1 + _b * epsilon) ** 2 - 1) / 2 - log(1 + _b * epsilon)),
            "Reverse, for the same pair.",
            "two Gaussians, reverse",
            GaussianDivergence(roles=_ROLES, first=_NEAR, second=_ORIGIN),
            back=0,
        ),
        Step(
            reverse_series,
            "Its Taylor polynomial: the second order is the same.",
            "Taylor",
            Series(by=epsilon, order=3),
        ),
        Step(
            gap,
            "Up to third order the difference is of the third, and needs a change of the width.",
            "subtraction",
            Difference(minus=reverse_series),
            back=3,
        ),
        Step(
            shift,
            "A pure shift of the mean costs the same in both directions.",
            "substitution",
            Substitute(values=((_b, S.Zero),)),
        ),
    )
    return Derivation("The local picture: where the directions part", shift, steps, (_a, _b, epsilon))
