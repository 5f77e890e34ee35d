"""A product of two factors from a joint distribution: the classic exercise, laws, and brute force."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.optimize import minimize

from kl_engine import Categorical, kl_divergence
from kl_engine.inference import FactorModel, coordinate_ascent, product_fits
from kl_engine.inference.joint_products import _ascended

CLASSIC = [[1 / 8, 1 / 8, 0, 0], [1 / 8, 1 / 8, 0, 0], [0, 0, 1 / 4, 0], [0, 0, 0, 1 / 4]]


def test_the_classic_exercise():
    """MacKay, exercise 33.5: forward is the product of the marginals; reverse has three minima, ln 2, ln 4, ln 4."""
    found = product_fits(CLASSIC)
    assert found.rows.probs.tolist() == found.columns.probs.tolist() == [0.25] * 4
    assert found.forward.value == pytest.approx(1.5 * math.log(2), abs=1e-14) and math.isinf(found.reverse.value)
    assert [each.value.value for each in found.optima] == pytest.approx([math.log(2), math.log(4), math.log(4)])
    assert {each.kind for each in found.optima} == {"minimum"}
    assert found.optima[0].rows.probs.tolist() == found.optima[0].columns.probs.tolist() == [0.5, 0.5, 0, 0]
    block, *corners = found.from_rows
    assert block == found.from_rows[1] == 0 and sorted(corners[1:]) == [1, 2]
    assert found.from_columns == found.from_rows


@pytest.mark.parametrize("shape", [(2, 2), (3, 4), (5, 2), (12, 12)])
def test_the_forward_fit_costs_the_mutual_information(shape):
    P = np.random.default_rng(sum(shape)).dirichlet(np.ones(shape[0] * shape[1])).reshape(shape)
    found = product_fits(P)
    product = np.outer(P.sum(axis=1), P.sum(axis=0))
    assert found.forward.value == pytest.approx((P * np.log(P / product)).sum(), abs=1e-13)
    assert all(each.value.value <= found.reverse.value + 1e-12 for each in found.optima[:1])


@pytest.mark.parametrize("seed", range(6))
def test_no_random_start_of_another_optimiser_finds_a_better_minimum_or_one_that_is_missing(seed):
    rng = np.random.default_rng(seed)
    P = rng.dirichlet(np.full(12, 0.3)).reshape(3, 4)
    found = product_fits(P)

    def cost(z: np.ndarray) -> float:
        first, second = np.exp(z[:3] - z[:3].max()), np.exp(z[3:] - z[3:].max())
        q = np.outer(first / first.sum(), second / second.sum())
        return float((q * (np.log(np.maximum(q, 1e-300)) - np.log(P))).sum())

    known = [each.columns.probs for each in found.optima]
    for _ in range(12):
        other = minimize(cost, 3 * rng.normal(size=7))  # it stops on the plateaus of softmax, and goes on from there
        second = np.exp(other.x[3:] - other.x[3:].max())
        with np.errstate(divide="ignore"):
            _, end = _ascended(np.log(P), second / second.sum())
        assert other.fun >= found.optima[0].value.value - 1e-9
        assert min(np.abs(end - each).max() for each in known) < 1e-5


def test_a_symmetric_start_rests_on_a_saddle():
    found = product_fits([[0.45, 0.05], [0.05, 0.45]])
    assert [each.kind for each in found.optima] == ["minimum", "minimum", "saddle"]
    assert found.optima[2].rows.probs.tolist() == pytest.approx([0.5, 0.5])
    assert found.from_rows == (found.from_columns[0], found.from_columns[1]) and set(found.from_rows) == {0, 1}


def test_every_optimum_is_stationary_and_its_value_is_that_of_its_factors():
    P = np.random.default_rng(3).dirichlet(np.full(20, 0.2)).reshape(4, 5)
    P[P < 1e-3] = 0
    P /= P.sum()
    for each in product_fits(P).optima:
        q = np.outer(each.rows.probs, each.columns.probs)
        assert (P[q > 0] > 0).all() and each.value.value == pytest.approx(
            kl_divergence(Categorical(q.ravel()), Categorical(P.ravel())).value, abs=1e-12
        )


@pytest.mark.parametrize(
    ("joint", "words"),
    [
        ([[0.5, 0.6]], "sum of 1"),
        ([[1.5, -0.5]], ">= 0"),
        ([0.5, 0.5], "matrix"),
        (np.full((13, 13), 1 / 169), "12 × 12"),
    ],
)
def test_what_is_no_joint_distribution_is_refused(joint, words):
    with pytest.raises(ValueError, match=f"joint: expected .*{words}"):
        product_fits(joint)


def test_structural_zeros_are_no_reason_to_blame_a_start_that_nobody_gave():
    likelihood = 4 * np.array(CLASSIC)
    model = FactorModel([0.25] * 4, [0.25] * 4, [likelihood, 1 - likelihood])
    found = coordinate_ascent(model, 0)
    assert found.gap.value == pytest.approx(math.log(2), abs=1e-9)
    with pytest.raises(ValueError, match="start: expected a belief about z2"):
        coordinate_ascent(model, 0, [0.25] * 4)
