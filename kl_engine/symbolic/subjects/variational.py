"""The free energy of a belief q(z) given data x, in its three forms, for a finite and for a Gaussian model.

    F = energy - entropy = complexity - accuracy = divergence - log evidence  >=  - log evidence

Source: Neal, Hinton (1998); Bishop (2006), 9.4; Bogacz (2017), A tutorial on the free-energy framework.
"""

from sympy import Eq, Expr, Function, Ge, IndexedBase, Integral, Rational, Sum, Symbol, log, oo, pi

from kl_engine.symbolic.proof.check import Check, Instance
from kl_engine.symbolic.proof.checks.algebra import Equal, Identity
from kl_engine.symbolic.proof.checks.expectations import GaussianIntegrals, Moments
from kl_engine.symbolic.proof.checks.order import GAP, AtLeast, Averaged
from kl_engine.symbolic.proof.derivation import Derivation, Step
from kl_engine.symbolic.proof.laws import Gaussian
from kl_engine.symbolic.proof.notation import equation, expectation, gaussian_density, x, z
from kl_engine.symbolic.proof.sizes import Sizes, i, n
from kl_engine.symbolic.subjects.gaussian import closed_form
from kl_engine.symbolic.subjects.gibbs import tangent

_belief, _prior, _likelihood = (IndexedBase(name) for name in ("q", "c", "l"))


def finite() -> Derivation:
    """Finitely many states: prior weights c_i, likelihoods l_i = p(x|i) of what was seen, belief q_i."""
    q, joint = _belief[i], _prior[i] * _likelihood[i]

    def total(body: Expr) -> Sum:
        return Sum(body, (i, 1, n))

    def sized(inner: Check) -> Sizes:
        return Sizes(inner=inner, sizes=(2, 3), simplex=("q", "c"))

    evidence = total(joint)
    free_energy = total(q * log(q / joint))
    by_evidence = total(q * log(q * evidence / joint)) - log(evidence)
    from_posterior = equation(free_energy, by_evidence)
    claim = Ge(free_energy, -log(evidence), evaluate=False)
    steps = (
        Step(
            equation(free_energy, -total(q * log(joint)) + total(q * log(q))),
            "Energy minus entropy: the logarithm of the quotient.",
            "definition",
            sized(Identity()),
            back=0,
        ),
        Step(
            equation(free_energy, total(q * log(q / _prior[i])) - total(q * log(_likelihood[i]))),
            "Complexity minus accuracy: the prior goes with the belief, the likelihood stands alone.",
            "logarithm of a product",
            sized(Equal()),
        ),
        Step(
            from_posterior,
            "Divergence from the posterior minus log evidence: the joint weight is the posterior times the evidence.",
            "Bayes' rule",
            sized(Equal()),
        ),
        tangent(),
        Step(
            claim,
            "The divergence is not negative, so F is at least the surprisal; equal when the belief is the posterior.",
            "average of an inequality",
            sized(Averaged(average=total(q * GAP(joint / (q * evidence))), whole=from_posterior)),
        ),
    )
    return Derivation("Free energy of a finite model", claim, steps)


_mean, _std = Symbol("m", real=True), Symbol("s", positive=True)
_mean_0, _std_0 = Symbol("m_0", real=True), Symbol("s_0", positive=True)
_noise, _slope, _offset = Symbol("s_x", positive=True), Symbol("b", real=True), Symbol("c", real=True)
_LINE = (z, -oo, oo)
_q, _p, _l = (Function(name, positive=True)(z) for name in ("q", "prior", "likelihood"))

_FUNCTION = {
    "parameters": (x, _mean, _std, _mean_0, _std_0, _slope, _offset, _noise),
    "meaning": "the free energy F of a Gaussian belief about z, in nats.",
    "notes": (
        "x: what is seen. m, s: mean and standard deviation (> 0) of the belief q(z).",
        "m_0, s_0: those of the prior. b, c, s_x: x = b z + c + noise of standard deviation s_x > 0.",
    ),
}


