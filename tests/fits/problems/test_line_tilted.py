"""α fits and weighted fits of any p on the line: those of a mixture where it is one, stationary, refused in words."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

import kl_engine as kl

d = kl.distributions
GAUSSIAN = kl.families.Gaussian()
MIXTURE = kl.GaussianMixture([0.3, 0.7], [-2, 1], [0.5, 1])
AIMS = [kl.Alpha(0.5), kl.Alpha(0.1), kl.Alpha(1.5), kl.Alpha(-0.5), kl.Weighted(1, 0.5, 0.7), kl.Weighted(0, 2, 1)]
TARGETS = {
    "Laplace": d.Laplace(0, 1),
    "t(3)": d.StudentT(3, 1, 2),
    "Cauchy": d.Cauchy(0, 1),
    "skewed": d.SkewGaussian(6, -1, 1.5),
    "logistic": d.Logistic(0, 1),
    "Gamma": d.Gamma(2, 1),
    "lognormal": d.LogNormal(0, 1),
    "uniform": d.Uniform(0, 1),
    "singular": d.Beta(0.5, 0.3),
    "Gumbel": kl.as_distribution(stats.gumbel_r()),
    "quartic": d.Density(lambda x: -(x**4) / 4 + x),
}


@pytest.mark.parametrize("aim", AIMS, ids=repr)
def test_a_mixture_known_by_its_log_density_alone_has_the_same_fits(aim):
    own, other = kl.fit(MIXTURE, aim), kl.fit(d.Density(MIXTURE.log_pdf), aim)
    assert abs(own.q.mean - other.q.mean) <= 1e-7 and abs(own.q.std - other.q.std) <= 1e-7
    assert abs(own.value.value - other.value.value) <= own.value.error + other.value.error + 1e-14
    held = kl.families.Gaussian(std=0.8)
    assert abs(kl.fit(MIXTURE, aim, held).q.mean - kl.fit(d.Density(MIXTURE.log_pdf), aim, held).q.mean) <= 1e-7


@pytest.mark.parametrize("alpha", [0.2, 0.7])
@pytest.mark.parametrize("name", TARGETS)
def test_at_an_alpha_fit_the_tilted_density_has_the_moments_of_q(name, alpha):
    p = TARGETS[name]
    p = kl.divergences.normalised(p) if isinstance(p, d.Density) else p
    found = kl.fit(p, kl.Alpha(alpha), GAUSSIAN)
    assert found.converged, found.reason
    q = found.q
    z = np.linspace(-20, 20, 160_001)[1:] - 1e-5  # by a sum of equal steps, none of which is at an end of p
    x = q.mean + q.std * z
    with np.errstate(divide="ignore"):
        tilted = np.exp(alpha * p.log_pdf(x) + (1 - alpha) * q.log_pdf(x))
    mass, first, second = (float((tilted * z**k).sum()) for k in range(3))
    tolerance = 1e-2 if name == "singular" else 1e-4
    assert abs(first / mass) <= tolerance and abs(second / mass - 1) <= tolerance


@pytest.mark.parametrize("name", ["Laplace", "skewed", "Cauchy", "quartic"])
def test_a_weighted_fit_is_no_worse_than_its_neighbours(name):
    p, aim = TARGETS[name], kl.Weighted(0, 1.5, 1)
    found = kl.fit(p, aim)
    assert found.converged
    for mean, std in ((0.05, 1), (-0.05, 1), (0, 1.05), (0, 0.95)):
        beside = kl.Gaussian(found.q.mean + mean * found.q.std, std * found.q.std)
        worse = -1.5 * kl.entropy(beside) + kl.cross_entropy(beside, found.problem.p)
        assert worse.value > found.value.value
    assert kl.fit(p, kl.Weighted(0, 1, 1)).q.std == pytest.approx(kl.fit(p, "reverse").q.std, rel=1e-9)


REFUSED = [
    ("Laplace", kl.Alpha(2), "as any from 0 to 1 is"),
    ("Cauchy", kl.Alpha(1.2), "as any from 0 to 1 is"),
    ("Gamma", kl.Alpha(-1), "support"),
    ("singular", kl.Alpha(4), "power"),
    ("quartic", kl.Alpha(-1), "an α from 0 to 1"),
    ("uniform", kl.Weighted(0, 1, 1), "without energy"),
    ("Cauchy", kl.Weighted(1, 0, 1), "no forward fit exists"),
    ("t(3)", kl.Weighted(0, 4.5, 1), "that has a minimum"),
    ("Laplace", kl.Weighted(0, -1, 1), "that has a minimum"),
    ("uniform", "reverse", r"kl.Alpha\(0.5\)"),
]


@pytest.mark.parametrize(("name", "aim", "words"), REFUSED)
def test_what_is_infinite_for_every_q_is_refused_with_the_way_out(name, aim, words):
    with pytest.raises(ValueError, match=words):
        kl.fit(TARGETS[name], aim, GAUSSIAN)


def test_a_mixture_is_fitted_in_the_two_directions_alone():
    with pytest.raises(ValueError, match='"forward" or "reverse", as q is a mixture'):
        kl.fit(TARGETS["Laplace"], kl.Alpha(0.5), kl.families.Mixture(2))
    for direction in ("forward", "reverse"):
        found = kl.fit(TARGETS["skewed"], direction, kl.families.Mixture(2))
        assert found.converged and found.value.value < kl.fit(TARGETS["skewed"], direction).value.value


def test_an_alpha_beyond_which_all_is_infinite_ends_at_the_edge():
    found = kl.fit(TARGETS["skewed"], kl.Alpha(2))
    assert found.status == kl.Status.EDGE and math.isclose(found.q.std, 1.5 / math.sqrt(2), rel_tol=1e-2)


def test_the_root_of_a_laplace_and_of_a_t_are_each_others_transforms():
    """√(e^−|x|/2) has the Fourier transform of the root of a t(3), so that both are as far from their Gaussians."""
    first, second = (kl.fit(p, kl.Alpha(0.5)).value for p in (d.Laplace(0, 1), d.StudentT(3, 0, 1)))
    assert abs(first.value - second.value) <= first.error + second.error


def test_the_stationary_points_and_the_flow_of_another_objective():
    points = kl.optima.stationary_points(TARGETS["skewed"], kl.Alpha(0.5))
    best = kl.fit(TARGETS["skewed"], kl.Alpha(0.5)).q
    assert not points.complete and abs(points[0].q.mean - best.mean) < 1e-9
    way = kl.optima.flow(TARGETS["skewed"], kl.Alpha(0.5), kl.Gaussian(2, 1), frames=5)
    assert math.isclose(float(way.parameters["mean"][-1]), best.mean, abs_tol=1e-6)


@pytest.mark.parametrize("direction", ["forward", "reverse"])
def test_the_landscape_of_any_p_is_its_divergence(direction):
    means, stds = [-1.0, 0.5], [0.7, 2.0]
    for p in (TARGETS["Laplace"], TARGETS["t(3)"], "logistic(0, 1)", d.Density(MIXTURE.log_pdf)):
        found = kl.optima.landscape(p, direction, means, stds)
        verb = kl.forward_kl if direction == "forward" else kl.reverse_kl
        truth = [[verb(p, kl.Gaussian(mean, std)).value for mean in means] for std in stds]
        assert found.shape == (2, 2) and np.abs(found - truth).max() <= 1e-8
    own = kl.optima.landscape(MIXTURE, direction, means, stds)
    assert np.abs(own - kl.optima.landscape(d.Density(MIXTURE.log_pdf), direction, means, stds)).max() <= 1e-8
    with pytest.raises(ValueError, match=r"kl.optima.flow"):
        kl.optima.basins(TARGETS["Laplace"], direction, means, stds)
