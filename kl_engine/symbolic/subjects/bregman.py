"""D within one exponential family: a Bregman divergence; and its forward stationarity: matching expected statistics.

Two statistics stand for any number. What is stated for any family is put in numbers for the Gaussian one:
T = (x, -(x-1)^2), A(eta, beta) = eta + eta^2/(4 beta) + log(pi/beta)/2 (not even in eta, so a wrong sign shows).
Source: Wainwright, Jordan (2008), 3; Amari (2016), 2.
"""

from sympy import Derivative, Eq, Expr, Function, Integral, S, Symbol, exp, log, oo, pi

from kl_engine.symbolic.proof.check import Instance, substitute
from kl_engine.symbolic.proof.checks.algebra import Insert, Solve
from kl_engine.symbolic.proof.checks.calculus import Differentiate
from kl_engine.symbolic.proof.checks.expectations import Definition, LinearMean, MeanStatistic, Normaliser
from kl_engine.symbolic.proof.derivation import Derivation, Step
from kl_engine.symbolic.proof.laws import TARGET
from kl_engine.symbolic.proof.notation import equation, expectation, x
from kl_engine.symbolic.proof.quantities import Roles

_LINE = (x, -oo, oo)
_p, _q = (Function(name, positive=True)(x) for name in ("p", "q"))
_T1, _T2 = (Function(name, real=True)(x) for name in ("T_1", "T_2"))
_ETA_P = (Symbol("eta_1_p", real=True), Symbol("eta_2_p", positive=True))
_ETA_Q = (Symbol("eta_1_q", real=True), Symbol("eta_2_q", positive=True))


def _partition(eta: tuple[Symbol, Symbol]) -> Expr:
    return Function("A", real=True)(*eta)


def _density(eta: tuple[Symbol, Symbol]) -> Expr:
    return exp(eta[0] * _T1 + eta[1] * _T2 - _partition(eta))


def _gaussian_partition(eta: tuple[Symbol, Symbol]) -> Expr:
    return eta[0] + eta[0] ** 2 / (4 * eta[1]) + log(pi / eta[1]) / 2


_FAMILY = ((_p, _density(_ETA_P)), (_q, _density(_ETA_Q)))
_EXAMPLE = (
    (_T1, x),
    (_T2, -((x - 1) ** 2)),
    *((_partition(eta), _gaussian_partition(eta)) for eta in (_ETA_P, _ETA_Q)),
)
_IN_NUMBERS = Instance("the Gaussian family, T = (x, -(x-1)^2)", replace=_EXAMPLE)
_EXPLICIT = Instance(_IN_NUMBERS.words, replace=tuple((f, substitute(d, _EXAMPLE)) for f, d in _FAMILY) + _EXAMPLE)
_ROLES = Roles(_p, _q, (*_ETA_P, *_ETA_Q))
_TO_FAMILY = Roles(_p, _q, _ETA_Q)  # from any p
_D = _ROLES.forward


def divergence() -> Derivation:
    """From the definition to A(eta_q) - A(eta_p) - (eta_q - eta_p) . grad A(eta_p)."""
    slopes = _slopes(_ETA_P)
    moves = tuple(b - a for a, b in zip(_ETA_P, _ETA_Q, strict=True))
    gap = _partition(_ETA_Q) - _partition(_ETA_P)
    linear = gap - moves[0] * expectation(_p, _T1) - moves[1] * expectation(_p, _T2)
    slopes_stated = _mean_statistics(_ETA_P)
    steps = (
        *slopes_stated,
        *_expected_statistics(slopes_stated[0].expression, slopes),
        *_to_statistics(linear),
        Step(
            equation(_D, gap - moves[0] * slopes[0] - moves[1] * expectation(_p, _T2)),
            "The expected first statistic is a slope of A.",
            "substitution",
            Insert(proved=equation(expectation(_p, _T1), slopes[0]), instance=_EXPLICIT),
        ),
        Step(
            equation(_D, gap - moves[0] * slopes[0] - moves[1] * slopes[1]),
            "And so is the second: D is what A lies above its tangent at p, a Bregman divergence.",
            "Bregman divergence",
            Insert(proved=equation(expectation(_p, _T2), slopes[1]), instance=_EXPLICIT),
        ),
    )
    return Derivation("D as a Bregman divergence", steps[-1].expression, steps)


