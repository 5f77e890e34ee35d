"""The free energy and its terms: worked cases, the laws that hold for every model and q, and 30-digit integrals."""

from __future__ import annotations

import math

import mpmath as mp
import pytest

from kl_engine import Categorical, Gaussian, GaussianMixture, kl_divergence
from kl_engine.distributions import Beta
from kl_engine.inference import (
    BetaModel,
    CategoricalModel,
    FreeEnergy,
    GaussianModel,
    forward_divergence,
    free_energy,
    posterior,
)
from tests.reference import worked_case, worked_cases

TERMS = {"F": "value", "surprise": "surprisal"}
BOGACZ = GaussianModel(Gaussian(3, 1), [0, 0, 1], 1)
MODELS = {
    "conjugate": (GaussianModel(Gaussian(0, 2), [0, 1], 1), 2.0, Gaussian(1, math.sqrt(0.5))),
    "constant_link": (GaussianModel(Gaussian(0, 2), [1.5], 0.3), 2.0, Gaussian(1, 0.5)),
    "square": (BOGACZ, 2.0, Gaussian(1.2, 0.4)),
    "two_roots": (GaussianModel(Gaussian(0.3, 1), [0, 0, 1], 0.2), 2.0, Gaussian(1.3, 0.2)),
    "cubic": (GaussianModel(Gaussian(-1, 0.7), [0.2, -1, 0.3, 0.5], 0.4), 1.0, Gaussian(0.3, 0.9)),
    "two_modes": (GaussianModel(GaussianMixture([0.3, 0.7], [-2, 2], [0.5, 1]), [0, 1], 1), 0.4, Gaussian(1, 2)),
    "two_modes_square": (
        GaussianModel(GaussianMixture([0.3, 0.7], [-2, 1], [0.5, 1]), [0, 0, 1], 1),
        3.0,
        Gaussian(-1, 1),
    ),
}


def stated(found: FreeEnergy, expected: dict, tolerance: float) -> None:
    """Every term that a worked case states, to its tolerance."""
    compared = 0
    for name, answer in expected.items():
        name = TERMS.get(name, name)
        if name == "log_evidence":
            name, answer = "surprisal", -answer
        if hasattr(found, name):
            term = getattr(found, name)
            assert term.value == pytest.approx(answer, rel=tolerance, abs=tolerance), name
            assert abs(term.value - answer) <= term.error + 4e-16 * abs(answer), name
            compared += 1
    assert compared >= 3


@pytest.mark.parametrize("case", [c for c in worked_cases("C") if "q" in c["inputs"]], ids=lambda case: case["id"])
def test_two_state_examples(case):
    inputs, likelihood = case["inputs"], case["inputs"]["likelihood_of_observation"]
    model = CategoricalModel(inputs["prior"], [likelihood, [1 - value for value in likelihood]])
    stated(free_energy(model, Categorical(inputs["q"]), 0), case["expected"], case["tolerance"])
    assert posterior(model, 0).probs == pytest.approx(case["expected"]["posterior"], abs=case["tolerance"])


def test_the_evidence_is_no_sum_of_two_terms_above_zero():
    """log p(x) = ELBO + D(q‖posterior), but for discrete outcomes ELBO <= log p(x) <= 0."""
    case = worked_case("J04_elbo_nonnegative_false")
    inputs, expected = case["inputs"], case["expected"]
    model = CategoricalModel(inputs["prior"], [inputs["likelihood"], [1 - x for x in inputs["likelihood"]]])
    found = free_energy(model, Categorical(inputs["q"]), 0)
    assert found.elbo.value == pytest.approx(expected["elbo"], abs=case["tolerance"])
    assert found.divergence.value == pytest.approx(expected["kl"], abs=case["tolerance"])
    assert -found.surprisal.value == pytest.approx(expected["log_evidence"], abs=case["tolerance"])
    assert found.elbo.value < -found.surprisal.value < 0


def test_the_frogs_jump_cannot_tell_the_directions_apart_but_its_stay_can():
    case = worked_case("C07_frog_apple_bayesian_surprise_blind")
    inputs, expected = case["inputs"], case["expected"]
    model = CategoricalModel(inputs["prior"], [inputs["jump"], inputs["stay"]])
    for x, name in enumerate(("jump", "stay")):
        there = free_energy(model, posterior(model, x), x)
        assert there.complexity.value == pytest.approx(expected[f"{name}_post_prior"], abs=1e-12)
        assert there.surprisal.value == pytest.approx(expected[f"surprise_{name}"], abs=1e-12)
        back = forward_divergence(model, posterior(model, x), x).value, free_energy(model, model.prior, x).divergence
        assert back[0] == pytest.approx(0, abs=1e-15)
        assert back[1].value == pytest.approx(expected[f"{name}_prior_post"], abs=1e-12)


