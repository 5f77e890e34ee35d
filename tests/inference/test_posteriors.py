"""The posterior by quadrature and in closed form, what summarises it, and how confident q is beside it."""

from __future__ import annotations

import math

import mpmath as mp
import numpy as np
import pytest
from scipy import stats

from kl_engine import Categorical, Gaussian, GaussianMixture, fit, forward_kl
from kl_engine.distributions import Beta
from kl_engine.inference import (
    BetaModel,
    CategoricalModel,
    GaussianModel,
    NumericPosterior,
    confidence,
    forward_divergence,
    laplace_approximation,
    map_estimate,
    moment_matched_posterior,
    posterior,
)
from kl_engine.inference.posteriors import conjugate_posterior, numeric_posterior
from tests.reference import worked_case

BOGACZ = GaussianModel(Gaussian(3, 1), [0, 0, 1], 1)
HIDDEN_SIGN = GaussianModel(Gaussian(0, 1), [0, 0, 1], 0.05)  # two narrow modes, at ±√2
MIXED = GaussianMixture([0.3, 0.7], [-2, 2], [0.5, 1])
NUMERIC = {
    "food_size": (BOGACZ, 2.0),
    "hidden_sign": (HIDDEN_SIGN, 2.0),
    "narrow": (GaussianModel(Gaussian(0.2, 1), [0, 0, 1], 1e-4), 2.0),
    "flat_top": (GaussianModel(Gaussian(0, 100), [0, 0, 0, 0, 1], 1), 0.0),
    "far": (GaussianModel(Gaussian(0, 1), [0, 1, 0.01], 0.1), 40.0),
    "three_modes": (
        GaussianModel(GaussianMixture([0.2, 0.5, 0.3], [-3, 0, 4], [1, 0.3, 2]), [1, -2, 0.3, 0.2], 2),
        1.5,
    ),
}


def truth(model: GaussianModel, x: float, power: int, low: float, high: float) -> mp.mpf:
    """∫ zⁿ prior × likelihood between two places, on many small panels around the modes."""

    def joint(z):
        parts = zip(model.prior.weights.tolist(), model.prior.means.tolist(), model.prior.stds.tolist())
        prior = mp.fsum(w * mp.npdf(z, m, s) for w, m, s in parts)
        return (
            z**power
            * prior
            * mp.npdf(x, mp.polyval([mp.mpf(c) for c in model.link.tolist()[::-1]], z), model.noise_std)
        )

    target = numeric_posterior(model, x)
    grid = np.linspace(target.mean - 12 * target.std, target.mean + 12 * target.std, 40_001)
    heavy = grid[target.log_pdf(grid) > target.log_pdf(grid).max() - 75]
    runs = np.split(heavy, np.flatnonzero(np.diff(heavy) > 1.5 * (grid[1] - grid[0])) + 1)
    step = grid[1] - grid[0]
    edges = sorted({float(e) for run in runs for e in np.linspace(run[0] - step, run[-1] + step, 31)} | {low, high})
    inside = [edge for edge in edges if low <= edge <= high]
    return mp.quad(joint, inside)


@pytest.mark.parametrize("name", NUMERIC)
def test_evidence_and_moments_by_30_digit_quadrature(name):
    model, x = NUMERIC[name]
    found = posterior(model, x)
    assert isinstance(found, NumericPosterior)
    with mp.workdps(30):
        mass, first, second = (truth(model, x, power, -1e3, 1e3) for power in range(3))
        mean = first / mass
        for estimate, value in (
            (found.log_evidence, mp.log(mass)),
            (found.mean_estimate, mean),
            (found.std_estimate, mp.sqrt(second / mass - mean**2)),
        ):
            assert abs(value - estimate.value) <= estimate.error
            assert estimate.error < 1e-8
        middle = found.mean + 0.3 * found.std
        part = found.mass(-1e3, middle)
        assert abs(truth(model, x, 0, -1e3, middle) / mass - part.value) <= part.error


def test_the_food_size():
    expected = worked_case("D06_bogacz_map")["expected"]
    found = posterior(BOGACZ, 2)
    assert math.exp(found.log_evidence.value) == pytest.approx(expected["p_u_real_line"], abs=1e-12)
    assert found.mean == pytest.approx(expected["post_mean"], abs=1e-12)
    part = found.mass(0.01, 5).value * expected["p_u_real_line"]
    assert part == pytest.approx(expected["p_u_0p01_to_5"], abs=1e-12)
    assert map_estimate(BOGACZ, 2) == pytest.approx(expected["phi"], abs=1e-12)
    laplace = laplace_approximation(BOGACZ, 2)
    assert laplace.std**-2 == pytest.approx(expected["laplace_precision"], rel=1e-12)
    # Bogacz maximises the log joint, up to its constant log 2π.
    height = BOGACZ.prior.log_pdf(laplace.mean) - 0.5 * (2 - laplace.mean**2) ** 2 - 0.5 * math.log(2 * math.pi)
    assert height + math.log(2 * math.pi) == pytest.approx(expected["F_bogacz_at_phi"], abs=1e-12)


