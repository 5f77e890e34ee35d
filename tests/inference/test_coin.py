"""A coin with a Beta prior: its terms against 50 digits, where shapes of very different size meet."""

from __future__ import annotations

import mpmath as mp
import pytest

from kl_engine.distributions import Beta
from kl_engine.inference import BetaModel, free_energy


@pytest.mark.parametrize(
    ("a", "b", "x"),
    [
        (0.2, 49184.0, (3, 0)),
        (2.8, 0.065, (10**6, 2)),
        (22079.2, 0.0157, (3, 0)),
        (0.0011, 69639.0, (0, 2)),
        (67983.7, 127.8, (3, 0)),
        (9.99, 10.01, (0, 1)),
        (0.3, 0.7, (2, 1)),
        (1e-9, 1e9, (5, 7)),
        (3e8, 2e8, (10**6, 10**6)),
    ],
)
def test_no_coin_is_further_off_than_its_error(a, b, x):
    """Shapes of very different size, whose log Γ all but cancel."""
    found = free_energy(BetaModel(a, b), Beta(0.3, 20500.0), x)
    with mp.workdps(50):
        q, prior = (mp.mpf(0.3), mp.mpf(20500)), (mp.mpf(a), mp.mpf(b))
        after = prior[0] + x[0], prior[1] + x[1]
        logs = [mp.digamma(shape) - mp.digamma(sum(q)) for shape in q]

        def log_beta(pair):
            return mp.fsum(map(mp.loggamma, pair)) - mp.loggamma(sum(pair))

        def divergence(other):
            return log_beta(other) - log_beta(q) + mp.fsum((s - o) * e for s, o, e in zip(q, other, logs))

        truth = {
            "surprisal": log_beta(prior) - log_beta(after),
            "complexity": divergence(prior),
            "divergence": divergence(after),
            "entropy": log_beta(q) - mp.fsum((s - 1) * e for s, e in zip(q, logs)),
            "accuracy": x[0] * logs[0] + x[1] * logs[1],
        }
        for name, value in truth.items():
            estimate = getattr(found, name)
            assert abs(value - estimate.value) <= estimate.error, name
        size = abs(log_beta(prior)) + abs(log_beta(after)) + abs(mp.loggamma(min(after))) + 1
        assert found.surprisal.error <= 1e-13 * size
