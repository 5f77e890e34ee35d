"""The arithmetic of numbers with errors: what comes out holds the truth wherever what went in did."""

from __future__ import annotations

import copy
import math
import operator
import pickle
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kl_engine import Certainty, Estimate
from kl_engine.estimates import estimate as module
from kl_engine.estimates.certainty import weakest
from tests.pages.reading import numbers

EXACT, PROVED, ESTIMATED, CONFIDENCE = Certainty.EXACT, Certainty.PROVED, Certainty.ESTIMATED, Certainty.CONFIDENCE
ALL = (CONFIDENCE(0.5), CONFIDENCE(0.95), CONFIDENCE(0.99), ESTIMATED, PROVED, EXACT)
OPERATIONS = (operator.add, operator.sub, operator.mul, operator.truediv)

SIZES = st.floats(-120, 120).map(lambda power: 10.0**power) | st.floats(-3, 3).map(lambda power: 10.0**power)
VALUES = st.just(0.0) | st.builds(operator.mul, SIZES, st.sampled_from([-1.0, 1.0]))
ERRORS = st.just(0.0) | SIZES | st.floats(-18, 0).map(lambda power: 10.0**power)
SIDES = st.sampled_from([Fraction(side, 4) for side in range(-4, 5)])  # where in its interval the truth lies


def number(value: float, error: float = 0.0, certainty: Certainty = EXACT) -> Estimate:
    return Estimate(value, error, certainty, "made")


def holds(found: Estimate, truth: Fraction) -> bool:
    return abs(Fraction(found.value) - truth) <= Fraction(found.error)


@settings(max_examples=1500, deadline=None)
@given(VALUES, ERRORS, SIDES, VALUES, ERRORS, SIDES, st.sampled_from(OPERATIONS))
def test_what_comes_out_holds_the_truth(value, error, side, other, wrong, slant, operation):
    first, second = number(value, error), number(other, wrong)
    truths = [Fraction(e.value) + where * Fraction(e.error) for e, where in ((first, side), (second, slant))]
    if operation is operator.truediv and abs(other) <= wrong:
        with pytest.raises(ValueError, match="may be 0"):
            operation(first, second)
        return
    try:
        found = operation(first, second)
    except ValueError:  # the last spacing of doubles about 0
        assert operation is operator.truediv and abs(other) <= wrong * (1 + 1e-15)
        return
    assert holds(found, operation(*truths))


@pytest.mark.parametrize("name", ["_sum", "_product", "_quotient"])
@pytest.mark.parametrize("spoiled", ["no error of the second", "no rounding"])
def test_a_wrong_propagation_is_seen(monkeypatch, name, spoiled):
    """The law above, on operations that forget something: it must fail."""
    own = getattr(module, name)

    def wrong(a, b):
        if spoiled == "no rounding":
            return own(a, b)[0], 0.0
        return own(a, number(b.value))

    monkeypatch.setattr(module, name, wrong)
    operation = {"_sum": operator.add, "_product": operator.mul, "_quotient": operator.truediv}[name]
    cases = [(number(1.1, e), number(3.3, f)) for e, f in ((0.0, 0.0), (0.25, 0.25))]
    bad = [
        not holds(operation(a, b), operation(Fraction(a.value) + Fraction(a.error), Fraction(b.value) + side))
        for a, b in cases
        for side in (-Fraction(b.error), Fraction(b.error))
    ]
    assert any(bad)


def test_a_plain_number_has_no_width_and_nothing_changes_where_nothing_is_rounded():
    e = number(0.3, 1e-9, ESTIMATED)
    assert e + 0 == 0 + e == sum([e]) == +e == e
    assert -e == Estimate(-0.3, 1e-9, ESTIMATED, "made")
    assert abs(-e) == e and 1 - e == -(e - 1)
    assert holds(e / 3, Fraction(0.3) / 3) and holds(3 / number(0.3), 3 / Fraction(0.3))
    assert np.float64(2) * e == 2 * e == e * np.float64(2)
    assert (number(1.0) + Fraction(1, 3)).error > 0  # a fraction that no double holds


@pytest.mark.parametrize("other", ["1", None, [1.0], np.array([1.0]), True, (number(1.0),)], ids=repr)
@pytest.mark.parametrize("operation", [*OPERATIONS, operator.lt, operator.ge])
def test_what_is_no_number_is_refused(other, operation):
    for pair in ((number(1.0), other), (other, number(1.0))):
        with pytest.raises(TypeError):
            operation(*pair)


def test_nan_is_no_number():
    for wrong in (lambda: number(math.nan), lambda: number(1.0, math.nan), lambda: number(1.0) + math.nan):
        with pytest.raises(ValueError, match="value|error"):
            wrong()


@pytest.mark.parametrize("fields", [(1.0, -1e-9), (math.inf, 1.0), (math.nan, 0.0)])
def test_fields_that_say_nothing_are_refused(fields):
    with pytest.raises(ValueError):
        number(*fields)


