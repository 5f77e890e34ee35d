"""Ill-conditioned covariances: the closed forms keep their digits, and the stated error stays near the true one."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest

from kl_engine import MultivariateGaussian, cross_entropy, entropy, kl_divergence
from kl_engine.fits.families import equicorrelated, mean_field_cost


def conditioned(n: int, power: float, rng: np.random.Generator) -> np.ndarray:
    """A covariance of condition number 10^power or so, its axes turned at random."""
    turn = np.linalg.qr(rng.normal(size=(n, n)))[0]
    cov = turn @ np.diag(10.0 ** (-power * np.linspace(0, 1, n))) @ turn.T
    return (cov + cov.T) / 2


def exact(a: MultivariateGaussian, b: MultivariateGaussian) -> tuple[mp.mpf, mp.mpf, mp.mpf]:
    """D(a‖b), H[a], H[a, b] with 120 digits."""
    with mp.workdps(120):
        first, second = (mp.matrix(c.cov.tolist()) for c in (a, b))
        shift = mp.matrix([mp.mpf(x) - mp.mpf(y) for x, y in zip(a.mean.tolist(), b.mean.tolist())])
        inverse = second**-1
        n, product = a.dimension, inverse * first
        spread = mp.fsum(product[i, i] for i in range(n)) + (shift.T * inverse * shift)[0]
        logs = mp.log(mp.det(first)), mp.log(mp.det(second))
        constant = n * mp.log(2 * mp.pi)
        return (
            (spread - n - logs[0] + logs[1]) / 2,
            (constant + n + logs[0]) / 2,
            (constant + logs[1] + spread) / 2,
        )


@pytest.mark.parametrize("power", [0, 2, 5, 8, 11])
@pytest.mark.parametrize("n", [2, 3, 7])
def test_the_stated_error_holds_and_is_within_a_hundred_times_a_rounding(n, power):
    rng = np.random.default_rng([n, power])
    for near in (False, True):
        cov = conditioned(n, power, rng)
        other = cov * (1 + 1e-6) if near else conditioned(n, power, rng)
        mean = rng.normal(size=n)
        a, b = MultivariateGaussian(mean, cov), MultivariateGaussian(mean + 1e-7 * near, other)
        truths = exact(a, b)
        for found, truth in zip((kl_divergence(a, b), entropy(a), cross_entropy(a, b)), truths):
            assert abs(found.value - truth) <= found.error
        assert kl_divergence(a, b).error <= 300 * 2.0**-52 * truths[0]


def test_the_cost_of_a_mean_field_at_a_correlation_of_almost_1():
    for n, gap in ((50, 1e-10), (5, 1e-12), (3, 0.3)):
        cov = equicorrelated(1 - gap, n)
        with mp.workdps(80):
            matrix = mp.matrix(cov.tolist())
            inverse = matrix**-1
            log_det = mp.log(mp.det(matrix))
            truths = -log_det / 2, (log_det + mp.fsum(mp.log(inverse[i, i]) for i in range(n))) / 2
        for found, truth in zip(mean_field_cost(cov), truths):
            assert abs(found.value - truth) <= found.error <= 1e-12 * (1 + truth)
