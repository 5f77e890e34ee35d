"""Numbers as text: no digit that the error makes meaningless, no lost sign, the unit that is said."""

from __future__ import annotations

import math

import pytest

from kl_engine import Estimate
from pages.ui.numbers import amount, plain, share
from tests.app.reading import numbers

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
    assert amount(Estimate(math.inf, 0.0, ""), "bits") == "∞ bits"


def test_a_negative_number_has_a_minus_and_zero_has_none():
    assert plain(-0.25).startswith("−") and numbers(plain(-0.25)) == [-0.25]
    assert plain(-0.0) == plain(0.0)
    for text in (plain(-0.0), plain(-1e-9, error=1e-3), plain(-1e-5, decimals=2), plain(-4e-4, error=1e-2)):
        assert numbers(text)[0] != 0 or not text.startswith(("−", "-"))


def test_an_amount_is_in_the_unit_that_it_says():
    estimate = Estimate(0.481062123, 2e-15, "")
    assert amount(estimate, "nats").split() == ["0.481062", "nats"]
    assert amount(estimate, "bits").split() == [f"{0.481062123 / math.log(2):.6f}", "bits"]
    assert numbers(amount(Estimate(3 * math.log(2), 1e-15, ""), "bits")) == [3.0]


def test_an_amount_has_the_digits_of_its_error():
    number = amount(Estimate(0.481062123, 1e-3, ""), "nats").split()[0]
    assert decimals(number) <= 3


def test_a_share_is_a_percentage():
    assert numbers(share(Estimate(0.30125, 1e-12, ""))) == pytest.approx([30.12], abs=0.011)
    assert share(Estimate(0.25, 1e-12, "")).endswith("%")
