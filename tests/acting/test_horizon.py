"""Policies of several steps: against sums written out by hand, and what precision and habits do."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from kl_engine import Categorical
from kl_engine.acting import FiniteModel, action_values, policy_values, t_maze


def small(seed: int) -> FiniteModel:
    """A random model of three states, two modalities and two actions."""
    rng = np.random.default_rng(seed)
    A = tuple(rng.dirichlet(np.ones(rows), 3).T for rows in (2, 4))
    B = tuple(rng.dirichlet(np.ones(3), 3).T for _ in range(2))
    return FiniteModel(Categorical(rng.dirichlet(np.ones(3))), A, B, (rng.normal(size=2), rng.normal(size=4)))


def by_hand(model: FiniteModel, policy: tuple[int, ...]) -> float:
    """Σ over the steps of D(Q(o)‖C) + E H[A], written out with NumPy."""
    belief, total = model.D.probs, 0.0
    for action in policy:
        belief = model.B[action] @ belief
        outcomes = model.outcomes @ belief
        risk = float((outcomes * (np.log(outcomes) - model.log_preferred)).sum())
        total += risk - float((model.outcomes * np.log(model.outcomes)).sum(axis=0) @ belief)
    return total


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("horizon", [1, 2, 3])
def test_the_value_of_a_policy_is_the_sum_of_its_steps(seed, horizon):
    model = small(seed)
    found = policy_values(model, horizon)
    assert [each.actions for each in found] == list(itertools.product(range(2), repeat=horizon))
    for each in found:
        assert each.value.value == pytest.approx(by_hand(model, each.actions), abs=1e-12)
        assert abs(each.value.value - sum(step.expected_free_energy.value for step in each.steps)) <= each.value.error
    weights = np.exp([-each.value.value for each in found])
    assert [each.probability for each in found] == pytest.approx(weights / weights.sum(), abs=1e-12)


def test_one_step_is_action_values_and_the_cue_wins_in_the_t_maze():
    found = policy_values(t_maze(), 1)
    assert [each.steps[0] for each in found] == list(action_values(t_maze()))
    assert [each.value.value for each in found] == pytest.approx([5.130387, 4.535279, 4.535279, 4.437240], abs=1e-6)


def test_precision_sharpens_and_habits_weigh():
    flat, sharp = policy_values(t_maze(), 2, precision=1e-9), policy_values(t_maze(), 2, precision=200.0)
    assert [each.probability for each in flat] == pytest.approx([1 / 16] * 16, abs=1e-8)
    best = min(sharp, key=lambda each: each.value.value)
    assert best.probability > 0.99 and best.actions[0] == 3
    only = Categorical(np.eye(16)[5])
    assert [each.probability for each in policy_values(t_maze(), 2, habits=only)] == np.eye(16)[5].tolist()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ((0,), "horizon: expected an integer of at least 1"),
        ((7,), "horizon: expected at most 4096 policies"),
        ((1, 0.0), "precision: expected a finite number > 0"),
        ((1, 1.0, Categorical([0.5, 0.5])), "habits: expected a Categorical of 4 policies"),
    ],
)
def test_what_is_no_plan_is_refused(more, words):
    with pytest.raises(ValueError, match=words):
        policy_values(t_maze(), *more)
    with pytest.raises(ValueError, match="model: expected a FiniteModel"):
        policy_values("maze", 1)
