"""What a line does not show is not changed under it: values captured by an integral or a derivative, moments behind a
name, abbreviations that do not say whose they are, and functions that jump where their slope does not tell.

Every chain is made of laws that hold, and every one of them once proved something false.
"""

from dataclasses import replace

import pytest
from sympy import (
    Abs,
    Derivative,
    Eq,
    Expr,
    Ge,
    Heaviside,
    Integral,
    Limit,
    Matrix,
    Piecewise,
    Rational,
    S,
    Symbol,
    exp,
    floor,
    log,
    oo,
    tan,
)

from kl_engine.symbolic import DERIVATIONS, Derivation, Step
from kl_engine.symbolic.proof.checks.algebra import (
    Difference,
    Equal,
    ExchangeRoles,
    Identity,
    Insert,
    Solve,
    Substitute,
)
from kl_engine.symbolic.proof.checks.calculus import Differentiate, FarLimit, SecondDerivatives, Series
from kl_engine.symbolic.proof.checks.expectations import Definition, GaussianDivergence
from kl_engine.symbolic.proof.checks.integrals import ChangeOfVariable
from kl_engine.symbolic.proof.checks.order import LeastValue, NeverFalls
from kl_engine.symbolic.proof.laws import Gaussian
from kl_engine.symbolic.proof.notation import (
    Normal,
    equation,
    exchange_roles,
    mean_p,
    mu_p,
    mu_q,
    p_of_x,
    q_of_x,
    quantity,
    sigma_p,
    sigma_q,
    std_p,
    t,
    x,
)
from kl_engine.symbolic.proof.quantities import Roles, hessian, taylor
from kl_engine.symbolic.proof.setting import Setting, UnitInterval
from kl_engine.symbolic.proof.statement import vanishing
from kl_engine.symbolic.subjects.gaussian import GAUSSIANS, TWO_GAUSSIANS, P, Q, forward_closed

FORWARD, REVERSE, CLOSED = GAUSSIANS.forward, GAUSSIANS.reverse, forward_closed().expression.rhs
SLOPE = Step(equation(Derivative(FORWARD, mu_q), (mu_q - mu_p) / sigma_q**2), "", Differentiate(by=mu_q))
BEND = Step(equation(Derivative(FORWARD, mu_q, mu_q), 1 / sigma_q**2), "", Differentiate(by=mu_q))
MEANS_AGREE = Step(equation(mu_q, mu_p), "", Solve(factor=1 / sigma_q**2), under=(vanishing(SLOPE.expression),))
WITHOUT_MEANS = Step(
    equation(FORWARD, CLOSED.subs(mu_q, mu_p)),
    "",
    Insert(proved=MEANS_AGREE.expression),
    under=MEANS_AGREE.under,
    back=3,
)
NORMAL = Normal(x, S.Zero, S.One)
REAL, NONZERO = Symbol("s", real=True), Symbol("s", real=True, nonzero=True)


def verdict(*steps: Step, setting: Setting = TWO_GAUSSIANS, **more):
    """What is found of a derivation whose claim is its last step; the steps before the last are accepted."""
    verification = Derivation("An attack", setting, steps[-1].statement, steps, **more).verify()
    assert all(outcome.ok for outcome in verification.checks[:-1]), [o.how for o in verification.checks]
    return verification


def assert_refused(words: str, *steps: Step, setting: Setting = TWO_GAUSSIANS) -> None:
    found = verdict(*steps, setting=setting).checks[-1]
    assert not found.ok and words in found.how, found.how


def test_a_partial_derivative_does_not_become_a_total_one():
    """The second derivative at mu_p = mu_q is no second derivative of D(mu_q, mu_q), which is 0: 1/sigma_q^2 = 0."""
    values = ((mu_p, mu_q), (mu_q, mu_q))
    captured = Derivative(FORWARD.subs(mu_p, mu_q), mu_q, mu_q)
    step = Step(equation(captured, 1 / sigma_q**2), "", Substitute(values=values))
    assert_refused("under a derivative", forward_closed(), SLOPE, BEND, step)
    at_the_point = Derivative(FORWARD, mu_q, mu_q).subs(mu_p, mu_q)
    right = Step(equation(at_the_point, 1 / sigma_q**2), "", Substitute(values=((mu_p, mu_q),)))
    assert verdict(forward_closed(), SLOPE, BEND, right).ok


def test_a_value_is_not_captured_by_an_integral():
    name, meaning = quantity("G", mu_q), Integral(NORMAL * (x - mu_q) ** 2, (x, -oo, oo))
    defined = Step(equation(name, meaning), "", Definition())
    for right in (S.Zero, meaning.subs(mu_q, x)):
        step = Step(equation(name.subs(mu_q, x), right), "", Substitute(values=((mu_q, x),)))
        assert_refused("no one value", defined, step, setting=Setting(quantities=((name, meaning),)))


