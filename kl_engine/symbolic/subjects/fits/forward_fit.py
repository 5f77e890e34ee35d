"""The forward direction: which Gaussian q is closest to any p. Moment matching, and why it is the only answer.

Source: Bishop, Pattern Recognition and Machine Learning (2006), 10.7; Minka (2005), Divergence measures.
"""

from sympy import Derivative, Ge, Integral, Matrix, Rational, Symbol, log, oo, pi, sqrt

from kl_engine.symbolic.proof.checks.algebra import Equal, Insert, Solve, Substitute
from kl_engine.symbolic.proof.checks.calculus import Differentiate, Hessian
from kl_engine.symbolic.proof.checks.expectations import Definition, Moments
from kl_engine.symbolic.proof.checks.order import AtLeast, Attained
from kl_engine.symbolic.proof.derivation import Derivation, Step
from kl_engine.symbolic.proof.laws import TARGET, AnyLaw, Gaussian
from kl_engine.symbolic.proof.notation import (
    entropy_p,
    equation,
    expectation,
    gaussian_log_density,
    mean_p,
    mu_q,
    p_of_x,
    q_of_x,
    sigma_q,
    std_p,
    x,
)
from kl_engine.symbolic.proof.quantities import Roles, hessian, least
from kl_engine.symbolic.proof.reason import say
from kl_engine.symbolic.proof.setting import Setting, Trial
from kl_engine.symbolic.proof.statement import vanishing
from kl_engine.symbolic.subjects.gibbs import tangent

_HALF = Rational(1, 2)
ANY_P = Trial("p = 0.4 N(-0.8, 0.7) + 0.6 N(0.9, 1.1), its expectations by quadrature", ((p_of_x, TARGET),))
ROLES = Roles(p_of_x, q_of_x, (mu_q, sigma_q))
SETTING = Setting(
    laws=((p_of_x, AnyLaw(mean_p, std_p, entropy_p)), (q_of_x, Gaussian(mu_q, sigma_q))),
    divergences=(ROLES,),
    trial=ANY_P,
)
_D = ROLES.forward
_MATCHED = ((mu_q, mean_p), (sigma_q, std_p))
_SQUARES = std_p**2 + (mean_p - mu_q) ** 2
_IN_MOMENTS = -entropy_p + log(2 * pi) / 2 + log(sigma_q) + _SQUARES / (2 * sigma_q**2)
_LEAST = log(2 * pi * std_p**2) / 2 + _HALF - entropy_p


def _to_moments() -> tuple[Step, ...]:
    """From the definition to a function of the first two moments of p: all that a Gaussian q can see of it."""
    return (
        Step(
            equation(_D, Integral(p_of_x * log(p_of_x / q_of_x), (x, -oo, oo))),
            say("The mean of the log ratio under {}.", p_of_x),
            Definition(),
        ),
        Step(
            equation(_D, -entropy_p - expectation(p_of_x, gaussian_log_density(mu_q, sigma_q))),
            say("The entropy of {} does not depend on the fit; what is left is the cross entropy.", p_of_x),
            Equal(),
        ),
        Step(
            equation(_D, _IN_MOMENTS),
            say("The logarithm of a Gaussian is a parabola, so only the mean and the variance of {} enter.", p_of_x),
            Moments(density=p_of_x),
        ),
    )


