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

from kl_engine.symbolic.proof.checks.algebra import Solve, Substitute
from kl_engine.symbolic.proof.checks.calculus import Differentiate, SecondDerivatives
from kl_engine.symbolic.proof.checks.expectations import Definition, Moments
from kl_engine.symbolic.proof.checks.minimum import Eliminate, LeastAt, OnlyRoot
from kl_engine.symbolic.proof.checks.order import Bound
from kl_engine.symbolic.proof.derivation import Derivation, Step
from kl_engine.symbolic.proof.laws import Gaussian
from kl_engine.symbolic.proof.notation import Normal, equation, expectation, quantity, w, x, z
from kl_engine.symbolic.proof.quantities import hessian, least_at
from kl_engine.symbolic.proof.reason import say
from kl_engine.symbolic.proof.setting import Setting
from kl_engine.symbolic.proof.statement import vanishing

_m, _mean_0 = Symbol("m", real=True), Symbol("m_0", real=True)
_std_0, _noise = Symbol("s_0", positive=True), Symbol("s_x", positive=True)
_links = symbols("c_0:4", real=True)
_q, _p, _l = (Function(name, positive=True)(z) for name in ("q", "prior", "likelihood"))
_LINK = sum(c * z**k for k, c in enumerate(_links))
_F = quantity("F", _m, w, _mean_0, _std_0, _noise, *_links, x)
_LINE = (z, -oo, oo)
_EXAMPLE = quantity("F_1", _m, w)
_VALUES = tuple(zip((_mean_0, _std_0, _noise, *_links, x), map(S, (3, 1, 1, 0, 0, 1, 0, 2)), strict=True))
_SETTING = Setting(
    laws=((_q, Gaussian(_m, sqrt(w))), (_p, Gaussian(_mean_0, _std_0))),
    definitions=((_l, Normal(x, _LINK, _noise)), (_EXAMPLE, _F.subs(_VALUES))),
    quantities=((_F, Integral(_q * log(_q / _p), _LINE) - Integral(_q * log(_l), _LINE)),),
    words=(
        say("{} is the variance of the belief", w),
        say("the datum {} is {} plus noise of standard deviation {}", x, _LINK, _noise),
        say("{} is the worked example", _EXAMPLE),
    ),
)
_HALF = Rational(1, 2)


def minimum() -> Derivation:
    """F for any link of degree three, then the worked example down to its least value."""
    general = _general()
    whole = general[-1].expression
    slopes = _slopes(whole)
    conditions = tuple(vanishing(slopes[k].expression) for k in (0, 2))
    roots = _roots(slopes[1].expression, conditions)
    steps = (*general, *slopes, *roots, *_least(whole, roots))
    return Derivation(
        "Free energy under a polynomial link",
        _SETTING,
        steps[-1].statement,
        steps,
        (_m, w),
        formula=whole.rhs,
        meaning="the free energy F of the worked example, in nats.",
        notes=(
            "m, w: mean and variance (> 0) of the Gaussian belief q(z) = N(m, w) about the state z.",
            "The model: prior N(3, 1) of z, data x = 2, x = z^2 + noise of variance 1.",
        ),
        also=(general[-1].statement,),
    )


def _general() -> tuple[Step, ...]:
    """From the definition to a polynomial in m and w, and the example."""
    error = expectation(_q, (x - _LINK) ** 2, z) / (2 * _noise**2)
    general = (
        ((_m - _mean_0) ** 2 + w) / (2 * _std_0**2)
        + error
        + log(2 * pi * _std_0 * _noise)
        - log(2 * pi * w) / 2
        - _HALF
    )
    example = (
        _m**4 / 2 + 3 * _m**2 * w - 3 * _m**2 / 2 - 3 * _m + 3 * w**2 / 2 - 3 * w / 2 + Rational(13, 2)
        + log(2 * pi) - log(2 * pi * w) / 2 - _HALF
    )  # fmt: skip
    return (
        Step(
            equation(_F, Integral(_q * log(_q / _p), _LINE) - Integral(_q * log(_l), _LINE)),
            "Complexity minus accuracy: the mean of log belief less log prior less log likelihood, under the belief.",
            Definition(),
        ),
        Step(
            equation(_F, general),
            "Prior and entropy by their moments; of the likelihood its mean squared error is left.",
            Moments(density=_q),
            name="in_moments",
        ),
        Step(
            equation(_EXAMPLE, general.subs(_VALUES)),
            "The worked example: a square as the link, and the other values as they stand above.",
            Substitute(values=_VALUES),
        ),
        Step(
            equation(_EXAMPLE, example),
            "A polynomial in the state has a mean that is one in the mean and the variance.",
            Moments(density=_q),
        ),
    )


