"""Gibbs' inequality: D(p||q) >= 0, because the logarithm lies below its tangent.

Source: Cover, Thomas, Elements of Information Theory (2006), 2.6; Kullback, Leibler (1951).
"""

from sympy import Expr, Ge, Integral, S, log, oo
from sympy.core.relational import Relational

from kl_engine.symbolic.proof.check import Instance
from kl_engine.symbolic.proof.checks.expectations import Definition
from kl_engine.symbolic.proof.checks.order import GAP, Averaged, LeastValue
from kl_engine.symbolic.proof.derivation import Derivation, Step
from kl_engine.symbolic.proof.laws import TARGET, Gaussian
from kl_engine.symbolic.proof.notation import equation, mu_q, p_of_x, q_of_x, sigma_q, t, x
from kl_engine.symbolic.proof.quantities import ANY

_PAIR = Instance(
    "p a mixture of two Gaussians, q a Gaussian",
    replace=((p_of_x, TARGET), (q_of_x, Gaussian(mu_q, sigma_q).density())),
)


def tangent() -> Step:
    """t - 1 - log t >= 0 for t > 0, with equality only at t = 1."""
    return Step(
        Ge(t - 1 - log(t), 0, evaluate=False),
        "The logarithm lies below its tangent at $t = 1$, and touches it there only.",
        "convexity",
        LeastValue(by=t, at=S.One, curvature=1 / t**2),
        back=0,
    )


def inequality() -> Derivation:
    steps = (
        tangent(),
        *_direction(p_of_x, q_of_x, back=2),
        *_direction(q_of_x, p_of_x, back=4),
    )
    return Derivation("Gibbs' inequality", steps[-1].expression, steps)


def _direction(a: Expr, b: Expr, back: int) -> tuple[Step, Step]:
    definition: Relational = equation(ANY.divergence(a, b), Integral(a * log(a / b), (x, -oo, oo)))
    line = (x, -oo, oo)
    return (
        Step(
            definition,
            "The mean log ratio under the first of the two.",
            "definition",
            Definition(roles=ANY, first=a, second=b, instance=_PAIR),
            back=0,
        ),
        Step(
            Ge(definition.lhs, 0, evaluate=False),
            "The inequality at t = second/first, averaged under the first. Both densities integrate to 1, so only D "
            "is left; it is 0 only where the ratio is 1 almost everywhere.",
            "average of an inequality",
            Averaged(
                average=Integral(a * GAP(b / a), line),
                whole=definition,
                masses=(Integral(b, line), Integral(a, line)),
                instance=_PAIR,
            ),
            back=back,
        ),
    )
