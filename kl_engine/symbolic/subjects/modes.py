"""Modes and the reverse direction: a mixture's two conditions, when a covering fit is stable, what locking costs.

The mean alone never makes a fit unstable when the width is free: at a point stationary in the width the curvature in
the mean is 1/sigma_q^2, for any smooth p. With the width fixed the centre of a symmetric pair does lose its stability.
"""

from sympy import Derivative, Function, Gt, Rational, S, cosh, exp, log, pi, sqrt, tanh

from kl_engine.symbolic.proof.check import Instance
from kl_engine.symbolic.proof.checks.algebra import Identity, Insert, Solve, Substitute, Where
from kl_engine.symbolic.proof.checks.calculus import ByParts
from kl_engine.symbolic.proof.checks.expectations import Moments
from kl_engine.symbolic.proof.checks.order import Positive, Symmetric
from kl_engine.symbolic.proof.derivation import Derivation, Step
from kl_engine.symbolic.proof.laws import Gaussian
from kl_engine.symbolic.proof.notation import (
    equation,
    expectation,
    gaussian_density,
    half_distance,
    mu_1,
    mu_2,
    mu_q,
    p_of_x,
    q_of_x,
    sigma_1,
    sigma_2,
    sigma_q,
    w,
    x,
)
from kl_engine.symbolic.proof.quantities import ANY
from kl_engine.symbolic.subjects.reverse_fit import (
    CURVATURE,
    KNOWN,
    Q_DENSITY,
    SCORE,
    by_mean,
    by_std,
    to_cross_entropy,
)

_HALF = Rational(1, 2)
_D = ANY.reverse
_r1, _r2 = (Function(name, positive=True)(x) for name in ("r_1", "r_2"))
_ONE, _TWO = gaussian_density(mu_1, sigma_1), gaussian_density(mu_2, sigma_2)
_PAIR = w * _ONE + (1 - w) * _TWO
_MIXTURE = (Q_DENSITY, (p_of_x, _PAIR), (_r1, w * _ONE / _PAIR), (_r2, (1 - w) * _TWO / _PAIR))
_EXPLICIT = Instance("a mixture of two Gaussians with random parameters", replace=_MIXTURE)


def mixture_conditions() -> Derivation:
    """The two conditions of `reverse_fit.stationarity` for a two-component p, with responsibilities r_k(x)."""
    slope, bend = _slope_and_bend()
    score, curvature = slope.expression.rhs, bend.expression.rhs
    claim = equation(expectation(q_of_x, curvature), -1 / sigma_q**2)
    steps = (
        slope,
        bend,
        *to_cross_entropy(),
        by_mean(),
        Step(
            equation(Derivative(_D, mu_q), -expectation(q_of_x, score)),
            "The slope of log p put in.",
            "substitution",
            Insert(proved=slope.expression, instance=_EXPLICIT),
        ),
        Step(
            equation(expectation(q_of_x, score), S.Zero),
            "Stationary in the mean: the pulls balance under q.",
            "stationarity",
            Solve(factor=S.NegativeOne, instance=_EXPLICIT),
        ),
        by_std(back=4),
        Step(
            equation(Derivative(_D, sigma_q), -1 / sigma_q - sigma_q * expectation(q_of_x, curvature)),
            "The curvature of log p put in.",
            "substitution",
            Insert(proved=bend.expression, instance=_EXPLICIT),
        ),
        Step(
            claim,
            "Stationary in the width: the average curvature of log p is that of log q.",
            "stationarity",
            Solve(factor=-sigma_q, instance=_EXPLICIT),
        ),
    )
    return Derivation("Reverse stationarity: a mixture of two", claim, steps)


def _slope_and_bend() -> tuple[Step, Step]:
    """The first and second derivative of log p."""
    pull_1, pull_2 = (mu_1 - x) / sigma_1**2, (mu_2 - x) / sigma_2**2
    score = _r1 * pull_1 + _r2 * pull_2
    curvature = _r1 * (pull_1**2 - 1 / sigma_1**2) + _r2 * (pull_2**2 - 1 / sigma_2**2) - score**2
    return (
        Step(
            equation(SCORE, score),
            "With responsibilities $r_k(x) = w_k N_k(x)/p(x)$ the slope of log p is a weighted pull to each mean.",
            "chain rule",
            Identity(where=_MIXTURE),
            back=0,
        ),
        Step(
            equation(CURVATURE, curvature),
            "Once more: the responsibilities change with x too.",
            "product rule",
            Identity(where=_MIXTURE),
            back=0,
        ),
    )


