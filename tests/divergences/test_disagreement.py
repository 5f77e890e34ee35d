"""Hallucinated and missed mass, against brute force in 30 digits."""

from __future__ import annotations

import math

import pytest

from kl_engine import Gaussian, disagreement
from tests import precise
from tests.cases import CASES, over, two_modes

THRESHOLD = 2


@over(CASES)
def test_masses_are_right_within_their_error(case):
    found = disagreement(case.p, case.q)
    truths = (
        precise.mass_where_above(case.q, case.p, THRESHOLD),
        precise.mass_where_above(case.p, case.q, THRESHOLD),
    )
    for estimate, truth in zip(found, truths):
        assert abs(truth - estimate.value) <= estimate.error <= 1e-9


def test_each_failure_by_its_own_name():
    p, covering, locked = two_modes(10), Gaussian(0, 5.1), Gaussian(5, 1)
    invents, misses = disagreement(p, covering), disagreement(p, locked)
    assert invents.hallucinated.value > 0.2 and invents.missed.value < 1e-6
    assert misses.missed.value == pytest.approx(0.5, abs=1e-5) and misses.hallucinated.value < 1e-5


def test_the_arguments_change_places_with_the_failures():
    p, q = two_modes(5, 0.7), Gaussian(1, 3)
    assert disagreement(p, q) == tuple(reversed(disagreement(q, p)))


def test_a_shifted_gaussian_by_hand():
    # log q − log p = 3x − 4.5 > 2 where x > 13/6
    found = disagreement(Gaussian(0, 1), Gaussian(3, 1))
    tail = 0.5 * math.erfc((13 / 6 - 3) / math.sqrt(2))
    assert found.hallucinated.value == pytest.approx(tail, abs=found.hallucinated.error)
    assert found.missed.value == pytest.approx(tail, abs=found.missed.error)


@pytest.mark.parametrize("std", [1e-1, 1e-3, 1e-5, 1e-9])
def test_a_narrow_target_within_a_wide_approximation(std):
    # q invents all but the neighbourhood of p, where log p − log q > −2.
    p, q = Gaussian(1, std), Gaussian(-2, 30)
    truth = precise.mass_where_above(q, p, THRESHOLD)
    found = disagreement(p, q).hallucinated
    assert abs(truth - found.value) <= found.error
    assert 1 - found.value == pytest.approx(float(1 - truth), rel=1e-5)


def test_a_threshold_crossed_within_the_rounding_of_the_points():
    # 12 spacings of doubles wide: the sign of the log ratio at a node is the sign at its rounded neighbour or not.
    p, q = Gaussian(8.715995331257199, 3.8860310362867407), Gaussian(9.505923992552404, 2.119425709843278e-14)
    assert disagreement(p, q).hallucinated.value == pytest.approx(1, abs=1e-6)
    assert disagreement(p, q).missed.value == pytest.approx(1, abs=1e-6)


def test_equal_densities_fail_nowhere():
    p = two_modes(4, 0.3)
    for estimate in disagreement(p, p):
        assert abs(estimate.value) <= estimate.error <= 1e-12


@pytest.mark.parametrize("above", [1e-3, 1e-6, 1e-9, 0, -1e-9, -1e-3])
def test_a_log_ratio_that_touches_the_threshold(above):
    # log q − log p is a downward parabola; its top is 2 + above: a set of half width ~ √above, or none.
    std = math.exp(-2 - above)
    p, q = Gaussian(0, 1), Gaussian(0, std)
    found = disagreement(p, q).hallucinated
    curve = 0.5 * (1 / std**2 - 1)
    half = math.sqrt(max(above, 0) / curve)
    truth = math.erf(half / std / math.sqrt(2))
    assert abs(truth - found.value) <= found.error
    assert found.error <= 1e-6
