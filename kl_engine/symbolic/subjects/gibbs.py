"""Gibbs' inequality: D(p||q) >= 0, because the logarithm lies below its tangent.

Source: Cover, Thomas, Elements of Information Theory (2006), 2.6; Kullback, Leibler (1951).
"""

from sympy import Eq, Expr, Function, Ge, Integral, S, log, oo

from kl_engine.symbolic.proof.checks.expectations import Definition
from kl_engine.symbolic.proof.checks.order import GAP, Averaged, LeastValue
from kl_engine.symbolic.proof.derivation import Derivation, Step
from kl_engine.symbolic.proof.laws import TARGET, Gaussian
from kl_engine.symbolic.proof.notation import equation, mu_q, p_of_x, sigma_q, t, x
from kl_engine.symbolic.proof.quantities import Roles
from kl_engine.symbolic.proof.reason import say
from kl_engine.symbolic.proof.setting import Setting, Trial

_q = Function("q", positive=True)(x)
_ROLES = Roles(p_of_x, _q, ())
_PAIR = Trial(
    "p a mixture of two Gaussians, q a Gaussian",
    replace=((p_of_x, TARGET), (_q, Gaussian(mu_q, sigma_q).density())),
)
_SETTING = Setting(
    divergences=(_ROLES,),
    trial=_PAIR,
    words=(say("{} and {} are any two densities, positive wherever the other is.", p_of_x, _q),),
)


def tangent() -> Step:
    """t - 1 - log t >= 0 for t > 0, with equality only at t = 1."""
    return Step(
        Ge(t - 1 - log(t), 0, evaluate=False),
        say("The logarithm lies below its tangent at {}, and touches it there only.", Eq(t, 1, evaluate=False)),
        LeastValue(by=t, at=S.One, curvature=1 / t**2),
    )


def inequality() -> Derivation:
    """Both directions, from one inequality."""
    steps = (
        tangent(),
        *_direction(p_of_x, _q, back=2),
        *_direction(_q, p_of_x, back=4),
    )
    return Derivation("Gibbs' inequality", _SETTING, steps[-1].statement, steps, also=(steps[2].statement,))


def _direction(a: Expr, b: Expr, back: int) -> tuple[Step, Step]:
    divergence = _ROLES.forward if a == p_of_x else _ROLES.reverse
    definition = equation(divergence, Integral(a * log(a / b), (x, -oo, oo)))
    return (
        Step(definition, "The mean log ratio under the first of the two.", Definition()),
        Step(
            Ge(divergence, 0, evaluate=False),
            say(
                "The inequality at {}, averaged under {}. Both densities integrate to one, so only the divergence is "
                "left; it vanishes only where the ratio is one almost everywhere.",
                Eq(t, b / a, evaluate=False),
                a,
            ),
            Averaged(average=Integral(a * GAP(b / a), (x, -oo, oo)), whole=definition, masses=(b, a)),
            back=back,
        ),
    )
