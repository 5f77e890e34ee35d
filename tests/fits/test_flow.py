"""The natural-gradient flow: its rows, its ends, and that it goes downhill where the fit goes."""

from __future__ import annotations

import numpy as np
import pytest

from kl_engine import Certainty, Direction, Gaussian, families, fit, reverse_kl
from kl_engine.distributions import Beta
from kl_engine.optima import flow, separation_sweep
from tests.cases import TARGETS, over, two_modes

FIXED = [None, 0.9]


def start_off(p) -> Gaussian:
    """A start away from every centre and every component."""
    return Gaussian(p.mean + 0.4 * p.std, 0.7)


@over(TARGETS)
@pytest.mark.parametrize("direction", Direction)
@pytest.mark.parametrize("fixed_std", FIXED)
def test_from_the_start_exactly_to_the_fit_and_never_uphill(name, p, direction, fixed_std):
    start, family = start_off(p), families.Gaussian(fixed_std)
    way, found = flow(p, direction, start, 120, family), fit(p, direction, family, start)
    held = start.std if fixed_std is None else fixed_std
    assert len(way) == way.mean.size == way.std.size == way.kl.size == 120
    assert (way.mean[0], way.std[0]) == (start.mean, held)
    assert (way.mean[-1], way.std[-1]) == pytest.approx((found.q.mean, found.q.std), rel=1e-14)
    assert abs(way.kl[-1] - found.value.value) <= way.error + found.value.error
    assert (np.diff(way.kl) <= 2 * way.error + 1e-9 * np.abs(way.kl[:-1])).all()


@over(TARGETS)
@pytest.mark.parametrize("direction", Direction)
@pytest.mark.parametrize("frames", [2, 3, 200])
def test_rows_are_evenly_spaced(name, p, direction, frames):
    way = flow(p, direction, start_off(p), frames)
    steps = np.hypot(np.diff(way.mean), np.diff(np.log(way.std)))
    assert len(way) == frames
    # A chord is shorter than its arc where the way bends, never longer than the longest by much.
    assert steps.max() <= 1.02 * np.median(steps) or frames < 100
    assert np.median(steps) == pytest.approx(steps.mean(), rel=0.05) or frames < 100


def test_forward_moves_through_the_moments_of_a_mixture_of_start_and_target():
    p, start = two_modes(5), Gaussian(1, 0.5)
    way = flow(p, "forward", start, 50)
    left = way.mean / start.mean  # e^−t: p has mean 0
    variance = (1 - left) * p.std**2 + left * start.std**2 + left * (1 - left) * start.mean**2
    assert np.allclose(way.std, np.sqrt(variance), rtol=1e-3)  # rows lie on chords of the way


def test_reverse_follows_the_natural_gradient():
    p = two_modes(5, 0.6)
    way = flow(p, "reverse", Gaussian(1.5, 1.2), 400)
    for i in (60, 200, 340):
        here = Gaussian(way.mean[i], way.std[i])
        slopes = [_rise(p, here, *step) for step in ((1e-4, 0), (0, 1e-4))]
        downhill = -np.array([here.std**2, 0.5]) * slopes
        along = np.array([way.mean[i + 1] - way.mean[i - 1], np.log(way.std[i + 1] / way.std[i - 1])])
        cosine = downhill @ along / np.linalg.norm(downhill) / np.linalg.norm(along)
        assert cosine > 0.999


def _rise(p, q, shift, stretch) -> float:
    """How much D(q‖p) rises from a small step back to the same step on."""
    back, on = (Gaussian(q.mean + sign * shift, q.std * np.exp(sign * stretch)) for sign in (-1, 1))
    return reverse_kl(p, on).value - reverse_kl(p, back).value


@pytest.mark.parametrize("start", [Gaussian(2, 1), Gaussian(-2, 1), Gaussian(0, 1), Gaussian(0.3, 3)])
def test_the_start_decides_which_optimum(start):
    p = two_modes(6)
    ends = {round(found.q.mean, 6) for found in fit(p, "reverse").optima}
    way = flow(p, "reverse", start)
    assert round(way.mean[-1], 6) + 0.0 in ends
    assert np.sign(round(way.mean[-1], 6)) in (0, np.sign(start.mean))


def test_a_symmetric_start_stays_on_the_axis():
    way = flow(two_modes(5), "reverse", Gaussian(0, 1), family=families.Gaussian(1.0))
    assert (way.mean == 0).all() and (way.std == 1).all()


def test_a_flow_that_starts_at_its_end_stands_still():
    p = two_modes(5)
    q = fit(p, "reverse", start=Gaussian(2, 1)).q
    way = flow(p, "reverse", q, 10)
    assert np.allclose(way.mean, q.mean, rtol=0, atol=1e-9) and np.allclose(way.std, q.std, rtol=1e-9)


def test_a_flow_without_end_is_an_error(monkeypatch):
    monkeypatch.setattr("kl_engine.fits.flow.EXPLICIT_STEPS", 2)
    monkeypatch.setattr("kl_engine.fits.flow.IMPLICIT_STEPS", 2)
    with pytest.raises(RuntimeError, match="flow: .*not settled"):
        flow(two_modes(8), "reverse", Gaussian(100, 0.0321))


def test_rows_cannot_be_written():
    way = flow(two_modes(5), "forward", Gaussian(1, 1))
    for column in (way.mean, way.std, way.kl):
        with pytest.raises(ValueError, match="read-only"):
            column[0] = 0


def test_a_path_says_of_which_kind_its_error_is():
    p = Beta(2, 3)
    assert fit(p, "reverse", start=Beta(1, 1)).trace.certainty == reverse_kl(p, Beta(1, 1)).certainty
    assert separation_sweep([4.0, 5.0]).reverse.certainty == Certainty.PROVED
    assert fit(two_modes(4), "reverse").trace.certainty == Certainty.ESTIMATED
