"""A·H[p, q] − h·H[q] + c·H[q, p]: its derivatives, its minima, and where it has none."""

from __future__ import annotations

import numpy as np
import pytest

from kl_engine import Gaussian, entropy, fit, forward_kl, moment_match, reverse_kl
from kl_engine.fits.weighted import Fate, Weighted, WeightedObjective, fate, weighted_value
from tests.cases import two_modes

P = two_modes(6, 0.7, (0.6, 1.4))
MIXED = (Weighted(0.7, 0.3, 0.9), Weighted(1, 0.5, 0), Weighted(0, 2, 3), Weighted(0.1, 0.9, 0.9), Weighted(1, -1, 0.5))


def test_the_two_directions_are_special_cases():
    forward, reverse = (fit(P, weights).optima for weights in (Weighted(1, 0, 0), Weighted(0, 1, 1)))
    match, best = moment_match(P), fit(P, "reverse").optima
    assert (forward[0].q.mean, forward[0].q.std) == pytest.approx((match.mean, match.std), rel=1e-9)
    assert forward[0].value.value == pytest.approx(forward_kl(P, match).value + entropy(P).value, abs=1e-10)
    assert [(each.q.mean, each.q.std) for each in reverse] == [
        pytest.approx((each.q.mean, each.q.std), rel=1e-6) for each in best
    ]
    assert reverse[0].value.value == pytest.approx(best[0].value.value, abs=1e-10)


@pytest.mark.parametrize("weights", MIXED)
def test_gradient_and_hessian_against_differences(weights):
    objective, step = WeightedObjective(P, weights), 1e-4
    mean, std = np.array([0.4]), np.array([1.3])

    def value(a, b):
        return objective.terms(np.column_stack([mean + a * std, std * np.exp(b)])).value[0]

    terms = objective.terms(np.column_stack([mean, std]))
    e = step
    assert terms.gradient[0] == pytest.approx(
        [(value(e, 0) - value(-e, 0)) / (2 * e), (value(0, e) - value(0, -e)) / (2 * e)], abs=1e-6
    )
    cross = (value(e, e) - value(e, -e) - value(-e, e) + value(-e, -e)) / (4 * e * e)
    assert terms.hessian[0, 0, 1] == pytest.approx(cross, abs=1e-4)
    assert terms.hessian[0, 0, 0] == pytest.approx((value(e, 0) - 2 * value(0, 0) + value(-e, 0)) / e**2, abs=1e-4)
    assert terms.hessian[0, 1, 1] == pytest.approx((value(0, e) - 2 * value(0, 0) + value(0, -e)) / e**2, abs=1e-4)
    assert terms.value[0] == pytest.approx(weighted_value(P, Gaussian(0.4, 1.3), weights).value, rel=1e-9)


@pytest.mark.parametrize("weights", MIXED)
def test_no_neighbour_of_a_minimum_is_better(weights):
    best, *others = fit(P, weights).optima
    assert best.status == "converged"
    assert all(best.value.value <= other.value.value for other in others)
    for mean, std in ((0.01, 0), (-0.01, 0), (0, 0.01), (0, -0.01)):
        near = Gaussian(best.q.mean + mean * best.q.std, best.q.std * np.exp(std))
        assert weighted_value(P, near, weights).value > best.value.value


def test_forward_with_an_entropy_bonus_in_closed_form():
    """σ² = A v / (A − h): from the stationarity in σ."""
    found = fit(P, Weighted(1, 0.5, 0)).q
    assert found.std == pytest.approx(P.std * np.sqrt(2), rel=1e-9)


def test_both_directions_at_once_stand_between_them():
    for weight in (0.2, 0.5, 0.8):
        q = fit(P, Weighted(1 - weight, weight, weight)).q
        best, match = fit(P, "reverse").optima[0].q, moment_match(P)
        assert forward_kl(P, match).value <= forward_kl(P, q).value <= forward_kl(P, best).value
        assert reverse_kl(P, best).value <= reverse_kl(P, q).value


@pytest.mark.parametrize(
    "weights",
    [
        Weighted(0, 0, 1),
        Weighted(0, 1, 0),
        Weighted(-1, 0, 0),
        Weighted(0, -1, 1),
        Weighted(0, 0, 0),
        Weighted(1, 1, 0),
    ],
)
def test_without_a_minimum_it_is_refused_and_the_fate_holds(weights):
    with pytest.raises(ValueError, match="^objective: expected weights of an objective that has a minimum"):
        fit(P, weights)
    stds = np.exp(np.linspace(-12, 12, 25))
    values = WeightedObjective(P, weights).terms(np.column_stack([np.full(25, 3.0), stds])).value
    ends = {Fate.COLLAPSE: values[0], Fate.FLIGHT: values[0], Fate.SPREAD: values[-1], Fate.CONSTANT: values[0]}
    assert ends[fate(weights)] == pytest.approx(values.min(), abs=1e-6)


def test_invariance_under_shift_and_scale():
    moved = two_modes(12, 0.7, (1.2, 2.8))  # twice as wide
    for weights in MIXED:
        one, other = fit(P, weights), fit(moved, weights)
        assert (other.q.mean, other.q.std) == pytest.approx((2 * one.q.mean, 2 * one.q.std), rel=1e-6)
