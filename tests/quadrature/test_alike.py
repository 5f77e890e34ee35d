"""Nearly equal pairs by steps of one length: every line of the proof beside what it bounds, values beside Arb."""

from __future__ import annotations

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest

from kl_engine import Certainty, Gaussian, GaussianMixture, kl_divergence
from kl_engine.divergences.line import estimate_of
from kl_engine.estimates.rounding import LOG_ROOT_TAU
from kl_engine.quadrature.proved import relative
from kl_engine.quadrature.proved.integrand import excess
from kl_engine.quadrature.proved.steps import alike as module
from kl_engine.quadrature.proved.steps.alike import Difference, alike, apart
from kl_engine.quadrature.proved.steps.strip import (
    BEYOND,
    Side,
    nodes_between,
    rounded_down,
    standardised,
    variance_of,
    width,
)
from kl_engine.quadrature.proved.table import table_of
from tests import arb
from tests.reference import mixture_pairs
from tests.sweeps import part

SEEDS = range(40)


def pair(seed: int) -> tuple[GaussianMixture, GaussianMixture]:
    """One to five components a side, each off by 1e-8 to 1e-3 of itself."""
    rng = np.random.default_rng(seed)
    k, off = int(rng.integers(1, 6)), 10.0 ** rng.uniform(-8, -3)
    weights = rng.dirichlet(np.full(k, 2.0))
    means, stds = rng.normal(0, 2, k), np.exp(rng.uniform(-0.7, 0.7, k))
    other = weights * (1 + off * rng.normal(size=k))
    shifted = means + off * stds * rng.normal(size=k)
    return (
        GaussianMixture(weights, means, stds),
        GaussianMixture(other / other.sum(), shifted, stds * (1 + off * rng.normal(size=k))),
    )


def taken(seeds) -> list[int]:
    """The seeds whose pairs are for this rule."""
    return [seed for seed in seeds if alike(*pair(seed), apart(*pair(seed)))]