def test_the_conjugate_gaussian():
    case = worked_case("D01_conjugate_gaussian")
    model, x, q = MODELS["conjugate"]
    stated(free_energy(model, q, x), case["expected"], case["tolerance"])
    best = posterior(model, x)
    expected = case["expected"]["post_mean"], case["expected"]["post_var"]
    assert (best.mean, best.std**2) == pytest.approx(expected, abs=1e-15)


@pytest.mark.parametrize("case", worked_cases("D02") + worked_cases("D03"), ids=lambda case: case["id"])
def test_the_surprisal_of_a_density_may_be_negative(case):
    inputs = case["inputs"]
    std = math.sqrt(inputs["var"]) if "var" in inputs else 1 / math.sqrt(inputs["precision"])
    # Half the variance before the noise, half by the noise.
    model = GaussianModel(Gaussian(inputs["mean"], std / math.sqrt(2)), [0, 1], std / math.sqrt(2))
    best = free_energy(model, posterior(model, inputs["x"]), inputs["x"])
    assert best.surprisal.value == pytest.approx(case["expected"]["surprise"], abs=1e-12)
    assert best.value.value == pytest.approx(best.surprisal.value, abs=1e-12)
    assert best.elbo.value == -best.value.value


def test_the_coin_of_rxinfer():
    case = worked_case("D04_rxinfer_coin")
    model, heads = BetaModel(2, 7), case["inputs"]["heads"]
    x = heads, case["inputs"]["n"] - heads
    best = posterior(model, x)
    stated(free_energy(model, best, x), case["expected"], case["tolerance"])
    assert best.mean == pytest.approx(case["expected"]["post_mean"], abs=1e-14)


def test_beta_divergences_are_those_of_two_shapes():
    case = worked_case("E05_dirichlet_kl")
    a, b = (Beta(*case["inputs"][name]) for name in "ab")
    none = (0, 0)
    assert free_energy(BetaModel(b.a, b.b), a, none).complexity.value == pytest.approx(case["expected"]["kl_ab"])
    assert free_energy(BetaModel(a.a, a.b), b, none).complexity.value == pytest.approx(case["expected"]["kl_ba"])
    assert forward_divergence(BetaModel(a.a, a.b), b, none).value == pytest.approx(case["expected"]["kl_ab"])


@pytest.mark.parametrize("name", MODELS)
def test_every_term_against_30_digit_integrals(name):
    model, x, q = MODELS[name]
    found = free_energy(model, q, x)
    with mp.workdps(30):
        energy, entropy, accuracy, evidence = _integrals(model, x, q)
        truth = {
            "energy": energy,
            "entropy": entropy,
            "accuracy": accuracy,
            "complexity": energy + accuracy - entropy,
            "surprisal": -mp.log(evidence),
            "value": energy - entropy,
            "divergence": energy - entropy + mp.log(evidence),
        }
        for term, value in truth.items():
            estimate = getattr(found, term)
            assert abs(value - estimate.value) <= estimate.error, term
            assert estimate.error < 1e-11, term


def _integrals(model: GaussianModel, x: float, q: Gaussian) -> tuple[mp.mpf, ...]:
    """−E_q log joint, H[q], E_q log likelihood and the evidence, with plain densities on plain panels."""

    def prior(z):
        parts = zip(model.prior.weights.tolist(), model.prior.means.tolist(), model.prior.stds.tolist())
        return mp.fsum(w * mp.npdf(z, m, s) for w, m, s in parts)

    def likelihood(z):
        return mp.npdf(x, mp.polyval([mp.mpf(c) for c in model.link.tolist()[::-1]], z), model.noise_std)

    belief = [q.mean + q.std * k for k in range(-12, 13, 2)]
    energy = mp.quad(lambda z: -mp.npdf(z, q.mean, q.std) * mp.log(prior(z) * likelihood(z)), belief)
    accuracy = mp.quad(lambda z: mp.npdf(z, q.mean, q.std) * mp.log(likelihood(z)), belief)
    entropy = mp.log(2 * mp.pi * mp.e * mp.mpf(q.std) ** 2) / 2
    parts = list(zip(model.prior.means.tolist(), model.prior.stds.tolist()))
    support = sorted({mp.mpf(m) + mp.mpf(s) * k for m, s in parts for k in range(-12, 13, 2)})
    evidence = mp.quad(lambda z: prior(z) * likelihood(z), support)
    return energy, entropy, accuracy, evidence


