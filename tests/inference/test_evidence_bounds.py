"""Importance-weighted bounds and bounds of order α: against enumeration, sums over lattices, and closed forms."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from kl_engine import Categorical, Gaussian, GaussianMixture, renyi_divergence
from kl_engine.distributions import Beta
from kl_engine.inference import (
    BernoulliModel,
    BetaModel,
    CategoricalModel,
    GaussianModel,
    PoissonModel,
    alpha_bound,
    free_energy,
    importance_bound,
    posterior,
)
from kl_engine.inference.bounds.weights import drawn_weights

LINEAR = GaussianModel(Gaussian(0.3, 1.2), [0.5, 1.4], 0.7)
COIN = BetaModel(0.7, 2)
STATES = CategoricalModel([0.2, 0.5, 0.3], [[0.9, 0.2, 0.5], [0.1, 0.8, 0.5]])
CASES = {
    "line": (LINEAR, Gaussian(0.2, 0.8), 1.0),
    "several": (LINEAR, Gaussian(0.2, 0.3), [1.0, 1.6]),
    "square": (GaussianModel(Gaussian(0, 1), [0, 0, 1], 0.8), Gaussian(1, 0.5), 1.5),
    "two modes": (GaussianModel(GaussianMixture([0.4, 0.6], [-2, 2], [0.7, 1]), [0, 1], 2.0), Gaussian(1, 1.1), 0.3),
    "ones": (BernoulliModel(Gaussian(0, 1.5)), Gaussian(0.7, 0.9), [1, 1, 0]),
    "counts": (PoissonModel(Gaussian(0, 1)), Gaussian(0.8, 0.4), [3, 1, 4]),
    "coin": (COIN, Beta(2, 3), (7, 3)),
}


def evidence(model, q, x):
    """log p(x)."""
    return -free_energy(model, q, x).surprisal.value


def log_beta(p, up, down):
    """The log density of a Beta at θ, by log θ and log(1 − θ)."""
    return (p.a - 1) * up + (p.b - 1) * down - math.lgamma(p.a) - math.lgamma(p.b) + math.lgamma(p.a + p.b)


def nodes(model, q, x, count=1201):
    """log w at places of z and the probability of each: the trapezoidal rule in a variable that runs over the line."""
    if isinstance(q, Beta):
        y = np.linspace(-45, 45, count)
        up, down = -np.logaddexp(0, -y), -np.logaddexp(0, y)
        log_q, log_prior = log_beta(q, up, down), log_beta(model.prior, up, down)
        return log_prior + x[0] * up + x[1] * down - log_q, np.exp(log_q + up + down) * (y[1] - y[0])
    t = np.linspace(-11, 11, count)
    z = q.mean + q.std * t
    logs = model.prior.log_pdf(z) + model.log_likelihood(model.observation(x)).values(z) - q.log_pdf(z)
    return logs, np.exp(-0.5 * t * t) / math.sqrt(2 * math.pi) * (t[1] - t[0])


@pytest.mark.parametrize("name", CASES)
def test_two_draws_are_a_sum_over_pairs(name):
    model, q, x = CASES[name]
    logs, probs = nodes(model, q, x)
    pairs = np.logaddexp(logs[:, None], logs) - math.log(2)
    found = importance_bound(model, q, x, 2)
    assert found.value == pytest.approx(probs @ pairs @ probs, abs=1e-9)
    assert abs(found.value - probs @ pairs @ probs) <= found.error + 1e-11


@pytest.mark.parametrize("draws", [1, 2, 3, 7])
def test_of_states_it_is_a_sum_over_all_draws(draws):
    q = Categorical([0.3, 0.1, 0.6])
    weights = STATES.prior.probs * STATES.likelihood[0] / q.probs
    truth = sum(
        math.prod(q.probs[i] for i in drawn) * math.log(sum(weights[i] for i in drawn) / draws)
        for drawn in itertools.product(range(3), repeat=draws)
    )
    found = importance_bound(STATES, q, 0, draws)
    assert abs(found.value - truth) <= found.error + 1e-15 and found.error < 1e-12


@pytest.mark.parametrize("name", CASES)
def test_it_grows_from_minus_the_free_energy_to_the_log_evidence(name):
    model, q, x = CASES[name]
    found = [importance_bound(model, q, x, draws).value for draws in (1, 2, 5, 50, 1000, 100_000)]
    assert found[0] == free_energy(model, q, x).elbo.value
    assert (np.diff(found) > 0).all() and found[-1] < evidence(model, q, x)
    if name != "square":  # there q misses one of two modes, and hardly ever draws from it
        assert found[-1] == pytest.approx(evidence(model, q, x), abs=2e-2)


@pytest.mark.parametrize("draws", [5, 50])
@pytest.mark.parametrize("name", ["line", "square", "ones", "counts"])
def test_it_is_within_the_interval_of_a_sample(name, draws):
    model, q, x = CASES[name]
    rng = np.random.default_rng(7)
    z = q.sample((15_000, draws), rng)
    logs = model.prior.log_pdf(z) + model.log_likelihood(model.observation(x)).values(z) - q.log_pdf(z)
    means = np.logaddexp.reduce(logs, axis=1) - math.log(draws)
    half = 3.5 * means.std() / math.sqrt(means.size)
    assert abs(importance_bound(model, q, x, draws).value - means.mean()) < half


@pytest.mark.parametrize("draws", [2, 5, 50])
def test_with_the_posterior_itself_every_bound_is_the_log_evidence(draws):
    q = posterior(LINEAR, 1.0)
    assert importance_bound(LINEAR, q, 1.0, draws).value == pytest.approx(evidence(LINEAR, q, 1.0), abs=1e-11)
    assert alpha_bound(LINEAR, q, 1.0, draws).value == pytest.approx(evidence(LINEAR, q, 1.0), abs=1e-11)
    known = posterior(COIN, (7, 3))
    assert importance_bound(COIN, known, (7, 3), draws).value == pytest.approx(evidence(COIN, known, (7, 3)), abs=1e-11)


def test_a_weight_too_steep_for_integrals_is_sampled_and_says_so():
    model, q = GaussianModel(Gaussian(0, 1), [0, 0, 1], 1e-4), Gaussian(0, 1)
    found = importance_bound(model, q, 2.0, 20, rng=1)
    assert str(found.certainty).startswith("95 %") and found.error > 0 and "too steep" in found.method
    assert found == importance_bound(model, q, 2.0, 20, rng=1) != importance_bound(model, q, 2.0, 20, rng=2)


def test_a_vague_belief_about_a_coin_is_drawn_by_its_log_odds():
    # E log w of one draw is −F; most draws of such a q are 0 or 1 in doubles.
    model, q, x = BetaModel(1, 1), Beta(0.001, 0.001), (1, 1)
    logs = drawn_weights(model, q, x, (200_000,), np.random.default_rng(0))
    half = 4 * logs.std() / math.sqrt(logs.size)
    assert np.isfinite(logs).all() and abs(logs.mean() - free_energy(model, q, x).elbo.value) < half
    assert str(importance_bound(model, q, x, 10).certainty).startswith("95 %")


def test_what_lies_far_between_q_and_the_posterior_is_found():
    model = GaussianModel(Gaussian(0, 1), [0, 1], 1.0)
    for at in (1e3, 1e6):
        q = Gaussian(at, 0.5)
        found = alpha_bound(model, q, 1.0, 0.5)
        truth = evidence(model, q, 1.0) - renyi_divergence(q, posterior(model, 1.0), 0.5).value
        assert (
            found.value == pytest.approx(truth, rel=1e-12) and abs(found.value - truth) <= found.error + 1e-12 * at**2
        )


@pytest.mark.parametrize("alpha", [-0.2, 0.3, 0.5, 0.999, 1.2])
@pytest.mark.parametrize("name", CASES)
def test_of_order_alpha_it_is_a_sum_over_a_lattice(name, alpha):
    model, q, x = CASES[name]
    found = alpha_bound(model, q, x, alpha)
    if math.isinf(found.value):
        assert (alpha > 1) == (found.value < 0) and "does not fall off" in found.method
        return
    if isinstance(q, Beta):
        y = np.linspace(-250, 250, 200_001)
        up, down = -np.logaddexp(0, -y), -np.logaddexp(0, y)
        log_q, joint = log_beta(q, up, down), log_beta(model.prior, up, down) + x[0] * up + x[1] * down
        heights, step = alpha * log_q + (1 - alpha) * joint + up + down, 500 / 200_000
    else:
        z = np.linspace(-40, 40, 400_001)
        joint = model.prior.log_pdf(z) + model.log_likelihood(model.observation(x)).values(z)
        heights, step = alpha * q.log_pdf(z) + (1 - alpha) * joint, 80 / 400_000
    truth = (math.log(np.exp(heights - heights.max()).sum() * step) + heights.max()) / (1 - alpha)
    assert abs(found.value - truth) <= found.error + 1e-11 / abs(1 - alpha)


@pytest.mark.parametrize("alpha", [0.2, 0.5, 0.9, 1.1, 1.5])
def test_of_order_alpha_it_is_the_log_evidence_less_the_divergence_of_that_order(alpha):
    q = Gaussian(0.1, 0.3)
    gap = evidence(LINEAR, q, 1.0) - renyi_divergence(q, posterior(LINEAR, 1.0), alpha).value
    assert alpha_bound(LINEAR, q, 1.0, alpha).value == pytest.approx(gap, abs=1e-11)
    known = Beta(8, 5)
    gap = evidence(COIN, known, (7, 3)) - renyi_divergence(known, posterior(COIN, (7, 3)), alpha).value
    assert alpha_bound(COIN, known, (7, 3), alpha).value == pytest.approx(gap, abs=1e-11)
    states = Categorical([0.3, 0.1, 0.6])
    gap = evidence(STATES, states, 1) - renyi_divergence(states, posterior(STATES, 1), alpha).value
    assert alpha_bound(STATES, states, 1, alpha).value == pytest.approx(gap, abs=1e-12)


@pytest.mark.parametrize("name", CASES)
def test_of_order_alpha_it_falls_with_alpha_through_the_evidence_and_minus_the_free_energy(name):
    model, q, x = CASES[name]
    found = [alpha_bound(model, q, x, alpha).value for alpha in (-0.3, 0, 0.5, 1, 1.05)]
    assert all(later <= before for before, later in itertools.pairwise(found))
    assert found[1] == pytest.approx(evidence(model, q, x), abs=1e-10)
    assert found[3] == free_energy(model, q, x).elbo.value


def test_where_it_becomes_infinite():
    # σ_q² (1 − α) + α v changes its sign at α = σ_q²/(σ_q² − v), v the variance of the posterior.
    model, q = GaussianModel(Gaussian(0, 1), [0, 1], 1.0), Gaussian(0, 1)  # v = ½: at α = 2
    assert math.isfinite(alpha_bound(model, q, 1.0, 1.9999).value)
    assert alpha_bound(model, q, 1.0, 2).value == alpha_bound(model, q, 1.0, 2.5).value == -math.inf
    narrow = Gaussian(0, 0.5)  # α = −1
    assert math.isfinite(alpha_bound(model, narrow, 1.0, -0.9999).value)
    assert alpha_bound(model, narrow, 1.0, -1).value == alpha_bound(model, narrow, 1.0, -3).value == math.inf
    # An exponential likelihood falls faster than every Gaussian; a logistic one as a line, which decides at equal stds.
    assert alpha_bound(PoissonModel(Gaussian(0, 1)), Gaussian(0, 0.1), 1, 1.01).value == -math.inf
    ones, wide, narrow = BernoulliModel(Gaussian(0, 1)), Gaussian(0, math.sqrt(2)), Gaussian(0, math.sqrt(0.5))
    assert math.isfinite(alpha_bound(ones, wide, 1, 1.999).value)
    assert alpha_bound(ones, wide, 1, 2).value == -math.inf
    assert alpha_bound(ones, narrow, 1, -1).value == math.inf
    assert math.isfinite(alpha_bound(ones, narrow, [1, 0], -1).value)  # a line falls on either side


def test_states_that_only_one_of_them_has():
    assert importance_bound(STATES, Categorical([0, 0.4, 0.6]), 0, 3).value < evidence(STATES, STATES.prior, 0)
    assert alpha_bound(STATES, Categorical([0, 0.4, 0.6]), 0, -1).value == math.inf
    closed = CategoricalModel([0.5, 0.5], [[1.0, 0.0], [0.0, 1.0]])
    assert alpha_bound(closed, Categorical([0.5, 0.5]), 0, 2).value == -math.inf
    assert alpha_bound(closed, Categorical([0.5, 0.5]), 0, 0.5).value == pytest.approx(2 * math.log(0.5), abs=1e-14)
    assert alpha_bound(closed, Categorical([0, 1]), 0, 0.5).value == -math.inf
    assert importance_bound(closed, Categorical([0.5, 0.5]), 0, 4).value == -math.inf


@pytest.mark.parametrize(
    "make, name",
    [
        (lambda: importance_bound(LINEAR, Gaussian(0, 1), 1.0, 0), "draws"),
        (lambda: importance_bound(LINEAR, Gaussian(0, 1), 1.0, 2.5), "draws"),
        (lambda: importance_bound(LINEAR, Gaussian(0, 1), 1.0, 10**7), "draws"),
        (lambda: importance_bound(LINEAR, Beta(1, 1), 1.0, 2), "q"),
        (lambda: importance_bound(LINEAR, Gaussian(0, 1), 1.0, 2, rng=-1), "rng"),
        (lambda: alpha_bound(LINEAR, Gaussian(0, 1), 1.0, math.inf), "alpha"),
        (lambda: alpha_bound(3, Gaussian(0, 1), 1.0, 0.5), "model"),
    ],
)
def test_what_is_refused_names_the_argument(make, name):
    with pytest.raises(ValueError, match=f"^{name}: expected"):
        make()
