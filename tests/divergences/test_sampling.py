"""What may be asked of a sample: its points, its half-width, its randomness; and where none is drawn it is refused."""

from __future__ import annotations

import numpy as np
import pytest

import kl_engine as kl
from tests.laws.families import FAMILIES

EYE = np.eye(4)
P = kl.MultivariateGaussianMixture([0.5, 0.5], [[0, 0, 0, 0], [2, 1, 0, 1]], [EYE, 2 * EYE])
Q = kl.MultivariateGaussianMixture([0.3, 0.7], [[0, 0, 1, 0], [-2, 1, 0, 0]], [EYE, 0.5 * EYE])
ONE = kl.MultivariateGaussian([0, 1, 0, 0], EYE)
VERBS = {
    "entropy": lambda **asked: kl.entropy(P, **asked),
    "cross_entropy": lambda **asked: kl.cross_entropy(P, Q, **asked),
    "kl_divergence": lambda **asked: kl.kl_divergence(P, Q, **asked),
    "forward_kl": lambda **asked: kl.forward_kl(P, Q, **asked),
    "reverse_kl": lambda **asked: kl.reverse_kl(P, Q, **asked),
    "alpha_divergence": lambda **asked: kl.alpha_divergence(P, Q, 0.3, **asked),
    "alpha at its end": lambda **asked: kl.alpha_divergence(P, Q, 1, **asked),
    "renyi_divergence": lambda **asked: kl.renyi_divergence(P, Q, 0.3, **asked),
    "jensen_shannon": lambda **asked: kl.jensen_shannon(P, Q, **asked),
    "jensen_shannon of Gaussians": lambda **asked: kl.jensen_shannon(P, ONE, **asked),
    "total_variation": lambda **asked: kl.total_variation(P, Q, **asked),
    "disagreement": lambda **asked: kl.disagreement(P, Q, **asked).hallucinated,
}


@pytest.mark.parametrize("verb", VERBS.values(), ids=VERBS)
def test_points_half_width_and_seed_are_what_was_asked(verb):
    few, more = verb(points=64, rng=1), verb(points=512, rng=1)
    assert "64 points" in few.method and "512 points" in more.method and more.error < few.error
    aimed = verb(points=64, target_error=few.error / 2)
    assert aimed.error <= few.error / 2 and aimed.certainty == few.certainty
    assert verb(points=64, rng=1) == few != verb(points=64, rng=2)
    assert verb(points=64, rng=np.random.default_rng(1)) == few
    assert abs(few.value - more.value) < 3 * (few.error + more.error)


def test_in_the_plane_only_kinks_are_sampled():
    p, q = FAMILIES["multivariate Gaussians"].examples[:2]
    assert "64 points" in kl.total_variation(p, q, points=64).method
    assert "64 points" in kl.disagreement(p, q, points=64).missed.method
    with pytest.raises(ValueError, match="points: expected nothing"):
        kl.kl_divergence(p, q, points=64)


def test_mixtures_that_differ_in_two_coordinates_need_no_sample():
    wide = kl.MultivariateGaussianMixture([0.5, 0.5], [[0, 0, 0, 0], [2, 1, 0, 0]], [EYE, EYE])
    assert kl.kl_divergence(wide, ONE, points=64, target_error=1e-3) == kl.kl_divergence(wide, ONE)


@pytest.mark.parametrize("name, value", [("points", 64), ("target_error", 1e-3), ("rng", 0)])
def test_where_nothing_is_drawn_it_is_refused_by_name(name, value):
    pairs = [family.examples[:2] for family in FAMILIES.values()]
    pairs += [(ONE, ONE), (kl.Gaussian(0, 1), kl.distributions.Beta(2, 2)), ([0.5, 0.5], [0.1, 0.9])]
    for p, q in pairs:
        with pytest.raises(ValueError, match=f"{name}: expected nothing: kl_divergence of these"):
            kl.kl_divergence(p, q, **{name: value})
    with pytest.raises(ValueError, match=f"{name}: expected nothing: cross_entropy of these"):
        kl.cross_entropy(P, ONE, **{name: value})
    with pytest.raises(ValueError, match=f"{name}: expected nothing: entropy of these"):
        kl.entropy(ONE, **{name: value})


@pytest.mark.parametrize(
    "bad",
    [
        {"points": 100}, {"points": 2**18}, {"points": 1.5}, {"target_error": 0}, {"target_error": -1},
        {"target_error": float("nan")}, {"rng": -1}, {"rng": "seed"}, {"rng": True},
    ],
    ids=repr,
)  # fmt: skip
def test_what_makes_no_sense_is_refused(bad):
    with pytest.raises(ValueError, match=f"{next(iter(bad))}: expected"):
        kl.kl_divergence(P, Q, **bad)


@pytest.mark.parametrize("alpha", [-1.0, -0.25, 1.25, 2.0, 3.0])
def test_an_alpha_that_cannot_be_sampled_is_named_as_it_was_given(alpha):
    # By the mirrored form, which is taken above ½, it would be 1 − α.
    with pytest.raises(ValueError, match=rf"^alpha: expected a number from 0 to 1 .*, got {alpha}$"):
        kl.alpha_divergence(P, Q, alpha)
    if alpha > 0:
        with pytest.raises(ValueError, match=rf"^alpha: expected .*, got {alpha}$"):
            kl.renyi_divergence(P, Q, alpha)
