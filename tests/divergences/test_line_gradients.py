"""Derivatives of D between mixtures on the line, and many divergences at once, beside what is known of each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction

import numpy as np
import pytest

import kl_engine as kl
from kl_engine import Certainty, Gaussian, GaussianMixture
from kl_engine.divergences.line import estimate_of
from kl_engine.quadrature.proved import relative
from kl_engine.quadrature.proved.table import table_of
from tests.reference import DATA, mixture_pairs

PAIRS = {pair.name: pair for pair in mixture_pairs()}
CASES = json.loads((DATA / "pair_gradients.json").read_text(encoding="utf-8"))["cases"]


def derivatives(found, case: dict) -> Iterator[tuple[float, float, Fraction]]:
    """Value, error and truth of each derivative; of one Gaussian no weight varies."""
    for name, part in found.parts.items():
        truths = case[name if name in case else f"{name}s"]
        yield from zip(part.value.tolist(), part.error.tolist(), map(Fraction, truths))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['id']}-{case['wrt']}")
def test_derivatives_of_the_reference_pairs_to_30_digits(case):
    pair = PAIRS[case["id"]]
    found = kl.kl_gradient(pair.p, pair.q, case["wrt"])
    for value, error, truth in derivatives(found, case):
        miss = abs(Fraction(value) - truth)
        assert miss <= Fraction(error) + abs(truth) / 10**20
        assert miss <= Fraction(1, 10**9) * max(1, abs(truth))
    for part in found.parts.values():
        assert set(part.certainties) <= {Certainty.PROVED, Certainty.EXACT}


@pytest.mark.parametrize("weight", [1e-3, 1e-15, 1e-50, 1e-300])
def test_a_derivative_by_a_rare_weight_is_known_beside_its_own_size(weight):
    # As the weight → 0, b is N(0, 1), and the derivative along the simplex 1 − E_a [N(1, 1)/N(0, 1)].
    b = GaussianMixture([weight, 1 - weight], [1, 0], [1, 1])
    by_weight = kl.kl_gradient(Gaussian(1, 1), b).weights
    expected = 1 - np.e  # E under N(1, 1) of N(1, 1)/N(0, 1) = e^(x − ½) is e
    assert by_weight.error[0] <= 1e-9
    assert by_weight.value[0] == pytest.approx(expected, abs=20 * weight + 1e-9)
    by_mean = kl.kl_gradient(Gaussian(1, 1), b).means
    assert by_mean.error[0] <= 1e-9 * weight


def test_many_at_once_are_as_one_by_one():
    pairs = [(pair.p, pair.q) for pair in list(mixture_pairs())[::5]]
    pairs += [(q, p) for p, q in pairs] + [(Gaussian(0, 1), Gaussian(1, 2)), (pairs[0][0], pairs[0][0])]
    found = kl.kl_divergences(pairs)
    for (a, b), many in zip(pairs, found):
        one = kl.kl_divergence(a, b)
        assert abs(one.value - many.value) <= one.error + many.error
        by_panels = estimate_of(relative.solve(table_of(a, b)[0])[1])  # as many are; steps of one length leave less
        assert many.error <= 10 * by_panels.error + 1e-25 and one.error <= 2 * by_panels.error + 1e-25
        assert many.certainty == one.certainty or {many.certainty, one.certainty} <= {Certainty.PROVED, Certainty.EXACT}


def test_arrays_are_as_their_pairs():
    rng = np.random.default_rng(0)
    sides = [(rng.dirichlet([2, 2, 2], 20), rng.normal(0, 3, (20, 3)), rng.uniform(0.3, 2, (20, 3))) for _ in range(2)]
    found = kl.kl_divergences(tuple(sides))
    listed = kl.kl_divergences([tuple(GaussianMixture(*(x[i] for x in side)) for side in sides) for i in range(20)])
    assert (np.abs(found.value - listed.value) <= listed.error).all()  # a sum of weights may be rounded otherwise
    same = kl.kl_divergences((sides[0], tuple(x[0] for x in sides[1])))
    assert same.value[0] == found.value[0] and len(same) == 20
