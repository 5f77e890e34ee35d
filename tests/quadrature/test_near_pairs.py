"""Pairs of many components that differ in one: the bound holds on every panel that can be met, not on a few of them.

A bound made from a quantity that is of no meaning where nothing is proved (a cosine less a sum, once below 0) called
a panel near that held a whole crossing: D of the first pair here was 3.4e-11 off and said ± 6e-16.
"""

from __future__ import annotations

import numpy as np
import pytest

from kl_engine import GaussianMixture, alpha_divergence, cross_entropy, entropy, jensen_shannon, kl_divergence
from kl_engine.quadrature.proved.cutting import Panels, look, search
from kl_engine.quadrature.proved.ellipse import RULE
from kl_engine.quadrature.proved.integrand import Nodes, Positive, Relative, Surprisal
from kl_engine.quadrature.proved.matched import Matched
from kl_engine.quadrature.proved.reach import Reach
from kl_engine.quadrature.proved.table import table_of
from kl_engine.quadrature.proved.tilted import Tilted
from tests import arb

FOUND = (
    GaussianMixture([0.25] * 4, [0, 9, 0, 22], [10, 1, 10, 1]),
    GaussianMixture([0.25] * 4, [0, 9, 1, 22], [10, 1, 10, 1]),
)


def near_pair(rng: np.random.Generator) -> tuple[GaussianMixture, GaussianMixture]:
    """Three to six components at whole numbers, wide and narrow ones; one is moved, widened or weighs more in b."""
    k = int(rng.integers(3, 7))
    weights, means = rng.integers(1, 5, k).astype(float), rng.integers(-25, 26, k).astype(float)
    stds = rng.choice([0.5, 1, 3, 10, 30], k)
    which, kind = rng.integers(k), rng.integers(3)
    other = [weights.copy(), means.copy(), stds.copy()]
    step = 10.0 ** -rng.integers(0, 4)
    other[kind][which] = other[kind][which] * (1 + 0.4 * step) if kind != 1 else means[which] + step * stds[which] * 0.5
    weights, other[0] = weights / weights.sum(), other[0] / other[0].sum()
    return GaussianMixture(weights, means, stds), GaussianMixture(*other)


@pytest.mark.parametrize("verb", [kl_divergence, jensen_shannon])
def test_the_pair_that_was_found(verb):
    for a, b in (FOUND, FOUND[::-1]):
        found = verb(a, b)
        assert arb.miss(found.value, getattr(arb, verb.__name__)(a, b)) <= found.error


@pytest.mark.parametrize("seed", range(6))
def test_cross_entropy_less_entropy_is_the_divergence(seed):
    rng = np.random.default_rng(seed)
    for _ in range(25):
        a, b = near_pair(rng)
        h, c, d = entropy(a), cross_entropy(a, b), kl_divergence(a, b)
        assert abs(c.value - h.value - d.value) <= c.error + h.error + d.error, (a, b)


@pytest.mark.parametrize("seed", range(3))
def test_alpha_near_one_is_near_the_divergence(seed):
    rng = np.random.default_rng(seed)
    for _ in range(12):
        a, b = near_pair(rng)
        d = kl_divergence(a, b)
        near = [alpha_divergence(a, b, 1 + sign * 2.0**-20) for sign in (-1, 1)]
        middle = 0.5 * (near[0].value + near[1].value)  # the first order cancels
        assert abs(middle - d.value) <= d.error + near[0].error + near[1].error + 2.0**-30 * d.value


TWO = GaussianMixture([0.4, 0.6], [-2, 1], [1, 0.5])
KINDS = {
    "matched": Matched(Positive()),
    "matched, tilted": Matched(Tilted(0.3)),
    "positive": Positive(),
    "relative": Relative(),
    "surprisal": Surprisal(),
    "tilted": Tilted(0.3),
}


