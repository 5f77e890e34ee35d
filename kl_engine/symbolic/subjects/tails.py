"""When tails make a divergence infinite: a tail that falls like a power, against what -log q grows like.

Let -log q(x) grow like x^k (a Gaussian: 2; Laplace, logistic: 1; a power: log x), and p fall like x^(-nu - 1): then
the mean of x^k under p is finite where nu > k. So D of a Student t and a Gaussian is infinite for nu <= 2, and the
other way round it is finite for every nu. Source: KL Lab's own, from the tangent of the logarithm.
"""

from sympy import Expr, Function, Ge, Integral, Le, Limit, S, Symbol, gamma, log, oo, pi, sqrt

from kl_engine.symbolic.proof.checks.algebra import Equal, Identity, Substitute
from kl_engine.symbolic.proof.checks.calculus import FarLimit
from kl_engine.symbolic.proof.checks.expectations import Definition, Moments
from kl_engine.symbolic.proof.checks.integrals import Antiderivatives
from kl_engine.symbolic.proof.checks.order import (
    GAP,
    Averaged,
    BoundBelow,
    BoundPart,
    Monotone,
    NeverFalls,
    OutgrowsMass,
)
from kl_engine.symbolic.proof.checks.totals import Taken
from kl_engine.symbolic.proof.derivation import Derivation, Step
from kl_engine.symbolic.proof.laws import Gaussian
from kl_engine.symbolic.proof.notation import (
    Normal,
    equation,
    expectation,
    mu_p,
    p_of_x,
    quantity,
    sigma_p,
    sigma_q,
    x,
)
from kl_engine.symbolic.proof.quantities import Roles
from kl_engine.symbolic.proof.reason import say
from kl_engine.symbolic.proof.setting import Above, Setting, UpTo
from kl_engine.symbolic.subjects.gibbs import tangent

_k, _nu, _delta, _far = (Symbol(name, positive=True) for name in ("k", "nu", "delta", "R"))
_y, _s = Symbol("y", positive=True), Symbol("s", positive=True)
_M = quantity("M", _k, _nu, _far)


def powers() -> Derivation:
    """The mean of a power under a tail that falls like a power: finite, or infinite like a logarithm or a power."""
    meaning = Integral(_y ** (_k - _nu - 1), (_y, 1, _far))
    setting = Setting(
        quantities=((_M, meaning),),
        domains=(Above(_far, S.One),),
        words=(
            say(
                "A density falls like {}; {} is what a power {} has as its mean, from one up to {}, and {} is any "
                "positive number",
                _y ** (-_nu - 1),
                _M,
                _y**_k,
                _far,
                _delta,
            ),
        ),
    )
    defined = Step(equation(_M, meaning), "The mean of the power, beyond one.", Definition())
    lighter = _taken(_nu, _k + _delta, -_delta, "The tail falls faster than the power grows.", back=1)
    as_fast = _taken(_nu, _k, S.Zero, "The tail falls as fast as the power grows.", back=4)
    slower = _taken(_k, _nu + _delta, _delta, "The tail falls more slowly than the power grows.", back=7)
    steps = (defined, *lighter, *as_fast, *slower)
    return Derivation(
        "Which powers a power tail can pay",
        setting,
        steps[-1].statement,
        steps,
        parameters=(_delta, _far),
        formula=slower[1].expression.rhs,
        meaning="The mean of x^(nu + delta) from 1 to R under the tail x^(-nu - 1).",
        notes=(
            "delta: how much faster the power grows than the tail falls, > 0.",
            "R: where it ends, > 1.",
        ),
        also=tuple(step.statement for step in (lighter[2], as_fast[2], slower[1])),
    )