@pytest.mark.parametrize("prior", [Gaussian(0.4, 1.5), MIXED], ids=["gaussian", "mixture"])
def test_closed_form_and_quadrature_agree(prior):
    model, x = GaussianModel(prior, [0.5, -1.3], 0.6), 2.0
    exact, found = posterior(model, x), numeric_posterior(model, x)
    assert type(exact) is type(prior) and exact == conjugate_posterior(model, x)
    assert (found.mean, found.std) == pytest.approx((exact.mean, exact.std), rel=1e-12)
    z = np.linspace(-4, 4, 9)
    assert found.log_pdf(z) == pytest.approx(exact.log_pdf(z), abs=1e-11)
    for q in (Gaussian(0, 1), Gaussian(-1, 0.3)):
        assert found.kl_divergence(q).value == pytest.approx(forward_kl(exact, q).value, abs=1e-11)


def test_a_component_fainter_than_doubles_is_left_to_quadrature():
    model = GaussianModel(GaussianMixture([0.5, 0.5], [0, 100], [0.1, 0.1]), [0, 1], 0.1)
    found = posterior(model, 0)
    assert isinstance(found, NumericPosterior)
    assert (found.mean, found.std) == pytest.approx((0, 0.1 / math.sqrt(2)), abs=1e-12)


def test_the_posterior_of_a_hidden_sign_is_symmetric():
    found = posterior(HIDDEN_SIGN, 2)
    assert abs(found.mean) <= found.mean_estimate.error
    assert found.mass(0, 10).value == pytest.approx(0.5, abs=1e-11)
    assert map_estimate(HIDDEN_SIGN, 2) == pytest.approx(math.sqrt(2 - 0.5 * 0.05**2), abs=1e-9)


def test_the_map_under_a_mixture_is_its_highest_point():
    model = GaussianModel(MIXED, [0, 1, 0.2], 0.8)
    for x in (-2.0, 0.5, 3.0):
        z = np.linspace(-8, 8, 160_001)
        heights = posterior(model, x).log_pdf(z)
        assert map_estimate(model, x) == pytest.approx(z[np.argmax(heights)], abs=2e-4)
        step = 1e-3
        at = map_estimate(model, x) + step * np.array([-1, 0, 1])
        curve = np.diff(posterior(model, x).log_pdf(at), 2)[0] / step**2
        assert laplace_approximation(model, x).std == pytest.approx(1 / math.sqrt(-curve), rel=1e-5)


def test_finite_models_and_coins():
    assert map_estimate(CategoricalModel([0.1, 0.9], [[0.81, 0.01], [0.19, 0.99]]), 0) == 0
    coin = BetaModel(2, 3)
    assert posterior(coin, (5, 1)) == Beta(7, 4)
    assert map_estimate(coin, (5, 1)) == pytest.approx(6 / 9)
    z, step = 6 / 9, 1e-4
    curve = np.diff(stats.beta(7, 4).logpdf(z + step * np.array([-1, 0, 1])), 2)[0] / step**2
    assert laplace_approximation(coin, (5, 1)).std == pytest.approx(1 / math.sqrt(-curve), rel=1e-5)
    with pytest.raises(ValueError, match="^x"):
        map_estimate(BetaModel(0.5, 3), (0, 0))
    with pytest.raises(ValueError, match="^model"):
        laplace_approximation(CategoricalModel([1.0], [[1.0]]), 0)


def test_beta_is_scipys():
    a, reference = Beta(2.5, 0.7), stats.beta(2.5, 0.7)
    assert (a.mean, a.std) == pytest.approx((reference.mean(), reference.std()), rel=1e-14)
    at = np.array([-0.5, 0.0, 0.3, 0.9, 1.5])
    assert a.log_pdf(at) == pytest.approx(reference.logpdf(at), abs=1e-13)
    assert a.mass(0.2, 0.6) == pytest.approx(reference.cdf(0.6) - reference.cdf(0.2), abs=1e-14)
    assert a.quantile(0.3) == pytest.approx(reference.ppf(0.3), abs=1e-13)
    assert abs(a.sample(4000, np.random.default_rng(1)).mean() - a.mean) < 0.02


