"""What components say of a multivariate divergence, and what samples do: bounds, approximations, half-widths."""

from __future__ import annotations

import math

import numpy as np
import pytest

from kl_engine import (
    Certainty,
    GaussianMixture,
    MultivariateGaussian,
    MultivariateGaussianMixture,
    kl_bounds,
    kl_divergence,
)
from kl_engine.divergences.space import plane
from kl_engine.quadrature.quasi_monte_carlo import Sampling, sampled_divergence
from tests.divergences.test_multivariate import NEEDLE
from tests.multivariate_pairs import mixture, spaced


def test_bounds_hold():
    rng = np.random.default_rng(10)
    for _ in range(12):
        a, b = mixture(rng, 2), mixture(rng, 2)
        truth = kl_divergence(a, b).value
        for bound in kl_bounds(a, b, draws=2):
            low, high = bound.estimate.value - bound.estimate.error, bound.estimate.value + bound.estimate.error
            assert bound.kind != "lower" or low <= truth, bound
            assert bound.kind != "upper" or high >= truth, bound
    one = MultivariateGaussian(a.mean, a.cov)
    kinds = {bound.name: bound.kind for bound in kl_bounds(one, b)}
    assert kinds["Hershey–Olsen variational"] == "upper" and kl_bounds(one, b)[0].estimate.value == math.inf
    assert kl_bounds(a, a)[0].estimate.value == pytest.approx(0, abs=1e-13)
    exact = {bound.name: bound.estimate.value for bound in kl_bounds(one, NEEDLE)}
    truth = kl_divergence(one, NEEDLE).value
    assert exact["Best bijection"] == pytest.approx(truth)
    assert exact["Hershey–Olsen variational"] == pytest.approx(truth)


def test_bounds_of_one_dimension_are_those_of_the_line():
    p, q = GaussianMixture([0.3, 0.7], [-2, 1], [0.5, 1]), GaussianMixture([0.6, 0.4], [0, 2], [1, 0.2])
    up = [MultivariateGaussianMixture(a.weights, a.means[:, None], (a.stds**2)[:, None, None]) for a in (p, q)]
    line = {bound.name: bound for bound in kl_bounds(p, q)}
    for bound in kl_bounds(*up):
        if bound.name != "Monte Carlo":  # other draws
            assert (bound.kind, bound.source) == (line[bound.name].kind, line[bound.name].source)
            assert bound.estimate.value == pytest.approx(line[bound.name].estimate.value, rel=1e-12)


def test_in_ten_dimensions_bounds_stand_around_what_is_sampled():
    rng = np.random.default_rng(12)
    a, b = spaced(10, 3, rng), spaced(10, 3, rng)
    found, beside = kl_divergence(a, b), kl_bounds(a, b)
    for bound in beside:
        assert bound.kind != "lower" or bound.estimate.value < found.value
        assert bound.kind != "upper" or bound.estimate.value > found.value
    drawn = beside[-1].estimate
    assert beside[-1].name == "Monte Carlo" and abs(drawn.value - found.value) <= drawn.error + found.error


def test_a_sampled_error_holds_rounding_too():
    # Far apart every draw says the same, so that their spread is none.
    means, covs = [[-50] * 10, [50] * 10], [np.eye(10)] * 2
    a, b = (MultivariateGaussianMixture(weights, means, covs) for weights in ([0.5, 0.5], [0.3, 0.7]))
    found, truth = kl_divergence(a, b), -0.5 * math.log(0.6) - 0.5 * math.log(1.4)
    assert abs(found.value - truth) <= found.error <= 1e-9


def test_the_estimate_says_which_kind_its_error_is():
    rng = np.random.default_rng(8)
    assert kl_divergence(mixture(rng, 2), mixture(rng, 2)).certainty == Certainty.ESTIMATED
    a, b = spaced(5, 2, rng), spaced(5, 2, rng)
    found = kl_divergence(a, b)
    assert found.certainty == Certainty.CONFIDENCE(0.95)
    assert found == kl_divergence(a, b)  # a fixed seed


def test_sampled_in_the_plane_agrees_with_the_cubature():
    rng = np.random.default_rng(9)
    a, b = mixture(rng, 2), mixture(rng, 3)
    truth = plane.kl_divergence(a, b).value
    inside = [
        abs(found.value - truth) <= found.error
        for found in (sampled_divergence(a, b, Sampling(rng=s)) for s in range(40))
    ]
    assert sum(inside) >= 34  # 95 % of 40 is 38; fewer than 34 has probability 2 %, and the seeds are fixed
    assert sampled_divergence(a, a, Sampling()).value == 0
