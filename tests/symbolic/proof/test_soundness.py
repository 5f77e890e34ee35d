"""What is false cannot be derived: chains made of the product's own laws, each of them sound, none of them enough.

A condition that holds at a point is no identity; what symbols stand for does not change between lines; a name belongs
to its law; a value put in for a symbol is one that the symbol may have.
"""

from dataclasses import fields, replace

import pytest
from sympy import Derivative, Eq, Function, Ge, Integral, Matrix, Rational, S, Sum, Symbol, cosh, log, oo, sqrt

from kl_engine.symbolic import DERIVATIONS, Derivation, Statement, Step, Verdict
from kl_engine.symbolic.proof.checks.algebra import Difference, Equal, Identity, Insert, Solve, Substitute
from kl_engine.symbolic.proof.checks.calculus import Differentiate, Hessian, Series
from kl_engine.symbolic.proof.checks.expectations import Definition, GaussianDivergence, Moments
from kl_engine.symbolic.proof.checks.integrals import Bonnet, ByParts, ChangeOfVariable, Price
from kl_engine.symbolic.proof.checks.order import (
    Bound,
    Symmetric,
    is_even,
)
from kl_engine.symbolic.proof.checks.totals import Taken, Telescope
from kl_engine.symbolic.proof.laws import Gaussian
from kl_engine.symbolic.proof.notation import (
    Normal,
    equation,
    expectation,
    gaussian_density,
    mu_p,
    mu_q,
    p_of_x,
    q_of_x,
    quantity,
    sigma_p,
    sigma_q,
    t,
    x,
)
from kl_engine.symbolic.proof.quantities import Roles, hessian, least, taylor
from kl_engine.symbolic.proof.setting import Setting, Trial, UnitInterval
from kl_engine.symbolic.proof.statement import vanishing
from kl_engine.symbolic.subjects.fits.reverse_fit import SCORE, SETTING, balance
from kl_engine.symbolic.subjects.gaussian import GAUSSIANS, TWO_GAUSSIANS, P, Q, forward_closed

FORWARD = GAUSSIANS.forward
IN_MEAN = Derivative(FORWARD, mu_q)
SLOPE = Step(equation(IN_MEAN, (mu_q - mu_p) / sigma_q**2), "The slope.", Differentiate(by=mu_q))
MEANS_AGREE = Step(
    equation(mu_q, mu_p), "It vanishes there.", Solve(factor=1 / sigma_q**2), under=(vanishing(SLOPE.expression),)
)
HALF = Rational(1, 2)


def chain(*steps: Step, setting: Setting = TWO_GAUSSIANS, **more) -> Derivation:
    """A derivation whose claim is its last step."""
    return Derivation("An attack", setting, steps[-1].statement, steps, **more)


def assert_refused(derivation: Derivation, words: str = "") -> None:
    """The last step is not accepted, and every step before it is: the attack is at the last one."""
    verification = derivation.verify()
    assert not verification.ok
    assert all(outcome.ok for outcome in verification.checks[:-1]), [o.how for o in verification.checks]
    assert not verification.checks[-1].ok
    assert words in verification.checks[-1].how, verification.checks[-1].how


# The three attacks that once were accepted, each stated with and without its hypothesis.


@pytest.mark.parametrize("under", [(), MEANS_AGREE.under])
def test_one_is_not_zero(under):
    last = Step(equation(Derivative(mu_q, mu_q), S.Zero), "Differentiated.", Differentiate(by=mu_q), under)
    assert_refused(chain(forward_closed(), SLOPE, MEANS_AGREE, last), "only")


def without_means(under) -> Step:
    form = log(sigma_q / sigma_p) + sigma_p**2 / (2 * sigma_q**2) - HALF
    return Step(equation(FORWARD, form), "Put in.", Insert(proved=MEANS_AGREE.expression), under, back=3)


