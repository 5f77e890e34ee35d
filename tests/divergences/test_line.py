"""Entropy, cross entropy and the divergences: against reference data, 30-digit quadrature, and their own laws."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest

from kl_engine import Estimate, Gaussian, GaussianMixture, cross_entropy, entropy, forward_kl, kl_divergence, reverse_kl
from tests import precise
from tests.cases import CASES, over, two_modes
from tests.reference import mixture_pairs, worked_cases

PAIRS = mixture_pairs()
ONE, TWO = Gaussian(0, 1), Gaussian(0, 2)


def miss(estimate: Estimate, truth: Fraction) -> Fraction:
    """How far the value is from the truth, exactly."""
    return abs(Fraction(estimate.value) - truth)


def both_ways(pair) -> tuple[tuple[Estimate, Fraction], ...]:
    """Each direction's estimate beside its truth."""
    return (forward_kl(pair.p, pair.q), pair.forward), (reverse_kl(pair.p, pair.q), pair.reverse)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)
def test_reference_pair_both_ways(pair):
    for estimate, truth in both_ways(pair):
        assert miss(estimate, truth) <= truth / 10**12 + Fraction(1, 10**14)
        assert miss(estimate, truth) <= Fraction(estimate.error)


def test_reported_errors_are_small_on_95_percent_of_the_reference_pairs():
    found = [both for pair in PAIRS for both in both_ways(pair)]
    small = [Fraction(estimate.error) <= truth / 10**9 + Fraction(1, 10**12) for estimate, truth in found]
    assert len(found) == 480
    assert sum(small) >= 0.95 * len(small)


@over(CASES)
def test_all_four_quantities_are_right_within_their_error(case):
    for a, b in ((case.p, case.q), (case.q, case.p)):
        own, crossed = precise.surprisals(a, b)
        found = (entropy(a), own), (cross_entropy(a, b), crossed), (kl_divergence(a, b), crossed - own)
        for estimate, truth in found:
            assert abs(truth - estimate.value) <= estimate.error
            assert estimate.error <= 1e-11 * (1 + abs(estimate.value))


@over(CASES)
def test_forward_and_reverse_are_the_two_directions_of_the_same_pair(case):
    assert forward_kl(case.p, case.q) == kl_divergence(case.p, case.q)
    assert reverse_kl(case.p, case.q) == kl_divergence(case.q, case.p)


def test_the_expectation_is_under_the_first_argument():
    assert kl_divergence(ONE, TWO).value == pytest.approx(0.3181471806, abs=1e-10)
    assert forward_kl(ONE, TWO).value == pytest.approx(0.3181471806, abs=1e-10)
    assert reverse_kl(ONE, TWO).value == pytest.approx(0.8068528194, abs=1e-10)
    assert cross_entropy(ONE, TWO).value == pytest.approx(math.log(2) + 0.5 * math.log(2 * math.pi) + 0.125, abs=1e-14)


def test_the_directions_of_a_mixture():
    p, q = GaussianMixture([0.5, 0.5], [0, 5], [1, 1]), Gaussian(2.5, math.sqrt(7.25))
    assert forward_kl(p, q).value == pytest.approx(0.314558157052, abs=1e-12)
    assert reverse_kl(p, q).value == pytest.approx(0.533282277256, abs=1e-12)


def test_narrow_densities_do_not_underflow():
    # SciPy's quad over rel_entr of densities returns inf here.
    assert reverse_kl(two_modes(6), Gaussian(0, 3)).value == pytest.approx(0.877, abs=5e-4)


@pytest.mark.parametrize("case", worked_cases("B0"), ids=lambda case: case["id"])
def test_worked_gaussian(case):
    given, expected = case["inputs"], case["expected"]
    first, second = (Gaussian(given[f"m{i}"], math.sqrt(given[f"v{i}"])) for i in (1, 2))
    assert kl_divergence(first, second).value == pytest.approx(expected["kl_12"], abs=case["tolerance"])
    assert kl_divergence(second, first).value == pytest.approx(expected["kl_21"], abs=case["tolerance"])


@over(CASES)
def test_divergence_from_itself_is_zero_within_the_error(case):
    for a in (case.p, case.q):
        own = kl_divergence(a, a)
        assert abs(own.value) <= own.error <= 1e-14


@over(CASES)
def test_cross_entropy_is_entropy_plus_divergence(case):
    parts = entropy(case.p), kl_divergence(case.p, case.q)
    whole = cross_entropy(case.p, case.q)
    slack = whole.error + sum(part.error for part in parts)
    assert abs(whole.value - sum(part.value for part in parts)) <= slack


def test_a_mixture_of_equal_components_is_that_gaussian():
    p = GaussianMixture([0.2, 0.3, 0.5], [1, 1, 1], [2, 2, 2])
    for q in (Gaussian(0, 1), Gaussian(1, 2), Gaussian(1, 2 + 1e-7)):
        one, three = kl_divergence(Gaussian(1, 2), q), kl_divergence(p, q)
        assert abs(one.value - three.value) <= one.error + three.error


@pytest.mark.parametrize("function", [kl_divergence, cross_entropy])
def test_beyond_the_largest_double_is_said_not_returned(function):
    with pytest.raises(OverflowError, match="beyond the largest double"):
        function(Gaussian(0, 1e200), Gaussian(0, 1e-200))
    with pytest.raises(OverflowError, match="beyond the largest double"):
        function(two_modes(1e170, stds=(1e160, 1e160)), two_modes(1))


NARROW = pytest.mark.parametrize("function", [entropy, lambda a: kl_divergence(a, two_modes(1))])


@NARROW
def test_a_component_narrower_than_the_doubles_around_it_is_refused(function):
    # Its panels would have no width, and its mass would go unseen.
    with pytest.raises(
        ValueError, match="stds: expected at least 2 spacings of doubles at a mean of 1000.1, got 1e-18"
    ):
        function(GaussianMixture([0.5, 0.5], [0.3, 1000.1], [1, 1e-18]))


@NARROW
def test_unless_all_can_be_measured_from_it(function):
    # 1000 − 0 is a double: seen from its own mean the narrow component is as wide as any other.
    narrow, wide = (function(GaussianMixture([0.5, 0.5], [1000, 0], [std, 1])) for std in (1e-18, 1e-6))
    slope = 0.5 if function is entropy else -0.5
    assert narrow.value - wide.value == pytest.approx(slope * math.log(1e-12), abs=1e-9)


@pytest.mark.parametrize("weight", [0.5, 1e-6, 2.3e-308])
def test_every_estimate_says_how_it_was_found(weight):
    p = two_modes(3, weight)
    assert "proved bound" in forward_kl(p, ONE).method
    assert "closed form" in cross_entropy(p, ONE).method
    assert "closed form" in kl_divergence(ONE, TWO).method
