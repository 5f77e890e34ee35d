"""The free energy of a belief q(z) given data x, in its three forms, for a finite and for a Gaussian model.

    F = energy - entropy = complexity - accuracy = divergence - log evidence  >=  - log evidence

Source: Neal, Hinton (1998); Bishop (2006), 9.4; Bogacz (2017), A tutorial on the free-energy framework.
"""

from sympy import Eq, Expr, Function, Ge, IndexedBase, Integral, Rational, Sum, Symbol, log, oo, pi

from kl_engine.symbolic.proof.checks.algebra import Equal
from kl_engine.symbolic.proof.checks.expectations import Definition, Moments
from kl_engine.symbolic.proof.checks.integrals import GaussianIntegrals
from kl_engine.symbolic.proof.checks.order import GAP, AtLeast, Averaged
from kl_engine.symbolic.proof.derivation import Derivation, Step
from kl_engine.symbolic.proof.laws import Gaussian
from kl_engine.symbolic.proof.notation import (
    Normal,
    equation,
    expectation,
    i,
    j,
    n,
    quantity,
    x,
    z,
)
from kl_engine.symbolic.proof.reason import say
from kl_engine.symbolic.proof.setting import Setting, SizeRange
from kl_engine.symbolic.subjects.gaussian import closed_form
from kl_engine.symbolic.subjects.gibbs import tangent

_belief, _prior, _likelihood = (IndexedBase(name) for name in ("q", "pi", "ell"))
_evidence = Symbol("Z", positive=True)
_F = quantity("F", _belief[n])


def _total(body: Expr) -> Sum:
    return Sum(body, (i, 1, n))


_JOINT = _prior[i] * _likelihood[i]
_FINITE = Setting(
    definitions=((_evidence, Sum(_prior[j] * _likelihood[j], (j, 1, n))),),
    quantities=((_F, _total(_belief[i] * log(_belief[i] / _JOINT))),),
    sizes=SizeRange(sizes=(2, 3), simplex=("q", "pi")),
    words=(
        say("states {} have prior weights {} that sum to one", i, _prior[i]),
        say("{} is the likelihood of what was seen if the state is {}", _likelihood[i], i),
        say("{} are the weights of the belief, which sum to one", _belief[i]),
        say("{} is the evidence", _evidence),
    ),
)


def finite() -> Derivation:
    """Finitely many states: prior weights pi_i, likelihoods ell_i = p(x|i) of what was seen, belief q_i."""
    q = _belief[i]
    from_posterior = equation(_F, _total(q * log(q * _evidence / _JOINT)) - log(_evidence))
    steps = (
        Step(
            equation(_F, _total(q * log(q / _JOINT))),
            "The mean, under the belief, of its log less that of the joint weight of state and data.",
            Definition(),
        ),
        Step(
            equation(_F, -_total(q * log(_JOINT)) + _total(q * log(q))),
            "Energy minus entropy: the logarithm of the quotient.",
            Equal(),
            name="energy",
        ),
        Step(
            equation(_F, _total(q * log(q / _prior[i])) - _total(q * log(_likelihood[i]))),
            "Complexity minus accuracy: the prior goes with the belief, the likelihood stands alone.",
            Equal(),
            name="complexity",
        ),
        Step(
            from_posterior,
            say(
                "Divergence from the posterior, whose weights are {}, minus the log evidence.",
                _JOINT / _evidence,
            ),
            Equal(),
            name="divergence",
        ),
        tangent(),
        Step(
            Ge(_F, -log(_evidence), evaluate=False),
            "The divergence is not negative, so this is at least the surprisal; equal when the belief is the "
            "posterior.",
            Averaged(average=_total(q * GAP(_JOINT / (q * _evidence))), whole=from_posterior),
        ),
    )
    also = tuple(steps[k].statement for k in (1, 2, 3))
    return Derivation("Free energy of a finite model", _FINITE, steps[-1].statement, steps, also=also)