def test_a_divergence_without_means_holds_only_where_the_means_agree():
    assert_refused(chain(forward_closed(), SLOPE, MEANS_AGREE, without_means(())), "it holds only where")
    conditional = chain(forward_closed(), SLOPE, MEANS_AGREE, without_means(MEANS_AGREE.under))
    assert conditional.verify().ok
    exported = replace(conditional, parameters=(mu_p, sigma_p, mu_q, sigma_q), forward=conditional.claim.rhs)
    assert not exported.verify().ok
    with pytest.raises(ValueError, match="no closed form"):
        exported.to_python()
    formula = replace(conditional, formula=conditional.claim.rhs, meaning="D(p||q), in nats.")
    assert not formula.verify().ok
    with pytest.raises(ValueError, match="no closed form"):
        formula.to_python()


def test_a_divergence_of_zero_for_all_gaussians():
    slope = Step(
        equation(Derivative(FORWARD, sigma_q), (sigma_q**2 - sigma_p**2) / sigma_q**3),
        "The slope in the width, the means being equal.",
        Differentiate(by=sigma_q),
        MEANS_AGREE.under,
    )
    agree = without_means(MEANS_AGREE.under)
    chained = chain(forward_closed(), SLOPE, MEANS_AGREE, agree, slope)
    # The condition on the mean is one on the width too, through D itself.
    assert_refused(chained, "only at some values of sigma_q")


def test_a_claim_is_printed_with_its_hypotheses():
    derivation = DERIVATIONS["covering_minimum"]
    for text in (derivation.to_latex(), derivation.to_markdown()):
        assert r"\frac{\partial D(q \,\|\, p)}{\partial \sigma_{q}} = 0" in text and "where" in text
    bare = replace(derivation, claim=Statement(derivation.claim.relation))
    assert not bare.verify().ok


# Laws about all values of a symbol refuse what holds only at some.


HELD = (vanishing(balance().expression),)


@pytest.mark.parametrize(
    ("relation", "check"),
    (
        (equation(Derivative(balance().expression.lhs, sigma_q), 2 / sigma_q**3), Differentiate(by=sigma_q)),
        (equation(Derivative(balance().expression.lhs, mu_q), S.Zero), Differentiate(by=mu_q)),
        (
            equation(hessian(balance().expression.lhs, (mu_q, sigma_q)), Matrix([[0, 0], [0, 0]])),
            Hessian(by=(mu_q, sigma_q)),
        ),
        (equation(taylor(balance().expression.lhs, mu_q, 1), -1 / sigma_q**2), Series(by=mu_q, order=1)),
        (equation(Derivative(balance().expression.lhs, mu_q), S.Zero), Bonnet(by=mu_q)),
        (equation(Derivative(balance().expression.lhs, sigma_q), S.Zero), Price(by=sigma_q)),
    ),
    ids=lambda part: type(part).__name__,
)
def test_calculus_refuses_what_holds_at_a_point(relation, check):
    derivation = DERIVATIONS["reverse_stationarity"]
    steps = (*derivation.steps, Step(relation, "Differentiated.", check, derivation.steps[-1].under))
    assert_refused(replace(derivation, steps=steps, claim=steps[-1].statement), "only at some values of")


def test_a_limit_refuses_what_holds_at_a_point():
    d = Symbol("d", positive=True)
    name = quantity("F", d)
    setting = Setting(quantities=((name, 1 / d),))
    at_one = Step(equation(d, S.One), "Solved.", Solve(factor=-1 / d), (Eq(name - 1, 0, evaluate=False),))
    minus = Step(equation(name - 1, 1 / d - 1), "Less one.", Identity())
    steps = (Step(equation(name, 1 / d), "Defined.", Definition()), minus, at_one)
    assert not chain(*steps, setting=setting).verify().ok  # a name is no formula: Identity cannot look into it


