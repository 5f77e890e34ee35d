"""Panel edges at crossings: few where many components overlap, and enough."""

from __future__ import annotations

import numpy as np
import pytest

import kl_engine as kl
from kl_engine import Gaussian, GaussianMixture
from kl_engine.fits.directions import ReverseObjective
from kl_engine.quadrature.crossings import crossing_points


def drawn(seed: int, k: int) -> GaussianMixture:
    """Overlapping components; every third time of nested scales."""
    rng = np.random.default_rng(seed)
    stds = np.exp(rng.uniform(-3, 1, k)) if seed % 3 == 0 else rng.uniform(0.5, 1.5, k)
    return GaussianMixture(rng.dirichlet(np.full(k, 3.0)), rng.normal(0, 2, k), stds)


@pytest.mark.parametrize("k", [4, 10, 20, 40])
@pytest.mark.parametrize("seed", range(4))
def test_values_and_slopes_are_right_to_all_digits(seed, k):
    p, rng = drawn(seed, k), np.random.default_rng(seed)
    places = np.column_stack([rng.normal(0, 2, 6), np.exp(rng.uniform(-1, 1, 6))])
    terms = ReverseObjective.of(p).terms(places)
    for row, (mean, std) in enumerate(places):
        q = Gaussian(mean, std)
        assert terms.value[row] == pytest.approx(kl.reverse_kl(p, q).value, abs=1e-11)
        found = kl.kl_gradient(q, p, "a")
        slopes = [found.mean.value[0] * std, found.std.value[0] * std]
        assert terms.gradient[row] == pytest.approx(slopes, abs=1e-9)


def test_their_number_does_not_grow_with_that_of_the_pairs():
    counts = {k: len(crossing_points(drawn(1, k))) for k in (10, 20, 40, 80)}
    assert counts[80] < 3 * counts[20] and counts[20] < 100
