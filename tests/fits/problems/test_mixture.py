"""Mixtures fitted to mixtures in both directions, and expectation maximisation over any weighted points."""

from __future__ import annotations

import math

import numpy as np
import pytest

from kl_engine import Direction, Gaussian, GaussianMixture, families, fit, forward_kl, moment_match, reverse_kl
from kl_engine.fits.expectation_maximisation import Points, em_step, expectation_maximisation
from kl_engine.fits.mixture import MixtureObjective, mixture_at, place_of
from tests.cases import two_modes

THREE = GaussianMixture([0.2, 0.3, 0.5], [-3, 0, 2.5], [0.5, 1, 0.8])
FIVE = GaussianMixture([0.1, 0.2, 0.3, 0.15, 0.25], [-6, -2, 0, 3, 9], [0.3, 1, 0.5, 2, 0.7])
TARGETS = [THREE, FIVE, GaussianMixture([0.3, 0.3, 0.4], [0, 0, 0], [0.1, 1, 10])]
START = GaussianMixture([0.4, 0.6], [-1.5, 1.7], [1.1, 0.9])
DIVERGENCES = {Direction.FORWARD: forward_kl, Direction.REVERSE: reverse_kl}
both_ways = pytest.mark.parametrize("direction", Direction)


def beside(q, step):
    """The mixture a step away."""
    return mixture_at(MixtureObjective(q, Direction.FORWARD, q.weights.size).moved(place_of(q)[None], step[None])[0])


@both_ways
def test_the_objective_is_the_divergence(direction):
    terms = MixtureObjective(THREE, direction, 2).terms(place_of(START)[None])
    assert terms.value[0] == pytest.approx(DIVERGENCES[direction](THREE, START).value, abs=1e-11)


@both_ways
def test_gradient_and_hessian_are_those_of_the_values(direction):
    objective, h = MixtureObjective(THREE, direction, 2), 1e-4
    steps = h * np.eye(5)

    def value(step) -> float:
        return objective.terms(objective.moved(place_of(START)[None], step[None])).value[0]

    terms = objective.terms(place_of(START)[None])
    slopes = [(value(step) - value(-step)) / (2 * h) for step in steps]
    assert terms.gradient[0] == pytest.approx(slopes, abs=1e-7)
    bends = [[(value(a + b) - value(a - b) - value(b - a) + value(-a - b)) / (4 * h * h) for a in steps] for b in steps]
    assert terms.hessian[0] == pytest.approx(np.array(bends), abs=1e-5)


@both_ways
@pytest.mark.parametrize("p", TARGETS)
@pytest.mark.parametrize("components", [2, 3])
def test_a_fit_is_a_minimum_below_those_of_fewer(p, direction, components):
    found = fit(p, direction, families.Mixture(components))
    assert found.converged, found.reason
    assert found.q.weights.size == components
    assert found.value == DIVERGENCES[direction](p, found.q)
    fewer = fit(p, direction) if components == 2 else fit(p, direction, families.Mixture(2))
    assert found.value.value <= fewer.value.value + found.value.error + fewer.value.error
    rng = np.random.default_rng(3)
    for step in rng.normal(0, 0.02, (20, 3 * components - 1)):
        other = DIVERGENCES[direction](p, beside(found.q, step))
        assert other.value >= found.value.value - found.value.error - other.error


@both_ways
@pytest.mark.parametrize("start", [START, GaussianMixture([0.5, 0.5], [-4, 4], [3, 0.6])])
def test_every_iteration_lowers_the_divergence(direction, start):
    for p in (THREE, FIVE):
        found = fit(p, direction, families.Mixture(2), start)
        trace = found.trace
        assert found.status == "converged", found.reason
        assert (np.diff(trace.kl) <= 2 * trace.error).all() and len(trace) > 3
        assert (trace.mean[0], trace.std[0]) == pytest.approx((start.mean, start.std))
        assert trace.kl[-1] == found.value.value


def test_a_forward_fit_has_the_mean_and_the_std_of_the_target():
    # A stationary point of the cross entropy: EM's moment equations, summed over the components.
    for p in TARGETS:
        fitted, match = fit(p, "forward", families.Mixture(2)), moment_match(p)
        found, trace = fitted.q, fitted.trace
        assert (trace.mean[0], trace.std[0]) == pytest.approx((match.mean, match.std))  # begun from merged runs
        assert (found.mean, found.std) == pytest.approx((match.mean, match.std), rel=1e-8, abs=1e-8 * match.std)


