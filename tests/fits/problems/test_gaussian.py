"""Fits in both directions: worked cases, status, traces, and what a start leads to."""

from __future__ import annotations

import math

import numpy as np
import pytest

from kl_engine import Direction, Gaussian, GaussianMixture, families, fit, forward_kl, moment_match, reverse_kl
from tests.cases import TARGETS, over, two_modes
from tests.reference import worked_case, worked_cases

OFF_CENTRE = Gaussian(1.5, 1.2)
CENTRED = Gaussian(0, 1)


def reverse(p, start=None, **options):
    """The reverse fit, which must have converged to a minimum."""
    found = fit(p, "reverse", start=start, **options)
    assert found.converged, found.reason
    return found


@pytest.mark.parametrize("case", worked_cases("F_fit_d"), ids=lambda case: case["id"])
def test_worked_fits(case):
    expected, near = case["expected"], {"abs": case["tolerance"]}
    p = two_modes(case["inputs"]["d"], case["inputs"]["weight"])
    forward = fit(p, "forward", start=CENTRED)
    assert (forward.q.mean, forward.q.std) == pytest.approx((0, expected["forward_s"]), **near)
    assert forward.value.value == pytest.approx(expected["forward_kl"], **near)
    centre = reverse(p, CENTRED)
    assert (centre.q.mean, centre.q.std) == pytest.approx((0, expected["centre_s"]), **near)
    assert centre.value.value == pytest.approx(expected["centre_kl"], **near)
    minima = [round(found.q.mean, 3) for found in fit(p, "reverse").optima]
    assert len(minima) == (expected["n_stationary"] + 1) // 2  # saddles = minima − 1
    if "off_mu" in expected:
        off = reverse(p, Gaussian(p.means[0], 1))
        assert (off.q.mean, off.q.std) == pytest.approx((expected["off_mu"], expected["off_s"]), **near)
        assert off.value.value == pytest.approx(expected["off_kl"], **near)


def test_locking_on_one_of_two_far_modes_costs_one_bit():
    case = worked_case("F_one_bit_limit")
    for weight, cost in ((0.5, case["expected"]["kl_off_limit"]), (0.2, math.log(5))):
        locked = reverse(two_modes(60, weight), Gaussian(30, 1))
        assert locked.value.value == pytest.approx(cost, abs=case["tolerance"])
        assert (locked.q.mean, locked.q.std) == pytest.approx((30, 1), abs=1e-9)


def test_the_fold_of_equal_modes():
    expected = worked_case("F_fold_free_variance")["expected"]
    born, start = expected["d_f"], Gaussian(expected["mu"], expected["s"])
    assert len(fit(two_modes(born - 1e-3), "reverse").optima) == 1
    assert len(fit(two_modes(born + 1e-3), "reverse").optima) == 3
    assert reverse(two_modes(born - 0.02), start).q.mean == pytest.approx(0, abs=1e-6)
    assert reverse(two_modes(born + 0.02), start).q.mean > expected["mu"]


@pytest.mark.parametrize("case", worked_cases("F_unequal_w"), ids=lambda case: case["id"])
def test_folds_of_unequal_weights(case):
    weight, expected = case["inputs"]["weight"], case["expected"]
    for name in ("minor", "major"):
        if f"{name}_fold_d" in expected:
            d, mean = expected[f"{name}_fold_d"], expected[f"{name}_fold_mu"]
            start = Gaussian(mean, expected[f"{name}_fold_s"])
            # Born at `mean`, the new minimum moves outward; before its birth the flow leaves for another branch.
            assert abs(reverse(two_modes(d + 0.02, weight), start).q.mean) > abs(mean)
            assert abs(reverse(two_modes(d - 0.02, weight), start).q.mean - mean) > 0.3


@pytest.mark.parametrize("case", worked_cases("F_maxwell"), ids=lambda case: case["id"])
def test_equal_divergence_at_the_tie(case):
    expected, near = case["expected"], {"abs": 2 * case["tolerance"]}
    p = two_modes(expected.get("d_star", expected.get("d")), case["inputs"]["weight"])
    mean, std = (expected.get(f"{name}_major", expected.get(f"{name}_off")) for name in ("mu", "s"))
    locked = reverse(p, Gaussian(mean, std))
    cover = reverse(p, Gaussian(expected.get("mu_cover", 0), expected.get("s_cover", expected.get("s_centre"))))
    assert (locked.q.mean, locked.q.std) == pytest.approx((mean, std), **near)
    assert (cover.q.mean, cover.q.std) == pytest.approx(
        (expected.get("mu_cover", 0), expected.get("s_cover", expected.get("s_centre"))), **near
    )
    assert locked.value.value == pytest.approx(cover.value.value, **near)


@pytest.mark.parametrize("case", worked_cases("F_pitchfork_fixed"), ids=lambda case: case["id"])
def test_with_fixed_std_the_centre_loses_stability_in_a_pitchfork(case):
    std, critical = case["inputs"]["s"], case["expected"]["d_c"]
    start = Gaussian(0.05, 1)
    below, above = (reverse(two_modes(critical + step), start, family=families.Gaussian(std)) for step in (-0.05, 0.05))
    assert below.q.mean == pytest.approx(0, abs=1e-6)
    assert above.q.mean > 0.1
    assert below.q.std == above.q.std == std


@pytest.mark.parametrize("case", worked_cases("F_fixed_s1"), ids=lambda case: case["id"])
def test_with_fixed_std_and_unequal_weights_the_pitchfork_is_a_fold(case):
    weight, born, mean = case["inputs"]["weight"], case["expected"]["d_fold"], case["expected"]["mu"]
    start = Gaussian(mean, 1)
    assert reverse(two_modes(born - 0.02, weight), start, family=families.Gaussian(1.0)).q.mean > 0
    assert reverse(two_modes(born + 0.02, weight), start, family=families.Gaussian(1.0)).q.mean < mean


