"""Fits of one multivariate Gaussian, and what mean field costs."""

from __future__ import annotations

import math

import numpy as np
import pytest

from kl_engine import (
    Alpha,
    GaussianMixture,
    MultivariateGaussian,
    MultivariateGaussianMixture,
    families,
    fit,
    forward_kl,
    kl_divergence,
    reverse_kl,
)
from kl_engine.fits.families import equicorrelated, mean_field_cost, moment_match
from kl_engine.fits.multivariate import MultivariateObjective, Nodes, gaussian_at, place_of
from kl_engine.optima import stationary_points
from tests.cases import two_modes
from tests.divergences.test_multivariate import CLASSIC
from tests.multivariate_pairs import mixture, spaced
from tests.reference import worked_case

FULL, DIAGONAL, ISOTROPIC = families.Gaussian(), families.Diagonal(), families.Isotropic()
FAMILIES = [FULL, DIAGONAL, ISOTROPIC]
APART = MultivariateGaussianMixture([0.4, 0.6], [[-3, -3], [3, 3]], CLASSIC.covs)


def test_the_correlated_gaussian_under_mean_field():
    case = worked_case("E01_prml_10_2_rho09")
    truth, rho = case["expected"], case["inputs"]["rho"]
    p = MultivariateGaussian([1, -2], [[1, rho], [rho, 1]])
    forward, reverse = (fit(p, direction, DIAGONAL) for direction in ("forward", "reverse"))
    assert forward.q.cov == pytest.approx(np.diag([truth["var_forward"]] * 2), rel=1e-12)
    assert reverse.q.cov == pytest.approx(np.diag([truth["var_reverse"]] * 2), rel=1e-12)
    assert forward.value.value == pytest.approx(truth["kl_forward_opt"], rel=1e-12)
    assert reverse.value.value == pytest.approx(truth["kl_reverse_opt"], rel=1e-12)
    assert forward.converged and reverse.converged and forward.q.mean == pytest.approx([1, -2])
    assert fit(p, "reverse").q == p


def test_the_bimodal_target_is_covered():
    found = stationary_points(CLASSIC)
    assert found[0].value.value == pytest.approx(0.2007112606, abs=1e-10)
    assert [point.kind for point in found].count("minimum") == 1 and found[0].kind == "minimum"
    assert fit(CLASSIC, "reverse").q == found[0].q and len(fit(CLASSIC, "reverse").optima) == 1


@pytest.mark.parametrize("covariance", FAMILIES)
def test_no_neighbour_is_better(covariance):
    rng = np.random.default_rng(3)
    for p in (CLASSIC, mixture(rng, 3)):
        for direction, divergence in (("forward", forward_kl), ("reverse", reverse_kl)):
            found = fit(p, direction, covariance)
            assert found.converged and found.value.value == pytest.approx(divergence(p, found.q).value)
            objective = MultivariateObjective(p, covariance, Nodes.common(2))
            for _ in range(5):
                step = 1e-2 * rng.normal(size=2 + len(objective.directions))
                place = objective.moved(place_of(found.q)[None], step[None])[0]
                beside = divergence(p, gaussian_at(place, 2))
                assert beside.value > found.value.value - beside.error - found.value.error


@pytest.mark.parametrize("covariance", FAMILIES)
@pytest.mark.parametrize("dimension", [2, 3])
def test_derivatives_against_differences(covariance, dimension):
    rng = np.random.default_rng(4)
    p = spaced(dimension, 2, rng)
    place = place_of(moment_match(spaced(dimension, 1, rng), covariance))
    objective, h = MultivariateObjective(p, covariance, Nodes.common(dimension)), 1e-4
    here = objective.terms(place[None])
    steps = h * np.eye(here.gradient.size)

    def value(step) -> float:
        return objective.terms(objective.moved(place[None], step[None])).value[0]

    for axis, step in enumerate(steps):
        ahead, behind = value(step), value(-step)
        assert (ahead - behind) / (2 * h) == pytest.approx(here.gradient[0, axis], rel=1e-5, abs=1e-6)
        bend = (ahead - 2 * here.value[0] + behind) / h**2
        assert bend == pytest.approx(here.hessian[0, axis, axis], rel=1e-3, abs=1e-4)
    for i, j in ((0, 1), (0, len(steps) - 1), (dimension, len(steps) - 1)):
        a, b = steps[i], steps[j]
        if i != j:
            cross = (value(a + b) - value(a - b) - value(b - a) + value(-a - b)) / (4 * h * h)
            assert cross == pytest.approx(here.hessian[0, i, j], rel=1e-3, abs=1e-4)


def test_the_objective_is_the_divergence():
    p, q = CLASSIC, MultivariateGaussian([0.2, 0.3], [[1, 0.4], [0.4, 0.8]])
    found = MultivariateObjective(p, FULL, Nodes.common(2)).terms(place_of(q)[None]).value
    assert found[0] == pytest.approx(reverse_kl(p, q).value, abs=1e-7)


def test_optima_apart_are_the_components():
    found = fit(APART, "reverse").optima
    assert [each.status for each in found[:2]] == ["converged", "converged"]
    assert [each.value.value for each in found[:2]] == pytest.approx([-math.log(0.6), -math.log(0.4)], abs=1e-5)
    assert found[0].q.mean == pytest.approx([3, 3], abs=1e-4) and (found[0].curvatures > 0).all()
    aside = fit(APART, "reverse", start=MultivariateGaussian([-2, -2], np.eye(2)))
    assert aside.q.mean == pytest.approx([-3, -3], abs=1e-4) and aside.trace[0].mean == pytest.approx([-2, -2])


