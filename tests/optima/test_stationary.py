"""Every stationary point: worked cases, brute force, counts, invariance, degenerate and extreme targets."""

from __future__ import annotations

import math

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kl_engine import Gaussian, GaussianMixture, families, forward_kl, moment_match, reverse_kl
from kl_engine.fits.directions import ReverseObjective
from kl_engine.optima import stationary_points
from tests.cases import TARGETS, over, two_modes
from tests.reference import worked_case, worked_cases

THREE = GaussianMixture([0.5, 0.2, 0.3], [-4, 1, 7], [0.7, 1.5, 1])
FIVE = GaussianMixture([0.1, 0.2, 0.3, 0.15, 0.25], [-6, -2, 0, 3, 9], [0.3, 1, 0.5, 2, 0.7])
NEARLY_EQUAL = GaussianMixture([0.3, 0.4, 0.3], [-4.5, 0.3, 5], [1, 0.8, 1.1])


def kinds(p, **options) -> list[str]:
    """The kinds of all points, which must be complete."""
    found = stationary_points(p, **options)
    assert found.complete, found.message
    return [point.kind for point in found]


def by_brute_force(p, fixed_std=None) -> set[tuple[float, float]]:
    """Zeros of the gradient, found by scipy.optimize.root from a dense grid of starts; rounded to 4 digits."""
    from scipy.optimize import root

    objective = ReverseObjective.of(p)

    def gradient(at):
        std = fixed_std or float(np.exp(np.clip(at[1], -6, 6)))
        terms = objective.terms(np.array([[at[0], std]]))
        return terms.gradient[0] if fixed_std is None else [terms.gradient[0, 0], at[1]]

    found = set()
    for std in np.geomspace(0.9 * p.stds.min(), 1.3 * p.std, 9) if fixed_std is None else (1.0,):
        for mean in np.linspace(p.means.min(), p.means.max(), 15):
            end = root(gradient, [mean, np.log(std)], tol=1e-10)
            if end.success and np.abs(gradient(end.x)).max() < 1e-8:
                found.add((round(float(end.x[0]), 4) + 0.0, round(fixed_std or float(np.exp(end.x[1])), 4)))
    return found


@pytest.mark.parametrize("case", worked_cases("F_fit_d"), ids=lambda case: case["id"])
def test_worked_fits(case):
    expected, near = case["expected"], {"abs": case["tolerance"]}
    found = stationary_points(two_modes(case["inputs"]["d"]))
    assert len(found) == expected["n_stationary"] and found.complete
    (centre,) = [point for point in found if abs(point.q.mean) < 1e-9]
    assert (centre.q.std, centre.value.value) == pytest.approx((expected["centre_s"], expected["centre_kl"]), **near)
    if "off_mu" in expected:
        off = next(point for point in found if point.kind == "minimum" and point.q.mean > 1)
        assert (off.q.mean, off.q.std) == pytest.approx((expected["off_mu"], expected["off_s"]), **near)
        assert off.value.value == pytest.approx(expected["off_kl"], **near)
        assert off.eigenvalues[0] > 0
    (forward,) = stationary_points(two_modes(case["inputs"]["d"]), "forward")
    assert forward.q.std == pytest.approx(expected["forward_s"], **near)
    assert forward.value.value == pytest.approx(expected["forward_kl"], **near)


def test_the_curvature_in_the_mean_is_one_wherever_the_std_is_stationary():
    # Price's lemma, in units of σ; so there are no maxima, and the covering fit of equal modes never dies.
    for p in (two_modes(8), two_modes(30), THREE, FIVE):
        objective = ReverseObjective.of(p)
        for point in stationary_points(p):
            terms = objective.terms(np.array([[point.q.mean, point.q.std]]))
            assert terms.hessian[0, 0, 0] == pytest.approx(1, abs=1e-9)
            assert point.kind in {"minimum", "saddle"}
            assert point.value.value == reverse_kl(p, point.q).value


