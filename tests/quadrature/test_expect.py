"""One call for a divergence that nobody has written yet: its value inside its error, whatever it is over."""

from __future__ import annotations

import math

import numpy as np
import pytest

from kl_engine import Certainty, Gaussian, GaussianMixture, alpha_divergence, kl_divergence, total_variation
from kl_engine.quadrature.expect import AtNodes, expect
from tests.cases import CASES, over


def log_ratio(log_a, log_b):
    return AtNodes(log_a - log_b, 1.0, 1.0)


def affinity(log_a, log_b):
    """1 − √(ab)/m with m = ½ (a + b): its mean under m is half of the squared Hellinger distance."""
    return AtNodes(1 - 1 / np.cosh(0.5 * (log_a - log_b)), 0.25, 0.25)


@over(CASES)
def test_an_expectation_under_either_is_a_divergence(case):
    for a, b in ((case.p, case.q), (case.q, case.p)):
        found, known = expect(log_ratio, a, b, over=a), kl_divergence(a, b)
        assert abs(found.value - known.value) <= found.error + known.error
        backwards = expect(log_ratio, b, a, over=a)
        assert abs(backwards.value + known.value) <= backwards.error + known.error


@over(CASES)
def test_an_expectation_under_both_is_the_hellinger_distance(case):
    found, known = (
        expect(affinity, case.p, case.q, over=(case.p, case.q), bounded=1.0),
        alpha_divergence(*case[1:], 0.5),
    )
    assert abs(4 * found.value - known.value) <= 4 * found.error + known.error
    assert found.certainty == Certainty.ESTIMATED and found.error < 1e-8


@over(CASES)
def test_without_a_density_it_is_the_integral_itself(case):
    def overlap(log_a, log_b):
        least = np.exp(np.minimum(log_a, log_b))
        return AtNodes(least, np.where(log_a < log_b, least, 0.0), np.where(log_a < log_b, 0.0, least))

    found, known = expect(overlap, case.p, case.q, cut_where_equal=True, left_out=1e-18), total_variation(*case[1:])
    assert abs(found.value - (1 - known.value)) <= found.error + known.error


@pytest.mark.parametrize("spread", [1e-3, 1.0, 1e3])
def test_one_density_alone(spread):
    p = GaussianMixture([0.3, 0.7], [0, 400], [spread, 2])
    mass = expect(lambda log_p, _: AtNodes(np.ones_like(log_p), 0.0, 0.0), p, over=p, bounded=1.0)
    assert abs(mass.value - 1) <= mass.error < 1e-11


def test_a_third_log_density_may_come_along():
    p, q = Gaussian(0, 1), Gaussian(1, 2)

    def third(panels):
        x = panels.positions()
        return -np.abs(x), 1 + np.abs(x)

    found = expect(lambda log_p, log_q, log_c: AtNodes(log_c, 0.0, 0.0, in_third=1.0), p, q, over=p, third=third)
    assert abs(found.value + math.sqrt(2 / math.pi)) < 1e-4  # E|x|: its kink is on no panel's edge
    assert abs(found.value + math.sqrt(2 / math.pi)) <= found.error


def test_rounding_of_the_logs_is_in_the_error():
    """Where everything cancels the two rules agree, and only the stated slopes say what is known."""
    p = Gaussian(1e8, 1e-3)
    q = Gaussian(1e8, 1e-3 * (1 + 1e-13))
    found = expect(log_ratio, p, q, over=p)
    assert abs(found.value) <= found.error < 1e-12


def test_what_is_beyond_the_largest_double_is_refused():
    with pytest.raises(OverflowError):
        expect(log_ratio, Gaussian(1e160, 1e150), Gaussian(0, 1), over=Gaussian(1e160, 1e150))
