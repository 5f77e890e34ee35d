"""D between two Gaussians on the line, from the definition, in both directions.

Source of the closed form: Kullback, Information Theory and Statistics (1959), chapter 9.
"""

from sympy import Expr, Integral, Rational, log, oo, pi

from kl_engine.symbolic.proof.checks.algebra import Equal
from kl_engine.symbolic.proof.checks.expectations import Definition, GaussianDivergence, Moments
from kl_engine.symbolic.proof.derivation import Derivation, Step
from kl_engine.symbolic.proof.laws import Gaussian
from kl_engine.symbolic.proof.notation import (
    equation,
    expectation,
    mu_p,
    mu_q,
    p_of_x,
    q_of_x,
    sigma_p,
    sigma_q,
    x,
)
from kl_engine.symbolic.proof.quantities import Roles
from kl_engine.symbolic.proof.reason import say
from kl_engine.symbolic.proof.setting import Setting

PARAMETERS = (mu_p, sigma_p, mu_q, sigma_q)
P, Q = Gaussian(mu_p, sigma_p), Gaussian(mu_q, sigma_q)
NOTES = tuple(f"mu_{role}, sigma_{role}: mean and standard deviation (> 0) of {role}." for role in "pq")
GAUSSIANS = Roles(p_of_x, q_of_x, PARAMETERS)
TWO_GAUSSIANS = Setting(laws=((p_of_x, P), (q_of_x, Q)), divergences=(GAUSSIANS,))
_HALF = Rational(1, 2)


def closed_form(a: Gaussian, b: Gaussian) -> Expr:
    """D(a||b) = log(std_b/std_a) + (std_a^2 + (mean_a - mean_b)^2) / (2 std_b^2) - 1/2, in nats."""
    return log(b.std / a.std) + (a.std**2 + (a.mean - b.mean) ** 2) / (2 * b.std**2) - _HALF


def forward_form() -> Derivation:
    """From the mean log ratio under p."""
    return _from_the_definition("Forward: two Gaussians", (P, p_of_x), (Q, q_of_x))


def reverse_form() -> Derivation:
    """From the mean log ratio under q."""
    return _from_the_definition("Reverse: two Gaussians", (Q, q_of_x), (P, p_of_x))


def forward_closed() -> Step:
    """D(p||q) in closed form, computed again from its definition, as a starting point."""
    return Step(
        equation(GAUSSIANS.forward, closed_form(P, Q)),
        "The closed form of the forward direction.",
        GaussianDivergence(),
    )


def reverse_closed() -> Step:
    """D(q||p) in closed form, computed again from its definition, as a starting point."""
    return Step(
        equation(GAUSSIANS.reverse, closed_form(Q, P)),
        "The closed form of the reverse direction.",
        GaussianDivergence(),
    )


def _from_the_definition(title: str, first: tuple[Gaussian, Expr], second: tuple[Gaussian, Expr]) -> Derivation:
    """The same five lines in both directions: only who stands under the expectation changes."""
    (a, a_of_x), (b, b_of_x) = first, second
    divergence = GAUSSIANS.forward if a is P else GAUSSIANS.reverse
    squares = (x - b.mean) ** 2 / (2 * b.std**2) - (x - a.mean) ** 2 / (2 * a.std**2)
    steps = (
        Step(
            equation(divergence, Integral(a_of_x * log(a_of_x / b_of_x), (x, -oo, oo))),
            "The mean of the log ratio, under the first of the two densities.",
            Definition(),
        ),
        Step(
            equation(divergence, expectation(a_of_x, log(b.std / a.std) + squares)),
            say("The logarithm of each Gaussian density is a parabola; the factors {} cancel.", 2 * pi),
            Equal(),
        ),
        *_moments_taken(divergence, a, a_of_x, b),
    )
    form = {"forward" if a is P else "reverse": closed_form(a, b)}
    return Derivation(title, TWO_GAUSSIANS, steps[-1].statement, steps, PARAMETERS, notes=NOTES, **form)


def _moments_taken(divergence: Expr, a: Gaussian, a_of_x: Expr, b: Gaussian) -> tuple[Step, Step, Step]:
    """From the expectation of two parabolas to the closed form."""
    log_ratio = log(b.std / a.std)
    to_a, to_b = (expectation(a_of_x, (x - law.mean) ** 2) / (2 * law.std**2) for law in (a, b))
    around_a = (x - a.mean) ** 2 + 2 * (a.mean - b.mean) * (x - a.mean) + (a.mean - b.mean) ** 2
    check = Moments(density=a_of_x)
    return (
        Step(
            equation(divergence, log_ratio + to_b - to_a),
            "Constants come out of the expectation, and the density integrates to one.",
            check,
        ),
        Step(
            equation(divergence, log_ratio + expectation(a_of_x, around_a) / (2 * b.std**2) - _HALF),
            "The second expectation is the variance; the first square is expanded around the mean.",
            check,
        ),
        Step(
            equation(divergence, closed_form(a, b)),
            "The mean square is the variance, and the mean deviation vanishes.",
            check,
        ),
    )
