"""Ill-conditioned covariances: the closed forms keep their digits, and the stated error stays near the true one."""

from __future__ import annotations

from functools import partial

import mpmath as mp
import numpy as np
import pytest

from kl_engine import (
    MultivariateGaussian,
    alpha_divergence,
    cross_entropy,
    entropy,
    kl_divergence,
    renyi_divergence,
)
from kl_engine.divergences.space import many_digits
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


def exact_orders(p: MultivariateGaussian, q: MultivariateGaussian, alpha: float) -> tuple[mp.mpf, mp.mpf] | None:
    """D_α and R_α by det and inverse of α Σ_q + (1−α) Σ_p; None where that is not positive definite."""
    order = mp.mpf(alpha)
    first, second = (mp.matrix(c.cov.tolist()) for c in (p, q))
    shift = mp.matrix([mp.mpf(x) - mp.mpf(y) for x, y in zip(p.mean.tolist(), q.mean.tolist())])
    mixed = first + order * (second - first)
    leading = [mp.det(mixed[:k, :k]) for k in range(1, p.dimension + 1)]
    if min(leading) <= 0:
        return None
    share = order * (1 - order)
    square = share * (shift.T * mixed**-1 * shift)[0]
    lost = (square + mp.log(leading[-1]) - (1 - order) * mp.log(mp.det(first)) - order * mp.log(mp.det(second))) / 2
    return -mp.expm1(-lost) / share, lost / (1 - order)


@pytest.mark.parametrize("power", [0, 8, 13])
@pytest.mark.parametrize("n", [2, 5])
def test_of_every_order_too_and_where_the_integral_is_infinite_it_says_so(n, power):
    rng = np.random.default_rng([n, power, 1])
    size = 10.0 ** (-power / 2)
    for near in (False, True):
        cov = conditioned(n, power, rng)
        other = cov * (1 + 1e-6) if near else conditioned(n, power, rng)
        mean = size * rng.normal(size=n)
        p, q = MultivariateGaussian(mean, cov), MultivariateGaussian(mean + 1e-7 * size * near, other)
        for order in (-1.5, 1e-50, 0.3, 0.9, 1.4, 2.0):
            with mp.workdps(120):
                truths = exact_orders(p, q, order)
            verbs = (alpha_divergence, renyi_divergence) if order > 0 else (alpha_divergence,)
            for i, verb in enumerate(verbs):
                found = verb(p, q, order)
                if truths is None:
                    assert np.isinf(found.value)
                else:
                    assert abs(found.value - truths[i]) <= found.error <= 300 * 2.0**-52 * truths[i]


def test_an_order_at_which_the_mixed_covariance_is_just_singular_is_infinite():
    rng = np.random.default_rng(5)
    for power in (1, 6, 12):
        cov = conditioned(3, power, rng)
        p, q = MultivariateGaussian(np.zeros(3), cov), MultivariateGaussian(np.zeros(3), 2 * cov)
        assert np.isinf(alpha_divergence(p, q, -1.0).value)
        assert np.isinf(alpha_divergence(p, q, -1.0 - 1e-9).value)
        found = alpha_divergence(p, q, -1.0 + 1e-9)
        with mp.workdps(60):
            truth = exact_orders(p, q, -1.0 + 1e-9)[0]
        assert abs(found.value - truth) <= found.error <= 1e-12 * truth


def test_in_many_dimensions_what_doubles_hold_is_not_asked_of_the_decimals(monkeypatch):
    # At n = 200 these would take half a minute.
    def asked(*_):
        raise AssertionError

    for name in ("half_log_det", "divergence", "mean_square", "gain"):
        monkeypatch.setattr(many_digits, name, asked)
    rng = np.random.default_rng(6)
    covs = [np.cov(rng.normal(size=(200, 2000))) for _ in range(2)]
    a, b = (MultivariateGaussian(rng.normal(size=200), cov) for cov in covs)
    verbs = (kl_divergence, cross_entropy, partial(alpha_divergence, alpha=0.3), partial(renyi_divergence, alpha=0.7))
    for found in (entropy(a), *(verb(a, b) for verb in verbs)):
        assert 0 < found.error <= 1e-10 * (1 + abs(found.value))


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