def test_the_other_target_of_the_design():
    p = two_modes(5, stds=(0.8, 0.8))
    forward = fit(p, "forward", start=CENTRED)
    assert (forward.q.mean, forward.q.std) == pytest.approx((0, 2.624881), abs=1e-6)
    assert forward.value.value == pytest.approx(0.497581550272, abs=1e-12)
    best = [(found.q.mean, found.q.std, found.value.value) for found in fit(p, "reverse").optima]
    expected = [(2.491896, 0.812599, 0.690345), (-2.491896, 0.812599, 0.690345), (0, 2.266709, 0.946869)]
    assert np.allclose(best, expected, rtol=0, atol=1e-6)


def test_a_start_on_the_axis_of_symmetry_ends_at_a_saddle_and_says_so():
    found = fit(two_modes(5), "reverse", families.Gaussian(1.0), CENTRED)
    assert found.status == "saddle" and not found.converged
    assert "no minimum" in found.reason
    assert found.q == Gaussian(0, 1)


def test_a_fit_without_end_says_stopped(monkeypatch):
    monkeypatch.setattr("kl_engine.fits.flow.EXPLICIT_STEPS", 2)
    monkeypatch.setattr("kl_engine.fits.flow.IMPLICIT_STEPS", 2)
    found = fit(two_modes(8), "reverse", start=Gaussian(100, 0.0123))
    assert found.status == "stopped" and not found.converged
    assert "not settled" in found.reason


def test_a_search_cut_short_is_not_passed_off_as_an_optimum(monkeypatch):
    p = two_modes(6, 0.7, (0.6, 1.4))
    monkeypatch.setattr("kl_engine.fits.descent.MOST_ITERATIONS", 1)
    for found in (fit(p, "reverse"), *fit(p, "reverse").optima):
        assert found.status == "stopped" and not found.converged
        assert "not converged" in found.reason
    monkeypatch.undo()
    assert fit(p, "reverse").converged


@over(TARGETS)
@pytest.mark.parametrize("direction", Direction)
@pytest.mark.parametrize("fixed_std", [None, 0.9])
def test_the_trace_goes_from_the_start_to_q(name, p, direction, fixed_std):
    start = Gaussian(p.mean + 0.4 * p.std, 0.7)
    found = fit(p, direction, families.Gaussian(fixed_std), start)
    trace, held = found.trace, start.std if fixed_std is None else fixed_std
    assert found.converged, found.reason
    assert (trace.mean[0], trace.std[0]) == (start.mean, held)
    assert (trace.mean[-1], trace.std[-1]) == (found.q.mean, found.q.std)
    assert abs(trace.kl[-1] - found.value.value) <= trace.error + found.value.error
    assert len(trace) == trace.mean.size == trace.std.size == trace.kl.size >= 2
    if fixed_std is not None:
        assert (trace.std == fixed_std).all()


@over(TARGETS)
def test_the_value_is_the_divergence_of_the_direction(name, p):
    forward, back = fit(p, "forward"), fit(p, "reverse")
    assert forward.q == moment_match(p)
    assert forward.value == forward_kl(p, forward.q)
    assert back.value == reverse_kl(p, back.q)


@over(TARGETS)
@pytest.mark.parametrize("direction", Direction)
def test_no_neighbour_of_the_fit_is_better(name, p, direction):
    divergence = forward_kl if direction is Direction.FORWARD else reverse_kl
    found = fit(p, direction)
    for shift, stretch in ((0.01, 1), (-0.01, 1), (0, 1.01), (0, 0.99), (0.01, 1.01), (-0.01, 0.99)):
        other = Gaussian(found.q.mean + shift * found.q.std, found.q.std * stretch)
        assert divergence(p, other).value > found.value.value


@over(TARGETS)
def test_reverse_optima_are_minima_best_first_and_include_the_best(name, p):
    optima = fit(p, "reverse").optima
    values = [found.value.value for found in optima]
    assert all(found.converged for found in optima)
    assert values == pytest.approx(sorted(values), abs=1e-10)
    assert fit(p, "reverse").q == optima[0].q
    # A coarse search of its own finds nothing below the best.
    for mean in np.linspace(p.means.min() - 1, p.means.max() + 1, 25):
        for std in np.geomspace(0.5 * p.stds.min(), 1.5 * p.std, 15):
            assert reverse_kl(p, Gaussian(mean, std)).value >= values[0] - 1e-12


def test_of_mirror_images_the_right_one_comes_first():
    first, second, third = fit(two_modes(8), "reverse").optima
    assert first.q.mean == pytest.approx(-second.q.mean) and first.q.mean > 3
    assert third.q.mean == pytest.approx(0, abs=1e-9)


def test_moment_match_keeps_its_digits_far_from_zero():
    p = GaussianMixture([0.5, 0.5], [1e9 - 1, 1e9 + 1], [1, 1])
    assert moment_match(p) == Gaussian(1e9, math.sqrt(2))


@pytest.mark.parametrize("p", [Gaussian(3, 2), GaussianMixture([1.0], [3.0], [2.0])])
@pytest.mark.parametrize("direction", Direction)
def test_the_fit_of_a_gaussian_is_that_gaussian(p, direction):
    found = fit(p, direction, start=Gaussian(-40, 0.03))
    assert (found.q.mean, found.q.std) == pytest.approx((3, 2), rel=1e-9)
    assert found.value.value == pytest.approx(0, abs=1e-15)
