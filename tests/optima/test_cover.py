"""The proof that no stationary point is missing: its enclosures hold, and it notices whatever is withheld from it."""

from __future__ import annotations

import copy
import math
import pickle

import numpy as np
import pytest

from kl_engine import GaussianMixture, families
from kl_engine.fits.directions import ReverseObjective
from kl_engine.optima import stationary_points, transitions
from kl_engine.optima.cover import Boxes, View, cover, one_leads
from kl_engine.optima.hermite import LAST, Hermite, Spread
from kl_engine.optima.scale_space import ScaleSpace
from tests.cases import two_modes
from tests.reference import worked_case

PAIRS = [
    (two_modes(3), 0.4, 1.3),
    (two_modes(8, 0.3), 0.0, 3.5),
    (GaussianMixture([0.2, 0.3, 0.5], [-2, 0, 3], [0.1, 2, 0.7]), 1.0, 0.5),
    (GaussianMixture([0.5, 0.5], [0, 0.03], [7, 0.05]), 0.4, 6.0),
]


def drawn(seed: int, most: int = 3) -> GaussianMixture:
    """A target of some kind: near modes, far ones, nested scales, rare ones."""
    rng = np.random.default_rng(seed)
    k, kind = rng.integers(2, most + 1), seed % 4
    spread, widths, evenness = [(4, 0.5, 1), (10, 1, 1), (0.5, 2, 1), (15, 0.3, 0.2)][kind]
    weights = np.maximum(rng.dirichlet(np.full(k, evenness)), 1e-6)
    return GaussianMixture(weights / weights.sum(), rng.normal(0, spread, k), np.exp(rng.normal(0, widths, k)))


def held_std(seed: int) -> float | None:
    return None if seed % 5 else 0.7


def covered(p, points, std=None):
    """The cover of a range of stds, with these points known."""
    low, high = ScaleSpace.of(p).reach() if std is None else (std, std)
    at = np.array([(point.q.mean, point.q.std) for point in points]).reshape(-1, 2)
    return cover(p, at, (low, high), std is not None)


@pytest.mark.parametrize(("p", "mean", "std"), PAIRS, ids=range(len(PAIRS)))
def test_coefficients_by_a_dense_trapezoid_rule(p, mean, std):
    # For φ times a function analytic about the line it is right to all digits; 1e-4 is far below all widths of p.
    found = Hermite.of(p, np.array([mean]), np.array([std]))
    z = np.arange(-13, 13, 1e-4)
    log_p = p.log_pdf(mean + std * z)
    log_p -= log_p.max()  # a constant changes the first coefficient alone
    weight = 1e-4 * np.exp(-0.5 * z * z) / math.sqrt(2 * math.pi)
    hermite = [np.ones_like(z), z]
    for n in range(1, LAST):
        hermite.append((z * hermite[n] - math.sqrt(n) * hermite[n - 1]) / math.sqrt(n + 1))
    truth = np.array([(weight * h * log_p).sum() for h in hermite])
    assert (np.abs(truth - found.value[:, 0])[1:] <= found.error[1:, 0] + 1e-12 * np.abs(log_p).max()).all()
    assert (found.error[1:, 0] < 1e-7).all()
    rest = math.sqrt((weight * log_p**2).sum() - (truth**2).sum())
    assert rest * (1 - 1e-6) <= found.rest[0] <= rest * (1 + 1e-3) + 1e-4


@pytest.mark.parametrize("seed", range(12))
def test_derivatives_stay_within_their_enclosures(seed):
    p, rng = drawn(seed), np.random.default_rng(seed)
    mean, std = rng.uniform(p.means.min(), p.means.max(), 8), p.stds.min() * np.exp(rng.uniform(0, 2, 8))
    t, s = rng.uniform(0, 0.6, 8), rng.uniform(0, 0.45, 8)
    here, spread = Hermite.of(p, mean, std), Spread.of(t, s)
    for _ in range(5):
        u, v = t * rng.uniform(-1, 1, 8), s * rng.uniform(-1, 1, 8)
        there = Hermite.of(p, mean + u * std, std * np.sqrt(1 + v))
        for j in (1, 2, 3, 4):
            (value, error), (moved, further) = here.derivative(j), there.derivative(j)
            moved, further = (x / np.sqrt(1 + v) ** j for x in (moved, further))
            slack = error + further
            assert (np.abs(moved - value) <= spread.beyond(here, j, linear=False) + slack).all()
            if j < 3:
                linear = value + u * here.derivative(j + 1)[0] + 0.5 * v * here.derivative(j + 2)[0]
                assert (np.abs(moved - linear) <= spread.beyond(here, j, linear=True) + slack).all()