def test_a_condition_about_an_integrated_variable_is_not_put_into_the_integral():
    f = Function("f", real=True)(x)
    setting = Setting(trial=Trial("f(x) = x", ((f, x),)), quantities=())
    start = Step(equation(f - (f - x), x), "An identity.", Identity())
    at_zero = Step(
        equation(x, S.Zero), "It vanishes there.", Solve(factor=S.One), (Eq(start.expression.lhs, 0, evaluate=False),)
    )
    body = Integral(x**2 * gaussian_density(S.Zero, S.One), (x, -oo, oo))
    mean = Step(equation(body + 1, 1 + body * 1 + 0 * x), "Itself.", Identity())
    spoiled = Step(equation(body + 1, S.One), "Put in.", Insert(proved=at_zero.expression), at_zero.under, back=1)
    assert not chain(start, at_zero, mean, spoiled, setting=setting).verify().ok


def test_evenness_is_not_met_at_a_single_point():
    """p(-x) = p(x) is a hypothesis for all x: it does not become an identity at x = 0."""
    centred = Normal(x, S.Zero, sigma_q)
    even = Step(
        equation(expectation(centred, SCORE), S.Zero),
        "By symmetry.",
        Symmetric(density=centred, even=p_of_x),
        (is_even(p_of_x),),
    )
    trial = Trial("an even p", ((p_of_x, (gaussian_density(-S.One, S.One) + gaussian_density(S.One, S.One)) / 2),))
    setting = replace(SETTING, trial=trial)
    assert chain(even, setting=setting).verify().ok
    assert_refused(chain(replace(even, under=()), setting=setting), "it holds only where")
    put_in = Step(even.expression, "At x = 0.", Substitute(values=((x, S.Zero),)))
    assert not chain(even, put_in, setting=setting).verify().ok
    one_point = (Eq(p_of_x.xreplace({x: -x}), p_of_x, evaluate=False),)
    assert not chain(replace(even, under=one_point), setting=setting).verify().ok


# What symbols stand for.


def test_p_does_not_become_another_p_midway():
    narrower = replace(TWO_GAUSSIANS, laws=((p_of_x, Gaussian(mu_p, Rational(9, 10) * sigma_p)), (q_of_x, Q)))
    for name in ("gaussian_forward", "gaussian_reverse", "gaussian_gap", "equal_means"):
        assert not replace(DERIVATIONS[name], setting=narrower).verify().ok
    assert "where" not in {field.name for field in fields(Definition)}


@pytest.mark.parametrize(
    "twice",
    (
        {"laws": ((p_of_x, P), (p_of_x, Q))},
        {"laws": ((p_of_x, P),), "definitions": ((p_of_x, gaussian_density(mu_q, sigma_q)),)},
        {"divergences": (GAUSSIANS, Roles(q_of_x, p_of_x, GAUSSIANS.parameters))},
        {"divergences": (GAUSSIANS,), "quantities": ((FORWARD, S.Zero),)},
    ),
)
def test_nothing_is_defined_twice(twice):
    with pytest.raises(ValueError, match="twice|named by its roles"):
        Setting(**twice)


def test_a_divergence_is_defined_by_its_roles_alone():
    with pytest.raises(ValueError, match="roles"):
        Setting(quantities=((FORWARD, S.Zero),))


def test_a_definition_does_not_go_round_in_a_circle():
    u, v = Symbol("u", positive=True), Symbol("v", positive=True)
    with pytest.raises(ValueError, match="circle"):
        Setting(definitions=((u, v + 1), (v, u + 1))).full(u)


def test_two_symbols_of_one_name_are_told_apart():
    other = Symbol("mu_q", positive=True)
    steps = (forward_closed(), Step(equation(other, other + sqrt(other**2) - other), "Itself.", Identity()))
    assert "bear the name mu_q" in chain(*steps)._check_claim().how


def test_the_law_is_that_of_the_check():
    step = DERIVATIONS["gaussian_forward"].steps[0]
    assert step.law == Definition.law == "definition"
    with pytest.raises(TypeError):
        replace(step, law="Cauchy-Schwarz")


# Values put in, and their ranges.


