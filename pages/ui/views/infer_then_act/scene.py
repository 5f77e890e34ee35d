"""Everything the view shows, from the numbers of its tables: engine results and nothing drawn."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from kl_engine import (
    ActionValue,
    Categorical,
    ExactPosterior,
    FactorisedState,
    FiniteModel,
    action_probabilities,
    action_values,
    best_actions,
    exact_posterior,
    exclusive_or,
    factorised_states,
)
from kl_engine.acting.mazes import COMMITMENT_NOISE, at_the_centre

NEAR_COMMITMENT = COMMITMENT_NOISE - np.array([0, *np.geomspace(1e-5, 1e-2, 12)])  # the branch is steep there
NOISES = np.union1d(np.append(np.linspace(0.002, 0.25, 63), [0.3, 0.4, 0.5]), NEAR_COMMITMENT)
HALVINGS = 40
Numbers = tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class Choice:
    """What a belief about the context leads to: the value of every action, the best ones, and the wrong mix's."""

    context: Categorical
    values: tuple[ActionValue, ...]
    best: tuple[int, ...]
    mixed: tuple[int, ...]
    probs: Categorical | None  # None where every action is infinitely bad


@dataclass(frozen=True)
class Scene:
    """Exact and factorised inference, and the action that each leads to."""

    exact: ExactPosterior
    states: tuple[FactorisedState, ...]
    q: FactorisedState
    exact_choice: Choice
    factorised_choice: Choice


@dataclass(frozen=True)
class Branches:
    """The factorised q over the noise of the exclusive or: rows (noise, q(right), branch); where the action changes."""

    rows: tuple[tuple[float, float, str], ...]
    turns: tuple[float, ...]


def model_of(A: Numbers, B: tuple[Numbers, ...], C: Numbers) -> FiniteModel:
    """The maze of these tables, entered at its centre."""
    ends = np.cumsum([0, *(len(part) for part in C)]).tolist()
    likelihoods = tuple(np.array(A[a:b]) for a, b in zip(ends, ends[1:]))
    return FiniteModel(at_the_centre(Categorical([0.5, 0.5])), likelihoods, tuple(map(np.array, B)), C)


def act_scene(joint: tuple[float, ...], right: bool, maze: FiniteModel) -> Scene:
    """Infer from the joint of causes and clue; act. `right` is the side from which coordinate ascent starts."""
    table = np.array(joint).reshape(2, 2)
    exact, states = exact_posterior(table), factorised_states(table)
    q = _reached(states, right)
    return Scene(exact, states, q, choice(exact.first, maze), choice(q.first, maze))


def choice(context: Categorical, maze: FiniteModel) -> Choice:
    """The action that this belief about the context leads to."""
    values = action_values(maze, at_the_centre(context))
    finite = any(value.expected_free_energy.value < np.inf for value in values)
    probs = action_probabilities(values) if finite else None
    return Choice(context, values, best_actions(values), best_actions(values, "double_counted"), probs)


def branches(maze: FiniteModel, right: bool = True) -> Branches:
    """The fixed points at every noise, and the noises at which the best action of the upper (or lower) one changes."""
    rows = []
    for noise in NOISES.tolist():
        states = _states(noise)
        names = ["upper", "lower", "saddle"] if len(states) == 3 else ["even"]
        rows += [(noise, float(state.first.probs[0]), name) for state, name in zip(states, names)]
    actions = [_action(noise, maze, right) for noise in NOISES.tolist()]
    spans = [(a, b) for a, b, x, y in zip(NOISES, NOISES[1:], actions, actions[1:]) if x != y]
    return Branches(tuple(rows), tuple(_turn(a, b, maze, right) for a, b in spans))


def _action(noise: float, maze: FiniteModel, right: bool) -> tuple[int, ...]:
    return best_actions(action_values(maze, at_the_centre(_reached(_states(noise), right).first)))


def _reached(states: tuple[FactorisedState, ...], right: bool) -> FactorisedState:
    """The minimum that coordinate ascent reaches from this side."""
    minima = [state for state in states if state.kind == "minimum"]
    return max(minima, key=lambda state: state.first.probs[0] if right else -state.first.probs[0])


@lru_cache(maxsize=1024)
def _states(noise: float) -> tuple[FactorisedState, ...]:
    """The fixed points at this noise, which no maze changes."""
    return factorised_states(exclusive_or(noise))


def _turn(low: float, high: float, maze: FiniteModel, right: bool) -> float:
    """Where between two noises the action changes, by bisection."""
    low, high, before = float(low), float(high), _action(low, maze, right)
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if _action(middle, maze, right) == before else (low, middle)
    return 0.5 * (low + high)