_mean, _std = Symbol("m", real=True), Symbol("s", positive=True)
_mean_0, _std_0 = Symbol("m_0", real=True), Symbol("s_0", positive=True)
_noise, _slope, _offset = Symbol("s_x", positive=True), Symbol("b", real=True), Symbol("c", real=True)
_LINE = (z, -oo, oo)
_q, _p, _l = (Function(name, positive=True)(z) for name in ("q", "prior", "likelihood"))
_PARAMETERS = (x, _mean, _std, _mean_0, _std_0, _slope, _offset, _noise)
_OF_BELIEF = quantity("F", *_PARAMETERS)
_mean_x, _std_x = Symbol("m_*", real=True), Symbol("s_*", positive=True)  # of the posterior
_POSTERIOR_STD = 1 / (1 / _std_0**2 + _slope**2 / _noise**2) ** Rational(1, 2)
_POSTERIOR_MEAN = _POSTERIOR_STD**2 * (_mean_0 / _std_0**2 + _slope * (x - _offset) / _noise**2)
_LINEAR = Setting(
    laws=((_q, Gaussian(_mean, _std)), (_p, Gaussian(_mean_0, _std_0))),
    definitions=(
        (_l, Normal(x, _slope * z + _offset, _noise)),
        (_std_x, _POSTERIOR_STD),
        (_mean_x, _POSTERIOR_MEAN),
    ),
    quantities=((_OF_BELIEF, Integral(_q * log(_q / (_p * _l)), _LINE)),),
    words=(
        say("the datum {} is {} plus noise of standard deviation {}", x, _slope * z + _offset, _noise),
        say("{} and {} are mean and standard deviation of the posterior", _mean_x, _std_x),
    ),
)

_FUNCTION = {
    "parameters": _PARAMETERS,
    "meaning": "the free energy F of a Gaussian belief about z, in nats.",
    "notes": (
        "x: what is seen. m, s: mean and standard deviation (> 0) of the belief q(z).",
        "m_0, s_0: those of the prior. b, c, s_x: x = b z + c + noise of standard deviation s_x > 0.",
    ),
}


def linear_gaussian() -> Derivation:
    """Prior N(m_0, s_0), x = b z + c + noise of width s_x, belief N(m, s)."""
    variance = _slope**2 * _std_0**2 + _noise**2
    log_evidence = -((x - _slope * _mean_0 - _offset) ** 2) / (2 * variance) - log(2 * pi * variance) / 2
    complexity = closed_form(Gaussian(_mean, _std), Gaussian(_mean_0, _std_0))
    misfit = (x - _slope * _mean - _offset) ** 2 + _slope**2 * _std**2
    accuracy = -misfit / (2 * _noise**2) - log(2 * pi * _noise**2) / 2
    divergence = closed_form(Gaussian(_mean, _std), Gaussian(_mean_x, _std_x))
    whole = equation(_OF_BELIEF, divergence - log_evidence)
    evidence = Normal(x, _slope * _mean_0 + _offset, variance ** Rational(1, 2))
    steps = (
        *_forms(),
        Step(
            equation(_OF_BELIEF, complexity - accuracy),
            "Both are expectations of parabolas under a Gaussian belief.",
            Moments(density=_q),
            name="in_moments",
        ),
        Step(
            equation(Integral(_p * _l, _LINE), evidence),
            "The evidence: prior and noise add up to one Gaussian in the datum.",
            GaussianIntegrals(),
            back=0,
        ),
        Step(
            whole,
            "Divergence from the posterior minus the log of that: the squares in the mean are completed.",
            Equal(),
            back=2,
        ),
        *_bound(whole, log_evidence),
    )
    also = (steps[3].statement, steps[5].statement)
    title = "Free energy of a linear Gaussian model"
    return Derivation(title, _LINEAR, steps[-1].statement, steps, formula=complexity - accuracy, also=also, **_FUNCTION)


def _bound(whole: Eq, log_evidence: Expr) -> tuple[Step, Step]:
    """F >= -log evidence, from the tangent of the logarithm and a square."""
    return (
        tangent(),
        Step(
            Ge(whole.lhs, -log_evidence, evaluate=False),
            "The divergence is half such a gap, at the ratio of the variances, and a square: this is at least the "
            "surprisal, and equal to it when the belief is the posterior.",
            AtLeast(
                whole=whole,
                ratio=_std**2 / _std_x**2,
                square=(_mean - _mean_x) ** 2 / (2 * _std_x**2),
            ),
        ),
    )


def _forms() -> tuple[Step, ...]:
    """The definition, energy - entropy, and complexity - accuracy: nothing but the logarithm of a product."""
    return (
        Step(
            equation(_OF_BELIEF, Integral(_q * log(_q / (_p * _l)), _LINE)),
            "The mean, under the belief, of its log less that of the joint density of state and datum.",
            Definition(),
        ),
        Step(
            equation(_OF_BELIEF, -expectation(_q, log(_p * _l), z) + expectation(_q, log(_q), z)),
            "Energy minus entropy: the logarithm of the quotient.",
            Equal(),
            name="energy",
        ),
        Step(
            equation(_OF_BELIEF, Integral(_q * log(_q / _p), _LINE) - expectation(_q, log(_l), z)),
            "Complexity minus accuracy.",
            Equal(),
            name="complexity",
        ),
    )
