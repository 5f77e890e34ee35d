"""What is said of all values of a symbol is defined for all of them, and what is differentiated has no edge there.

Every chain here is made of laws that hold, and but for the reason named it would prove something false: a slope at an
edge, an integral across a pole, a derivative taken under an integral where it may not be, a width of unknown sign.
Each was accepted once.
"""

from dataclasses import replace

import pytest
from sympy import (
    Abs,
    Derivative,
    Function,
    Ge,
    Gt,
    Heaviside,
    Integral,
    Le,
    Limit,
    Lt,
    Max,
    Rational,
    S,
    Sum,
    Symbol,
    atan,
    diff,
    exp,
    oo,
    sign,
    tan,
)

from kl_engine.symbolic import DERIVATIONS, Derivation, Step
from kl_engine.symbolic.proof.checks.algebra import EqualToTheSame, Identity, Insert, Substitute
from kl_engine.symbolic.proof.checks.calculus import Differentiate, FarLimit, Ratio, Series
from kl_engine.symbolic.proof.checks.expectations import Definition, Mass, Moments
from kl_engine.symbolic.proof.checks.integrals import Antiderivatives, GaussianIntegrals
from kl_engine.symbolic.proof.checks.totals import Multiply, Taken, UnderTheSign
from kl_engine.symbolic.proof.laws import Gaussian
from kl_engine.symbolic.proof.notation import Normal, equation, p_of_x, quantity, x
from kl_engine.symbolic.proof.quantities import Roles, taylor
from kl_engine.symbolic.proof.sampling import random_point
from kl_engine.symbolic.proof.setting import Setting
from kl_engine.symbolic.subjects.gaussian import TWO_GAUSSIANS, P
from tests.symbolic.proof.test_soundness import FORWARD, MEANS_AGREE, SLOPE, chain, forward_closed

s, y, d = Symbol("s", real=True), Symbol("y", positive=True), Symbol("d", positive=True)


def sampled_above(least: float, **kind: bool) -> Symbol:
    """A symbol that the random points put there, so that the numbers alone do not tell."""
    names = (Symbol(f"c_{k}", **kind) for k in range(500))
    return next(c for c in names if all(random_point([c], index)[c] > least for index in (0, 1)))


BEYOND_ONE, ABOVE_ZERO = sampled_above(1.02, positive=True), sampled_above(0.3, real=True)


def last_of(*steps: Step, setting: Setting):
    """The outcome of the last step; the steps before it hold."""
    checks = Derivation("An attack", setting, steps[-1].statement, steps).verify().checks
    assert all(outcome.ok for outcome in checks[:-1]), [o.how for o in checks]
    return checks[-1]


def of_quantity(meaning, symbol, left, right, check):
    """A quantity by its definition, and what a law is said to make of it. `left` is made of its name."""
    name = quantity("A", symbol)
    steps = (
        Step(equation(name, meaning), "", Definition()),
        Step(equation(left(name), right), "", check),
    )
    return last_of(*steps, setting=Setting(quantities=((name, meaning),)))


def slope_of(name):
    return Derivative(name, s)


@pytest.mark.parametrize(
    ("meaning", "right"),
    (
        (Abs(s), sign(s)),
        (Max(s, 0), Heaviside(s)),
        (s * Abs(s) ** 3, 4 * Abs(s) ** 3),
        ((s**2) ** Rational(1, 4), diff((s**2) ** Rational(1, 4), s)),
    ),
)
def test_an_edge_has_no_slope(meaning, right):
    assert not of_quantity(meaning, s, slope_of, right, Differentiate(by=s)).ok


def test_a_quotient_of_edges_has_no_limit_by_its_slopes():
    """The mean of both sides of |s|/s at 0 is 0, and so is the slope that SymPy gives |s| there."""
    check = Ratio(by=s, at=S.Zero, numerator=Abs(s), denominator=s)
    name, setting = quantity("A", s), Setting(definitions=((Symbol("one", positive=True), S.One),))
    step = Step(equation(Limit(name, s, 0, "+-"), S.Zero), "", check)
    defined = Step(equation(name, Abs(s) / s), "", Definition())
    outcome = Derivation("", replace(setting, quantities=((name, Abs(s) / s),)), step.statement, (defined, step))
    assert not outcome.verify().ok


def test_a_series_of_an_edge_is_refused():
    assert not of_quantity(s**2 * Abs(s), s, lambda name: taylor(name, s, 2), S.Zero, Series(by=s, order=2)).ok


