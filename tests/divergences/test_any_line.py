"""Any two distributions on the line: certified pairs of families, closed forms, infinite ones with the reason."""

from __future__ import annotations

import json
import math
from functools import partial

import mpmath as mp
import numpy as np
import pytest
from scipy import stats

from kl_engine import alpha_divergence, total_variation
from kl_engine.distributions.adapters import as_distribution
from kl_engine.distributions.beta import Beta
from kl_engine.distributions.counts import Bernoulli, Binomial, Geometric, NegativeBinomial, Poisson
from kl_engine.distributions.dirichlet import Dirichlet
from kl_engine.distributions.gaussian import Gaussian, GaussianMixture
from kl_engine.distributions.line import (
    Cauchy,
    Density,
    Exponential,
    Gamma,
    Laplace,
    Logistic,
    LogNormal,
    SkewGaussian,
    StudentT,
    Uniform,
    Weibull,
)
from kl_engine.divergences import any_line, closed_forms, same_family
from kl_engine.divergences.alpha_family import alpha
from kl_engine.divergences.sums import counts
from kl_engine.divergences.unit import beta, interval
from kl_engine.estimates.certainty import Certainty
from kl_engine.quadrature.general import Unsettled
from kl_engine.quadrature.moments import normalised
from tests.reference import DATA

CASES = json.loads((DATA / "family_pairs.json").read_text("utf-8"))["cases"]


def held(one: dict) -> object:
    return as_distribution(getattr(stats, one["family"])(*one["args"]))


@pytest.mark.parametrize("part", range(7))
def test_certified_pairs_of_families(part):
    for case in CASES[part::7]:
        found = any_line.kl_divergence(held(case["a"]), held(case["b"]))
        if case["kl"] == "inf":
            assert math.isinf(found.value) and found.error == 0 and case["why"] in found.reason, case
            continue
        with mp.workdps(40):
            gap = abs(mp.mpf(found.value) - mp.mpf(case["kl"]))
        assert gap <= found.error <= 1e-10 * found.value, case
        assert found.certainty == Certainty.ESTIMATED


SAME = [
    (Exponential(1), Exponential(3)),
    (Exponential(1), Exponential(1 + 1e-6)),
    (Laplace(0, 1), Laplace(0.001, 1)),
    (Laplace(0, 1), Laplace(3, 0.2)),
    (Laplace(2, 0.5), Laplace(2, 3)),
    (Cauchy(0, 1), Cauchy(1e-5, 1)),
    (Cauchy(0, 1), Cauchy(3, 5)),
    (Uniform(0, 1), Uniform(-1, 4)),
    (LogNormal(0, 1), LogNormal(0.1, 2)),
    (Gamma(2, 1), Gamma(3, 4)),
    (Gamma(0.3, 1), Gamma(5, 0.1)),
    (Weibull(2, 1), Weibull(1.5, 2)),
    (Weibull(0.7, 1), Weibull(3, 1.5)),
    (Poisson(3), Poisson(4)),
    (Poisson(300), Poisson(310)),
    (Binomial(5, 0.3), Binomial(5, 0.5)),
    (Geometric(0.3), Geometric(0.31)),
    (NegativeBinomial(2.5, 0.3), NegativeBinomial(2.5, 0.4)),
    (Bernoulli(0.3), Bernoulli(0.3001)),
]


@pytest.mark.parametrize(("a", "b"), SAME, ids=repr)
def test_closed_forms_are_what_sums_and_integrals_give(a, b):
    for first, second in ((a, b), (b, a)):
        module = counts if hasattr(first, "log_pmf") else any_line
        form, summed = same_family.of(first, second), module.kl_divergence(first, second)
        if math.isinf(form.value):
            assert math.isinf(summed.value)
            continue
        assert abs(form.value - summed.value) <= form.error + summed.error
        assert form.certainty == Certainty.EXACT and form.value > 0
    assert same_family.of(a, a).value == pytest.approx(0, abs=1e-13)


def test_a_dirichlet_of_two_is_a_beta():
    found = same_family.of(Dirichlet([2, 3]), Dirichlet([4, 1]))
    truth = beta.kl_divergence(Beta(2, 3), Beta(4, 1))
    assert abs(found.value - truth.value) <= found.error + truth.error
    with pytest.raises(ValueError, match="b: expected a Dirichlet of 2 numbers"):
        same_family.of(Dirichlet([2, 3]), Dirichlet([1, 1, 1]))


