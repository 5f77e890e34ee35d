"""Counts of scipy.stats, tabulated, moved and mixed: beside SciPy, and their sums beside closed forms."""

from __future__ import annotations

import copy
import math
import pickle

import mpmath as mp
import numpy as np
import pytest
from scipy import stats

import kl_engine as kl
from kl_engine.distributions.adapters import as_distribution, to_scipy
from kl_engine.distributions.counts import COUNT_LAWS, CountMixture, Poisson, ScipyCounts, Shifted, Tabulated

d = kl.distributions
SHAPE = {"zipf": (2.6,), "yulesimon": (1.4,), "betanbinom": (5, 2.3, 1.2), "logser": (0.6,), "planck": (0.4,)}
SHAPE |= {"dlaplace": (0.7,), "skellam": (2.0, 3.5)}
OTHERS = [stats.hypergeom(20, 7, 12), stats.randint(-2, 5), stats.betabinom(5, 2, 3), stats.zipfian(1.3, 10)]
OTHERS += [stats.boltzmann(0.3, 9), stats.nhypergeom(20, 7, 5), stats.poisson(3, loc=-2), stats.geom(0.3, loc=4)]


@pytest.mark.parametrize("theirs", [getattr(stats, name)(*SHAPE[name]) for name in COUNT_LAWS] + OTHERS)
def test_probabilities_are_scipys(theirs):
    own = as_distribution(theirs)
    k = np.arange(-6, 30)
    with np.errstate(divide="ignore"):
        np.testing.assert_allclose(own.log_pmf(k), theirs.logpmf(k), rtol=1e-9, atol=1e-9)
    assert own.support == tuple(float(end) for end in theirs.support())
    assert own.log_pmf(0.5) == -np.inf
    assert own == pickle.loads(pickle.dumps(own)) == copy.deepcopy(own)
    total = kl.total_variation(own, d.Poisson(3))
    assert 0 < total.value < 1 and total.error < 1e-4
    if isinstance(own, ScipyCounts):
        assert as_distribution(to_scipy(own)) == own
        far = np.arange(200.0, 240.0)
        assert np.exp(np.diff(own.log_pmf(far))).max() <= own.ratio_beyond(200) * (1 + 1e-12)


def zeta_divergence(s: float, t: float) -> mp.mpf:
    """(t − s) E log k + log ζ(t)/ζ(s)."""
    s, t = mp.mpf(s), mp.mpf(t)
    return (s - t) * mp.zeta(s, derivative=1) / mp.zeta(s) + mp.log(mp.zeta(t) / mp.zeta(s))


@pytest.mark.parametrize(("s", "t"), [(2.5, 3.5), (1.3, 4), (4, 1.3), (1.1, 1.5), (3, 3.001), (12, 1.5)])
def test_power_laws_by_their_closed_form(s, t):
    with mp.workdps(30):
        truth = zeta_divergence(s, t)
        found = kl.kl_divergence(stats.zipf(s), stats.zipf(t))
        assert abs(mp.mpf(found.value) - truth) <= found.error + 2e-16 * truth and found.error <= 1e-9


def test_a_power_law_beside_a_geometric_tail():
    """E k = ζ(s − 1)/ζ(s)."""
    with mp.workdps(30):
        for s in (2.2, 3, 6):
            s, p = mp.mpf(s), mp.mpf("0.3")
            log_k = -mp.zeta(s, derivative=1) / mp.zeta(s)
            mean = mp.zeta(s - 1) / mp.zeta(s)
            truth = -s * log_k - mp.log(mp.zeta(s)) - mp.log(p) - (mean - 1) * mp.log(1 - p)
            found = kl.kl_divergence(stats.zipf(float(s)), stats.geom(0.3))
            assert abs(mp.mpf(found.value) - truth) <= found.error + 2e-16 * truth
            assert found.error <= 1e-10 * found.value
            entropy = kl.entropy(stats.zipf(float(s)))
            assert abs(entropy.value - (s * log_k + mp.log(mp.zeta(s)))) <= entropy.error + 2e-15


