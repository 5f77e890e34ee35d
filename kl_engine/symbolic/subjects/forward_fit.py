"""The forward direction: which Gaussian q is closest to any p. Moment matching, and why it is the only answer.

Source: Bishop, Pattern Recognition and Machine Learning (2006), 10.7; Minka (2005), Divergence measures.
"""

from sympy import Derivative, Integral, Matrix, Rational, Symbol, log, oo, pi, sqrt

from kl_engine.symbolic.proof.checks.algebra import Equal, Solve, Substitute
from kl_engine.symbolic.proof.checks.calculus import Differentiate, Hessian
from kl_engine.symbolic.proof.checks.expectations import Definition, Moments
from kl_engine.symbolic.proof.derivation import Derivation, Step
from kl_engine.symbolic.proof.laws import ANY_TARGET, AnyLaw
from kl_engine.symbolic.proof.notation import (
    entropy_p,
    equation,
    expectation,
    gaussian_density,
    gaussian_log_density,
    mean_p,
    mu_q,
    p_of_x,
    q_of_x,
    sigma_q,
    std_p,
    x,
)
from kl_engine.symbolic.proof.quantities import ANY, hessian

_HALF = Rational(1, 2)
_ENTROPY = (entropy_p, -Integral(p_of_x * log(p_of_x), (x, -oo, oo)))
_D = ANY.forward
_IN_MOMENTS = -entropy_p + log(2 * pi) / 2 + log(sigma_q) + (std_p**2 + (mean_p - mu_q) ** 2) / (2 * sigma_q**2)


def _to_moments() -> tuple[Step, ...]:
    """From the definition to a function of the first two moments of p: all that a Gaussian q can see of it."""
    density = (q_of_x, gaussian_density(mu_q, sigma_q))
    return (
        Step(
            equation(_D, Integral(p_of_x * log(p_of_x / q_of_x), (x, -oo, oo))),
            "The mean of the log ratio under p.",
            "definition",
            Definition(roles=ANY, first=p_of_x, second=q_of_x, where=(density,), instance=ANY_TARGET),
        ),
        Step(
            equation(_D, -entropy_p - expectation(p_of_x, gaussian_log_density(mu_q, sigma_q))),
            "The entropy of p does not depend on q; what is left is the cross entropy.",
            "logarithm of a quotient",
            Equal(where=(density, _ENTROPY), instance=ANY_TARGET),
        ),
        Step(
            equation(_D, _IN_MOMENTS),
            "The log of a Gaussian is a parabola, so only the mean and the variance of p enter.",
            "linearity, and the first two moments",
            Moments(density=p_of_x, law=AnyLaw(mean_p, std_p), instance=ANY_TARGET),
        ),
    )


def stationarity() -> Derivation:
    at_mean = (mu_q, mean_p)
    by_mean = equation(Derivative(_D, mu_q), (mu_q - mean_p) / sigma_q**2)
    by_std = equation(Derivative(_D, sigma_q), 1 / sigma_q - (std_p**2 + (mean_p - mu_q) ** 2) / sigma_q**3)
    by_std_there = equation(Derivative(_D.subs(*at_mean), sigma_q), (sigma_q - std_p) * (sigma_q + std_p) / sigma_q**3)
    widths, matched = (mu_q, sigma_q), (at_mean, (sigma_q, std_p))
    claim = equation(hessian(_D, widths, matched), Matrix([[1 / std_p**2, 0], [0, 2 / std_p**2]]))
    moments = _to_moments()
    steps = (
        *moments,
        Step(by_mean, "The derivative by the mean of q.", "derivative", Differentiate(by=mu_q)),
        Step(
            equation(mu_q, mean_p),
            "It is 0 at one place only: the means agree.",
            "stationarity",
            Solve(factor=1 / sigma_q**2),
        ),
        Step(by_std, "The derivative by the width of q.", "derivative", Differentiate(by=sigma_q), back=3),
        Step(by_std_there, "With the means equal, it factors.", "substitution", Substitute(values=(at_mean,))),
        Step(
            equation(sigma_q, std_p),
            "It is 0 at one place only, for widths are positive: the widths agree.",
            "stationarity",
            Solve(factor=(sigma_q + std_p) / sigma_q**3),
        ),
        Step(
            claim,
            "At the matched moments the Hessian is diagonal and positive: this is the minimum.",
            "second-order condition",
            Hessian(by=widths, at=matched),
            back=6,
        ),
    )
    return Derivation("Forward stationarity: moment matching, for any p", claim, steps, (mean_p, std_p))


