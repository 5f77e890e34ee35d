"""What is proved is true: nested, buried and plateau kinds beside rigorous integrals in ball arithmetic."""

from __future__ import annotations

import numpy as np
import pytest

from kl_engine import Certainty, Gaussian, GaussianMixture, cross_entropy, entropy, jensen_shannon, kl_divergence
from kl_engine.divergences.line import estimate_of
from kl_engine.quadrature.proved import relative
from kl_engine.quadrature.proved.table import table_of
from tests import arb

ONE = Gaussian(0, 1)
PAIRS = {
    "nested scales, one buried": (ONE, GaussianMixture([1 - 1e-12 - 1e-16, 1e-12, 1e-16], [0, 0, 0], [1e-6, 1, 3e-4])),
    "nested scales": (GaussianMixture([0.5, 0.5], [0, 0], [1, 0.01]), GaussianMixture([0.2, 0.8], [0, 0], [0.1, 3])),
    "buried": (ONE, GaussianMixture([0.999, 1e-3], [0, 0.3], [1, 1e-4])),
    "far away": (GaussianMixture([0.5, 0.5], [-40, 40], [1, 2]), GaussianMixture([0.4, 0.6], [-39, 41], [2, 1])),
    "a plateau": (GaussianMixture(np.full(12, 1 / 12), np.arange(12.0), np.ones(12)), Gaussian(5.5, 4)),
}


@pytest.mark.parametrize("name", PAIRS)
def test_the_truth_is_within_the_proved_error(name):
    a, b = PAIRS[name]
    for first, second in ((a, b), (b, a)):
        truth = arb.kl_divergence(first, second)
        by_panels = estimate_of(relative.solve(table_of(first, second)[0])[1])
        for found in (kl_divergence(first, second), by_panels):
            assert arb.miss(found.value, truth) <= found.error <= 1e-9 * found.value
            assert found.certainty == Certainty.PROVED
    found = jensen_shannon(a, b)
    assert arb.miss(found.value, arb.jensen_shannon(a, b)) <= found.error
    assert found.certainty == Certainty.PROVED


@pytest.mark.parametrize("name", PAIRS)
def test_entropies_too(name):
    for p in PAIRS[name]:
        found = entropy(p)
        assert arb.miss(found.value, arb.surprisal(p, p)) <= found.error
    found = cross_entropy(*PAIRS[name])
    assert arb.miss(found.value, arb.surprisal(*PAIRS[name])) <= found.error


def test_alike_but_for_a_weight_of_almost_nothing():
    # The ratio of two weights is 1e113: what is computed from it is beyond every double, the divergence is not.
    a = GaussianMixture([2.68e-308, 1], [2.0726, -4.0827], [1.31366, 0.94587])
    b = GaussianMixture([3.56e-195, 1], [2.0723, -4.0828], [1.31367, 0.94599])
    for first, second in ((a, b), (b, a)):
        found = kl_divergence(first, second)
        assert arb.miss(found.value, arb.kl_divergence(first, second)) <= found.error <= 1e-6 * found.value
