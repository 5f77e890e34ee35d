"""Several observations, and counts with a Gaussian latent: against sums in long doubles, closed forms and each other.

The truth is the trapezoidal rule over the whole line, which for such functions is right to its rounding once its step
is well below the width of the narrowest feature.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import gammaln

from kl_engine import Categorical, Gaussian, GaussianMixture, fit, reverse_kl
from kl_engine.inference import (
    BernoulliModel,
    GaussianModel,
    NumericPosterior,
    PoissonModel,
    confidence,
    forward_divergence,
    free_energy,
    laplace_approximation,
    map_estimate,
    posterior,
)
from kl_engine.optima import flow

ONE, MIXED = Gaussian(0.3, 1.4), GaussianMixture([0.3, 0.7], [-2, 2], [0.5, 1])
CASES = {
    "one success": (BernoulliModel(Gaussian(0, 1)), 1),
    "ones and zeros": (BernoulliModel(ONE, [0.5, -1.5]), [1, 0, 0, 1, 1]),
    "all ones, a wide prior": (BernoulliModel(Gaussian(0, 30)), [1] * 12),
    "against the prior": (BernoulliModel(Gaussian(-8, 0.7), [0, 2]), [1, 1, 1]),
    "ones, two modes": (BernoulliModel(MIXED), [0, 1, 0]),
    "many": (BernoulliModel(Gaussian(1, 2)), [1] * 700 + [0] * 300),
    "steep": (BernoulliModel(Gaussian(0, 1), [0, 40]), [1, 0]),
    "steeper": (BernoulliModel(Gaussian(0.1, 1), [40, 400]), [1, 0]),
    "one count": (PoissonModel(Gaussian(0, 1)), 3),
    "counts": (PoissonModel(ONE, [0.2, 0.8]), [4, 0, 2, 7]),
    "no event": (PoissonModel(Gaussian(1, 2)), [0, 0, 0]),
    "no event, a wide prior": (PoissonModel(Gaussian(-3, 12), [0, -1]), 0),
    "counts, two modes": (PoissonModel(MIXED), [1, 2]),
    "large counts": (PoissonModel(Gaussian(0, 3)), [1200, 1260, 1171]),
    "several numbers": (GaussianModel(ONE, [0.5, -1.3, 0.4], 0.8), [1.0, 2.5, 0.7]),
    "several, two modes": (GaussianModel(MIXED, [0, 0, 1], 0.6), [3.0, 4.5, 3.9, 4.1]),
}
BELIEFS = (Gaussian(0.2, 0.6), Gaussian(-1, 2.5))


def log_likelihood(model, x, z):
    """log p(x∣z), observation by observation."""
    z = np.asarray(z, dtype=np.longdouble)
    eta = sum(np.longdouble(c) * z**k for k, c in enumerate(model.link.tolist()))
    values = [x] if np.ndim(x) == 0 else list(x)
    if isinstance(model, GaussianModel):
        return sum(log_normal(v, eta, model.noise_std) for v in values)
    if isinstance(model, BernoulliModel):
        ones = sum(values)
        return -ones * np.logaddexp(0, -eta) - (len(values) - ones) * np.logaddexp(0, eta)
    return sum(values) * eta - len(values) * np.exp(eta) - sum(np.longdouble(gammaln(v + 1)) for v in values)


def log_normal(x, mean, std):
    """log N(x; mean, std²) in long doubles."""
    std = np.longdouble(std)
    return -0.5 * ((x - mean) / std) ** 2 - np.log(std) - 0.5 * np.log(2 * np.longdouble("3.14159265358979323846"))


def log_prior(model, z):
    """log of the prior."""
    parts = zip(*(array.tolist() for array in (model.prior.weights, model.prior.means, model.prior.stds)))
    logs = [np.log(np.longdouble(w)) + log_normal(z, np.longdouble(m), s) for w, m, s in parts]
    return np.logaddexp.reduce(logs)


def lattice(model, x):
    """Where the posterior has its mass: a fine lattice of long doubles, found on coarser ones."""
    prior = model.prior
    low, high = (prior.means - 14 * prior.stds).min(), (prior.means + 14 * prior.stds).max()
    for count in (20_001, 20_001, 20_001, 60_001):
        grid = np.linspace(np.longdouble(low), np.longdouble(high), count)
        heights = log_prior(model, grid) + log_likelihood(model, x, grid)
        near = grid[heights > heights.max() - 90]
        low, high = near.min() - (grid[1] - grid[0]), near.max() + (grid[1] - grid[0])
    return grid, heights


@pytest.mark.parametrize("name", CASES)
def test_evidence_and_moments(name):
    model, x = CASES[name]
    found = posterior(model, x)
    assert isinstance(found, NumericPosterior)
    grid, heights = lattice(model, x)
    weights = np.exp(heights - heights.max())
    mass = weights.sum()
    mean = (weights * grid).sum() / mass
    variance = (weights * (grid - mean) ** 2).sum() / mass
    for estimate, value in (
        (found.log_evidence, np.log(mass * (grid[1] - grid[0])) + heights.max()),
        (found.mean_estimate, mean),
        (found.std_estimate, np.sqrt(variance)),
    ):
        assert abs(value - estimate.value) <= estimate.error
        assert estimate.error < 1e-7 * (1 + abs(estimate.value))


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("q", BELIEFS, ids=str)
def test_every_term_of_the_free_energy(name, q):
    model, x = CASES[name]
    terms = free_energy(model, q, x)
    reach = 11 + (abs(model.link[1]) * q.std if isinstance(model, PoissonModel) else 0)
    grid = q.mean + q.std * np.linspace(np.longdouble(-reach), np.longdouble(reach), 60_001)
    log_q = log_normal(grid, np.longdouble(q.mean), q.std)
    weights = np.exp(log_q) * (grid[1] - grid[0])
    accuracy = (weights * log_likelihood(model, x, grid)).sum()
    complexity = (weights * (log_q - log_prior(model, grid))).sum()
    for term, value in ((terms.accuracy, accuracy), (terms.complexity, complexity)):
        assert abs(term.value - value) <= term.error + 1e-16 * abs(value)
        assert term.error < 1e-8 * (1 + abs(term.value))
    assert terms.value.value == pytest.approx(float(complexity - accuracy), rel=1e-9, abs=1e-9)
    assert terms.value.value >= terms.surprisal.value - terms.value.error - terms.surprisal.error


@pytest.mark.parametrize("name", CASES)
def test_the_belief_of_least_free_energy_is_stationary_and_below_its_neighbours(name):
    model, x = CASES[name]
    found = fit(posterior(model, x), "reverse")
    assert found.converged
    best = free_energy(model, found.q, x).value
    for shift in (-1e-3, 1e-3):
        for wider in (-1e-3, 0, 1e-3):
            near = Gaussian(found.q.mean + shift * found.q.std, found.q.std * math.exp(wider))
            assert free_energy(model, near, x).value.value > best.value - best.error
    path = flow(posterior(model, x), "reverse", BELIEFS[0], 9)
    assert (np.diff(path.kl) < 1e-9).all()


@pytest.mark.parametrize("name", CASES)
def test_the_highest_point_and_the_parabola_through_it(name):
    model, x = CASES[name]
    top = map_estimate(model, x)
    target = posterior(model, x)
    step = 1e-3 * target.std
    assert (target.log_pdf(top) >= target.log_pdf(np.linspace(-8, 12, 4001)) - 1e-9).all()
    curve = (target.log_pdf(top + step) - 2 * target.log_pdf(top) + target.log_pdf(top - step)) / step**2
    assert laplace_approximation(model, x).std ** -2 == pytest.approx(-curve, rel=1e-3)


def test_several_numbers_are_their_mean_and_a_constant():
    model, x = GaussianModel(ONE, [0.4, 1.7], 0.6), [1.0, 2.0, 0.3, 1.4]
    alone = GaussianModel(ONE, [0.4, 1.7], 0.3)
    several, one = posterior(model, x), posterior(alone, float(np.mean(x)))
    assert (several.mean, several.std) == pytest.approx((one.mean, one.std), rel=1e-13)
    joint = 0.6**2 * np.eye(4) + (1.7 * 1.4) ** 2
    away = np.array(x) - 0.4 - 1.7 * 0.3
    logs = 0.5 * (away @ np.linalg.solve(joint, away) + np.linalg.slogdet(2 * math.pi * joint)[1])
    assert free_energy(model, Gaussian(0, 1), x).surprisal.value == pytest.approx(logs, abs=1e-12)


def test_one_after_the_other_is_all_at_once():
    model, x = GaussianModel(Gaussian(1, 2), [0.2, 0.7], 1.1), [0.4, 3.0, -1.0]
    step = model.prior
    for value in x:
        step = posterior(GaussianModel(step, model.link, model.noise_std), value)
    at_once = posterior(model, x)
    assert (step.mean, step.std) == pytest.approx((at_once.mean, at_once.std), rel=1e-13)


def test_a_sequence_of_one_is_a_number_and_every_kind_of_sequence_is_read():
    model = BernoulliModel(ONE)
    assert posterior(model, [1]) is posterior(model, 1) is posterior(model, np.int64(1)) is posterior(model, True)
    same = posterior(model, [1, 0, 1])
    assert all(posterior(model, x) is same for x in ((1, 0, 1), np.array([1, 0, 1]), [True, False, True], [1.0, 0, 1]))
    assert GaussianModel(ONE, [0, 1], 1).observation(np.array(2.0)) == 2.0


def test_the_evidence_of_single_outcomes_sums_to_one():
    chances = [math.exp(posterior(BernoulliModel(MIXED, [0.3, -2]), x).log_evidence.value) for x in (0, 1)]
    assert sum(chances) == pytest.approx(1, abs=1e-12)
    counts = [math.exp(posterior(PoissonModel(Gaussian(0.2, 0.4)), x).log_evidence.value) for x in range(60)]
    assert sum(counts) == pytest.approx(1, abs=1e-12)


def test_a_narrow_prior_leaves_the_likelihood_at_one_place():
    z = 0.7
    for model, x, truth in (
        (BernoulliModel(Gaussian(z, 1e-7)), [1, 1, 0], -2 * math.log1p(math.exp(-z)) - math.log1p(math.exp(z))),
        (PoissonModel(Gaussian(z, 1e-7)), [2, 0], 2 * z - 2 * math.exp(z) - math.log(2)),
    ):
        assert posterior(model, x).log_evidence.value == pytest.approx(truth, abs=1e-11)


def test_summaries_of_a_posterior_by_quadrature_serve_every_likelihood():
    model, x = PoissonModel(Gaussian(0, 1)), [3, 1]
    target, q = posterior(model, x), laplace_approximation(model, x)
    grid = np.linspace(-12, 8, 200_001)
    density = target.pdf(grid) * 20 / 200_000
    assert density.sum() == pytest.approx(1, abs=1e-12)
    forward = forward_divergence(model, q, x)
    assert forward.value == pytest.approx(density @ (target.log_pdf(grid) - q.log_pdf(grid)), abs=1e-10)
    inside = np.abs(grid - q.mean) < 1.959963984540054 * q.std
    assert confidence(model, q, x).coverage.value == pytest.approx(density[inside].sum(), abs=1e-4)
    assert fit(target, "forward").q.mean == pytest.approx(density @ grid, abs=1e-11)
    assert free_energy(model, q, x).divergence.value == pytest.approx(fit(target, "reverse", start=q).trace.kl[0])


def test_a_wide_belief_about_a_log_rate():
    # E e^z = e^32: nearly all of it lies eight std above the mean of q.
    terms = free_energy(PoissonModel(Gaussian(0, 8)), Gaussian(0, 8), 0)
    assert terms.accuracy.value == pytest.approx(-math.exp(32), rel=1e-12)
    assert terms.divergence.value == pytest.approx(math.exp(32), rel=1e-9)
    with pytest.raises(OverflowError, match="beyond the largest double"):
        free_energy(PoissonModel(Gaussian(0, 8)), Gaussian(0, 80), 0)


@pytest.mark.parametrize(
    "make, name",
    [
        (lambda: BernoulliModel(3), "prior"),
        (lambda: BernoulliModel(ONE, [0, 0]), "link"),
        (lambda: PoissonModel(ONE, [1]), "link"),
        (lambda: posterior(BernoulliModel(ONE), 2), "x"),
        (lambda: posterior(BernoulliModel(ONE), [1, 0.5]), "x"),
        (lambda: posterior(BernoulliModel(ONE), []), "x"),
        (lambda: posterior(BernoulliModel(ONE), "10"), "x"),
        (lambda: posterior(PoissonModel(ONE), -1), "x"),
        (lambda: posterior(PoissonModel(ONE), [1, math.inf]), "x"),
        (lambda: posterior(PoissonModel(ONE), [[1, 2]]), "x"),
        (lambda: posterior(GaussianModel(ONE, [0, 1], 1), [1, math.nan]), "x"),
        (lambda: posterior(GaussianModel(ONE, [0, 1], 1), [[1.0], [2.0]]), "x"),
        (lambda: free_energy(PoissonModel(ONE), Categorical([0.5, 0.5]), 1), "q"),
    ],
)
def test_what_is_refused_names_the_argument(make, name):
    with pytest.raises(ValueError, match=f"^{name}: expected"):
        make()


def test_a_mixture_prior_and_one_observation_agree_with_the_reverse_divergence_itself():
    model = BernoulliModel(MIXED)
    q = Gaussian(0.5, 0.8)
    # As good as no observation: with a link that is nearly flat the posterior is the prior.
    flat = BernoulliModel(MIXED, [0, 1e-12])
    assert free_energy(flat, q, 1).divergence.value == pytest.approx(reverse_kl(MIXED, q).value, abs=1e-10)
    assert free_energy(model, q, 1).complexity == free_energy(flat, q, 1).complexity