def test_kinds_are_ordered_and_the_weaker_one_stays():
    assert sorted(ALL[3:] + ALL[:3]) == list(ALL) and max(ALL) is EXACT
    for i, weak in enumerate(ALL[2:], 2):
        for strong in ALL[max(i, 3) :]:
            total = number(1.0, 0.1, weak) + number(2.0, 0.1, strong)
            assert total.certainty == weak and (total * total).certainty == weakest(weak, weak)


def test_two_intervals_both_hold_with_what_is_left_of_their_levels():
    first, second = (number(1.0, 0.1, CONFIDENCE(level)) for level in (0.95, 0.9))
    assert (first - second).certainty.level == pytest.approx(0.85, abs=1e-12)
    assert (second * second).certainty.level == pytest.approx(0.8, abs=1e-12)
    few = number(1.0, 0.1, CONFIDENCE(0.4))
    assert (few + few).certainty == CONFIDENCE(0)  # nothing is promised, rather than a probability below 0


def test_a_confidence_needs_a_level_and_nothing_else_has_one():
    for wrong in (("confidence", 1.0), ("confidence", -0.1), ("confidence", None), ("exact", 0.5), ("certain", None)):
        with pytest.raises(ValueError):
            Certainty(*wrong)


def test_no_order_is_claimed_where_intervals_overlap():
    low, high, wide = number(1.0, 0.1), number(2.0, 0.1), number(1.5, 0.6)
    assert low < high and high > low and low <= high and high >= low
    assert not high < low and not low > high and not high <= low and not low >= high
    assert low < 1.2 and low < 1.2 and not low > 1.2 and low > 0
    for pair in ((low, wide), (wide, high), (low, 1.05), (1.05, low)):
        for compare in (operator.lt, operator.gt, operator.le, operator.ge):
            with pytest.raises(ValueError, match=r"\.value"):
                compare(*pair)


def test_numbers_known_exactly_compare_as_numbers():
    assert not number(1.0) < 1.0 and number(1.0) <= 1.0 and number(1.0) >= 1
    assert number(math.inf) > 1e308 and number(math.inf) >= number(math.inf)


def test_an_infinite_number_keeps_its_reason():
    infinite, finite = Estimate.infinite("no mass at 3"), number(2.0, 0.1, ESTIMATED)
    assert infinite.reason == "no mass at 3" and finite.reason is None and infinite.certainty == EXACT
    for found in (infinite + finite, finite + infinite, 3 * infinite, infinite / finite, infinite - 7):
        assert found == infinite
    assert (finite - infinite).value == -math.inf == (-infinite).value and (-infinite).reason == infinite.reason
    assert finite / infinite == Estimate(0.0, 0.0, ESTIMATED, f"made; {infinite.method}")
    for wrong in (lambda: infinite - infinite, lambda: infinite * 0, lambda: infinite / infinite):
        with pytest.raises(ValueError, match="not a number"):
            wrong()
    assert str(infinite) == "inf (no mass at 3)" and "∞" in infinite._repr_html_() and f"{infinite:.2f}" == "inf"


def test_what_is_finite_and_beyond_a_double_is_no_infinity():
    for operation in (operator.add, operator.mul):
        with pytest.raises(OverflowError):
            operation(number(1.5e308), number(1.5e308))


def test_bits_are_nats_over_log_two():
    found = number(3 * math.log(2), 1e-12, PROVED).bits
    assert found.value == pytest.approx(3, abs=1e-15) and found.certainty == PROVED
    assert 1e-12 / math.log(2) <= found.error <= 1.01e-12 / math.log(2)


def test_it_reads_as_a_number():
    e = number(0.481062123, 3e-4, CONFIDENCE(0.95))
    assert float(e) == 0.481062123 and f"{e:.3f}" == "0.481" and math.exp(e) == math.exp(0.481062123)
    assert str(e) == f"{e}" == "0.481062123 95 %: ± 3e-04"
    assert str(number(0.25, 2e-15, ESTIMATED)).endswith("± 2e-15 (est.)") and str(number(0.25)) == "0.25 ± 0"
    assert numbers(number(1.0, 0.0021).margin) == [0.003]
    assert e._repr_html_() == '<span title="made">0.481 95 %: ± 3e-04</span>'
    made = Estimate(0.5, 0.01, EXACT, "½ < x & y")._repr_html_()
    assert "0.5" in made and "± 0.01" in made and "½ &lt; x &amp; y" in made


def test_fields_are_compared_and_kept():
    e = number(0.3, 1e-9, CONFIDENCE(0.9))
    assert e == number(0.3, 1e-9, CONFIDENCE(0.9)) != number(0.3, 1e-9, EXACT) and e != 0.3
    assert pickle.loads(pickle.dumps(e)) == e == copy.deepcopy(e) and hash(copy.copy(e)) == hash(e)
    with pytest.raises(AttributeError):
        e.value = 1.0
    assert type(Estimate(np.float64(1), np.float32(0.5), EXACT, "").error) is float