@pytest.mark.parametrize("seed", range(12))
def test_a_box_that_is_done_holds_no_zero(seed):
    p, rng = drawn(seed), np.random.default_rng(seed)
    means, across = rng.uniform(p.means.min(), p.means.max(), 40), np.ptp(p.means) * rng.uniform(0, 0.3, 40)
    variance = (p.stds.min() * np.exp(rng.uniform(0, 3, 40))) ** 2
    boxes = Boxes(means, across, variance, variance * rng.uniform(0.01, 0.4, 40))
    std = np.sqrt(variance)
    with np.errstate(all="ignore"):
        view = View.of(Hermite.of(p, means, std), across / std, boxes.up / variance, False)
        low, high = view.zeros()
        done = one_leads(p, boxes) | view.excluded() | (low > high).any(axis=0)
    objective = ReverseObjective.of(p)
    for _ in range(6):
        shift, rise = rng.uniform(-1, 1, (2, 40))
        places = np.column_stack([means + shift * across, np.sqrt(variance + rise * boxes.up)])
        assert (np.abs(objective.terms(places).gradient).max(axis=1)[done] > 1e-10).all()


@pytest.mark.parametrize("seed", range(16))
def test_whatever_is_withheld_is_missed(seed):
    p, std = drawn(seed), held_std(seed)
    points = stationary_points(p, family=families.Gaussian(std))
    assert points.complete, points.message
    assert "proved" in points.message
    for row in range(len(points)):
        rest = covered(p, points[:row] + points[row + 1 :], std)
        assert not rest.complete
        if len(points) > 1:
            q = points[row].q
            gaps = np.abs(rest.doubts[:, 0] - q.mean) / q.std + np.abs(np.log(rest.doubts[:, 1] / q.std))
            assert gaps.min() < 1e-3


@pytest.mark.parametrize("weight", [0.002, 0.01, 0.02])
def test_no_false_alarm_where_a_narrow_mode_is_rare(weight):
    for ratio in (6, 10, 20, 50):
        for d in np.linspace(0, 3 * ratio, 7):
            points = stationary_points(two_modes(d, weight, (1, ratio)))
            assert points.complete, (ratio, d, points.message)


def test_where_two_points_meet_nothing_is_proved_and_that_is_said():
    fold = worked_case("F_fold_free_variance")["expected"]["d_f"]
    points = stationary_points(two_modes(fold))
    assert not points.complete and "points may be missing" in points.message


@pytest.mark.parametrize("seed", range(12))
def test_mirror_images_agree(seed):
    p = drawn(seed)
    mirrored = GaussianMixture(p.weights, -p.means, p.stds)
    before, after = (sorted(stationary_points(x), key=lambda point: point.value.value) for x in (p, mirrored))
    assert [point.kind for point in before] == [point.kind for point in after]
    for first, second in zip(before, after):
        assert first.value.value == pytest.approx(second.value.value, abs=1e-12)
        assert first.q.std == pytest.approx(second.q.std, rel=1e-9)
        assert first.q.mean == pytest.approx(-second.q.mean, abs=1e-9 * first.q.std)


@pytest.mark.parametrize("seed", range(40, 50))
def test_a_message_does_not_contradict_itself(seed):
    points = stationary_points(drawn(seed, most=6))
    count = sum(1 if point.kind == "minimum" else -1 for point in points if min(map(abs, point.eigenvalues)) > 1e-6)
    if count == 1:
        assert "it must be 1" not in points.message and "as it must be" in points.message
    assert points.complete == ("proved: no other" in points.message)


def test_a_pair_with_a_rare_narrow_mode_has_its_fold():
    found = transitions(0.01, (1, 20))
    assert found.complete, found.message
    (fold,) = found
    assert fold.kind == "fold" and fold.separation == pytest.approx(57.2203563455, abs=1e-8)
    (q,) = fold.branches
    assert (abs(q.mean), q.std) == pytest.approx((28.3118121, 1.7890288), abs=1e-6)


def test_transitions_of_mirror_images_agree():
    here, there = transitions(0.02, (0.5, 4)), transitions(0.98, (4, 0.5))
    assert here.complete and there.complete
    assert [(t.kind, pytest.approx(t.separation, rel=1e-12)) for t in here] == [(t.kind, t.separation) for t in there]
    assert len(here) == 1 and here[0].separation == pytest.approx(12.418537, abs=1e-6)


def test_what_is_found_can_be_copied_and_not_changed():
    points = stationary_points(two_modes(5))
    for other in (pickle.loads(pickle.dumps(points)), copy.deepcopy(points), copy.copy(points)):
        assert other == points and (other.complete, other.message) == (points.complete, points.message)
        with pytest.raises(AttributeError, match="not changed"):
            other.complete = False
    with pytest.raises((AttributeError, TypeError)):
        del points.message


def test_it_costs_what_it_may():
    # A count of boxes, not of seconds: three components take some hundred boxes, of which 15,000 are seen in 2 s.
    for seed in range(12):
        p = drawn(seed)
        assert covered(p, stationary_points(p)).boxes * p.weights.size < 3000
    assert math.isfinite(covered(two_modes(5), ()).boxes)
