"""Where panels come from: the walk of few components, the search of many, and the bound that both ask."""

from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest

from kl_engine import Certainty, GaussianMixture, kl_divergence
from kl_engine.divergences.line import estimate_of
from kl_engine.quadrature.proved import relative
from kl_engine.quadrature.proved.cutting import look, search
from kl_engine.quadrature.proved.ellipse import MARGIN, RULE, rule_error
from kl_engine.quadrature.proved.integral import GOAL
from kl_engine.quadrature.proved.integrand import Positive, Relative, excess
from kl_engine.quadrature.proved.matched import Matched
from kl_engine.quadrature.proved.nested import cap_of
from kl_engine.quadrature.proved.reach import reach
from kl_engine.quadrature.proved.table import table_of
from kl_engine.quadrature.proved.walk import walked
from tests import arb
from tests.reference import mixture_pairs


def two_of(rng: np.random.Generator) -> tuple[GaussianMixture, GaussianMixture]:
    """One or two components a side, from near to far, of any widths."""
    sides = []
    for k in rng.integers(1, 3, 2):
        stds = 10.0 ** rng.uniform(-2, 1, k)
        sides.append(GaussianMixture(rng.dirichlet(np.ones(k)) * (1 - 1e-9) + 1e-9 / k, rng.normal(0, 5, k), stds))
    return tuple(sides)


def alike(rng: np.random.Generator) -> tuple[GaussianMixture, GaussianMixture]:
    """Two components a side, those of b a little changed."""
    weights, means, stds = rng.dirichlet([3, 3]), rng.normal(0, 4, 2), 10.0 ** rng.uniform(-1, 0.7, 2)
    by = 10.0 ** -rng.uniform(1, 9)
    lift = weights * np.exp(by * rng.normal(size=2))
    return (
        GaussianMixture(weights, means, stds),
        GaussianMixture(lift / lift.sum(), means + by * stds * rng.normal(size=2), stds * np.exp(by * rng.normal())),
    )


def problem(a: GaussianMixture, b: GaussianMixture, kind):
    """The table, where it is integrated, and the log of the goal."""
    table = table_of(a, b)[0]
    near = isinstance(kind, Matched)
    goal = np.full(1, 2.0**-60) if near else GOAL
    over = reach(table, goal, both=near)
    return table, over, np.log(goal * over.level)


@pytest.mark.parametrize("kind, maker", [(Relative(), two_of), (Matched(Positive()), alike)])
@pytest.mark.parametrize("seed", range(4))
def test_what_is_walked_covers_the_intervals_and_every_panel_is_proved_by_the_search_too(kind, maker, seed):
    rng = np.random.default_rng(seed)
    found = 0
    for _ in range(25):
        table, over, goal = problem(*maker(rng), kind)
        if (panels := walked(table, kind, over, goal)) is None:
            continue
        found += 1
        order = np.argsort(panels.centre)
        left, right = (panels.centre + sign * panels.half for sign in (-1, 1))
        left, right = left[order], right[order]
        gaps = left[1:] - right[:-1]
        assert (gaps >= 0).all() and np.count_nonzero(gaps) == over.low.size - 1
        assert left[0] <= over.low.min() and right[-1] >= over.high.max()
        with np.errstate(all="ignore"):
            cap = min(cap_of(table, float(goal[0])), kind.first_cap)
            bound = look(table, kind, panels.centre, panels.half, cap).log_bound
            most = 8 + 1.5 * search(table, kind, over, goal).centre.size
        assert panels.rough.shape == (2, panels.centre.size) and panels.centre.size <= most
        if not isinstance(kind, Matched):  # there the search also asks where a has its zeros
            assert (bound <= goal[0] + 1e-9).all()
        assert np.allclose(panels.bound, np.exp(goal[0]), rtol=1e-12)
    assert found > 12


def by_panels(a, b):
    """What is found where no rule of equal steps serves."""
    return estimate_of(relative.solve(table_of(a, b)[0])[1])


@pytest.mark.parametrize("maker", [two_of, alike])
def test_the_walk_gives_the_truth(maker):
    rng = np.random.default_rng(7)
    for _ in range(12):
        a, b = maker(rng)
        truth = arb.kl_divergence(a, b)
        for found in (kl_divergence(a, b), by_panels(a, b)):
            assert arb.miss(found.value, truth) <= found.error
            assert found.certainty in (Certainty.PROVED, Certainty.EXACT)


def test_one_constant_serves_for_every_ellipse():
    room = np.linspace(1e-6, 4, 100_001)
    n = RULE.nodes.size
    theorem = np.minimum(4, 64 / 15 * np.exp(-2 * n * room) / -np.expm1(-2 * room))
    stated = np.exp(rule_error(0.0 * room, 1.0 + 0 * room, 1.0 + 0 * room, room) - MARGIN)
    assert (theorem <= stated).all()


@pytest.mark.parametrize("k", [3, 4, 7, 20, 60, 200])
@pytest.mark.parametrize("nats", [0.5, 1.05, 1.5, 2.45, 3.6, 5.2])
def test_components_that_are_neither_high_nor_lost_end_the_search_too(k, nats):
    # All of one shape: however narrow a panel is, each is as far below the first as on a wide one.
    weights = np.append(1.0, np.full(k - 1, math.exp(-nats)))
    p = GaussianMixture(weights / weights.sum(), np.zeros(k), np.ones(k))
    q = GaussianMixture([0.5, 0.5], [-1, 1], [1, 2])
    found = by_panels(p, q)
    assert abs(found.value - kl_divergence(p, q).value) <= found.error
    assert found.certainty == Certainty.PROVED
    assert found.error <= 1e-9 * found.value
    assert int(found.method.split()[3]) <= 24


def test_the_panels_of_the_reference_pairs_are_few():
    count = []
    for pair in mixture_pairs():
        found = by_panels(pair.p, pair.q)
        if pair.kind == "moderate" and found.certainty == Certainty.PROVED:
            count.append(int(found.method.split()[3]))
    assert np.mean(count) <= 16


@pytest.mark.parametrize("most", [1e-200, 1e-16, 1e-8, 1e-5, 3e-4, 2.0**-10, 1e-3, 0.03, 0.49, 0.9])
def test_what_is_left_of_a_ratio_keeps_its_digits(most):
    v = np.append(np.random.default_rng(0).uniform(-most, most, 50), [most, -most, 0.0])
    with mpmath.workprec(2000):
        truth = [(1 + x) * mpmath.log(1 + x) - x for x in map(mpmath.mpf, v.tolist())]
    miss = [abs(x - y) for x, y in zip(truth, excess(v.copy()).tolist())]
    lost = 2.0**-45 if most > 0.5 else 2.0**-50  # beyond ½ it is no series, and 1 + v has been rounded
    assert all(gap <= lost * y or y < 1e-300 for gap, y in zip(miss, truth))