def stationarity() -> Derivation:
    """Where both slopes are 0: the moments of q are those of p; and what is asked of the width before the mean is."""
    by_mean = equation(Derivative(_D, mu_q), (mu_q - mean_p) / sigma_q**2)
    by_std = equation(Derivative(_D, sigma_q), (sigma_q**2 - _SQUARES) / sigma_q**3)
    mean, width = vanishing(by_mean), vanishing(by_std)
    curvature = equation(hessian(_D, (mu_q, sigma_q), _MATCHED), Matrix([[1 / std_p**2, 0], [0, 2 / std_p**2]]))
    steps = (
        *_to_moments(),
        Step(by_mean, "The slope in the mean of the fit.", Differentiate(by=mu_q)),
        Step(
            equation(mu_q, mean_p),
            "It vanishes at one place only: the means agree.",
            Solve(factor=1 / sigma_q**2),
            under=(mean,),
        ),
        Step(by_std, "The slope in the width.", Differentiate(by=sigma_q), back=3),
        Step(
            equation(sigma_q**2, _SQUARES),
            "It vanishes where the variance is the mean square about the mean of the fit, wherever that is.",
            Solve(factor=1 / sigma_q**3),
            under=(width,),
        ),
        Step(
            equation(sigma_q**2, std_p**2),
            "Where both vanish, the means agree and the variance is that of the target.",
            Insert(proved=equation(mu_q, mean_p)),
            under=(width, mean),
        ),
        Step(
            curvature,
            "There the Hessian is diagonal and positive: a strict minimum.",
            Hessian(by=(mu_q, sigma_q), at=_MATCHED),
            back=6,
        ),
    )
    also = tuple(steps[k].statement for k in (4, 7))
    title = "Forward stationarity: moment matching, for any p"
    return Derivation(title, SETTING, steps[-1].statement, steps, (mean_p, std_p), also=also)


def least_value() -> Derivation:
    """What the best Gaussian still costs: the entropy that a Gaussian of the same variance has more than p."""
    there = equation(_D.subs(_MATCHED), _LEAST)
    moments = _to_moments()
    claim = equation(least(_D, (mu_q, sigma_q)), _LEAST)
    steps = (
        *moments,
        Step(
            there,
            "At the moments of the target: the entropy of a Gaussian of the same variance, less that of the target.",
            Substitute(values=_MATCHED),
        ),
        tangent(),
        Step(
            Ge(_D, _LEAST, evaluate=False),
            say(
                "No other Gaussian is closer: what it costs more is half of this at {}, and a square.",
                std_p**2 / sigma_q**2,
            ),
            AtLeast(
                whole=moments[-1].expression,
                ratio=std_p**2 / sigma_q**2,
                square=(mean_p - mu_q) ** 2 / (2 * sigma_q**2),
            ),
        ),
        Step(claim, "The bound is reached, so it is the least value.", Attained(by=(mu_q, sigma_q), there=there)),
    )
    return Derivation(
        "The least forward divergence",
        SETTING,
        steps[-1].statement,
        steps,
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
    check = Hessian(by=(eta, beta), minors=(1 / (2 * beta), 1 / (4 * beta**3)))
    steps = (
        *_to_moments(),
        Step(
            equation(natural, in_natural),
            "In natural parameters it is linear in them plus the log-partition function.",
            Substitute(values=to_natural),
        ),
        Step(
            equation(hessian(natural, (eta, beta)), curvature),
            say(
                "Its leading minors are positive everywhere: {} and {}. So it is convex, and has one stationary point.",
                *check.facts,
            ),
            check,
        ),
    )
    return Derivation("Convexity in the natural parameters", SETTING, steps[-1].statement, steps)


def not_convex_in_std() -> Derivation:
    """D is not convex in (mu, sigma): a negative curvature is exhibited at sigma_q = 2 s_p."""
    first = equation(Derivative(_D, sigma_q), 1 / sigma_q - _SQUARES / sigma_q**3)
    second = equation(Derivative(first.lhs, sigma_q), 3 * _SQUARES / sigma_q**4 - 1 / sigma_q**2)
    there = ((mu_q, mean_p), (sigma_q, 2 * std_p))
    value = equation(second.lhs.subs(there), -1 / (16 * std_p**2))
    steps = (
        *_to_moments(),
        Step(first, "The slope in the width of the fit.", Differentiate(by=sigma_q)),
        Step(second, "The curvature in the width.", Differentiate(by=sigma_q)),
        Step(
            value,
            "With equal means and twice the width it is negative: in these parameters the divergence is not convex.",
            Substitute(values=there),
        ),
    )
    also = (steps[-2].statement,)
    return Derivation("Not convex in the mean and the width", SETTING, steps[-1].statement, steps, also=also)