class Problem:
    """A pair in the units of the rule."""

    def __init__(self, a, b) -> None:
        lists = standardised(a, b).tolist()
        self.b, self.parts = Side.of(*lists[1]), [Difference.of(*each) for each in zip(*lists[0], *lists[1])]
        d = width(3 * max(self.b.variance(), self.b.gamma), self.b.gamma, module.ETA)
        self.step = rounded_down(2 * math.pi * d / 45)
        self.x, self.ends = nodes_between(*self.b.interval(10.0), self.step)
        self.held, self.lift, self.logs = module._at(self.parts, self.x)
        variance = variance_of(self.logs[None], self.step, (self.b.gamma,))
        self.d = min(d, width(variance, self.b.gamma, module.ETA))
        self.g = module._largest_change(self.parts, self.d, *self.ends)

    def continued(self, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The components of b, and Δ, complex."""
        lines = np.array([(p.h, p.e, p.tau, p.height, p.mean, p.inverse) for p in self.parts]).T[..., None]
        h, e, tau, height, mean, inverse = lines
        y = (z - mean) * inverse
        return np.exp(height - y * y), h - (y * e - tau) * (y * (2 + e) - tau)


@pytest.mark.parametrize("seed", part(taken(SEEDS), 3))
def test_the_truth_is_within_the_proved_error(seed):
    a, b = pair(seed)
    value, error, _ = alike(a, b, apart(a, b)).value()
    assert arb.miss(value, arb.kl_divergence(a, b)) <= error <= 1e-8 * value
    if a.weights.size > 1:
        assert kl_divergence(a, b).value == value and kl_divergence(a, b).certainty == Certainty.PROVED


def test_every_reference_pair_that_it_takes():
    count = 0
    for each in mixture_pairs():
        for a, b, truth in ((each.p, each.q, each.forward), (each.q, each.p, each.reverse)):
            if (size := apart(a, b)) < math.inf and (found := alike(a, b, size)):
                value, error, _ = found.value()
                assert abs(Fraction(value) - truth) <= Fraction(error) <= 1e-8 * truth
                count += 1
    assert count >= 60 and len(taken(SEEDS)) >= 25


@pytest.mark.parametrize("seed", part(taken(SEEDS), 8))
def test_what_is_said_of_a_rectangle_holds_in_it(seed):
    rng = np.random.default_rng(seed)
    problem = Problem(*pair(seed))
    low, high = problem.x[BEYOND], problem.x[-BEYOND - 1]
    x, y = rng.uniform(low, high, 2000), problem.d * rng.uniform(-1, 1, 2000)
    y[:800] = problem.d
    (here, _), (parts, lift) = problem.continued(x + 0j), problem.continued(x + 1j * y)
    b, g = parts.sum(axis=0), problem.g
    far = np.abs(x - np.array([[each.mean] for each in problem.parts]))
    change = np.array([each.change((r + problem.d) * each.inverse) for each, r in zip(problem.parts, far)])
    assert (np.abs(lift) <= change * (1 + 1e-9) + 1e-18).all() and (change <= g * (1 + 1e-9)).all()
    v = (parts * np.expm1(lift)).sum(axis=0) / b
    assert (np.abs(v) <= 0.5).all()
    assert (np.abs(v) <= g * math.exp(g) / module.ETA).all()
    with np.errstate(all="ignore"):
        size = np.where(np.abs(v) > 1e-3, np.abs((1 + v) * np.log(1 + v) - v), 0.51 * np.abs(v) ** 2)
    grown = math.exp(problem.b.gamma * problem.d**2 + 2 * g) / module.ETA**2
    assert (np.abs(b) * size <= grown * (here.real * change**2).sum(axis=0) * (1 + 1e-9)).all()


@pytest.mark.parametrize("seed", part(taken(SEEDS), 8))
def test_the_means_and_what_lies_outside_are_bounded(seed):
    problem = Problem(*pair(seed))
    z = np.linspace(-12, 12, 20_001)
    density = np.exp(-0.5 * z * z - LOG_ROOT_TAU) * (z[1] - z[0])
    rough = problem.b.rough()
    for each in problem.parts:
        delta = problem.d * each.inverse
        changes = each.change(np.abs(z) / math.sqrt(2) + delta)
        assert each.weight * (density * changes**2).sum() <= each.square(problem.d)
        changes = each.change(np.abs(z) / math.sqrt(2))
        s = math.sqrt(0.5) / each.inverse
        log_w = math.log(each.weight)
        many = 60 + 16 * (1 - log_w + abs(math.log(s))) + rough
        many += 32 * (abs(problem.b.top) + math.log(s / problem.b.least) - log_w)
        squares = changes**2 * (many + 24 * z * z) ** 2
        assert each.weight * (density * squares).sum() <= each.noise(problem.b, rough)
        for start in np.linspace(0, 0.5, 7):  # and of sums at steps as long as they may be
            at = np.arange(-24, 25) * 0.5 + start
            sums = 0.5 * (np.exp(-0.5 * at * at - LOG_ROOT_TAU) * np.interp(at, z, squares)).sum()
            assert each.weight * sums <= 2 * each.noise(problem.b, rough)
    low, high = problem.x[BEYOND], problem.x[-BEYOND - 1]
    x = np.concatenate([low - np.linspace(0, 10, 4001), high + np.linspace(0, 10, 4001)])
    parts, lift = problem.continued(x)
    v = (parts * np.expm1(lift)).sum(axis=0) / parts.sum(axis=0)
    outside = (parts.sum(axis=0) * v * v).sum() * 10 / 4000
    far = min(min(m - low, high - m) / s for m, s in zip(problem.b.means, problem.b.stds))
    assert far >= 8 and outside <= module._outside(problem.g, far)


@pytest.mark.parametrize("rare", [1e-4, 1e-6, 1e-10])
@pytest.mark.parametrize("off", [0.03, 1e-4])
def test_where_only_a_rare_component_differs_all_digits_are_kept(rare, off):
    a, b = (GaussianMixture([w, 1 - w], [4, 0], [1, 1.5]) for w in (rare, rare * (1 + off)))
    found, by_panels = kl_divergence(a, b), estimate_of(relative.solve(table_of(a, b)[0])[1])
    assert found.error <= 3 * by_panels.error
    assert arb.miss(found.value, arb.kl_divergence(a, b)) <= found.error


def test_what_is_said_of_f_holds():
    v = np.linspace(-0.25, 0.25, 4001)
    v = v[v != 0]
    assert (np.log1p(v) ** 2 <= 2.5 * excess(v)).all() and (np.abs(np.log1p(v)) <= 1.16 * np.abs(v)).all()
    r, angle = (line.ravel() for line in np.meshgrid(np.linspace(0.05, 0.5, 60), np.linspace(0, math.tau, 121)))
    z = r * np.exp(1j * angle)
    assert (np.abs((1 + z) * np.log(1 + z) - z) <= r * r).all()
    v = np.concatenate([np.linspace(-1 + 1e-12, -1e-6, 1000), np.geomspace(1e-6, 1e9, 1000)])
    assert (excess(v) <= v * v).all()
    assert module.MOST_CHANGE * math.exp(module.MOST_CHANGE) <= module.ETA / 2


@pytest.mark.parametrize("seed", part(taken(SEEDS), 4))
def test_a_ratio_is_off_by_no_more_than_the_lemma_says(seed):
    a, b = pair(seed)
    problem = Problem(a, b)
    scale, rough = math.ldexp(1.0, math.frexp(a.stds[0])[1]), problem.b.rough()
    parts = problem.held
    v = (np.expm1(problem.lift) * parts).sum(axis=0) / parts.sum(axis=0)
    shares = parts / parts.sum(axis=0)
    many = []
    for each in problem.parts:
        s, log_w, y = math.sqrt(0.5) / each.inverse, math.log(each.weight), (problem.x - each.mean) * each.inverse
        weight = 60 + 5 + 16 * (1 - log_w + abs(math.log(s)) + y * y) + 32 * np.abs(problem.logs) + rough
        many.append(weight * each.change(np.abs(y)))
    said = 2.0**-53 * (2 + math.exp(problem.g) * (shares * np.array(many)).sum(axis=0))
    with mpmath.workprec(200):
        sides = [[list(map(mpmath.mpf, line.tolist())) for line in (p.weights, p.means, p.stds)] for p in (a, b)]
        sums = [mpmath.fsum(weights) for weights, _, _ in sides]
        for i in range(BEYOND, problem.x.size - BEYOND, 23):
            x = mpmath.mpf(float(problem.x[i])) * scale
            first, second = (
                mpmath.fsum(w / s * mpmath.exp(-(((x - m) / s) ** 2) / 2) for w, m, s in zip(*side)) / total
                for side, total in zip(sides, sums)
            )
            assert abs(float((first - second) / second - float(v[i]))) <= said[i]


def test_what_it_is_not_for_is_left_to_panels():
    p = GaussianMixture([0.5, 0.5], [0, 3], [1, 2])
    assert alike(p, p, apart(p, p)) is None  # of D = 0 there is no goal
    assert apart(p, GaussianMixture([0.5, 0.5], [3, 0], [2, 1])) == math.inf  # in another order
    assert apart(p, Gaussian(0, 1)) == math.inf
    moved = GaussianMixture([0.5, 0.5], [0.1, 3], [1, 2])
    assert apart(p, moved) < math.inf and alike(p, moved, apart(p, moved)) is None  # too far for |v| <= ½ everywhere
    for rare, other, std in ((1e-10, 1e-30, 1.0), (1e-30, 1e-10, 1.0), (1e-30, 1e-30, 1e-18), (1e-100, 1e-100, 1e18)):
        a, b = GaussianMixture([rare, 1], [0, 3], [std, 2]), GaussianMixture([other, 1], [0, 3], [1, 2 + 1e-6])
        for first, second in ((a, b), (b, a)):
            assert apart(first, second) == math.inf or alike(first, second, apart(first, second)) is None
            found = kl_divergence(first, second)
            assert abs(found.value - 2.5e-13) <= 1e-6 * 2.5e-13 + 2 * max(rare, other)
    far = GaussianMixture([0.5, 0.5], [1e300, 2e300], [1e299, 1e299])
    assert alike(far, far, 1e-3) is None
    for a, b in ((p, p), (p, moved)):
        assert kl_divergence(a, b).method.startswith("Gauss-Legendre")


@pytest.mark.parametrize("seed", taken(range(8)))
def test_the_unit_of_length_changes_nothing(seed):
    found = []
    for unit in (1.0, 2.0**-70, 2.0**90):
        a, b = (GaussianMixture(p.weights, unit * p.means, unit * p.stds) for p in pair(seed))
        found.append(alike(a, b, apart(a, b)).value())
    assert found[0] == found[1] == found[2]
