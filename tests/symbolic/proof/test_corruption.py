"""A wrong step is refused: every step of every derivation is spoiled in several ways, and verify() must notice."""

from dataclasses import replace
from operator import itemgetter

import pytest
from sympy import (
    Derivative,
    Eq,
    Float,
    ImmutableMatrix,
    IndexedBase,
    Integral,
    Limit,
    Poly,
    Sum,
    Symbol,
    nan,
    sin,
    true,
)
from sympy.core.relational import Relational
from sympy.matrices.expressions.matexpr import MatrixElement

from kl_engine.symbolic import DERIVATIONS
from kl_engine.symbolic.proof.check import Case, Statement
from kl_engine.symbolic.proof.checks.algebra import ExchangeRoles
from kl_engine.symbolic.proof.laws import Gaussian
from kl_engine.symbolic.proof.notation import equation, mu_p, mu_q, n, p_of_x, q_of_x, sigma_p, sigma_q
from kl_engine.symbolic.proof.quantities import Roles
from kl_engine.symbolic.proof.setting import Setting
from kl_engine.symbolic.subjects.gaussians.multivariate import COV_P, COV_Q, MEAN_P
from tests.sweeps import part
from tests.symbolic.proof.corruptions import corrupted, other_hypotheses, other_settings, with_changed, with_step

_any = Symbol("any", real=True)


# What is no slip: -z has the mean and the covariance that z has, and twice what is not negative is not negative.
THE_SAME = {
    ("multivariate_gaussian", 0): ("right side: sign of L_p*z flipped",),
    ("multivariate_diagonal", 0): ("right side: sign of L_p*z flipped",),
    ("multivariate_isotropic", 0): ("right side: sign of L_p*z flipped",),
    ("forward_covariance", 0): ("right side: sign of L_p*z flipped",),
    ("pitchfork_signs", 4): ("left side: doubled",),
    ("tails_infinite", 6): ("left side: doubled",),
}


# What is done to a formula, whichever of its parts it is done to.
DONE = ("dropped", "flipped", "negated", "doubled", "squared", "exchanged", "added", "sum from", "sum to", "left out")


def done(slip: tuple[int, str, Relational]) -> str:
    """The kind of a slip: what is done, and on which side; of another sign between the sides, which."""
    side, _, label = slip[1].rpartition(": ")
    return f"{side} {next((what for what in DONE if what in label), label)}"


@pytest.mark.parametrize("name", tuple(DERIVATIONS))
def test_a_spoiled_step_is_refused(name):
    """Of its slips the suite takes about one per step, each kind of slip and each step among them."""
    derivation = DERIVATIONS[name]
    slips = [
        (index, label, wrong)
        for index, step in enumerate(derivation.steps)
        for label, wrong in corrupted(step.expression)
        if label not in THE_SAME.get((name, index), ())
    ]
    steps = {index for index, _, _ in slips}
    assert steps == set(range(len(derivation.steps)))
    for index, label, wrong in part(slips, len(steps), itemgetter(0), done):
        outcome = with_step(derivation, index, wrong).check(index)
        assert not outcome.ok, f"step {index} accepted with {label}: {wrong}"


@pytest.mark.parametrize("name", ("gaussian_forward", "multivariate_gaussian", "poisson", "third_order"))
def test_the_whole_derivation_is_refused_then(name):
    derivation = DERIVATIONS[name]
    for index, step in enumerate(derivation.steps):
        label, wrong = next(corrupted(step.expression))
        assert not with_step(derivation, index, wrong).verify().ok, label


@pytest.mark.parametrize("name", tuple(DERIVATIONS))
def test_the_claim_is_what_the_last_step_says(name):
    derivation = DERIVATIONS[name]
    for _, wrong in corrupted(derivation.claim.relation):
        assert not replace(derivation, claim=replace(derivation.claim, relation=wrong))._check_claim().ok


@pytest.mark.parametrize("name", tuple(DERIVATIONS))
def test_a_step_with_other_hypotheses_is_refused(name):
    derivation = DERIVATIONS[name]
    for index in range(len(derivation.steps)):
        for label, wrong in other_hypotheses(derivation, index):
            assert not wrong.check(index).ok, f"step {index} accepted {label}"