def test_no_integral_across_a_pole():
    c = BEYOND_ONE
    total = Integral(1 / (c - y) ** 2, (y, 0, 1))
    false = 1 / (c - 1) - 1 / c  # and negative for c between 0 and 1
    by_parts = Antiderivatives(functions=((total, 1 / (c - y)),))
    name = quantity("A", c)
    for steps in (
        (Step(equation(name, total), "", Definition()), Step(equation(name, false), "", by_parts)),
        (Step(equation(total, false), "", Taken()),),
    ):
        checks = Derivation("", Setting(quantities=((name, total),)), steps[-1].statement, steps).verify().checks
        assert not any(outcome.ok for outcome in checks[-1:]), checks


def test_an_antiderivative_has_no_jump():
    """atan(tan(c y)) has the slope c, and at 1 is c only while c is below pi/2."""
    c = Symbol("c", positive=True)
    total = Integral(c, (y, 0, 1))
    check = Antiderivatives(functions=((total, atan(tan(c * y))),))
    assert "edge" in of_quantity(total, c, lambda name: name, atan(tan(c)), check).how


@pytest.mark.parametrize(
    ("body", "end"),
    ((s**3 / y**2 * exp(-(s**2) / y), 1), (exp(-(s**2) * y) / (1 + y) ** 2, oo), (exp(-((s * y) ** 2)) * y, oo)),
)
def test_a_derivative_goes_under_an_integral_only_by_a_theorem(body, end):
    """The first is s exp(-s^2), of slope 1 at 0, where that of the integrand is 0."""
    total, under = (Integral(part, (y, 0, end)) for part in (body, diff(body, s)))
    by_law = of_quantity(total, s, slope_of, under, Differentiate(by=s))
    assert "under its sign" in by_law.how or not by_law.ok
    assert not last_of(Step(equation(Derivative(total, s), under), "", Identity()), setting=Setting()).ok


def test_it_does_for_an_exponential_family_and_a_sum_of_gaussians():
    body = exp(-d * y) * y**2
    total, under = Integral(body, (y, 0, oo)), Integral(diff(body, d), (y, 0, oo))
    assert of_quantity(total, d, lambda name: Derivative(name, d), under, Differentiate(by=d)).ok


def test_an_unknown_density_moves_under_an_integral_by_assumption_alone():
    derivation = DERIVATIONS["estimators_in_loss"]
    bare = replace(derivation, setting=replace(derivation.setting, smooth=()))
    refused = [k for k, outcome in enumerate(bare.verify().checks) if not outcome.ok]
    assert refused == [k for k, step in enumerate(bare.steps) if isinstance(step.check, (UnderTheSign, Differentiate))]


@pytest.mark.parametrize(
    ("whole", "value"),
    (
        (Integral(2 * p_of_x, (x, -oo, oo)), S(2)),
        (Integral(p_of_x, (x, 0, oo)), S.One),
        (Integral(p_of_x, (x, -oo, oo)), S(2)),
        (Integral(p_of_x**2, (x, -oo, oo)), S.One),
    ),
)
def test_the_mass_of_a_density_is_one(whole, value):
    assert not last_of(Step(equation(whole, value), "", Mass()), setting=TWO_GAUSSIANS).ok


def test_a_density_that_is_written_out_has_its_own_mass():
    doubled = Setting(definitions=((p_of_x, 2 * P.density()),), divergences=(Roles(p_of_x, p_of_x, ()),))
    assert not last_of(Step(equation(Integral(p_of_x, (x, -oo, oo)), S.One), "", Mass()), setting=doubled).ok


@pytest.mark.parametrize("law", (Normal(x, S.Zero, ABOVE_ZERO), Normal(x, -x / 2, d)))
def test_a_gaussian_has_a_positive_width_and_a_mean_that_stays(law):
    total = Integral(law, (x, -oo, oo))
    name = quantity("A", law.args[2])
    steps = (
        Step(equation(name, total), "", Definition()),
        Step(equation(name, S.One), "", Moments(density=law)),
    )
    outcome = Derivation("", Setting(quantities=((name, total),)), steps[-1].statement, steps).check(1)
    assert "nothing is known of the density" in outcome.how


def test_a_width_of_unknown_sign_is_no_law_of_the_setting():
    setting = Setting(laws=((p_of_x, Gaussian(S.Zero, ABOVE_ZERO)),))
    assert setting.law_of(p_of_x) is None
    assert TWO_GAUSSIANS.law_of(p_of_x) == P


