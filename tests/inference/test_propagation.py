"""Expectation propagation: against a plain implementation on a lattice, closed forms, and its own fixed point."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.optimize import brentq

from kl_engine import Gaussian, GaussianMixture, fit
from kl_engine.inference import (
    BernoulliModel,
    BetaModel,
    GaussianModel,
    PoissonModel,
    PropagationStatus,
    expectation_propagation,
    free_energy,
    laplace_approximation,
    posterior,
)

MIXED = GaussianMixture([0.3, 0.7], [-2, 2], [0.5, 1])
CASES = {
    "ones and zeros": (BernoulliModel(Gaussian(0.3, 1.4), [0.5, -1.5]), [1, 0, 0, 1, 1]),
    "all ones, a wide prior": (BernoulliModel(Gaussian(0, 4)), [1] * 6),
    "counts": (PoissonModel(Gaussian(0.3, 1.4), [0.2, 0.8]), [4, 0, 2, 7]),
    "no event": (PoissonModel(Gaussian(1, 2)), [0, 0]),
    "cubes": (GaussianModel(Gaussian(0, 1), [0, 1, 0, 0.3], 0.8), [1.0, 1.4]),
    "ones, two modes": (BernoulliModel(MIXED), [0, 1, 1]),
}
GRID = np.linspace(-40, 40, 8001)


def log_factors(model, x):
    """The log of each factor on the lattice: of every observation, and of a mixture prior."""
    alone = [model.log_likelihood(value).values(GRID) for value in x]
    return alone if isinstance(model.prior, Gaussian) else [model.prior.log_pdf(GRID), *alone]


def plain(model, x, sweeps=2000):
    """EP by sums over a lattice, one site an observation, each step halved: mean, std and log evidence of q."""
    logs = log_factors(model, x)
    own = np.array([model.prior.std**-2, model.prior.mean * model.prior.std**-2])
    sites = np.zeros((len(logs), 2))
    if not isinstance(model.prior, Gaussian):
        sites[0], own = own, np.zeros(2)

    def tilted(k):
        precision, shift = own + sites.sum(axis=0) - sites[k]
        heights = -0.5 * precision * GRID**2 + shift * GRID + logs[k]
        weights = np.exp(heights - heights.max())
        mean = weights @ GRID / weights.sum()
        mass = math.log(weights.sum() * 80 / 8000) + heights.max()
        return mean, weights @ (GRID - mean) ** 2 / weights.sum(), mass

    for _ in range(sweeps):
        before = sites.copy()
        for k in range(len(logs)):
            mean, variance, _ = tilted(k)
            new = np.array([1, mean]) / variance - (own + sites.sum(axis=0) - sites[k])
            sites[k] += 0.5 * (new - sites[k])
        if np.abs(sites - before).max() < 1e-12:
            break
    precision, shift = own + sites.sum(axis=0)

    def log_mass(precision, shift):
        return 0.5 * math.log(2 * math.pi / precision) + 0.5 * shift**2 / precision

    evidence = log_mass(precision, shift) - (log_mass(*own) if own[0] else 0)
    evidence += sum(tilted(k)[2] - log_mass(precision, shift) for k in range(len(logs)))
    return shift / precision, precision**-0.5, evidence


@pytest.mark.parametrize("name", CASES)
def test_it_is_what_a_plain_implementation_finds(name):
    model, x = CASES[name]
    found = expectation_propagation(model, x).raise_for_status()
    mean, std, evidence = plain(model, x)
    assert (found.q.mean, found.q.std) == pytest.approx((mean, std), abs=1e-8)
    assert found.log_evidence.value == pytest.approx(evidence, abs=1e-8)
    assert found.converged and found.residual < 1e-10 and len(found.trace) > 1


@pytest.mark.parametrize("name", CASES)
def test_one_observation_is_one_moment_match_and_its_evidence_is_exact(name):
    model, x = CASES[name]
    if not isinstance(model.prior, Gaussian):
        return
    target = posterior(model, x[0])
    found = expectation_propagation(model, x[0])
    assert (found.q.mean, found.q.std) == pytest.approx((target.mean, target.std), abs=1e-9)
    assert found.log_evidence.value == pytest.approx(target.log_evidence.value, abs=1e-9)


@pytest.mark.parametrize("prior", [Gaussian(0.4, 1.5), MIXED], ids=["gaussian", "mixture"])
def test_with_gaussian_noise_about_a_line_nothing_is_approximated_but_the_prior(prior):
    model, x = GaussianModel(prior, [0.5, -1.3], 0.6), [2.0, 1.0, 1.4]
    found, target = expectation_propagation(model, x), posterior(model, x)
    assert (found.q.mean, found.q.std) == pytest.approx((target.mean, target.std), rel=1e-10)
    surprisal = free_energy(model, found.q, x).surprisal
    assert found.log_evidence.value == pytest.approx(-surprisal.value, abs=1e-10)


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("damping", [0.7, 0.4])
def test_damping_changes_the_way_and_not_the_end(name, damping):
    model, x = CASES[name]
    whole, damped = expectation_propagation(model, x), expectation_propagation(model, x, damping)
    assert damped.converged
    assert (damped.q.mean, damped.q.std) == pytest.approx((whole.q.mean, whole.q.std), abs=1e-8)


def test_alike_observations_are_one_site_and_their_order_does_not_matter():
    model = BernoulliModel(Gaussian(0, 2))
    found, turned = (expectation_propagation(model, x) for x in ([1, 0, 1, 1], [1, 1, 1, 0]))
    assert [site.count for site in found.sites] == [3, 1]
    assert (found.q.mean, found.q.std) == pytest.approx((turned.q.mean, turned.q.std), abs=1e-9)


def test_a_posterior_of_two_modes_is_refused_in_words_and_not_in_silence():
    # The sign of z is hidden: at the symmetric point a site takes away more precision than the others have.
    found = expectation_propagation(GaussianModel(Gaussian(0, 1), [0, 0, 1], 0.5), [-1.0, 0.3, 0.5, 2.0])
    assert found.status is PropagationStatus.IMPROPER and not found.converged
    assert "no cavity for x = " in found.reason and found.log_evidence is None
    with pytest.raises(RuntimeError, match="improper: without one of its factors q is no longer a distribution"):
        found.raise_for_status()


HIDDEN_SIGN = [0.0, 0.0, 1.0]  # the link z²: the posterior is the same on both sides


@pytest.mark.parametrize("count", [2, 3, 10])
def test_steps_to_and_fro_are_damped_until_they_settle(count):
    """Alike observations: the cavity's precision κ is the root of 1/v(κ) = κ + (κ − λ₀)/(n − 1), v the tilted one's."""
    noise, own = 0.1, 1.0

    def lacking(cavity):
        model = GaussianModel(Gaussian(0, cavity**-0.5), HIDDEN_SIGN, noise)
        return posterior(model, 4.0).std ** -2 - cavity - (cavity - own) / (count - 1)

    cavity = brentq(lacking, 1e-3, 10, xtol=1e-13)
    found = expectation_propagation(GaussianModel(Gaussian(0, 1), HIDDEN_SIGN, noise), [4.0] * count)
    assert found.converged and not found.is_local and found.q.mean == pytest.approx(0, abs=1e-9)
    assert found.q.std**-2 == pytest.approx(cavity + (cavity - own) / (count - 1), rel=1e-8)


def test_where_no_q_between_the_modes_satisfies_all_the_one_about_a_mode_is_found_and_said_to_be_local():
    model, x = GaussianModel(Gaussian(0, 1), HIDDEN_SIGN, 0.5), [3.0, 4.0, 5.0]
    found = expectation_propagation(model, x)
    mode = laplace_approximation(model, x)
    assert found.converged and found.is_local and abs(found.q.mean - mode.mean) < 0.1 * mode.std
    assert found.q.std == pytest.approx(mode.std, rel=0.01)
    assert f"about the mode at {mode.mean:.4g} alone: from the prior no cavity for x = 3" in found.reason


def test_no_symmetric_q_satisfies_observations_that_contradict_one_another():
    """Σ(Λ − κᵢ(Λ)) = Λ − λ₀ at a symmetric fixed point, κᵢ the cavity whose tilted variance is 1/Λ: it has no root."""
    noise, x = 0.5, (-1.0, 2.0)

    def tilted(value, cavity):
        return posterior(GaussianModel(Gaussian(0, cavity**-0.5), HIDDEN_SIGN, noise), value).std ** -2

    lacking = []
    for total in np.geomspace(max(tilted(value, 1e-3) for value in x) * 1.001, 1e3, 12):
        cavities = [brentq(lambda k, v=value, at=total: tilted(v, k) - at, 1e-3, 1e4, xtol=1e-9) for value in x]
        lacking.append(sum(total - cavity for cavity in cavities) - (total - 1))
    assert max(lacking) < -1
    found = expectation_propagation(GaussianModel(Gaussian(0, 1), HIDDEN_SIGN, noise), x)
    assert found.status is PropagationStatus.IMPROPER


@pytest.mark.parametrize("std", [1e-8, 1e-3, 1e3, 1e8])
@pytest.mark.parametrize("x", [(0, 0, 0), (0,), (3, 0, 2)])
def test_counts_under_a_prior_of_any_width_have_an_answer(std, x):
    with np.errstate(all="raise"):
        found = expectation_propagation(PoissonModel(Gaussian(0, std)), x)
    assert np.isfinite([found.q.mean, found.q.std]).all() and found.status is not PropagationStatus.IMPROPER


def test_sites_too_large_for_doubles_are_no_division_by_zero():
    found = expectation_propagation(GaussianModel(Gaussian(0, 1e-8), HIDDEN_SIGN, 1e-8), [1.0, 2.0, 3.0])
    assert not found.converged and "no cavity" in found.reason


def test_its_std_is_nearer_to_the_exact_one_than_that_of_the_reverse_fit():
    for name in ("ones and zeros", "all ones, a wide prior", "counts", "no event"):
        model, x = CASES[name]
        target = posterior(model, x)
        away = abs(expectation_propagation(model, x).q.std - target.std)
        assert away < abs(fit(target, "reverse").q.std - target.std)


def test_a_prior_far_from_zero_costs_no_digits():
    here, far = (BernoulliModel(Gaussian(at, 1), [-at, 1]) for at in (0.0, 1e6))
    found, moved = (expectation_propagation(model, [1, 0, 1]) for model in (here, far))
    assert moved.q.mean - 1e6 == pytest.approx(found.q.mean, abs=1e-8)
    assert moved.log_evidence.value == pytest.approx(found.log_evidence.value, abs=1e-8)


@pytest.mark.parametrize(
    "make, name",
    [
        (lambda: expectation_propagation(BetaModel(1, 1), (2, 1)), "model"),
        (lambda: expectation_propagation(BernoulliModel(Gaussian(0, 1)), [2]), "x"),
        (lambda: expectation_propagation(BernoulliModel(Gaussian(0, 1)), [1], 0), "damping"),
        (lambda: expectation_propagation(BernoulliModel(Gaussian(0, 1)), [1], 1.5), "damping"),
        (lambda: expectation_propagation(GaussianModel(Gaussian(0, 1), [0, 0, 1], 1), range(600)), "x"),
    ],
)
def test_what_is_refused_names_the_argument(make, name):
    with pytest.raises(ValueError, match=f"^{name}: expected"):
        make()
