"""Beyond the plane the error is a confidence half-width: it must hold as often as it says, rare mass or not."""

from __future__ import annotations

import numpy as np
import pytest

from kl_engine import GaussianMixture, kl_divergence
from kl_engine.quadrature.quasi_monte_carlo import REPLICATES, Sampling, half_width, sampled_divergence
from tests.multivariate_pairs import product

SEEDS = 20
FEWEST = 16  # of 20: at a true coverage of 95 % fewer have a chance of 3e-4, at 60 % it is 0.95


ONE = GaussianMixture([1], [0], [1])
PAIRS = {
    "a rare cluster": ([ONE] * 3, [GaussianMixture([1 - 1e-5, 1e-5], [0, 5], [1, 1])] * 2 + [ONE]),
    "a pruned cluster": ([GaussianMixture([0.999, 1e-3], [0, 8], [1, 1])] * 2 + [ONE], [ONE] * 3),
    "a shift of labels": (
        [GaussianMixture([0.5, 0.5], [-5, 5], [1, 1])] * 2 + [ONE],
        [GaussianMixture([0.4, 0.6], [-5, 5], [1, 1])] * 2 + [ONE],
    ),
    "nested scales": ([ONE] * 3, [GaussianMixture([0.5, 0.5], [0, 0], [1, 0.05])] * 2 + [ONE]),
    "nothing rare": (
        [GaussianMixture([0.3, 0.7], [-1, 1.5], [1, 0.6])] * 2 + [ONE],
        [GaussianMixture([1], [0.3], [1.5])] * 3,
    ),
}


@pytest.mark.parametrize("name", PAIRS)
def test_the_interval_holds_as_often_as_it_says(name):
    first, second = PAIRS[name]
    truth = sum(kl_divergence(a, b).value for a, b in zip(first, second))
    a, b = product(*first), product(*second)
    found = [sampled_divergence(a, b, Sampling(points=256, rng=seed)) for seed in range(SEEDS)]
    assert sum(abs(each.value - truth) <= each.error for each in found) >= FEWEST
    assert np.median([each.error for each in found]) <= 0.02 * truth


@pytest.mark.parametrize("skewness", [0.0, 0.5, 1.0])
def test_of_a_hundred_intervals_fewer_than_93_hold_in_one_of_fifty_hundreds_at_most(skewness):
    # An interval of just 95 % fails that in one of eight hundreds.
    rng = np.random.default_rng(9)
    shape = (300, 100, REPLICATES)
    degree = 4 / skewness**2 if skewness else 0.0
    drawn = rng.gamma(degree, size=shape) - degree if skewness else rng.normal(size=shape)
    holds = np.abs(drawn.mean(axis=-1)) <= half_width(drawn)
    assert np.mean(holds.sum(axis=1) < 93) <= 0.02
    assert holds.mean() <= 0.985  # and no wider than that takes


# Where log a/b grows far out like a parabola: the pair, and of the truth the most that the half-width may be.
FAR_OUT = {
    "a wider than b along one axis": (
        [GaussianMixture([0.989, 0.01, 0.001], [0, 5, -7], [1, 1, 1]), GaussianMixture([1], [0], [1.2]), ONE],
        [ONE, ONE, GaussianMixture([1], [0.2], [0.9])],
        1e-3,
    ),
    "three scales": (
        [GaussianMixture([0.3, 0.3, 0.4], [0, 0, 0], [0.1, 1, 10]), GaussianMixture([1], [0], [1.2]), ONE],
        [GaussianMixture([0.4, 0.3, 0.3], [0, 0, 0], [0.12, 1.2, 9]), ONE, GaussianMixture([1], [0.3], [1])],
        5e-3,
    ),
}


@pytest.mark.parametrize("name", FAR_OUT)
def test_what_lies_far_out_of_every_component_is_no_rare_event(name):
    # Without points from wider components the half-widths are three times as large, and the replicates skew.
    first, second, most = FAR_OUT[name]
    truth = sum(kl_divergence(a, b).value for a, b in zip(first, second))
    a, b = product(*first), product(*second)
    found = [sampled_divergence(a, b, Sampling(points=256, rng=seed)) for seed in range(SEEDS)]
    assert sum(abs(each.value - truth) <= each.error for each in found) >= FEWEST
    assert np.median([each.error for each in found]) <= most * truth


def test_points_and_target_and_seed_do_what_they_say():
    a, b = (product(*parts) for parts in PAIRS["nothing rare"])
    few, more = (sampled_divergence(a, b, Sampling(points=n)) for n in (64, 1024))
    assert more.error < few.error
    aimed = sampled_divergence(a, b, Sampling(points=64, target_error=few.error / 3))
    assert aimed.error <= few.error / 3
    assert sampled_divergence(a, b, Sampling(points=64)) == few
    assert sampled_divergence(a, b, Sampling(points=64, rng=np.random.default_rng(7))) != few
    for bad in ({"points": 100}, {"points": 3}, {"target_error": -1.0}):
        with pytest.raises(ValueError, match=next(iter(bad))):
            Sampling(**bad)
