"""Numbers as text: no digit that the error makes meaningless, no lost sign, the unit that is said."""

from __future__ import annotations

import math

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kl_engine import Certainty, Estimate
from pages.ui.say.display_math import in_math
from pages.ui.say.numbers import NATS_IN, amount, fine, margin, plain, share
from tests.pages.reading import numbers
from tests.written import honest

VALUES = [0.123456789, 0.987654321, 5.4321987, 12.3456789, 123.456789, 98765.4321]


def decimals(text: str) -> int:
    """The decimals of a number written without an exponent."""
    assert "e" not in text and "×" not in text
    return len(text.partition(".")[2])


@pytest.mark.parametrize("error", [0.04, 1e-2, 1e-3, 2e-4, 7e-6])
@pytest.mark.parametrize("value", [sign * value for value in VALUES for sign in (1, -1)])
def test_no_more_digits_than_the_error_allows(value, error):
    text = plain(value, error=error)
    (shown,) = numbers(text)
    assert 10 ** -decimals(text) >= error
    assert abs(shown - value) <= 0.5 * 10 ** -decimals(text) * (1 + 1e-9)
    assert 10 ** -decimals(text) <= 100 * error  # and not many fewer


@pytest.mark.parametrize("error", [3.0, 40.0])
def test_an_error_of_many_units_leaves_no_decimal(error):
    text = plain(1234.5678, error=error)
    (shown,) = numbers(text)
    assert abs(shown - 1234.5678) <= 10 * error
    assert len(text.split("e")[0].replace(".", "")) <= 4


@pytest.mark.parametrize("value", VALUES)
def test_without_an_error_the_decimals_asked_for(value):
    for count in (2, 3, 4):
        assert plain(value, decimals=count) == f"{value:.{count}f}"
    assert plain(value, error=1e-15, decimals=4) == f"{value:.4f}"


def test_infinity_is_said_and_keeps_its_sign():
    assert plain(math.inf) == plain(math.inf, error=1e-3) == "∞"
    assert plain(-math.inf) == "−∞"
    assert amount(Estimate(math.inf, 0.0, Certainty.EXACT, ""), "bits") == "∞ bits"


def test_a_negative_number_has_a_minus_and_zero_has_none():
    assert plain(-0.25).startswith("−") and numbers(plain(-0.25)) == [-0.25]
    assert plain(-0.0) == plain(0.0)
    for text in (plain(-0.0), plain(-1e-9, error=1e-3), plain(-1e-5, decimals=2), plain(-4e-4, error=1e-2)):
        assert numbers(text)[0] != 0 or not text.startswith(("−", "-"))


def test_an_amount_is_in_the_unit_that_it_says():
    estimate = Estimate(0.481062123, 2e-15, Certainty.EXACT, "")
    assert amount(estimate, "nats").split() == ["0.481062", "nats"]
    assert amount(estimate, "bits").split() == [f"{0.481062123 / math.log(2):.6f}", "bits"]
    assert numbers(amount(Estimate(3 * math.log(2), 1e-15, Certainty.EXACT, ""), "bits")) == [3.0]


def test_an_amount_has_the_digits_of_its_error():
    number = amount(Estimate(0.481062123, 1e-3, Certainty.EXACT, ""), "nats").split()[0]
    assert decimals(number) <= 3


def test_a_share_is_a_percentage():
    assert numbers(share(Estimate(0.30125, 1e-12, Certainty.EXACT, ""))) == pytest.approx([30.12], abs=0.011)
    assert share(Estimate(0.25, 1e-12, Certainty.EXACT, "")).endswith("%")


SIZES = st.floats(-300, 300).map(lambda power: 10.0**power) | st.floats(-12, 6).map(lambda power: 10.0**power)
NUMBERS = st.builds(lambda size, sign: sign * size, SIZES, st.sampled_from([-1.0, 1.0])) | st.floats(-1e3, 1e3)
ERRORS = st.just(0.0) | SIZES | st.integers(-12, 3).map(lambda power: 5.0 * 10.0**power)


@settings(max_examples=600, deadline=None)
@given(NUMBERS, ERRORS, st.sampled_from([2, 4, 6]))
@example(1.0, 50.0, 6)
@example(9.4e-4, 9.3e-5, 6)
@example(60.0, 40.0, 6)
def test_what_is_written_reads_back_to_within_what_is_known(number, error, decimals):
    assert honest(plain(number, error, decimals), number, error)
    assert honest(fine(number, error, decimals), number, error)
    assert error == 0 or honest(margin(error, Certainty.EXACT), error, error, above=True)


@settings(max_examples=200, deadline=None)
@given(NUMBERS, ERRORS, st.sampled_from(list(NATS_IN)))
@example(29.0, 10**0.75, "nats")
@example(49.0, 5.1, "nats")
def test_so_do_amounts_in_either_unit_and_shares(number, error, units):
    scale = NATS_IN[units]
    assert honest(amount(Estimate(number, error, Certainty.EXACT, ""), units), number / scale, error / scale)
    if abs(number) < 1e3:
        assert honest(share(Estimate(number, error, Certainty.EXACT, "")), 100 * number, 100 * error)


def test_a_number_smaller_than_its_error_is_not_shown_as_if_it_were_known():
    assert plain(3.0, 40.0) == "0" and plain(60.0, 40.0) == "1e+02" and plain(-60.0, 40.0) == "−1e+02"


@pytest.mark.parametrize(
    ("label", "set_in_math"),
    [
        ("μ_p", "$μ_{p}$"),
        ("θ_2_p", "$θ_{2,p}$"),
        ("a1_q", "$a_{1,q}$"),
        ("σ2 of q", "$σ_{2}$ of $q$"),
        ("sₓ", "$s_{x}$"),
        ("m₀", "$m_{0}$"),
        ("R", "$R$"),
        ("shift of the mean", "shift of the mean"),
        ("Mean of $q$", "Mean of $q$"),
    ],
)
def test_symbols_in_labels_are_set_as_symbols_and_words_are_left(label, set_in_math):
    assert in_math(label) == set_in_math