@both_ways
def test_far_apart_modes_are_divided_as_by_hand(direction):
    p = GaussianMixture([0.3, 0.2, 0.5], [-20, 0, 1e5], [1, 2, 3])
    found = fit(p, direction, families.Mixture(2))
    if direction is Direction.REVERSE:  # the two heaviest, at the price of −log of their weight
        assert found.value.value == pytest.approx(-math.log(0.8), abs=1e-10)
        assert found.q.weights == pytest.approx([0.375, 0.625])
    else:
        pair = GaussianMixture([0.6, 0.4], [-20, 0], [1, 2])
        cost = 0.5 * forward_kl(pair, moment_match(pair)).value
        assert found.value.value == pytest.approx(cost, abs=1e-10)


@both_ways
@pytest.mark.parametrize("components", [2, 3, 5, 12])
def test_with_enough_components_it_is_the_target(direction, components):
    found = fit(two_modes(5, 0.3), direction, families.Mixture(components))
    assert found.converged and "exact: p itself" in found.reason
    assert found.q.weights.size == components
    assert abs(found.value.value) <= found.value.error + 1e-15
    assert ("repeat others" in found.reason) == (components > 2)


@both_ways
def test_more_components_than_needed_from_a_start_end_flat_or_at_zero(direction):
    start = GaussianMixture([0.3, 0.3, 0.4], [-2, 1, 3], [1, 1.5, 0.7])
    found = fit(Gaussian(0.5, 1.2), direction, families.Mixture(3), start)
    assert found.value.value == pytest.approx(0, abs=1e-6)
    assert found.status in ("flat", "stopped", "converged") and found.reason


@both_ways
def test_equal_components_stay_equal_and_are_called_a_saddle(direction):
    twins = GaussianMixture([0.5, 0.5], [0.3, 0.3], [1, 1])
    found = fit(THREE, direction, families.Mixture(2), twins)
    assert found.status == "saddle" and "move the start off it" in found.reason
    assert found.value.value == pytest.approx(fit(THREE, direction, start=Gaussian(0.3, 1)).value.value, abs=1e-9)


def test_one_component_is_the_fit_of_one_gaussian():
    for direction in Direction:
        assert fit(THREE, direction, families.Mixture(1)).q == fit(THREE, direction).q
        start = Gaussian(2, 1)
        assert fit(THREE, direction, families.Mixture(1), start).q == fit(THREE, direction, start=start).q


@both_ways
def test_shift_scale_and_order_go_along(direction):
    moved = GaussianMixture(FIVE.weights[::-1], 4096 - 8 * FIVE.means[::-1], 8 * FIVE.stds[::-1])
    here, there = fit(FIVE, direction, families.Mixture(3)), fit(moved, direction, families.Mixture(3))
    assert there.value.value == pytest.approx(here.value.value, abs=1e-10)
    first, second = np.argsort(here.q.means), np.argsort(-there.q.means)
    assert there.q.means[second] == pytest.approx(4096 - 8 * here.q.means[first], rel=1e-9)
    assert there.q.stds[second] == pytest.approx(8 * here.q.stds[first], rel=1e-6)


@both_ways
def test_extreme_targets_are_fitted_too(direction):
    p = GaussianMixture([1e-12, 0.5, 0.5 - 1e-12], [-1e4, 0, 1e4], [1e-3, 1, 1e3])
    found = fit(p, direction, families.Mixture(2))
    assert found.converged and found.value.value < 1e-9
    many = GaussianMixture(np.full(12, 1 / 12), np.linspace(-40, 40, 12), np.geomspace(0.1, 5, 12))
    found = fit(many, direction, families.Mixture(3))
    assert found.converged and found.value.value < fit(many, direction).value.value


def test_a_component_that_starts_where_the_target_has_no_mass_dies_and_is_said():
    found = fit(THREE, "forward", families.Mixture(2), GaussianMixture([0.5, 0.5], [-9, 9], [3, 0.3]))
    assert found.status == "flat" and "no weight to speak of" in found.reason
    assert found.q.weights.min() < 1e-6


