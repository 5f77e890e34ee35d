"""The reverse direction: where D(q||p) of a Gaussian q is stationary, for a Gaussian p and for any smooth p.

Sources: Opper, Archambeau, The variational Gaussian approximation revisited (2009), for Bonnet and Price;
Bishop, Pattern Recognition and Machine Learning (2006), 10.1.
"""

from sympy import Derivative, Expr, Function, Integral, Matrix, Rational, S, log, oo, pi

from kl_engine.symbolic.proof.check import Instance
from kl_engine.symbolic.proof.checks.algebra import Equal, Identity, Solve
from kl_engine.symbolic.proof.checks.calculus import ByParts, Differentiate, Hessian
from kl_engine.symbolic.proof.checks.expectations import Average, Definition, GaussianDivergence, Moments
from kl_engine.symbolic.proof.derivation import Derivation, Step
from kl_engine.symbolic.proof.laws import ANY_TARGET, TARGET, Gaussian
from kl_engine.symbolic.proof.notation import (
    equation,
    expectation,
    gaussian_density,
    gaussian_log_density,
    mu_p,
    mu_q,
    p_of_x,
    q_of_x,
    sigma_p,
    sigma_q,
    x,
)
from kl_engine.symbolic.proof.quantities import ANY, hessian, mean_value
from kl_engine.symbolic.subjects.gaussian import GAUSSIANS, PARAMETERS, P, Q, closed_form

_HALF = Rational(1, 2)
Q_DENSITY = (q_of_x, gaussian_density(mu_q, sigma_q))
_D = ANY.reverse
_f = Function("f", real=True)(x)
_ANY_FUNCTION = Instance("f(x) = log of a mixture of two Gaussians", replace=((_f, log(TARGET)),))
KNOWN = {"where": (Q_DENSITY,), "instance": ANY_TARGET}
_log_p = log(p_of_x)
SCORE, CURVATURE = Derivative(_log_p, x), Derivative(_log_p, (x, 2))


def gaussian_target() -> Derivation:
    """For a Gaussian p both directions have the same answer, q = p: they differ in the curvature there."""
    divergence = GAUSSIANS.reverse
    widths, matched = (mu_q, sigma_q), ((mu_q, mu_p), (sigma_q, sigma_p))
    claim = equation(hessian(divergence, widths, matched), Matrix([[1 / sigma_p**2, 0], [0, 2 / sigma_p**2]]))
    steps = (
        Step(
            equation(divergence, closed_form(Q, P)),
            "The closed form of the reverse direction.",
            "two Gaussians, reverse",
            GaussianDivergence(roles=GAUSSIANS, first=Q, second=P),
            back=0,
        ),
        Step(
            equation(Derivative(divergence, mu_q), (mu_q - mu_p) / sigma_p**2),
            "The derivative by the mean of q: it is divided by the variance of p, not of q.",
            "derivative",
            Differentiate(by=mu_q),
        ),
        Step(equation(mu_q, mu_p), "It is 0 only where the means agree.", "stationarity", Solve(factor=1 / sigma_p**2)),
        Step(
            equation(Derivative(divergence, sigma_q), sigma_q / sigma_p**2 - 1 / sigma_q),
            "The derivative by the width of q.",
            "derivative",
            Differentiate(by=sigma_q),
            back=3,
        ),
        Step(
            equation(sigma_q, sigma_p),
            "It is 0 only where the widths agree.",
            "stationarity",
            Solve(factor=(sigma_q + sigma_p) / (sigma_p**2 * sigma_q)),
        ),
        Step(
            claim,
            "The Hessian there is positive: q = p is the minimum.",
            "second-order condition",
            Hessian(by=widths, at=matched),
            back=5,
        ),
    )
    return Derivation("Reverse stationarity: a Gaussian target", claim, steps, PARAMETERS)


def bonnet() -> Derivation:
    average = mean_value(_f, (mu_q, sigma_q))
    slope = expectation(q_of_x, Derivative(_f, x))
    claim = equation(Derivative(average, mu_q), slope)
    steps = (
        _average_of(average),
        Step(
            equation(Derivative(q_of_x, mu_q), -Derivative(q_of_x, x)),
            "A Gaussian depends on $x - \\mu_q$ alone: moving its mean is moving x the other way.",
            "derivative of the density",
            Identity(where=(Q_DENSITY,)),
            back=0,
        ),
        Step(
            equation(Derivative(average, mu_q), -Integral(Derivative(q_of_x, x) * _f, (x, -oo, oo))),
            "So the derivative under the integral sign is the slope of q in x.",
            "differentiation under the integral sign",
            Differentiate(by=mu_q, where=(Q_DENSITY,), instance=_ANY_FUNCTION),
            back=2,
        ),
        Step(
            claim,
            "Integration by parts; q f vanishes at both ends when f grows more slowly than $1/q$.",
            "integration by parts",
            ByParts(boundary=-q_of_x * _f, where=(Q_DENSITY,), instance=_ANY_FUNCTION),
        ),
    )
    return Derivation("Bonnet: the gradient in the mean", claim, steps)


