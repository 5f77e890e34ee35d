"""The rule and the integrator: known values, exactness, refinement, and a bound that holds where it is hard."""

from __future__ import annotations

import math

import numpy as np
import pytest

from kl_engine.quadrature.integrate import integrate
from kl_engine.quadrature.nodes import kronrod_rule
from kl_engine.quadrature.panels import RULE, Panels


def test_the_rule_of_seven_points_is_the_published_one():
    # QUADPACK's qk15.
    rule = kronrod_rule(7)
    assert rule.nodes[-1] == pytest.approx(0.991455371120812639206854697526329, abs=1e-15)
    assert rule.weights[-1, 0] == pytest.approx(0.022935322010529224963732008058970, abs=1e-15)
    assert rule.weights[7, 0] == pytest.approx(0.209482141084727828012999174891714, abs=1e-15)


@pytest.mark.parametrize("n", [2, 7, 10, 15, 30])
def test_both_rules_integrate_their_polynomials(n):
    nodes, weights = kronrod_rule(n)
    exact = {0: 3 * n + 1, 1: 2 * n - 1}
    rounding = n * 2.0**-52  # of the weights, as NumPy's own Gauss rules have them
    for column, degree in exact.items():
        for power in range(degree + 1):
            found = math.fsum((nodes**power * weights[:, column]).tolist())
            assert found == pytest.approx((1 + (-1) ** power) / (power + 1), rel=0, abs=rounding)
    assert (weights[:, 0] > 0).all() and (np.diff(nodes) > 0).all()


def points(panels: Panels) -> np.ndarray:
    return (panels.left + panels.half)[:, None] + panels.half[:, None] * RULE.nodes


def of(function):
    """An integrand with the rounding of its values."""
    return lambda panels: np.stack([function(points(panels)), np.abs(function(points(panels)))])


# function, low, high, truth: peaks, kinks and singularities that no panel edge announces
HARD = [
    (lambda x: 1 / (1 + (100 * (x - 0.3)) ** 2), 0, 1, (math.atan(70) + math.atan(30)) / 100),
    (lambda x: np.abs(x - 1 / 3), 0, 1, (1 / 9 + 4 / 9) / 2),
    (np.sqrt, 0, 1, 2 / 3),
    (lambda x: np.exp(-(((x - 0.77) / 0.01) ** 2)), 0, 1, math.sqrt(math.pi) * 0.01),
    (np.cos, 0, 300, math.sin(300)),
]


@pytest.mark.parametrize("function, low, high, truth", HARD)
def test_hard_integrands_within_the_reported_error(function, low, high, truth):
    value, error, panels = integrate(of(function), Panels.through([low, 0.5 * (low + high), high]))
    assert abs(value[0, 0] - truth) <= error[0, 0] <= 1e-9
    assert panels > 2


def test_rows_are_integrated_each_on_its_own():
    ends = np.array([[0.0, 0, -3], [1, 2, 5]])
    panels = Panels.of_rows(ends, np.array([[0.5], [0.25]]))
    value, error, _ = integrate(of(lambda x: x**3), panels, 3)
    truths = (ends[1] ** 4 - ends[0] ** 4) / 4
    assert (np.abs(value[0] - truths) <= error[0]).all()


def test_panels_cover_the_hull_and_are_cut_inside_it_only():
    panels = Panels.through([0, 4, 1], [2.5, -3, 7])
    assert panels.left.tolist() == [0, 1, 2.5]
    assert (panels.left + 2 * panels.half).tolist() == [1, 2.5, 4]
