"""A wrong step is refused: every step of every derivation is spoiled in several ways, and verify() must notice."""

from dataclasses import replace

import pytest
from sympy import Derivative, Eq

from kl_engine.symbolic import DERIVATIONS
from kl_engine.symbolic.notation import mu_q, sigma_q
from tests.symbolic.corruptions import corrupted, with_step


@pytest.mark.parametrize("name", tuple(DERIVATIONS))
def test_a_spoiled_step_is_refused(name):
    derivation = DERIVATIONS[name]
    for index, step in enumerate(derivation.steps):
        spoiled = tuple(corrupted(step.expression))
        assert spoiled
        for label, wrong in spoiled:
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
    for _, wrong in corrupted(derivation.claim):
        verification = replace(derivation, claim=wrong)._check_claim()
        assert not verification.ok


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
