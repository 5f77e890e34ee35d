"""The gradient of D by the parameters of any family: beside derivatives that are known, and where there is none."""

from __future__ import annotations

import math

import numpy as np
import pytest

import kl_engine as kl

d, G = kl.distributions, kl.Gaussian
KNOWN = [
    (d.Poisson(2), d.Poisson(3), "b", {"rate": 1 - 2 / 3}),
    (d.Poisson(2), d.Poisson(3), "a", {"rate": math.log(2 / 3)}),
    (d.Bernoulli(0.3), d.Bernoulli(0.5), "b", {"prob": 0.8}),
    (d.Exponential(2), d.Exponential(3), "b", {"scale": 1 / 3 - 2 / 9}),
    (d.Laplace(0, 1), G(0, 1), "b", {"mean": 0.0, "std": -1.0}),
    (d.Laplace(5e3, 1e-3), G(5e3, 1e-3), "b", {"mean": 0.0, "std": -1e3}),
    (d.StudentT(4), G(0, 2), "b", {"mean": 0.0, "std": 0.5 - 2 / 8}),
    (d.Uniform(-1, 2), d.Uniform(-2, 3), "b", {"low": -0.2, "high": 0.2}),
    (d.Cauchy(0, 1), d.Cauchy(1, 2), "b", {"loc": 0.2, "scale": 0.1}),  # of log((s₁+s₂)² + Δ²) − log 4 s₁ s₂
    (d.Beta(2, 3), d.Beta(3, 3), "b", None),
]


@pytest.mark.parametrize(("a", "b", "wrt", "known"), KNOWN, ids=str)
def test_gradients_are_those_that_are_known(a, b, wrt, known):
    found = kl.kl_gradient(a, b, wrt)
    if known is None:
        from scipy.special import digamma

        known = {
            "a": digamma(3) - digamma(6) - digamma(2) + digamma(5),
            "b": digamma(3) - digamma(6) + digamma(5) - digamma(3),
        }
    assert found.parts.keys() == known.keys()
    for name, value in known.items():
        part = found.parts[name]
        assert abs(part.value[0] - value) <= part.error[0] <= 1e-4 * max(1, *map(abs, known.values())), name
        assert part[0].certainty == kl.Certainty.ESTIMATED


def test_the_gradient_by_probabilities_runs_along_the_simplex():
    p, q = kl.Categorical([0.5, 0.3, 0.2]), kl.Categorical([0.2, 0.3, 0.5])
    step = np.array([1e-6, -3e-6, 2e-6])
    for wrt in "ab":
        found = kl.kl_gradient(p, q, wrt).probs.value
        moved = [kl.Categorical((p if wrt == "a" else q).probs + sign * step) for sign in (-1, 1)]
        ends = [kl.kl_divergence(*((each, q) if wrt == "a" else (p, each))).value for each in moved]
        assert (ends[1] - ends[0]) / 2 == pytest.approx(found @ step, rel=1e-6)
        assert abs(found @ (p if wrt == "a" else q).probs) < 1e-12
    with pytest.raises(ValueError, match="has a gradient"):
        kl.kl_gradient(kl.Categorical([1.0, 0.0]), kl.Categorical([0.5, 0.5]), "a")


@pytest.mark.parametrize(
    ("a", "b", "words"),
    [
        (d.Uniform(0, 1), d.Uniform(0, 1), "low: .*D is finite"),
        (d.Cauchy(0, 1), G(0, 1), "mean: .*D is finite"),
        (d.Laplace(0, 1), kl.GaussianMixture([0.5, 0.5], [0, 1], [1, 1]), "b: "),
        (G(0, 1), d.Density(lambda x: -np.abs(x) - math.log(2), bends=(0.0,)), "b: "),
    ],
)
def test_where_there_is_no_gradient_it_says_so(a, b, words):
    with pytest.raises(ValueError, match=words):
        kl.kl_gradient(a, b)


def test_dirichlets_have_entropies_and_alpha_divergences_in_closed_form():
    """Of two numbers a Dirichlet is a Beta; and scipy knows the entropy of any."""
    from scipy import stats

    pairs = [((2.0, 3.0), (3.0, 3.5)), ((0.5, 0.7), (1.0, 2.0))]
    for first, second in pairs:
        p, q, a, b = d.Dirichlet(first), d.Dirichlet(second), d.Beta(*first), d.Beta(*second)
        for verb, options in (
            (kl.cross_entropy, {}),
            (kl.kl_divergence, {}),
            (kl.alpha_divergence, {"alpha": 0.5}),
            (kl.alpha_divergence, {"alpha": 1.2}),
            (kl.renyi_divergence, {"alpha": 0.3}),
        ):
            found, known = verb(p, q, **options), verb(a, b, **options)
            assert abs(found.value - known.value) <= found.error + known.error + 1e-12, verb
        assert kl.entropy(p).value == pytest.approx(kl.entropy(a).value, abs=1e-12)
    three = d.Dirichlet([1.5, 2, 4])
    assert kl.entropy(three).value == pytest.approx(stats.dirichlet([1.5, 2, 4]).entropy(), abs=1e-12)
    assert "not integrable" in kl.alpha_divergence(d.Dirichlet([1, 1, 1]), d.Dirichlet([9, 1, 1]), 1.5).reason


def test_what_scipy_makes_can_be_sampled_and_its_jumps_are_seen():
    from scipy import stats

    mixed = stats.Mixture([stats.Normal(mu=0, sigma=1), stats.Uniform(a=0, b=1)], weights=[0.5, 0.5])
    found = kl.kl_divergence(mixed, G(0, 1))
    x = np.linspace(0, 1, 200_001)
    density = 0.5 * stats.norm.pdf(x) + 0.5
    inner = np.trapezoid(density * (np.log(density) - stats.norm.logpdf(x)), x)
    outside = 0.5 * (1 - (stats.norm.cdf(1) - 0.5)) * math.log(0.5)
    assert found.value == pytest.approx(inner + outside, abs=1e-9)
    for law in (stats.gumbel_r(0, 1), stats.make_distribution(stats.gamma)(a=2.0), mixed):
        sampled = kl.monte_carlo_kl(law, law, draws=500)
        assert sampled.value == 0 and kl.as_distribution(law).sample(7, 1).shape == (7,)
    with pytest.raises(ValueError, match="can be sampled"):
        kl.monte_carlo_kl(d.Density(lambda x: -x * x / 2 - 0.5 * math.log(2 * math.pi)), G(0, 1))