# Where the theorem holds in the other setting too: Bonnet for a Gaussian of any width, Price for one of any mean, the
# bound on a cross entropy for any factor of the density; and shares of D are named by their integrals, not by D.
ALSO_TRUE = {
    "bonnet": ("another width of q(x, mu_q, sigma_q)", "another mean of q(x, mu_q, sigma_q)"),
    "tails_infinite": ("p and q exchanged",),
    "tails_finite": ("another c",),
    "price": ("another mean of q(x, mu_q, sigma_q)",),
}


@pytest.mark.parametrize("name", tuple(DERIVATIONS))
def test_a_derivation_in_another_setting_is_refused(name):
    derivation = DERIVATIONS[name]
    for label, wrong in part(other_settings(derivation.setting), 4, lambda other: other[0].partition(" of ")[0]):
        if label in ALSO_TRUE.get(name, ()):
            continue
        outcomes = (replace(derivation, setting=wrong).check(index) for index in range(len(derivation.steps)))
        assert not all(outcome.ok for outcome in outcomes), label


# Where the law of another step proves the line too: the page then names that law, and it is the right one.
ALSO_PROVED_BY = {
    ("algebra", "identity"),
    ("algebra", "definition"),  # a definition is one however it is arranged
    ("algebra", "moments"),
    ("algebra", "linearity of the mean"),  # the rewriting alone: there is no constant to take out
    ("algebra", "D of two Gaussians"),
    ("substitution of equals", "algebra"),
    ("substitution of equals", "Gaussian integral"),
    ("differentiation under the sign", "integrate, summation"),
    ("substitution", "D of two Gaussian vectors"),
    ("multiplication", "integrate, summation"),
}


@pytest.mark.parametrize("name", tuple(DERIVATIONS))
def test_laws_are_not_exchanged(name):
    derivation = DERIVATIONS[name]
    for index, step in enumerate(derivation.steps):
        for other in {
            type(s.check): s.check for s in derivation.steps if type(s.check) is not type(step.check)
        }.values():
            exchanged = with_changed(derivation, index, check=other)
            if exchanged.check(index).ok:
                assert (step.law, other.law) in ALSO_PROVED_BY, (index, step.law, other.law)


def test_a_closed_form_that_no_step_proves_is_refused():
    derivation = DERIVATIONS["poisson"]
    assert not replace(derivation, forward=2 * derivation.forward).verify().ok
    assert not replace(derivation, reverse=derivation.forward).verify().ok


@pytest.mark.parametrize("name", ("gaussian_forward", "laplace", "gamma"))
def test_a_step_that_only_repeats_the_one_before_is_refused(name):
    derivation = DERIVATIONS[name]
    last = len(derivation.steps) - 1
    again = derivation.steps[last - derivation.steps[last].back].expression
    assert not with_step(derivation, last, again).check(last).ok


def test_a_wrong_quantity_on_the_left_is_refused():
    derivation = DERIVATIONS["forward_stationarity"]
    right = derivation.steps[3].expression
    assert right.lhs.has(mu_q)
    wrong = Eq(Derivative(right.lhs.expr, sigma_q), right.rhs, evaluate=False)
    assert not with_step(derivation, 3, wrong).check(3).ok


def test_a_step_without_the_one_it_follows_from_is_refused():
    derivation = DERIVATIONS["gaussian_forward"]
    orphan = replace(derivation.steps[1], back=0)
    assert not replace(derivation, steps=(derivation.steps[0], orphan, *derivation.steps[2:])).verify().ok


def test_a_closed_form_is_that_of_its_own_direction():
    derivation = DERIVATIONS["poisson"]
    exchanged = replace(derivation, forward=derivation.reverse, reverse=derivation.forward)
    assert not exchanged.verify().ok
    assert not replace(derivation, parameters=derivation.parameters[::-1]).verify().ok


@pytest.mark.parametrize(
    ("name", "step", "proof"),
    (
        ("alpha_divergence", 2, 3),
        ("bregman", 3, 7),
        ("third_order", 3, 4),
        ("covering_minimum", 7, 8),
        ("locking_cost", 3, 8),
        ("free_energy_gaussian", 5, 7),
        ("free_energy_polynomial", 9, 14),
    ),
)
def test_what_a_step_rests_on_must_stand_above_it(name, step, proof):
    derivation = DERIVATIONS[name]
    cited = derivation.steps[step].expression
    assert cited in derivation.steps[proof].check.cites
    for _, wrong in corrupted(cited):
        outcome = with_step(derivation, step, wrong).check(proof)
        assert not outcome.ok and "no earlier step" in outcome.how


