"""Every number of the public face is of the kind that its method earns: no sample and no guess passes for a bound."""

from __future__ import annotations

import dataclasses
import inspect
from operator import attrgetter

import numpy as np
import pytest

import kl_engine as kl
from kl_engine import Certainty, Estimate, Gaussian, GaussianMixture
from tests.cases import two_modes

SPACES = {
    name: getattr(kl, name)
    for name in ("optima", "inference", "coding", "acting", "data", "divergences", "distributions")
}
EXACT, PROVED, ESTIMATED = Certainty.EXACT, Certainty.PROVED, Certainty.ESTIMATED
SAMPLED = Certainty.CONFIDENCE(0.95)

ONE, OTHER = Gaussian(0, 1), Gaussian(1, 2)
TWO = GaussianMixture([0.4, 0.6], [-2, 2], [1, 0.5])
WORD, LETTER = kl.Categorical([0.5, 0.3, 0.2]), kl.Categorical([0.2, 0.3, 0.5])
CHANCE, COIN = kl.distributions.Beta(2, 3), kl.inference.BetaModel(1, 1)


def space(n: int, components: int = 1):
    """A Gaussian of n dimensions, or a mixture whose components differ in every direction."""
    means = np.arange(components)[:, None] * np.ones(n)
    if components == 1:
        return kl.MultivariateGaussian(means[0], np.eye(n))
    weights = np.full(components, 1 / components)
    return kl.MultivariateGaussianMixture(weights, means, [np.eye(n) * (k + 1) for k in range(components)])


STATES = kl.acting.FiniteModel(
    kl.Categorical([0.5, 0.5]), [np.array([[0.9, 0.2], [0.1, 0.8]])], [np.eye(2)], [[0.0, -1.0]]
)
LINEAR, BENT = kl.inference.GaussianModel(ONE, [0, 1], 1.0), kl.inference.GaussianModel(ONE, [0, 0, 1], 1.0)
ONES, RATE = kl.inference.BernoulliModel(ONE), kl.inference.PoissonModel(ONE)
LINE = kl.inference.RegressionModel(kl.MultivariateGaussian([0, 0], 1.0), 1.0)
JOINT = [[0.3, 0.2], [0.1, 0.4]]
FACTORS = kl.inference.FactorModel([0.5, 0.5], [0.5, 0.5], [JOINT, 1 - np.array(JOINT)])

