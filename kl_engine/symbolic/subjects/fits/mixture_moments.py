"""The forward fit of a mixture in closed form: its mean and variance, for any number of components."""

from sympy import Expr, IndexedBase, Integral, Sum, oo

from kl_engine.symbolic.proof.checks.algebra import Equal, Identity
from kl_engine.symbolic.proof.checks.integrals import GaussianIntegrals
from kl_engine.symbolic.proof.derivation import Derivation, Step
from kl_engine.symbolic.proof.notation import Normal, equation, expectation, i, mean_p, n, p_of_x, x
from kl_engine.symbolic.proof.reason import say
from kl_engine.symbolic.proof.setting import Setting, SizeRange

_w, _mu, _sigma = (IndexedBase(name) for name in ("w", "mu", "sigma"))
_COMPONENT = Normal(x, _mu[i], _sigma[i])


def _total(body: Expr) -> Sum:
    return Sum(body, (i, 1, n))


_MEAN = _total(_w[i] * _mu[i])
_SETTING = Setting(
    definitions=((p_of_x, _total(_w[i] * _COMPONENT)), (mean_p, _MEAN)),
    sizes=SizeRange(sizes=(2, 3), simplex=("w",)),
    words=(say("the weights {} are positive and sum to one", _w[i]),),
)


def _by_component(body: Expr, closed: Expr, what: str) -> tuple[Step, Step]:
    """The expectation of a mixture is the weighted mean of the components' expectations."""
    left = expectation(p_of_x, body)
    return (
        Step(
            equation(left, _total(_w[i] * Integral(_COMPONENT * body, (x, -oo, oo)))),
            f"The {what} of the mixture is the weighted sum over its components.",
            Identity(),
        ),
        Step(
            equation(left, closed),
            f"Each component is Gaussian, so its {what} is known.",
            GaussianIntegrals(),
            back=1,
        ),
    )


def moments() -> Derivation:
    """Mean, mean square and variance of a mixture."""
    second = _total(_w[i] * (_mu[i] ** 2 + _sigma[i] ** 2))
    deviation = (x - mean_p) ** 2
    variance = expectation(p_of_x, deviation)
    within, between = _total(_w[i] * _sigma[i] ** 2), _total(_w[i] * (_mu[i] - mean_p) ** 2)
    around = _total(_w[i] * ((_mu[i] - mean_p) ** 2 + _sigma[i] ** 2))
    steps = (
        *_by_component(x, _MEAN, "mean"),
        *_by_component(x**2, second, "mean square"),
        *_by_component(deviation, around, "mean squared deviation"),
        Step(
            equation(variance, second - _MEAN**2),
            "The weights sum to one: the mean square less the square of the mean.",
            Equal(),
        ),
        Step(
            equation(variance, within + between),
            "The variance within the components plus the variance between their means.",
            Equal(),
        ),
    )
    return Derivation(
        "Moments of a mixture: its forward fit",
        _SETTING,
        steps[-1].statement,
        steps,
        (_w.label, _mu.label, _sigma.label),
        formula=second - _MEAN**2,
        meaning="the variance of the mixture, which is that of its forward fit.",
        notes=(
            "w, mu, sigma: weights (which sum to 1), means and standard deviations of the components.",
            "The mean of the forward fit is the sum of w times mu.",
        ),
        also=(steps[1].statement, steps[6].statement),
    )
