"""Where one density is more than some times the other: thresholds that share their panels, and what is not proved."""

from __future__ import annotations

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest

from kl_engine import Gaussian, GaussianMixture, disagreement
from kl_engine.divergences import disagreement as module
from kl_engine.divergences import missed_by_component
from kl_engine.quadrature.proved import signs as proved
from kl_engine.quadrature.proved.table import table_of
from tests import precise
from tests.cases import CASES, over, two_modes


@over(CASES)
def test_thresholds_together_say_what_each_says_alone(case):
    table = table_of(case.p, case.q)[0]
    thresholds = (2.0, 0.0, -2.0)
    for t, threshold in enumerate(thresholds):
        sums = []
        for found, which in ((proved.signs(table, thresholds, None), t), (proved.signs(table, (threshold,), None), 0)):
            held = [proved.masses(p[which].table, side, *p[which].runs(1)) for p in found for side in (0, 1)]
            doubt = [proved.masses(p[which].table, side, *p[which].runs(0)) for p in found for side in (0, 1)]
            beyond = sum(p[which].beyond for p in found)
            slack = beyond + sum(map(np.sum, [*(error for _, error in held), *(m + error for m, error in doubt)]))
            sums.append((sum(mass.sum() for mass, _ in held), slack))
        (together, first), (alone, second) = sums
        assert abs(together - alone) <= first + second
        assert first < 1e-9


def test_no_sign_rests_on_an_interpolant_without_a_bound():
    # A panel far out is passed over for what it holds; r changes its sign on it.
    a, b = two_modes(3), GaussianMixture([0.3, 0.7], [-0.5, 1.5], [1.0, 1.1])
    kind, table = proved.Ratio((-20.0,), None), table_of(a, b)[0]
    centre, half = np.array([12.0]), np.array([4.0])
    view = proved.View.of(table, centre, half)
    held = kind.here(view, half)[2]
    assert held[0] < math.log(proved.GOAL)
    done, open_ = proved._settled(table, kind, centre, half, np.exp(held), np.ones((1, 1), dtype=bool))
    assert not open_.any() and [piece[2].tolist() for piece in done[0] if piece[0].size] == [[0.0]]


@over(CASES)
def test_the_interpolant_is_within_its_error(case):
    table, unit = table_of(case.p, case.q)
    kind = proved.Ratio((2.0, -2.0), None)
    over_both = proved.reach(table, proved.GOAL / 8, both=True, most=1.0)
    with np.errstate(all="ignore"):
        panels = proved.search(table, kind, over_both, np.array([math.log(proved.GOAL)]))
    rng = np.random.default_rng(3)
    some = rng.permutation(np.flatnonzero(panels.bound > 0))[:4]
    centre, half = panels.centre[some], panels.half[some]
    view = proved.View.of(table, centre, half)
    scale, _, held = kind.here(view, half)
    told = panels.bound[some] < proved.NO_BOUND * np.exp(held)
    nodes = proved.Nodes(table, centre, half, view.q, proved.roughness(view))
    gap = view.highest[:, 0] - view.highest[:, 1]
    series, error, _ = proved._interpolated(kind, nodes, gap, panels.bound[some] * scale)
    with mpmath.workdps(40):
        for i in np.flatnonzero(told):
            coefficients = [mpmath.mpf(c) for c in series[:, i].tolist()]
            for u in rng.uniform(-1, 1, 5).tolist():
                x = (mpmath.mpf(centre[i]) + mpmath.mpf(half[i]) * u) * unit.scale[0] + unit.shift[0]
                value = mpmath.fsum(c * mpmath.chebyt(k, u) for k, c in enumerate(coefficients))
                assert abs(value - mpmath.log(precise.pdf(case.p, x) / precise.pdf(case.q, x))) <= error[i]


def test_the_columns_of_the_interpolation_are_as_large_as_the_bound_asks():
    assert proved.interpolation()[2].min() > 1


def test_the_rounding_of_a_value_is_within_its_bound():
    rng = np.random.default_rng(5)
    for _ in range(200):
        series = (rng.normal(size=proved.SIZE) * 10.0 ** rng.uniform(-8, 0, proved.SIZE)).tolist()
        u = float(rng.choice([rng.uniform(-1, 1), 1 - 10.0 ** rng.uniform(-9, -1), -1.0, 1.0]))
        value, slope = proved._value(series, u)
        polynomials = [Fraction(1), Fraction(u)]
        for _ in range(2, proved.SIZE):
            polynomials.append(2 * Fraction(u) * polynomials[-1] - polynomials[-2])
        truth = sum(Fraction(c) * each for c, each in zip(series, polynomials))
        assert abs(truth - Fraction(value)) <= Fraction(proved.UNIT * float(proved.OF_VALUE @ np.abs(series)))
        assert slope == pytest.approx(np.polynomial.chebyshev.chebval(u, np.polynomial.chebyshev.chebder(series)))


def test_what_a_picture_asks_for_is_found_once(monkeypatch):
    p, q = two_modes(5.25, 0.61), Gaussian(1.25, 2.5)
    asked = []
    monkeypatch.setattr(module, "signs", lambda *args, **kwargs: asked.append(args) or proved.signs(*args, **kwargs))
    both, parts, other = disagreement(p, q), missed_by_component(p, q), disagreement(q, p)
    assert len(asked) == 1
    assert both == tuple(reversed(other))
    assert both.missed.value == pytest.approx(sum(part.value for part in parts), abs=1e-15)