def least_value() -> Derivation:
    """What the best Gaussian still costs: the entropy that a Gaussian of the same variance has more than p."""
    matched = ((mu_q, mean_p), (sigma_q, std_p))
    claim = equation(_D.subs(matched), log(2 * pi * std_p**2) / 2 + _HALF - entropy_p)
    last = Step(
        claim,
        "At the matched moments: the entropy of a Gaussian of the same variance, less that of p.",
        "substitution",
        Substitute(values=matched),
    )
    return Derivation(
        "The least forward divergence",
        claim,
        (*_to_moments(), last),
        (std_p, entropy_p),
        formula=claim.rhs,
        meaning="the least D(p||q) over all Gaussians q, in nats.",
        notes=("s_p, H_p: standard deviation (> 0) and differential entropy in nats of p, of any shape.",),
    )


def convexity() -> Derivation:
    """Convex in the natural parameters (for each p), though not in (mu, sigma)."""
    eta, beta = Symbol("eta", real=True), Symbol("beta", positive=True)  # minus the second natural parameter
    partition = eta**2 / (4 * beta) - log(2 * beta) / 2
    in_natural = -entropy_p + log(2 * pi) / 2 + partition - eta * mean_p + beta * (std_p**2 + mean_p**2)
    to_natural = ((mu_q, eta / (2 * beta)), (sigma_q, 1 / sqrt(2 * beta)))
    natural = _D.subs(to_natural)
    curvature = Matrix(
        [
            [1 / (2 * beta), -eta / (2 * beta**2)],
            [-eta / (2 * beta**2), eta**2 / (2 * beta**3) + 1 / (2 * beta**2)],
        ]
    )
    claim = equation(hessian(natural, (eta, beta)), curvature)
    steps = (
        *_to_moments(),
        Step(
            equation(natural, in_natural),
            "In natural parameters $\\eta = \\mu_q/\\sigma_q^2$ and $\\beta = 1/(2\\sigma_q^2)$, "
            "D is linear plus the log-partition function.",
            "change of parameters",
            Substitute(values=to_natural),
        ),
        Step(
            claim,
            "The Hessian is the covariance of x and $-x^2$ under q. Its leading minors $1/(2\\beta)$ and "
            "$1/(4\\beta^3)$ are positive everywhere, so D is convex and its stationary point is the only one.",
            "second-order condition",
            Hessian(by=(eta, beta)),
        ),
    )
    return Derivation("Convexity in the natural parameters", claim, steps)


def not_convex_in_std() -> Derivation:
    """D is not convex in (mu, sigma): a negative curvature is exhibited at sigma_q = 2 s_p."""
    first = equation(Derivative(_D, sigma_q), 1 / sigma_q - (std_p**2 + (mean_p - mu_q) ** 2) / sigma_q**3)
    second = equation(
        Derivative(first.lhs, sigma_q), 3 * (std_p**2 + (mean_p - mu_q) ** 2) / sigma_q**4 - 1 / sigma_q**2
    )
    there = ((mu_q, mean_p), (sigma_q, 2 * std_p))
    value = equation(second.lhs.subs(there), -1 / (16 * std_p**2))
    steps = (
        *_to_moments(),
        Step(first, "The slope in the width of q.", "derivative", Differentiate(by=sigma_q)),
        Step(second, "The curvature in the width of q.", "derivative", Differentiate(by=sigma_q)),
        Step(
            value,
            "At $\\mu_q = m_p$ and $\\sigma_q = 2 s_p$ it is negative: in these parameters D is not convex.",
            "counterexample",
            Substitute(values=there),
        ),
    )
    return Derivation("Not convex in the mean and the width", value, steps)
