"""The reverse fit of a mixture with any number of components: its two conditions, by responsibilities.

Proved for two and for three components, with general symbols.
"""

from sympy import Derivative, Expr, Function, IndexedBase, S, Sum

from kl_engine.symbolic.proof.checks.algebra import Identity, Insert, Solve
from kl_engine.symbolic.proof.derivation import Derivation, Step
from kl_engine.symbolic.proof.laws import Gaussian
from kl_engine.symbolic.proof.notation import Normal, equation, expectation, i, mu_q, n, p_of_x, q_of_x, sigma_q, x
from kl_engine.symbolic.proof.reason import say
from kl_engine.symbolic.proof.setting import Setting, SizeRange
from kl_engine.symbolic.subjects.fits.forward_fit import ROLES
from kl_engine.symbolic.subjects.fits.reverse_fit import (
    CURVATURE,
    LOG_P,
    SCORE,
    STATIONARY_IN_MEAN,
    STATIONARY_IN_STD,
    D,
    by_mean,
    by_std,
    to_cross_entropy,
)

_w, _mu, _sigma = (IndexedBase(name) for name in ("w", "mu", "sigma"))
_share = Function("r", positive=True)(i, x)
_weighted = _w[i] * Normal(x, _mu[i], _sigma[i])


def _total(body: Expr) -> Sum:
    return Sum(body, (i, 1, n))


_SETTING = Setting(
    laws=((q_of_x, Gaussian(mu_q, sigma_q)),),
    definitions=((p_of_x, _total(_weighted)), (_share, _weighted / p_of_x)),
    divergences=(ROLES,),
    sizes=SizeRange(sizes=(2, 3), simplex=("w",)),
    moderate=(LOG_P,),
    words=(say("the weights {} are positive and sum to one", _w[i]),),
)


def conditions() -> Derivation:
    """The two conditions of `reverse_fit.stationarity` for a mixture p, with responsibilities r_i(x)."""
    pull = (_mu[i] - x) / _sigma[i] ** 2
    score = _total(_share * pull)
    curvature = _total(_share * (pull**2 - 1 / _sigma[i] ** 2)) - score**2
    steps = (
        Step(
            equation(SCORE, score),
            "The slope of the log target is a weighted pull towards each mean; the weights are responsibilities.",
            Identity(),
        ),
        Step(
            equation(CURVATURE, curvature),
            "Once more: the responsibilities change from point to point too.",
            Identity(),
        ),
        *to_cross_entropy(),
        by_mean(),
        Step(
            equation(Derivative(D, mu_q), -expectation(q_of_x, score)),
            "The slope of the log target is substituted.",
            Insert(proved=equation(SCORE, score)),
        ),
        Step(
            equation(expectation(q_of_x, score), S.Zero),
            "Stationary in the mean: the pulls balance under the fit.",
            Solve(factor=S.NegativeOne),
            under=(STATIONARY_IN_MEAN,),
        ),
        by_std(back=4),
        Step(
            equation(Derivative(D, sigma_q), -1 / sigma_q - sigma_q * expectation(q_of_x, curvature)),
            "The curvature of the log target is substituted.",
            Insert(proved=equation(CURVATURE, curvature)),
        ),
        Step(
            equation(expectation(q_of_x, curvature), -1 / sigma_q**2),
            "Stationary in the width: the average curvature of the log target is that of the log of the fit.",
            Solve(factor=-sigma_q),
            under=(STATIONARY_IN_STD,),
        ),
    )
    title = "Reverse stationarity: a mixture"
    return Derivation(title, _SETTING, steps[-1].statement, steps, also=(steps[7].statement,))