# The public function, what is asked, and the kind of every number in the answer (several where they differ).
STATED = (
    ("entropy", lambda f: f(ONE), EXACT),
    ("entropy", lambda f: f(TWO), PROVED),
    ("entropy", lambda f: f(WORD), EXACT),
    ("entropy", lambda f: f(space(3)), EXACT),
    ("cross_entropy", lambda f: f(TWO, ONE), EXACT),
    ("cross_entropy", lambda f: f(ONE, TWO), PROVED),
    ("cross_entropy", lambda f: f(space(3, 2), space(3, 2)), SAMPLED),
    ("kl_divergence", lambda f: f(ONE, OTHER), EXACT),
    ("kl_divergence", lambda f: f(TWO, ONE), PROVED),
    ("kl_divergence", lambda f: f(WORD, LETTER), EXACT),
    ("kl_divergence", lambda f: f(kl.Categorical([1, 0]), kl.Categorical([0, 1])), EXACT),
    ("kl_divergence", lambda f: f(space(2), space(2)), EXACT),
    ("kl_divergence", lambda f: f(space(2, 2), space(2)), ESTIMATED),
    ("kl_divergence", lambda f: f(space(3, 2), space(3)), SAMPLED),
    ("kl_divergences", lambda f: list(f([(ONE, OTHER), (WORD, LETTER)])), EXACT),
    ("kl_divergences", lambda f: list(f([(ONE, OTHER), (TWO, ONE)])), (EXACT, PROVED)),
    ("kl_gradient", lambda f: list(f(ONE, OTHER).mean), EXACT),
    ("kl_gradient", lambda f: list(f(TWO, ONE, "a").weights), PROVED),
    ("forward_kl", lambda f: f(TWO, ONE), PROVED),
    ("reverse_kl", lambda f: f(TWO, ONE), PROVED),
    ("alpha_divergence", lambda f: f(ONE, OTHER, 0.5), EXACT),
    ("alpha_divergence", lambda f: f(Gaussian(0, 3), ONE, 1.5), EXACT),
    ("alpha_divergence", lambda f: f(TWO, ONE, 0.5), PROVED),
    ("alpha_divergence", lambda f: f(space(3), space(3), 2.0), EXACT),
    ("alpha_divergence", lambda f: f(space(3, 2), space(3), 0.5), SAMPLED),
    ("alpha_divergence", lambda f: f(CHANCE, kl.distributions.Beta(1, 1), 0.5), EXACT),
    ("alpha_divergence", lambda f: f(WORD, LETTER, 0.5), EXACT),
    ("renyi_divergence", lambda f: f(ONE, OTHER, 0.5), EXACT),
    ("renyi_divergence", lambda f: f(Gaussian(0, 3), ONE, 1.5), EXACT),
    ("renyi_divergence", lambda f: f(TWO, ONE, 0.5), PROVED),
    ("renyi_divergence", lambda f: f(WORD, LETTER, 2.0), EXACT),
    ("jensen_shannon", lambda f: f(ONE, OTHER), PROVED),
    ("jensen_shannon", lambda f: f(WORD, LETTER), EXACT),
    ("jensen_shannon", lambda f: f(WORD, ONE), EXACT),
    ("jensen_shannon", lambda f: f(CHANCE, kl.distributions.Beta(1, 1)), ESTIMATED),
    ("jensen_shannon", lambda f: f(space(2, 2), space(2)), ESTIMATED),
    ("total_variation", lambda f: f(space(2, 2), space(2)), SAMPLED),
    ("disagreement", lambda f: f(WORD, LETTER), EXACT),
    ("kl_divergence", lambda f: f(CHANCE, kl.distributions.Beta(1, 1)), EXACT),
    ("kl_divergence", lambda f: f(CHANCE, ONE), EXACT),
    ("kl_divergence", lambda f: f(CHANCE, TWO), ESTIMATED),
    ("kl_divergence", lambda f: f(ONE, CHANCE), EXACT),
    ("total_variation", lambda f: f(ONE, OTHER), PROVED),
    ("disagreement", lambda f: f(ONE, OTHER), PROVED),
    ("divergences.missed_by_component", lambda f: f(TWO, ONE), PROVED),
    ("divergences.entropy_bounds", lambda f: f(TWO), EXACT),
    ("kl_bounds", lambda f: f(TWO, ONE), (EXACT, SAMPLED)),
    ("kl_bounds", lambda f: f(ONE, TWO), (EXACT, PROVED, SAMPLED)),
    ("kl_bounds", lambda f: f(space(3, 2), space(3)), (EXACT, SAMPLED)),
    ("divergences.sampling_run", lambda f: f(ONE, OTHER, [100]).estimate(), SAMPLED),
    ("divergences.estimator_facts", lambda f: f(TWO, ONE), (EXACT, PROVED, ESTIMATED)),
    ("monte_carlo_kl", lambda f: f(WORD, LETTER), SAMPLED),
    ("kl_from_samples", lambda f: f(ONE.sample(200, 1), OTHER.sample(200, 2)), SAMPLED),
    ("kl_to_density", lambda f: f(ONE.sample(200, 1), OTHER), SAMPLED),
    ("kl_to_density", lambda f: f(ONE.sample(200, 1), CHANCE), EXACT),
    ("coding.expected_length", lambda f: f(WORD, kl.coding.huffman_code(WORD)), EXACT),
    ("coding.redundancy", lambda f: f(WORD, kl.coding.huffman_code(WORD)), EXACT),
    ("acting.action_values", lambda f: f(STATES), EXACT),
    ("acting.policy_values", lambda f: f(STATES, 2), EXACT),
    ("acting.episode", lambda f: f(STATES, 0, 2, 2), EXACT),
    ("acting.exact_posterior", lambda f: f(JOINT), EXACT),
    ("acting.factorised_states", lambda f: f(JOINT), EXACT),
    ("inference.factorised_pair", lambda f: f(kl.inference.GaussianPair([0, 0], [1, 1], 0.5)), EXACT),
    ("inference.forward_pair", lambda f: f(kl.inference.GaussianPair([0, 0], [1, 1], 0.5)), EXACT),
    ("inference.factorised_normal", lambda f: f(kl.inference.NormalGammaModel(0, 1, 1, 1), [1.0, 2.0]), EXACT),
    ("inference.free_energy", lambda f: f(COIN, CHANCE, (2, 1)), EXACT),
    ("inference.free_energy", lambda f: f(LINEAR, OTHER, 1.0), EXACT),
    ("inference.free_energy", lambda f: f(BENT, OTHER, 1.0), (EXACT, ESTIMATED)),
    ("inference.free_energy", lambda f: f(LINEAR, OTHER, [1.0, 2.0]), EXACT),
    ("inference.free_energy", lambda f: f(ONES, OTHER, [1, 0]), (EXACT, ESTIMATED)),
    ("inference.free_energy", lambda f: f(RATE, OTHER, [1, 0]), (EXACT, ESTIMATED)),
    ("inference.importance_bound", lambda f: f(LINEAR, OTHER, 1.0, 3), ESTIMATED),
    ("inference.importance_bound", lambda f: f(LINEAR, OTHER, 1.0, 1), EXACT),
    ("inference.importance_bound", lambda f: f(kl.inference.GaussianModel(ONE, [0, 0, 1], 1e-4), ONE, 2.0, 3), SAMPLED),
    ("inference.alpha_bound", lambda f: f(COIN, CHANCE, (2, 1), 0.5), EXACT),
    ("inference.alpha_bound", lambda f: f(BENT, OTHER, 1.0, 0.5), ESTIMATED),
    ("inference.expectation_propagation", lambda f: f(ONES, [1, 0]), ESTIMATED),
    ("inference.regression_evidence", lambda f: f(LINE, [1.0, 2.0], [1.0, 3.0]), EXACT),
    ("inference.forward_divergence", lambda f: f(LINEAR, OTHER, 1.0), EXACT),
    ("inference.forward_divergence", lambda f: f(BENT, OTHER, 1.0), ESTIMATED),
    ("inference.confidence", lambda f: f(LINEAR, OTHER, 1.0), EXACT),
    ("inference.confidence", lambda f: f(BENT, OTHER, 1.0), ESTIMATED),
    ("inference.posterior", lambda f: f(BENT, 1.0), ESTIMATED),
    ("fit", lambda f: f(TWO, "reverse"), PROVED),
    ("fit", lambda f: f(ONE, "forward"), EXACT),
    ("fit", lambda f: f(TWO, kl.Alpha(0.5)).optima, PROVED),
    ("fit", lambda f: f(TWO, kl.Weighted(0.5, 0.5, 1.0)), PROVED),
    ("fit", lambda f: f(TWO, "forward", kl.families.Mixture(2)), PROVED),
    ("fit", lambda f: f(space(2, 2), "reverse"), ESTIMATED),
    ("fit", lambda f: f(kl.inference.posterior(LINEAR, 1.0), "reverse"), EXACT),
    ("fit", lambda f: f(kl.inference.posterior(BENT, 1.0), "reverse"), ESTIMATED),
    ("families.mean_field_cost", lambda f: f([[1, 0.5], [0.5, 1]]), EXACT),
    ("optima.stationary_points", lambda f: f(TWO), PROVED),
    ("optima.stationary_points", lambda f: f(space(2, 2)), ESTIMATED),
    ("optima.alpha_path", lambda f: f(two_modes(8), np.linspace(0, 1, 11)), PROVED),
    ("optima.separation_sweep", lambda f: f([5.5, 6.0]), PROVED),
    ("optima.transitions", lambda f: f(), PROVED),
    ("optima.basins", lambda f: f(two_modes(6), "reverse", [-1.0, 1.0], [1.0, 2.0]), PROVED),
    ("inference.product_fits", lambda f: f([[0.4, 0.1], [0.1, 0.4]]), EXACT),
    ("inference.coordinate_ascent", lambda f: f(FACTORS, 1), EXACT),
    ("data.points_fits", lambda f: f([[0.0, 1.0], [1.0, 0.0], [2.0, 2.0], [3.0, 1.0], [4.0, 5.0]], 1), ESTIMATED),
    ("data.likelihood_fits", lambda f: f(kl.data.Empirical.of([0.0, 1.0, 1.5, 5.0, 5.5, 6.0, 7.0]), 2), EXACT),
    ("data.likelihood_fit", lambda f: f(kl.data.Empirical.of([0.0, 1.0, 5.0, 6.0]), 1), EXACT),
)