def price() -> Derivation:
    average = mean_value(_f, (mu_q, sigma_q))
    q_curvature = Derivative(q_of_x, (x, 2))
    claim = equation(Derivative(average, sigma_q), sigma_q * expectation(q_of_x, Derivative(_f, (x, 2))))
    steps = (
        _average_of(average),
        Step(
            equation(Derivative(q_of_x, sigma_q), sigma_q * q_curvature),
            "A Gaussian spreads as heat does: its change with the width is its curvature in x.",
            "heat equation",
            Identity(where=(Q_DENSITY,)),
            back=0,
        ),
        Step(
            equation(Derivative(average, sigma_q), sigma_q * Integral(q_curvature * _f, (x, -oo, oo))),
            "So the derivative under the integral sign is the curvature of q in x.",
            "differentiation under the integral sign",
            Differentiate(by=sigma_q, where=(Q_DENSITY,), instance=_ANY_FUNCTION),
            back=2,
        ),
        Step(
            claim,
            "Integration by parts, twice; the boundary terms vanish when f and its slope grow more slowly than $1/q$.",
            "integration by parts",
            ByParts(
                boundary=sigma_q * (Derivative(q_of_x, x) * _f - q_of_x * Derivative(_f, x)),
                where=(Q_DENSITY,),
                instance=_ANY_FUNCTION,
            ),
        ),
    )
    return Derivation("Price: the gradient in the width", claim, steps)


def stationarity() -> Derivation:
    """E_q[(log p)'] = 0 and E_q[(log p)''] = -1/sigma_q^2, for any smooth p with light enough tails."""
    claim = equation(expectation(q_of_x, CURVATURE), -1 / sigma_q**2)
    steps = (
        *to_cross_entropy(),
        by_mean(),
        Step(
            equation(expectation(q_of_x, SCORE), 0),
            "It is 0 where that average vanishes.",
            "stationarity",
            Solve(factor=S.NegativeOne, **KNOWN),
        ),
        by_std(back=3),
        Step(
            claim,
            "It is 0 where the average curvature is that of q itself.",
            "stationarity",
            Solve(factor=-sigma_q, **KNOWN),
        ),
    )
    return Derivation("Reverse stationarity: any smooth target", claim, steps)


def to_cross_entropy() -> tuple[Step, ...]:
    """D(q||p) for a Gaussian q and any p: minus the entropy of q, minus E_q log p."""
    split = -log(sigma_q) - log(2 * pi) / 2 - _HALF - expectation(q_of_x, _log_p)
    own = expectation(q_of_x, gaussian_log_density(mu_q, sigma_q))
    return (
        Step(
            equation(_D, Integral(q_of_x * log(q_of_x / p_of_x), (x, -oo, oo))),
            "The mean of the log ratio under q.",
            "definition",
            Definition(roles=ANY, first=q_of_x, second=p_of_x, where=(Q_DENSITY,), instance=ANY_TARGET),
        ),
        Step(
            equation(_D, own - expectation(q_of_x, _log_p)),
            "The logarithm of the quotient; that of q is a parabola.",
            "logarithm of a quotient",
            Equal(where=(Q_DENSITY,), instance=ANY_TARGET),
        ),
        Step(
            equation(_D, split),
            "The first term is minus the entropy of a Gaussian.",
            "variance of q",
            Moments(density=q_of_x, law=Gaussian(mu_q, sigma_q), instance=ANY_TARGET),
        ),
    )


def _average_of(average: Expr) -> Step:
    return Step(
        equation(average, expectation(q_of_x, _f)),
        "The average of any smooth f under a Gaussian q.",
        "definition",
        Average(of=_f, law=Gaussian(mu_q, sigma_q), where=(Q_DENSITY,)),
        back=0,
    )


def by_mean(back: int = 1) -> Step:
    """dD/dmu = -E_q[(log p)'], from the form that `to_cross_entropy` ends with."""
    return Step(
        equation(Derivative(_D, mu_q), -expectation(q_of_x, SCORE)),
        "Bonnet: the mean of q follows the average slope of log p.",
        "Bonnet",
        ByParts(by=mu_q, boundary=q_of_x * _log_p, **KNOWN),
        back,
    )


def by_std(back: int = 1) -> Step:
    """dD/dsigma = -1/sigma - sigma E_q[(log p)''], from the form that `to_cross_entropy` ends with."""
    return Step(
        equation(Derivative(_D, sigma_q), -1 / sigma_q - sigma_q * expectation(q_of_x, CURVATURE)),
        "Price: the width of q feels the average curvature of log p.",
        "Price",
        ByParts(by=sigma_q, boundary=sigma_q * (q_of_x * SCORE - Derivative(q_of_x, x) * _log_p), **KNOWN),
        back,
    )