def test_hard_ends_beside_closed_forms():
    # Integrable singularities of t^(−0.999), a power law that barely has the moment it needs, a density 1e27 wide.
    for a, b in ((Beta(0.001, 0.001), Beta(1, 1)), (Beta(0.1, 0.3), Beta(2, 5)), (Beta(20, 0.02), Beta(0.02, 20))):
        found, truth = any_line.kl_divergence(a, b), beta.kl_divergence(a, b)
        assert abs(found.value - truth.value) <= found.error + truth.error <= 1e-9 * truth.value
    found, truth = any_line.kl_divergence(Gamma(0.01), Gamma(5, 0.1)), same_family.of(Gamma(0.01), Gamma(5, 0.1))
    assert abs(found.value - truth.value) <= found.error + truth.error <= 1e-9 * truth.value
    for df in (2.05, 2.2, 3, 30):
        found = any_line.kl_divergence(StudentT(df), Gaussian(0, 1))
        own = stats.t(df).entropy()
        truth = 0.5 * math.log(2 * math.pi) + 0.5 * df / (df - 2) - float(own)
        assert found.value == pytest.approx(truth, rel=1e-9) and found.error <= 1e-9 * truth


def test_gaussians_by_quadrature_are_their_closed_forms():
    rng = np.random.default_rng(1)
    for _ in range(20):
        a, b = (Gaussian(float(rng.normal(0, 3)), float(np.exp(rng.uniform(-3, 3)))) for _ in range(2))
        found, truth = any_line.kl_divergence(a, b), closed_forms.kl_divergence(a, b)
        assert abs(found.value - truth.value) <= found.error + truth.error <= 1e-9 * truth.value + 1e-12


def test_a_spike_in_a_mixture_is_seen_from_any_family():
    spiked = GaussianMixture([0.5, 0.5], [0, 0.3], [1, 1e-6])
    smooth = any_line.kl_divergence(Laplace(), Gaussian(0, 1)).value + math.log(2)
    found = any_line.kl_divergence(Laplace(), spiked)
    assert smooth - 1e-4 < found.value < smooth - 1e-6


INFINITE = [
    (StudentT(2), Gaussian(0, 1), "tails"),
    (StudentT(1.5), StudentT(9), None),
    (Cauchy(), Laplace(), "tails"),
    (StudentT(1), Logistic(), "tails"),
    (StudentT(1.01), Logistic(), None),
    (LogNormal(0, 3), Weibull(5, 1), None),
    (LogNormal(), Gaussian(0, 1), None),
    (Gaussian(0, 1), LogNormal(), "support"),
    (Uniform(0, 1), Gaussian(0, 1), None),
    (Gaussian(0, 1), Uniform(0, 1), "support"),
    (Uniform(0, 1), Uniform(0, 1), None),
    (Uniform(0, 2), Uniform(0, 1), "support"),
    (Beta(0.5, 0.5), Beta(3, 3), None),
    (Exponential(1), Weibull(2, 1), None),
]


@pytest.mark.parametrize(("a", "b", "why"), INFINITE, ids=repr)
def test_infinite_means_proved_infinite(a, b, why):
    found = any_line.kl_divergence(a, b)
    assert math.isinf(found.value) == (why is not None)
    assert why is None or (why in found.reason and found.error == 0)
    assert math.isinf(any_line.cross_entropy(a, b).value) == (why is not None)


def test_a_persons_own_density():
    own = Density(lambda x: -np.abs(x) - math.log(2), bends=(0.0,))
    truth = any_line.kl_divergence(Laplace(), Gaussian(0, 1))
    found = any_line.kl_divergence(own, Gaussian(0, 1))
    assert abs(found.value - truth.value) <= found.error + truth.error and found.certainty == Certainty.ESTIMATED
    constant = math.log(2) - 1  # of the mass 2/e that is left
    hole = Density(
        lambda x: np.where(np.abs(x) < 1, -np.inf, -np.abs(x)),
        width=3.0,
        centre=2.0,
        bends=(-1.0, 1.0),
        log_constant=constant,
    )
    assert "support" in any_line.kl_divergence(Gaussian(0, 1), hole).reason
    # D = ∞ although every power of the distance is integrable: it must not come out as a number.
    slow = Density(lambda x: -np.log(x) - 2 * np.log(-np.log(x)), (0, 1 / math.e), centre=0.1, width=0.1)
    with pytest.raises(Unsettled, match="does not settle"):
        any_line.kl_divergence(slow, Uniform(0, 1))
    with pytest.raises(ValueError, match="log_density"):
        any_line.kl_divergence(Density(lambda x: x * np.nan), Gaussian(0, 1))
    with pytest.raises(ValueError, match="kl.divergences.normalised"):
        any_line.kl_divergence(Density(lambda x: -x * x / 2), Gaussian(0, 1))
    assert any_line.kl_divergence(normalised(Density(lambda x: -x * x / 2)), Gaussian(0, 1)).value < 1e-12


