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
from kl_engine.distributions.expressions import parse_distribution
from kl_engine.distributions.line.base import LIGHT
from kl_engine.distributions.scipy_laws import LAWS, ScipyLaw
from kl_engine.distributions.scipy_names import ENDS
from kl_engine.distributions.written_names import SHAPES
from kl_engine.divergences.any_line import integrate

SHAPE: dict[str, tuple[float, ...]] = {
    "pareto": (2.5,), "lomax": (1.3,), "gennorm": (0.7,), "invgamma": (2.2,), "invweibull": (1.5,), "invgauss": (0.8,),
    "fisk": (2.2,), "chi": (3.3,), "betaprime": (0.7, 2.2), "burr": (1.5, 0.4), "burr12": (0.8, 1.7),
    "mielke": (0.6, 2.5), "kappa3": (1.4,), "alpha": (1.7,), "foldcauchy": (2.1,), "skewcauchy": (0.4,),
    "loglaplace": (1.6,), "jf_skew_t": (1.2, 0.6), "johnsonsu": (0.7, 1.3), "foldnorm": (1.4,), "gompertz": (0.6,),
    "exponpow": (1.7,), "loggamma": (0.6,), "genlogistic": (2.3,), "laplace_asymmetric": (1.8,),
    "gengamma": (1.6, -1.3),
    "exponweib": (0.7, 1.6), "halfgennorm": (0.8,), "fatiguelife": (0.9,), "recipinvgauss": (1.2,),
    "genexpon": (0.9, 1.6, 0.7), "norminvgauss": (1.5, -0.6), "genhyperbolic": (0.4, 1.5, 0.7),
    "geninvgauss": (-0.6, 1.3),
    "rice": (1.2,), "powernorm": (2.6,), "powerlognorm": (1.9, 0.7),
}  # fmt: skip
d, G, D = kl.distributions, kl.Gaussian(0, 1), kl.distributions.Density


def law(name: str) -> ScipyLaw:
    return ScipyLaw(name, SHAPE.get(name, ()))


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
        if math.isinf(end.growth):  # e^(rate t^inner)
            t = (np.array([30.0, 31.0]) / end.coefficient) ** (1 / end.inner)
            assert math.isclose(np.diff(np.log(-own.log_pdf(sign * t)))[0], 1.0, rel_tol=1e-6)
            continue
        if end.power == LIGHT and end.growth == 0:  # log² t: by the second difference over log t
            t = np.array([1e60, 1e90, 1e120]) if math.isinf(place) else np.array([1e-60, 1e-90, 1e-120])
            logs = own.log_pdf(sign * t) if math.isinf(place) else own.near_low(t)
            second = np.diff(-logs, 2)[0] / np.log(1e30) ** 2
            assert math.isclose(second, 2 * end.coefficient, rel_tol=1e-3)
            continue
        t = np.array([1e120, 1e121]) if math.isinf(place) else np.array([1e-120, 1e-121])
        logs = own.log_pdf(sign * t) if math.isinf(place) else own.near_low(t)
        if end.power < LIGHT:
            slope = np.diff(logs)[0] / np.diff(np.log(t))[0]
            assert math.isclose(slope, -end.power - 1 if math.isinf(place) else end.power - 1, abs_tol=1e-6)
        else:
            grows = end.growth if math.isinf(place) else -end.growth
            assert math.isclose(-logs[1] / (end.coefficient * t[1] ** grows), 1, rel_tol=1e-6)


MAPPED = {
    "genpareto": (0.7, 0.0, -0.6), "genextreme": (0.7, 0.0, -0.6), "pearson3": (1.3, 0.0, -0.8), "weibull_max": (1.7,),
    "dgamma": (0.6, 2.3), "dweibull": (0.7, 2.0), "nakagami": (0.4,), "rdist": (0.9, 4.0),
}  # fmt: skip


