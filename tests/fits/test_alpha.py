"""Fits by an α-divergence: the two directions at its ends, exact derivatives, all optima, and the jumps of the best."""

from __future__ import annotations

import math

import numpy as np
import pytest

from kl_engine import Alpha, Gaussian, GaussianMixture, alpha_divergence, families, fit, moment_match
from kl_engine.fits.alpha import AlphaObjective
from kl_engine.fits.directions import ReverseObjective
from kl_engine.optima import alpha_path
from tests.cases import TARGETS, over, two_modes

ALPHAS = (-0.1, 1e-6, 0.3, 0.5, 0.8, 1 - 1e-6, 1.4)
UNEVEN = two_modes(6, 0.7, (0.5, 2))
HELD = families.Gaussian(std=1.5)
LOCKED = two_modes(8)


def terms(p, alpha, mean, std):
    """The objective at one q."""
    return AlphaObjective(p, np.array([alpha])).terms(np.array([[mean, std]]))


@over(TARGETS)
def test_at_zero_it_is_the_reverse_objective(name, p):
    mean, std = p.mean + p.std * np.array([-1, 0.2, 1.5]), p.std * np.array([0.4, 1, 0.8])
    places = np.column_stack([mean, std])
    found, known = AlphaObjective(p, np.zeros(3)).terms(places), ReverseObjective.of(p).terms(places)
    for one, other in zip(found[:3], known):
        assert one == pytest.approx(other, rel=1e-9, abs=1e-9)


@over(TARGETS)
@pytest.mark.parametrize("alpha", ALPHAS)
def test_its_value_is_the_divergence(name, p, alpha):
    q = Gaussian(p.mean + 0.1 * p.std, float(np.clip(p.std, 0.9 * p.stds.max(), 1.5 * p.stds.max())))
    known = alpha_divergence(p, q, alpha)
    assert terms(p, alpha, q.mean, q.std).value[0] == pytest.approx(known.value, rel=1e-9, abs=1e-11)


@pytest.mark.parametrize("alpha", ALPHAS)
def test_its_derivatives_are_those_of_its_values(alpha):
    mean, std, h = 1.9, 1.6, 1e-4

    def at(across: float, along: float):
        return terms(UNEVEN, alpha, mean + std * across, std * math.exp(along))

    here = at(0, 0)
    slopes = [(at(h, 0).value - at(-h, 0).value)[0] / (2 * h), (at(0, h).value - at(0, -h).value)[0] / (2 * h)]
    assert here.gradient[0] == pytest.approx(slopes, rel=1e-5, abs=1e-6)
    # In fixed units of the mean: a gradient elsewhere is counted in the std that q has there.
    across = (at(h, 0).gradient - at(-h, 0).gradient)[0] / (2 * h)
    along = (at(0, h).gradient[0, 1] - at(0, -h).gradient[0, 1]) / (2 * h)
    assert here.hessian[0, 0] == pytest.approx(across, rel=1e-5, abs=1e-6)
    assert here.hessian[0, 1, 1] == pytest.approx(along, rel=1e-5, abs=1e-6)
    assert here.hessian[0, 0, 1] == here.hessian[0, 1, 0]


@over(TARGETS)
@pytest.mark.parametrize("alpha", [0.2, 0.5, 0.8])
def test_at_a_fit_the_tilted_density_has_its_mean_and_std(name, p, alpha):
    q = fit(p, Alpha(alpha)).q
    x = np.unique(
        np.concatenate([m + s * np.linspace(-13, 13, 20_001) for m, s in [*zip(p.means, p.stds), (q.mean, q.std)]])
    )
    tilted = np.exp(alpha * p.log_pdf(x) + (1 - alpha) * q.log_pdf(x))
    mass = np.trapezoid(tilted, x)
    mean = np.trapezoid(tilted * x, x) / mass
    std = math.sqrt(np.trapezoid(tilted * (x - mean) ** 2, x) / mass)
    assert (mean, std) == pytest.approx((q.mean, q.std), rel=1e-5, abs=1e-5 * q.std)


@over(TARGETS)
def test_the_ends_are_the_fits_of_the_two_directions(name, p):
    start = Gaussian(p.mean + 0.4 * p.std, 0.7)
    for alpha, direction in ((0, "reverse"), (1, "forward")):
        for begin in (None, start):
            assert fit(p, Alpha(alpha), start=begin).q == fit(p, direction, start=begin).q
    near, far = fit(p, Alpha(1 - 1e-9)).q, moment_match(p)
    assert (near.mean, near.std) == pytest.approx((far.mean, far.std), rel=1e-5, abs=1e-5)
    near, far = fit(p, Alpha(1e-9)).optima, fit(p, "reverse").optima
    assert len(near) == len(far)
    for one, other in zip(near, far):
        assert one.value.value == pytest.approx(other.value.value, abs=1e-6)


@over(TARGETS)
@pytest.mark.parametrize("alpha", [-0.1, 0.4, 0.9, 1.5])
def test_no_neighbour_is_better_and_the_trace_goes_down(name, p, alpha):
    for found in fit(p, Alpha(alpha)).optima[:3]:
        assert found.converged, found.reason
        for shift, stretch in ((0.01, 1), (-0.01, 1), (0, 1.01), (0, 0.99)):
            other = Gaussian(found.q.mean + shift * found.q.std, found.q.std * stretch)
            assert alpha_divergence(p, other, alpha).value > found.value.value
        assert (np.diff(found.trace.kl) <= 1e-9).all()
        assert (found.trace.mean[-1], found.trace.std[-1]) == (found.q.mean, found.q.std)