def test_other_divergences():
    assert any_line.jensen_shannon(Uniform(0, 1), Uniform(2, 3)).value == pytest.approx(math.log(2), abs=1e-13)
    found = any_line.total_variation(Uniform(0, 1), Uniform(0.5, 2))
    assert abs(found.value - 2 / 3) <= found.error
    for value in (0.5, 2.0, -1.0, 0.3):
        for a, b in ((Gaussian(0, 1), Gaussian(0.3, 1.2)), (Gaussian(1, 0.8), Gaussian(0, 0.9))):
            found, truth = any_line.alpha_divergence(a, b, value), alpha.alpha_divergence(a, b, value)
            if math.isinf(truth.value):
                assert math.isinf(found.value)
            else:
                assert abs(found.value - truth.value) <= found.error + truth.error
    for a, b in ((StudentT(3), Gaussian(0, 1)), (Laplace(), Gaussian(0, 1)), (Gaussian(0, 1.5), Gaussian(0, 1))):
        assert "tails" in any_line.alpha_divergence(a, b, 2).reason
    assert any_line.entropy(Cauchy()).value == pytest.approx(math.log(4 * math.pi), rel=1e-12)
    first, second = (
        any_line.alpha_divergence(Laplace(), StudentT(3), 0.3),
        any_line.alpha_divergence(StudentT(3), Laplace(), 0.7),
    )
    assert abs(first.value - second.value) <= first.error + second.error


def test_counts():
    found = counts.kl_divergence(Geometric(0.1, 0), Poisson(4))
    with mp.workdps(30):
        p = mp.mpf(0.1)
        truth = mp.nsum(
            lambda k: p * (1 - p) ** k * (mp.log(p * (1 - p) ** k) - k * mp.log(4) + 4 + mp.loggamma(k + 1)),
            [0, mp.inf],
        )
    assert abs(found.value - float(truth)) <= found.error + 1e-12
    for a, b in ((Poisson(4), Geometric(0.1)), (Poisson(3), Binomial(10, 0.3)), (Bernoulli(0.4), Bernoulli(0))):
        assert "support" in counts.kl_divergence(a, b).reason
    assert counts.kl_divergence(Binomial(10, 0.3), Poisson(3)).value == pytest.approx(0.0294971755765, rel=1e-10)
    assert "tails" in counts.alpha_divergence(Geometric(0.1), Geometric(0.5), 2).reason
    found = counts.alpha_divergence(Geometric(0.5), Geometric(0.1), 2)
    assert found.value == pytest.approx((1 - 0.25 / 0.1 / (1 - 0.25 / 0.9)) / -2, rel=1e-12)
    assert counts.jensen_shannon(Bernoulli(0), Bernoulli(1)).value == pytest.approx(math.log(2), abs=1e-15)
    assert counts.total_variation(Poisson(1), Poisson(3)).value == pytest.approx(0.536610608871, rel=1e-10)


@pytest.mark.parametrize("a", [Beta(0.02, 0.03), Beta(0.5, 0.5), Beta(2, 3), Beta(40, 3)], ids=repr)
@pytest.mark.parametrize("b", [Gaussian(0.3, 0.2), GaussianMixture([0.5, 0.5], [0, 1], [1e-4, 1e-3])], ids=repr)
def test_a_jump_beside_the_edge_of_a_panel_is_not_overlooked(a, b):
    """By roots and probabilities between them, in the logit."""
    found, truth = any_line.disagreement(a, b), interval.disagreement(a, b)
    for side in ("hallucinated", "missed"):
        own, other = getattr(found, side), getattr(truth, side)
        assert abs(own.value - other.value) <= own.error + other.error


def test_a_beta_beside_what_lies_far_from_it_keeps_its_digits():
    far = GaussianMixture([0.5, 0.5], [-500, 1000], [1, 0.1])
    for verb in (total_variation, partial(alpha_divergence, alpha=0.5)):
        for a, b in ((Beta(2, 3), far), (far, Beta(0.5, 0.5)), (Beta(2, 3), Gaussian(1e4, 1))):
            found = verb(a, b)
            assert abs(found.value - (1 if verb is total_variation else 4)) <= found.error <= 1e-11


@pytest.mark.parametrize(
    ("p", "q"),
    [
        (SkewGaussian(20), Gaussian(2.178445909569368, 1)),  # one fall towards both upper ends: they differ by x there
        (SkewGaussian(-7, 1, 2), Gaussian(-0.5, 2)),
        (StudentT(3, 1e4, 1e-3), Gaussian(1e4, 1.7e-3)),
    ],
    ids=repr,
)
def test_far_out_the_rounding_of_two_log_densities_is_no_crossing(p, q):
    x = p.quantile(0.5) + np.linspace(-12, 12, 2_000_001) * max(p.typical[1], q.std)
    a, b, step = p.pdf(x), q.pdf(x), x[1] - x[0]
    found = any_line.disagreement(p, q)
    for mass, density, other in ((found.hallucinated, b, a), (found.missed, a, b)):
        assert mass.value == pytest.approx(float(density[density > math.e**2 * other].sum() * step), abs=2e-3)
