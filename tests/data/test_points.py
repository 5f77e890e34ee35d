"""Maximum likelihood of points: beside scikit-learn, laws, and what is refused."""

from __future__ import annotations

import math

import numpy as np
import pytest

from kl_engine import MultivariateGaussianMixture
from kl_engine.data import Empirical, likelihood_fits, points_fits
from kl_engine.data.likelihood import NotFitted
from kl_engine.data.points import COVARIANCES

# Mean log likelihood and BIC of 1, 2, 3 Gaussians by scikit-learn 1.9.1: GaussianMixture(K, covariance_type, n_init=10,
# random_state=0, reg_covar=1e-10, max_iter=1000), on the sets of `drawn`.
SCIKIT_LEARN = {
    "0 full": [(-3.561027896, 1450.902745364), (-2.719548997, 1146.101089972), (-2.693233942, 1167.364971849)],
    "0 diagonal": [(-4.279977885, 1733.184423353), (-3.206330144, 1330.216913985), (-3.000695848, 1274.45478238)],
    "0 isotropic": [(-4.303579885, 1737.326906051), (-3.38884678, 1392.626933656), (-3.179174055, 1329.951113076)],
    "2 full": [(-5.112332804, 2605.859550258), (-3.876332993, 2043.07425398), (-3.852776493, 2086.510612869)],
    "2 diagonal": [(-6.054605051, 3060.431290812), (-4.521050716, 2332.304349693), (-4.269836114, 2245.347275291)],
    "2 isotropic": [(-6.450924598, 3247.548142666), (-4.814616022, 2457.001159509), (-4.47279862, 2313.69976292)],
    "4 full": [(-2.016435004, 629.983677591), (-1.984547688, 650.481294538), (-1.970613117, 676.364735019)],
    "4 diagonal": [(-2.064352614, 639.348325471), (-2.00065149, 645.29116468), (-1.975439751, 662.780819328)],
    "4 isotropic": [(-2.521441085, 771.464231257), (-2.202981026, 695.968754958), (-2.06674822, 675.141454153)],
}
# The same of 2 to 5 full Gaussians on the sets of `scattered`, on which one hill hides behind another.
OF_FIVE = {
    4: [-3.677959975, -3.284082709, -3.24542941, -3.224065533],
    6: [-3.42527483, -3.373336393, -3.271385456, -3.217819729],
    9: [-4.487633963, -4.070164708, -3.78470794, -3.528820215],
}
SHAPES = {"0": (2, 2, 200), "2": (3, 2, 250), "4": (2, 1, 150)}  # dimension, clusters, points


def drawn(name: str) -> np.ndarray:
    """The points of a set."""
    d, clusters, n = SHAPES[name]
    rng = np.random.default_rng(500 + int(name))
    centres, shapes = 3 * rng.normal(size=(clusters, d)), 0.6 * rng.normal(size=(clusters, d, d))
    k = rng.integers(clusters, size=n)
    x = centres[k] + np.einsum("nij,nj->ni", shapes[k], rng.normal(size=(n, d)))
    return np.round(x + 0.3 * rng.normal(size=(n, d)), 4)


@pytest.mark.parametrize("case", SCIKIT_LEARN)
def test_at_least_as_likely_as_scikit_learns_best_of_ten_restarts(case):
    name, kind = case.split()
    fits = points_fits(drawn(name), 3, kind)
    for fit, (likelihood, bic) in zip(fits, SCIKIT_LEARN[case]):
        assert -fit.loss.value >= likelihood - 1e-6 and fit.bic <= bic + 1e-3
    losses = [fit.loss.value for fit in fits]
    assert all(after <= before + 1e-12 for before, after in zip(losses, losses[1:]))
    assert fits[0].bic == pytest.approx(SCIKIT_LEARN[case][0][1], abs=1e-5)


