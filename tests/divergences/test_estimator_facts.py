"""k1, k2, k3 without sampling: against published figures, other integrals, samples, and differences of D."""

from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest

from kl_engine import Gaussian, GaussianMixture, forward_kl, monte_carlo_kl, reverse_kl
from kl_engine.divergences import estimator_facts

P, Q = GaussianMixture([0.5, 0.5], [-2.5, 2.5], [1, 1]), Gaussian(1.5, 1.2)
PAIRS = {
    "two modes": (P, Q),
    "unequal": (GaussianMixture([0.3, 0.7], [-3, 3], [1.4, 0.6]), Gaussian(-1.0, 2.5)),
    "one Gaussian": (Gaussian(0.5, 1.0), Gaussian(0.0, 0.9)),
    "locked": (GaussianMixture([0.5, 0.5], [-4, 4], [1, 1]), Gaussian(4.0, 1.0)),
}


def test_the_figures_of_the_notes():
    k1, k2, k3 = estimator_facts(P, Q)
    assert k1.mean.value == k3.mean.value == pytest.approx(0.8764863604, abs=1e-10)
    assert k2.mean.value == pytest.approx(0.8012239770, abs=1e-10)
    assert (k1.variance.value, k2.variance.value) == pytest.approx((0.834220, 0.939179), abs=1e-6)
    assert k3.variance.value == pytest.approx(1298.13, abs=0.005)
    assert np.asarray(k1.in_loss).tolist() == [0, 0]
    assert np.asarray(k2.in_loss) == pytest.approx([-0.4218916593, -0.5655414077], abs=1e-10)
    assert np.asarray(k3.in_loss) == pytest.approx([1.0416666667, -4.6643518519], abs=1e-10)


@pytest.mark.parametrize("name", ["unequal", "one Gaussian"])
def test_each_number_is_its_integral(name):
    """By mpmath, from the definitions: also the gradients, as E_q of the estimator's own derivative at a fixed draw."""
    p, q = PAIRS[name]
    means, stds = np.atleast_1d(getattr(p, "means", p.mean)), np.atleast_1d(getattr(p, "stds", p.std))
    weights = np.atleast_1d(getattr(p, "weights", 1.0))

    def log_r(x):
        parts = [w * mpmath.npdf(x, float(m), float(s)) for w, m, s in zip(weights, means, stds)]
        return mpmath.log(mpmath.fsum(map(mpmath.mpf, parts))) - mpmath.log(mpmath.npdf(x, q.mean, q.std))

    def under_q(f):
        edges = [-40, *sorted({*map(float, means), q.mean, q.mean - 3, q.mean + 3}), 40]
        return mpmath.quad(lambda x: f(log_r(x), x) * mpmath.npdf(x, q.mean, q.std), edges)

    estimators = {
        "k1": (lambda r: -r, lambda r: 1),
        "k2": (lambda r: r * r / 2, lambda r: -r),
        "k3": (lambda r: mpmath.expm1(r) - r, lambda r: -mpmath.expm1(r)),
    }
    scores = (lambda z: z / q.std, lambda z: (z * z - 1) / q.std)
    with mpmath.workdps(18):
        for facts in estimator_facts(p, q):
            k, slope = estimators[facts.name]
            mean = under_q(lambda r, x, k=k: k(r))
            assert abs(facts.mean.value - mean) < 1e-10 * (1 + abs(mean))
            pull = [under_q(lambda r, x, f=f, slope=slope: slope(r) * f((x - q.mean) / q.std)) for f in scores]
            assert np.asarray(facts.in_loss) == pytest.approx([float(part) for part in pull], abs=1e-9, rel=1e-9)
            if math.isfinite(facts.variance.value):
                variance = under_q(lambda r, x, k=k, mean=mean: (k(r) - mean) ** 2)
                assert abs(facts.variance.value - variance) <= facts.variance.error + 1e-9 * variance


def test_the_variance_of_k3_is_infinite_exactly_where_q_is_too_narrow():
    for widest in (1.0, 1.4):
        p = GaussianMixture([0.9, 0.1], [-1, 2], [0.5, widest])
        edge = widest / math.sqrt(2)
        at, above = (estimator_facts(p, Gaussian(0.0, std))[2].variance for std in (edge, edge * 1.01))
        assert at.value == math.inf and "√2" in at.reason
        assert math.isfinite(above.value) and above.value > 0
    beyond = estimator_facts(Gaussian(0, 1), Gaussian(30, math.sqrt(0.5) * 1.0001))[2].variance
    assert beyond.value == math.inf and "finite" in beyond.reason


def test_the_gradients_are_those_of_the_two_divergences():
    for p, q in PAIRS.values():
        k1, k2, k3 = estimator_facts(p, q)
        for facts, divergence in ((k2, reverse_kl), (k3, forward_kl)):
            step = 1e-5
            by_mean = [divergence(p, Gaussian(q.mean + d, q.std)).value for d in (step, -step)]
            by_std = [divergence(p, Gaussian(q.mean, q.std + d)).value for d in (step, -step)]
            slopes = [(up - down) / (2 * step) for up, down in (by_mean, by_std)]
            assert np.asarray(facts.in_loss) == pytest.approx(slopes, rel=1e-5, abs=1e-6)
        assert (k1.pulls, k2.pulls, k3.pulls) == ("neither", "reverse", "forward")


def test_a_sample_agrees():
    for p, q in list(PAIRS.values())[:3]:
        for facts in estimator_facts(p, q)[:2]:
            sampled = monte_carlo_kl(q, p, estimator=facts.name, draws=20_000, rng=5)
            assert abs(sampled.value - facts.mean.value) < 4 * facts.std / math.sqrt(20_000)


def test_other_distributions_are_refused():
    with pytest.raises(ValueError, match="q: expected a Gaussian"):
        estimator_facts(P, P)
    with pytest.raises(ValueError, match="p: expected"):
        estimator_facts([0.5, 0.5], Q)
