"""D within one exponential family: a Bregman divergence; and its forward stationarity: matching expected statistics.

Two statistics stand for any number. What is stated for any family is put in numbers for the Gaussian one:
T = (x, -(x-1)^2), A(eta, beta) = eta + eta^2/(4 beta) + log(pi/beta)/2 (not even in eta, so a wrong sign shows).
Source: Wainwright, Jordan (2008), 3; Amari (2016), 2.
"""

from sympy import Derivative, Eq, Expr, Function, Integral, S, Symbol, exp, log, oo, pi

from kl_engine.symbolic.proof.checks.algebra import Insert, Solve
from kl_engine.symbolic.proof.checks.calculus import Differentiate
from kl_engine.symbolic.proof.checks.expectations import Definition, LinearMean, MeanStatistic
from kl_engine.symbolic.proof.derivation import Derivation, Step
from kl_engine.symbolic.proof.laws import TARGET
from kl_engine.symbolic.proof.notation import entropy_p, equation, expectation, x
from kl_engine.symbolic.proof.quantities import Roles
from kl_engine.symbolic.proof.reason import say
from kl_engine.symbolic.proof.setting import Setting, Trial
from kl_engine.symbolic.proof.statement import vanishing

_LINE = (x, -oo, oo)
_p, _q = (Function(name, positive=True)(x) for name in ("p", "q"))
_T1, _T2 = (Function(name, real=True)(x) for name in ("T_1", "T_2"))
_ETA_P = (Symbol("eta_1_p", real=True), Symbol("eta_2_p", positive=True))
_ETA_Q = (Symbol("eta_1_q", real=True), Symbol("eta_2_q", positive=True))


def _partition(eta: tuple[Symbol, Symbol]) -> Expr:
    return Function("A", real=True)(*eta)


def _weight(eta: tuple[Symbol, Symbol]) -> Expr:
    return exp(eta[0] * _T1 + eta[1] * _T2)


def _density(eta: tuple[Symbol, Symbol]) -> Expr:
    return exp(eta[0] * _T1 + eta[1] * _T2 - _partition(eta))


def _gaussian_partition(eta: tuple[Symbol, Symbol]) -> Expr:
    return eta[0] + eta[0] ** 2 / (4 * eta[1]) + log(pi / eta[1]) / 2


_GAUSSIAN = (
    (_T1, x),
    (_T2, -((x - 1) ** 2)),
    *((_partition(eta), _gaussian_partition(eta)) for eta in (_ETA_P, _ETA_Q)),
)
_LOG_PARTITIONS = tuple((_partition(eta), log(Integral(_weight(eta), _LINE))) for eta in (_ETA_P, _ETA_Q))
_ROLES = Roles(_p, _q, (*_ETA_P, *_ETA_Q))
_ANY = say("{} and {} are any statistics for which {} exists", _T1, _T2, _partition(_ETA_P))
_FAMILY = Setting(
    definitions=((_p, _density(_ETA_P)), (_q, _density(_ETA_Q))),
    quantities=_LOG_PARTITIONS,
    divergences=(_ROLES,),
    trial=Trial("the Gaussian family, T = (x, -(x-1)^2)", _GAUSSIAN),
    words=(_ANY,),
)
_TO_FAMILY = Roles(_p, _q, _ETA_Q)  # from any p
_FROM_ANY_P = Setting(
    definitions=((_q, _density(_ETA_Q)), (entropy_p, -Integral(_p * log(_p), _LINE))),
    quantities=_LOG_PARTITIONS[1:],
    divergences=(_TO_FAMILY,),
    trial=Trial("the Gaussian family, and p a mixture of two Gaussians", ((_p, TARGET), *_GAUSSIAN)),
    words=(_ANY, say("{} is any density", _p)),
)


def divergence() -> Derivation:
    """From the definition to A(eta_q) - A(eta_p) - (eta_q - eta_p) . grad A(eta_p)."""
    slopes, target = _slopes(_ETA_P), _ROLES.forward
    moves = tuple(b - a for a, b in zip(_ETA_P, _ETA_Q, strict=True))
    gap = _partition(_ETA_Q) - _partition(_ETA_P)
    linear = gap - moves[0] * expectation(_p, _T1) - moves[1] * expectation(_p, _T2)
    means = _mean_statistics(_ETA_P)
    proved = _expected_statistics(means[0].expression, slopes)
    steps = (
        *means,
        *proved,
        Step(
            equation(target, Integral(_p * log(_p / _q), _LINE)),
            "The mean log ratio of two members of one family.",
            Definition(),
        ),
        Step(
            equation(target, linear),
            "The log ratio is linear in the statistics.",
            LinearMean(density=_p),
        ),
        Step(
            equation(target, gap - moves[0] * slopes[0] - moves[1] * expectation(_p, _T2)),
            "The expected first statistic is a slope of the log-partition.",
            Insert(proved=proved[0].expression),
        ),
        Step(
            equation(target, gap - moves[0] * slopes[0] - moves[1] * slopes[1]),
            "And so is the second: this is what the log-partition lies above its tangent, a Bregman divergence.",
            Insert(proved=proved[1].expression),
        ),
    )
    return Derivation("D as a Bregman divergence", _FAMILY, steps[-1].statement, steps)


