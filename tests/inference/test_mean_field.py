"""Mean field by coordinate ascent: worked fixed points, the gap it leaves, and brute force over products."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.optimize import brentq

from kl_engine import Categorical
from kl_engine.inference import (
    FactorModel,
    GaussianPair,
    NormalGammaModel,
    coordinate_ascent,
    factorised_normal,
    factorised_pair,
    forward_pair,
    free_energy,
)
from tests.reference import worked_case


def either_or(epsilon: float) -> FactorModel:
    """Two binary causes; the outcome 0 has likelihood 1 − ε where they differ, ε where they agree."""
    seen = np.array([[epsilon, 1 - epsilon], [1 - epsilon, epsilon]])
    return FactorModel([0.5, 0.5], [0.5, 0.5], [seen, 1 - seen])


def test_two_correlated_latents():
    case = worked_case("E01_prml_10_2_rho09")
    expected, pair = case["expected"], GaussianPair([1, -2], [1, 1], case["inputs"]["rho"])
    found = factorised_pair(pair, start=3.0)
    assert [factor.std**2 for factor in found.factors] == pytest.approx([expected["var_reverse"]] * 2, abs=1e-12)
    assert [factor.mean for factor in found.factors] == pytest.approx([1, -2], abs=1e-12)
    assert found.gap.value == pytest.approx(expected["kl_reverse_opt"], abs=1e-12)
    marginals, cost = forward_pair(pair)
    assert [factor.std**2 for factor in marginals] == pytest.approx([expected["var_forward"]] * 2)
    assert cost.value == pytest.approx(expected["kl_forward_opt"], abs=1e-12)
    assert found.status == "converged" and (np.diff(found.trace) < 1e-15).all()
    precision = np.linalg.inv(np.array([[1, 0.9], [0.9, 1]]))
    before = np.array([5.0, 5.0])  # std off the means, before the first sweep
    assert found.trace[0] == pytest.approx(found.gap.value + 0.5 * before @ precision @ before)


def test_a_normal_of_unknown_mean_and_precision():
    case = worked_case("E04_prml_10_1_3_normal_gamma")
    inputs, expected = case["inputs"], case["expected"]
    model = NormalGammaModel(inputs["mu0"], inputs["lambda0"], inputs["a0"], inputs["b0"])
    found = factorised_normal(model, inputs["data"])
    mean, tau = found.factors
    answers = (mean.mean, mean.std**-2, tau.a, tau.b, tau.mean)
    assert answers == pytest.approx([expected[k] for k in ("mu_N", "lambda_N", "a_N", "b_N", "E_tau")], abs=1e-10)
    assert -found.value.value == pytest.approx(expected["elbo"], abs=1e-10)
    assert -found.surprisal.value == pytest.approx(expected["log_evidence"], abs=1e-10)
    assert found.gap.value == pytest.approx(expected["gap"], abs=1e-10)
    assert found.status == "converged" and (np.diff(found.trace) < 1e-12).all()


@pytest.mark.parametrize("epsilon", [0.05, 0.1, 0.15, 0.3])
def test_a_product_commits_below_the_threshold_only(epsilon):
    found = coordinate_ascent(either_or(epsilon), 0)
    rate = math.log((1 - epsilon) / epsilon)
    commits = epsilon < 1 / (1 + math.e**2)
    m = brentq(lambda m: m - math.tanh(rate * m / 2), 1e-3, 1) if commits else 0.0
    assert max(found.factors[0].probs) == pytest.approx((1 + m) / 2, abs=1e-9)
    assert found.factors[1].probs == pytest.approx(found.factors[0].probs[::-1], abs=1e-9)
    assert found.surprisal.value == pytest.approx(math.log(2))
    assert found.gap.value == pytest.approx(found.value.value - math.log(2), abs=1e-12)


def test_the_committed_belief_of_the_worked_case():
    committed, even = coordinate_ascent(either_or(0.05), 0), coordinate_ascent(either_or(0.05), 0, [0.5, 0.5])
    assert max(committed.factors[0].probs) == pytest.approx(0.9238687677, abs=1e-10)
    assert committed.value.value == pytest.approx(1.3133488958, abs=1e-10)
    assert even.value.value == pytest.approx(1.5235127840, abs=1e-10)
    assert (np.diff(committed.trace) < 1e-13).all()


def test_no_product_of_a_fine_grid_is_better():
    rng = np.random.default_rng(3)
    likelihood = rng.dirichlet(np.ones(3), size=(2, 2)).transpose(2, 0, 1)
    model = FactorModel([0.3, 0.7], [0.6, 0.4], likelihood)
    found = coordinate_ascent(model, 1)
    sides = np.linspace(0.01, 0.99, 99)
    for a in sides[::7]:
        for b in sides[::7]:
            q = Categorical(np.outer([a, 1 - a], [b, 1 - b]).ravel())
            assert free_energy(model.joint, q, 1).value.value >= found.value.value - 1e-12


def test_an_independent_posterior_leaves_no_gap():
    first, second = np.array([[0.9, 0.2], [0.1, 0.8]]), np.array([[0.3, 0.6], [0.7, 0.4]])
    both = np.einsum("xi,yj->xyij", first, second).reshape(4, 2, 2)
    found = coordinate_ascent(FactorModel([0.5, 0.5], [0.2, 0.8], both), 1)
    assert found.gap.value == pytest.approx(0, abs=1e-14)


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: FactorModel([0.5, 0.5], [1.0], np.ones((1, 2, 2))), "likelihood"),
        (lambda: FactorModel([0.5, 0.5], [1.0], np.ones((2, 2, 1))), "likelihood"),
        (lambda: FactorModel([0.5, 0.4], [1.0], np.ones((1, 2, 1))), "prior_1"),
        (lambda: coordinate_ascent(either_or(0.1), 2), "x"),
        (lambda: coordinate_ascent(either_or(0.1), 0, [1.0]), "start"),
        (lambda: GaussianPair([0, 0], [1, 0], 0.5), "stds"),
        (lambda: GaussianPair([0, 0], [1, 1], 1), "correlation"),
        (lambda: NormalGammaModel(0, 0, 1, 1), "strength"),
        (lambda: factorised_normal(NormalGammaModel(0, 1, 1, 1), []), "data"),
        (lambda: factorised_normal(NormalGammaModel(0, 1, 1, 1), [1e200, -1e200]), "data"),
    ],
)
def test_bad_input_is_refused_by_name(call, named):
    with pytest.raises(ValueError, match=f"^{named}"):
        call()


def test_an_ascent_that_stops_short_says_what_its_means_still_cost():
    found = factorised_pair(GaussianPair([0, 0], [1, 1], 0.99999), 3.0)
    (one, two), least = found.factors, -0.5 * math.log1p(-(0.99999**2))
    off = (one.mean**2 + two.mean**2 - 2 * 0.99999 * one.mean * two.mean) / (2 * (1 - 0.99999**2))
    assert found.status == "stopped" and off > 1
    assert found.gap.value == pytest.approx(least + off, rel=1e-9) and found.value.value == found.gap.value
