"""The reverse direction: where D(q||p) of a Gaussian q is stationary, for a Gaussian p and for any smooth p.

Sources: Opper, Archambeau, The variational Gaussian approximation revisited (2009), for Bonnet and Price;
Bishop, Pattern Recognition and Machine Learning (2006), 10.1.
"""

from sympy import Derivative, Function, Integral, Matrix, Rational, S, log, oo, pi

from kl_engine.symbolic.proof.checks.algebra import Equal, Identity, Solve
from kl_engine.symbolic.proof.checks.calculus import Differentiate, Hessian
from kl_engine.symbolic.proof.checks.expectations import Definition, Moments
from kl_engine.symbolic.proof.checks.integrals import Bonnet, ByParts, Price
from kl_engine.symbolic.proof.derivation import Derivation, Step
from kl_engine.symbolic.proof.laws import TARGET, Gaussian
from kl_engine.symbolic.proof.notation import (
    equation,
    expectation,
    gaussian_log_density,
    mu_p,
    mu_q,
    p_of_x,
    q_of_x,
    sigma_p,
    sigma_q,
    x,
)
from kl_engine.symbolic.proof.quantities import hessian, mean_value
from kl_engine.symbolic.proof.reason import say
from kl_engine.symbolic.proof.setting import Setting, Trial
from kl_engine.symbolic.proof.statement import vanishing
from kl_engine.symbolic.subjects.fits.forward_fit import ANY_P, ROLES
from kl_engine.symbolic.subjects.gaussian import GAUSSIANS, PARAMETERS, TWO_GAUSSIANS, reverse_closed

_HALF = Rational(1, 2)
D = ROLES.reverse
LOG_P = log(p_of_x)
SCORE, CURVATURE = Derivative(LOG_P, x), Derivative(LOG_P, (x, 2))
SETTING = Setting(
    laws=((q_of_x, Gaussian(mu_q, sigma_q)),),
    divergences=(ROLES,),
    moderate=(LOG_P,),
    trial=ANY_P,
    words=(say("{} is any smooth positive density", p_of_x),),
)
_f = Function("f", real=True)(x)
_AVERAGE = mean_value(_f, (mu_q, sigma_q))
_OF_F = Setting(
    laws=((q_of_x, Gaussian(mu_q, sigma_q)),),
    quantities=((_AVERAGE, expectation(q_of_x, _f)),),
    moderate=(_f,),
    trial=Trial("f(x) = log of a mixture of two Gaussians", replace=((_f, log(TARGET)),)),
    words=(say("{} is any smooth function", _f),),
)


def gaussian_target() -> Derivation:
    """For a Gaussian p both directions have the same answer, q = p: they differ in the curvature there."""
    divergence = GAUSSIANS.reverse
    by_mean = equation(Derivative(divergence, mu_q), (mu_q - mu_p) / sigma_p**2)
    by_std = equation(Derivative(divergence, sigma_q), sigma_q / sigma_p**2 - 1 / sigma_q)
    widths, matched = (mu_q, sigma_q), ((mu_q, mu_p), (sigma_q, sigma_p))
    curvature = equation(hessian(divergence, widths, matched), Matrix([[1 / sigma_p**2, 0], [0, 2 / sigma_p**2]]))
    steps = (
        reverse_closed(),
        Step(
            by_mean,
            "The slope in the mean of the fit: it is divided by the variance of the target, not by that of the fit.",
            Differentiate(by=mu_q),
        ),
        Step(
            equation(mu_q, mu_p),
            "It vanishes only where the means agree.",
            Solve(factor=1 / sigma_p**2),
            under=(vanishing(by_mean),),
        ),
        Step(by_std, "The slope in the width; the means do not enter.", Differentiate(by=sigma_q), back=3),
        Step(
            equation(sigma_q, sigma_p),
            "It vanishes only where the widths agree.",
            Solve(factor=(sigma_q + sigma_p) / (sigma_p**2 * sigma_q)),
            under=(vanishing(by_std),),
        ),
        Step(
            curvature,
            "The Hessian there is positive: the target itself is the minimum.",
            Hessian(by=widths, at=matched),
            back=5,
        ),
    )
    also = (steps[2].statement, steps[4].statement)
    title = "Reverse stationarity: a Gaussian target"
    return Derivation(title, TWO_GAUSSIANS, steps[-1].statement, steps, PARAMETERS, also=also)