def any_pair(rng: np.random.Generator, most: int) -> tuple[GaussianMixture, GaussianMixture]:
    """Unlike sides, of one to `most` components each: overlapping ones, spikes, and some that are all but absent."""
    sides = []
    for k in rng.integers(1, most + 1, 2):
        weights = rng.dirichlet(np.full(k, 0.3)) + 1e-9
        sides.append(GaussianMixture(weights / weights.sum(), rng.normal(0, 4, k), 10.0 ** rng.uniform(-1, 0.7, k)))
    return tuple(sides)


MAKERS = {
    "near": near_pair,
    "near, of two": lambda rng: (TWO, GaussianMixture(TWO.weights, TWO.means + 10.0 ** -rng.integers(1, 9), TWO.stds)),
    "of one or two": lambda rng: any_pair(rng, 2),
    "of many": lambda rng: any_pair(rng, 14),
}
ASKED = [(k, m) for k in KINDS for m in MAKERS if "near" in m or not isinstance(KINDS[k], Matched)]


@pytest.mark.parametrize("kind, maker", [(KINDS[k], MAKERS[m]) for k, m in ASKED], ids=map(", ".join, ASKED))
def test_no_panel_errs_by_more_than_its_bound(kind, maker):
    rng = np.random.default_rng(1)
    held = 0
    for _ in range(20):
        table = table_of(*maker(rng))[0]
        spread = float(np.abs(table.means).max() + 3 * table.stds.max())
        half = spread * 2.0 ** -rng.integers(0, 7, 40)
        centre = rng.uniform(-spread, spread, 40)
        with np.errstate(all="ignore"):
            bound = np.exp(look(table, kind, centre, half, rng.uniform(0.3, 2)).log_bound)
            coarse, noise = _by_rule(table, kind, centre, half)
            parts = np.linspace(-1, 1, 65)[:-1] + 1 / 64
            fine, more = _by_rule(
                table, kind, (centre[:, None] + half[:, None] * parts).ravel(), (half / 64).repeat(64)
            )
        fine, more = (array.reshape(-1, 64).sum(axis=1) for array in (fine, more))
        proved = np.isfinite(bound)
        assert (np.abs(coarse - fine) <= bound + noise + more)[proved].all()
        held += np.count_nonzero(proved & (bound < 1e-6))
    assert held > 100


def _by_rule(table, kind, centre, half):
    """The rule on every panel, and a bound of the rounding."""
    seen = look(table, kind, centre, half)
    nodes = kind.ready(Nodes.of(table, Panels(centre, half, np.zeros(centre.size, int), 0 * half, seen.rough)))
    sums = kind.at(nodes) @ RULE.weights
    noise = (sums * kind.weights(seen.rough)).sum(axis=0) * half * 2.0**-52
    return sums[0] * half, noise


FAR_APART = (
    GaussianMixture([0.27, 0.73], [-393.8, -56.8], [0.117, 0.582]),
    GaussianMixture([0.271, 0.729], [-393.8001, -56.8], [0.11705, 0.5818]),
)
MANY = GaussianMixture(np.full(6, 1 / 6), 0.76 * np.arange(6), np.full(6, 1.5))


@pytest.mark.parametrize("alpha", [-3.0, -0.5, 0.3, 1.5, 2.0, 4.0])
@pytest.mark.parametrize("pair", [FAR_APART, FAR_APART[::-1], (MANY, GaussianMixture([0.5, 0.5], [0, 3], [1.6, 1.7]))])
def test_alpha_outside_0_and_1_where_the_tilted_tails_are_far_out(pair, alpha):
    # The bells that bound what lies beyond the ends were beyond every double there: D was 0.0 ± 3e-38, "proved".
    found = alpha_divergence(*pair, alpha)
    assert arb.miss(found.value, arb.alpha_divergence(*pair, alpha)) <= found.error <= 1e-10 * found.value


def test_of_an_interval_without_an_end_nothing_is_said():
    table = table_of(*FOUND)[0]
    over = Reach(np.ones(1), np.zeros(1), np.array([-np.inf]), np.array([np.inf]), np.zeros(1, int))
    assert np.isnan(search(table, Relative(), over, np.zeros(1)).bound).all()