def scattered(seed: int) -> np.ndarray:
    """Points in the plane of one to five clusters, of different sizes and shapes."""
    rng = np.random.default_rng(700 + seed)
    clusters, n = int(rng.integers(1, 6)), int(rng.integers(120, 400))
    centres, shapes = 3 * rng.normal(size=(clusters, 2)), 0.6 * rng.normal(size=(clusters, 2, 2))
    k = rng.integers(clusters, size=n)
    x = centres[k] + np.einsum("nij,nj->ni", shapes[k], rng.normal(size=(n, 2)))
    return np.round(x + 0.3 * rng.normal(size=(n, 2)), 4)


@pytest.mark.parametrize("seed", OF_FIVE)
def test_so_are_four_and_five_components_in_the_plane(seed):
    x = scattered(seed)
    likelihoods = [-fit.loss.value for fit in points_fits(x, 5)]
    assert all(ours >= theirs - 1e-6 for ours, theirs in zip(likelihoods[1:], OF_FIVE[seed], strict=True))
    assert likelihoods == sorted(likelihoods)


def test_in_one_dimension_it_is_the_fit_on_the_line():
    x = np.random.default_rng(1).normal(size=80) + 6 * (np.arange(80) % 2)
    for line, points in zip(likelihood_fits(Empirical.of(x), 2), points_fits(x[:, None], 2)):
        assert points.loss.value == pytest.approx(line.loss.value, abs=1e-7)


@pytest.mark.parametrize("kind", COVARIANCES)
def test_known_clusters_are_found_and_counted_by_bic(kind):
    p = MultivariateGaussianMixture([0.6, 0.4], [[0, 0, 0], [4, 4, -4]], [1.0, 0.5])
    fits = points_fits(p.sample(300, 0), 3, kind)
    best = min(fits, key=lambda fit: fit.bic)
    assert best is fits[1] and best is min(fits, key=lambda fit: fit.bits)
    assert best.q.weights == pytest.approx([0.6, 0.4], abs=0.06)
    off = best.q.covs - np.eye(3) * np.diagonal(best.q.covs, axis1=1, axis2=2)[:, :, None]
    assert kind == "full" or np.abs(off).max() < 1e-12
    assert [fit.parameters for fit in fits] == {"full": [9, 19, 29], "diagonal": [6, 13, 20], "isotropic": [4, 9, 14]}[
        kind
    ]


def test_full_and_isotropic_turn_with_the_points():
    x = drawn("0")
    turn = np.array([[math.cos(1.0), -math.sin(1.0)], [math.sin(1.0), math.cos(1.0)]])
    for kind in ("full", "isotropic"):
        one, other = points_fits(x, 2, kind)[1], points_fits(5 * x @ turn.T + 3, 2, kind)[1]
        assert other.loss.value == pytest.approx(one.loss.value + 2 * math.log(5), abs=1e-6)


def test_spikes_and_too_few_points_are_not_fitted():
    x = np.concatenate([np.random.default_rng(0).normal(size=(40, 2)), np.tile([[9.0, 9.0]], (10, 1))])
    assert isinstance(points_fits(x, 2)[1], NotFitted)
    assert "at least 6 points" in points_fits(np.random.default_rng(0).normal(size=(5, 2)), 2)[1].reason


@pytest.mark.parametrize(
    ("x", "more", "words"),
    [
        ([[0.0, 1.0], [1.0, 2.0], [2.0, 3.0], [3.0, 4.0]], (), "do not all lie in a plane"),
        ([[0.0, 1.0], [0.0, 2.0], [0.0, 3.0], [0.0, 4.0]], (), "in no coordinate all the same"),
        ([0.0, 1.0], (), "matrix"),
        (np.eye(4, 2), ("spherical",), "covariance: expected one of full, diagonal, isotropic"),
    ],
)
def test_what_cannot_be_fitted_is_refused(x, more, words):
    with pytest.raises(ValueError, match=words):
        points_fits(x, 1, *more)
