"""F(m, w) of a Gaussian belief N(m, w) (w a variance) when data are a polynomial of the state plus noise.

Gaussian moments of a polynomial are polynomials in m and w, so F is one too, plus -log(w)/2.
The worked example is Bogacz (2017), exercise 1: prior N(3, 1), x = 2, g(z) = z^2, noise 1.
"""

from sympy import (
    Derivative,
    Eq,
    Expr,
    Function,
    Ge,
    ImmutableMatrix,
    Integral,
    Poly,
    Rational,
    S,
    Symbol,
    log,
    oo,
    pi,
    sqrt,
    symbols,
)

from kl_engine.symbolic.proof.check import Instance
from kl_engine.symbolic.proof.checks.algebra import Solve, Substitute
from kl_engine.symbolic.proof.checks.calculus import Differentiate, SecondDerivatives
from kl_engine.symbolic.proof.checks.expectations import FreeEnergy, Moments
from kl_engine.symbolic.proof.checks.minimum import Eliminate, LeastAt, OnlyRoot
from kl_engine.symbolic.proof.checks.order import Bound
from kl_engine.symbolic.proof.derivation import Derivation, Step
from kl_engine.symbolic.proof.laws import Gaussian, standard_moments
from kl_engine.symbolic.proof.notation import equation, gaussian_density, w, x, z
from kl_engine.symbolic.proof.quantities import Model, hessian, least_at

_m, _mean_0 = Symbol("m", real=True), Symbol("m_0", real=True)
_std_0, _noise = Symbol("s_0", positive=True), Symbol("s_x", positive=True)
_links = symbols("c_0:4", real=True)
_q, _p, _l = (Function(name, positive=True)(z) for name in ("q", "prior", "likelihood"))
_MODEL = Model(_q, _p, _l, (_m, w, _mean_0, _std_0, _noise, *_links, x))
_HALF = Rational(1, 2)


def in_moments(mean_0: Expr, std_0: Expr, noise: Expr, links: tuple[Expr, ...], data: Expr) -> Expr:
    """F = E_q[(z - mean_0)^2]/(2 std_0^2) + E_q[(data - g(z))^2]/(2 noise^2) + log(2 pi std_0 noise) - H[q]."""
    misfit = (data - sum(c * z**k for k, c in enumerate(links))) ** 2
    expected = standard_moments(misfit.xreplace({z: _m + sqrt(w) * z}), z)
    moments = (c * _m**i * w**j / (2 * noise**2) for (i, j), c in Poly(expected, _m, w).terms())
    squares = ((_m - mean_0) ** 2 + w) / (2 * std_0**2) + sum(moments)
    return squares + log(2 * pi * std_0 * noise) - log(2 * pi * w) / 2 - _HALF


def minimum() -> Derivation:
    """F for any link of degree three, then the worked example down to its least value."""
    general = _general()
    slopes = _slopes(general[-1].expression)
    roots = _roots(*(slopes[k].expression for k in (1, 3)))
    last = _least(general[-1].expression, slopes, roots)
    steps = (*general, *slopes, *roots, *last)
    return Derivation(
        "Free energy under a polynomial link",
        last[-1].expression,
        steps,
        (_m, w),
        formula=general[-1].expression.rhs,
        meaning="the free energy F of the worked example, in nats.",
        notes=(
            "m, w: mean and variance (> 0) of the Gaussian belief q(z) = N(m, w) about the state z.",
            "The model: prior N(3, 1) of z, data x = 2, x = z^2 + noise of variance 1.",
        ),
    )


def _general() -> tuple[Step, ...]:
    """From the definition to a polynomial in m and w, and the example."""
    link = sum(c * z**k for k, c in enumerate(_links))
    densities = (
        (_q, gaussian_density(_m, sqrt(w), z)),
        (_p, gaussian_density(_mean_0, _std_0, z)),
        (_l, gaussian_density(link, _noise, x)),
    )
    known = {"where": densities, "instance": Instance("a cubic link with random coefficients", replace=densities)}
    line = (z, -oo, oo)
    values = tuple(zip((_mean_0, _std_0, _noise, *_links, x), map(S, (3, 1, 1, 0, 0, 1, 0, 2)), strict=True))
    example = (
        _m**4 / 2 + 3 * _m**2 * w - 3 * _m**2 / 2 - 3 * _m + 3 * w**2 / 2 - 3 * w / 2 + Rational(13, 2)
        + log(2 * pi) - log(2 * pi * w) / 2 - _HALF
    )  # fmt: skip
    return (
        Step(
            equation(_MODEL.free_energy, Integral(_q * log(_q / _p), line) - Integral(_q * log(_l), line)),
            "Complexity minus accuracy: the mean of log belief - log prior - log likelihood, under the belief.",
            "definition",
            FreeEnergy(model=_MODEL, **known),
            back=0,
        ),
        Step(
            equation(_MODEL.free_energy, in_moments(_mean_0, _std_0, _noise, _links, x)),
            "Every term is a polynomial in z, so its expectation is one in m and w (here for a cubic link).",
            "moments of a Gaussian",
            Moments(density=_q, law=Gaussian(_m, sqrt(w)), variable=z, where=densities),
        ),
        Step(
            equation(_MODEL.free_energy.subs(values), example),
            "Prior N(3, 1), x = 2, $g(z) = z^2$, noise 1.",
            "the worked example",
            Substitute(values=values),
        ),
    )


