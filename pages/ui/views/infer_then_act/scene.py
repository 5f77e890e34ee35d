"""Everything the view shows of one question: engine results and nothing drawn."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from kl_engine import Categorical
from kl_engine.acting import (
    ActionValue,
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
from pages.ui.cache.kept import kept
from pages.ui.views.infer_then_act.question import Maze, Question

NEAR_COMMITMENT = COMMITMENT_NOISE - np.array([0, *np.geomspace(1e-5, 1e-2, 12)])  # the branch is steep there
NOISES = np.union1d(np.append(np.linspace(0.002, 0.25, 63), [0.3, 0.4, 0.5]), NEAR_COMMITMENT)
HALVINGS = 40
EXACT, FACTORISED = "exact", "factorised"  # the two beliefs


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

    question: Question
    exact: ExactPosterior
    states: tuple[FactorisedState, ...]
    q: FactorisedState
    exact_choice: Choice
    factorised_choice: Choice

    @property
    def choices(self) -> dict[str, Choice]:
        """Both, by the name of the belief."""
        return {EXACT: self.exact_choice, FACTORISED: self.factorised_choice}


@dataclass(frozen=True)
class Branches:
    """The factorised q over the noise of the exclusive or: rows (noise, q(right), branch); where the action changes."""

    rows: tuple[tuple[float, float, str], ...]
    turns: tuple[float, ...]


@kept(128)
def answered(question: Question) -> Scene:
    """Infer from the joint of causes and clue; act."""
    table, model = np.array(question.joint).reshape(2, 2), question.maze.model()
    exact, states = exact_posterior(table), factorised_states(table)
    q = _reached(states, question.right)
    return Scene(question, exact, states, q, choice(exact.first, model), choice(q.first, model))


def choice(context: Categorical, model: FiniteModel) -> Choice:
    """The action that this belief about the context leads to."""
    values = action_values(model, at_the_centre(context))
    finite = any(value.expected_free_energy.value < np.inf for value in values)
    probs = action_probabilities(values) if finite else None
    return Choice(context, values, best_actions(values), best_actions(values, "double_counted"), probs)


@kept(32)
def branches(maze: Maze, right: bool = True) -> Branches:
    """The fixed points at every noise, and the noises at which the best action of the upper (or lower) one changes.

    A quarter of a second for a new maze.
    """
    model = maze.model()
    rows = []
    for noise in NOISES.tolist():
        states = _states(noise)
        names = ["upper", "lower", "saddle"] if len(states) == 3 else ["even"]
        rows += [(noise, float(state.first.probs[0]), name) for state, name in zip(states, names)]
    actions = [_action(noise, model, right) for noise in NOISES.tolist()]
    spans = [(a, b) for a, b, x, y in zip(NOISES, NOISES[1:], actions, actions[1:]) if x != y]
    return Branches(tuple(rows), tuple(_turn(a, b, model, right) for a, b in spans))


def _action(noise: float, model: FiniteModel, right: bool) -> tuple[int, ...]:
    return best_actions(action_values(model, at_the_centre(_reached(_states(noise), right).first)))


def _reached(states: tuple[FactorisedState, ...], right: bool) -> FactorisedState:
    """The minimum that coordinate ascent reaches from this side."""
    minima = [state for state in states if state.kind == "minimum"]
    return max(minima, key=lambda state: state.first.probs[0] if right else -state.first.probs[0])


@lru_cache(maxsize=1024)
def _states(noise: float) -> tuple[FactorisedState, ...]:
    """The fixed points at this noise, which no maze changes."""
    return factorised_states(exclusive_or(noise))


def _turn(low: float, high: float, model: FiniteModel, right: bool) -> float:
    """Where between two noises the action changes, by bisection."""
    low, high, before = float(low), float(high), _action(low, model, right)
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if _action(middle, model, right) == before else (low, middle)
    return 0.5 * (low + high)
