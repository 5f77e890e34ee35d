"""A sum over whole numbers ends where what is left is bounded, and never because one term of it is 0."""

from __future__ import annotations

import math

import numpy as np
import pytest

import kl_engine as kl
from kl_engine.distributions import Geometric, NegativeBinomial, Poisson

FAR = 600_000


def masses(d) -> np.ndarray:
    return np.exp(d.log_pmf(np.arange(FAR, dtype=float)))


@pytest.mark.parametrize("p, q", [(0.001, 0.0012), (0.0005, 0.0006), (0.01, 0.0101), (0.002, 0.01)])
def test_what_is_missed_far_out_is_counted(p, q):
    # p exceeds e² q only beyond thousands of terms that are all 0.
    first, second = Geometric(p, 0), Geometric(q, 0)
    a, b = masses(first), masses(second)
    found = kl.disagreement(first, second)
    for number, truth in ((found.missed, a[a > math.e**2 * b].sum()), (found.hallucinated, b[b > math.e**2 * a].sum())):
        assert abs(number.value - truth) <= number.error + 1e-12
    assert found.missed.value > 1e-12 or p == 0.01


def test_a_crossing_at_the_end_of_a_block_ends_nothing():
    # The log ratio is 0 at 4095, the last number of the first block, and the tails beyond it differ.
    p = 0.0004
    low, high = 1e-5, p * 0.999
    for _ in range(200):
        middle = 0.5 * (low + high)
        ratio = math.log(p / middle) + 4095 * (math.log1p(-p) - math.log1p(-middle))
        low, high = (middle, high) if ratio > 0 else (low, middle)
    for q in (low, high, np.nextafter(low, 0), np.nextafter(high, 1)):
        a, b = Geometric(p, 0), Geometric(float(q), 0)
        x, y = masses(a), masses(b)
        gaps = np.abs(x - y).sum() / 2
        found = kl.total_variation(a, b)
        assert abs(found.value - gaps) <= found.error + 1e-10
        exact = kl.kl_divergence(a, b)
        assert exact.value == pytest.approx(float((x * (np.log(x) - np.log(y))).sum()), rel=1e-6)


@pytest.mark.parametrize("d", [Geometric(1e-4, 0), Poisson(1e4), NegativeBinomial(3, 0.001)], ids=repr)
def test_between_equals_it_ends_too(d):
    for verb in (kl.kl_divergence, kl.jensen_shannon, kl.total_variation):
        found = verb(d, d)
        assert abs(found.value) <= found.error + 1e-15 and found.error < 1e-8
    assert kl.disagreement(d, d).missed.value == 0
