"""D_α of any two families: of terms that are never negative; next to 0, to 1 and at q ≈ p no digits are lost."""

from __future__ import annotations

import math

import mpmath as mp
import numpy as np
import pytest
from scipy import stats

import kl_engine as kl

d = kl.distributions
PLANE = kl.MultivariateGaussianMixture([0.5, 0.5], [[0, 0], [2, 0]], [1.0, 1.0])
PAIRS = {
    "line": (d.Laplace(0, 1), d.Logistic(0.3, 1)),
    "half line": (d.Weibull(1.5, 1), d.Gamma(2, 1)),
    "heavy": (d.Cauchy(0, 1), d.Cauchy(1, 2)),
    "singular ends": (d.Beta(0.5, 0.5), d.Beta(2, 2)),
    "a mixture of families": (d.Mixture([0.5, 0.5], [d.Laplace(0, 1), d.Logistic(1, 1)]), d.Laplace(0, 1)),
    "counts": (d.Poisson(3), d.NegativeBinomial(3, 0.5)),
    "heavy counts": (stats.zipf(2.5), stats.zipf(3)),
    "Dirichlet": (d.Dirichlet([1, 2, 3]), d.Dirichlet([2, 2, 2])),
    "symbols": (kl.Categorical([0.2, 0.8]), kl.Categorical([0.5, 0.5])),
    "the plane": (PLANE, kl.MultivariateGaussian([1, 0], 2.0)),
}


@pytest.mark.parametrize("step", [1e-11, 1e-13, 1e-15])
@pytest.mark.parametrize("pair", PAIRS)
def test_next_to_its_ends_it_is_the_divergence(pair, step):
    """At 1e-13 it was given with errors of 0.1 to 1, and at 1e-15 of a hundred."""
    p, q = PAIRS[pair]
    for alpha, end in ((step, kl.reverse_kl(p, q)), (1 - step, kl.forward_kl(p, q))):
        found = kl.alpha_divergence(p, q, alpha)
        assert found.error <= 1e-9 and abs(found.value - end.value) <= 1e-9 + found.error + end.error


@pytest.mark.parametrize("alpha", [-0.4, -1e-6, -1e-14, 1e-15, 1e-9, 1e-3, 0.3, 0.5, 0.8, 1 - 1e-12, 1 + 1e-9, 1.3])
def test_it_is_the_closed_form(alpha):
    """Of two exponentials λ^α μ^(1−α)/(αλ + (1−α)μ), of two Poissons e to λ^α μ^(1−α) − αλ − (1−α)μ."""
    with mp.workdps(40):
        a, first, second = mp.mpf(alpha), mp.mpf(1), mp.mpf(2)
        between = a * first + (1 - a) * second
        power = first**a * second ** (1 - a)
        for p, q, affinity in (
            (d.Exponential(1), d.Exponential(0.5), power / between),  # of scales 1/λ
            (d.Poisson(1), d.Poisson(2), mp.exp(power - between)),
        ):
            truth, found = (1 - affinity) / (a * (1 - a)), kl.alpha_divergence(p, q, alpha)
            assert abs(mp.mpf(found.value) - truth) <= found.error and found.error <= 1e-11


@pytest.mark.parametrize("alpha", [1e-13, 0.3, 0.5, 0.9])
def test_where_the_two_nearly_agree_it_keeps_its_digits(alpha):
    """All D_α are ½ Fisher information times the square of a small step, to third order."""
    step = 1e-7
    for p, q, information in (
        (d.Laplace(0, 1), d.Laplace(0, 1 + step), 1.0),
        (d.Exponential(1), d.Exponential(1 + step), 1.0),
        (d.Poisson(3), d.Poisson(3 * (1 + step)), 3.0),
        (d.Dirichlet([1, 2]), d.Dirichlet([1, 2]), 0.0),
    ):
        found, about = kl.alpha_divergence(p, q, alpha), information * step**2 / 2
        assert abs(found.value - about) <= 1e-5 * about + found.error and found.error <= max(1e-4 * about, 1e-12)


def test_what_one_has_alone_counts_fully():
    """Of U(0, 1) and U(0, 2) ½ of q lies where p is 0: D_α = (1 − 2^(α−1))/(α (1−α)), infinite at α <= 0."""
    p, q = d.Uniform(0, 1), d.Uniform(0, 2)
    for alpha in (1e-9, 0.25, 0.5, 0.75, 1 - 1e-12):
        truth = -np.expm1((alpha - 1) * math.log(2)) / (alpha * (1 - alpha))
        found = kl.alpha_divergence(p, q, alpha)
        assert abs(found.value - truth) <= found.error + 1e-15 * truth and found.error <= 1e-12 * truth
    assert math.isinf(kl.alpha_divergence(p, q, -1e-14).value)
    apart = kl.alpha_divergence(d.Uniform(0, 1), d.Uniform(3, 4), 0.3)
    assert math.isclose(apart.value, 1 / 0.21) and apart.error <= 1e-14
