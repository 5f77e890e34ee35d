"""A formula that is close to a direction is told from it, and said to be close."""

import pytest

from kl_engine.symbolic.recognise.findings import Kind, Verdict
from kl_engine.symbolic.recognise.formula_check import check_formula

D = "log(s2/s1) + (s1**2 + (m1-m2)**2)/(2*s2**2) - 1/2"


@pytest.mark.parametrize(
    ("text", "direction"),
    (("0.5*(mu**2 + sigma**2 - np.log(1e-8 + sigma**2) - 1)", "reverse"), (f"{D} * (1 + 1e-9*s1)", "forward")),
)
def test_what_is_only_close_is_said_to_be_close(text, direction):
    check = check_formula(text)
    assert check.verdict is Verdict.NEITHER
    assert not check.is_right
    assert check.explanation.kind is Kind.NEAR
    assert check.explanation.match.direction == direction
    assert check.proof.startswith("Counterexample in numbers; ")
    assert check.comparison.value != getattr(check.comparison, direction)


def test_what_is_far_is_not_called_close():
    assert check_formula(f"{D} + m1/100").explanation is None


def test_a_small_constant_is_written_short():
    assert "plus a constant, -1e-07 (" in check_formula(D.replace("1/2", "0.5000001")).headline
