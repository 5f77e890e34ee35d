"""Why a covering fit is never unstable in its mean alone, once its width is free, for any smooth p.

At a point stationary in the width the curvature in the mean is 1/sigma_q^2. Elsewhere it is not: for two far modes and
a narrow q it is negative.
"""

from sympy import Derivative, Gt, S

from kl_engine.symbolic.proof.checks.algebra import Insert
from kl_engine.symbolic.proof.checks.integrals import Bonnet
from kl_engine.symbolic.proof.checks.order import Positive, Symmetric, is_even
from kl_engine.symbolic.proof.derivation import Derivation, Step
from kl_engine.symbolic.proof.notation import (
    Normal,
    equation,
    expectation,
    mu_q,
    p_of_x,
    q_of_x,
    sigma_q,
    x,
)
from kl_engine.symbolic.subjects.fits.reverse_fit import (
    CURVATURE,
    SCORE,
    SETTING,
    STATIONARY_IN_STD,
    D,
    balance,
    by_mean,
    by_std,
    to_cross_entropy,
)


def minimum() -> Derivation:
    """The curvature in the mean, wherever D is stationary in the width."""
    centred = Normal(x, S.Zero, sigma_q)
    second = Derivative(D, (mu_q, 2))
    steps = (
        *to_cross_entropy(),
        by_mean(),
        Step(
            equation(expectation(centred, SCORE), S.Zero),
            "The slope of the log of a symmetric target is odd: the centre is stationary in the mean for every width.",
            Symmetric(density=centred, even=p_of_x),
            under=(is_even(p_of_x),),
        ),
        Step(
            equation(second, -expectation(q_of_x, CURVATURE)),
            "Once more, for any smooth target: the curvature in the mean.",
            Bonnet(by=mu_q),
            back=2,
        ),
        by_std(back=4),
        balance(),
        Step(
            equation(second, 1 / sigma_q**2),
            "The same average appears in both: where the width is stationary only the width is left.",
            Insert(proved=balance().expression),
            under=(STATIONARY_IN_STD,),
            back=3,
        ),
        Step(
            Gt(second, 0, evaluate=False),
            "So no fit with a free width is unstable in its mean alone, and the covering fit is a minimum in it.",
            Positive(form=1 / sigma_q**2),
            under=(STATIONARY_IN_STD,),
        ),
    )
    title = "Why the covering fit stays a minimum in its mean"
    also = tuple(steps[k].statement for k in (4, 8))
    return Derivation(title, SETTING, steps[-1].statement, steps, also=also)
