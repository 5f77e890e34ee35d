"""Maximum likelihood: sizes that never do worse, beside scikit-learn's best of ten restarts; standard errors."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from kl_engine import Gaussian, GaussianMixture
from kl_engine.data import Empirical, likelihood_fit, likelihood_fits, standard_errors
from kl_engine.data.likelihood import LikelihoodFit, NotFitted
from pages.ui.views.your_data.datasets import DATASETS
from tests.data.spikes import may_be_spiked
from tests.serving import ROOT

SETS = json.loads((ROOT / "tests/reference_data/scikit_learn_mixtures.json").read_text())["sets"]
MOST = 4  # the rest, to eight, is in tests/bench/likelihood.py


def data_of(name: str) -> Empirical:
    """A set by its name: one that is shipped, or one of the ten that were drawn for scikit-learn."""
    return Empirical.of(SETS[name]["x"] or DATASETS[name].numbers())


@pytest.mark.parametrize("name", SETS)
def test_at_least_as_likely_as_scikit_learns_best_of_ten_restarts_and_never_worse_with_more(name):
    data = data_of(name)
    fits = likelihood_fits(data, MOST)
    likelihoods = [-fit.loss.value for fit in fits if isinstance(fit, LikelihoodFit)]
    assert all(after >= before - 1e-12 for before, after in zip(likelihoods, likelihoods[1:]))
    for fit, other in zip(fits[1:], SETS[name]["fits"]):
        spiked = may_be_spiked(other, data)
        if isinstance(fit, LikelihoodFit) and not spiked:
            assert -fit.loss.value >= other["mean_log_likelihood"] - 1e-9


def test_heavy_tails_reach_what_random_starts_reach():
    """Found by scikit-learn from random starts: stds .56, .79, 1.61, 9.24, log likelihood −563.99."""
    fit = likelihood_fit(data_of("heavy"), 4)
    assert -300 * fit.loss.value >= -563.995 and sorted(fit.q.stds)[-1] == pytest.approx(9.24, abs=0.3)


def test_a_fit_is_a_local_maximum():
    data = data_of("faithful")
    for components in (2, 3):
        q = likelihood_fit(data, components).q
        for part in ("means", "stds"):
            for k in range(components):
                for step in (-0.01, 0.01):
                    moved = {name: np.array(getattr(q, name)) for name in ("weights", "means", "stds")}
                    moved[part][k] += step * q.stds[k]
                    near = GaussianMixture(**moved)
                    assert data.masses @ near.log_pdf(data.values) < data.masses @ q.log_pdf(data.values)


def test_spikes_are_refused_and_it_is_said_on_what():
    x = [*np.random.default_rng(3).normal(size=100), *[10.0] * 10]
    fits = likelihood_fits(Empirical.of(x), 3)
    assert isinstance(fits[1], NotFitted) and fits[1].reason == "every run narrowed on repeated values (10, 10 times)"
    pair = likelihood_fits(Empirical.of([*np.random.default_rng(3).normal(size=100), 10.0, 10.001]), 2)[1]
    assert pair.reason == "every run narrowed on single points"
    heavy = likelihood_fit(data_of("heavy"), 4)
    assert "runs were refused: they narrowed on single points" in heavy.refused


@pytest.mark.parametrize(
    ("narrow", "rest", "share"),
    [
        ((50.0, 3.0, 120), [99999.0, -99999.0, 99999.0], 120 / 123),  # codes of what is missing
        ((0.0, 1e-4, 30), np.random.default_rng(1).normal(3, 1, 70), 0.3),
    ],
)
def test_many_different_values_close_together_are_a_cluster_and_no_spike(narrow, rest, share):
    mean, std, count = narrow
    x = np.random.default_rng(0).normal(mean, std, count)
    q = likelihood_fit(Empirical.of([*x, *rest]), 2).q
    tight = q.stds.argmin()
    assert q.weights[tight] == pytest.approx(share, abs=1e-3)
    assert (q.means[tight], q.stds[tight]) == pytest.approx((x.mean(), x.std()), rel=1e-2, abs=1e-6)


def test_where_more_components_bring_nothing_one_is_there_twice():
    x = np.random.default_rng(0).normal(size=12).round(1)
    fits = [fit for fit in likelihood_fits(Empirical.of(x), 3) if isinstance(fit, LikelihoodFit)]
    for before, after in zip(fits, fits[1:]):
        assert after.loss.value <= before.loss.value + 1e-12


@pytest.mark.parametrize(("shift", "scale"), [(1000.0, 3.0), (-7.0, 1e-6), (0.0, 1e6)])
def test_sizes_are_invariant_under_shift_and_scale(shift, scale):
    x = np.asarray(SETS["drawn 3"]["x"])
    one, other = likelihood_fits(Empirical.of(x), 3), likelihood_fits(Empirical.of(shift + scale * x), 3)
    for a, b in zip(one, other):
        assert b.loss.value == pytest.approx(a.loss.value + math.log(scale), abs=1e-8)


def test_standard_errors_of_one_gaussian_are_the_textbooks():
    data = Empirical.of(np.random.default_rng(0).normal(5, 2, 400))
    errors = standard_errors(data, Gaussian(data.mean, data.std))
    assert errors.means[0] == pytest.approx(data.std / 20, rel=1e-6)
    assert errors.stds[0] == pytest.approx(data.std / math.sqrt(800), rel=1e-6) and errors.weights[0] < 1e-9


def test_standard_errors_are_the_spread_of_the_fits_over_samples():
    p, rng = GaussianMixture([0.4, 0.6], [-2, 3], [0.7, 1.1]), np.random.default_rng(0)
    found, errors = [], []
    for _ in range(40):
        data = Empirical.of(p.sample(300, rng))
        q = likelihood_fit(data, 2).q
        order = np.argsort(q.means)
        found.append([q.weights[order[0]], *q.means[order], *q.stds[order]])
        each = standard_errors(data, q)
        errors.append([each.weights[0], *each.means[order], *each.stds[order]])
    assert np.std(found, axis=0, ddof=1) == pytest.approx(np.mean(errors, axis=0), rel=0.4)


def test_standard_errors_of_what_the_data_do_not_fix_are_infinite():
    data = Empirical.of(np.random.default_rng(0).normal(size=100))
    twice = GaussianMixture([0.5, 0.5], [data.mean] * 2, [data.std] * 2)
    assert np.isinf(standard_errors(data, twice).weights).all()


@pytest.mark.parametrize("x", [[1e300, -1e300, 0.0, 1.0], [1e-300, 2e-300, 3e-300]])
def test_a_scale_beyond_doubles_is_refused_by_the_name_of_the_argument(x):
    with pytest.raises(ValueError, match="^data: expected values whose distances have squares within doubles"):
        likelihood_fits(Empirical.of(x), 2)
