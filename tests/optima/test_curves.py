"""Divergences along a line of q's, and the score of p under q, against the engine's own and the definition."""

import numpy as np
import pytest
from scipy.integrate import quad

from kl_engine import Gaussian, GaussianMixture, fit, forward_kl, reverse_kl
from kl_engine.optima import expected_score, kl_along

P = GaussianMixture([0.3, 0.7], [-2.0, 1.5], [0.6, 1.1])


@pytest.mark.parametrize(("direction", "kl"), [("forward", forward_kl), ("reverse", reverse_kl)])
def test_a_line_of_divergences(direction, kl):
    means, stds = np.array([-3.0, 0.0, 2.5]), np.array([0.5, 1.0, 3.0])
    along = kl_along(P, direction, means, stds)
    for mean, std, value in zip(means, stds, along.kl):
        one = kl(P, Gaussian(mean, std))
        assert abs(value - one.value) <= along.error + one.error
    means[0] = 9  # the caller's own array stays the caller's
    assert along.mean[0] == -3


def test_the_score_against_its_definition():
    q = Gaussian(0.4, 1.3)
    step = 1e-4

    def slope(x: float) -> float:
        return (float(P.log_pdf(x + step)) - float(P.log_pdf(x - step))) / (2 * step)

    def curvature(x: float) -> float:
        return (float(P.log_pdf(x + step)) - 2 * float(P.log_pdf(x)) + float(P.log_pdf(x - step))) / step**2

    score = expected_score(P, q)
    for found, function in ((score.slope, slope), (score.curvature, curvature)):
        direct = quad(lambda x, f=function: float(q.pdf(x)) * f(x), -12, 12, limit=200)[0]
        assert found == pytest.approx(direct, abs=1e-6)


def test_at_a_reverse_fit_the_conditions_hold():
    q = fit(P, "reverse").q
    score = expected_score(P, q)
    assert score.slope == pytest.approx(0, abs=1e-8)
    assert score.curvature == pytest.approx(-1 / q.std**2, rel=1e-7)


def test_under_one_gaussian_it_is_closed():
    score = expected_score(Gaussian(1.0, 2.0), Gaussian(0.0, 0.5))
    assert score == pytest.approx((0.25, -0.25), abs=1e-13)


def test_refusals():
    for call in (
        lambda: kl_along(P, "sideways", [0], [1]),
        lambda: kl_along(P, "forward", [0, 1], [1]),
        lambda: kl_along(P, "forward", [0], [0]),
        lambda: kl_along(P, "forward", [np.nan], [1]),
        lambda: kl_along(3, "forward", [0], [1]),
        lambda: expected_score(P, P),
    ):
        with pytest.raises(ValueError, match="expected"):
            call()