def bonnet() -> Derivation:
    """d/dmu E_q f = E_q f'."""
    slope = expectation(q_of_x, Derivative(_f, x))
    steps = (
        _average_of_f(),
        Step(
            equation(Derivative(q_of_x, mu_q), -Derivative(q_of_x, x)),
            say("A Gaussian depends on {} alone: moving its mean is moving the point the other way.", x - mu_q),
            Identity(),
        ),
        Step(
            equation(Derivative(_AVERAGE, mu_q), -Integral(Derivative(q_of_x, x) * _f, (x, -oo, oo))),
            "So the derivative under the integral sign is the slope of the density.",
            Differentiate(by=mu_q),
            back=2,
        ),
        Step(
            equation(Derivative(_AVERAGE, mu_q), slope),
            say("Integration by parts; {} vanishes at both ends.", q_of_x * _f),
            ByParts(boundary=-q_of_x * _f),
        ),
    )
    return Derivation("Bonnet: the gradient in the mean", _OF_F, steps[-1].statement, steps)


def price() -> Derivation:
    """d/dsigma E_q f = sigma E_q f''."""
    bend = Derivative(q_of_x, (x, 2))
    steps = (
        _average_of_f(),
        Step(
            equation(Derivative(q_of_x, sigma_q), sigma_q * bend),
            "A Gaussian spreads as heat does: its change with the width is its curvature in the point.",
            Identity(),
        ),
        Step(
            equation(Derivative(_AVERAGE, sigma_q), sigma_q * Integral(bend * _f, (x, -oo, oo))),
            "So the derivative under the integral sign is the curvature of the density.",
            Differentiate(by=sigma_q),
            back=2,
        ),
        Step(
            equation(Derivative(_AVERAGE, sigma_q), sigma_q * expectation(q_of_x, Derivative(_f, (x, 2)))),
            say("Integration by parts, twice; {} and {} vanish at both ends.", q_of_x * _f, q_of_x * _f.diff(x)),
            ByParts(boundary=sigma_q * (Derivative(q_of_x, x) * _f - q_of_x * Derivative(_f, x))),
        ),
    )
    return Derivation("Price: the gradient in the width", _OF_F, steps[-1].statement, steps)


def _average_of_f() -> Step:
    return Step(
        equation(_AVERAGE, expectation(q_of_x, _f)),
        "The average of any smooth function under a Gaussian.",
        Definition(),
    )


def stationarity() -> Derivation:
    """E_q[(log p)'] = 0 and E_q[(log p)''] = -1/sigma_q^2, for any smooth p with light enough tails."""
    steps = (
        *to_cross_entropy(),
        by_mean(),
        Step(
            equation(expectation(q_of_x, SCORE), 0),
            "Stationary in the mean: the average slope vanishes.",
            Solve(factor=S.NegativeOne),
            under=(STATIONARY_IN_MEAN,),
        ),
        by_std(back=3),
        balance(),
    )
    title = "Reverse stationarity: any smooth target"
    return Derivation(title, SETTING, steps[-1].statement, steps, also=(steps[4].statement,))


def to_cross_entropy() -> tuple[Step, ...]:
    """D(q||p) for a Gaussian q and any p: minus the entropy of q, minus E_q log p."""
    split = -log(sigma_q) - log(2 * pi) / 2 - _HALF - expectation(q_of_x, LOG_P)
    own = expectation(q_of_x, gaussian_log_density(mu_q, sigma_q))
    return (
        Step(
            equation(D, Integral(q_of_x * log(q_of_x / p_of_x), (x, -oo, oo))),
            say("The mean of the log ratio under {}.", q_of_x),
            Definition(),
        ),
        Step(
            equation(D, own - expectation(q_of_x, LOG_P)),
            say("The logarithm of the quotient; that of {} is a parabola.", q_of_x),
            Equal(),
        ),
        Step(
            equation(D, split),
            "The first term is minus the entropy of a Gaussian.",
            Moments(density=q_of_x),
        ),
    )


def by_mean(back: int = 1) -> Step:
    """dD/dmu = -E_q[(log p)'], from the form that `to_cross_entropy` ends with."""
    return Step(
        equation(Derivative(D, mu_q), -expectation(q_of_x, SCORE)),
        "The mean of the fit follows the average slope of the log target.",
        Bonnet(by=mu_q),
        back=back,
    )


def by_std(back: int = 1) -> Step:
    """dD/dsigma = -1/sigma - sigma E_q[(log p)''], from the form that `to_cross_entropy` ends with."""
    return Step(
        equation(Derivative(D, sigma_q), -1 / sigma_q - sigma_q * expectation(q_of_x, CURVATURE)),
        "The width of the fit feels the average curvature of the log target.",
        Price(by=sigma_q),
        back=back,
    )


STATIONARY_IN_MEAN = vanishing(by_mean().expression)
STATIONARY_IN_STD = vanishing(by_std().expression)


def balance() -> Step:
    """E_q[(log p)''] = -1/sigma_q^2 where D is stationary in the width."""
    return Step(
        equation(expectation(q_of_x, CURVATURE), -1 / sigma_q**2),
        "Stationary in the width: the average curvature is that of the log of the fit itself.",
        Solve(factor=-sigma_q),
        under=(STATIONARY_IN_STD,),
    )