def test_confidence_is_measured_not_asserted():
    # The wide bell of .9 N(0, 1) + .1 N(0, .1²) wins: here the reverse fit is the wider of the two.
    prior = GaussianMixture([0.9, 0.1], [0, 0], [1, 0.1])
    model = GaussianModel(prior, [0.0], 1.0)
    q = fit(prior, "reverse").q
    found = confidence(model, q, 0)
    assert q.std == pytest.approx(0.956, abs=5e-4) and prior.std == pytest.approx(0.949, abs=5e-4)
    assert found.std_ratio.value == pytest.approx(q.std / prior.std, rel=1e-12) and found.std_ratio.value > 1
    cdf = sum(w * stats.norm(0, s).cdf(1.959963984540054 * q.std) for w, s in ((0.9, 1), (0.1, 0.1)))
    assert found.coverage.value == pytest.approx(2 * cdf - 1, abs=1e-14)


def test_a_locked_belief_is_over_confident():
    model = GaussianModel(GaussianMixture([0.5, 0.5], [-4, 4], [1, 1]), [0.0], 1.0)
    found = confidence(model, Gaussian(4, 1), 0)
    assert found.std_ratio.value == pytest.approx(1 / math.sqrt(17), rel=1e-12)
    assert found.coverage.value == pytest.approx(0.475, abs=1e-3)
    forward = confidence(model, moment_matched_posterior(model, 0), 0)
    assert forward.std_ratio.value == pytest.approx(1, abs=1e-12) and forward.coverage.value > 0.95


@pytest.mark.parametrize(("model", "x"), [NUMERIC["food_size"], NUMERIC["three_modes"]])
def test_coverage_of_a_numeric_posterior(model, x):
    q, target = Gaussian(1.4, 0.3), posterior(model, x)
    z = np.linspace(1.4 - 1.959963984540054 * 0.3, 1.4 + 1.959963984540054 * 0.3, 200_001)
    assert confidence(model, q, x).coverage.value == pytest.approx(np.trapezoid(target.pdf(z), z), abs=1e-9)


def test_the_moment_match_is_the_least_forward_divergence():
    best = moment_matched_posterior(BOGACZ, 2)
    least = forward_divergence(BOGACZ, best, 2)
    for shift, stretch in ((0.01, 1), (-0.01, 1), (0, 1.02), (0, 0.98)):
        other = forward_divergence(BOGACZ, Gaussian(best.mean + shift, best.std * stretch), 2)
        assert other.value > least.value + least.error + other.error


def test_the_posterior_is_the_same_in_other_units():
    # x = z² in metres, or in centimetres of z: the posterior's mean and std scale along.
    small, large = posterior(BOGACZ, 2), posterior(GaussianModel(Gaussian(300, 100), [0, 0, 1e-4], 1), 2)
    assert (large.mean, large.std) == pytest.approx((100 * small.mean, 100 * small.std), rel=1e-12)
    assert large.log_evidence.value == pytest.approx(small.log_evidence.value, abs=1e-12)


def test_a_finite_posterior_is_bayes_rule():
    model = CategoricalModel([0.75, 0.25], [[0.8, 0.2], [0.2, 0.8]])
    assert posterior(model, 0) == Categorical(posterior(model, 0).probs)
    assert posterior(model, 0).probs == pytest.approx([12 / 13, 1 / 13], abs=1e-15)


@pytest.mark.parametrize("shapes", [(0.001, 0.001), (0.003, 0.003), (0.004, 0.01), (0.005, 0.005), (2, 3)])
@pytest.mark.parametrize("data", [(0, 5), (5, 0), (0, 1), (3, 4), (0, 0)])
def test_the_posterior_itself_covers_95_percent_of_the_posterior_by_definition(shapes, data):
    model = BetaModel(*shapes)
    exact = posterior(model, data)
    coverage = confidence(model, exact, data).coverage
    assert abs(coverage.value - 0.95) <= coverage.error <= 1e-11


def test_a_belief_other_than_the_posterior_is_compared_where_no_double_reaches():
    # P(θ < t) = θ^a/(a B(a, b)) near 0, here with 60 digits.
    model, data = BetaModel(0.001, 0.001), (0, 5)
    exact, q = posterior(model, data), Beta(0.002, 3.0)
    with mp.workdps(60):
        t = (mp.mpf(0.025) * q.a * mp.beta(q.a, q.b)) ** (1 / mp.mpf(q.a))
        below = t**exact.a / (exact.a * mp.beta(exact.a, exact.b))
    upper = 1 - exact.mass(0, q.quantile(0.975))
    coverage = confidence(model, q, data).coverage
    assert coverage.value == pytest.approx(float(1 - below) - upper, abs=1e-11)