def _taken(symbol: Symbol, value: Expr, rest: Expr, words: str, back: int) -> tuple[Step, Step, Step]:
    """The mean at one value of a symbol: the integral, its value, and the limit of that."""
    there = _M.subs(symbol, value)
    total = Integral(_y ** (rest - 1), (_y, 1, _far))
    primitive = log(_y) if rest == 0 else _y**rest / rest
    is_finite = rest == -_delta
    tells = "It has a limit: the mean is finite." if is_finite else "It grows without bound: the mean is infinite."
    return (
        Step(equation(there, total), words, Substitute(values=((symbol, value),)), back=back),
        Step(
            equation(there, primitive.subs(_y, _far) - primitive.subs(_y, 1)),
            "The integral of a power.",
            Antiderivatives(functions=((total, primitive),)),
        ),
        Step(equation(Limit(there, _far, oo), 1 / _delta if is_finite else oo), tells, FarLimit(of=_far)),
    )


_q = Function("q", positive=True)(x)
_ROLES = Roles(p_of_x, _q, (_nu, sigma_q))
_T, _U = quantity("T", _far), quantity("U", _far)
_c, _C = Symbol("c", positive=True), Symbol("C", real=True)
_TAIL = (1 + x**2 / _nu) ** (-(_nu + 1) / 2)
_SMALL = _nu / (2 * (_nu + 1) * sigma_q**2)  # times 1 + x^2/nu: where the tangent is used
_CONSTANT = (_nu + 1) / 2 * (_SMALL - 1 - log(_SMALL)) - log(_c * sigma_q * sqrt(2 * pi))
_AT_ONE = _c * _TAIL.subs(x, 1)
_BEYOND, _BEFORE = (x, 1, _far), (x, -_far, 1)
_RATIO = p_of_x * log(p_of_x / _q)
_STUDENT = Setting(
    definitions=((p_of_x, _c * _TAIL), (_q, Normal(x, S.Zero, sigma_q)), (_C, _CONSTANT)),
    divergences=(_ROLES,),
    quantities=((_T, Integral(_RATIO, _BEYOND)), (_U, Integral(_RATIO, _BEFORE))),
    domains=(UpTo(_nu, S(2)), Above(_far, S.One)),
    words=(
        say(
            "{} is the share of {} from one to {}, and {} that from {} to one",
            _T,
            _ROLES.forward,
            _far,
            _U,
            -_far,
        ),
        say("{} makes {} a density", _c, p_of_x),
    ),
)


def infinite() -> Derivation:
    """D of a Student t with two degrees of freedom or fewer against a Gaussian grows without bound."""
    steps = (*_rest_from_below(), *_log_ratio_from_below(), *_square_from_below(), *_combined())
    title = "A Student t against a Gaussian: infinite for two degrees of freedom or fewer"
    return Derivation(title, _STUDENT, steps[-1].statement, steps, also=(steps[2].statement,))


_SQUARE, _MASS, _HARMONIC = Integral(x**2 * p_of_x, _BEYOND), Integral(p_of_x, _BEYOND), Integral(1 / x, _BEYOND)


def _rest_from_below() -> tuple[Step, Step, Step]:
    """No share of D is less than the mass of p there less that of q: what is before one is at least -1."""
    defined = equation(_U, Integral(_RATIO, _BEFORE))
    check = Averaged(average=Integral(p_of_x * GAP(_q / p_of_x), _BEFORE), whole=defined)
    return (
        tangent(),
        Step(defined, say("The share before one, of the mean log ratio under {}.", p_of_x), Definition()),
        Step(
            Ge(_U, Integral(p_of_x, _BEFORE) - Integral(_q, _BEFORE), evaluate=False),
            say(
                "The inequality at {}, averaged: a share is never below minus the mass of {} there.", check.facts[0], _q
            ),
            check,
            back=2,
        ),
    )


def _log_ratio_from_below() -> tuple[Step, Step]:
    """The share beyond one is at least that of a square, less a constant."""
    defined = equation(_T, Integral(_RATIO, _BEYOND))
    check = Averaged(average=Integral((_nu + 1) / 2 * p_of_x * GAP(_SMALL * (1 + x**2 / _nu)), _BEYOND), whole=defined)
    return (
        Step(defined, "The share beyond one.", Definition()),
        Step(
            Ge(_T, _SQUARE / (4 * sigma_q**2) - _C * _MASS, evaluate=False),
            say("The logarithm of a square is far below it: the first inequality at {}, averaged.", check.facts[0]),
            check,
            back=4,
        ),
    )


