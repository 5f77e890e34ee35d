"""The forward fit of a mixture in closed form: its mean and variance, for any number of components."""

from sympy import Expr, IndexedBase, Integral, Sum, oo

from kl_engine.symbolic.proof.checks.algebra import Equal, Identity
from kl_engine.symbolic.proof.checks.expectations import GaussianIntegrals
from kl_engine.symbolic.proof.derivation import Derivation, Step
from kl_engine.symbolic.proof.notation import equation, expectation, gaussian_density, mean_p, p_of_x, x
from kl_engine.symbolic.proof.sizes import Sizes, i, j, n

_w, _mu, _sigma = (IndexedBase(name) for name in ("w", "mu", "sigma"))
_COMPONENT = gaussian_density(_mu[i], _sigma[i])
_MIXTURE = ((p_of_x, Sum(_w[i] * _COMPONENT, (i, 1, n))),)
_COMPONENTS = (2, 3)
_MEAN = Sum(_w[j] * _mu[j], (j, 1, n))


def _sized(inner: Identity | Equal | GaussianIntegrals) -> Sizes:
    return Sizes(inner=inner, sizes=_COMPONENTS, simplex=("w",))


def _by_component(body: Expr, closed: Expr, what: str) -> tuple[Step, Step]:
    """The expectation of a mixture is the weighted mean of the components' expectations."""
    left = expectation(p_of_x, body)
    return (
        Step(
            equation(left, Sum(_w[i] * Integral(_COMPONENT * body, (x, -oo, oo)), (i, 1, n))),
            f"The {what} of the mixture is the weighted sum over its components.",
            "linearity",
            _sized(Identity(where=_MIXTURE)),
            back=0,
        ),
        Step(
            equation(left, closed),
            f"Each component is Gaussian, so its {what} is known.",
            "moments of a Gaussian",
            _sized(GaussianIntegrals()),
        ),
    )


def moments() -> Derivation:
    second = Sum(_w[i] * (_sigma[i] ** 2 + _mu[i] ** 2), (i, 1, n))
    deviation = (x - mean_p) ** 2
    variance = expectation(p_of_x, deviation)
    within = Sum(_w[i] * _sigma[i] ** 2, (i, 1, n))
    between = Sum(_w[i] * (_mu[i] - mean_p) ** 2, (i, 1, n))
    claim = equation(variance, within + between)
    steps = (
        *_by_component(x, _MEAN, "mean"),
        *_by_component(x**2, second, "mean square"),
        *_by_component(
            deviation, Sum(_w[i] * (_sigma[i] ** 2 + (_mu[i] - mean_p) ** 2), (i, 1, n)), "mean squared deviation"
        ),
        Step(
            equation(variance, second - _MEAN**2),
            "The weights sum to 1: the mean square less the square of the mean.",
            "variance",
            _sized(Equal(where=((mean_p, _MEAN),))),
        ),
        Step(
            claim,
            "The variance within the components plus the variance between their means.",
            "law of total variance",
            _sized(Equal(where=((mean_p, _MEAN),))),
        ),
    )
    return Derivation(
        "Moments of a mixture: its forward fit",
        claim,
        steps,
        (_w.label, _mu.label, _sigma.label),
        formula=second - _MEAN**2,
        meaning="the variance of the mixture, which is that of its forward fit.",
        notes=(
            "w, mu, sigma: weights (which sum to 1), means and standard deviations of the components.",
            "The mean of the forward fit is the sum of w times mu.",
        ),
    )