@pytest.mark.parametrize("value", (-sigma_p, S.Zero, mu_p, -S.One))
def test_a_width_is_positive(value):
    step = Step(
        equation(FORWARD.subs(sigma_q, value), forward_closed().expression.rhs.subs(sigma_q, value)),
        "Put in.",
        Substitute(values=((sigma_q, value),)),
    )
    assert not chain(forward_closed(), step).verify().ok


def test_an_order_between_0_and_1_stays_there():
    derivation = DERIVATIONS["alpha_divergence"]
    alpha = derivation.parameters[0]
    closed = derivation.steps[3].expression
    step = Step(
        equation(closed.lhs.subs(alpha, 2), closed.rhs.subs(alpha, 2)), "At 2.", Substitute(values=((alpha, S(2)),))
    )
    steps = (*derivation.steps[:4], step)
    assert_refused(replace(derivation, steps=steps, claim=step.statement, also=(), formula=None, meaning=""), "range")


def test_what_is_bound_is_not_replaced():
    derivation = DERIVATIONS["third_order"]
    a, b, epsilon = derivation.parameters
    cut = derivation.steps[1].expression
    step = Step(
        equation(cut.lhs.subs(epsilon, 1), cut.rhs.subs(epsilon, 1)), "At 1.", Substitute(values=((epsilon, S.One),))
    )
    steps = (*derivation.steps[:2], step)
    assert_refused(replace(derivation, steps=steps, claim=step.statement, also=()), "no one value")


def test_what_the_quantity_does_not_name_is_a_constant():
    """D(q||p) of any p is no function of the moments of p: they cannot be changed under it."""
    derivation = DERIVATIONS["forward_stationarity"]
    mean_p = derivation.parameters[0]
    form = derivation.steps[2].expression
    step = Step(equation(form.lhs, form.rhs.subs(mean_p, 0)), "At 0.", Substitute(values=((mean_p, S.Zero),)))
    steps = (*derivation.steps[:3], step)
    assert_refused(replace(derivation, steps=steps, claim=step.statement, also=()), "of one m_p alone")
    slope = Step(equation(S.Zero, form.rhs.diff(mean_p)), "Differentiated.", Differentiate(by=mean_p))
    assert not replace(derivation, steps=(*derivation.steps[:3], slope), claim=slope.statement, also=()).verify().ok


# Inequalities.


def gibbs_with(**changes) -> Derivation:
    derivation = DERIVATIONS["gibbs"]
    last = derivation.steps[2]
    step = replace(last, check=replace(last.check, **changes))
    return replace(derivation, steps=(*derivation.steps[:2], step), claim=step.statement, also=())


def test_an_average_has_weights_that_are_nowhere_negative():
    check = DERIVATIONS["gibbs"].steps[2].check
    assert gibbs_with().verify().ok
    assert not gibbs_with(average=-check.average).verify().ok
    assert not gibbs_with(average=Integral(x * check.average.function, (x, -oo, oo))).verify().ok
    assert not gibbs_with(masses=(*check.masses[:1], 2 * check.masses[0])).verify().ok


def test_an_inequality_is_not_turned_round():
    p, q = DERIVATIONS["gibbs"].setting.divergences[0].target, DERIVATIONS["gibbs"].setting.divergences[0].approximation
    assert p != q
    flipped = replace(DERIVATIONS["gibbs"].steps[2], expression=Ge(-DERIVATIONS["gibbs"].claim.lhs, 0, evaluate=False))
    assert not replace(DERIVATIONS["gibbs"], steps=(*DERIVATIONS["gibbs"].steps[:2], flipped)).verify().ok


def test_a_squeeze_needs_a_bound_from_each_side():
    derivation = DERIVATIONS["locking_cost"]
    last = derivation.steps[-1]
    check = last.check
    for wrong in (
        replace(check, lower=check.upper),
        replace(check, upper=check.lower),
        replace(check, vanishing=S.Zero),
    ):
        assert not replace(derivation, steps=(*derivation.steps[:-1], replace(last, check=wrong))).verify().ok


