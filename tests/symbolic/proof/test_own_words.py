"""What SymPy says itself is asked again here, and what it says is the line."""

import pytest
from sympy import Integral, Rational

from kl_engine.symbolic import DERIVATIONS
from kl_engine.symbolic.proof.checks.algebra import Solve
from kl_engine.symbolic.proof.checks.calculus import Differentiate
from kl_engine.symbolic.proof.own_words import TAKEN, own_words
from tests.symbolic.proof.corruptions import with_step


def spoken(name):
    """What SymPy says to the steps of a derivation, where it is asked."""
    said = (own_words(DERIVATIONS[name], index) for index in range(len(DERIVATIONS[name].steps)))
    return [words for words in said if words is not None]


@pytest.mark.parametrize(
    ("name", "calls"),
    (
        ("forward_stationarity", ["diff", "solve", "diff", "solve", "hessian"]),
        ("reverse_gaussian_target", ["diff", "solve", "diff", "solve", "hessian"]),
        ("third_order", ["series", "series"]),
        ("alpha_divergence", ["limit", "limit"]),
        ("exponential", ["integrate", "integrate"]),
        ("poisson", ["summation", "summation"]),
        ("free_energy_polynomial", ["diff", "diff", "real_roots", "real_roots", "hessian"]),
    ),
)
def test_it_derives_what_the_steps_say(name, calls):
    said = spoken(name)
    assert [words.call.split("(")[0] for words in said] == calls
    assert all(words.agrees and words.text.endswith("\n0") for words in said)


def test_the_raw_integral_of_two_gaussians_ends_in_error_functions():
    words = own_words(DERIVATIONS["gaussian_forward"], 0)
    assert words.agrees and words.call.startswith("integrate(") and "erf" in words.text
    assert not words.answer.has(Integral)


def test_of_a_wrong_line_it_does_not_say_that_it_is_right():
    derivation = DERIVATIONS["forward_stationarity"]
    for index, step in enumerate(derivation.steps):
        if isinstance(step.check, (Differentiate, Solve)):
            relation = step.expression
            wrong = relation.func(relation.lhs, relation.rhs + Rational(1, 7), evaluate=False)
            assert not own_words(with_step(derivation, index, wrong), index).agrees


def test_it_is_asked_for_no_integral_that_takes_it_minutes():
    for name in ("beta", "dirichlet", "gibbs"):
        assert name not in TAKEN
        assert not any(words.call.startswith("integrate(") for words in spoken(name))
