"""Expected free energy: the worked cases, brute force over outcomes, and what a committed belief does."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kl_engine import Categorical, entropy
from kl_engine.acting.mazes import CONTEXTS, PLACES, STATES, at_the_centre, exclusive_or, t_maze
from kl_engine.acting.policy import FiniteModel, action_probabilities, action_values, best_actions
from kl_engine.acting.state_inference import factorised_states
from tests.reference import worked_case

PARTS = {
    "utility": "utility",
    "info_gain": "information_gain",
    "risk": "risk",
    "ambiguity": "ambiguity",
    "G": "expected_free_energy",
    "forbidden_risk_minus_info_gain": "double_counted",
}
NAMES = [PLACES[k] for k in range(4)]


def test_the_t_maze():
    case = worked_case("I_tmaze_prior")
    values = action_values(t_maze(case["inputs"]["context"], case["inputs"]["a"], case["inputs"]["C"]))
    for name, value in zip(NAMES, values):
        for key, attribute in PARTS.items():
            assert getattr(value, attribute).value == pytest.approx(case["expected"][name][key], abs=1e-8), (name, key)
    chosen = action_probabilities(values)
    for name, share in zip(NAMES, chosen.probs):
        assert share == pytest.approx(case["expected"]["q_pi_gamma1"][name], abs=1e-8)
    assert [NAMES[k] for k in best_actions(values)] == ["cue"]
    assert [NAMES[k] for k in best_actions(values, "double_counted")] == ["right", "left"]


def test_the_figures_of_the_t_maze_to_ten_digits():
    centre, right, left, cue = (value.expected_free_energy.value for value in action_values(t_maze()))
    assert (centre, cue) == pytest.approx((5.130387305202834, 4.437240124642889), abs=1e-13)
    assert right == left == pytest.approx(4.535279237922621, abs=1e-13)


@pytest.mark.parametrize("hit", [0, 1])
def test_a_valid_cue_and_the_reward_are_on_the_side_that_the_state_names(hit):
    place, cue, reward = t_maze(cue_validity=0.9).A
    side = CONTEXTS[hit]
    assert cue[hit, STATES.index(("cue", side))] == pytest.approx(0.9)
    assert reward[1, STATES.index((side, side))] == pytest.approx(0.98)
    assert place[PLACES.index("cue"), STATES.index(("cue", side))] == 1


def test_gain_is_averaged_over_outcomes():
    case = worked_case("I_expected_vs_summed_info_gain")
    given_, logs = case["inputs"], np.log(case["inputs"]["C"])
    for key, table in (("policy1", "L1"), ("policy2", "L2")):
        likelihood = np.array(given_[table])
        likelihood = likelihood if np.allclose(likelihood.sum(axis=0), 1) else likelihood.T
        model = FiniteModel(Categorical(given_["prior"]), (likelihood,), (np.eye(2),), (logs,))
        (value,) = action_values(model)
        expected = case["expected"][key]
        assert value.information_gain.value == pytest.approx(expected["info_gain"], abs=1e-12)
        assert -value.utility.value == pytest.approx(expected["neg_utility"], abs=1e-12)
        assert value.expected_free_energy.value == pytest.approx(expected["G"], abs=1e-12)


def test_risk_and_ambiguity_of_a_tutorial():
    case = worked_case("I_smith_risk_ambiguity")
    given_, expected = case["inputs"], case["expected"]
    floor = math.exp(-16)
    prefer = np.log(np.array(given_["C"]) + floor)
    for k, states in enumerate(np.array(given_["S"]), start=1):
        for A, name in ((given_["A_risk"], "risk"), (given_["A_amb"], "ambiguity")):
            belief = states if name == "risk" else np.array(given_["S_amb"])[k - 1]
            model = FiniteModel(Categorical(belief), (A,), (np.eye(2),), (prefer,))
            (value,) = action_values(model)
            found = getattr(value, name).value - (math.log(1 + 2 * floor) if name == "risk" else 0)
            assert found == pytest.approx(expected[f"{name}{k}"], abs=1e-12)
    model = FiniteModel(Categorical(given_["S"][0]), (given_["A_risk"],), (np.eye(2),), (np.array([0, -math.inf]),))
    (value,) = action_values(model)  # without the script's floor
    assert value.risk.value == value.expected_free_energy.value == value.second_split.value == math.inf
    assert value.utility.value == -math.inf and "C excludes outcome 1 " in value.expected_free_energy.method


@pytest.mark.parametrize("loss", [-3, -700, -1000, -1e6])
def test_a_finite_preference_costs_a_finite_amount(loss):
    centre, right, *_ = action_values(t_maze(preferences=(0, 3, loss)))
    log_sum = math.log(4) + math.log(2) + math.log(1 + math.exp(3) + math.exp(loss))
    assert centre.utility.value == pytest.approx(-log_sum, abs=1e-12)
    assert right.utility.value == pytest.approx(0.5 * 3 + 0.5 * loss - log_sum, rel=1e-14)
    spread = entropy(Categorical([0.25] * 4)).value  # the cue says nothing there, the reward is even
    assert right.risk.value == pytest.approx(-right.utility.value - spread, rel=1e-14)
    assert right.expected_free_energy.value == pytest.approx(right.second_split.value, rel=1e-14)


numbers = st.integers(0, 9)


@st.composite
def models(draw):
    """Small models with zeros, of one or two modalities."""
    states = draw(st.integers(1, 3))

    def columns(rows):
        array = np.array(draw(st.lists(numbers, min_size=rows * states, max_size=rows * states))).reshape(rows, states)
        array[0] += array.sum(axis=0) == 0
        return array / array.sum(axis=0)

    sizes = draw(st.lists(st.integers(1, 3), min_size=1, max_size=2))
    A = tuple(columns(size) for size in sizes)
    C = tuple(np.array(draw(st.lists(st.floats(-5, 5), min_size=size, max_size=size))) for size in sizes)
    prior = columns(states)[:, 0]
    return FiniteModel(Categorical(prior / prior.sum()), A, (columns(states), np.eye(states)), C)


@settings(max_examples=60, deadline=None)
@given(models())
def test_both_splits_by_brute_force(model):
    for move, value in zip(model.B, action_values(model)):
        states = move @ model.D.probs
        joint, preferred = {}, {}
        for outcome in itertools.product(*(range(len(A)) for A in model.A)):
            given_ = np.prod([A[o] for A, o in zip(model.A, outcome)], axis=0)
            joint[outcome] = given_ * states
            preferred[outcome] = sum(float(C[o]) for C, o in zip(model.C, outcome))
        shown = {o: float(p.sum()) for o, p in joint.items()}
        risk = sum(q * (math.log(q) - preferred[o]) for o, q in shown.items() if q)
        gain = sum(
            x * (math.log(x) - math.log(states[s]) - math.log(shown[o]))
            for o, p in joint.items()
            for s, x in enumerate(p.tolist())
            if x
        )
        assert value.risk.value == pytest.approx(risk, abs=1e-12)
        assert value.information_gain.value == pytest.approx(gain, abs=1e-12)
        utility = sum(q * preferred[o] for o, q in shown.items() if q)
        assert value.utility.value == pytest.approx(utility, abs=1e-12)
        assert value.second_split.value == pytest.approx(-utility - gain, abs=1e-12)
        assert abs(value.expected_free_energy.value - (-utility - gain)) <= value.expected_free_energy.error
        assert value.information_gain.value >= -value.information_gain.error


def test_two_identical_modalities_do_not_inform_twice():
    clue = np.eye(2)
    model = FiniteModel(Categorical([0.5, 0.5]), (clue, clue), (np.eye(2),), (np.zeros(2), np.zeros(2)))
    (value,) = action_values(model)
    case = worked_case("J05_two_step_info_gain_double_count")
    assert value.information_gain.value == pytest.approx(case["expected"]["true_mutual_information"], abs=1e-12)


def test_a_split_that_does_not_add_up_is_refused(monkeypatch):
    from kl_engine.acting import policy

    honest = policy.entropy
    monkeypatch.setattr(policy, "entropy", lambda a: -honest(a))
    with pytest.raises(ArithmeticError, match="the two splits of G differ"):
        action_values(t_maze())


def test_the_commitment_changes_the_action():
    open_mind = action_values(t_maze())
    belief = at_the_centre(factorised_states(exclusive_or(0.05))[0].first)
    committed = action_values(t_maze(), belief)
    assert [NAMES[k] for k in best_actions(open_mind)] == ["cue"]
    assert [NAMES[k] for k in best_actions(committed)] == ["right"]


def test_ambiguity_is_not_epistemic_value():
    for value, move in zip(action_values(t_maze()), t_maze().B):
        outcomes = Categorical(t_maze().outcomes @ move @ t_maze().D.probs)
        expected = entropy(outcomes).value - value.ambiguity.value
        assert value.information_gain.value == pytest.approx(expected, abs=1e-13)


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: t_maze(reward_probability=2), "reward_probability"),
        (lambda: t_maze(context=(1.0,)), "context"),
        (lambda: FiniteModel([1], (np.eye(1),), (np.eye(1),), (np.zeros(1),)), "D"),
        (lambda: FiniteModel(Categorical([1]), ([[0.5]],), (np.eye(1),), (np.zeros(1),)), "A"),
        (lambda: FiniteModel(Categorical([1]), ([[1]],), ([[1], [0]],), (np.zeros(1),)), "B"),
        (lambda: FiniteModel(Categorical([1]), ([[1]],), ([[1]],), ([-math.inf],)), "C"),
        (lambda: FiniteModel(Categorical([1]), ([[1]],), ([[1]],), ([math.nan],)), "C"),
        (lambda: FiniteModel(Categorical([1]), (), ([[1]],), ()), "A, B, C"),
        (lambda: action_values(t_maze(), Categorical([1])), "belief"),
    ],
)
def test_refusals(call, name):
    with pytest.raises(ValueError, match=f"^{name}: expected .*, got "):
        call()
