"""Ill-conditioned mixtures: a divergence does not change under x → Ax + b, so what is known of a round pair is known of
its image; and where A has few binary digits the image is exact in doubles, at any condition number."""

from __future__ import annotations

import math
from fractions import Fraction
from functools import partial

import numpy as np
import pytest

from kl_engine import (
    GaussianMixture,
    MultivariateGaussianMixture,
    alpha_divergence,
    cross_entropy,
    jensen_shannon,
    kl_divergence,
    renyi_divergence,
)
from kl_engine.distributions.multivariate import Multivariate
from kl_engine.quadrature.frames import ILL, MOST_COORDINATES, Frames, has_decimals

# One shear, one turn by 53 degrees (times 5), each after a squeeze of the second axis.
SHEAR, TURN = [[1, 0], [1, 1]], [[3, -4], [4, 3]]


def squeezed(matrix: list[list[int]], power: int) -> list[list[Fraction]]:
    """The matrix times diag(1, 2^-power)."""
    return [[Fraction(first), Fraction(second, 2**power)] for first, second in matrix]


def coarse(values: np.ndarray, bits: int = 3) -> np.ndarray:
    """The nearest numbers with so many binary digits after the point."""
    return np.round(np.asarray(values) * 2**bits) / 2**bits


def round_mixture(rng: np.random.Generator, count: int) -> MultivariateGaussianMixture:
    """Means and covariances of few binary digits."""
    stds = np.maximum(coarse(np.exp(rng.uniform(-0.7, 0.7, (count, 2)))), 0.25)
    mixed = coarse(rng.uniform(-0.6, 0.6, count) * stds.prod(axis=1), 4)
    covs = [[[s * s, c], [c, t * t]] for (s, t), c in zip(stds, mixed)]
    return MultivariateGaussianMixture(rng.dirichlet(np.full(count, 2)), coarse(rng.normal(0, 2, (count, 2))), covs)


def image(p: Multivariate, matrix: list[list[Fraction]]) -> MultivariateGaussianMixture:
    """The mixture of A x, every entry exact."""
    a = np.array(matrix, dtype=object)
    means, covs = (np.vectorize(Fraction, otypes=[object])(each) for each in (p.means, p.covs))
    exact = [means @ a.T, a @ covs @ a.T]
    found = [each.astype(np.float64) for each in exact]
    for rounded, true in zip(found, exact):
        assert all(Fraction(x) == y for x, y in zip(rounded.ravel().tolist(), true.ravel().tolist()))
    return MultivariateGaussianMixture(p.weights, *found)


VERBS = {
    "KL": kl_divergence,
    "Jensen-Shannon": jensen_shannon,
    "alpha": partial(alpha_divergence, alpha=0.3),
    "Renyi": partial(renyi_divergence, alpha=0.7),
    "cross entropy": cross_entropy,
}


@pytest.mark.parametrize("power", [4, 12, 20])
@pytest.mark.parametrize("matrix", [SHEAR, TURN])
def test_in_the_plane_a_squeezed_pair_keeps_the_digits_of_the_round_one(matrix, power):
    rng = np.random.default_rng([power, matrix[0][0]])
    squeeze = squeezed(matrix, power)
    volume = math.log(matrix[0][0] * matrix[1][1] - matrix[0][1] * matrix[1][0]) - power * math.log(2)
    for name in ("KL", *rng.choice(list(VERBS)[1:], 1)):
        a, b = round_mixture(rng, 2), round_mixture(rng, 3)
        truth, found = VERBS[name](a, b), VERBS[name](image(a, squeeze), image(b, squeeze))
        shift = volume if name == "cross entropy" else 0.0
        assert abs(found.value - shift - truth.value) <= found.error + truth.error
        assert found.error <= 2e-12 * (abs(found.value) + abs(shift))


@pytest.mark.parametrize("thin", [2.0**-8, 2.0**-20])
def test_needles_across_one_another_are_the_sum_of_their_lines(thin):
    # Turned by 53 degrees, so that no axis shows them: the widths of b are thin where those of a are not.
    lines = [
        (GaussianMixture([0.3, 0.7], [-1, 1], [1, 0.5]), GaussianMixture([1], [0], [thin])),
        (GaussianMixture([1], [0.5], [thin]), GaussianMixture([0.4, 0.6], [0, 1], [1, 2])),
    ]
    pair = []
    for along, across in zip(*lines):
        weights = np.outer(along.weights, across.weights).ravel()
        means = [[x, y] for x in along.means for y in across.means]
        covs = [np.diag([s * s, t * t]) for s in along.stds for t in across.stds]
        pair.append(image(MultivariateGaussianMixture(weights, means, covs), squeezed(TURN, 0)))
    found = kl_divergence(*pair)
    truth = sum(kl_divergence(a, b).value for a, b in lines)
    assert abs(found.value - truth) <= found.error <= 1e-12 * truth


def test_in_more_dimensions_the_rounding_of_an_ill_conditioned_pair_does_not_hide_its_sampling_error():
    rng = np.random.default_rng(4)
    stretch = np.linalg.qr(rng.normal(size=(3, 3)))[0] @ np.diag([1, 1e-3, 1e-6])
    weights, means = [0.3, 0.7], [[0, 0, 0], [1, -1, 2]]
    covs = np.array([np.diag([1, 2, 0.5]), np.diag([0.7, 1, 2])])
    a, b = (MultivariateGaussianMixture(weights, shift + np.array(means), covs) for shift in (0, 0.5))
    level = kl_divergence(a, b, points=64)
    seen = [MultivariateGaussianMixture(weights, p.means @ stretch.T, stretch @ p.covs @ stretch.T) for p in (a, b)]
    assert all(map(has_decimals, seen))
    found = kl_divergence(*seen, points=64)
    assert found.error <= 3 * level.error
    assert abs(found.value - level.value) <= 2 * (found.error + level.error)


def test_decimals_and_doubles_are_one_where_both_have_the_digits():
    rng = np.random.default_rng(8)
    for n in (1, 2, 3, MOST_COORDINATES):
        roots = rng.normal(size=(3, n, n)) + 2 * np.eye(n)
        p = MultivariateGaussianMixture([0.2, 0.3, 0.5], rng.normal(size=(3, n)), roots @ roots.swapaxes(1, 2))
        mild = MultivariateGaussianMixture([1], [[0.0] * n], [np.eye(n)])
        needle = np.eye(n)
        needle[-1, 0] = needle[0, -1] = 1 - 0.5 / ILL if n > 1 else 1
        ill = MultivariateGaussianMixture([1], [[0.0] * n], [needle])
        assert has_decimals(ill) == (n > 1)
        plain, fine = (Frames.of((p,), p, other) for other in (mild, ill))
        assert fine.heights[:3] == pytest.approx(plain.heights[:3], rel=1e-9)
        for name in ("shifts", "maps"):
            assert getattr(fine, name)[:, :3] == pytest.approx(getattr(plain, name)[:, :3], rel=1e-9, abs=1e-9)