def stationarity() -> Derivation:
    """The forward fit within a family: E_q[T] = E_p[T], here for any p at all."""
    slopes = _slopes(_ETA_Q)
    entropy = Symbol("H_p", real=True)
    target = Instance(
        "the Gaussian family, and p a mixture of two Gaussians",
        replace=((_p, TARGET), *_EXAMPLE),
        facts=((entropy, -Integral(_p * log(_p), _LINE)),),
    )
    exact = (*_FAMILY[1:], (entropy, -Integral(_p * log(_p), _LINE)))
    divergence_from = _TO_FAMILY.forward
    cost = -entropy + _partition(_ETA_Q) - _ETA_Q[0] * expectation(_p, _T1) - _ETA_Q[1] * expectation(_p, _T2)
    steps = (
        *_mean_statistics(_ETA_Q),
        Step(
            equation(divergence_from, Integral(_p * log(_p / _q), _LINE)),
            "D from any p to a member q of the family.",
            "definition",
            Definition(roles=_TO_FAMILY, first=_p, second=_q, where=_FAMILY[1:], instance=target),
            back=0,
        ),
        Step(
            equation(divergence_from, cost),
            "The log of q is linear in the statistics; the rest is the entropy of p.",
            "linearity",
            LinearMean(density=_p, where=exact, instance=target),
        ),
        *_matched(divergence_from, slopes, target),
    )
    return Derivation("Forward stationarity in a family: matching statistics", steps[-1].expression, steps)


def _matched(divergence_from: Expr, slopes: tuple[Expr, Expr], target: Instance) -> tuple[Step, ...]:
    """For each natural parameter: the derivative of D, and where it is 0."""
    steps: tuple[Step, ...] = ()
    for k, (statistic, slope, eta) in enumerate(zip((_T1, _T2), slopes, _ETA_Q, strict=True)):
        under_p = expectation(_p, statistic)
        steps += (
            Step(
                equation(Derivative(divergence_from, eta), slope - under_p),
                "The derivative by a natural parameter: a slope of A, less an expected statistic.",
                "derivative",
                Differentiate(by=eta, instance=target),
                back=1 + 2 * k,
            ),
            Step(
                equation(slope, under_p),
                "It is 0 where the slope of A, which is the statistic expected under q, is that under p.",
                "stationarity",
                Solve(factor=S.One, instance=target),
            ),
        )
    return steps


def _slopes(eta: tuple[Symbol, Symbol]) -> tuple[Expr, Expr]:
    return tuple(Derivative(_partition(eta), e) for e in eta)


def _mean_statistics(eta: tuple[Symbol, Symbol]) -> tuple[Step, ...]:
    """A normalises the density, so its slopes are the expected statistics."""
    weight = exp(eta[0] * _T1 + eta[1] * _T2)
    normaliser = equation(_partition(eta), log(Integral(weight, _LINE)))
    return (
        Step(
            normaliser,
            "The log-partition function makes the density integrate to 1.",
            "definition",
            Normaliser(partition=_partition(eta), exponent=eta[0] * _T1 + eta[1] * _T2, where=_EXAMPLE),
            back=0,
        ),
        *(
            Step(
                equation(slope, Integral(statistic * weight, _LINE) / Integral(weight, _LINE)),
                "Its derivative by a natural parameter is the mean of that statistic.",
                "differentiation under the integral sign",
                Differentiate(by=e, instance=_IN_NUMBERS),
                back=back,
            )
            for back, (e, slope, statistic) in enumerate(zip(eta, _slopes(eta), (_T1, _T2), strict=True), start=1)
        ),
    )


def _expected_statistics(normaliser: Eq, slopes: tuple[Expr, Expr]) -> tuple[Step, ...]:
    """E_p[T_k] is the slope of A by the k-th natural parameter: what `_mean_statistics` says of the member p."""
    known = {"density": _p, "normaliser": normaliser, "where": _FAMILY[:1], "instance": _IN_NUMBERS}
    return tuple(
        Step(
            equation(expectation(_p, statistic), slope),
            "With the density of p put in, this mean is the expected statistic.",
            "mean of a statistic",
            MeanStatistic(statistic=statistic, **known),
            back=2,
        )
        for statistic, slope in zip((_T1, _T2), slopes, strict=True)
    )


def _to_statistics(linear: Expr) -> tuple[Step, Step]:
    return (
        Step(
            equation(_D, Integral(_p * log(_p / _q), _LINE)),
            "D between two members of one family.",
            "definition",
            Definition(roles=_ROLES, first=_p, second=_q, where=_FAMILY, instance=_IN_NUMBERS),
            back=0,
        ),
        Step(
            equation(_D, linear),
            "The log ratio is linear in the statistics.",
            "linearity",
            LinearMean(density=_p, where=_FAMILY, instance=_IN_NUMBERS),
        ),
    )
