"""The rule of equal steps: every line of its proof beside what it bounds, and its values beside ball arithmetic."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

from kl_engine import Certainty, Gaussian, GaussianMixture, kl_divergence
from kl_engine.quadrature.proved.integral import GOAL
from kl_engine.quadrature.proved.steps import strip as module
from kl_engine.quadrature.proved.steps.strip import BEYOND, Bound, Side, Strip, strip
from tests import arb
from tests.reference import mixture_pairs
from tests.sweeps import part


def mixture(rng: np.random.Generator, k: int, wide: float = 1.0) -> GaussianMixture:
    """k components, stds within e^`wide` of one another."""
    stds = np.exp(rng.uniform(-wide / 2, wide / 2, k))
    return GaussianMixture(rng.dirichlet(np.full(k, 2.0)), rng.normal(0, 2, k), stds)


def pair(seed: int) -> tuple[GaussianMixture, GaussianMixture]:
    """Of one to eight components a side."""
    rng = np.random.default_rng(seed)
    a, b = (mixture(rng, int(k), wide) for k, wide in zip(rng.integers(1, 9, 2), rng.uniform(0, 2.5, 2)))
    return a, b


def overlapping(seed: int, k: int) -> GaussianMixture:
    """Every component overlaps many others."""
    rng = np.random.default_rng(seed)
    return GaussianMixture(rng.dirichlet(np.full(k, 5.0)), rng.normal(0, 2, k), rng.uniform(0.5, 1.5, k))


class Problem:
    """A pair in the units of the rule, with a step of one's own."""

    def __init__(self, a, b, step: float | None = None) -> None:
        raw = module.standardised(a, b)
        sizes = a.weights.size, b.weights.size
        self.sides = [Side.of(*(line[:n] for line in lines)) for n, lines in zip(sizes, raw.tolist())]
        self.bound = Bound.of(*self.sides)
        self.lines = module._lines(raw, *sizes)
        far, self.beyond = self.bound.reach()
        first = self.sides[0]
        self.low = min(m - far * s for m, s in zip(first.means, first.stds))
        self.high = max(m + far * s for m, s in zip(first.means, first.stds))
        guess = max(side.variance() for side in self.sides)
        self.step = module.rounded_down(step or self.bound.step(module.MORE * guess))
        at = math.floor(self.low / self.step) - BEYOND
        self.x = (np.arange(math.ceil(self.high / self.step) - at + BEYOND + 1) + at) * self.step
        self.logs = logs_at(self, self.x)
        self.variance = module.variance_of(self.logs, self.step, self.bound.gamma)
        self.ends = self.x[BEYOND - 1] + 0.5 * self.step, self.x[-BEYOND] - 0.5 * self.step

    def derivatives(self, side: int, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(log a)′ and K″."""
        heights, means, sharpness = (line[side] for line in self.lines)
        c = sharpness * sharpness
        levels = heights - c * (x - means) ** 2
        share = np.exp(levels - levels.max(axis=0))
        share /= share.sum(axis=0)
        slopes = -2 * c * (x - means)
        mean = (share * slopes).sum(axis=0)
        spread = (share * (slopes - mean) ** 2).sum(axis=0)
        return mean, spread + 2 * (c.max() - (share * c).sum(axis=0))

    def continued(self, side: int, z: np.ndarray) -> np.ndarray:
        """a(z), complex."""
        heights, means, sharpness = (line[side] for line in self.lines)
        return np.exp(heights - (sharpness * (z - means)) ** 2).sum(axis=0)


def logs_at(problem: Problem, x: np.ndarray) -> np.ndarray:
    """(2, N) log a and log b."""
    return module._log_densities(*problem.lines, x, False)


SEEDS = range(40)


@pytest.mark.parametrize("seed", part(SEEDS, 3))
def test_the_truth_is_within_the_proved_error(seed):
    a, b = pair(seed)
    value, error, _ = strip(a, b).value()
    assert arb.miss(value, arb.kl_divergence(a, b)) <= error <= 1e-12 * value + 1e-12


KINDS = {
    "overlapping": (overlapping(1, 4), overlapping(2, 4)),
    "a plateau": (GaussianMixture(np.full(6, 1 / 6), np.arange(6.0), np.ones(6)), Gaussian(2.5, 3)),
    "buried": (Gaussian(0, 1), GaussianMixture([0.8, 0.2], [0, 0.3], [1, 0.1])),
    "next to nothing": (GaussianMixture([1 - 1e-12, 1e-12], [0, 3], [1, 0.5]), Gaussian(1, 1)),
    "nested": (GaussianMixture([0.5, 0.5], [0, 0], [1, 0.3]), GaussianMixture([0.2, 0.8], [0, 0], [0.3, 2])),
    "far from 0": (GaussianMixture([0.4, 0.6], [1e6, 1e6 + 3], [1, 2]), Gaussian(1e6, 2)),
    "two alike": (GaussianMixture([0.5, 0.5], [0, 0], [1, 1]), Gaussian(1, 2)),
    "tiny": (GaussianMixture([0.5, 0.5], [-1e-90, 1e-90], [1e-90, 2e-90]), Gaussian(0, 3e-90)),
}


@pytest.mark.parametrize("name", part(KINDS, 4))
def test_the_kinds_that_it_is_for(name):
    a, b = KINDS[name]
    for first, second in ((a, b), (b, a)):
        found = kl_divergence(first, second)
        assert found.method.startswith("trapezoidal rule") and found.certainty == Certainty.PROVED
        assert arb.miss(found.value, arb.kl_divergence(first, second)) <= found.error <= 1e-11 * found.value + 1e-12


def test_every_reference_pair_that_it_takes():
    taken = 0
    for each in mixture_pairs():
        for a, b, truth in ((each.p, each.q, each.forward), (each.q, each.p, each.reverse)):
            if found := strip(a, b):
                value, error, _ = found.value()
                assert abs(Fraction(value) - truth) <= Fraction(error)
                taken += 1
    assert taken > 150


@pytest.mark.parametrize("seed", part(SEEDS, 12))
def test_a_variance_that_is_said_is_nowhere_exceeded(seed):
    rng = np.random.default_rng(seed)
    said = 0
    for times in (1, 1.5, 2, 3, 4):
        problem = Problem(*pair(seed))
        problem = Problem(*pair(seed), step=times * problem.step)
        if not math.isfinite(problem.variance):
            continue
        said += 1
        x = np.sort(rng.uniform(*problem.ends, 4000))
        for side in (0, 1):
            assert problem.derivatives(side, x)[1].max() <= problem.variance
    assert said >= 2


@pytest.mark.parametrize("seed", part(SEEDS, 12))
def test_what_is_said_of_a_rectangle_holds_in_it(seed):
    rng = np.random.default_rng(seed)
    problem = Problem(*pair(seed))
    d = module.width(problem.variance, problem.bound.gamma[0], module.ETA)
    x, y = rng.uniform(*problem.ends, 3000), d * rng.uniform(-1, 1, 3000)
    y[:1000] = d
    logs = logs_at(problem, x)
    continued = []
    for side in (0, 1):
        gamma, slope = problem.bound.gamma[side], problem.derivatives(side, x)[0]
        ratio = problem.continued(side, x + 1j * y) * np.exp(-logs[side] - gamma * y * y - 1j * y * slope)
        assert (np.abs(ratio) <= 1 + 1e-9).all() and (ratio.real >= module.ETA - 1e-9).all()
        assert (d * np.abs(slope) <= d * math.sqrt(gamma) * (1 + problem.bound.top[side] - logs[side]) + 1e-9).all()
        continued.append(logs[side] + gamma * y * y + 1j * y * slope + np.log(ratio))
    first, second = (top - line for top, line in zip(problem.bound.top, logs))
    most = [problem.bound.ratio(u, v, d) for u, v in zip(first, second)]
    assert (np.abs(continued[0] - continued[1]) <= np.array(most) + 1e-9).all()


@pytest.mark.parametrize("seed", part(SEEDS, 12))
def test_means_and_short_sides_and_tails_are_bounded(seed):
    problem = Problem(*pair(seed))
    bound, d = problem.bound, module.width(problem.variance, problem.bound.gamma[0], module.ETA)
    x = np.linspace(problem.low, problem.high, 60_001)
    logs = logs_at(problem, x)
    density, step = np.exp(logs[0]), x[1] - x[0]
    for line, top, most in zip(logs, bound.top, (bound.first, bound.second)):
        assert (top >= line).all()
        assert step * (density * (top - line)).sum() <= most + 1e-9
    for end in problem.ends:
        y = d * np.linspace(-1, 1, 201)
        here = logs_at(problem, np.array([end]))[:, 0]
        # A rule with nothing to say of the long sides is off by the short ones alone.
        long = (
            2
            * bound.ratio(bound.first, bound.second, d)
            * math.exp(bound.gamma[0] * d * d + 0.5 - 2 * math.pi * d / problem.step)
        )
        short = (bound.error(problem.logs, problem.step, problem.variance) - long) / (module.SHORT * problem.step)
        size = np.abs(problem.continued(0, end + 1j * y)).max()
        assert size * bound.ratio(bound.top[0] - here[0], bound.top[1] - here[1], d) <= short * (1 + 1e-6) + 1e-25
    far = np.concatenate([problem.low - np.linspace(0, 60, 60_001), problem.high + np.linspace(0, 60, 60_001)])
    first, second = logs_at(problem, far)
    with np.errstate(all="ignore"):
        outside = np.nan_to_num(np.exp(first) * np.abs(first - second)).sum() * 1e-3
    assert outside <= problem.beyond


@pytest.mark.parametrize("seed", part(range(16), 5))
@pytest.mark.parametrize("times", [2, 2.5, 3, 4])
def test_a_coarser_rule_errs_by_no_more_than_its_bound(seed, times):
    a, b = pair(seed)
    truth = float(kl_divergence(a, b).value)
    problem = Problem(a, b, step=times * Problem(a, b).step)
    inside = problem.logs[:, BEYOND:-BEYOND]
    value = problem.step * float((np.exp(inside[0]) * (inside[0] - inside[1])).sum())
    error = problem.bound.error(problem.logs, problem.step, problem.variance)
    assert abs(value - truth) <= error + 1e-11


@pytest.mark.parametrize("height", [1.0, 1e-3, 1e-6])
@pytest.mark.parametrize("side", [0, 1])
def test_a_feature_between_two_nodes_is_refused(side, height):
    """No value at a node sees it; that it is there is known by its γ."""
    seen = 0
    for seed in range(12):
        sides = pair(seed)
        problem = Problem(*sides)
        if not problem.bound.error(problem.logs, problem.step, problem.variance) <= 1e-12:
            continue
        scale = math.ldexp(1.0, math.frexp(sides[0].stds[0])[1])
        at = int(problem.logs[side].argmax())
        x, std = (problem.x[at] + 0.5 * problem.step) * scale, problem.step * scale / 40
        p = sides[side]
        weight = height * float(p.pdf(x)) * std * math.sqrt(2 * math.pi)
        other = GaussianMixture(
            np.append(p.weights, weight) / (1 + weight), np.append(p.means, x), np.append(p.stds, std)
        )
        with_it = Problem(*(other if i == side else each for i, each in enumerate(sides)), step=problem.step)
        some = np.isin(with_it.x, problem.x)
        assert np.allclose(
            with_it.logs[:, some], problem.logs[:, np.isin(problem.x, with_it.x)], atol=2 * weight + 1e-9
        )
        assert with_it.bound.error(with_it.logs, with_it.step, with_it.variance) > 1e-3 * height
        seen += 1
    assert seen >= 6


@pytest.mark.parametrize("seed", part(range(8), 3))
def test_logs_at_nodes_are_off_by_no_more_than_the_lemma_says(seed):
    a, b = pair(seed)
    problem = Problem(a, b)
    scale = math.ldexp(1.0, math.frexp(a.stds[0])[1])
    rough = max(side.rough() for side in problem.sides)
    with arb.precision():
        for side, p in enumerate((a, b)):
            density = arb.Density(p)
            for x, log in list(zip(problem.x.tolist(), problem.logs[side].tolist()))[::17]:
                truth = density.log_pdf(arb.exact(x) * arb.exact(scale), False).real + arb.exact(scale).log()
                assert arb.miss(log, truth) <= 2.0**-53 * (32 * abs(log) + rough)


@pytest.mark.parametrize("seed", range(12))
def test_nodes_are_exact_and_steps_of_the_same_length(seed):
    a, b = pair(seed)
    far = 10.0 ** (seed // 2)
    a, b = (GaussianMixture(p.weights, p.means + far, p.stds) for p in (a, b))
    problem = Problem(a, b)
    exact = [Fraction(x) for x in problem.x.tolist()]
    assert {y - x for x, y in zip(exact, exact[1:])} == {Fraction(problem.step)}


@pytest.mark.parametrize("seed", range(12))
def test_the_unit_of_length_changes_nothing(seed):
    found = []
    for unit in (1.0, 2.0**-70, 2.0**90):
        scaled = (GaussianMixture(p.weights, unit * p.means, unit * p.stds) for p in pair(seed))
        found.append(kl_divergence(*scaled))
    assert found[0] == found[1] == found[2]


def test_what_it_is_not_for_is_left_to_panels():
    one = Gaussian(0, 1)
    for other in (
        GaussianMixture([0.5, 0.5], [0, 0], [1, 1e-9]),  # too many nodes
        GaussianMixture([0.5, 0.5], [0, 1e300], [1, 1]),
        GaussianMixture([1e-300, 1], [0, 1], [1, 1]),
        GaussianMixture([0.5, 0.5], [1e12, 1e12 + 1], [1, 1]),  # nodes would be rounded
        GaussianMixture([0.5, 0.5], [300, 301], [1, 1]),  # logs of the size of 45,000
    ):
        assert strip(other, one) is None and strip(one, other) is None


@pytest.mark.parametrize("plain", [True, False])
def test_many_components_are_taken_in_blocks(plain):
    p, q = overlapping(3, 150), overlapping(4, 140)
    lines = module._lines(module.standardised(p, q), 150, 140)
    x = np.linspace(-5, 5, 333)
    whole = [module._log_densities(*lines, x[i : i + 1], not plain)[:, 0] for i in range(x.size)]
    assert np.allclose(module._log_densities(*lines, x, plain), np.array(whole).T, rtol=1e-13)
    assert isinstance(strip(p, q), Strip) and kl_divergence(p, q).error <= 1e-12


def test_the_goal_is_met():
    for seed in SEEDS:
        assert strip(*pair(seed)).truncation <= 10 * GOAL
