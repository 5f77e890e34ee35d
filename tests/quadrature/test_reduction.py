"""Mixtures that differ in few coordinates, seen in those alone: exact, whatever the dimension and the rotation."""

from __future__ import annotations

import numpy as np
import pytest

from kl_engine import GaussianMixture, MultivariateGaussianMixture, cross_entropy, entropy, kl_divergence
from kl_engine.quadrature.reduction import reduced


def turned(p: GaussianMixture, root: np.ndarray, origin: np.ndarray) -> MultivariateGaussianMixture:
    """`p` along one direction and N(0, I) along all others, then x → origin + root x."""
    n = len(root)
    means = np.zeros((p.weights.size, n))
    means[:, 0] = p.means
    covs = np.tile(np.eye(n), (p.weights.size, 1, 1))
    covs[:, 0, 0] = p.stds**2
    return MultivariateGaussianMixture(p.weights, origin + means @ root.T, root @ covs @ root.T)


# The pairs on which sampling was off by up to 36,000 half-widths, on the line that they differ in.
RARE = [
    (3, GaussianMixture([1], [0], [1]), GaussianMixture([0.99999, 1e-5], [0, 5], [1, 1])),
    (10, GaussianMixture([1], [0], [1]), GaussianMixture([0.99999, 1e-5], [0, 5], [1, 1])),
    (10, GaussianMixture([0.99999, 1e-5], [0, 5], [1, 1]), GaussianMixture([1], [0], [1])),
    (4, GaussianMixture([1], [0], [1]), GaussianMixture([0.999, 1e-3], [0, 8], [1, 1])),
    (10, GaussianMixture([1], [0], [1]), GaussianMixture([1 - 1e-7, 1e-7], [0, 6], [1, 1])),
    (3, GaussianMixture([0.5, 0.5], [-5, 5], [1, 1]), GaussianMixture([0.4, 0.6], [-5, 5], [1, 1])),
    (4, GaussianMixture([0.999, 0.001], [0, 8], [1, 1]), GaussianMixture([1], [0], [1])),
    (5, GaussianMixture([0.98, 0.02], [0, 6], [1, 1]), GaussianMixture([1], [0], [1])),
    (5, GaussianMixture([1], [0], [1]), GaussianMixture([0.98, 0.02], [0, 6], [1, 1])),
]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("case", range(len(RARE)))
def test_one_direction_is_found_and_taken_exactly(case, seed):
    n, a, b = RARE[case]
    rng = np.random.default_rng([case, seed])
    root, origin = rng.normal(size=(n, n)) + 2 * np.eye(n), 10 * rng.normal(size=n)
    first, second = turned(a, root, origin), turned(b, root, origin)
    assert reduced(first, second).a.dimension == 1
    truth, found = kl_divergence(a, b), kl_divergence(first, second)
    moved = 1e-10 * truth.value  # by the rounding of the means and covariances that were turned
    assert abs(found.value - truth.value) <= found.error + truth.error + moved
    assert found.error <= 1e-9 * truth.value + 1e-12


def test_the_entropies_are_those_of_the_whole_space():
    rng = np.random.default_rng(2)
    p = GaussianMixture([0.3, 0.7], [-1, 2], [0.5, 1.5])
    root = rng.normal(size=(6, 6)) + 2 * np.eye(6)
    whole = turned(p, root, np.zeros(6))
    rest = 5 * 0.5 * np.log(2 * np.pi * np.e) + np.log(abs(np.linalg.det(root)))
    for function in (entropy, lambda d: cross_entropy(d, d)):
        found = function(whole)
        assert found.value == pytest.approx(function(p).value + rest, abs=found.error + 1e-12)


def test_no_direction_is_set_aside_in_which_they_differ():
    rng = np.random.default_rng(3)
    eye = np.eye(4)
    for size in (1.0, 1e-4, 1e-8):
        first = MultivariateGaussianMixture([0.5, 0.5], rng.normal(size=(2, 4)), [eye, eye])
        second = MultivariateGaussianMixture(first.weights, first.means + size * rng.normal(size=(2, 4)), [eye, eye])
        assert reduced(first, second).a.dimension == 3  # four means, seen from one of them
    same = MultivariateGaussianMixture([0.2, 0.8], np.zeros((2, 4)), [eye, eye])
    assert reduced(same, same).a is None and kl_divergence(same, same).value == 0