MALFORMED = (
    ("mean_field_reverse", 2, Eq(_any, 1 / MatrixElement(COV_P.I, n - 1, n - 3), evaluate=False)),
    ("mean_field_forward", 1, Eq(MatrixElement(COV_P, n - 3, n - 1), _any, evaluate=False)),
    ("mean_field_cost", 0, Eq(ImmutableMatrix([1, 2]), _any, evaluate=False)),
    ("multivariate_gaussian", 0, Eq(COV_P, COV_Q * MEAN_P, evaluate=False)),
    ("mixture_moments", 1, Eq(IndexedBase("w")[_any], _any, evaluate=False)),
    ("mixture_moments", 0, Eq(Sum(_any, (_any, 1, _any)), _any, evaluate=False)),
    ("free_energy_finite", 0, Eq(IndexedBase("q")[n + 1], IndexedBase("c")[0], evaluate=False)),
    ("covering_minimum", 4, Eq(2 * _any, 0, evaluate=False)),
    ("fisher_metric", 1, Eq(_any, ImmutableMatrix([1, 2, 3]), evaluate=False)),
    ("gamma", 1, Eq(_any, ImmutableMatrix([[1, 2], [3, 4]]), evaluate=False)),
    ("locking_cost", 8, Eq(Limit(_any, _any, 0), nan, evaluate=False)),
    ("laplace", 0, Eq(_any, Integral(_any, _any) ** 2, evaluate=False)),
    ("free_energy_polynomial", 8, Eq(_any, sin(_any), evaluate=False)),
    ("free_energy_polynomial", 13, Eq(_any, ImmutableMatrix([1]), evaluate=False)),
    ("gibbs", 2, true),
    ("poisson", 3, _any),
)


@pytest.mark.parametrize(("name", "index", "malformed"), MALFORMED)
def test_a_malformed_step_is_refused_with_a_reason_and_not_raised(name, index, malformed):
    verification = with_step(DERIVATIONS[name], index, malformed).verify()
    assert not verification.ok
    assert not verification.checks[index].ok
    assert verification.checks[index].how


@pytest.mark.parametrize("name", ("mean_field_reverse", "mixture_moments", "covering_minimum", "gamma"))
def test_a_malformed_claim_is_refused_and_not_raised(name):
    for claim in (true, _any, Eq(_any, ImmutableMatrix([1, 2]), evaluate=False)):
        assert not replace(DERIVATIONS[name], claim=Statement(claim)).verify().ok


def test_what_is_exchanged_must_be_of_one_kind():
    alike = Roles(p_of_x, q_of_x, (mu_p, sigma_p, mu_q, sigma_q))
    p, q = Gaussian(mu_p, sigma_p), Gaussian(mu_q, sigma_q)
    before = Statement(equation(alike.forward, sigma_p))
    after = Statement(equation(alike.reverse, sigma_q))
    for laws in ((), ((p_of_x, p),), ((p_of_x, p), (q_of_x, Gaussian(mu_q, 1)))):
        setting = Setting(laws=laws, divergences=(alike,))
        assert "not of one kind" in ExchangeRoles().run(Case(before, after, (), setting)).how
    setting = Setting(laws=((p_of_x, p), (q_of_x, q)), divergences=(alike,))
    assert ExchangeRoles().run(Case(before, after, (), setting)).ok


def test_d_is_between_the_target_and_the_approximation():
    roles = Roles(p_of_x, q_of_x, (mu_q, sigma_q))
    setting = Setting(divergences=(roles,))
    assert setting.under(roles.forward) == (p_of_x, q_of_x) and setting.under(roles.reverse) == (q_of_x, p_of_x)
    assert roles.forward != roles.reverse
    others = Roles(p_of_x, q_of_x, (mu_p, mu_q, sigma_q))
    assert setting.under(others.forward) is None and setting.under(roles.forward.subs(mu_q, mu_p)) is None


@pytest.mark.parametrize(
    ("name", "root"),
    (("another root", 0), ("a root of another polynomial", None), ("a rounded one", Float("1.4933107791"))),
)
def test_a_wrong_root_is_refused(name, root):
    derivation = DERIVATIONS["free_energy_polynomial"]
    step = derivation.steps[9].expression
    polynomial = Poly(derivation.steps[8].expression.lhs)
    other = Poly(derivation.steps[10].expression.lhs)
    wrong = {0: polynomial.real_roots()[0], None: other.real_roots()[1]}.get(root, root)
    assert not with_step(derivation, 9, equation(step.lhs, wrong)).check(9).ok