def test_a_limit_does_not_go_into_an_integral():
    far = Integral(Normal(x, d, S.One), (x, -oo, oo))
    left = Limit(quantity("A", d), d, oo)
    assert not of_quantity(far, d, lambda name: left, S.Zero, FarLimit(of=d)).ok


def test_a_removable_pole_is_no_value():
    step = Step(equation((s**2 - 1) / (s - 1), s + 1), "", Identity())
    assert "defined everywhere" in last_of(step, setting=Setting()).how
    steps = (forward_closed(), SLOPE, MEANS_AGREE)
    mu_q, mu_p = MEANS_AGREE.expression.args
    one = Step(equation(S.One, mu_q / (mu_q - mu_p) - mu_p / (mu_q - mu_p)), "", Identity())
    assert not chain(*steps, one).verify().ok


def test_a_factor_has_a_value():
    steps = (forward_closed(), SLOPE)
    for times in (1 / s, 1 / SLOPE.expression.rhs, 1 / (s - s + 0 * s + s)):
        by = Step(equation(times * SLOPE.expression.lhs, times * SLOPE.expression.rhs), "", Multiply(times=times))
        assert not chain(*steps, by).verify().ok


def test_a_law_that_may_start_does_not_turn_an_inequality_into_an_equation():
    derivation = DERIVATIONS["pitchfork_signs"]
    k = next(k for k, step in enumerate(derivation.steps) if isinstance(step.check, GaussianIntegrals))
    below, closed = derivation.steps[k - 1], derivation.steps[k].expression.rhs
    step = Step(equation(below.expression.lhs, closed), "", GaussianIntegrals(), back=1)
    assert "another kind" in last_of(*derivation.steps[:k], step, setting=derivation.setting).how


@pytest.mark.parametrize(("kind", "value"), (("even", S(3)), ("odd", S(2)), ("prime", S(4))))
def test_a_value_has_every_property_of_its_symbol(kind, value):
    m = Symbol("m", **{kind: True})
    name = quantity("A", m)
    steps = (
        Step(equation(name, m**2 + m), "", Definition()),
        Step(equation(name.subs(m, value), value**2 + value), "", Substitute(values=((m, value),))),
    )
    assert "range" in last_of(*steps, setting=Setting(quantities=((name, m**2 + m),))).how


@pytest.mark.parametrize(
    ("name", "meaning"),
    ((Symbol("c", positive=True), s), (Symbol("c", positive=True), -d), (p_of_x, -P.density()), (p_of_x, x)),
)
def test_an_abbreviation_has_the_sign_of_its_name(name, meaning):
    with pytest.raises(ValueError, match="sign"):
        Setting(definitions=((name, meaning),))


def test_two_functions_of_one_name_are_told_apart():
    twin = Function("p", real=True)(x)
    setting = Setting(laws=((p_of_x, P),), definitions=((twin, 2 * P.density()),))
    step = Step(equation(Integral(twin * x, (x, -oo, oo)), 2 * P.mean), "", GaussianIntegrals())
    assert "bear the name p" in Derivation("", setting, step.statement, (step,)).verify().claim.how


# Things equal to the same thing.


def test_what_is_equal_to_the_same_is_so_under_the_hypotheses_of_both():
    width = Step(equation(Derivative(FORWARD, SLOPE.check.by), S.Zero), "", Insert(proved=MEANS_AGREE.expression))
    mu_q, mu_p = MEANS_AGREE.expression.args
    other = Step(equation((mu_p + 1) ** 2 - mu_p**2 - mu_p - 1, mu_p), "", Identity())
    for under, holds in (((), False), (MEANS_AGREE.under, True)):
        same = Step(
            equation(mu_q, other.expression.lhs), "", EqualToTheSame(other=other.expression), under=under, back=2
        )
        assert chain(forward_closed(), SLOPE, MEANS_AGREE, other, same).verify().ok is holds
    assert not chain(forward_closed(), SLOPE, MEANS_AGREE, replace(width, back=2, under=())).verify().ok


@pytest.mark.parametrize("right", (SLOPE.expression.rhs, 2 * SLOPE.expression.lhs, -SLOPE.expression.lhs))
def test_what_is_equal_to_the_same_stands_there_word_for_word(right):
    derivation = DERIVATIONS["estimators_gaussian_mean"]
    k = len(derivation.steps) - 1
    last = derivation.steps[k]
    wrong = replace(last, expression=equation(last.expression.lhs, right))
    assert not replace(derivation, steps=(*derivation.steps[:k], wrong)).check(k).ok


