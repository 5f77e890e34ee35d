"""Multivariate distributions and their divergences: the classes, closed forms, the plane, more dimensions."""

from __future__ import annotations

import math

import mpmath as mp
import numpy as np
import pytest

from kl_engine import (
    Gaussian,
    GaussianMixture,
    MultivariateGaussian,
    MultivariateGaussianMixture,
    cross_entropy,
    disagreement,
    entropy,
    forward_kl,
    jensen_shannon,
    kl_bounds,
    kl_divergence,
    reverse_kl,
)
from kl_engine.divergences.space import plane
from kl_engine.quadrature.integrands import log_ratio, positive
from kl_engine.quadrature.plane import cubature
from kl_engine.quadrature.plane.views import Views
from tests.multivariate_pairs import KINDS, mixture, pair, spaced
from tests.reference import worked_case

ROUND, NEEDLE = MultivariateGaussian([0, 0], [[1, 0], [0, 1]]), MultivariateGaussian([1, 2], [[4, 1.9], [1.9, 1]])
CLASSIC = MultivariateGaussianMixture(
    [0.5, 0.5], [[-1, -1], [1, 1]], [[[0.5, 0.25], [0.25, 1]], [[0.5, -0.25], [-0.25, 1]]]
)


def exact_kl(a: MultivariateGaussian, b: MultivariateGaussian) -> mp.mpf:
    """The textbook form in 60 digits."""
    with mp.workdps(60):
        first, second = (mp.matrix(c.cov.tolist()) for c in (a, b))
        shift = mp.matrix([mp.mpf(x) - mp.mpf(y) for x, y in zip(b.mean.tolist(), a.mean.tolist())])
        inverse = second**-1
        product = inverse * first
        trace = mp.fsum(product[i, i] for i in range(a.dimension))
        squares = (shift.T * inverse * shift)[0]
        return (trace + squares - a.dimension - mp.log(mp.det(first) / mp.det(second))) / 2


def test_log_density_moments_and_draws():
    x = np.array([[0.3, -1.2], [5, 5]])
    inverse = np.linalg.inv(NEEDLE.cov)
    for point in x:
        d = point - NEEDLE.mean
        expected = -0.5 * d @ inverse @ d - 0.5 * math.log(np.linalg.det(NEEDLE.cov)) - math.log(2 * math.pi)
        assert NEEDLE.log_pdf(point) == pytest.approx(expected, rel=1e-13)
    assert NEEDLE.pdf(x) == pytest.approx(np.exp(NEEDLE.log_pdf(x)))
    assert CLASSIC.log_pdf(x[None]).shape == (1, 2)
    assert CLASSIC.mean == pytest.approx([0, 0])
    assert CLASSIC.cov == pytest.approx(np.array([[1.5, 1], [1, 2]]))
    for p in (NEEDLE, CLASSIC):
        drawn = p.sample((200, 500), np.random.default_rng(1)).reshape(-1, 2)
        assert drawn.mean(axis=0) == pytest.approx(p.mean, abs=0.03)
        assert np.cov(drawn.T) == pytest.approx(p.cov, abs=0.06)


def test_equal_by_value_and_frozen():
    again = MultivariateGaussianMixture(CLASSIC.weights, CLASSIC.means, CLASSIC.covs)
    assert again == CLASSIC and hash(again) == hash(CLASSIC) and again != NEEDLE
    assert MultivariateGaussian([0.0, 0], np.eye(2)) == ROUND != MultivariateGaussian([0, 1], np.eye(2))
    for array in (CLASSIC.means, CLASSIC.covs, NEEDLE.cov):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1
    with pytest.raises(AttributeError):
        NEEDLE.mean = 1
    assert eval(repr(CLASSIC)) == CLASSIC and eval(repr(NEEDLE)) == NEEDLE