INFINITE = [
    (stats.zipf(2.0), stats.geom(0.3), "tails"), (stats.yulesimon(1.0), stats.poisson(3), "tails"),
    (stats.poisson(3), stats.zipf(2), "support"), (stats.skellam(1, 2), stats.poisson(3), "support"),
    (Poisson(3), Tabulated([0.5, 0.5]), "support"), (Tabulated([0.3, 0.4, 0.3]), Tabulated([0.5, 0, 0.5]), "support"),
    (CountMixture([0.9, 0.1], [Poisson(3), ScipyCounts("zipf", (1.8,))]), Poisson(3), "tails"),
    (stats.randint(0, 12), CountMixture([0.5, 0.5], [Tabulated([0.5, 0.5]), Tabulated([0.5, 0.5], 10)]), "support"),
]  # fmt: skip


@pytest.mark.parametrize(("a", "b", "why"), INFINITE, ids=range(len(INFINITE)))
def test_infinite_with_the_reason(a, b, why):
    found = kl.kl_divergence(a, b)
    assert math.isinf(found.value) and found.reason.startswith(why)
    assert math.isinf(kl.cross_entropy(a, b).value)


def test_two_sided_sums():
    """Discrete Laplace: E|k| = 1/sinh a."""
    with mp.workdps(30):
        a, b = mp.mpf("0.7"), mp.mpf("0.4")
        truth = mp.log(mp.tanh(a / 2) / mp.tanh(b / 2)) - (a - b) / mp.sinh(a)
        found = kl.kl_divergence(stats.dlaplace(0.7), stats.dlaplace(0.4))
        assert abs(found.value - truth) <= found.error + 2e-16
    direct = np.arange(-60, 61)
    p, q = stats.skellam(2, 3.5), stats.dlaplace(0.7)
    found = kl.kl_divergence(p, q)
    assert found.value == pytest.approx(float(np.sum(p.pmf(direct) * (p.logpmf(direct) - q.logpmf(direct)))), rel=1e-10)


def test_moved_and_mixed_are_what_they_are_made_of():
    base = kl.kl_divergence(Poisson(3), Poisson(4))
    moved = kl.kl_divergence(Shifted(Poisson(3), 5), Shifted(Poisson(4), 5))
    assert abs(base.value - moved.value) <= base.error + moved.error
    same = CountMixture([0.5, 0.5], [Poisson(3), Poisson(3)])
    assert abs(kl.kl_divergence(same, Poisson(3)).value) < 1e-15
    zeros = CountMixture([0.25, 0.75], [Tabulated([1.0]), Poisson(4)])
    k = np.arange(60)
    p = np.where(k == 0, 0.25, 0.0) + 0.75 * stats.poisson(4).pmf(k)
    truth = float(np.sum(p * (np.log(p) - stats.poisson(4).logpmf(k))))
    assert kl.kl_divergence(zeros, Poisson(4)).value == pytest.approx(truth, rel=1e-12)


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda: ScipyCounts("zipf", (0.5,)), "shapes"),
        (lambda: ScipyCounts("nothing"), "name"),
        (lambda: Tabulated([0.5, 0.6]), "probs"),
        (lambda: Tabulated([0.5, 0.5], 0.5), "first"),
        (lambda: Shifted(kl.Gaussian(0, 1), 1), "base"),
        (lambda: Shifted(Poisson(1), 0.5), "by"),
        (lambda: CountMixture([1.0], [kl.Gaussian(0, 1)]), "parts"),
        (lambda: CountMixture([0.5, 0.5], [Poisson(1)]), "parts"),
        (lambda: d.Mixture([0.5, 0.5], [kl.Gaussian(0, 1), Poisson(1)]), "parts"),
        (lambda: d.Mixture([1.5, -0.5], [kl.Gaussian(0, 1)] * 2), "weights"),
        (lambda: d.Affine(d.Gamma(2), 0, 0), "scale"),
    ],
)
def test_bad_parameters_are_named(make, name):
    with pytest.raises(ValueError, match=f"^{name}: expected .*got"):
        make()
