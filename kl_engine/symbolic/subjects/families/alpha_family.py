"""The alpha-divergence between Gaussians, and both directions of D as its limits.

D_alpha(p||q) = (1 - int p^alpha q^(1 - alpha) dx) / (alpha (1 - alpha)): alpha -> 1 is D(p||q), alpha -> 0 D(q||p).
Source: Minka (2005), Divergence measures and message passing (his normalisation).
"""

from sympy import Expr, Integral, Limit, S, exp, oo, pi, sqrt

from kl_engine.symbolic.proof.checks.algebra import Equal, Insert
from kl_engine.symbolic.proof.checks.calculus import Ratio
from kl_engine.symbolic.proof.checks.expectations import Definition
from kl_engine.symbolic.proof.checks.integrals import GaussianIntegrals
from kl_engine.symbolic.proof.derivation import Derivation, Step
from kl_engine.symbolic.proof.notation import (
    alpha,
    equation,
    mu_p,
    mu_q,
    p_of_x,
    q_of_x,
    quantity,
    sigma_p,
    sigma_q,
    x,
)
from kl_engine.symbolic.proof.reason import say
from kl_engine.symbolic.proof.setting import Setting, UnitInterval
from kl_engine.symbolic.subjects.gaussian import NOTES, PARAMETERS, P, Q, closed_form

_LINE = (x, -oo, oo)
_D = quantity("D_alpha", alpha, *PARAMETERS)
_SCALE = alpha * (1 - alpha)
_SETTING = Setting(
    laws=((p_of_x, P), (q_of_x, Q)),
    quantities=((_D, (1 - Integral(p_of_x**alpha * q_of_x ** (1 - alpha), _LINE)) / _SCALE),),
    domains=(UnitInterval(alpha),),
    words=(say("{} lies between zero and one", alpha),),
)


def overlap() -> Expr:
    """int p^alpha q^(1-alpha) dx for two Gaussians; v = alpha sigma_q^2 + (1 - alpha) sigma_p^2."""
    v = _mixed_variance()
    widths = sigma_q**alpha * sigma_p ** (1 - alpha) / sqrt(v)
    return widths * exp(-alpha * (1 - alpha) * (mu_p - mu_q) ** 2 / (2 * v))


def _mixed_variance() -> Expr:
    return alpha * sigma_q**2 + (1 - alpha) * sigma_p**2


def gaussians() -> Derivation:
    """The closed form for two Gaussians, and its limits at both ends."""
    exponent = -alpha * (x - mu_p) ** 2 / (2 * sigma_p**2) - (1 - alpha) * (x - mu_q) ** 2 / (2 * sigma_q**2)
    height = sigma_p ** (-alpha) * sigma_q ** (alpha - 1) / sqrt(2 * pi)
    lemma = equation(Integral(height * exp(exponent), _LINE), overlap())
    closed = equation(_D, (1 - overlap()) / _SCALE)
    steps = (
        Step(
            equation(_D, (1 - Integral(p_of_x**alpha * q_of_x ** (1 - alpha), _LINE)) / _SCALE),
            say("One less the overlap of the two densities, weighted by {}.", alpha),
            Definition(),
        ),
        Step(
            equation(_D, (1 - Integral(height * exp(exponent), _LINE)) / _SCALE),
            "Powers of Gaussian densities: the exponents add.",
            Equal(),
        ),
        Step(lemma, "The exponent is one parabola: complete the square.", GaussianIntegrals(), back=0),
        Step(closed, "The integral is substituted.", Insert(proved=lemma), back=2),
        *_limits(),
    )
    return Derivation(
        "Alpha-divergence and its two limits",
        _SETTING,
        steps[-1].statement,
        steps,
        (alpha, *PARAMETERS),
        formula=closed.rhs,
        meaning="D_alpha(p||q) in Minka's normalisation, a number without a unit.",
        notes=(
            "alpha: order, in [0, 1]. At its ends it is the limit, in nats: D(p||q) at 1, D(q||p) at 0.",
            "Close to an end digits cancel: the error is about 1e-16 over the distance to it.",
            *NOTES,
        ),
        also=(steps[3].statement, steps[4].statement),
    )


def _limits() -> tuple[Step, Step]:
    """Both ends of alpha: the numerator and the denominator vanish together."""
    form = {"by": alpha, "numerator": 1 - overlap(), "denominator": _SCALE}
    return (
        Step(
            equation(Limit(_D, alpha, 1, "+-"), closed_form(P, Q)),
            "At the one end: the forward direction.",
            Ratio(at=S.One, **form),
        ),
        Step(
            equation(Limit(_D, alpha, 0, "+-"), closed_form(Q, P)),
            "At the other: the reverse direction.",
            Ratio(at=S.Zero, **form),
            back=2,
        ),
    )
