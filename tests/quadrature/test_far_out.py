"""Far from 0 doubles are sparse: panels there touch exactly, or are not called proved, and what they give is true."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import kl_engine as kl
from kl_engine import GaussianMixture
from kl_engine.quadrature.proved.cutting import search
from kl_engine.quadrature.proved.integrand import Positive, Relative
from kl_engine.quadrature.proved.reach import reach
from kl_engine.quadrature.proved.scores import ByFirst, BySecond
from kl_engine.quadrature.proved.signs import Ratio
from kl_engine.quadrature.proved.table import table_of
from kl_engine.quadrature.proved.tilted import Tilted
from tests import arb

KINDS = [Relative(), Positive(), Tilted(0.3), ByFirst(), BySecond(), Ratio((0.0,), None)]


def far_apart(rng: np.random.Generator, distance: float) -> tuple[GaussianMixture, GaussianMixture]:
    """Groups of components about −distance and distance, each group of one to three that overlap."""
    sides = []
    for _ in range(2):
        means = np.concatenate([end + rng.normal(0, 2, rng.integers(1, 4)) for end in (-distance, distance)])
        stds = np.exp(rng.normal(0, 0.7, means.size))
        sides.append(GaussianMixture(rng.dirichlet(np.full(means.size, 3.0)), means, stds))
    return tuple(sides)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: type(kind).__name__)
@pytest.mark.parametrize("distance", [1e6, 1e9, 3e10, 1e11, 3e11, 1e12, 1e13, 1e14])
def test_panels_touch_exactly(kind, distance):
    for seed in range(4):
        table = table_of(*far_apart(np.random.default_rng(seed), distance))[0]
        with np.errstate(all="ignore"):
            over = reach(table, 2.0**-60, both=True)
            panels = search(table, kind, over, np.log(2.0**-60 * over.level))
        order = np.argsort(panels.centre)
        sides = [[Fraction(x) for x in array[order].tolist()] for array in (panels.centre, panels.half)]
        left, right = ([c + sign * h for c, h in zip(*sides)] for sign in (-1, 1))
        gaps = [after - before for before, after in zip(right, left[1:])]
        assert min(gaps, default=0) >= 0 and sum(gap > 0 for gap in gaps) == over.low.size - 1


def three_at(distance: float) -> tuple[GaussianMixture, GaussianMixture]:
    """At 1e12 its panels once lost 1e-4 of a std at their edges: JS was off by 4e-6 and called proved to 4e-14."""
    p = GaussianMixture([0.3, 0.2, 0.5], [-distance, 3 - distance, distance], [1, 1, 0.5])
    return p, GaussianMixture([0.4, 0.6], [-distance, distance], [1, 2])


@pytest.mark.parametrize("distance", [1e9, 1e12, 1e13])
def test_far_out_too_the_truth_is_within_the_error(distance):
    # What the two places see of one another is e^-1000 at a distance of 60, and less farther out.
    near, far = three_at(60), three_at(distance)
    for verb, truth in (
        (kl.kl_divergence, arb.kl_divergence),
        (kl.cross_entropy, arb.surprisal),
        (kl.jensen_shannon, arb.jensen_shannon),
        (lambda p, q: kl.alpha_divergence(p, q, 0.3), lambda p, q: arb.alpha_divergence(p, q, 0.3)),
    ):
        found = verb(*far)
        assert arb.miss(found.value, truth(*near)) <= found.error <= 1e-11


def test_gradients_far_out_are_those_of_the_two_places():
    # Far apart D is Σ w (log w/v + D of the two components), and the derivatives are those of closed forms.
    a = GaussianMixture([0.5, 0.5], [-1e12, 1e12], [1, 1])
    found = kl.kl_gradient(a, GaussianMixture([0.4, 0.6], [-1e12, 1e12], [1, 2]), "a")
    assert (np.abs(found.means.value) <= found.means.error).all()
    assert (np.abs(found.stds.value - [0, -0.375]) <= found.stds.error).all()
    assert (found.error <= 1e-11).all()


@pytest.mark.parametrize("distance", [1e6, 1e9, 1e12, 1e13])
def test_total_variation_and_disagreement_do_not_feel_the_distance(distance):
    # Both are sums over the two places, whatever lies between: so they are the same at every distance.
    here, there = three_at(1e4), three_at(distance)
    pairs = [(kl.total_variation(*here), kl.total_variation(*there))]
    pairs += zip(kl.disagreement(*here), kl.disagreement(*there))
    for first, second in pairs:
        assert abs(first.value - second.value) <= first.error + second.error
        assert second.error <= 1e-12 and second.certainty == kl.Certainty.PROVED


def at_odd_places(distance: float) -> tuple[GaussianMixture, GaussianMixture]:
    """About 0.1 and about a power of two, whose difference no double holds."""
    near = 0.1 + np.array([0.0, 2.5, -1.25])
    p = GaussianMixture([0.3, 0.2, 0.5], [near[0], near[1], distance], [1, 0.25, 0.5])
    return p, GaussianMixture([0.4, 0.4, 0.2], [near[2], distance - 1, distance + 2], [1.5, 0.5, 0.25])


@pytest.mark.parametrize("distance", [2.0**20, 2.0**31, 2.0**38, 2.0**44])
def test_no_number_feels_a_distance_whose_difference_is_rounded(distance):
    here, there = at_odd_places(2.0**12), at_odd_places(distance)
    verbs = [kl.kl_divergence, kl.jensen_shannon, kl.total_variation, kl.cross_entropy, lambda p, q: kl.entropy(p)]
    verbs += [lambda p, q: kl.alpha_divergence(p, q, 0.3), lambda p, q: kl.kl_divergences([(q, p), (p, q)])[1]]
    verbs += [lambda p, q: kl.disagreement(p, q).missed, lambda p, q: kl.disagreement(p, q).hallucinated]
    for wrt in "ab":
        for name in ("means", "stds", "weights"):
            verbs += [lambda p, q, w=wrt, n=name, i=i: getattr(kl.kl_gradient(p, q, w), n)[i] for i in range(3)]
    for verb in verbs:
        before, after = verb(*here), verb(*there)
        assert abs(before.value - after.value) <= before.error + after.error
        assert after.error <= 1e-10 * (1 + abs(after.value)) and after.certainty == kl.Certainty.PROVED