def _square_from_below() -> tuple[Step, Step, Step]:
    """For nu <= 2 the cube of x times the density never falls beyond one: it is at least what it is there."""
    at = 1 + _s
    tail, logs = _TAIL.subs(x, at), (log(1 + at**2 / _nu) - log(1 + 1 / _nu))
    check = Averaged(average=Integral(_c / x * GAP(x - 1), _BEYOND), by=_s)
    return (
        Step(
            Ge(3 * log(at) - (_nu + 1) / 2 * logs, 0, evaluate=False),
            "With two degrees of freedom or fewer, the cube of a place beyond one grows faster than the density falls.",
            NeverFalls(by=_s, slope=(3 * _nu + (2 - _nu) * at**2) / (at * (_nu + at**2))),
        ),
        Step(
            Ge(at**3 * tail - _TAIL.subs(x, 1), 0, evaluate=False),
            "The same without logarithms.",
            Monotone(times=S.One),
        ),
        Step(
            Ge(_SQUARE, _AT_ONE * _HARMONIC, evaluate=False),
            say("Divided by the place, and averaged over all of them, at {}.", check.facts[0]),
            check,
        ),
    )


def _combined() -> tuple[Step, ...]:
    """Both bounds together, and what grows in them."""
    times = 1 / (4 * sigma_q**2)
    square = Ge(_SQUARE, _AT_ONE * _HARMONIC, evaluate=False)
    grows = equation(Limit(_HARMONIC, _far, oo), oo)
    return (
        Step(
            Ge(_T, times * _AT_ONE * _HARMONIC - _C * _MASS, evaluate=False),
            "This bound is substituted into that of the share.",
            BoundBelow(bound=square, times=times),
            back=4,
        ),
        Step(equation(_HARMONIC, log(_far)), "What it holds is a logarithm,", Taken()),
        Step(grows, "which grows without bound.", FarLimit(of=_far)),
        Step(
            equation(Limit(_T, _far, oo), oo),
            say(
                "The mass of {} beyond one is at most one and cannot make up for it, nor can what is before: the "
                "divergence is infinite.",
                p_of_x,
            ),
            OutgrowsMass(of=_far, grows=grows, times=times * _AT_ONE, density=p_of_x),
            back=3,
        ),
    )


_FROM_GAUSSIAN = Setting(
    laws=((p_of_x, Gaussian(mu_p, sigma_p)),),
    definitions=((_q, _c * _TAIL), (_c, gamma((_nu + 1) / 2) / (sqrt(pi * _nu) * gamma(_nu / 2)))),
)


def finite() -> Derivation:
    """The cross entropy of a Gaussian and a Student t is finite for every number of degrees of freedom."""
    cross, times = expectation(p_of_x, -log(_q)), (_nu + 1) / 2
    logs, check = log(1 + x**2 / _nu), Averaged(average=expectation(p_of_x, GAP(1 + x**2 / _nu)))
    gap = expectation(p_of_x, x**2 / _nu - logs)
    bounded, bound = Ge(gap, 0, evaluate=False), times * (mu_p**2 + sigma_p**2) / _nu - log(_c)
    steps = (
        tangent(),
        Step(bounded, say("The inequality at {}, averaged under {}.", check.facts[0], p_of_x), check),
        Step(
            equation(cross, expectation(p_of_x, times * logs - log(_c))),
            "The cross entropy: minus the logarithm of a power.",
            Identity(),
        ),
        Step(
            equation(cross, expectation(p_of_x, times * x**2 / _nu - log(_c)) - times * gap),
            "The logarithm is the square, less what it lacks of it.",
            Equal(),
        ),
        Step(equation(cross, bound - times * gap), "The mean of the square.", Moments(density=p_of_x)),
        Step(
            Le(cross, bound, evaluate=False),
            say(
                "The divergence is this less the entropy of {}: it is finite, however heavy the tail of {}.", p_of_x, _q
            ),
            BoundPart(bound=bounded, times=times),
        ),
    )
    title = "A Gaussian against a Student t: always finite"
    return Derivation(title, _FROM_GAUSSIAN, steps[-1].statement, steps)
