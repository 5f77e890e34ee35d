"""What a sampled KL descends as a loss, its draws from q held fixed: k1 nothing, k2 the reverse, k3 the forward one.

With r = p(x)/q(x), k1 = -log r, k2 = (log r)^2/2 and k3 = r - 1 - log r. It is proved for every smooth family of q from
one fact, that the mean slope of log q under q is 0; and once more for two Gaussians, by their moments alone.
Sources: Schulman, Approximating KL divergence (2020), for the estimators; Tang, Munos, On a few pitfalls in KL
divergence gradient estimation for RL (2025), for their gradients as a loss.
"""

from sympy import Derivative, Expr, Function, Integral, S, Symbol, exp, log, oo

from kl_engine.symbolic.proof.checks.algebra import EqualToTheSame, Identity, Insert
from kl_engine.symbolic.proof.checks.calculus import Differentiate
from kl_engine.symbolic.proof.checks.expectations import Definition, Mass, Moments
from kl_engine.symbolic.proof.checks.totals import UnderTheSign
from kl_engine.symbolic.proof.derivation import Derivation, Step
from kl_engine.symbolic.proof.laws import TARGET, Gaussian
from kl_engine.symbolic.proof.notation import (
    Pair,
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
from kl_engine.symbolic.proof.quantities import LINE, Roles
from kl_engine.symbolic.proof.reason import say
from kl_engine.symbolic.proof.setting import Setting, Trial
from kl_engine.symbolic.subjects.gaussian import GAUSSIANS, TWO_GAUSSIANS, forward_closed, reverse_closed

_theta = Symbol("theta", real=True)
_q = Function("q", positive=True)(x, _theta)
_ROLES = Roles(p_of_x, _q, (_theta,))


def _estimators(q: Expr) -> tuple[Pair, Pair, Pair]:
    """The three estimators at a draw x of q: each by its name, and what it stands for."""
    ratio = p_of_x / q
    meanings = (-log(ratio), log(ratio) ** 2 / 2, ratio - 1 - log(ratio))
    return tuple((Function(f"k_{k}", real=True)(*q.args), meaning) for k, meaning in enumerate(meanings, 1))


_GENERAL = Setting(
    definitions=_estimators(_q),
    divergences=(_ROLES,),
    smooth=(_q,),
    trial=Trial(
        "p a mixture of two Gaussians, q a Gaussian whose mean and width both move",
        replace=((p_of_x, TARGET), (_q, Gaussian(_theta, exp(_theta / 3)).density())),
    ),
    words=(say("{} is any positive density, {} any that has a parameter {}", p_of_x, _q, _theta),),
)
_GAUSSIAN = Setting(
    laws=TWO_GAUSSIANS.laws, definitions=_estimators(q_of_x), divergences=TWO_GAUSSIANS.divergences
)  # fmt: skip


def in_loss() -> Derivation:
    """The mean gradient of each estimator, for any p and any smooth family of q."""
    score = _score()
    steps = (*score, *_of_first(score[-1]), *_of_second(score[-1]), *_of_third(score[-1]))
    claims = [step.statement for step in steps if step.name]
    title = "What the sampled estimators descend as a loss"
    return Derivation(title, _GENERAL, steps[-1].statement, steps, also=tuple(claims[:-1]))


def _slope(of: Expr) -> Expr:
    return Derivative(of, _theta)


_SCORE, _UNDER_P = expectation(_q, _slope(log(_q))), expectation(p_of_x, _slope(log(_q)))


def _mean_slope(k: int) -> Expr:
    """E_q of the slope of the k-th estimator at a draw: the draws stay where they are."""
    return expectation(_q, _slope(_GENERAL.definitions[k - 1][0]))


def _score() -> tuple[Step, Step]:
    """The mean slope of log q under q itself is 0."""
    return (
        Step(equation(LINE.total(_q), S.One), say("{} is a density for every {}.", _q, _theta), Mass()),
        Step(
            equation(_SCORE, S.Zero),
            say(
                "The mass does not move with {}. Under the integral the slope of {} is {} times the slope of its "
                "logarithm.",
                _theta,
                _q,
                _q,
            ),
            UnderTheSign(by=_theta, times=S.One),
            name="score",
        ),
    )


def _of_first(score: Step) -> tuple[Step, Step]:
    """k1: the log ratio."""
    return (
        Step(
            equation(_mean_slope(1), _SCORE),
            say("At a draw that is held fixed, {} does not depend on {}.", p_of_x, _theta),
            Identity(),
        ),
        Step(
            equation(_mean_slope(1), S.Zero),
            "The score has mean zero: on average, descent on the first estimator goes nowhere.",
            Insert(proved=score.expression),
            name="first",
        ),
    )


def _of_second(score: Step) -> tuple[Step, ...]:
    """k2: half the square of the log ratio."""
    weighted = expectation(_q, log(_q / p_of_x) * _slope(log(_q)))
    slope = equation(_slope(_ROLES.reverse), weighted)
    return (
        _defined(_ROLES.reverse, _q, p_of_x),
        Step(
            equation(_slope(_ROLES.reverse), weighted + _SCORE),
            "Its slope: the density under the mean moves, and so does the log ratio.",
            Differentiate(by=_theta),
        ),
        Step(slope, "The score has mean zero.", Insert(proved=score.expression)),
        Step(
            equation(_mean_slope(2), weighted), "The slope of a square is twice the root times its slope.", Identity()
        ),
        Step(
            equation(_mean_slope(2), slope.lhs),
            "So the second estimator descends, on average, the divergence under the fit.",
            EqualToTheSame(other=slope),
            name="second",
        ),
    )


def _of_third(score: Step) -> tuple[Step, ...]:
    """k3: the ratio, less one and less its logarithm."""
    slope = equation(_slope(_ROLES.forward), -_UNDER_P)
    return (
        _defined(_ROLES.forward, p_of_x, _q),
        Step(slope, "Its slope: only the logarithm of the fit moves.", Differentiate(by=_theta)),
        Step(
            equation(_mean_slope(3), _SCORE - _UNDER_P),
            say(
                "The slope of {} is {} times the slope of {}; times {} it is a mean under {}.",
                p_of_x / _q,
                -p_of_x / _q,
                log(_q),
                _q,
                p_of_x,
            ),
            Identity(),
        ),
        Step(equation(_mean_slope(3), -_UNDER_P), "The score has mean zero.", Insert(proved=score.expression)),
        Step(
            equation(_mean_slope(3), slope.lhs),
            "So the third estimator descends, on average, the other direction: the divergence under the target.",
            EqualToTheSame(other=slope),
            name="third",
        ),
    )


def _defined(divergence: Expr, a: Expr, b: Expr) -> Step:
    return Step(
        equation(divergence, Integral(a * log(a / b), (x, -oo, oo))),
        say("The mean of the log ratio under {}.", a),
        Definition(),
    )


def of_gaussians_in_mean() -> Derivation:
    """The same for two Gaussians, by the mean of q: every mean is one of a polynomial."""
    return _of_gaussians(mu_q, "For two Gaussians: the gradient in the mean")


def of_gaussians_in_width() -> Derivation:
    """The same for two Gaussians, by the standard deviation of q."""
    return _of_gaussians(sigma_q, "For two Gaussians: the gradient in the width")


_SLOPES = {mu_q: (x - mu_q) / sigma_q**2, sigma_q: (x - mu_q) ** 2 / sigma_q**3 - 1 / sigma_q}
_REVERSE = {mu_q: (mu_q - mu_p) / sigma_p**2, sigma_q: sigma_q / sigma_p**2 - 1 / sigma_q}
_FORWARD = {
    mu_q: (mu_q - mu_p) / sigma_q**2,
    sigma_q: 1 / sigma_q - (sigma_p**2 + (mu_p - mu_q) ** 2) / sigma_q**3,
}


def _of_gaussians(by: Symbol, title: str) -> Derivation:
    first, second, third = (expectation(q_of_x, Derivative(name, by)) for name, _ in _GAUSSIAN.definitions)
    steps = (*_first_taken(first, by), *_second_taken(second, by), *_third_taken(third, by))
    claims = [step.statement for step in steps if step.name]
    return Derivation(title, _GAUSSIAN, steps[-1].statement, steps, also=tuple(claims[:-1]))


_TAKEN = Moments(density=q_of_x)


def _first_taken(mean: Expr, by: Symbol) -> tuple[Step, Step]:
    return (
        Step(
            equation(mean, expectation(q_of_x, _SLOPES[by])),
            "Of the log ratio only the logarithm of the fit moves.",
            Identity(),
        ),
        Step(equation(mean, S.Zero), "Under the fit itself this has mean zero.", _TAKEN, name="first"),
    )


def _second_taken(mean: Expr, by: Symbol) -> tuple[Step, ...]:
    log_ratio = log(sigma_p / sigma_q) + (x - mu_p) ** 2 / (2 * sigma_p**2) - (x - mu_q) ** 2 / (2 * sigma_q**2)
    slope = equation(Derivative(GAUSSIANS.reverse, by), _REVERSE[by])
    return (
        reverse_closed(),
        Step(slope, "The slope of the reverse direction.", Differentiate(by=by)),
        Step(
            equation(mean, expectation(q_of_x, log_ratio * _SLOPES[by])),
            "The slope of half a square: the log ratio of two parabolas, times the same slope.",
            Identity(),
        ),
        Step(equation(mean, _REVERSE[by]), "The mean of a polynomial.", _TAKEN),
        Step(
            equation(mean, slope.lhs),
            "It is the slope of the reverse direction.",
            EqualToTheSame(other=slope),
            name="second",
        ),
    )


def _third_taken(mean: Expr, by: Symbol) -> tuple[Step, ...]:
    slope = equation(Derivative(GAUSSIANS.forward, by), _FORWARD[by])
    under_p = expectation(p_of_x, _SLOPES[by])
    return (
        forward_closed(),
        Step(slope, "The slope of the forward direction.", Differentiate(by=by)),
        Step(
            equation(mean, expectation(q_of_x, _SLOPES[by]) - under_p),
            say("The ratio makes a mean under {} one under {}.", q_of_x, p_of_x),
            Identity(),
        ),
        Step(equation(mean, -under_p), "The first mean is zero.", _TAKEN),
        Step(equation(mean, _FORWARD[by]), "The mean of a polynomial.", Moments(density=p_of_x)),
        Step(
            equation(mean, slope.lhs),
            "It is the slope of the forward direction.",
            EqualToTheSame(other=slope),
            name="third",
        ),
    )
