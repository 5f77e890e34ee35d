"""Every derivation of the catalogue verifies, says what was checked, and can be taken away."""

import pytest
from sympy import Symbol

from kl_engine.symbolic import DERIVATIONS, Derivation
from kl_engine.symbolic.proof.check import TOLERANCE

NAMES = tuple(DERIVATIONS)


def test_there_are_enough():
    assert len(DERIVATIONS) >= 12
    assert sum(len(DERIVATIONS[name].steps) for name in NAMES) >= 60
    assert set(NAMES) == {name for names in DERIVATIONS.subjects.values() for name in names}


@pytest.mark.parametrize("name", NAMES)
def test_it_verifies(name):
    derivation = DERIVATIONS[name]
    verification = derivation.verify()
    assert verification.ok, [outcome for outcome in verification.checks if not outcome.ok]
    assert len(verification.checks) == len(derivation.steps)
    assert verification.residual < TOLERANCE


@pytest.mark.parametrize("name", NAMES)
def test_every_check_says_what_it_did(name):
    derivation = DERIVATIONS[name]
    for step, outcome in zip(derivation.steps, derivation.verify().checks, strict=True):
        assert len(outcome.how) > 60
        assert "50 digits" in outcome.how
        assert step.reason and step.law


@pytest.mark.parametrize("name", NAMES)
def test_its_place_is_filled_in(name):
    derivation = DERIVATIONS[name]
    assert derivation.name == name
    assert name in DERIVATIONS.subjects[derivation.subject]
    assert derivation.steps[-1].statement == derivation.claim
    forms = [form for form in (derivation.forward, derivation.reverse, derivation.formula) if form is not None]
    for form in forms:
        assert {s for s in form.free_symbols if isinstance(s, Symbol) and s.name != "n"} <= set(derivation.parameters)


def test_entries_are_built_on_first_access_and_kept():
    assert DERIVATIONS["poisson"] is DERIVATIONS["poisson"]
    with pytest.raises(KeyError):
        DERIVATIONS["no such derivation"]


def test_a_derivation_needs_steps():
    with pytest.raises(ValueError, match="steps must not be empty"):
        Derivation("Empty", DERIVATIONS["poisson"].setting, DERIVATIONS["poisson"].claim, ())


def test_a_law_has_a_name_that_fits_beside_its_reason():
    """On a phone the name stands at the end of the line: a longer one leaves a word a line of the reason."""
    laws = {step.law for name in NAMES for step in DERIVATIONS[name].steps}
    assert max(map(len, laws)) <= 36, max(laws, key=len)
