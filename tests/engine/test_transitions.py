"""Folds, ties and pitchforks against the worked cases and an independent route; branches that lose no point."""

from __future__ import annotations

import numpy as np
import pytest

from kl_engine import GaussianMixture, reverse_kl, stationary_points, transitions, two_modes

# weight, stds, fixed std → the events of MATHS 1, each with its separation to the digits given there
TABLE = [
    (0.5, (1, 1), None, [("fold", 4.8244594360), ("tie", 5.6001644352)]),
    (0.55, (1, 1), None, [("fold", 4.7066596701), ("fold", 4.9345923952), ("tie", 5.3173184085), ("fold", 20.6993412)]),
    (0.7, (1, 1), None, [("fold", 4.2380020675), ("tie", 4.3496936423), ("fold", 4.71157), ("fold", 5.2517016458)]),
    (0.9, (1, 1), None, [("fold", 5.7988637950)]),
    (0.5, (1, 2), None, [("fold", 5.9138737), ("fold", 8.0384240), ("tie", 8.3252544), ("fold", 8.7179690)]),
    (0.5, (1, 1), 0.5, [("pitchfork", 2.2408983378)]),
    (0.5, (1, 1), 1.0, [("pitchfork", 2.9216679207)]),
    (0.5, (1, 1), 2.0, [("pitchfork", 5.0914616086)]),
    (0.55, (1, 1), 1.0, [("fold", 3.2820507565)]),
    (0.9, (1, 1), 1.0, [("fold", 4.5585680157)]),
]


@pytest.mark.parametrize(("weight", "stds", "fixed", "events"), TABLE)
def test_the_table(weight, stds, fixed, events):
    found = transitions(weight, stds, fixed)
    assert [event.kind for event in found] == [kind for kind, _ in events]
    for event, (_, separation) in zip(found, events):
        digits = len(f"{separation}".split(".")[1])
        assert event.separation == pytest.approx(separation, abs=0.6 * 10**-digits)


def test_unequal_widths_may_have_no_jump():
    assert not [event for event in transitions(0.5, (1, 4)) if event.kind == "tie"]


def test_what_exists_at_separation_0_is_said():
    kinds = sorted(point.kind for point in transitions(0.5, (1, 10)).initial)
    assert kinds == ["minimum", "minimum", "saddle"]
    assert len(transitions(0.5, (1, 2)).initial) == 1


@pytest.mark.parametrize("arguments", [{}, {"weight": 0.62, "stds": (0.7, 1.3)}, {"weight": 0.3, "fixed_std": 0.8}])
def test_the_equations_of_every_event_hold(arguments):
    """By log p alone on a fine grid: the gradient by Stein's lemma, the determinant by differences of it."""
    z = np.linspace(-9, 9, 20_001)
    weight_z = np.exp(-z * z / 2) * (z[1] - z[0]) / np.sqrt(2 * np.pi)
    held = "fixed_std" in arguments
    shape = {key: value for key, value in arguments.items() if key != "fixed_std"}

    def gradient(separation, at):
        p = two_modes(separation, **shape)
        f = p.log_pdf(at[0] + np.exp(at[1]) * z)
        return np.array([-weight_z @ (f * z), -1 - weight_z @ (f * (z * z - 1))])

    for event in transitions(**arguments):
        for q in event.branches:
            at, std = np.array([q.mean, np.log(q.std)]), q.std
            slope = gradient(event.separation, at)
            assert abs(slope[0]) < 1e-10 and (held or abs(slope[1]) < 1e-10)
            steps = [np.array([1e-4 * std, 0]), np.array([0, 1e-4])]
            hessian = (
                np.array([gradient(event.separation, at + s) - gradient(event.separation, at - s) for s in steps])
                / 2e-4
            )
            if event.kind != "tie":
                assert abs(hessian[0, 0] if held else np.linalg.det(hessian)) < 1e-5
            p = two_modes(event.separation, **shape)
            assert event.value.value == pytest.approx(reverse_kl(p, q).value, abs=1e-12)


def test_the_global_minimum_changes_at_a_tie_and_only_there():
    found = transitions(0.62, (0.7, 1.3))
    ties = [event for event in found if event.kind == "tie"]
    for tie in ties:
        before, after = (
            stationary_points(two_modes(tie.separation + gap, 0.62, (0.7, 1.3)))[0].q for gap in (-1e-3, 1e-3)
        )
        assert abs(before.mean - tie.branches[0].mean) < 0.01 and abs(after.mean - tie.branches[1].mean) < 0.01
    best = [step.links.get(0) for step in found.steps]
    assert sum(link != 0 for link in best) >= len(ties)


def test_scale_does_not_matter():
    small, large = transitions(0.6, (1, 1.5)), transitions(0.6, (100, 150))
    assert [event.kind for event in small] == [event.kind for event in large]
    for first, second in zip(small, large):
        assert second.separation == pytest.approx(100 * first.separation, rel=1e-9)
        assert second.value.value == pytest.approx(first.value.value, abs=1e-9)


def test_no_point_is_left_out_of_the_branches():
    found = transitions(0.7)
    for step in found.steps:
        assert len(step.links) + len(step.ending) == len(step.low.points)
        assert len(step.links) + len(step.beginning) == len(step.high.points)
    assert found.nodes[0].separation == 0 and found.nodes[-1].separation == 30


def test_progress_is_told_and_may_stop_the_work():
    shares = []
    transitions(0.9, fixed_std=1.0, progress=shares.append)
    assert shares == sorted(shares) and shares[-1] == 1

    def stop(share):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        transitions(0.9, progress=stop)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("weight", {"weight": 0}),
        ("weight", {"weight": 1}),
        ("stds", {"stds": (1,)}),
        ("stds", {"stds": (1, 0)}),
        ("fixed_std", {"fixed_std": -1}),
    ],
)
def test_refusals(name, arguments):
    with pytest.raises(ValueError, match=f"^{name}: expected"):
        transitions(**arguments)


def test_a_mixture_of_the_family_is_the_one_that_is_said():
    assert transitions(0.7).nodes[10].p == GaussianMixture([0.7, 1 - 0.7], [0.5, -0.5], [1, 1])
