"""Landscapes and basins against one divergence, one flow, at a time."""

from __future__ import annotations

from importlib import import_module

import numpy as np
import pytest

from kl_engine import Gaussian, GaussianMixture, families, fit, forward_kl, reverse_kl
from kl_engine.optima import basins, landscape
from tests.cases import TARGETS, over, two_modes

FIVE = GaussianMixture([0.1, 0.2, 0.3, 0.15, 0.25], [-6, -2, 0, 3, 9], [0.3, 1, 0.5, 2, 0.7])


def grid(p, rows: int = 40, columns: int = 31):
    """Means about all components, and stds from below the narrowest to beyond all."""
    margin = 3 * p.stds.max()
    means = np.linspace(p.means.min() - margin, p.means.max() + 0.9 * margin, columns)
    return means, np.geomspace(0.3 * p.stds.min(), 1.7 * p.std, rows)


@over(
    (
        *TARGETS,
        ("far", two_modes(20)),
        ("five", FIVE),
        ("one", Gaussian(3, 2)),
        ("shifted", two_modes(1e-3)),
    )
)
@pytest.mark.parametrize("direction, divergence", [("forward", forward_kl), ("reverse", reverse_kl)])
def test_it_agrees_with_one_divergence_at_a_time(name, p, direction, divergence):
    means, stds = grid(p)
    found = landscape(p, direction, means, stds)
    assert isinstance(found, np.ndarray) and found.shape == (stds.size, means.size)
    assert found.error < 1e-9
    rng = np.random.default_rng(7)
    for i, j in zip(rng.integers(stds.size, size=25), rng.integers(means.size, size=25)):
        truth = divergence(p, Gaussian(means[j], stds[i])).value
        assert abs(found[i, j] - truth) <= 1e-9 * (1 + truth)


def test_the_order_of_means_and_stds_is_free():
    p, means, stds = two_modes(5), np.array([3.0, -1.0, 0.5, 0.5]), np.array([2.0, 0.4, 9.0, 0.4])
    found = landscape(p, "reverse", means, stds)
    truth = [[reverse_kl(p, Gaussian(mean, std)).value for mean in means] for std in stds]
    assert np.allclose(found, truth, rtol=1e-10, atol=1e-10)


def test_where_a_probe_misses_the_band_is_integrated_one_by_one(monkeypatch):
    p, (means, stds) = two_modes(5), grid(two_modes(5), 6, 5)
    monkeypatch.setattr(import_module("kl_engine.optima.landscape"), "STEP", 1.6)  # a step far too long
    found = landscape(p, "reverse", means, stds)
    truth = [[reverse_kl(p, Gaussian(mean, std)).value for mean in means] for std in stds]
    assert np.allclose(found, truth, rtol=1e-10, atol=1e-10) and found.error < 1e-9


@pytest.mark.parametrize("p", [two_modes(5), two_modes(20, 0.3), FIVE], ids=range(3))
def test_no_probe_of_a_common_target_misses(p, monkeypatch):
    def never(*arguments):
        raise AssertionError("integrated one by one")

    monkeypatch.setattr(import_module("kl_engine.optima.landscape"), "_one_by_one", never)
    assert landscape(p, "reverse", *grid(p)).error < 1e-11


def test_narrow_and_far_apart():
    p = GaussianMixture([0.5, 0.5], [0, 1e4], [1e-3, 1e3])
    means, stds = np.array([0.0, 3.0, 1e4]), np.array([1e-3, 1.0, 1e3])
    found = landscape(p, "reverse", means, stds)
    truth = np.array([[reverse_kl(p, Gaussian(mean, std)).value for mean in means] for std in stds])
    assert (np.abs(found - truth) <= max(1e-9, found.error) * (1 + truth)).all()


def test_bad_arguments_are_refused():
    for bad in ([], [np.nan], "text", [[1.0]]):
        with pytest.raises(ValueError, match="means"):
            landscape(two_modes(3), "reverse", bad, [1.0])
    with pytest.raises(ValueError, match="stds"):
        landscape(two_modes(3), "reverse", [0.0], [0.0])


@pytest.mark.parametrize(
    "p, fixed",
    [(two_modes(8, 0.6), None), (FIVE, None), (two_modes(5, 0.5, (1, 2)), 0.8)],
)
def test_a_start_is_in_the_basin_that_its_flow_leads_to(p, fixed):
    family = families.Gaussian(fixed)
    means, stds = grid(p, 25, 30)
    seen = []
    found = basins(p, "reverse", means, stds, family, seen.append)
    assert seen == sorted(seen) and seen[-1] == 1
    assert found.shares.sum() == pytest.approx(1)
    rng = np.random.default_rng(3)
    for i, j in zip(rng.integers(stds.size, size=12), rng.integers(means.size, size=12)):
        end = fit(p, "reverse", family, Gaussian(means[j], stds[i])).q
        mine = found.points[found.index[i, j]].q
        assert (mine.mean, mine.std) == pytest.approx((end.mean, end.std), abs=1e-6)


def test_on_the_axis_of_symmetry_a_flow_ends_at_the_maximum():
    found = basins(two_modes(5), "reverse", [0.0, 0.5], [1.0], families.Gaussian(1.0))
    assert [found.points[k].kind for k in found.index[0]] == ["maximum", "minimum"]


def test_forward_every_start_leads_to_the_moments():
    found = basins(two_modes(5), "forward", [-3.0, 4.0], [0.1, 1.0, 9.0])
    assert (found.index == 0).all() and found.shares.tolist() == [1.0]


def test_basins_can_be_stopped():
    def stop(share):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        basins(two_modes(5), "reverse", [0.0, 1.0], [1.0], progress=stop)


def test_basins_of_scales_too_far_apart_are_refused_and_not_guessed():
    p = GaussianMixture([0.5, 0.5], [-1e4, 1e4], [1e-3, 1e3])
    with pytest.raises(RuntimeError, match="too fine for its table"):
        basins(p, "reverse", np.linspace(-1e4, 1e4, 9), [1.0, 100.0])
