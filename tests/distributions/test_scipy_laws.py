"""Families of scipy.stats: the engine's laws are SciPy's, hold where SciPy's underflow, and settle what is infinite."""

from __future__ import annotations

import math
import pickle

import mpmath as mp
import numpy as np
import pytest
from scipy import stats

import kl_engine as kl
from kl_engine.distributions import to_scipy
from kl_engine.distributions.adapters import as_distribution
from kl_engine.distributions.expressions import SHAPES, parse_distribution
from kl_engine.distributions.line.base import LIGHT
from kl_engine.distributions.scipy_laws import LAWS, ScipyLaw
from kl_engine.divergences.any_line import integrate

SHAPE = {"pareto": 2.5, "lomax": 1.3, "gennorm": 0.7, "invgamma": 2.2, "invweibull": 1.5, "invgauss": 0.8, "fisk": 2.2}
SHAPE |= {"chi": 3.3}
d, G, D = kl.distributions, kl.Gaussian(0, 1), kl.distributions.Density


def law(name: str) -> ScipyLaw:
    return ScipyLaw(name, (SHAPE[name],) if name in SHAPE else ())


@pytest.mark.parametrize("name", LAWS)
def test_a_law_is_scipys_and_more(name):
    own = law(name)
    frozen = getattr(stats, name)(*own.shapes, 1.5, 2.0)
    moved = as_distribution(frozen)
    x = frozen.ppf(np.linspace(0.01, 0.99, 9))
    np.testing.assert_allclose(moved.log_pdf(x), frozen.logpdf(x), rtol=1e-12, atol=1e-12)
    mass = integrate(moved, moved, lambda log, *_: (np.exp(log), np.exp(log)), moved.support)
    assert abs(mass.value - 1) <= 1e-12
    assert as_distribution(to_scipy(own)) == own == pickle.loads(pickle.dumps(own))
    text = f"{name}({', '.join(map(str, own.shapes))})"
    assert parse_distribution(text) == own == as_distribution(text)
    assert (name in SHAPES) == bool(own.shapes)


@pytest.mark.parametrize("name", LAWS)
def test_the_ends_of_a_law_are_those_of_its_log_density(name):
    """By what −log p grows from one far place to the next."""
    own = as_distribution(getattr(stats, name)(*law(name).shapes, 0.0, 3.0))
    for end, place, sign in zip(own.ends, own.support, (-1, 1)):
        if math.isinf(end.growth):  # e^(rate t)
            t = np.array([60.0, 61.0])
            grown = np.log(-own.log_pdf(sign * t))
            assert math.isclose(np.diff(grown)[0], end.coefficient, rel_tol=1e-6)
            continue
        t = np.array([1e120, 1e121]) if math.isinf(place) else np.array([1e-120, 1e-121])
        logs = own.log_pdf(sign * t) if math.isinf(place) else own.near_low(t)
        if end.power < LIGHT:
            slope = np.diff(logs)[0] / np.diff(np.log(t))[0]
            assert math.isclose(slope, -end.power - 1 if math.isinf(place) else end.power - 1, abs_tol=1e-6)
        else:
            grows = end.growth if math.isinf(place) else -end.growth
            assert math.isclose(-logs[1] / (end.coefficient * t[1] ** grows), 1, rel_tol=1e-6)


INFINITE = [
    (stats.pareto(1.5), G), (stats.pareto(2), G), (stats.halfcauchy(), d.Exponential(1)), (stats.levy(), G),
    (d.LogNormal(), stats.gumbel_l()), (d.Laplace(0, 1), stats.gumbel_l()), (d.StudentT(9), stats.gumbel_r()),
    (d.Gamma(1), stats.invgamma(2)), (d.Gamma(1.4), stats.invweibull(1.5)), (stats.invgamma(2), stats.norm()),
    (stats.lomax(1), stats.logistic()), (G, stats.chi(2)),
]  # fmt: skip
FINITE = [
    (stats.pareto(2.5), G), (d.LogNormal(), stats.gumbel_r()), (G, stats.gumbel_l()),
    (d.Laplace(0, 0.9), stats.gumbel_l()), (stats.gumbel_l(0, 0.9), stats.gumbel_r()),
    (d.Gamma(1.1), stats.invgamma(2)), (d.Gamma(1.6), stats.invweibull(1.5)), (stats.levy(), d.Cauchy()),
    (stats.gumbel_r(), stats.moyal()), (stats.moyal(), stats.gumbel_r(0, 1.5)), (stats.halfcauchy(), d.StudentT(1)),
]  # fmt: skip


@pytest.mark.parametrize(("a", "b"), INFINITE, ids=range(len(INFINITE)))
def test_infinite_with_the_reason(a, b):
    found = kl.kl_divergence(a, b)
    assert math.isinf(found.value) and found.error == 0 and found.reason.startswith(("tails", "support"))


@pytest.mark.parametrize(("a", "b"), FINITE, ids=range(len(FINITE)))
def test_finite_with_all_digits(a, b):
    found = kl.kl_divergence(a, b)
    assert math.isfinite(found.value) and 0 < found.error <= 1e-10 * found.value


