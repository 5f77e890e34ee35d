"""Shift, scale, reflection and the order of components: the divergence does not see them, fits and flows go along.

A solver whose tests all start at 0 can be broken elsewhere.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest

from kl_engine import Direction, Gaussian, GaussianMixture, disagreement, entropy, fit, kl_divergence, moment_match
from kl_engine.optima import flow
from tests.cases import CASES, TARGETS, over


class Affine(NamedTuple):
    """x → shift + scale x; scales are powers of two, so that stds move without rounding."""

    shift: float
    scale: float

    def __call__(self, p):
        if isinstance(p, Gaussian):
            return Gaussian(self.shift + self.scale * p.mean, abs(self.scale) * p.std)
        return GaussianMixture(p.weights, self.shift + self.scale * p.means, abs(self.scale) * p.stds)


MOVES = [Affine(1024, 1), Affine(-7, 1), Affine(0, -1), Affine(0, 2.0**-20), Affine(0, 2.0**20), Affine(512, -4)]
moved = pytest.mark.parametrize("move", MOVES, ids=lambda move: f"{move.shift:g}{move.scale:+g}x")

# A shift of 1024 rounds a mean by 1e-13: in the units of the narrowest std (0.01) that is 1e-11.
ROUNDED = 1e-10


@over(CASES)
@moved
def test_divergence_and_failures_stay(case, move):
    p, q = move(case.p), move(case.q)
    for (a, b), (c, d) in (((case.p, case.q), (p, q)), ((case.q, case.p), (q, p))):
        before, after = kl_divergence(a, b), kl_divergence(c, d)
        assert after.value == pytest.approx(before.value, rel=ROUNDED, abs=before.error + after.error)
    for before, after in zip(disagreement(case.p, case.q), disagreement(p, q)):
        assert after.value == pytest.approx(before.value, abs=ROUNDED)


@over(CASES)
@moved
def test_entropy_moves_by_the_log_of_the_scale(case, move):
    before, after = entropy(case.p), entropy(move(case.p))
    assert after.value - before.value == pytest.approx(np.log(abs(move.scale)), abs=1e-11)


@over(CASES)
def test_the_order_of_components_does_not_matter(case):
    def turned(p):
        return GaussianMixture(p.weights[::-1], p.means[::-1], p.stds[::-1])

    for a, b in ((case.p, case.q), (case.q, case.p)):
        before, after = kl_divergence(a, b), kl_divergence(turned(a), turned(b))
        assert after.value == pytest.approx(before.value, rel=1e-13, abs=before.error + after.error)
    assert (moment_match(turned(case.p)).mean, moment_match(turned(case.p)).std) == pytest.approx(
        (case.p.mean, case.p.std), abs=1e-14, rel=1e-14
    )


@over(TARGETS)
@moved
@pytest.mark.parametrize("direction", Direction)
def test_a_fit_from_a_start_goes_along(name, p, move, direction):
    start = Gaussian(p.mean + 0.4 * p.std, 0.7)
    before, after = fit(p, direction, start=start), fit(move(p), direction, start=move(start))
    _assert_same_fit(before, after, move)


@over(TARGETS)
@moved
def test_all_reverse_optima_go_along(name, p, move):
    before, after = list(fit(p, "reverse").optima), fit(move(p), "reverse").optima
    assert len(before) == len(after)
    for other in after:
        # Nearest by place: a reflection turns the order of mirror images round.
        nearest = min(before, key=lambda found: _distance(move(found.q), other.q))
        before.remove(nearest)
        _assert_same_fit(nearest, other, move)


def _distance(q, other) -> float:
    return abs(q.mean - other.mean) / other.std + abs(np.log(q.std / other.std))


def _assert_same_fit(before, after, move):
    expected = move(before.q)
    assert before.status == after.status == "converged"
    assert after.q.mean == pytest.approx(expected.mean, abs=1e-8 * expected.std)
    assert after.q.std == pytest.approx(expected.std, rel=1e-8)
    assert after.value.value == pytest.approx(before.value.value, abs=1e-11)


@over(TARGETS)
@moved
@pytest.mark.parametrize("direction", Direction)
def test_a_flow_goes_along(name, p, move, direction):
    start = Gaussian(p.mean + 0.4 * p.std, 0.7)
    before, after = flow(p, direction, start, 400), flow(move(p), direction, move(start), 400)
    # Rows are even in an arc length that a scale changes, but the way is the same curve: compare at equal divergence.
    assert after.mean[0] == move.shift + move.scale * before.mean[0]
    assert (after.mean[-1], after.std[-1]) == pytest.approx(
        (move.shift + move.scale * before.mean[-1], abs(move.scale) * before.std[-1]),
        rel=1e-7,
        abs=1e-7 * after.std[-1],
    )
    middle = 0.5 * (before.kl[0] + before.kl[-1])
    for one, other, unit in ((before.mean, after.mean, 1), (np.log(before.std), np.log(after.std), 0)):
        here, there = (np.interp(-middle, -way.kl, values) for way, values in ((before, one), (after, other)))
        expected = move.shift + move.scale * here if unit else here + np.log(abs(move.scale))
        assert there == pytest.approx(expected, abs=0.01 * (before.std.max() * abs(move.scale) if unit else 1))