def stationarity() -> Derivation:
    """The forward fit within a family: E_q[T] = E_p[T], here for any p at all."""
    target = _TO_FAMILY.forward
    cost = -entropy_p + _partition(_ETA_Q) - _ETA_Q[0] * expectation(_p, _T1) - _ETA_Q[1] * expectation(_p, _T2)
    matched = _matched(target)
    means = _mean_statistics(_ETA_Q)
    steps = (
        *means,
        *_expected_under(_q, means[0].expression, _slopes(_ETA_Q)),
        Step(
            equation(target, Integral(_p * log(_p / _q), _LINE)),
            "From any target to a member of the family.",
            Definition(),
        ),
        Step(
            equation(target, cost),
            "The log of the fit is linear in the statistics; the rest is the entropy of the target.",
            LinearMean(density=_p),
        ),
        *matched,
    )
    also = (steps[-3].statement,)
    title = "Forward stationarity in a family: matching statistics"
    return Derivation(title, _FROM_ANY_P, steps[-1].statement, steps, also=also)


def _matched(target: Expr) -> tuple[Step, ...]:
    """For each natural parameter: the derivative of D, and where it is 0."""
    steps: tuple[Step, ...] = ()
    for k, (statistic, slope, eta) in enumerate(zip((_T1, _T2), _slopes(_ETA_Q), _ETA_Q, strict=True)):
        under_p, under_q = (expectation(density, statistic) for density in (_p, _q))
        gradient = equation(Derivative(target, eta), slope - under_p)
        steps += (
            Step(
                gradient,
                "The slope in a natural parameter: a slope of the log-partition, less an expected statistic.",
                Differentiate(by=eta),
                back=1 + 3 * k,
            ),
            Step(
                equation(gradient.lhs, under_q - under_p),
                "That slope is the statistic expected under the fit.",
                Insert(proved=equation(slope, under_q)),
            ),
            Step(
                equation(under_q, under_p),
                "Stationary where the fit expects of this statistic what the target does.",
                Solve(factor=S.One),
                under=(vanishing(gradient),),
            ),
        )
    return steps


def _slopes(eta: tuple[Symbol, Symbol]) -> tuple[Expr, Expr]:
    return tuple(Derivative(_partition(eta), e) for e in eta)


def _mean_statistics(eta: tuple[Symbol, Symbol]) -> tuple[Step, ...]:
    """A normalises the density, so its slopes are the expected statistics."""
    weight = _weight(eta)
    return (
        Step(
            equation(_partition(eta), log(Integral(weight, _LINE))),
            "The log-partition function makes the density integrate to one.",
            Definition(),
        ),
        *(
            Step(
                equation(slope, Integral(statistic * weight, _LINE) / Integral(weight, _LINE)),
                "Its slope in a natural parameter is the mean of that statistic.",
                Differentiate(by=e),
                back=back,
            )
            for back, (e, slope, statistic) in enumerate(zip(eta, _slopes(eta), (_T1, _T2), strict=True), start=1)
        ),
    )


def _expected_statistics(normaliser: Eq, slopes: tuple[Expr, Expr]) -> tuple[Step, ...]:
    """E_p[T_k] is the slope of A by the k-th natural parameter: what `_mean_statistics` says of the member p."""
    return tuple(
        Step(
            equation(expectation(_p, statistic), slope),
            "With the density substituted, this mean is the expected statistic.",
            MeanStatistic(density=_p, statistic=statistic, normaliser=normaliser),
            back=2,
        )
        for statistic, slope in zip((_T1, _T2), slopes, strict=True)
    )


def _expected_under(density: Expr, normaliser: Eq, slopes: tuple[Expr, Expr]) -> tuple[Step, ...]:
    """The same, with the slope on the left."""
    return tuple(
        Step(
            equation(slope, expectation(density, statistic)),
            "With the density substituted, this quotient is the expected statistic.",
            MeanStatistic(density=density, statistic=statistic, normaliser=normaliser),
            back=2,
        )
        for statistic, slope in zip((_T1, _T2), slopes, strict=True)
    )