@pytest.mark.parametrize("name", MAPPED)
def test_families_that_are_others_moved_or_mirrored(name):
    for shape in MAPPED[name]:
        theirs = getattr(stats, name)(shape, 0.5, 1.5)
        own = as_distribution(theirs)
        x = theirs.ppf(np.linspace(0.01, 0.99, 10))
        np.testing.assert_allclose(own.log_pdf(x), theirs.logpdf(x), rtol=1e-11, atol=1e-11)
        if shape == 0 and name == "pearson3":
            continue  # a Gaussian
        mass = integrate(own, own, lambda log, *_: (np.exp(log), np.exp(log)), own.support)
        assert abs(mass.value - 1) <= 1e-12
        assert all(end.power > 0 for end in own.ends)
        again = kl.kl_divergence(own, d.Mixture([0.5, 0.5], [own, own]))
        assert abs(again.value) <= again.error + 1e-15


@pytest.mark.parametrize("name", ENDS)
def test_ends_that_are_known_beside_scipys_own_log_density(name):
    """As far out as SciPy's density does not underflow, the local exponent is that which is said."""
    shapes = {"levy_stable": (1.5, 0.3), "tukeylambda": (-0.6,), "crystalball": (1.5, 2.5), "exponnorm": (1.4,),
              "dpareto_lognorm": (0.2, 0.8, 1.7, 2.2), "ncf": (5, 3, 0.6), "nct": (2.5, 0.4), "ncx2": (3, 0.7),
              "rel_breitwigner": (3.0,)}.get(name, ())  # fmt: skip
    standard = getattr(stats, name)(*shapes)
    for end, place, sign in zip(ENDS[name](*shapes), standard.support(), (-1, 1)):
        if math.isinf(place) and end.power < LIGHT and name != "levy_stable":  # which takes its time
            t = np.array([1e4, 1e5])
            slope = np.diff(standard.logpdf(sign * t))[0] / math.log(10)
            assert slope == pytest.approx(-end.power - 1, abs=0.02)


INFINITE = [
    (stats.genpareto(1.0), d.Laplace()), (stats.f(3, 2), d.Gamma(2)), (stats.landau(), G),
    (stats.crystalball(2, 2.9), G), (stats.burr12(1, 1.5), G), (stats.betaprime(2, 1.9), G), (stats.levy_l(), G),
    (stats.jf_skew_t(8, 0.9), G), (d.Gamma(2), stats.gompertz(1)), (G, stats.exponpow(2.1)),
    (d.Laplace(), stats.loggamma(1)), (d.Mixture([0.99, 0.01], [G, d.Cauchy()]), G),
    (d.Uniform(0, 3), d.Mixture([0.5, 0.5], [d.Uniform(0, 1), d.Uniform(2, 3)])),
    (stats.pareto(1.5), G), (stats.pareto(2), G), (stats.halfcauchy(), d.Exponential(1)), (stats.levy(), G),
    (d.LogNormal(), stats.gumbel_l()), (d.Laplace(0, 1), stats.gumbel_l()), (d.StudentT(9), stats.gumbel_r()),
    (d.Gamma(1), stats.invgamma(2)), (d.Gamma(1.4), stats.invweibull(1.5)), (stats.invgamma(2), stats.norm()),
    (stats.lomax(1), stats.logistic()), (G, stats.chi(2)),
]  # fmt: skip
FINITE = [
    (stats.genpareto(0.45), G), (stats.f(3, 4.2), G), (stats.burr12(1, 2.3), G), (stats.jf_skew_t(8, 1.1), G),
    (stats.betaprime(2, 2.2), G), (d.Gamma(2), stats.foldnorm(1)), (stats.dgamma(0.3), stats.laplace()),
    (d.Mixture([0.9, 0.1], [G, d.Laplace(0, 4)]), G), (stats.norminvgauss(1.2, 0.5), stats.t(2)),
    (d.Mixture([0.5, 0.5], [d.Uniform(0, 1), d.Uniform(2, 3)]), d.Uniform(0, 3)), (d.Gamma(2), stats.rice(1)),
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
    burr = D(lambda x: np.log(stats.burr12(1, power).pdf(x)), (0, math.inf))  # and nothing is known of its ends
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