@pytest.mark.parametrize("degree", [1, 2])
def test_shifting_and_stretching_the_latent_changes_the_density_only(degree):
    # z = 3 z' + 50: the same model in z', so complexity, accuracy, divergence and surprisal are the same.
    model, q, x = GaussianModel(Gaussian(0.5, 2), [1, -2, 0.7][: degree + 1], 0.8), Gaussian(1, 0.6), 3.0
    link = {1: [1 - 2 * -50 / 3, -2 / 3], 2: [1 + 100 / 3 + 0.7 * 2500 / 9, -2 / 3 - 0.7 * 100 / 9, 0.7 / 9]}[degree]
    moved = GaussianModel(Gaussian(51.5, 6), link, 0.8)
    here, there = free_energy(model, q, x), free_energy(moved, Gaussian(53, 1.8), x)
    for name in ("value", "complexity", "accuracy", "divergence", "surprisal"):
        assert getattr(there, name).value == pytest.approx(getattr(here, name).value, rel=1e-9)
    assert there.entropy.value == pytest.approx(here.entropy.value + math.log(3), rel=1e-12)


def test_what_the_model_excludes_is_infinite_and_says_why():
    model = CategoricalModel([0.5, 0.5, 0], [[1, 0, 0.5], [0, 1, 0.5], [0, 0, 0]])
    excluded = free_energy(model, Categorical([0.5, 0.5, 0]), 0)
    assert excluded.value.value == excluded.energy.value == excluded.divergence.value == math.inf
    assert excluded.accuracy.value == -math.inf and excluded.complexity.value == 0
    assert excluded.elbo.value == -math.inf and "infinite" in excluded.value.method
    assert excluded.surprisal.value == pytest.approx(math.log(2))
    outside = free_energy(model, Categorical([0.5, 0, 0.5]), 0)
    assert outside.complexity.value == math.inf and outside.value.value == math.inf
    exact = free_energy(model, Categorical([1, 0, 0]), 0)
    assert exact.value.value == pytest.approx(math.log(2)) and exact.divergence.value == pytest.approx(0, abs=1e-15)
    impossible = free_energy(model, Categorical([1, 0, 0]), 2)
    assert impossible.value.value == impossible.surprisal.value == math.inf


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: free_energy("model", Gaussian(0, 1), 0), "model"),
        (lambda: free_energy(BOGACZ, Categorical([1.0]), 0), "q"),
        (lambda: free_energy(BOGACZ, Gaussian(0, 1), math.nan), "x"),
        (lambda: free_energy(CategoricalModel([1.0], [[1.0]]), Categorical([0.5, 0.5]), 0), "q"),
        (lambda: free_energy(CategoricalModel([1.0], [[1.0]]), Categorical([1.0]), 1), "x"),
        (lambda: free_energy(CategoricalModel([1.0], [[1.0]]), Categorical([1.0]), 0.5), "x"),
        (lambda: free_energy(BetaModel(1, 1), Beta(1, 1), 3), "x"),
        (lambda: free_energy(BetaModel(1, 1), Beta(1, 1), (3, -1)), "x"),
        (lambda: GaussianModel(Gaussian(0, 1), [], 1), "link"),
        (lambda: GaussianModel(Gaussian(0, 1), [0] * 10, 1), "link"),
        (lambda: GaussianModel(Gaussian(0, 1), [0, 1], 0), "noise_std"),
        (lambda: GaussianModel(0, [0, 1], 1), "prior"),
        (lambda: CategoricalModel([0.5, 0.6], [[1, 1]]), "prior"),
        (lambda: CategoricalModel([0.5, 0.5], [[1, 0.9]]), "likelihood"),
        (lambda: CategoricalModel([0.5, 0.5], [[1], [0]]), "likelihood"),
        (lambda: CategoricalModel([0.5, 0.5], 3), "likelihood"),
        (lambda: BetaModel(0, 1), "a"),
        (lambda: Beta(1, math.inf), "b"),
        (lambda: posterior(CategoricalModel([1.0], [[1.0], [0.0]]), 1), "x"),
    ],
)
def test_bad_input_is_refused_by_name(call, named):
    with pytest.raises(ValueError, match=f"^{named}"):
        call()


def test_beyond_doubles_is_said():
    with pytest.raises(OverflowError):
        free_energy(GaussianModel(Gaussian(0, 1), [0, 0, 0, 1], 1e-100), Gaussian(1e60, 1), 0)


def test_a_linear_link_is_the_reverse_divergence_from_the_posterior_plus_a_constant():
    model, x, q = MODELS["two_modes"]
    found, target = free_energy(model, q, x), posterior(model, x)
    assert isinstance(target, GaussianMixture)
    assert found.divergence.value == pytest.approx(kl_divergence(q, target).value, abs=1e-13)
    assert found.value.value == pytest.approx(kl_divergence(q, target).value + found.surprisal.value, abs=1e-13)