def test_a_name_does_not_bring_a_variable_into_an_integral():
    name, other = quantity("K", sigma_q), quantity("G", sigma_q)
    mean = Integral(NORMAL * name, (x, -oo, oo))
    setting = Setting(quantities=((name, x + sigma_q), (other, mean)))
    steps = (
        Step(equation(name, x + sigma_q), "", Definition()),
        Step(equation(other, mean), "", Definition()),
        Step(equation(other, mean.xreplace({name: x + sigma_q})), "", Insert(proved=equation(name, x + sigma_q))),
    )
    outcome = Derivation("An attack", setting, steps[-1].statement, steps).check(2)
    assert not outcome.ok and "something else there" in outcome.how


def test_the_new_variable_is_new_in_its_scale_too():
    u, name = Symbol("u", positive=True), quantity("G", sigma_q)
    meaning = Integral(Normal(x, S.Zero, sigma_q) * x**2, (x, -oo, oo))
    moved = Integral(Normal(x, S.Zero, sigma_q).explicit.xreplace({x: u**2}) * u**5, (u, -oo, oo))
    steps = (
        Step(equation(name, meaning), "", Definition()),
        Step(equation(name, moved), "", ChangeOfVariable(new=u, scale=u)),
    )
    assert_refused("occurs already", *steps, setting=Setting(quantities=((name, meaning),)))


# Whose an abbreviation is.


def test_an_abbreviation_is_exchanged_with_what_it_stands_for():
    c = Symbol("c", positive=True)
    setting = replace(TWO_GAUSSIANS, definitions=((c, sigma_p),))
    short = CLOSED.subs(sigma_p, c)
    steps = (
        forward_closed(),
        Step(equation(FORWARD, short), "", Equal()),
        Step(equation(REVERSE, exchange_roles(short)), "", ExchangeRoles()),
    )
    assert_refused("differ", *steps, setting=setting)
    right = replace(steps[-1], expression=equation(REVERSE, exchange_roles(CLOSED)))
    assert verdict(*steps[:2], right, setting=setting).ok


def test_a_hypothesis_is_exchanged_too():
    chain = (forward_closed(), SLOPE, MEANS_AGREE, WITHOUT_MEANS)
    renamed = equation(REVERSE, exchange_roles(WITHOUT_MEANS.expression.rhs))
    for under in ((), WITHOUT_MEANS.under):
        assert_refused("it holds only where", *chain, Step(renamed, "", ExchangeRoles(), under))
    under = tuple(map(exchange_roles, WITHOUT_MEANS.under))
    assert verdict(*chain, Step(renamed, "", ExchangeRoles(), under)).ok


# What a name does not show.


def of_any_target(*steps: Step) -> tuple[Step, ...]:
    """After D(p||q) of any p in its moments, which its name does not show."""
    return (*DERIVATIONS["forward_stationarity"].steps[:3], *steps)


ANY_TARGET = DERIVATIONS["forward_stationarity"].setting
IN_MOMENTS = DERIVATIONS["forward_stationarity"].steps[2].expression


@pytest.mark.parametrize("is_slope", (False, True))
def test_the_moments_behind_a_divergence_stay_what_they_are(is_slope):
    """A term with the moment, added on both sides, does not make the name show it."""
    square = equation((mean_p + 1) ** 2 - 2 * mean_p - 1, mean_p**2)
    left, right = IN_MOMENTS.lhs - square.lhs, IN_MOMENTS.rhs - square.rhs
    if is_slope:
        last = Step(equation(Derivative(left, mean_p), right.diff(mean_p)), "", Differentiate(by=mean_p))
    else:
        put_in = equation(left.subs(mean_p, 0), right.subs(mean_p, 0))
        last = Step(put_in, "", Substitute(values=((mean_p, S.Zero),)))
    shown = (Step(square, "", Identity()), Step(equation(left, right), "", Difference(minus=square), back=2))
    assert_refused("of one m_p alone", *of_any_target(*shown, last), setting=ANY_TARGET)


@pytest.mark.parametrize("is_slope", (False, True))
def test_the_moments_behind_a_hypothesis_stay_what_they_are(is_slope):
    """Where the slope in the width vanishes sigma_q^2 = s_p^2 + (m_p - mu_q)^2: that is no identity in m_p."""
    slope = equation(Derivative(IN_MOMENTS.lhs, sigma_q), (sigma_q**2 - std_p**2 - (mean_p - mu_q) ** 2) / sigma_q**3)
    under = (vanishing(slope),)
    solved = equation(sigma_q**2 - mean_p**2, std_p**2 - 2 * mean_p * mu_q + mu_q**2)
    if is_slope:
        last = Step(equation(Derivative(solved.lhs, mean_p), -2 * mu_q), "", Differentiate(by=mean_p), under)
    else:
        last = Step(solved.subs(mean_p, 0), "", Substitute(values=((mean_p, S.Zero),)), under)
    chain = (
        Step(slope, "", Differentiate(by=sigma_q)),
        Step(solved, "", Solve(factor=1 / sigma_q**3), under),
        last,
    )
    assert_refused("m_p", *of_any_target(*chain), setting=ANY_TARGET)


