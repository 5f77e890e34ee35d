"""A line with two unknowns: against exact fractions, elimination, the fits of the engine, and a plain propagation."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

from kl_engine import MultivariateGaussian, families, fit
from kl_engine.inference import (
    PropagationStatus,
    RegressionModel,
    marginal_line,
    mean_field_line,
    predictive,
    propagated_line,
    regression_evidence,
    regression_posterior,
)

TILTED = MultivariateGaussian([0.5, -1], [[1.5, 0.8], [0.8, 2.0]])
ROUND = MultivariateGaussian([0, 0], 4.0)
CASES = {
    "three": (RegressionModel(ROUND, 0.5), [1.0, 2.0, 4.0], [1.5, 1.0, 3.0]),
    "one": (RegressionModel(ROUND, 1.0), [2.0], [3.0]),
    "far from the origin": (RegressionModel(ROUND, 0.3), [100.0, 101.0, 102.5], [4.0, 4.5, 6.0]),
    "centred": (RegressionModel(ROUND, 0.5), [-1.0, 0.0, 1.0], [0.2, 0.1, 0.9]),
    "a tilted prior": (RegressionModel(TILTED, 0.7), [0.3, -1.2, 2.0, 2.0], [0.0, 1.0, 2.0, -1.0]),
    "at one place": (RegressionModel(TILTED, 0.7), [2.0, 2.0, 2.0], [0.0, 1.0, 2.0]),
    "many": (RegressionModel(ROUND, 1.0), np.linspace(0, 5, 60), np.linspace(1, 2, 60) ** 2),
}


def exact(model, x, y):
    """Precision matrix and mean of the posterior in fractions."""
    cov = [[Fraction(float(v)) for v in row] for row in model.prior.cov]
    det = cov[0][0] * cov[1][1] - cov[0][1] ** 2
    a, b, c = cov[1][1] / det, -cov[0][1] / det, cov[0][0] / det
    m = [Fraction(float(v)) for v in model.prior.mean]
    h_1, h_2 = a * m[0] + b * m[1], b * m[0] + c * m[1]
    noise = Fraction(model.noise_std) ** 2
    for place, value in zip(map(Fraction, map(float, x)), map(Fraction, map(float, y))):
        a, b, c = a + place**2 / noise, b + place / noise, c + 1 / noise
        h_1, h_2 = h_1 + place * value / noise, h_2 + value / noise
    det = a * c - b * b
    return (a, b, c), ((c * h_1 - b * h_2) / det, (a * h_2 - b * h_1) / det)


@pytest.mark.parametrize("name", CASES)
def test_the_posterior_and_both_products_in_fractions(name):
    model, x, y = CASES[name]
    (a, b, c), mean = exact(model, x, y)
    det = a * c - b * b
    found = regression_posterior(model, x, y)
    assert found.mean == pytest.approx([float(m) for m in mean], rel=1e-8)
    assert found.cov == pytest.approx(
        np.array([[float(c / det), float(-b / det)], [float(-b / det), float(a / det)]]), rel=1e-8
    )
    narrow, wide = mean_field_line(model, x, y), marginal_line(model, x, y)
    assert np.diagonal(narrow.cov) == pytest.approx([float(1 / a), float(1 / c)], rel=1e-8)
    assert np.diagonal(wide.cov) == pytest.approx([float(c / det), float(a / det)], rel=1e-8)
    assert narrow.cov[0, 1] == wide.cov[0, 1] == 0
    for q in (narrow, wide):
        assert q.mean == pytest.approx(found.mean, rel=1e-12)


@pytest.mark.parametrize("name", CASES)
def test_the_products_are_the_fits_of_the_engine(name):
    model, x, y = CASES[name]
    target = regression_posterior(model, x, y)
    for direction, q in (("reverse", mean_field_line(model, x, y)), ("forward", marginal_line(model, x, y))):
        found = fit(target, direction, families.Diagonal()).q
        assert found.mean == pytest.approx(q.mean, rel=1e-7, abs=1e-9)
        assert np.diagonal(found.cov) == pytest.approx(np.diagonal(q.cov), rel=1e-7)


@pytest.mark.parametrize("name", CASES)
def test_the_evidence_is_that_of_correlated_values(name):
    model, x, y = CASES[name]
    rows = np.column_stack([x, np.ones(len(x))]).astype(np.longdouble)
    cov = rows @ model.prior.cov @ rows.T + model.noise_std**2 * np.eye(len(x))
    away = np.array(y, dtype=np.longdouble) - rows @ model.prior.mean
    # Elimination in long doubles.
    log_det, squares, left = np.longdouble(0), np.longdouble(0), cov.copy()
    for k in range(len(x)):
        log_det += np.log(left[k, k])
        squares += away[k] ** 2 / left[k, k]
        factor = left[k + 1 :, k] / left[k, k]
        away[k + 1 :] -= factor * away[k]
        left[k + 1 :] -= factor[:, None] * left[k]
    truth = -0.5 * (len(x) * np.log(2 * np.pi) + log_det + squares)
    found = regression_evidence(model, x, y)
    assert abs(found.value - truth) <= found.error < 1e-6


def test_one_after_the_other_is_all_at_once():
    model, x, y = CASES["a tilted prior"]
    step, logs = model, 0.0
    for place, value in zip(x, y):
        logs += regression_evidence(step, [place], [value]).value
        step = RegressionModel(regression_posterior(step, [place], [value]), model.noise_std)
    whole = regression_posterior(model, x, y)
    assert step.prior.mean == pytest.approx(whole.mean, rel=1e-12)
    assert step.prior.cov == pytest.approx(whole.cov, rel=1e-12)
    assert logs == pytest.approx(regression_evidence(model, x, y).value, abs=1e-12)


@pytest.mark.parametrize("name", CASES)
def test_propagation_ends_at_its_fixed_point_with_the_exact_means(name):
    model, x, y = CASES[name]
    found = propagated_line(model, x, y)
    target = regression_posterior(model, x, y)
    if found.status is not PropagationStatus.CONVERGED:
        assert name == "far from the origin" and "still moves" in found.reason
        return
    assert found.q.mean == pytest.approx(target.mean, rel=1e-6, abs=1e-9)
    assert (np.diagonal(found.q.cov) >= np.diagonal(mean_field_line(model, x, y).cov) * (1 - 1e-9)).all()


def test_propagation_by_a_plain_implementation():
    model, x, y = CASES["three"]
    prior = np.diag(1 / np.diagonal(model.prior.cov))
    parts = [np.outer(f, f) / model.noise_std**2 for f in np.column_stack([x, np.ones(3)])]
    sites = [np.diag(np.diagonal(part)).copy() for part in parts]
    for _ in range(200):
        for k, part in enumerate(parts):
            cavity = prior + sum(sites) - sites[k]
            tilted = np.linalg.inv(cavity + part)
            sites[k] = np.diag(1 / np.diagonal(tilted)) - cavity
    expected = 1 / np.diagonal(prior + sum(sites))
    assert np.diagonal(propagated_line(model, x, y).q.cov) == pytest.approx(expected, rel=1e-10)
    slow = propagated_line(model, x, y, damping=0.3)
    assert slow.status is PropagationStatus.CONVERGED
    assert np.diagonal(slow.q.cov) == pytest.approx(expected, rel=1e-9)


def test_one_observation_by_itself_is_the_forward_fit():
    model, x, y = CASES["one"]
    assert np.diagonal(propagated_line(model, x, y).q.cov) == pytest.approx(np.diagonal(marginal_line(model, x, y).cov))


def test_with_many_observations_propagation_comes_near_mean_field():
    model, x, y = CASES["many"]
    found, narrow, wide = (
        np.diagonal(q.cov)
        for q in (propagated_line(model, x, y).q, mean_field_line(model, x, y), marginal_line(model, x, y))
    )
    assert (found / narrow < 1.1).all() and (wide / narrow > 3).all()


def test_where_the_data_are_centred_mean_field_is_exact():
    model, x, y = CASES["centred"]
    assert mean_field_line(model, x, y).cov == pytest.approx(regression_posterior(model, x, y).cov, abs=1e-15)


@pytest.mark.parametrize("name", ["three", "a tilted prior", "many"])
def test_mean_field_predicts_too_widely_near_the_data_and_too_narrowly_far_off(name):
    model, x, y = CASES[name]
    target, q = regression_posterior(model, x, y), mean_field_line(model, x, y)
    (a, b), (_, d) = target.cov
    rho = b / math.sqrt(a * d)
    roots = sorted(d / b * (-1 + sign * math.sqrt(1 - rho * rho)) for sign in (1, -1))
    at = [*roots, sum(roots) / 2, roots[0] - 3, roots[1] + 3]
    exact_std, own = (predictive(each, model.noise_std, at).std for each in (target, q))
    assert own[:2] == pytest.approx(exact_std[:2], rel=1e-9)
    assert own[2] > exact_std[2] and (own[3:] < exact_std[3:]).all()


def test_the_predictive_is_the_average_over_lines():
    model, x, y = CASES["three"]
    target = regression_posterior(model, x, y)
    drawn = target.sample(200_000, 3)
    lines = drawn @ np.array([[3.0, -1.0], [1.0, 1.0]])
    found = predictive(target, model.noise_std, [3.0, -1.0])
    assert lines.mean(axis=0) == pytest.approx(found.mean, abs=4e-2)
    assert lines.std(axis=0) == pytest.approx(found.std_of_line, rel=2e-2)
    assert found.std == pytest.approx(np.sqrt(found.std_of_line**2 + 0.25), rel=1e-12)


@pytest.mark.parametrize(
    "make, name",
    [
        (lambda: RegressionModel(MultivariateGaussian([0], 1.0), 1), "prior"),
        (lambda: RegressionModel(ROUND, 0), "noise_std"),
        (lambda: regression_posterior(ROUND, [1], [1]), "model"),
        (lambda: regression_posterior(RegressionModel(ROUND, 1), [1, 2], [1]), "y"),
        (lambda: regression_posterior(RegressionModel(ROUND, 1), [], []), "x"),
        (lambda: regression_posterior(RegressionModel(ROUND, 1), [1, math.nan], [1, 2]), "x"),
        (lambda: propagated_line(RegressionModel(ROUND, 1), [1], [1], 2), "damping"),
        (lambda: propagated_line(ROUND, [1], [1]), "model"),
        (lambda: predictive(MultivariateGaussian([0], 1.0), 1, [0]), "q"),
        (lambda: predictive(ROUND, -1, [0]), "noise_std"),
    ],
)
def test_what_is_refused_names_the_argument(make, name):
    with pytest.raises(ValueError, match=f"^{name}: expected"):
        make()
