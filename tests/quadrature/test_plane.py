"""The plane: what is stated is close to what is true. D of independent coordinates is the sum of that of their lines,
and no change under x → T x; with few binary digits the image under T is exact in doubles."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from kl_engine import GaussianMixture, MultivariateGaussianMixture, jensen_shannon, kl_divergence
from kl_engine.estimates.rounding import EPSILON
from kl_engine.quadrature.plane.views import Views
from tests.multivariate_pairs import mixture, product

SHEAR, TURN = np.array([[1.0, 0.0], [3.0, 1.0]]), np.array([[3.0, 4.0], [-4.0, 3.0]])
CLOSE = 150 * EPSILON  # of D: a hundred times what the value itself is rounded by, and half as much again


def line(rng: np.random.Generator, stds: list[float]) -> GaussianMixture:
    """Weights and means of few binary digits."""
    weights = rng.multinomial(60, np.full(len(stds), 1 / len(stds))) + 4
    weights[0] += 128 - weights.sum()
    return GaussianMixture(weights / 128, np.round(rng.normal(0, 2, len(stds)) * 8) / 8, stds)


def moved(rng: np.random.Generator, p: GaussianMixture, octave: int) -> GaussianMixture:
    """Nearly the same: off by about 2^octave, in few binary digits."""
    step, k = 2.0**octave, p.weights.size
    weights = p.weights.copy()
    if k > 1:
        weights[:2] += np.array([1, -1]) * step / 16
    return GaussianMixture(
        weights, p.means + step * rng.integers(-2, 3, k), p.stds * (1 + step * rng.integers(-1, 2, k))
    )


def image(p: MultivariateGaussianMixture, t: np.ndarray) -> MultivariateGaussianMixture:
    """The mixture of T x, every entry exact."""
    t = np.vectorize(Fraction, otypes=[object])(t)
    means, covs = (np.vectorize(Fraction, otypes=[object])(each) for each in (p.means, p.covs))
    exact = [means @ t.T, t @ covs @ t.T]
    found = [each.astype(np.float64) for each in exact]
    for rounded, true in zip(found, exact):
        assert (np.vectorize(Fraction, otypes=[object])(rounded) == true).all()
    return MultivariateGaussianMixture(p.weights, *found)


def known(a: tuple, b: tuple, t: np.ndarray) -> tuple[MultivariateGaussianMixture, MultivariateGaussianMixture, float]:
    """Products of the lines under T, and D of them."""
    parts = [kl_divergence(*pair) for pair in zip(a, b)]
    return image(product(*a), t), image(product(*b), t), sum(part.value for part in parts)


@pytest.mark.parametrize("t", [np.eye(2), SHEAR, TURN * 2.0**-300])
def test_what_is_stated_is_within_a_hundred_roundings(t):
    rng = np.random.default_rng(1)
    for _ in range(2):
        a = line(rng, [1.0, 0.5]), line(rng, [0.75])
        b = line(rng, [1.25]), line(rng, [0.5, 1.5])
        a, b, truth = known(a, b, t)
        found = kl_divergence(a, b)
        assert abs(found.value - truth) <= found.error <= CLOSE * truth


@pytest.mark.parametrize("octave", [-6, -12, -16, -20])
def test_a_near_pair_keeps_its_digits(octave):
    rng = np.random.default_rng(-octave)
    a = line(rng, [1.0, 0.5]), line(rng, [0.75])
    b = tuple(moved(rng, each, octave) for each in a)
    a, b, truth = known(a, b, SHEAR)
    assert 0 < truth < 2.0 ** (2 * octave + 8)
    order = rng.permutation(2)
    b = MultivariateGaussianMixture(b.weights[order], b.means[order], b.covs[order])
    found = kl_divergence(a, b)
    assert abs(found.value - truth) <= found.error <= 4 * CLOSE * truth
    halved = jensen_shannon(a, b)  # to second order it is a quarter of either
    assert abs(4 * halved.value / truth - 1) < 2.0 ** (octave + 4) and halved.error <= 8 * CLOSE * halved.value


@pytest.mark.parametrize("counts", [(1, 1), (2, 1), (1, 2)])
def test_near_pairs_of_one_component(counts):
    # To second order in their difference every divergence is the same multiple of another.
    rng = np.random.default_rng(5)
    whole = mixture(rng, 1)
    weights = [[1.0], [1 - 2.0**-12, 2.0**-12]]
    a, b = (
        MultivariateGaussianMixture(
            weights[count - 1], [mean, mean + 1][:count], [whole.covs[0], whole.covs[0] / 2][:count]
        )
        for count, mean in zip(counts, (whole.means[0], whole.means[0] + 2.0**-8))
    )
    divergence, js = kl_divergence(a, b), jensen_shannon(a, b)
    assert 4 * js.value == pytest.approx(divergence.value, rel=2e-2)
    assert max(each.error / each.value for each in (divergence, js)) < 2e-12


def test_a_rare_component_that_only_one_has():
    # a = (1 − w) b + w c: log a/b = log(1 + w (c/b − 1)), D nearly ½ w² χ²(c‖b).
    rng = np.random.default_rng(4)
    b, w = mixture(rng, 2), 2.0**-30
    mean, cov = b.means[0] + 0.25, 0.5 * b.covs[0]
    weights = np.append(b.weights * (1 - w), w)
    a = MultivariateGaussianMixture(weights, [*b.means, mean], [*b.covs, cov])
    assert list(Views.of_both(a, b).alike.lone_a) == [2]
    found, double = (
        kl_divergence(a, b),
        kl_divergence(
            MultivariateGaussianMixture(np.append(b.weights * (1 - 2 * w), 2 * w), [*b.means, mean], [*b.covs, cov]), b
        ),
    )
    assert double.value / found.value == pytest.approx(4, rel=1e-7)
    assert found.error < 1e-11 * found.value


@pytest.mark.parametrize("octave", [-12, -20])
def test_a_needle_is_followed_line_by_line(octave):
    rng = np.random.default_rng(-octave)
    narrow = 2.0**octave
    a = line(rng, [1.0, narrow]), line(rng, [0.75])
    b = line(rng, [1.5]), line(rng, [0.5, 2 * narrow])
    a, b, truth = known(a, b, SHEAR)
    found = kl_divergence(a, b)
    assert "lines" in found.method
    assert abs(found.value - truth) <= found.error <= CLOSE * truth


def test_a_near_pair_with_a_needle_keeps_its_digits():
    rng = np.random.default_rng(6)
    a = line(rng, [1.0, 2.0**-13]), line(rng, [0.75])
    b = tuple(moved(rng, each, -13) for each in a)
    b = GaussianMixture(b[0].weights, a[0].means + 2.0**-26, b[0].stds), b[1]
    a, b, truth = known(a, b, SHEAR)
    found = kl_divergence(a, b)
    assert "lines" in found.method and truth < 1e-6
    assert abs(found.value - truth) <= found.error <= 8 * CLOSE * truth


def crossing(rng: np.random.Generator, octave: int) -> MultivariateGaussianMixture:
    """A round component and a needle, in few binary digits."""
    narrow, turn = Fraction(2) ** octave, [[3, 4], [-4, 3]] if rng.random() < 0.5 else [[1, 2], [0, 1]]
    turn = np.array(turn, dtype=object)
    needle = (turn @ np.diag([Fraction(1), narrow * narrow]) @ turn.T).astype(np.float64) / 16
    return MultivariateGaussianMixture([0.75, 0.25], np.round(rng.normal(0, 4, (2, 2))) / 4, [4 * np.eye(2), needle])


@pytest.mark.parametrize("verb", [kl_divergence, jensen_shannon])
def test_needles_that_cross_are_the_same_seen_from_elsewhere(verb):
    rng = np.random.default_rng(3)
    a, b = crossing(rng, -14), crossing(rng, -16)
    found, other = verb(a, b), verb(image(a, SHEAR), image(b, SHEAR))
    assert abs(found.value - other.value) <= found.error + other.error
    assert max(found.error, other.error) <= 2 * CLOSE * found.value


def test_many_components_or_far_ones_are_left_to_the_cells():
    rng = np.random.default_rng(7)
    many = mixture(rng, 8, stds=(-1, 1))
    assert "cells" in kl_divergence(many, mixture(rng, 9)).method
    a, b = (MultivariateGaussianMixture([0.5, 0.5], [[0, 0], to], [np.eye(2)] * 2) for to in ([1e154, 0], [0, -1e154]))
    found = kl_divergence(a, b)
    assert 0 < found.error < 1e-12 * found.value