def test_a_search_cut_short_says_stopped(monkeypatch):
    monkeypatch.setattr("kl_engine.fits.descent.MOST_ITERATIONS", 1)
    found = fit(THREE, "reverse", families.Mixture(2), START)
    assert found.status == "stopped" and "not converged" in found.reason


def by_hand(x, masses, q):
    """One step of EM, as in a textbook."""
    joint = masses[:, None] * q.weights * np.exp(-0.5 * ((x[:, None] - q.means) / q.stds) ** 2) / q.stds
    share = joint / joint.sum(axis=1, keepdims=True) * masses[:, None]
    weights = share.sum(axis=0)
    means = (share * x[:, None]).sum(axis=0) / weights
    variances = (share * (x[:, None] - means) ** 2).sum(axis=0) / weights
    return weights, means, np.sqrt(variances)


def test_a_step_over_data_is_the_textbooks():
    rng = np.random.default_rng(7)
    x, masses = THREE.sample(300, rng), rng.uniform(0.5, 2, 300)
    masses /= masses.sum()
    after, value, _ = em_step(Points(x, masses), START)
    for found, expected in zip((after.weights, after.means, after.stds), by_hand(x, masses, START)):
        assert found == pytest.approx(expected, rel=1e-12)
    assert value == pytest.approx(masses @ START.log_pdf(x), rel=1e-12)


def test_over_data_the_likelihood_grows_and_equal_masses_are_the_default():
    x = THREE.sample(500, np.random.default_rng(1))
    points = Points(x)
    ascent = expectation_maximisation(lambda q: points, START, 2000, 1e-8)
    assert ascent.settled and "settled" in ascent.message
    assert (np.diff(ascent.log_likelihood) >= -1e-13).all()
    assert len(ascent.log_likelihood) == len(ascent.history)
    again = expectation_maximisation(lambda q: Points(x, np.full(500, 7.0)), START, 2000, 1e-8)
    assert again.history[-1].means == pytest.approx(ascent.history[-1].means, rel=1e-12)
    # Twice a point is a point of twice the mass.
    doubled, _, _ = em_step(Points([*x, x[0]]), START)
    weighted, _, _ = em_step(Points(x, [2.0, *np.ones(499)]), START)
    assert doubled.means == pytest.approx(weighted.means, rel=1e-12)


def test_a_component_that_narrows_to_a_point_or_loses_its_weight_is_said():
    on_a_point = GaussianMixture([0.5, 0.5], [0, 5], [1, 1e-9])
    ascent = expectation_maximisation(lambda q: Points([0.0, 1.0, -1.0, 5.0]), on_a_point, 50, 1e-9)
    assert not ascent.settled and "component 2 narrows to the point 5" in ascent.message
    nowhere = GaussianMixture([0.5, 0.5], [0, 1e6], [1, 1])
    ascent = expectation_maximisation(lambda q: Points([0.0, 1.0, -1.0]), nowhere, 50, 1e-9)
    assert not ascent.settled and "component 2 has lost all its weight" in ascent.message
    short = expectation_maximisation(lambda q: Points([0.0, 1.0, -1.0, 5.0]), START, 1, 1e-9)
    assert not short.settled and "still moving after 1 steps" in short.message


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: fit(1, "forward", families.Mixture(2)), "p: expected a Gaussian, "),
        (lambda: fit(THREE, "up", families.Mixture(2)), 'objective: expected "forward", "reverse"'),
        (lambda: fit(THREE, "forward", families.Mixture(0)), "components: expected an integer of at least 1"),
        (lambda: fit(THREE, "forward", families.Mixture(13)), "components: expected at most 12"),
        (
            lambda: fit(THREE, "forward", families.Mixture(2), Gaussian(0, 1)),
            "start: expected a mixture of 2 components",
        ),
        (lambda: fit(THREE, "forward", families.Mixture(2), (0, 1)), "start: expected a mixture of 2 components"),
        (lambda: Points([]), "x: expected a non-empty"),
        (lambda: Points([1.0, 2.0], [1.0]), "masses: expected 2 numbers"),
        (lambda: Points([1.0, 2.0], [1.0, -1.0]), "masses: expected numbers > 0"),
    ],
)
def test_refusals(call, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        call()
