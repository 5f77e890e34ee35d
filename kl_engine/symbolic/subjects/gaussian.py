"""D between two Gaussians on the line, from the definition, in both directions and in its special cases.

Source of the closed form: Kullback, Information Theory and Statistics (1959), chapter 9.
"""

from sympy import Expr, Integral, Rational, S, log, oo

from kl_engine.symbolic.proof.checks.algebra import Difference, Equal, ExchangeRoles, Substitute
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

PARAMETERS = (mu_p, sigma_p, mu_q, sigma_q)
P, Q = Gaussian(mu_p, sigma_p), Gaussian(mu_q, sigma_q)
NOTES = tuple(f"mu_{role}, sigma_{role}: mean and standard deviation (> 0) of {role}." for role in "pq")
GAUSSIANS = Roles(P, Q, PARAMETERS)
_HALF = Rational(1, 2)


def closed_form(a: Gaussian, b: Gaussian) -> Expr:
    """D(a||b) = log(std_b/std_a) + (std_a^2 + (mean_a - mean_b)^2) / (2 std_b^2) - 1/2, in nats."""
    return log(b.std / a.std) + (a.std**2 + (a.mean - b.mean) ** 2) / (2 * b.std**2) - _HALF


def forward_form() -> Derivation:
    return _from_the_definition("Forward: two Gaussians", (P, p_of_x), (Q, q_of_x))


def reverse_form() -> Derivation:
    return _from_the_definition("Reverse: two Gaussians", (Q, q_of_x), (P, p_of_x))


def _from_the_definition(title: str, first: tuple[Gaussian, Expr], second: tuple[Gaussian, Expr]) -> Derivation:
    """The same five lines in both directions: only who stands under the expectation changes."""
    (a, a_of_x), (b, b_of_x) = first, second
    roles = Roles(p_of_x, q_of_x, PARAMETERS)
    divergence = roles.divergence(a_of_x, b_of_x)
    densities = ((a_of_x, a.density()), (b_of_x, b.density()))
    squares = (x - b.mean) ** 2 / (2 * b.std**2) - (x - a.mean) ** 2 / (2 * a.std**2)
    steps = (
        Step(
            equation(divergence, Integral(a_of_x * log(a_of_x / b_of_x), (x, -oo, oo))),
            "The mean of the log ratio, under the first of the two densities.",
            "definition",
            Definition(roles=roles, first=a_of_x, second=b_of_x, where=densities),
        ),
        Step(
            equation(divergence, expectation(a_of_x, log(b.std / a.std) + squares)),
            "The log of each Gaussian density is a parabola; the factors of $2\\pi$ cancel.",
            "logarithm of the densities",
            Equal(where=densities),
        ),
        *_moments_taken(divergence, a, a_of_x, b),
    )
    claim = steps[-1].expression
    form = {"forward" if a is P else "reverse": closed_form(a, b)}
    return Derivation(title, claim, steps, PARAMETERS, notes=NOTES, **form)


def _moments_taken(divergence: Expr, a: Gaussian, a_of_x: Expr, b: Gaussian) -> tuple[Step, Step, Step]:
    """From the expectation of two parabolas to the closed form."""
    log_ratio = log(b.std / a.std)
    to_a, to_b = (expectation(a_of_x, (x - law.mean) ** 2) / (2 * law.std**2) for law in (a, b))
    around_a = (x - a.mean) ** 2 + 2 * (a.mean - b.mean) * (x - a.mean) + (a.mean - b.mean) ** 2
    check = Moments(density=a_of_x, law=a)
    return (
        Step(
            equation(divergence, log_ratio + to_b - to_a),
            "Constants come out of the expectation, and the density integrates to 1.",
            "linearity",
            check,
        ),
        Step(
            equation(divergence, log_ratio + expectation(a_of_x, around_a) / (2 * b.std**2) - _HALF),
            "The second expectation is the variance; the first is expanded around the mean.",
            "variance, and completing the square",
            check,
        ),
        Step(
            equation(divergence, closed_form(a, b)),
            "The mean square is the variance, and the mean deviation is 0.",
            "moments of a Gaussian",
            check,
        ),
    )


def equal_means() -> Derivation:
    """What is left of both directions when only the widths differ."""
    same = ((mu_q, mu_p),)
    directions = _both()
    spread = Step(
        equation(
            GAUSSIANS.forward.subs(same),
            log(sigma_q / sigma_p) + (sigma_p**2 / sigma_q**2 - 1) / 2,
        ),
        "With equal means only the ratio of the widths is left.",
        "substitution",
        Substitute(values=same),
        back=2,
    )
    other = Step(
        equation(
            GAUSSIANS.reverse.subs(same),
            log(sigma_p / sigma_q) + (sigma_q**2 / sigma_p**2 - 1) / 2,
        ),
        "The reverse direction, with equal means.",
        "substitution",
        Substitute(values=same),
        back=2,
    )
    gap = equation(
        spread.expression.lhs - other.expression.lhs,
        2 * log(sigma_q / sigma_p) + (sigma_p**2 / sigma_q**2 - sigma_q**2 / sigma_p**2) / 2,
    )
    last = Step(
        gap,
        "The two directions differ unless the widths are equal.",
        "subtraction",
        Difference(minus=other.expression),
        back=2,
    )
    return Derivation(
        "Equal means: only the widths differ",
        gap,
        (*directions, spread, other, last),
        (mu_p, sigma_p, sigma_q),
        spread.expression.rhs,
        other.expression.rhs,
        notes=("mu_p: mean of both.", "sigma_p, sigma_q: standard deviations (> 0) of p and of q."),
    )


def equal_stds() -> Derivation:
    """With equal widths both directions are the same: an example of this kind cannot show a swapped argument."""
    same = ((sigma_q, sigma_p),)
    distance = (mu_p - mu_q) ** 2 / (2 * sigma_p**2)
    shift = Step(
        equation(GAUSSIANS.forward.subs(same), distance),
        "The logarithm and the constant cancel; half the squared distance in units of the width is left.",
        "substitution",
        Substitute(values=same),
        back=2,
    )
    other = Step(
        equation(GAUSSIANS.reverse.subs(same), distance),
        "The reverse direction, with equal widths, is the same.",
        "substitution",
        Substitute(values=same),
        back=2,
    )
    gap = equation(shift.expression.lhs - other.expression.lhs, S.Zero)
    last = Step(
        gap,
        "A pure shift of the mean costs the same in both directions.",
        "subtraction",
        Difference(minus=other.expression),
        back=2,
    )
    return Derivation(
        "Equal widths: only the means differ",
        gap,
        (*_both(), shift, other, last),
        (mu_p, sigma_p, mu_q),
        distance,
        notes=("mu_p, mu_q: means of p and of q.", "sigma_p: standard deviation (> 0) of both."),
    )


def _both() -> tuple[Step, Step]:
    """The two closed forms, each computed again from its definition, as starting points."""
    return (
        Step(
            equation(GAUSSIANS.forward, closed_form(P, Q)),
            "The closed form of the forward direction.",
            "two Gaussians, forward",
            GaussianDivergence(roles=GAUSSIANS, first=P, second=Q),
            back=0,
        ),
        Step(
            equation(GAUSSIANS.reverse, closed_form(Q, P)),
            "The closed form of the reverse direction.",
            "two Gaussians, reverse",
            ExchangeRoles(roles=GAUSSIANS),
        ),
    )