@pytest.mark.parametrize(
    "call, text",
    [
        (lambda: MultivariateGaussian([0, 0], [[1, 2], [2, 1]]), "^cov: .*smallest eigenvalue here is -1"),
        (lambda: MultivariateGaussian([0, 0], [[1, 1], [1, 1]]), "^cov: .*smallest eigenvalue here is"),
        (lambda: MultivariateGaussian([0, 0], [[1, 0], [0, 0]]), "^cov: .*smallest eigenvalue here is 0"),
        (
            lambda: MultivariateGaussian([0, 0], [[1, 0.1], [0, 1]]),
            "^cov: .*mirrored.* eigenvalue here is 0.95",
        ),
        (lambda: MultivariateGaussian([0, 0], [[1]]), "^cov: expected a matrix of 2 by 2"),
        (lambda: MultivariateGaussian([0, 0], "ab"), "^cov: expected a non-empty sequence of finite numbers"),
        (lambda: MultivariateGaussian([0, math.nan], np.eye(2)), "^mean: expected"),
        (
            lambda: MultivariateGaussianMixture([1], [[0, 0]], [[[1, 2], [2, 1]]]),
            r"^covs\[0\]: .*eigenvalue here is -1",
        ),
        (lambda: MultivariateGaussianMixture([0.5, 0.5], [[0, 0]], [np.eye(2)]), "^means: expected 2 of them"),
        (lambda: MultivariateGaussianMixture([0.5, 0.6], [[0], [1]], [[[1]], [[1]]]), "^weights: expected a sum of 1"),
        (lambda: MultivariateGaussianMixture([1], [[0, 0]], 3), "^covs: expected a sequence"),
        (lambda: ROUND.log_pdf([1, 2, 3]), "^x: expected points with 2 coordinates"),
        (lambda: kl_divergence(ROUND, Gaussian(0, 1)), "^b: expected a distribution of as many dimensions"),
        (lambda: forward_kl(Gaussian(0, 1), ROUND), "^q: expected a distribution of as many dimensions"),
        (lambda: forward_kl(ROUND, MultivariateGaussian([0], [[1]])), "^q: expected 2 dimensions, as p has, got 1"),
        (lambda: reverse_kl(ROUND, 3), "^q: expected a distribution"),
        (lambda: kl_bounds(ROUND, 3), "^b: expected a distribution"),
        (lambda: kl_bounds(ROUND, Gaussian(0, 1)), "^b: expected a distribution of as many dimensions"),
        (lambda: kl_bounds(Gaussian(0, 1), ROUND), "^b: expected a distribution of as many dimensions"),
        (lambda: kl_bounds(ROUND, ROUND, draws=1), "^draws: expected an integer of at least 2"),
        (lambda: jensen_shannon(ROUND, Gaussian(0, 1)), "^q: expected a distribution of as many dimensions"),
        (lambda: disagreement(Gaussian(0, 1), ROUND), "^q: expected a distribution of as many dimensions"),
        (lambda: jensen_shannon([0.5, 0.5], [0.2, 0.3, 0.5]), "^q: expected 2 symbols, as p has, got 3"),
    ],
)
def test_refusals(call, text):
    with pytest.raises(ValueError, match=text):
        call()


def test_gaussians_in_closed_form_keep_their_digits():
    rng = np.random.default_rng(4)
    for n in (1, 2, 3, 7):
        for size in (1.0, 1e-2, 1e-5, 1e-8):
            root = 0.3 * rng.normal(size=(n, n)) + 2 * np.eye(n)
            bend = rng.normal(size=(n, n))
            cov = root @ root.T
            a = MultivariateGaussian(rng.normal(size=n), cov)
            b = MultivariateGaussian(a.mean + size * rng.normal(size=n), cov + size * 0.1 * bend @ bend.T)
            found, truth = kl_divergence(a, b), exact_kl(a, b)
            assert abs(found.value - truth) <= found.error
            assert found.error <= 1e-9 * truth
    assert kl_divergence(NEEDLE, NEEDLE).value == 0


def test_one_dimension_is_the_line():
    p, q = GaussianMixture([0.3, 0.7], [-2, 1], [0.5, 1]), Gaussian(0.5, 2)
    up = MultivariateGaussianMixture(p.weights, p.means[:, None], (p.stds**2)[:, None, None])
    one = MultivariateGaussian([0.5], [[4]])
    for divergence in (kl_divergence, forward_kl, reverse_kl, cross_entropy):
        assert divergence(up, one).value == pytest.approx(divergence(p, q).value, rel=1e-13)
    assert entropy(up).value == pytest.approx(entropy(p).value, rel=1e-13)
    assert kl_divergence(one, one).value == 0


def test_forward_and_reverse_are_not_exchanged():
    wide = MultivariateGaussian([0, 0], 4 * np.eye(2))
    assert forward_kl(ROUND, wide).value == pytest.approx(2 * 0.3181471805599453, rel=1e-14)
    assert reverse_kl(ROUND, wide).value == pytest.approx(2 * 0.8068528194400547, rel=1e-14)
    assert kl_divergence(ROUND, wide) == forward_kl(ROUND, wide)


