"""Transitions: the figures of the worked cases, other weights and widths, invariance, the diagram, stopping."""

from __future__ import annotations

import numpy as np
import pytest

from kl_engine import GaussianMixture, families
from kl_engine.fits.directions import ReverseObjective
from kl_engine.optima import stationary_points, transitions
from tests.cases import two_modes
from tests.reference import worked_case, worked_cases


@pytest.fixture(scope="module")
def found():
    """Transitions by their arguments, each computed once."""
    cache = {}

    def of(*arguments):
        if arguments not in cache:
            weight, stds, *std = arguments if len(arguments) > 1 else (*arguments, (1.0, 1.0))
            cache[arguments] = transitions(weight, stds, *map(families.Gaussian, std))
            assert cache[arguments].complete, cache[arguments].message
        return cache[arguments]

    return of


def listed(result) -> list[tuple[str, float]]:
    return [(transition.kind, pytest.approx(transition.separation, abs=2e-7)) for transition in result]


def fold_at(result, separation: float):
    """The fold nearest to a separation."""
    folds = [transition for transition in result if transition.kind == "fold"]
    return min(folds, key=lambda fold: abs(fold.separation - separation))


def test_equal_modes(found):
    fold, tie = found(0.5)
    expected, (q,) = worked_case("F_fold_free_variance")["expected"], fold.branches
    got = (fold.separation, q.mean, q.std, fold.value.value)
    assert got == pytest.approx([expected[key] for key in ("d_f", "mu", "s", "kl")], abs=1e-8)
    assert fold.separation == pytest.approx(expected["d_f"], abs=1e-9)
    expected, (before, after) = worked_case("F_maxwell_free_variance")["expected"], tie.branches
    got = (tie.separation, before.std, after.mean, after.std, tie.value.value)
    wanted = [expected[key] for key in ("d_star", "s_centre", "mu_off", "s_off", "kl")]
    assert got == pytest.approx(wanted, abs=1e-8)
    assert before.mean == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("case", worked_cases("F_unequal_w"), ids=lambda case: case["id"])
def test_folds_of_unequal_weights(case, found):
    expected, near = case["expected"], {"abs": case["tolerance"]}
    result = found(case["inputs"]["weight"])
    for name in ("minor", "major"):
        if f"{name}_fold_d" in expected:
            fold = fold_at(result, expected[f"{name}_fold_d"])
            assert fold.separation == pytest.approx(expected[f"{name}_fold_d"], **near)
            (q,) = fold.branches
            assert q.mean == pytest.approx(expected[f"{name}_fold_mu"], abs=1e-7)
            assert q.std == pytest.approx(expected[f"{name}_fold_s"], abs=1e-7)


@pytest.mark.parametrize("case", worked_cases("F_maxwell_w"), ids=lambda case: case["id"])
def test_ties_of_unequal_weights(case, found):
    expected, near = case["expected"], {"abs": case["tolerance"]}
    (tie,) = [transition for transition in found(case["inputs"]["weight"]) if transition.kind == "tie"]
    cover, major = tie.branches
    got = (tie.separation, cover.mean, cover.std, major.mean, major.std, tie.value.value)
    wanted = [expected[key] for key in ("d", "mu_cover", "s_cover", "mu_major", "s_major", "kl_major")]
    assert got == pytest.approx(wanted, **near)


@pytest.mark.parametrize("case", worked_cases("F_pitchfork_fixed"), ids=lambda case: case["id"])
def test_the_pitchfork_of_a_fixed_std(case, found):
    (pitchfork,) = found(0.5, (1.0, 1.0), float(case["inputs"]["s"]))
    assert pitchfork.kind == "pitchfork"
    assert pitchfork.separation == pytest.approx(case["expected"]["d_c"], abs=case["tolerance"])


@pytest.mark.parametrize("case", worked_cases("F_fixed_s1"), ids=lambda case: case["id"])
def test_with_unequal_weights_the_pitchfork_is_a_fold(case, found):
    (fold,) = found(case["inputs"]["weight"], (1.0, 1.0), 1.0)
    assert fold.kind == "fold"
    assert fold.separation == pytest.approx(case["expected"]["d_fold"], abs=case["tolerance"])
    assert fold.branches[0].mean == pytest.approx(case["expected"]["mu"], abs=1e-7)