def numbers_in(answer: object) -> list[Estimate]:
    """Every Estimate in an answer, however deep."""
    if isinstance(answer, Estimate):
        return [answer]
    if dataclasses.is_dataclass(answer):
        answer = [getattr(answer, field.name) for field in dataclasses.fields(answer)]
    if isinstance(answer, (tuple, list)):
        return [found for each in answer for found in numbers_in(each)]
    return []


@pytest.mark.parametrize(("name", "ask", "kinds"), STATED, ids=[f"{i}-{row[0]}" for i, row in enumerate(STATED)])
def test_a_number_is_of_the_kind_that_is_stated(name, ask, kinds):
    found = {number.certainty for number in numbers_in(ask(attrgetter(name)(kl)))}
    assert found == set(kinds if isinstance(kinds, tuple) else (kinds,))


def mentions_an_estimate(name: str) -> bool:
    """Whether what a public function returns has an Estimate in it, by its annotations."""
    function = attrgetter(name)(kl)
    if inspect.isclass(function) or not callable(function):
        return False
    seen, open_ = set(), {str(inspect.signature(function).return_annotation)}
    while open_:
        said = open_.pop()
        seen.add(said)
        if "Estimate" in said:
            return True
        for holder in [value for space in (kl, *SPACES.values()) for value in vars(space).values()]:
            if inspect.isclass(holder) and holder.__name__ in said:
                open_ |= set(map(str, getattr(holder, "__annotations__", {}).values())) - seen
    return False


def test_every_public_function_that_returns_estimates_states_their_kind():
    names = [*kl.__all__, "families.mean_field_cost"]
    names += [f"{space}.{name}" for space, module in SPACES.items() for name in module.__all__]
    missing = {name for name in names if mentions_an_estimate(name)} - {row[0] for row in STATED}
    assert not missing, missing