def test_a_bound_is_attained_at_a_place_of_the_same_quantity():
    derivation = DERIVATIONS["forward_least_value"]
    last = derivation.steps[-1]
    fewer = replace(last, expression=equation(least(last.expression.lhs.args[0], (mu_q,)), last.expression.rhs))
    assert not replace(derivation, steps=(*derivation.steps[:-1], fewer), claim=fewer.statement).verify().ok
    higher = replace(last, expression=equation(last.expression.lhs, last.expression.rhs + 1))
    assert not replace(derivation, steps=(*derivation.steps[:-1], higher), claim=higher.statement).verify().ok


def test_a_sign_must_be_known():
    step = Step(Ge(FORWARD, S.Zero, evaluate=False), "By a form.", Bound(form=mu_p - mu_q))
    assert not chain(forward_closed(), step).verify().ok
    turned = Bound(form=Integral(t, (t, 1, 0)))
    assert not chain(forward_closed(), replace(step, check=turned)).verify().ok


# Integrals.


def test_a_boundary_term_must_vanish():
    density = Normal(x, S.Zero, sigma_q)
    name = quantity("F", sigma_q)
    start = Step(equation(name, Integral(density, (x, -oo, oo))), "Defined.", Definition())
    setting = Setting(quantities=((name, Integral(density, (x, -oo, oo))),), moderate=())
    for boundary in (x, cosh(x) ** 3, Integral(density, (x, -oo, x)), density * (1 / density), density * p_of_x):
        step = Step(
            equation(name, start.expression.rhs - Integral(boundary.diff(x), (x, -oo, oo))),
            "By parts.",
            ByParts(boundary=boundary),
        )
        assert not chain(start, step, setting=setting).verify().ok


def test_only_an_assumption_makes_an_unknown_function_moderate():
    derivation = DERIVATIONS["bonnet"]
    assert not replace(derivation, setting=replace(derivation.setting, moderate=())).verify().ok


def test_a_change_of_variable_keeps_its_direction():
    derivation = DERIVATIONS["pitchfork_signs"]
    k = next(i for i, step in enumerate(derivation.steps) if isinstance(step.check, ChangeOfVariable))
    step = derivation.steps[k]
    for scale in (-step.check.scale, 2 * step.check.scale):
        wrong = replace(step, check=replace(step.check, scale=scale))
        assert not replace(derivation, steps=(*derivation.steps[:k], wrong, *derivation.steps[k + 1 :])).verify().ok


def test_the_moments_are_those_of_the_law_in_the_setting():
    assert {field.name for field in fields(Moments)} == {"density"}
    assert {field.name for field in fields(GaussianDivergence)} == set()
    unknown = replace(TWO_GAUSSIANS, laws=(), trial=Trial("both", ((p_of_x, P.density()), (q_of_x, Q.density()))))
    assert not replace(DERIVATIONS["gaussian_forward"], setting=unknown).verify().ok


def test_a_density_has_mass_1():
    doubled = Setting(definitions=((p_of_x, 2 * P.density()), (q_of_x, Q.density())), divergences=(GAUSSIANS,))
    step = Step(equation(FORWARD, Integral(p_of_x * log(p_of_x / q_of_x), (x, -oo, oo))), "Defined.", Definition())
    assert not chain(step, setting=doubled).verify().ok


# Sums.


def test_sums_have_whole_limits():
    derivation = DERIVATIONS["mixture_moments"]
    step = derivation.steps[1]
    total = step.expression.rhs
    ((index, low, high),) = total.limits
    for wrong in ((index, Rational(101, 100), high), (index, low, high + HALF), (index, Rational(19, 10), high)):
        changed = equation(step.expression.lhs, Sum(total.function, wrong))
        outcome = replace(derivation, steps=(derivation.steps[0], replace(step, expression=changed))).check(1)
        assert outcome.verdict is Verdict.REFUSED and "no whole number" in outcome.how