def test_a_parameter_that_the_divergence_does_not_name_is_one_value():
    roles = Roles(p_of_x, q_of_x, (mu_q,))
    setting = Setting(laws=((p_of_x, P), (q_of_x, Q)), divergences=(roles,))
    square = equation((sigma_q + 1) ** 2 - 2 * sigma_q - 1, sigma_q**2)
    left, right = roles.forward - square.lhs, CLOSED - square.rhs
    at_one = Step(equation(left.subs(sigma_q, 1), right.subs(sigma_q, 1)), "", Substitute(values=((sigma_q, S.One),)))
    steps = (
        Step(equation(roles.forward, CLOSED), "", GaussianDivergence()),
        Step(square, "", Identity()),
        Step(equation(left, right), "", Difference(minus=square), back=2),
    )
    assert_refused("of one sigma_q alone", *steps, at_one, setting=setting)


def test_a_place_has_the_range_of_its_symbol():
    theta = Symbol("theta", positive=True)
    name = quantity("B", theta, mu_q)
    meaning = mu_q**2 - log(1 - theta)
    setting = Setting(quantities=((name, meaning),), domains=(UnitInterval(theta),))
    steps = (
        Step(equation(name, meaning), "", Definition()),
        Step(
            equation(hessian(name, (theta, mu_q), ((theta, S(2)),)), Matrix([[1, 0], [0, 2]])),
            "",
            SecondDerivatives(by=(theta, mu_q), at=((theta, S(2)),)),
        ),
    )
    assert_refused("range", *steps, setting=setting)


@pytest.mark.parametrize(
    ("relation", "check"),
    (
        (equation(Limit(FORWARD, sigma_q, oo), oo), FarLimit(of=sigma_q)),
        (equation(taylor(FORWARD, mu_q, 2), WITHOUT_MEANS.expression.rhs), Series(by=mu_q, order=2)),
    ),
)
def test_a_limit_and_a_series_of_what_holds_at_a_point(relation, check):
    last = Step(relation, "", check, WITHOUT_MEANS.under)
    assert_refused("only at some values of", forward_closed(), SLOPE, MEANS_AGREE, WITHOUT_MEANS, last)


# Functions that jump, or have a pole, within the range.

POLE = 1 / (3 * REAL**2) + Rational(2, 3) * REAL - 1  # 0 and flat at 1, convex on either side of 0, negative at -1


@pytest.mark.parametrize(
    ("gap", "check"),
    (
        (POLE.subs(REAL, NONZERO), LeastValue(by=NONZERO, at=S.One, curvature=2 / NONZERO**4)),
        (POLE, LeastValue(by=REAL, at=S.One, curvature=2 / REAL**4)),
        (POLE, LeastValue(by=REAL, at=S.One, curvature=2 * exp(-4 * log(Abs(REAL))))),
        (
            Piecewise((t - 1 - log(t), t < 10), (t - 101 - log(t), True)),
            LeastValue(by=t, at=S.One, curvature=1 / t**2),
        ),
        (Piecewise((t, t < 3), (t - 5, True)), NeverFalls(by=t, slope=S.One)),
        (t - 2 * floor(t / 5), NeverFalls(by=t, slope=S.One)),
        (t - 9 * Heaviside(t - 5), NeverFalls(by=t, slope=S.One)),
        (tan(t), NeverFalls(by=t, slope=1 + tan(t) ** 2)),
    ),
)
def test_what_jumps_has_no_least_value_by_its_slope(gap: Expr, check):
    assert not verdict(Step(Ge(gap, 0, evaluate=False), "", check), setting=Setting()).ok


def test_the_range_is_all_of_the_positive_numbers():
    whole = Symbol("t", positive=True, integer=True)
    step = Step(Ge(whole - log(1 + whole), 0, evaluate=False), "", NeverFalls(by=whole, slope=whole / (1 + whole)))
    assert not verdict(step, setting=Setting()).ok
    every = Step(Ge(t - log(1 + t), 0, evaluate=False), "", NeverFalls(by=t, slope=t / (1 + t)))
    assert verdict(every, setting=Setting()).ok


def test_a_closed_form_of_equal_means_is_no_general_one():
    equal = DERIVATIONS["equal_means"]
    assert not equal.forward.has(mu_p, mu_q)
    general = replace(equal, parameters=GAUSSIANS.parameters, reverse=None)
    assert not general.verify().ok
    with pytest.raises(ValueError, match="no closed form"):
        general.to_python()


def test_a_step_rests_on_no_later_one():
    late = (forward_closed(), replace(WITHOUT_MEANS, back=1), SLOPE, MEANS_AGREE)
    assert not Derivation("An attack", TWO_GAUSSIANS, late[-1].statement, late).verify().ok
    for back in (0, 1, 5):
        alone = Step(Eq(FORWARD, CLOSED + 1, evaluate=False), "", Equal(), back=back)
        assert not Derivation("An attack", TWO_GAUSSIANS, alone.statement, (alone,)).verify().ok


def test_a_gaussian_of_a_negative_width_has_no_mass():
    setting = Setting(laws=((p_of_x, Gaussian(mu_p, -sigma_p)), (q_of_x, Q)), divergences=(GAUSSIANS,))
    step = Step(equation(FORWARD, Integral(p_of_x * log(p_of_x / q_of_x), (x, -oo, oo))), "", Definition())
    assert not verdict(step, setting=setting).ok