def test_the_usual_figure():
    case = worked_case("G01_pyprobml_forward_cov")
    p = MultivariateGaussianMixture(*(case["inputs"][name] for name in ("weights", "means", "covs")))
    assert p.cov == pytest.approx(np.array(case["expected"]["cov"]))
    drawn = MultivariateGaussian(p.mean, [[3, 2], [2, 3]])
    for q, name in ((MultivariateGaussian(p.mean, p.cov), "matched"), (drawn, "drawn")):
        found = forward_kl(p, q)
        assert found.value == pytest.approx(case["expected"][f"kl_forward_{name}"], rel=1e-11)
    locked = [reverse_kl(p, MultivariateGaussian(m, 0.6 * cov)).value for m, cov in zip(p.means, p.covs)]
    assert locked == pytest.approx([0.7686, 0.7606], abs=5e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_the_error_is_a_bound(kind):
    # By another identity (the positive integrand), in other frames (those of both mixtures), to a finer goal.
    rng = np.random.default_rng(2)
    for _ in range(4):
        a, b = pair(kind, rng)
        found = kl_divergence(a, b)
        goal = 1e-11 * abs(found.value)
        truth = cubature.expectation(Views.of_both(a, b), positive, 10.0, lambda _, goal=goal: goal)
        assert abs(found.value - truth.value) <= found.error + truth.error
        assert found.error <= 1e-6 * found.value


@pytest.mark.parametrize("std", [1e-2, 1e-3, 1e-4])
def test_a_spike_between_the_nodes_is_not_overlooked(std):
    # No node of the first cells lies near it; in its own frame it fills the square.
    for place in ([0.37, 0.911], [-1.3, 2.02], [2.9, -0.05]):
        b = MultivariateGaussianMixture([0.5, 0.5], [[0, 0], place], [np.eye(2), std**2 * np.eye(2)])
        found = kl_divergence(ROUND, b)
        truth = cubature.expectation(Views.of_both(ROUND, b), positive, 10.0, lambda value: 1e-11)
        assert abs(found.value - truth.value) <= found.error + truth.error <= 1e-8
        smooth = math.log(2)
        assert abs(found.value - smooth) > std**2 / 10


@pytest.mark.parametrize("reach", [2.0, 4.0])
def test_what_lies_beyond_the_squares_is_bounded(reach):
    views = Views.of_first(CLASSIC, NEEDLE)
    short, whole = (cubature.expectation(views, log_ratio, size, lambda _: 1e-11).value for size in (reach, 10.0))
    assert 1e-9 < abs(whole - short) <= plane._tail(views, reach)


def test_a_product_is_the_sum_of_its_lines():
    # Coordinates independent: D is that of the line; rotated, the same again.
    p, q = GaussianMixture([0.3, 0.7], [-2, 1], [0.5, 1]), GaussianMixture([0.6, 0.4], [0, 2], [1, 0.02])
    turn = np.array([[math.cos(0.7), -math.sin(0.7)], [math.sin(0.7), math.cos(0.7)]])

    def lifted(a, mean, std):
        covs = [np.diag([s * s, std * std]) for s in a.stds]
        return MultivariateGaussianMixture(
            a.weights, [turn @ [m, mean] for m in a.means], [turn @ c @ turn.T for c in covs]
        )

    found = kl_divergence(lifted(p, 1.0, 0.7), lifted(q, -0.5, 1.1))
    truth = kl_divergence(p, q).value + kl_divergence(Gaussian(1.0, 0.7), Gaussian(-0.5, 1.1)).value
    assert abs(found.value - truth) <= found.error <= 1e-8 * truth


def test_invariance_under_an_affine_map():
    rng = np.random.default_rng(5)
    a, b = mixture(rng, 3), mixture(rng, 2)
    move, stretch = np.array([1e4, -3e5]), np.array([[30, 2], [0, 0.02]])

    def mapped(p):
        return MultivariateGaussianMixture(p.weights, p.means @ stretch.T + move, stretch @ p.covs @ stretch.T)

    for first, second in ((a, b), (b, a)):
        one, other = kl_divergence(first, second), kl_divergence(mapped(first), mapped(second))
        assert abs(one.value - other.value) <= one.error + other.error + 1e-9 * one.value


@pytest.mark.parametrize("dimension", [2, 4])
def test_cross_entropy_less_entropy_is_the_divergence(dimension):
    rng = np.random.default_rng(6)
    a, b = spaced(dimension, 2, rng), spaced(dimension, 3, rng)
    whole, own, extra = cross_entropy(a, b), entropy(a), kl_divergence(a, b)
    assert abs(whole.value - own.value - extra.value) <= whole.error + own.error + extra.error
    one = MultivariateGaussian(b.mean, b.cov)
    assert "closed form" in cross_entropy(a, one).method and "closed form" in entropy(one).method


@pytest.mark.parametrize("dimension", [2, 3])
def test_what_no_double_holds_is_refused(dimension):
    far = MultivariateGaussianMixture([0.5, 0.5], [[1e200] * dimension, [0] * dimension], [np.eye(dimension)] * 2)
    near = MultivariateGaussianMixture([0.5, 0.5], [[1] * dimension, [0] * dimension], [np.eye(dimension)] * 2)
    for divergence in (kl_divergence, cross_entropy):
        with pytest.raises(OverflowError, match="beyond the largest double"):
            divergence(far, near)
