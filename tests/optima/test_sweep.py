"""The sweep of the separation: ties where the mathematics puts them, every row an optimum of its own."""

from __future__ import annotations

import numpy as np
import pytest

from kl_engine import Gaussian, fit, forward_kl, moment_match, reverse_kl
from kl_engine.optima import separation_sweep
from tests.cases import two_modes
from tests.reference import worked_case

SEPARATIONS = np.linspace(0, 10, 51)

# weight, stds, the separations at which the global reverse optimum changes branch (MATHS.md, section 1)
TIES = [
    (0.5, (1, 1), [5.6001644352]),
    (0.55, (1, 1), [5.3173184085]),
    (0.7, (1, 1), [4.3496936423]),
    (0.3, (1, 1), [4.3496936423]),
    (0.9, (1, 1), []),
    (0.5, (1, 2), [8.3252544]),
    (0.5, (2, 1), [8.3252544]),
    (0.5, (1, 4), []),
]


@pytest.mark.parametrize("rows", [201, 51, 5, 2])
@pytest.mark.parametrize("weight, stds, expected", TIES)
def test_ties(weight, stds, expected, rows):
    # Few rows: then a branch of the optimum may be born after one row or die before the next.
    sweep = separation_sweep(np.linspace(0, 10, rows), weight, stds)
    assert [tie.separation for tie in sweep.ties] == pytest.approx(expected, abs=1e-7)


def test_the_two_optima_of_the_tie_of_equal_modes():
    expected = worked_case("F_maxwell_free_variance")["expected"]
    (tie,) = separation_sweep([5, 6]).ties
    assert tie.separation == pytest.approx(expected["d_star"], abs=1e-8)
    assert tie.value.value == pytest.approx(expected["kl"], abs=1e-8)
    assert (tie.before.mean, tie.before.std) == pytest.approx((0, expected["s_centre"]), abs=1e-7)
    assert (tie.after.mean, tie.after.std) == pytest.approx((expected["mu_off"], expected["s_off"]), abs=1e-7)
    p = two_modes(tie.separation)
    assert reverse_kl(p, tie.before).value == pytest.approx(reverse_kl(p, tie.after).value, abs=1e-11)


def test_a_row_at_the_tie_is_no_failure():
    ties = separation_sweep([4, 5.600164435166478, 7]).ties
    assert [tie.separation for tie in ties] == pytest.approx([5.6001644352], abs=1e-9)


@pytest.mark.parametrize("scale", [1e-3, 40])
def test_a_tie_scales_with_its_target(scale):
    (tie,) = separation_sweep(SEPARATIONS * scale, 0.55, (scale, scale)).ties
    assert tie.separation == pytest.approx(5.3173184085 * scale, rel=1e-8)


@pytest.mark.parametrize("weight, stds", [(0.5, (1, 1)), (0.7, (0.5, 2)), (0.2, (1, 1.5))])
def test_every_row_is_the_best_fit_of_its_own_target(weight, stds):
    sweep = separation_sweep(SEPARATIONS, weight, stds)
    assert (sweep.separations == SEPARATIONS).all()
    assert len(sweep.forward) == len(sweep.reverse) == SEPARATIONS.size
    for i, separation in enumerate(SEPARATIONS.tolist()):
        p = two_modes(separation, weight, stds)
        forward, back = (Gaussian(way.mean[i], way.std[i]) for way in (sweep.forward, sweep.reverse))
        assert forward == moment_match(p)
        assert sweep.forward.kl[i] == forward_kl(p, forward).value
        assert sweep.reverse.kl[i] == reverse_kl(p, back).value
        assert sweep.reverse.kl[i] <= fit(p, "reverse").value.value + 1e-10


def test_a_narrow_mode_may_move_a_thousand_widths_between_rows():
    sweep = separation_sweep([0, 100], 0.44, (0.87, 0.018))
    assert sweep.ties == ()
    assert (sweep.reverse.mean[-1], sweep.reverse.std[-1]) == pytest.approx((-50, 0.018))


def test_the_reverse_optimum_jumps_at_the_tie_and_nowhere_else():
    sweep = separation_sweep(np.linspace(0, 10, 201))
    jumps = np.nonzero(np.abs(np.diff(sweep.reverse.mean)) > 0.5)[0]
    (tie,) = sweep.ties
    assert jumps.size == 1
    assert sweep.separations[jumps[0]] < tie.separation < sweep.separations[jumps[0] + 1]
    assert (np.abs(sweep.reverse.mean[: jumps[0] + 1]) < 1e-6).all()
    assert (sweep.reverse.mean[jumps[0] + 1 :] > 2.7).all()


def test_two_modes_puts_the_weight_on_the_right():
    p = two_modes(3, 0.7, (0.5, 2))
    assert p.weights.tolist() == pytest.approx([0.7, 0.3])
    assert p.means.tolist() == [1.5, -1.5] and p.stds.tolist() == [0.5, 2]