def test_optima_that_are_one_are_listed_once():
    # The lattice of the descents resolves neither narrow component, so that more ends are found in it than optima.
    needle = MultivariateGaussianMixture([0.5, 0.5], [[0, 0], [100, 100]], [np.eye(2), [[1000, 0], [0, 0.001]]])
    assert [each.value.value for each in fit(needle, "reverse").optima] == pytest.approx([math.log(2)] * 2, abs=1e-8)
    means, covs = [[0, 0], [5, 0], [0, 5], [5, 5], [2, 2]], [*[np.eye(2)] * 4, 0.1 * np.eye(2)]
    square = stationary_points(MultivariateGaussianMixture([0.2] * 5, means, covs))
    for i, one in enumerate(square):
        assert all(kl_divergence(one.q, other.q).value > 1e-6 for other in square[:i])


def test_every_minimum_of_a_symmetric_pair_and_their_saddle():
    # Independent second coordinate: the optima are those of the line at separation 5.
    p = MultivariateGaussianMixture([0.5, 0.5], [[-2.5, 0], [2.5, 0]], [np.eye(2)] * 2)
    best = fit(p, "reverse").optima
    centre = fit(two_modes(5), "reverse")
    assert best[0].q.mean == pytest.approx([0, 0], abs=1e-8)
    assert best[0].q.cov == pytest.approx(np.diag([centre.q.std**2, 1]), abs=1e-7)
    assert best[0].value.value == pytest.approx(centre.value.value, abs=1e-9)
    aside = [found for found in best if abs(found.q.mean[0]) > 1]
    assert sorted(found.q.mean[0] for found in aside) == pytest.approx([-2.3860939039, 2.3860939039], abs=1e-7)
    assert aside[0].value.value == pytest.approx(0.6664629853, abs=1e-9)


def test_one_dimension_agrees_with_the_line():
    line = GaussianMixture([0.3, 0.7], [-2, 1], [0.5, 1])
    p = MultivariateGaussianMixture(line.weights, line.means[:, None], (line.stds**2)[:, None, None])
    for direction in ("forward", "reverse"):
        found, truth = fit(p, direction), fit(line, direction)
        assert found.q.mean[0] == pytest.approx(truth.q.mean, abs=1e-8)
        assert found.value.value == pytest.approx(truth.value.value, rel=1e-9)


def test_in_five_dimensions_a_fit_is_stationary_and_no_worse_than_its_starts():
    p = spaced(5, 2, np.random.default_rng(5))
    found = stationary_points(p)
    assert all(point.kind in ("minimum", "saddle") for point in found)
    starts = [MultivariateGaussian(m, c) for m, c in zip(p.means, p.covs)] + [MultivariateGaussian(p.mean, p.cov)]
    values = [reverse_kl(p, start) for start in starts]
    assert all(found[0].value.value <= value.value + value.error + found[0].value.error for value in values)


@pytest.mark.parametrize("dimension, forward, reverse", [(3, 0.346574, 0.261624), (10, 2.266788, 0.722397)])
def test_the_cost_of_mean_field(dimension, forward, reverse):
    cov = equicorrelated(0.5, dimension)
    cost = mean_field_cost(cov)
    assert cost.forward.value == pytest.approx(forward, abs=6e-7)
    assert cost.reverse.value == pytest.approx(reverse, abs=6e-7)
    stretch = np.diag(np.arange(1.0, dimension + 1))
    p = MultivariateGaussian(np.arange(dimension), stretch @ cov @ stretch)
    for direction, closed in (("forward", cost.forward), ("reverse", cost.reverse)):
        found = fit(p, direction, DIAGONAL).value
        assert abs(found.value - closed.value) <= found.error + closed.error
    assert mean_field_cost(p.cov).forward.value == pytest.approx(cost.forward.value, rel=1e-13)


def test_in_two_dimensions_both_costs_are_the_mutual_information():
    for rho in (-0.99, -0.3, 0.0, 0.5, 0.999):
        cost = mean_field_cost([[4, 2 * rho], [2 * rho, 1]])
        for found in cost:
            rounded = 2.0**-51 * (1 + rho * rho / (1 - rho * rho))  # of 2ρ in the matrix and of ρ² here
            assert abs(found.value + 0.5 * math.log1p(-rho * rho)) <= found.error + rounded


@pytest.mark.parametrize(
    "call, text",
    [
        (lambda: fit(3, "reverse"), "^p: expected a Gaussian, a mixture of them"),
        (lambda: fit(CLASSIC, "up"), '^objective: expected "forward", "reverse", kl.Alpha'),
        (lambda: fit(CLASSIC, Alpha(0.5)), '^objective: expected "forward" or "reverse", as p is multivariate'),
        (lambda: fit(CLASSIC, "reverse", "round"), "^family: expected a family of kl.families"),
        (lambda: fit(CLASSIC, "reverse", families.Mixture(2)), "^family: expected Gaussian"),
        (lambda: fit(CLASSIC, "reverse", families.Gaussian(std=1.0)), "^family: expected Gaussian"),
        (lambda: fit(CLASSIC, "reverse", start=3), "^start: expected a MultivariateGaussian in 2"),
        (lambda: mean_field_cost([[1, 2], [2, 1]]), "^cov: .*smallest eigenvalue"),
        (lambda: mean_field_cost(1), "^cov: expected"),
        (lambda: equicorrelated(1, 3), "^correlation: expected"),
        (lambda: equicorrelated(-0.5, 3), "^correlation: expected"),
        (lambda: equicorrelated(0.5, 0), "^dimension: expected an integer"),
    ],
)
def test_refusals(call, text):
    with pytest.raises(ValueError, match=text):
        call()


def test_the_divergence_from_a_fit_to_itself_is_none():
    found = fit(APART, "forward")
    assert kl_divergence(found.q, found.q).value == 0 and "exact" in found.reason
