"""Expectation propagation: against a plain implementation on a lattice, closed forms, and its own fixed point."""

from __future__ import annotations

import math

import numpy as np
import pytest

from kl_engine import Gaussian, GaussianMixture, fit
from kl_engine.inference import (
    BernoulliModel,
    BetaModel,
    GaussianModel,
    PoissonModel,
    PropagationStatus,
    expectation_propagation,
    free_energy,
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
    with pytest.raises(RuntimeError, match="improper: without one of its factors q is no distribution"):
        found.raise_for_status()


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