def test_a_telescope_needs_a_sequence_that_vanishes():
    theta, k = Symbol("theta", positive=True), Symbol("k", integer=True, nonnegative=True)
    setting = Setting(domains=(UnitInterval(theta),))
    total = Sum((1 - theta) ** k, (k, 0, oo))
    good = Step(equation(total, 1 / theta), "Geometric.", Telescope(primitive=(1 - theta) ** k / theta))
    assert chain(good, setting=setting).verify().ok
    shifted = Step(equation(total, 1 / theta + 1), "Geometric.", Telescope(primitive=(1 - theta) ** k / theta + 1))
    assert not chain(shifted, setting=setting).verify().ok
    assert not chain(good, setting=Setting()).verify().ok  # of any theta the series need not converge


def test_what_sympy_cannot_take_is_not_proved():
    y = Symbol("y", positive=True)
    total = Integral(Function("g", positive=True)(y), (y, 0, 1))
    assert not chain(Step(equation(total, S.One), "Taken.", Taken()), setting=Setting()).verify().ok


def test_under_the_sign_the_factor_is_constant():
    derivation = DERIVATIONS["exponential"]
    step = derivation.steps[2]
    wrong = replace(step, check=replace(step.check, times=-derivation.steps[0].expression.lhs.limits[0][0]))
    assert not replace(derivation, steps=(*derivation.steps[:2], wrong, *derivation.steps[3:])).verify().ok


# Least values and reasons.


def test_the_hypotheses_of_a_minimum_are_met_only_at_the_minimum():
    derivation = DERIVATIONS["free_energy_polynomial"]
    last = derivation.steps[-1]
    assert not last.under
    for step in derivation.steps[8:12]:
        assert len(step.under) == 2
    kept = replace(last, under=derivation.steps[8].under)
    assert not replace(derivation, steps=(*derivation.steps[:-1], kept), claim=kept.statement).verify().ok


def test_a_formula_in_a_reason_is_checked():
    from kl_engine.symbolic.proof.reason import say

    step = forward_closed()
    wrong = replace(step, reason=say("Because {}.", Eq(S.One, S(2), evaluate=False)))
    assert not chain(wrong).verify().ok
    right = replace(step, reason=say("Because {}.", Eq(log(sigma_p**2), 2 * log(sigma_p), evaluate=False)))
    assert chain(right).verify().ok


@pytest.mark.parametrize("name", tuple(DERIVATIONS))
def test_reasons_hold_no_formula_that_is_typed_in(name):
    for step in DERIVATIONS[name].steps:
        assert not any(sign in step.why.words for sign in "$0123456789=<>\\"), step.why.words
    for words in DERIVATIONS[name].setting.words:
        said = getattr(words, "words", words)
        assert not any(sign in said for sign in "$0123456789=<>\\"), said


def test_a_derivative_is_by_what_the_quantity_depends_on():
    other = Symbol("other", real=True)
    step = Step(equation(S.Zero, S.Zero + 0 * other), "Differentiated.", Differentiate(by=other))
    assert not chain(forward_closed(), step).verify().ok


def test_hypotheses_are_not_lost_by_a_second_proof_of_the_same_line():
    again = Step(forward_closed().expression, "Again.", Equal(), MEANS_AGREE.under, back=1)
    assert not chain(forward_closed(), again).verify().ok


def test_the_difference_of_two_steps_has_the_hypotheses_of_both():
    conditional = without_means(MEANS_AGREE.under)
    gap = Step(
        equation(FORWARD - IN_MEAN, conditional.expression.rhs - SLOPE.expression.rhs),
        "Subtracted.",
        Difference(minus=SLOPE.expression),
    )
    steps = (forward_closed(), SLOPE, MEANS_AGREE, conditional)
    assert_refused(chain(*steps, gap), "it holds only where")
    assert chain(*steps, replace(gap, under=MEANS_AGREE.under)).verify().ok