@pytest.mark.parametrize(
    "p",
    [two_modes(5.4, 0.55), two_modes(8.5, 0.5, (1, 2)), THREE, NEARLY_EQUAL],
    ids=range(4),
)
@pytest.mark.parametrize("fixed_std", [None, 0.8])
def test_brute_force_finds_no_other(p, fixed_std):
    points = stationary_points(p, family=families.Gaussian(fixed_std))
    assert points.complete
    brute = by_brute_force(p, fixed_std)
    ours = {(point.q.mean, point.q.std) for point in points}
    for mean, std in brute:
        assert any(abs(mean - m) < 2e-3 and abs(std - s) < 2e-3 for m, s in ours), (mean, std)


def test_a_saddle_in_thirty_digits():
    point = next(point for point in stationary_points(two_modes(6, 0.6)) if point.kind == "saddle")
    with mp.workdps(30):
        half, bias = mp.mpf(3), mp.log(mp.mpf("1.5")) / 2

        def mean_of(f):
            return mp.quad(lambda z: f(z) * mp.npdf(z), mp.linspace(-10, 10, 21))

        def equations(mean, std):
            return (
                mean - half * mean_of(lambda z: mp.tanh(half * (mean + std * z) + bias)),
                1 / std**2 - 1 + half**2 * mean_of(lambda z: mp.sech(half * (mean + std * z) + bias) ** 2),
            )

        at = mp.findroot(equations, (point.q.mean, point.q.std))
    assert (point.q.mean, point.q.std) == pytest.approx((float(at[0]), float(at[1])), abs=1e-11)


@pytest.mark.parametrize(
    "d, weight, expected", [(20.69, 0.55, 5), (20.71, 0.55, 3), (4.7, 0.7, 3), (4.72, 0.7, 1), (26, 0.5, 5)]
)
def test_a_covering_fit_lives_as_long_as_it_must(d, weight, expected):
    assert len(kinds(two_modes(d, weight))) == expected


def test_just_beside_and_at_a_fold():
    fold = worked_case("F_fold_free_variance")["expected"]["d_f"]
    assert len(kinds(two_modes(fold - 1e-7))) == 1
    assert len(kinds(two_modes(fold + 1e-7))) == 5
    at = stationary_points(two_modes(fold))
    assert all(math.isfinite(value) for point in at for value in point.eigenvalues)
    assert at[0].kind == "minimum" and len(at) in {1, 3, 5}


def test_three_points_that_nearly_meet():
    # 3e-5 from a fold on either side, next to the cusp at weight 0.7429
    assert sorted(kinds(two_modes(4.00442576, 0.7428))) == ["minimum", "minimum", "saddle"]


@pytest.mark.parametrize("case", worked_cases("F_pitchfork_fixed"), ids=lambda case: case["id"])
def test_the_centre_at_its_pitchfork(case):
    std, d = case["inputs"]["s"], case["expected"]["d_c"]
    assert kinds(two_modes(d - 1e-3), family=families.Gaussian(std)) == ["minimum"]
    assert kinds(two_modes(d + 1e-3), family=families.Gaussian(std)) == ["minimum", "minimum", "maximum"]
    (centre,) = stationary_points(two_modes(d), family=families.Gaussian(std))
    assert centre.kind == "minimum" and abs(centre.q.mean) < 1e-3 and abs(centre.eigenvalues[0]) < 1e-6


@over(TARGETS)
def test_forward_there_is_one(name, p):
    (free,) = stationary_points(p, "forward")
    (held,) = stationary_points(p, "forward", families.Gaussian(0.9))
    assert free.q == moment_match(p) and held.q == Gaussian(p.mean, 0.9)
    assert free.value == forward_kl(p, free.q) and held.value == forward_kl(p, held.q)
    assert (free.kind, free.eigenvalues, held.eigenvalues) == ("minimum", (1.0, 2.0), (1.0,))


@over(TARGETS)
@pytest.mark.parametrize("shift, scale", [(1024, 1), (0, -1), (0, 2.0**-20), (512, 4)])
def test_the_points_go_along_with_their_target(name, p, shift, scale):
    moved = GaussianMixture(p.weights, shift + scale * p.means, abs(scale) * p.stds)
    before, after = list(stationary_points(p)), stationary_points(moved)
    assert len(before) == len(after) and after.complete
    for point in after:
        mean, std = (point.q.mean - shift) / scale, point.q.std / abs(scale)
        nearest = min(before, key=lambda other: abs(other.q.mean - mean) / std + abs(other.q.std - std) / std)
        before.remove(nearest)
        assert mean == pytest.approx(nearest.q.mean, abs=1e-7 * std)
        assert std == pytest.approx(nearest.q.std, rel=1e-7)
        assert point.kind == nearest.kind


