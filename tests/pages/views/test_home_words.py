"""The sentences of "What this means here": their numbers are those of the current target and fits."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from kl_engine import Certainty, Estimate
from kl_engine.divergences import Disagreement
from pages.ui.state.two_modes import Start, Target
from pages.ui.views.home import words as explain
from pages.ui.views.home.question import Question
from pages.ui.views.home.scene import answered
from tests.pages.reading import numbers, says

NATS = {"nats": 1.0, "bits": math.log(2)}
EVERY_UNIT = pytest.mark.parametrize("units", NATS)


@pytest.mark.parametrize(
    ("hallucinated", "missed"), [(0.2125, 0.0), (0.0, 0.3175), (0.2125, 0.3175), (0.2125, 1e-3), (1e-3, 0.3175)]
)
def test_the_forward_fit_is_told_its_own_failures(hallucinated, missed):
    scene = answered(Question(Target(4.0, 0.5, 1.0, 1.0), Start(1.5, 1.0)))
    failures = Disagreement(*(Estimate(mass, 1e-12, Certainty.EXACT, "") for mass in (hallucinated, missed)))
    sentence = explain.meaning(replace(scene, forward=replace(scene.forward, failures=failures)), "nats")[0]
    invents, leaves = (says(sentence, 100 * mass, 0.006) for mass in (0.2125, 0.3175))
    assert (invents, leaves) == (hallucinated > 0.1, missed > 0.1)
    if invents and leaves:
        found = numbers(sentence)
        assert found.index(21.25) < found.index(31.75)


@EVERY_UNIT
def test_the_fits_cost_what_the_engine_says(units):
    scene = answered(Question(Target(6.0, 0.7, 0.6, 1.4), Start(-1.0, 2.0)))
    forward, reverse, *_ = explain.meaning(scene, units)
    for sentence, value, q in (
        (forward, scene.forward.forward, scene.forward.q),
        (reverse, scene.reverse.reverse, scene.reverse.q),
    ):
        assert says(sentence, value.value / NATS[units], 1e-6) and f" {units}" in sentence
        assert says(sentence, q.mean, 6e-4) and says(sentence, q.std, 6e-4)


@EVERY_UNIT
@pytest.mark.parametrize(("start", "held", "other"), [(4.0, 0.2, 0.8), (-4.0, 0.8, 0.2)])
def test_locking_costs_minus_log_of_the_weight_that_is_held(start, held, other, units):
    scene = answered(Question(Target(8.0, 0.2, 1.0, 1.0), Start(start, 1.0)))
    sentence = explain.meaning(scene, units)[1]
    assert scene.reverse.reverse.value == pytest.approx(-math.log(held), abs=1e-3)
    assert says(sentence, -math.log(held) / NATS[units])
    assert not says(sentence, -math.log(other) / NATS[units], 1e-3)
    assert says(sentence, held, 1e-9) and not says(sentence, other, 1e-9)
    assert says(sentence, 100 * scene.reverse.failures.missed.value, 0.006)


@EVERY_UNIT
def test_what_the_best_optimum_is_better_by(units):
    scene = answered(Question(Target(8.0, 0.2, 1.0, 1.0), Start(4.0, 1.0)))
    sentence = explain.meaning(scene, units)[2]
    best = scene.optima[0]
    assert best.q.mean < -3
    assert says(sentence, (scene.reverse.reverse.value - best.value.value) / NATS[units], 1e-6)
    for other in explain.other_optima(scene):
        assert says(sentence, other.q.mean, 6e-4) and says(sentence, other.value.value / NATS[units], 1e-6)


@EVERY_UNIT
def test_the_sweep_says_each_tie(units):
    scene = answered(Question(Target(5.0, 0.5, 1.0, 1.0), None))
    (tie,), sentence = scene.ties, explain.meaning(scene, units)[-1]
    assert says(sentence, 5.6002) and says(sentence, tie.value.value / NATS[units], 1e-6)
    assert f" {units}" in sentence


@pytest.mark.parametrize(
    ("target", "start"),
    [
        (Target(8.0, 0.5, 1.0, 1.0), Start(2.0, 1.0)),
        (Target(10.0, 0.2, 0.2, 0.2), Start(4.0, 1.0)),
        (Target(10.0, 0.02, 1.0, 1.0), Start(0.0, 1.0)),
        (Target(6.0, 0.7, 0.6, 1.4), Start(-1.0, 2.0)),
        (Target(0.05, 0.5, 0.2, 3.8), Start(0.0, 8.0)),
        (Target(0.0, 0.5, 1.0, 1.0), Start(-10.0, 0.2)),
    ],
)
def test_the_lead_is_short_and_speaks_of_each_direction_once(target, start):
    lines = [line.replace("*", "") for line in explain.lead(answered(Question(target, start)))]
    assert [line.split()[0] for line in lines] == ["Forward", "Reverse"]
    assert max(map(len, lines)) <= 70