def linear_gaussian() -> Derivation:
    """Prior N(m_0, s_0), x = b z + c + noise of width s_x, belief N(m, s)."""
    densities = (
        (_q, gaussian_density(_mean, _std, z)),
        (_p, gaussian_density(_mean_0, _std_0, z)),
        (_l, gaussian_density(_slope * z + _offset, _noise, x)),
    )
    known = {"instance": Instance("a Gaussian model with random parameters", replace=densities)}
    free_energy = Integral(_q * log(_q / (_p * _l)), _LINE)
    evidence = gaussian_density(_slope * _mean_0 + _offset, _evidence_std())
    complexity = closed_form(Gaussian(_mean, _std), Gaussian(_mean_0, _std_0))
    misfit = (x - _slope * _mean - _offset) ** 2 + _slope**2 * _std**2
    accuracy = -misfit / (2 * _noise**2) - log(_noise) - log(2 * pi) / 2
    posterior_std = 1 / (1 / _std_0**2 + _slope**2 / _noise**2) ** Rational(1, 2)
    posterior_mean = posterior_std**2 * (_mean_0 / _std_0**2 + _slope * (x - _offset) / _noise**2)
    divergence = closed_form(Gaussian(_mean, _std), Gaussian(posterior_mean, posterior_std))
    whole = equation(free_energy, divergence - log(evidence))
    steps = (
        *_two_forms(free_energy, known),
        Step(
            equation(free_energy, complexity - accuracy),
            "Both are expectations of parabolas under a Gaussian belief.",
            "moments of a Gaussian",
            Moments(density=_q, law=Gaussian(_mean, _std), variable=z, where=densities),
        ),
        Step(
            equation(Integral(_p * _l, _LINE), evidence),
            "The evidence: prior and noise add up to one Gaussian in x.",
            "Gaussian integral",
            GaussianIntegrals(where=densities),
            back=0,
        ),
        Step(
            whole,
            "Divergence from the posterior minus log evidence: the squares in m are completed.",
            "completing the square",
            Equal(),
            back=2,
        ),
        *_bound(whole, evidence, Gaussian(posterior_mean, posterior_std)),
    )
    title = "Free energy of a linear Gaussian model"
    return Derivation(title, steps[-1].expression, steps, formula=complexity - accuracy, **_FUNCTION)


def _bound(whole: Eq, evidence: Expr, posterior: Gaussian) -> tuple[Step, Step]:
    """F >= -log evidence, from the tangent of the logarithm and a square."""
    return (
        tangent(),
        Step(
            Ge(whole.lhs, -log(evidence), evaluate=False),
            "The divergence is half such a gap, at the ratio of the variances, and a square: F is at least the "
            "surprisal, and equal to it when the belief is the posterior.",
            "bound",
            AtLeast(
                whole=whole,
                ratio=_std**2 / posterior.std**2,
                square=(_mean - posterior.mean) ** 2 / (2 * posterior.std**2),
            ),
        ),
    )


def _two_forms(free_energy: Expr, known: dict[str, Instance]) -> tuple[Step, Step]:
    """Energy - entropy, and complexity - accuracy: nothing but the logarithm of a product."""
    return (
        Step(
            equation(free_energy, -expectation(_q, log(_p * _l), z) + expectation(_q, log(_q), z)),
            "Energy minus entropy: the logarithm of the quotient.",
            "definition",
            Identity(**known),
            back=0,
        ),
        Step(
            equation(free_energy, Integral(_q * log(_q / _p), _LINE) - expectation(_q, log(_l), z)),
            "Complexity minus accuracy.",
            "logarithm of a product",
            Equal(**known),
        ),
    )


def _evidence_std() -> Expr:
    return (_slope**2 * _std_0**2 + _noise**2) ** Rational(1, 2)