def _slopes(whole: Eq) -> tuple[Step, ...]:
    """Both derivatives, and where they are 0."""
    return (
        Step(
            equation(Derivative(whole.lhs, _m), 2 * _m**3 + 6 * _m * w - 3 * _m - 3),
            "The derivative by the mean.",
            "derivative",
            Differentiate(by=_m),
        ),
        Step(
            equation(2 * _m**3 + 6 * _m * w, 3 * _m + 3),
            "Stationary in the mean.",
            "stationarity",
            Solve(factor=S.One),
        ),
        Step(
            equation(Derivative(whole.lhs, w), 3 * _m**2 + 3 * w - Rational(3, 2) - 1 / (2 * w)),
            "The derivative by the variance.",
            "derivative",
            Differentiate(by=w),
            back=3,
        ),
        Step(
            equation(3 * _m**2 + 3 * w - Rational(3, 2), 1 / (2 * w)),
            "Stationary in the variance.",
            "stationarity",
            Solve(factor=S.One),
        ),
    )


def _roots(in_mean: Eq, in_variance: Eq) -> tuple[Step, ...]:
    """The two conditions together have one solution: a polynomial for each unknown, and its only admissible root."""
    for_mean = 8 * _m**6 - 12 * _m**4 - 6 * _m**3 + 6 * _m**2 - 9 * _m - 9
    for_variance = 864 * w**6 - 1296 * w**5 + 648 * w**4 + 378 * w**3 - 18 * w**2 + 9 * w - 1
    return (
        Step(
            equation(for_mean, S.Zero),
            "Both conditions together: the variance is eliminated.",
            "resultant",
            Eliminate(other=in_mean, symbol=w),
        ),
        Step(
            equation(_m, Poly(for_mean, _m).real_roots()[-1]),
            "It has two real roots; at the negative one the first condition would make the variance negative.",
            "isolated root",
            OnlyRoot(symbol=_m, partner=w, condition=in_mean),
        ),
        Step(
            equation(for_variance, S.Zero),
            "Both conditions together: the mean is eliminated.",
            "resultant",
            Eliminate(other=in_mean, symbol=_m),
            back=3,
        ),
        Step(
            equation(w, Poly(for_variance, w).real_roots()[-1]),
            "It has one positive root.",
            "isolated root",
            OnlyRoot(symbol=w),
        ),
    )


def _least(whole: Eq, slopes: tuple[Step, ...], roots: tuple[Step, ...]) -> tuple[Step, ...]:
    """F has a least value, so that is where both conditions hold; and the Hessian there is positive definite."""
    squares = ((_m**2 + w - 2) ** 2 + 4 * _m**2 * w + 2 * w**2) / 2
    bound = Ge(whole.lhs, ((_m - 3) ** 2 + w - 1 + log(2 * pi) - log(w)) / 2, evaluate=False)
    curvature = equation(
        hessian(whole.lhs, (_m, w)),
        ImmutableMatrix([[6 * _m**2 + 6 * w - 3, 6 * _m], [6 * _m, 3 + 1 / (2 * w**2)]]),
    )
    solved, conditions = (tuple(steps[k].expression for k in (1, 3)) for steps in (roots, slopes))
    return (
        Step(
            bound,
            "The mean square of $2 - z^2$ is not negative. What it adds to grows without bound in every direction, and "
            "as w tends to 0, so F has a least value.",
            "bound",
            Bound(form=squares),
            back=9,
        ),
        Step(curvature, "The second derivatives.", "Hessian", SecondDerivatives(by=(_m, w)), back=10),
        Step(
            equation(least_at(whole.lhs, (_m, w), conditions), ImmutableMatrix([root.rhs for root in solved])),
            "Both slopes are 0 where F is least, and they are so at one place only; its Hessian is positive definite "
            "there. This is the minimum.",
            "second-order condition, and existence",
            LeastAt(by=(_m, w), whole=whole, bound=bound, conditions=conditions, roots=solved),
        ),
    )
