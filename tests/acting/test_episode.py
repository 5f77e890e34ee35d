"""Acting to the end: the T-maze by its cue, a grid around its pit; each belief is Bayes' rule; pymdp's own numbers."""

from __future__ import annotations

import itertools
import json

import numpy as np
import pytest

from kl_engine import Categorical
from kl_engine.acting import FiniteModel, action_values, episode, grid_world, policy_values, t_maze
from kl_engine.acting.mazes import PLACES, STEPS
from tests.reference import DATA

PYMDP = json.loads((DATA / "pymdp_policies.json").read_text("utf-8"))
BUILT_IN = {"t_maze": t_maze, "grid_world": grid_world}


def model_of(case: dict) -> FiniteModel:
    if case["name"] in BUILT_IN:
        return BUILT_IN[case["name"]]()
    A, B, C = ([np.array(part) for part in case[name]] for name in "ABC")
    return FiniteModel(Categorical(case["D"]), A, B, C)


@pytest.mark.parametrize("case", PYMDP["cases"], ids=lambda case: f"{case['name']}, {case['horizon']} steps")
def test_pymdp_says_the_same_where_it_is_right_and_otherwise_what_its_sum_of_gains_gives(case):
    model, habits = model_of(case), case["habits"] and Categorical(case["habits"])
    found = policy_values(model, case["horizon"], case["precision"], habits)
    added = [sum(step.added_one_by_one.value for step in policy.steps) for policy in found]
    assert added == pytest.approx(case["G"], abs=1e-12)
    logs = -case["precision"] * np.array(added) + (np.log(case["habits"]) if habits else 0.0)
    weights = np.exp(logs - logs.max())
    assert case["q_pi"] == pytest.approx(weights / weights.sum(), abs=1e-12)
    exact = np.array([policy.value.value for policy in found])
    tells_apart = case["name"] == "grid_world" or "two modalities" in case["name"]
    assert (np.abs(exact - case["G"]).max() > 1e-3) == tells_apart
    if not tells_apart:
        assert [policy.probability for policy in found] == pytest.approx(case["q_pi"], abs=1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_the_gain_of_one_modality_is_that_of_a_model_that_has_no_other(seed):
    rng = np.random.default_rng(seed)
    A = [rng.dirichlet(np.ones(rows), 4).T for rows in (3, 2, 5)]
    C, B, D = [rng.normal(size=len(part)) for part in A], [np.eye(4)], Categorical(rng.dirichlet(np.ones(4)))
    (value,) = action_values(FiniteModel(D, A, B, C))
    for part, wishes, gain in zip(A, C, value.gains):
        (alone,) = action_values(FiniteModel(D, [part], B, [wishes]))
        assert gain == alone.information_gain == alone.gains[0]
    assert max(gain.value for gain in value.gains) <= value.information_gain.value + 1e-14
    assert value.gains_added.value == pytest.approx(sum(gain.value for gain in value.gains))


def test_two_modalities_that_say_the_same_are_counted_twice_where_gains_are_added():
    (value,) = action_values(FiniteModel(Categorical([0.5, 0.5]), [np.eye(2)] * 2, [np.eye(2)], [np.zeros(2)] * 2))
    assert value.information_gain.bits.value == pytest.approx(1) and value.gains_added.bits.value == pytest.approx(2)


@pytest.mark.parametrize("seed", range(6))
def test_gains_that_are_added_are_too_much_by_what_the_modalities_say_of_each_other(seed):
    rng = np.random.default_rng(seed)
    A, D = [rng.dirichlet(np.ones(rows), 4).T for rows in (3, 2)], rng.dirichlet(np.ones(4))
    (value,) = action_values(FiniteModel(Categorical(D), A, [np.eye(4)], [np.zeros(3), np.zeros(2)]))
    joint = np.einsum("is,js,s->ij", *A, D)
    shared = (joint * np.log(joint / np.outer(joint.sum(axis=1), joint.sum(axis=0)))).sum()
    assert (value.gains_added - value.information_gain).value == pytest.approx(shared, abs=1e-14)


@pytest.mark.parametrize("horizon", [1, 2, 3])
@pytest.mark.parametrize(("state", "side"), [(0, "right"), (1, "left")])
def test_the_t_maze_is_solved_to_its_end_cue_first_then_the_arm(horizon, state, side):
    turns = episode(t_maze(), state, horizon, 3, rng=1)
    assert [PLACES[turn.action] for turn in turns] == ["cue", side, side]
    assert [turn.outcomes[2] for turn in turns] == [0, 1, 1]  # nothing, then the reward
    assert turns[0].after.probs.max() == 1


@pytest.mark.parametrize("seed", range(5))
def test_each_belief_is_bayes_rule_after_the_step(seed):
    model = grid_world(slip=0.3, blur=0.4)
    belief, state = model.D.probs, 6
    for turn in episode(model, 6, 2, 4, precision=3.0, rng=seed):
        assert turn.belief.probs == pytest.approx(belief, abs=1e-15)
        joint = model.B[turn.action] @ belief * model.A[0][turn.outcomes[0]] * model.A[1][turn.outcomes[1]]
        belief = joint / joint.sum()
        assert turn.after.probs == pytest.approx(belief, abs=1e-14) and turn.after.probs[turn.state] > 0
        assert model.B[turn.action][turn.state, state] > 0
        state = turn.state
        shares = [sum(p.probability for p in turn.policies if p.actions[0] == k) for k in range(len(STEPS))]
        assert turn.actions.probs == pytest.approx(shares) and shares[turn.action] == pytest.approx(max(shares))
        assert turn.best.probability == max(policy.probability for policy in turn.policies)


def test_the_grid_is_crossed_around_the_pit_in_four_steps():
    turns = episode(grid_world(slip=0.0, blur=0.0), 6, 4, 4, precision=4.0)
    assert [turn.state for turn in turns][-1] == 2 and 4 not in [turn.state for turn in turns]


def test_a_habit_outweighs_what_is_expected():
    weights = np.array([1e6 ** policy.count(0) for policy in itertools.product(range(4), repeat=2)])
    (turn,) = episode(t_maze(), 0, 2, 1, habits=Categorical(weights / weights.sum()))
    assert PLACES[turn.action] == "centre"


def test_the_same_seed_is_the_same_episode():
    first, second = (episode(grid_world(slip=0.5, blur=0.5), 6, 1, 6, rng=7) for _ in range(2))
    assert [turn.outcomes for turn in first] == [turn.outcomes for turn in second]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: episode(t_maze(), 2, 1, 1), "state: expected a state that the prior D holds possible"),
        (lambda: episode(t_maze(), 99, 1, 1), "state: expected"),
        (lambda: episode(t_maze(), 0, 1, 0), "turns: expected an integer of at least 1"),
        (lambda: episode("maze", 0, 1, 1), "model: expected a FiniteModel"),
        (lambda: grid_world(shape=(9, 9)), "shape: expected at least 2 and at most 64"),
        (lambda: grid_world(shape=3), "shape: expected two whole numbers"),
        (lambda: grid_world(goal=(3, 0)), "goal: expected a cell"),
        (lambda: grid_world(pit=(0, 2)), "start, goal, pit: expected three different cells"),
        (lambda: grid_world(slip=1.5), "slip: expected a number from 0 to 1"),
        (lambda: grid_world(preferences=(0, np.inf, 0)), "preferences: expected"),
    ],
)
def test_what_cannot_be_played_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()
