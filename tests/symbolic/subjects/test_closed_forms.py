"""The closed forms are the true ones: against numbers from elsewhere, not from the engine."""

import math

import numpy as np
import pytest
from mpmath import findroot, mp, mpf
from sympy import N, lambdify, solve

from kl_engine.symbolic import DERIVATIONS
from kl_engine.symbolic.proof.notation import half_distance, mu_q, rho, sigma_q, w
from kl_engine.symbolic.proof.sampling import value
from tests.reference import mixture_pairs

PAIRS = [pair for pair in mixture_pairs() if pair.kind == "single"]


def parameters(pair):
    """Mean and std of p, mean and std of q."""
    return tuple(float(array[0]) for density in (pair.p, pair.q) for array in (density.means, density.stds))


def function(name):
    """The function that `to_python` writes, run as its reader would run it."""
    namespace = {}
    exec(DERIVATIONS[name].to_python(), namespace)
    return namespace[name]


@pytest.mark.parametrize("pair", PAIRS, ids=range(len(PAIRS)))
def test_gaussians_against_reference_pairs(pair):
    forward, reverse = function("gaussian_forward"), function("gaussian_reverse")
    arguments = parameters(pair)
    # The textbook form cancels when p is close to q: its error is then absolute, not relative.
    assert forward(*arguments) == pytest.approx(float(pair.forward), rel=1e-12, abs=1e-14)
    assert reverse(*arguments) == pytest.approx(float(pair.reverse), rel=1e-12, abs=1e-14)


@pytest.mark.parametrize("pair", PAIRS[::4])
def test_gaussians_to_twenty_digits(pair):
    derivation = DERIVATIONS["gaussian_forward"]
    with mp.workdps(40):
        point = dict(zip(derivation.parameters, map(mpf, parameters(pair)), strict=True))
        assert (
            abs(value(derivation.forward, point) / (mpf(pair.forward.numerator) / pair.forward.denominator) - 1)
            < mpf(10) ** -19
        )


def test_directions_of_the_standard_example():
    assert function("gaussian_forward")(0, 1, 0, 2) == pytest.approx(0.3181471805599453, abs=1e-15)
    assert function("gaussian_reverse")(0, 1, 0, 2) == pytest.approx(0.8068528194400547, abs=1e-15)


def test_functions_take_arrays():
    result = function("gaussian_forward")(0, 1, np.array([0.0, 3.0]), np.array([2.0, 1.0]))
    assert result == pytest.approx([0.3181471805599453, 4.5], abs=1e-15)


def test_multivariate_against_the_univariate_sum_and_a_correlated_pair():
    multivariate, univariate = function("multivariate_gaussian"), function("gaussian_forward")
    means, stds = np.array([[0.3, -1.0], [1.2, 0.5]]), np.array([[1.0, 0.7], [2.0, 1.5]])
    together = multivariate(means[0], np.diag(stds[0] ** 2), means[1], np.diag(stds[1] ** 2))
    assert together == pytest.approx(sum(univariate(means[0], stds[0], means[1], stds[1])), rel=1e-13)
    correlated = np.array([[1, 0.9], [0.9, 1]])
    assert multivariate([0, 0], correlated, [0, 0], np.eye(2)) == pytest.approx(0.8303656034108254, abs=1e-12)
    assert multivariate([0, 0], 0.19 * np.eye(2), [0, 0], correlated) == pytest.approx(0.8303656034108254, abs=1e-12)


def test_mean_field_cost():
    assert function("mean_field_cost")(0.9) == pytest.approx(0.8303656034108254, abs=1e-14)
    assert DERIVATIONS["mean_field_cost"].parameters == (rho,)


def test_locking_on_one_of_two_equal_modes_costs_one_bit():
    assert function("locking_cost")(0.5) == pytest.approx(math.log(2))


def test_free_energy_under_a_square_link():
    derivation = DERIVATIONS["free_energy_polynomial"]
    conditions = [derivation.steps[i].expression for i in (5, 7)]
    gaps = [lambdify(derivation.parameters, c.lhs - c.rhs, "mpmath") for c in conditions]
    m, variance = findroot(lambda m, v: [gap(m, v) for gap in gaps], (1.5, 0.1))
    assert float(m) == pytest.approx(1.4933107791, abs=1e-10)
    assert float(variance) == pytest.approx(0.0915007912, abs=1e-10)
    least = function("free_energy_polynomial")(float(m), float(variance))
    assert least == pytest.approx(_by_definition(float(m), float(variance)), abs=1e-12)
    assert least > -math.log(0.0392911216)  # F is at least the surprisal
    at_map = solve(conditions[0].subs(w, 0), derivation.parameters[0])
    assert any(abs(N(root) - 1.5674683749) < 1e-10 for root in at_map)