def with_mean_taken(form: Expr) -> Expr:
    """The form with its mean squared error as a polynomial in the mean and the variance of the belief."""
    belief = Gaussian(_m, sqrt(w))
    means = {i: belief.expect(i.function / _q, z) for i in form.atoms(Integral)}
    return form.xreplace(means)


def _slopes(whole: Eq) -> tuple[Step, ...]:
    """Both derivatives, and where they are 0."""
    by_mean = equation(Derivative(whole.lhs, _m), 2 * _m**3 + 6 * _m * w - 3 * _m - 3)
    by_variance = equation(Derivative(whole.lhs, w), 3 * _m**2 + 3 * w - Rational(3, 2) - 1 / (2 * w))
    return (
        Step(by_mean, "The slope in the mean.", Differentiate(by=_m)),
        Step(
            equation(2 * _m**3 + 6 * _m * w, 3 * _m + 3),
            "Stationary in the mean.",
            Solve(factor=S.One),
            under=(vanishing(by_mean),),
        ),
        Step(by_variance, "The slope in the variance.", Differentiate(by=w), back=3),
        Step(
            equation(3 * _m**2 + 3 * w - Rational(3, 2), 1 / (2 * w)),
            "Stationary in the variance.",
            Solve(factor=S.One),
            under=(vanishing(by_variance),),
        ),
    )


def _roots(in_mean: Eq, conditions: tuple[Eq, ...]) -> tuple[Step, ...]:
    """The two conditions together have one solution: a polynomial for each unknown, and its only admissible root."""
    for_mean = 8 * _m**6 - 12 * _m**4 - 6 * _m**3 + 6 * _m**2 - 9 * _m - 9
    for_variance = 864 * w**6 - 1296 * w**5 + 648 * w**4 + 378 * w**3 - 18 * w**2 + 9 * w - 1
    return (
        Step(
            equation(for_mean, S.Zero),
            "Both conditions together: the variance is eliminated.",
            Eliminate(other=in_mean, symbol=w),
            under=conditions,
        ),
        Step(
            equation(_m, Poly(for_mean, _m).real_roots()[-1]),
            "Of its real roots only this one makes the variance positive, by the condition on the mean.",
            OnlyRoot(symbol=_m, partner=w, condition=in_mean),
            under=conditions,
        ),
        Step(
            equation(for_variance, S.Zero),
            "Both conditions together: the mean is eliminated.",
            Eliminate(other=in_mean, symbol=_m),
            under=conditions,
            back=3,
        ),
        Step(
            equation(w, Poly(for_variance, w).real_roots()[-1]),
            "Of its real roots only this one is positive.",
            OnlyRoot(symbol=w),
            under=conditions,
        ),
    )


def _least(whole: Eq, roots: tuple[Step, ...]) -> tuple[Step, ...]:
    """F has a least value, so that is where both conditions hold; and the Hessian there is positive definite."""
    squares = ((_m**2 + w - 2) ** 2 + 4 * _m**2 * w + 2 * w**2) / 2
    bound = Ge(whole.lhs, ((_m - 3) ** 2 + w - 1 + log(2 * pi) - log(w)) / 2, evaluate=False)
    curvature = equation(
        hessian(whole.lhs, (_m, w)),
        ImmutableMatrix([[6 * _m**2 + 6 * w - 3, 6 * _m], [6 * _m, 3 + 1 / (2 * w**2)]]),
    )
    solved = tuple(roots[k].expression for k in (1, 3))
    return (
        Step(
            bound,
            say(
                "The mean square of {} is not negative. What it adds to grows without bound in every direction, and "
                "as {} tends to zero, so there is a least value.",
                2 - z**2,
                w,
            ),
            Bound(form=squares),
            back=9,
        ),
        Step(curvature, "The second derivatives.", SecondDerivatives(by=(_m, w)), back=10),
        Step(
            equation(least_at(whole.lhs, (_m, w)), ImmutableMatrix([root.rhs for root in solved])),
            "Both slopes vanish where the least value is, and they do so at one place only; the Hessian is positive "
            "definite there. This is the minimum.",
            LeastAt(by=(_m, w), whole=whole, bound=bound, roots=solved),
        ),
    )