def test_from_one_on_there_is_one_optimum_and_below_there_may_be_more():
    assert [len(fit(LOCKED, Alpha(alpha)).optima) for alpha in (0.01, 0.5, 1, 1.5, 3)] == [3, 3, 1, 1, 1]


def test_a_start_leads_to_its_own_optimum():
    locked, covering = fit(LOCKED, Alpha(0.3), start=Gaussian(4, 1)), fit(LOCKED, Alpha(0.3), start=Gaussian(0, 4))
    assert locked.q.mean > 3.9 and abs(covering.q.mean) < 1e-9
    assert locked.value.value < covering.value.value
    assert fit(LOCKED, Alpha(0.3)).q == fit(LOCKED, Alpha(0.3)).optima[0].q


def test_with_fixed_std_only_the_mean_moves():
    for alpha in (0.0, 0.3, 1.0):
        found = fit(UNEVEN, Alpha(alpha), HELD, Gaussian(1, 1))
        assert found.converged and found.q.std == 1.5 and (found.trace.std == 1.5).all()
        for other in fit(UNEVEN, Alpha(alpha), HELD).optima:
            assert other.q.std == 1.5 and other.converged


def test_at_the_edge_of_the_infinite_it_says_so():
    found = fit(two_modes(4), Alpha(-0.5))
    assert found.status == "edge" and "the edge from which on D_α is infinite" in found.reason
    assert found.q.std == pytest.approx(math.sqrt(3), rel=1e-3)


def test_shift_and_scale_go_along():
    moved = GaussianMixture(UNEVEN.weights, 512 - 4 * UNEVEN.means, 4 * UNEVEN.stds)
    for alpha in (0.3, 0.7):
        q, other = fit(UNEVEN, Alpha(alpha)).q, fit(moved, Alpha(alpha)).q
        assert (other.mean, other.std) == pytest.approx((512 - 4 * q.mean, 4 * q.std), rel=1e-9)


@pytest.mark.parametrize(
    ("p", "jumps"),
    [
        (LOCKED, 1),
        (UNEVEN, 1),
        (two_modes(5), 0),
        (two_modes(5.65), 1),
        (two_modes(10, 0.9), 1),
    ],
)
def test_the_path_jumps_where_two_optima_are_equally_good(p, jumps):
    found = alpha_path(p, np.linspace(0, 1, 41))
    assert len(found.jumps) == jumps
    for jump in found.jumps:
        before, after = (alpha_divergence(p, q, jump.alpha) for q in (jump.before, jump.after))
        assert before.value == pytest.approx(after.value, abs=1e-10) and jump.value == after
        # A little below it the one is the best, a little above the other.
        for side, best in ((-1e-3, jump.before), (1e-3, jump.after)):
            q = fit(p, Alpha(jump.alpha + side)).q
            assert (abs(q.mean), q.std) == pytest.approx((abs(best.mean), best.std), abs=0.05)
    ends = found.path
    assert (ends.mean[-1], ends.std[-1]) == pytest.approx((p.mean, p.std), abs=1e-8)
    assert ends.kl[0] == pytest.approx(fit(p, "reverse").value.value, abs=1e-10)
    for i in (7, 22, 35):
        assert ends.kl[i] <= fit(p, Alpha(found.alphas[i])).optima[0].value.value + 1e-10


def test_what_the_starts_miss_a_neighbour_brings(monkeypatch):
    def locked(p):
        return np.array([[4.0, 1.0]])

    known = alpha_path(LOCKED, np.linspace(0, 1, 21)).path
    # From the right mode alone the covering branch is met only where the locked one is no more.
    monkeypatch.setattr("kl_engine.optima.alpha_sweep.run_starts", locked)
    found = alpha_path(LOCKED, np.linspace(0, 1, 21)).path
    assert found.kl == pytest.approx(known.kl, abs=1e-9)


def test_the_jump_at_the_tie_of_the_reverse_divergence_is_at_zero():
    # At d = 5.60016443… the reverse fits tie (worked case): the jump there leaves α = 0.
    just_above, above = (alpha_path(two_modes(d), np.linspace(0, 1, 21)).jumps[0].alpha for d in (5.6002, 5.61))
    assert 0 <= just_above < 1e-4 < above < 0.01
    assert not alpha_path(two_modes(5.6), np.linspace(0, 1, 21)).jumps


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: fit(1, Alpha(0.5)), "p: expected a Gaussian, "),
        (lambda: Alpha(math.nan), "alpha: expected a finite number"),
        (lambda: fit(LOCKED, Alpha(0.5), start=(0, 1)), "start: expected a Gaussian"),
        (lambda: fit(LOCKED, Alpha(-1), start=Gaussian(0, 9)), "start: expected a q with a finite D_α at α = -1"),
        (lambda: fit(LOCKED, Alpha(-1), families.Gaussian(std=9)), "objective: expected an α at which D_α is finite"),
        (lambda: alpha_path(LOCKED, [0, 2]), "alphas: expected ascending numbers from 0 to 1"),
        (lambda: alpha_path(LOCKED, [0.5, 0.5]), "alphas: expected ascending"),
    ],
)
def test_refusals(call, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        call()