def covering_minimum() -> Derivation:
    """Why the centre of a symmetric p stays a minimum in the mean, however far apart its modes are."""
    centred = Gaussian(S.Zero, sigma_q)
    symmetric = (gaussian_density(S.NegativeOne, Rational(4, 5)) + gaussian_density(S.One, Rational(4, 5))) / 2
    even = Instance("p = 0.5 N(-1, 0.8) + 0.5 N(1, 0.8)", replace=((p_of_x, symmetric),))
    second = Derivative(_D, (mu_q, 2))
    balance = equation(expectation(q_of_x, CURVATURE), -1 / sigma_q**2)
    claim = Gt(second, 0, evaluate=False)
    steps = (
        *to_cross_entropy(),
        by_mean(),
        Step(
            equation(expectation(centred.density(), SCORE), S.Zero),
            "If p is symmetric about 0, its slope is odd: $\\mu_q = 0$ is stationary in the mean for every width.",
            "symmetry",
            Symmetric(law=centred, slope=SCORE, instance=even),
            back=0,
        ),
        Step(
            equation(second, -expectation(q_of_x, CURVATURE)),
            "Bonnet once more, for any smooth p: the curvature in the mean.",
            "Bonnet",
            ByParts(by=mu_q, boundary=q_of_x * SCORE, **KNOWN),
            back=2,
        ),
        by_std(back=4),
        Step(balance, "Stationary in the width.", "stationarity", Solve(factor=-sigma_q, **KNOWN)),
        Step(
            equation(second, 1 / sigma_q**2),
            "The same average stands in both: at a point stationary in the width only the width is left.",
            "substitution",
            Where(condition=balance),
            back=3,
        ),
        Step(
            claim,
            "So no fit with a free width is unstable in its mean alone, and the covering fit is a minimum in it.",
            "sign",
            Positive(form=1 / sigma_q**2),
        ),
    )
    return Derivation("Why the covering fit stays a minimum in its mean", claim, steps)


_a = half_distance
_PAIR_APART = (Q_DENSITY, (p_of_x, (gaussian_density(-_a, S.One) + gaussian_density(_a, S.One)) / 2))
_LOG_COSH = log(cosh(_a * x))


def pitchfork() -> Derivation:
    """With the width fixed, the centre of a pair of unit Gaussians at -a and a loses stability at one distance."""
    secant = 1 / cosh(_a * x) ** 2
    at_centre = expectation(gaussian_density(S.Zero, sigma_q), secant)
    claim = equation(_a**2 * at_centre, S.One)
    steps = (
        *_to_log_cosh(),
        Step(
            equation(Derivative(_D, mu_q), mu_q - _a * expectation(q_of_x, tanh(_a * x))),
            "Bonnet: the slope in the mean, with the width held fixed.",
            "Bonnet",
            ByParts(by=mu_q, boundary=q_of_x * _LOG_COSH, where=_PAIR_APART),
        ),
        Step(
            equation(Derivative(_D, (mu_q, 2)), 1 - _a**2 * expectation(q_of_x, secant)),
            "Bonnet again: the curvature.",
            "Bonnet",
            ByParts(by=mu_q, boundary=_a * q_of_x * tanh(_a * x), where=_PAIR_APART),
        ),
        Step(
            equation(Derivative(_D, (mu_q, 2)).subs(mu_q, 0), 1 - _a**2 * at_centre),
            "At the centre.",
            "substitution",
            Substitute(values=((mu_q, S.Zero),), where=(Q_DENSITY,)),
        ),
        Step(
            claim,
            "It changes sign here: below, the centre is a minimum; above, a maximum in the mean.",
            "pitchfork condition",
            Solve(factor=S.NegativeOne),
        ),
    )
    return Derivation("The pitchfork when the width is fixed", claim, steps)


def _to_log_cosh() -> tuple[Step, ...]:
    """D(q||p) for the pair: elementary terms, less E_q log cosh(a x)."""
    product = equation(p_of_x, exp(-(x**2 + _a**2) / 2) * cosh(_a * x) / sqrt(2 * pi))
    parabola = expectation(q_of_x, (x**2 + _a**2 + log(2 * pi)) / 2)
    in_cosh = -log(sigma_q) - log(2 * pi) / 2 - _HALF + parabola - expectation(q_of_x, _LOG_COSH)
    in_moments = -log(sigma_q) - _HALF + (mu_q**2 + sigma_q**2 + _a**2) / 2 - expectation(q_of_x, _LOG_COSH)
    return (
        Step(
            product,
            "Two equal unit Gaussians at -a and a.",
            "hyperbolic cosine",
            Identity(where=_PAIR_APART),
            back=0,
        ),
        *to_cross_entropy(),
        Step(
            equation(_D, in_cosh),
            "The log of p put in.",
            "logarithm of a product",
            Insert(proved=product, instance=Instance("p at a random distance", replace=_PAIR_APART)),
        ),
        Step(
            equation(_D, in_moments),
            "The mean square under q.",
            "second moment",
            Moments(density=q_of_x, law=Gaussian(mu_q, sigma_q)),
        ),
    )
