"""Beyond the plane the error is a confidence half-width: it must hold as often as it says, rare mass or not."""

from __future__ import annotations

from math import lgamma, log, pi

import numpy as np
import pytest
from scipy.stats import ortho_group

from kl_engine import GaussianMixture, MultivariateGaussianMixture, kl_divergence
from kl_engine.quadrature.quasi_monte_carlo import (
    REPLICATES,
    Sampler,
    Sampling,
    half_width,
    normal_points,
    sampled_divergence,
)
from kl_engine.quadrature.reduction import reduced
from tests.multivariate_pairs import product, spaced
from tests.sweeps import part

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


# The pairs on which the interval once failed, here with components of unlike widths, so that they differ in every
# coordinate: each component (weight, place along one axis, std) in n dimensions.
UNLIKE = {
    "a rare cluster in b": (3, [(1, 0, 1)], [(1 - 1e-5, 0, 1), (1e-5, 5, 1.3)]),
    "the same in ten": (10, [(1, 0, 1)], [(1 - 2e-5, 0, 1), (2e-5, 5.5, 0.8)]),
    "a rare cluster in a": (6, [(1 - 3e-5, 0, 1), (3e-5, 4.7, 1.2)], [(1, 0, 1)]),
    "one farther off": (4, [(1, 0, 1)], [(0.998, 0, 1), (2e-3, 9, 1.2)]),
    "one that is all but absent": (10, [(1, 0, 1)], [(1 - 1e-7, 0, 1), (1e-7, 6, 0.9)]),
    "a shift of labels": (3, [(0.5, -5, 1), (0.5, 5, 1.2)], [(0.4, -5, 1), (0.6, 5, 1.2)]),
    "a pruned one": (5, [(0.97, 0, 1), (0.03, 6, 1.4)], [(1, 0, 1)]),
    "one added": (5, [(1, 0, 1)], [(0.97, 0, 1), (0.03, 5, 1.4)]),
    "nested": (7, [(1, 0, 1)], [(0.5, 0, 1), (0.5, 0, 0.03)]),
    "rare in both": (5, [(0.999, 0, 1), (1e-3, 6, 1.3)], [(0.99, 0, 1.1), (0.01, -6, 0.8)]),
}


def turned(n: int, parts: list[tuple[float, float, float]], root: np.ndarray) -> MultivariateGaussianMixture:
    """Σ wᵢ N(mᵢ e, sᵢ² I) after x → root x."""
    weights, places, stds = np.array(parts).T
    cov = root @ root.T
    return MultivariateGaussianMixture(weights, places[:, None] * root[:, 0], stds[:, None, None] ** 2 * cov)


def along_and_about(n: int, first: list, second: list) -> float:
    """D of the two, by Gauss rules over the coordinate x along the axis and the distance r from it."""
    nodes, masses = np.polynomial.legendre.leggauss(10)

    def rule(cuts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        cuts = np.unique(cuts)
        half = np.diff(cuts)[:, None] / 2
        return (cuts[:-1, None] + half * (1 + nodes)).ravel(), (half * masses).ravel()

    parts = first + second
    x, dx = rule(np.concatenate([place + std * np.arange(-12, 13) for _, place, std in parts]))
    r, dr = rule(np.concatenate([std * np.arange(0, n**0.5 + 12) for *_, std in parts]))

    def log_density(parts: list) -> np.ndarray:
        logs = [
            log(weight) - n * log(std) - ((x[:, None] - place) ** 2 + r**2) / (2 * std**2)
            for weight, place, std in parts
        ]
        return np.logaddexp.reduce(logs) - n / 2 * log(2 * pi)

    log_a, log_b = log_density(first), log_density(second)
    ratio = log_b - log_a
    integrand = np.exp(log_a) * (np.expm1(np.minimum(ratio, 30)) - ratio)
    integrand = np.where(ratio > 30, np.exp(log_b) - np.exp(log_a) * (1 + ratio), integrand)
    shell = np.exp(log(2) + (n - 1) / 2 * log(pi) - lgamma((n - 1) / 2) + (n - 2) * np.log(r))
    return float(dx @ (integrand * shell) @ dr)


@pytest.mark.parametrize("name", part(UNLIKE, 3))
def test_the_interval_holds_where_the_difference_is_confined_to_no_direction(name):
    n, first, second = UNLIKE[name]
    scales = np.exp(np.linspace(-0.5, 0.5, n))
    root = ortho_group.rvs(n, random_state=n) @ np.diag(scales) @ ortho_group.rvs(n, random_state=n + 1)
    a, b = turned(n, first, root), turned(n, second, root)
    assert reduced(a, b).a.dimension == n
    truth = along_and_about(n, first, second)
    found = [sampled_divergence(a, b, Sampling(points=64, rng=seed)) for seed in range(SEEDS)]
    assert sum(abs(each.value - truth) <= each.error for each in found) >= FEWEST
    assert np.median([each.error for each in found]) <= 0.03 * truth


def test_no_point_weighs_more_than_there_are_gaussians():
    # What has mass m under (a + b)/2 is then expected to hold m times the points of one Gaussian, in all replicates.
    rng = np.random.default_rng(4)
    pairs = [(product(*first), product(*second)) for first, second in PAIRS.values()]
    for a, b in [*pairs, (spaced(6, 3, rng), spaced(6, 2, rng, spread=6))]:
        sampler = Sampler.between(a, b)
        count = sampler.frames.weights.size
        for frame in range(count):
            log_a, log_b, terms = sampler.log_densities(frame, normal_points(a.dimension, 64, rng))
            weights = np.logaddexp(log_a, log_b) - log(2) - np.logaddexp.reduce(terms)
            assert weights.max() <= log(count) + 1e-9


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