def _by_definition(mean, variance):
    """E_q[log q(z) - log N(z; 3, 1) - log N(2; z^2, 1)] by a fine sum."""
    z = np.linspace(mean - 4, mean + 4, 80_001)
    log_q = -((z - mean) ** 2) / (2 * variance) - np.log(2 * np.pi * variance) / 2
    log_joint = -((z - 3) ** 2) / 2 - (2 - z**2) ** 2 / 2 - np.log(2 * np.pi)
    return np.sum(np.exp(log_q) * (log_q - log_joint)) * 8 / 80_000


@pytest.mark.parametrize(("std", "distance"), ((0.5, 2.2408983378), (1, 2.9216679207), (2, 5.0914616086)))
def test_pitchfork(std, distance):
    condition, setting = DERIVATIONS["pitchfork"].claim, DERIVATIONS["pitchfork"].setting

    def gap(d, *_):
        return setting.number(condition.lhs - condition.rhs, {sigma_q: mpf(std), half_distance: mpf(d) / 2})

    assert float(findroot(gap, (distance - 0.01, distance + 0.01))) == pytest.approx(distance, abs=1e-9)


def test_third_order_gap():
    steps = DERIVATIONS["third_order"].steps
    a, b, epsilon = DERIVATIONS["third_order"].parameters
    gap = steps[4].expression.rhs.subs({a: 2, b: -1, epsilon: 1})
    assert abs(gap) == pytest.approx((3 * 4 + 4) / 3)


FAMILIES = (
    ("bernoulli", (0.5, 0.25), 0.14384103622589042),  # Cover, Thomas, example 2.3.1, in nats
    ("bernoulli", (0.25, 0.5), 0.13081203594113694),
    ("categorical", (0.36, 0.48, 0.16, 1 / 3, 1 / 3, 1 / 3), 0.08529960131837057),
    ("categorical", (1 / 3, 1 / 3, 1 / 3, 0.36, 0.48, 0.16), 0.09745500678538763),
    ("beta", (4, 1.5, 2, 1), 0.0964370078644726),  # a Dirichlet with two weights is a beta
    ("beta", (2, 1, 4, 1.5), 0.15631044453403878),
)


@pytest.mark.parametrize(("name", "arguments", "expected"), FAMILIES)
def test_families_against_worked_cases(name, arguments, expected):
    assert function(name)(*arguments) == pytest.approx(expected, abs=1e-12)


def test_dirichlet_against_the_beta_of_a_merged_weight():
    """Dirichlet(4, 1.5, c) against (2, 1, c') splits off its third weight: a beta, and a Dirichlet of the other two."""
    three, two = function("dirichlet"), function("beta")
    merged = two(0.8, 5.5, 1.7, 3.0)
    assert three(4, 1.5, 0.8, 2, 1, 1.7) == pytest.approx(merged + 0.0964370078644726, abs=1e-12)


def test_poisson_is_the_limit_of_many_bernoullis():
    trials, bernoulli = 10_000_000, function("bernoulli")
    expected = function("poisson")(3.0, 5.0)
    assert trials * bernoulli(3 / trials, 5 / trials) == pytest.approx(expected, rel=1e-6)


def test_gamma_of_shape_one_is_exponential():
    assert function("gamma")(1, 2.0, 1, 3.0) == pytest.approx(function("exponential")(2.0, 3.0), rel=1e-14)
    assert function("exponential")(2.0, 3.0) == pytest.approx(math.log(2 / 3) + 0.5)


def test_geometric_by_summation():
    p, q = 0.3, 0.6
    terms = ((1 - p) ** k * p * math.log((1 - p) ** k * p / ((1 - q) ** k * q)) for k in range(400))
    assert function("geometric")(p, q) == pytest.approx(math.fsum(terms), rel=1e-12)


def test_laplace_by_a_fine_sum():
    grid = np.linspace(-60, 60, 1_200_001)
    log_p = -np.abs(grid - 0.5) / 0.8 - np.log(1.6)
    log_q = -np.abs(grid + 0.7) / 1.9 - np.log(3.8)
    by_sum = np.sum(np.exp(log_p) * (log_p - log_q)) * (grid[1] - grid[0])
    assert function("laplace")(0.5, 0.8, -0.7, 1.9) == pytest.approx(by_sum, abs=1e-7)


@pytest.mark.parametrize(("alpha", "direction"), ((1 - 1e-6, "gaussian_forward"), (1e-6, "gaussian_reverse")))
def test_alpha_divergence_near_its_limits(alpha, direction):
    arguments = (0.0, 1.0, 0.5, 2.0)
    near = function("alpha_divergence")(alpha, *arguments)
    assert near == pytest.approx(function(direction)(*arguments), abs=1e-5)


def test_the_parameters_of_q_are_the_ones_named_q():
    assert DERIVATIONS["gaussian_forward"].parameters[2:] == (mu_q, sigma_q)
