"""Reverse fits in many dimensions: exact where p is all but one Gaussian in most coordinates; else told how sure."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

import kl_engine as kl
from kl_engine import Certainty, MultivariateGaussian, MultivariateGaussianMixture, Status, families, fit
from kl_engine.fits.problems import multivariate
from kl_engine.fits.problems.problem import problem_of
from tests.cases import two_modes

LEVEL = Certainty.CONFIDENCE(0.95)


def lifted(n: int, d: float, seed: int = 0) -> tuple[MultivariateGaussianMixture, np.ndarray, np.ndarray]:
    """½ N(±d/2 e, I) in n dimensions, seen through a random affine map x → A y + m; and A e, m."""
    rng = np.random.default_rng(seed)
    a, m = rng.normal(size=(n, n)) + 2 * np.eye(n), rng.normal(size=n)
    means = m + np.array([[-d / 2], [d / 2]]) * a[:, 0]
    cov = a @ a.T
    return MultivariateGaussianMixture([0.5, 0.5], means, [(cov + cov.T) / 2] * 2), a, m


def unlike(n: int, seed: int = 2) -> MultivariateGaussianMixture:
    """Two components whose covariances differ in all coordinates."""
    rng = np.random.default_rng(seed)
    covs = [x @ x.T / n + np.eye(n) for x in rng.normal(size=(2, n, n))]
    means = np.zeros((2, n))
    means[:, 0] = -2.5, 2.5
    return MultivariateGaussianMixture([0.4, 0.6], means, covs)


@pytest.mark.parametrize("n, d", [(2, 5.7), (3, 5.5), (10, 5.5), (20, 5.7), (50, 8.0)])
def test_where_one_coordinate_differs_it_is_the_fit_of_the_line(n, d):
    p, a, m = lifted(n, d)
    found, line = fit(p, "reverse"), fit(two_modes(d), "reverse")
    assert found.status is Status.CONVERGED and found.certainty_of_q == Certainty.ESTIMATED
    assert found.value.value == pytest.approx(line.value.value, abs=1e-9)
    q = np.linalg.solve(a, found.q.mean - m), np.linalg.solve(a, np.linalg.solve(a, found.q.cov).T)
    expected = np.eye(n)
    expected[0, 0] = line.q.std**2
    assert abs(q[0][0]) == pytest.approx(abs(line.q.mean), abs=1e-7)
    assert np.abs(q[0][1:]).max(initial=0) < 1e-7 and np.abs(q[1] - expected).max() < 1e-6
    assert len(found.optima) == len(line.optima)
    for one, other in zip(found.optima, line.optima):
        assert one.value.value == pytest.approx(other.value.value, abs=1e-9)
    assert f"in the 1 of {n} coordinates" in found.reason


def test_a_start_leads_to_its_own_optimum_and_the_way_begins_there():
    p, a, m = lifted(6, 6.0)
    for side in (-1, 1):
        start = MultivariateGaussian(m + 3 * side * a[:, 0] + 0.3, 2 * np.eye(6))
        found = fit(p, "reverse", start=start)
        assert found.status is Status.CONVERGED
        assert np.linalg.solve(a, found.q.mean - m)[0] * side > 2
        assert np.allclose(found.trace[0].mean, start.mean) and np.allclose(found.trace[0].cov, start.cov)
        truth = kl.reverse_kl(p, start)
        assert abs(found.trace.kl[0] - truth.value) <= 3 * truth.error + found.trace.error
        assert found.trace.kl[-1] == pytest.approx(found.value.value, abs=1e-8)
        assert (np.diff(found.trace.kl) < 1e-6).all()
        copied = pickle.loads(pickle.dumps(found))
        assert np.array_equal(copied.q.cov, found.q.cov) and len(copied.trace) == len(found.trace)


def test_equal_components_are_one_gaussian():
    p = MultivariateGaussianMixture([0.5, 0.5], np.zeros((2, 4)), [np.eye(4)] * 2)
    found = fit(p, "reverse")
    assert found.value.value == pytest.approx(0, abs=1e-12) and "one Gaussian" in found.reason


@pytest.mark.parametrize("family", [families.Gaussian(), families.Diagonal(), families.Isotropic()], ids=repr)
def test_a_fit_by_sample_says_how_sure_it_is(family):
    p = unlike(4)
    found = fit(p, "reverse", family)
    assert found.status is Status.CONVERGED and found.certainty_of_q == LEVEL
    said = float(found.reason.split("known to ")[1].split()[0])
    assert 0 < said < 0.2
    # The mirror image is another sample of the same problem: so far apart, and no more, are both.
    mirrored = MultivariateGaussianMixture(p.weights, -p.means, p.covs)
    other = fit(mirrored, "reverse", family)
    stds = np.sqrt(np.diagonal(found.q.cov))
    assert (np.abs(found.q.mean + other.q.mean) / stds).max() < 3 * said
    assert np.abs(np.log(np.diagonal(other.q.cov)) / 2 - np.log(stds)).max() < 3 * said
    assert abs(found.value.value - other.value.value) < 3 * (found.value.error + other.value.error)


def test_all_entries_of_q_are_within_what_is_said_as_often_as_it_is_said(monkeypatch):
    # Along one axis two components, along two others N(0, 1): a diagonal fit is that of the line, times N(0, 1).
    n, inside, seeds = 3, 0, 100
    means, covs = np.zeros((2, n)), np.ones((2, n))
    means[1, 0], covs[1, 0] = 3, 0.7**2
    p = MultivariateGaussianMixture([0.7, 0.3], means, covs)
    line = fit(kl.GaussianMixture([0.7, 0.3], [0, 3], [1, 0.7]), "reverse", start=kl.Gaussian(0, 1)).q
    mean, std = np.zeros(n), np.ones(n)
    mean[0], std[0] = line.mean, line.std
    problem = problem_of(p, kl.Direction.REVERSE, families.Diagonal())
    for seed in range(seeds):
        monkeypatch.setattr(multivariate, "SEED", 1000 * seed)
        found = problem.led(problem.begin(MultivariateGaussian(mean, std**2)))
        q = problem.q(found.place)
        stds = np.sqrt(np.diagonal(q.cov))
        off = max(np.abs((q.mean - mean) / stds).max(), np.abs(np.log(stds / std)).max())
        inside += off <= float(found.effort.split("known to ")[1].split()[0])
    assert inside >= 93


def test_a_budget_stops_honestly_and_progress_only_grows():
    p, shares = unlike(5), []
    whole = fit(p, "reverse", progress=shares.append)
    assert shares == sorted(shares) and shares[-1] == 1 and len(shares) > 3 and whole.status is Status.CONVERGED
    few = fit(p, "reverse", budget=4)
    assert few.status is Status.STOPPED and "budget of 4 evaluations" in few.reason
    enough = fit(p, "reverse", budget=10_000)
    assert enough.status is Status.CONVERGED and enough.value.value == whole.value.value
    plane = MultivariateGaussianMixture([0.5, 0.5], [[0, 0], [6, 1]], [np.eye(2), [[2, 0.5], [0.5, 1]]])
    few = fit(plane, "reverse", budget=3)
    assert few.status is Status.STOPPED and "budget of 3" in few.reason
    assert "budget" not in fit(plane, "reverse", budget=1000).reason
    few = fit(lifted(8, 6.0)[0], "reverse", budget=2)
    assert few.status is Status.STOPPED and "budget of 2" in few.reason

    class Enough(Exception):
        pass

    def stop(share: float) -> None:
        raise Enough

    with pytest.raises(Enough):
        fit(p, "reverse", progress=stop)


def test_where_a_fit_takes_no_time_both_are_refused():
    cases = [(two_modes(5), "reverse"), (unlike(3), "forward"), (MultivariateGaussian([0, 0], np.eye(2)), "reverse")]
    for p, objective in cases:
        with pytest.raises(ValueError, match="budget: expected nothing"):
            fit(p, objective, budget=5)
        with pytest.raises(ValueError, match="progress: expected nothing"):
            fit(p, objective, progress=print)
    for bad in (0, -1, 1.5, "many"):
        with pytest.raises(ValueError, match="budget: expected"):
            fit(unlike(3), "reverse", budget=bad)
    with pytest.raises(ValueError, match="progress: expected a function"):
        fit(unlike(3), "reverse", progress="often")
