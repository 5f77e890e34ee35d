"""Gaussians and mixtures: densities, moments, samples, equality."""

from __future__ import annotations

import dataclasses

import mpmath as mp
import numpy as np
import pytest

from kl_engine import Gaussian, GaussianMixture
from tests import precise
from tests.cases import CASES, over

P = GaussianMixture([0.2, 0.8], [-1, 3], [2, 0.5])


@over(CASES)
def test_log_pdf(case):
    for p in (case.p, case.q):
        x = p.mean + p.std * np.linspace(-6, 6, 13)
        expected = [float(mp.log(precise.pdf(p, mp.mpf(float(point))))) for point in x]
        assert np.allclose(p.log_pdf(x), expected, rtol=1e-13, atol=1e-13)
        assert np.allclose(p.pdf(x), np.exp(expected), rtol=1e-12)


def test_log_pdf_does_not_underflow_where_pdf_does():
    assert P.pdf(1000.0) == 0
    assert P.log_pdf(1000.0) == pytest.approx(np.log(0.2 / 2) - 0.5 * np.log(2 * np.pi) - 0.5 * 500.5**2)


@pytest.mark.parametrize("shape", [(), (5,), (2, 3), (0,)])
def test_shapes(shape):
    for p in (P, Gaussian(0, 1)):
        assert p.log_pdf(np.zeros(shape)).shape == p.pdf(np.zeros(shape)).shape == shape
        assert np.shape(p.sample(shape, np.random.default_rng(0))) == shape


def test_moments():
    assert P.mean == pytest.approx(2.2)
    assert P.std == pytest.approx(np.sqrt(0.2 * 4 + 0.8 * 0.25 + 0.2 * 3.2**2 + 0.8 * 0.8**2))


def test_samples_follow_the_mixture():
    draws = P.sample(200_000, np.random.default_rng(7))
    assert draws.mean() == pytest.approx(P.mean, abs=5 * P.std / 200_000**0.5)
    assert draws.std() == pytest.approx(P.std, rel=0.01)
    assert (draws < 0.5).mean() == pytest.approx(0.2 * 0.7734, abs=0.005)
    assert (draws == P.sample(200_000, np.random.default_rng(7))).all()


def test_weights_are_divided_by_their_sum():
    p = GaussianMixture([0.5 + 4e-10, 0.5], [0, 1], [1, 1])
    assert p.weights.sum() == pytest.approx(1, abs=1e-16)


def test_frozen_all_through():
    source = np.array([0.5, 0.5])
    p = GaussianMixture(source, [0, 1], [1, 1])
    source[0] = 9
    assert p.weights[0] == 0.5
    for array in (p.weights, p.means, p.stds):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 2
    with pytest.raises(dataclasses.FrozenInstanceError):
        Gaussian(0, 1).mean = 2
    with pytest.raises(dataclasses.FrozenInstanceError):
        p.means = [0, 2]


def test_equality_hash_and_repr():
    again = GaussianMixture(P.weights, P.means, P.stds)
    assert again == P and hash(again) == hash(P)
    assert repr(P) == "GaussianMixture(weights=[0.2, 0.8], means=[-1.0, 3.0], stds=[2.0, 0.5])"
    assert GaussianMixture([0.8, 0.2], [-1, 3], [2, 0.5]) != P
    assert Gaussian(0, 1) != P
    assert Gaussian(0, 1) == Gaussian(0.0, 1.0)


def test_a_gaussian_is_a_mixture_of_one():
    q = Gaussian(1, 2)
    assert (q.weights.tolist(), q.means.tolist(), q.stds.tolist()) == ([1], [1], [2])
