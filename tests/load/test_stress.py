"""A short run of the stress on pairs ten times harder than the reference pairs (see `tests.load.stress`)."""

from __future__ import annotations

import pytest

from kl_engine import GaussianMixture, forward_kl, reverse_kl
from kl_engine.estimates.checks import SMALLEST
from tests.load.hard_pairs import hard_pairs
from tests.load.stress import stress
from tests.precise_wide import divergence
from tests.reference import mixture_pairs


def test_no_number_is_wrong_or_claims_too_much():
    tallies = stress(120, seed=1)
    assert len(tallies) == 6
    for kind, tally in tallies.items():
        assert tally.faults == [], kind
        assert tally.counts["compared"] >= 2 and tally.counts["written"] >= 150 and tally.nearest <= 1


def test_the_pairs_are_as_hard_as_is_said():
    theirs = max(abs(float(mean)) for pair in mixture_pairs() for mean in pair.p.means if pair.kind == "separated")
    pairs = list(hard_pairs(600))
    assert max(abs(float(mean)) for pair in pairs for mean in pair.p.means) > 5 * theirs
    assert min(float(weight) for pair in pairs for weight in pair.p.weights) <= 1.001 * SMALLEST
    assert max(float(std) for pair in pairs for std in pair.p.stds) > 1e9


@pytest.mark.parametrize("place", [0, 1])
def test_the_smallest_normal_weight_counts_and_a_smaller_one_is_refused(place):
    weights = [1.0, 1.0]
    weights[place] = SMALLEST
    p, q = GaussianMixture(weights, [0, 4000], [1, 1e-9]), GaussianMixture([0.5, 0.5], [0, 4000], [1, 1e-9])
    for found, truth in ((forward_kl(p, q), divergence(p, q)), (reverse_kl(p, q), divergence(q, p))):
        assert abs(found.value - truth) <= found.error
    weights[place] = SMALLEST / 2
    with pytest.raises(ValueError, match="weights"):
        GaussianMixture(weights, [0, 4000], [1, 1e-9])