def test_figures():
    """By integrals at thirty digits."""
    with mp.workdps(30):
        euler = mp.euler  # −H + E[x²]/2 + log √2π of Gumbel; its entropy is 1 + γ
        gumbel = mp.log(2 * mp.pi) / 2 + (mp.pi**2 / 6 + euler**2) / 2 - 1 - euler
        pareto = mp.log(2 * mp.pi) / 2 + mp.mpf("2.5") / (2 * mp.mpf("0.5")) - (mp.mpf(7) / 5 - mp.log(mp.mpf("2.5")))
    for a, truth in ((stats.gumbel_r(), gumbel), (stats.pareto(2.5), pareto)):
        found = kl.kl_divergence(a, G)
        assert abs(found.value - float(truth)) <= found.error


OWN = {
    "t(3) by its density": (D(lambda x: np.log(stats.t(3).pdf(x))), 0.645460961341381793687583),
    "t(3) by its log": (D(lambda x: stats.t(3).logpdf(x)), 0.645460961341381793687583),
    "Laplace by its density": (D(lambda x: np.log(np.exp(-np.abs(x)) / 2), bends=(0.0,)), 0.225791352644727432363098),
}


@pytest.mark.parametrize("name", OWN)
def test_a_density_whose_logarithm_underflows_is_followed_beyond(name):
    a, truth = OWN[name]
    found = kl.kl_divergence(a, G)
    assert abs(found.value - truth) <= found.error <= 1e-12


@pytest.mark.parametrize("power", [1.0, 1.5, 2.0])
def test_where_it_underflows_no_number_comes_for_an_infinite_divergence(power):
    burr = stats.burr12(1, power)  # known by SciPy's log density alone
    with pytest.raises(ArithmeticError, match="does not settle"):
        kl.kl_divergence(burr, G)
    assert math.isfinite(kl.kl_divergence(burr, d.StudentT(1)).value)


def test_nearer_to_an_end_than_doubles_resolve():
    """triang is 0 at its ends in a power of the distance, which is lost in 1 − t from t = 1e-16 on."""
    found = kl.kl_divergence(d.Beta(30, 2), stats.triang(0.3))
    with mp.workdps(30):
        c = mp.mpf(0.3)
        kernel = lambda x: x**29 * (1 - x) / mp.beta(30, 2)  # noqa: E731
        log_b = lambda x: mp.log(2 * x / c) if x < c else mp.log(2 * (1 - x) / (1 - c))  # noqa: E731
        truth = mp.quad(lambda x: kernel(x) * (mp.log(kernel(x)) - log_b(x)), [0, c, 0.6, 0.9, 1])
    assert abs(found.value - float(truth)) <= found.error <= 1e-10 * found.value


@pytest.mark.parametrize("verb", [kl.jensen_shannon, kl.total_variation])
@pytest.mark.parametrize(
    ("a", "b"),
    [(d.Beta(30, 2), d.Cauchy(5, 0.1)), (d.Beta(0.02, 3), d.Gamma(0.1, 1)), (d.Uniform(5, 6), d.Cauchy(0, 1e-3))],
    ids=repr,
)
def test_beyond_the_support_of_one_the_other_is_integrated_though_it_lies_elsewhere(a, b, verb):
    assert verb(a, b).error < 1e-10
    assert abs(verb(a, b).value - verb(b, a).value) <= 2 * verb(a, b).error


def test_alpha_and_renyi_of_a_beta_beside_a_gaussian_at_every_order():
    p, q = d.Beta(3, 2), kl.Gaussian(0.5, 0.4)
    for alpha in (0.3, 1.7, 2.0):
        with mp.workdps(30):
            a, s = mp.mpf(alpha), mp.mpf(0.4)
            affinity = mp.quad(
                lambda x, a=a, s=s: (12 * x**2 * (1 - x)) ** a * mp.npdf(x, 0.5, s) ** (1 - a), [0, 0.3, 0.7, 1]
            )
            truths = (1 - affinity) / (a * (1 - a)), mp.log(affinity) / (a - 1)
        for verb, truth in zip((kl.alpha_divergence, kl.renyi_divergence), truths):
            found = verb(p, q, alpha)
            assert abs(found.value - float(truth)) <= found.error + 1e-15
    assert "tails" in kl.alpha_divergence(d.Beta(0.5, 0.5), q, 2).reason
    far = kl.renyi_divergence(kl.Gaussian(3, 0.01), d.Beta(0.5, 0.5), 0.5)
    assert abs(far.value - 20010.867475005316290180281383) <= far.error + 1e-11


def test_an_end_counts_where_it_is():
    """α > 1: what q is at its own end says nothing of another place, and p may be singular where q is smooth."""
    assert math.isfinite(kl.alpha_divergence(d.Uniform(0.5, 0.6), d.Beta(3, 3), 2).value)
    for p, q in ((stats.gamma(0.5, 0.5), d.Weibull(0.4, 1)), (stats.beta(2, 0.5, -1, 3), d.Laplace(0, 1))):
        assert "tails" in kl.alpha_divergence(p, q, 2).reason