components = st.integers(1, 4).flatmap(
    lambda n: st.tuples(
        *(st.lists(st.floats(*bounds), min_size=n, max_size=n) for bounds in ((0.05, 1), (-8, 8), (0.3, 3)))
    )
)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(components, st.sampled_from([None, 0.2, 1.0, 4.0]))
def test_the_count_is_that_of_morse(drawn, fixed_std):
    weights, means, stds = drawn
    p = GaussianMixture(np.array(weights) / sum(weights), means, stds)
    found = stationary_points(p, family=families.Gaussian(fixed_std))
    assert found.complete, found.message
    flat = [point for point in found if min(map(abs, point.eigenvalues)) < 1e-6]
    if not flat:
        minima = sum(point.kind == "minimum" for point in found)
        assert minima - (len(found) - minima) == 1
    values = [point.value.value for point in found]
    assert values == pytest.approx(sorted(values), abs=1e-10)


EXTREMES = {
    "narrow in wide": GaussianMixture([0.5, 0.5], [0, 1e4], [1e-3, 1e3]),
    "rare": GaussianMixture([1e-12, 1 - 1e-12], [50, 0], [1, 1]),
    "far": GaussianMixture([0.5, 0.5], [-5e3, 5e3], [1, 1]),
    "far and narrow": GaussianMixture([0.5, 0.5], [-5e3, 5e3], [1e-3, 1e-3]),
    "twelve of all widths": GaussianMixture(np.ones(12) / 12, np.zeros(12), np.geomspace(1e-3, 1e3, 12)),
    "twelve apart": GaussianMixture(np.ones(12) / 12, np.linspace(-5e3, 5e3, 12), np.geomspace(1e-3, 1e3, 12)),
    "all the same": GaussianMixture(np.ones(12) / 12, np.ones(12), np.ones(12)),
}


@pytest.mark.parametrize("p", EXTREMES.values(), ids=EXTREMES)
@pytest.mark.parametrize("fixed_std", [None, 1e-3, 1e3])
def test_extremes_have_an_answer_that_says_when_it_may_miss_some(p, fixed_std):
    found = stationary_points(p, family=families.Gaussian(fixed_std))
    assert len(found) >= 1 and found.message
    assert all(math.isfinite(point.value.value) for point in found)
    assert found.complete or "may be missing" in found.message


def test_bad_arguments_are_refused():
    for bad in (
        {"p": 3},
        {"p": two_modes(1), "objective": "sideways"},
        {"p": two_modes(1), "family": 0},
    ):
        with pytest.raises(ValueError, match="expected"):
            stationary_points(**bad)


def test_a_saddle_beside_a_minimum_that_is_not_yet_flat():
    p = GaussianMixture([0.3640513812, 0.6359486188], [6.6340584128, 0.7019423636], [0.8702950475, 0.8793638613])
    found = stationary_points(p)
    assert found.complete and [point.kind for point in found].count("saddle") == 2
    saddle = min((point.q for point in found if point.kind == "saddle"), key=lambda q: q.mean)
    assert (saddle.mean, saddle.std) == pytest.approx((2.64627318, 2.44946972), abs=1e-7)


@pytest.mark.parametrize(
    ("p", "expected"),
    [
        # B turns between two σ of the scan, and crosses 0 on the way: both its tangents there point elsewhere.
        (two_modes(17.0, 0.26, (2.34, 1.92)), ["minimum", "minimum", "minimum", "saddle", "saddle"]),
        # B falls by hundreds before its curve ends, within a millionth of σ.
        (two_modes(23.3, 0.76, (0.2, 0.32)), ["minimum", "minimum", "saddle"]),
        (two_modes(21.5, 0.11, (0.22, 0.29)), ["minimum", "minimum", "saddle"]),
    ],
)
def test_a_steep_curve_of_modes_is_followed(p, expected):
    assert sorted(kinds(p)) == expected