@pytest.mark.parametrize(
    "weight, stds, expected",
    [
        (
            0.55,
            (1, 1),
            [("fold", 4.7066596701), ("fold", 4.9345923952), ("tie", 5.3173184085), ("fold", 20.6993412)],
        ),
        (0.5, (1, 2), [("fold", 5.9138737), ("fold", 8.0384240), ("tie", 8.3252544), ("fold", 8.7179690)]),
        (0.5, (1, 4), [("fold", 6.5971084)]),
        (0.9, (1, 1), [("fold", 5.7988637950)]),
        (0.74, (1, 1), [("fold", 4.0256364), ("tie", 4.0285986), ("fold", 4.0325792), ("fold", 5.3403179)]),
        (0.75, (1, 1), [("fold", 5.3632355)]),
    ],
)
def test_other_weights_and_widths(weight, stds, expected, found):
    assert listed(found(weight, stds)) == expected


@pytest.mark.parametrize("stds, minima", [((1, 9.42), 1), ((1, 9.44), 2), ((1, 1), 1)])
def test_what_is_there_at_separation_0_is_no_transition(stds, minima, found):
    result = found(0.5, stds)
    assert sum(point.kind == "minimum" for point in result.at_zero) == minima
    assert len(result.at_zero) == len(stationary_points(two_modes(0, 0.5, stds)))
    assert sum(branch.separation[0] == 0 for branch in result.diagram) == len(result.at_zero)


def test_scale_and_mirror(found):
    plain = found(0.7)
    for other, scale, side in ((found(0.7, (64.0, 64.0)), 64, 1), (found(0.3), 1, -1)):
        assert [t.kind for t in other] == [t.kind for t in plain]
        for before, after in zip(plain, other):
            assert after.separation == pytest.approx(scale * before.separation, rel=1e-9)
            means = [side * scale * q.mean for q in before.branches]
            assert [q.mean for q in after.branches] == pytest.approx(means, abs=1e-6 * scale)


def test_a_fold_is_where_two_points_meet(found):
    for arguments in ((0.55,), (0.5, (1, 2)), (0.7,)):
        for fold in (transition for transition in found(*arguments) if transition.kind == "fold"):
            (q,), p = fold.branches, two_modes(fold.separation, *arguments)
            terms = ReverseObjective.of(p).terms(np.array([[q.mean, q.std]]))
            assert np.abs(terms.gradient).max() < 1e-9
            assert np.linalg.eigvalsh(terms.hessian[0])[0] == pytest.approx(0, abs=1e-6)
            counts = [len(stationary_points(two_modes(fold.separation + e, *arguments))) for e in (-1e-5, 1e-5)]
            assert abs(counts[0] - counts[1]) == 2


def test_the_diagram_holds_every_stationary_point(found):
    result = found(0.55)
    for separation in (3.0, 5.1, 12.0, 25.0):
        p = two_modes(separation, 0.55)
        here = [branch for branch in result.diagram if branch.separation[0] < separation < branch.separation[-1]]
        points = stationary_points(p)
        assert sorted(branch.kind for branch in here) == sorted(point.kind for point in points)
        for point in points:
            drawn = [np.interp(separation, branch.separation, branch.mean) for branch in here]
            assert min(abs(mean - point.q.mean) for mean in drawn) < 0.02
    for branch in result.diagram:
        assert (np.diff(branch.separation) > 0).all()
        assert branch.mean.shape == branch.std.shape == branch.value.shape == branch.best.shape


def test_progress_and_stopping():
    shares = []

    def stop_half_way(share):
        shares.append(share)
        if share > 0.1:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        transitions(0.8, progress=stop_half_way)
    assert shares == sorted(shares) and len(shares) > 3


def test_bad_arguments_are_refused():
    for bad in ({"weight": 0}, {"weight": 1.5}, {"stds": (1,)}, {"stds": (1, -1)}, {"family": -1}, {"stds": "ab"}):
        with pytest.raises(ValueError, match="expected"):
            transitions(**bad)


def test_the_target_is_the_one_that_is_said(found):
    (fold, *_) = found(0.5, (1, 2))
    p = GaussianMixture([0.5, 0.5], [fold.separation / 2, -fold.separation / 2], [1, 2])
    assert fold.branches[0].mean > 0  # the narrow mode, at the right, locks first
    assert stationary_points(p)[0].q.mean < 0


@pytest.mark.parametrize("arguments", [(0.26, (2.34, 1.92)), (0.55, (2.73, 0.48), 0.4), (0.13, (0.35, 3.86), 1.6)])
def test_a_point_between_modes_of_unlike_width_is_followed_to_the_end(arguments):
    weight, stds, *std = arguments
    result = transitions(weight, stds, *map(families.Gaussian, std))
    assert result.complete, result.message
    assert max(branch.separation[-1] for branch in result.diagram) == 30 * max(arguments[1])