def test_the_sum_of_a_series_is_differentiated_inside_its_range():
    derivation = DERIVATIONS["geometric"]
    k = next(k for k, step in enumerate(derivation.steps) if isinstance(step.check, UnderTheSign))
    assert derivation.check(k).ok and derivation.steps[k].expression.lhs.has(Sum)
    anywhere = replace(derivation.setting, domains=(), definitions=(), divergences=())
    assert not replace(derivation, setting=anywhere).check(k).ok


# What is infinite, and what grows.

GROWS = DERIVATIONS["tails_infinite"]
LAST = len(GROWS.steps) - 1


def test_what_is_infinite_is_no_number_to_go_on_with():
    """From L = oo, (L + 1)/(L^2 + L) = 1/L would be 0, and so L = -1."""
    name = quantity("A", d)
    far = Limit(name, d, oo)
    setting = Setting(quantities=((name, d),))
    steps = (
        Step(equation(name, d), "", Definition()),
        Step(equation(far, oo), "", FarLimit(of=d)),
        Step(equation(2 * far, oo), "", Multiply(times=S(2))),
    )
    assert "no number to go on with" in last_of(*steps, setting=setting).how
    quotient = Step(equation((far + 1) / (far**2 + far), 1 / far), "", Identity())
    zero = Step(equation(quotient.expression.lhs, S.Zero), "", Insert(proved=steps[1].expression))
    assert not Derivation("", setting, zero.statement, (*steps[:2], quotient, zero)).check(3).ok


@pytest.mark.parametrize("right", (S.Zero, S.One, -oo))
def test_what_grows_without_bound_has_no_other_limit(right):
    assert not of_quantity(d**2 + s, d, lambda name: Limit(name, d, oo), right, FarLimit(of=d)).ok
    assert of_quantity(d**2 + s, d, lambda name: Limit(name, d, oo), oo, FarLimit(of=d)).ok


@pytest.mark.parametrize("right", (oo, S.One))
def test_what_falls_like_a_power_tends_to_nothing_else(right):
    assert not of_quantity(d**-s, d, lambda name: Limit(name, d, oo), right, FarLimit(of=d)).ok
    assert not of_quantity(1 / d, d, lambda name: Limit(name, d, oo), right, FarLimit(of=d)).ok


def outgrown(**changes):
    """The last step of the proof that D is infinite, with its law changed."""
    step = replace(GROWS.steps[LAST], check=replace(GROWS.steps[LAST].check, **changes))
    return replace(GROWS, steps=(*GROWS.steps[:LAST], step)).check(LAST)


def test_only_a_constant_times_a_mass_is_outgrown():
    check = GROWS.steps[LAST].check
    q = GROWS.setting.divergences[0].approximation
    assert outgrown().ok
    assert not outgrown(times=-check.times).ok
    assert not outgrown(times=check.times * check.of).ok
    assert not outgrown(times=check.times / check.of).ok
    assert not outgrown(density=q).ok
    assert not outgrown(grows=GROWS.steps[LAST - 2].expression).ok


def test_the_tails_decide_at_two_degrees_of_freedom():
    """Without the bound on them the cube does not outgrow the density, and nothing of it is proved."""
    wider = replace(GROWS, setting=replace(GROWS.setting, domains=GROWS.setting.domains[1:]))
    refused = [k for k, outcome in enumerate(wider.verify().checks) if not outcome.ok]
    assert [type(wider.steps[k].check).__name__ for k in refused] == ["NeverFalls"]


def test_a_range_that_ends_before_it_begins_is_no_average():
    backward = replace(GROWS, setting=replace(GROWS.setting, domains=GROWS.setting.domains[:1]))
    refused = [k for k, outcome in enumerate(backward.verify().checks) if not outcome.ok]
    assert {type(backward.steps[k].check).__name__ for k in refused} >= {"Averaged", "OutgrowsMass"}


@pytest.mark.parametrize("kind", (Gt, Lt, Ge, Le))
def test_a_strict_sign_is_that_of_what_is_integrated(kind):
    derivation = DERIVATIONS["pitchfork_signs"]
    last = derivation.steps[-1]
    signed = replace(last, expression=kind(*last.expression.args, evaluate=False))
    assert replace(derivation, steps=(*derivation.steps[:-1], signed)).check(len(derivation.steps) - 1).ok is (
        kind is Lt
    )
    ((u, _, _),) = last.check.form.limits
    backward = replace(last, check=replace(last.check, form=Integral(last.check.form.function, (u, oo, -oo))))
    assert not replace(derivation, steps=(*derivation.steps[:-1], backward)).check(len(derivation.steps) - 1).ok
