"""Small worlds as data: a T-maze and a grid to act in, and two causes that an observation sets against each other."""

from __future__ import annotations

import math

import numpy as np

from kl_engine.acting.policy import FiniteModel
from kl_engine.distributions.categorical import Categorical
from kl_engine.estimates.checks import finite, refuse, whole
from kl_engine.estimates.floats import ieee

PLACES = ("centre", "right", "left", "cue")  # also the actions: go there
CONTEXTS = ("right", "left")  # where the reward is
STATES = tuple((place, context) for place in PLACES for context in CONTEXTS)
OUTCOMES = (PLACES, ("cue right", "cue left"), ("nothing", "reward", "loss"))
STEPS = {"up": (-1, 0), "down": (1, 0), "left": (0, -1), "right": (0, 1), "stay": (0, 0)}  # the actions of a grid
FINDS = ("nothing", "goal", "pit")  # the outcomes of the second modality of a grid
LARGEST_GRID = 64  # cells
COMMITMENT_NOISE = 1 / (1 + math.exp(2))  # below it the factorised q of `exclusive_or` commits to one explanation


@ieee
def t_maze(
    context=(0.5, 0.5), reward_probability: float = 0.98, preferences=(0.0, 3.0, -3.0), cue_validity: float = 1.0
) -> FiniteModel:
    """The T-maze of active inference: states place × context, the place known, the context believed with `context`.

    Three modalities: the place; the cue, random but at the cue's place; nothing, reward or loss, of log `preferences`.
    Every place is one step from every other. Source: the T-maze of SPM (DEM_demo_MDP) and pymdp. `context`,
    `reward_probability` and `cue_validity` are probabilities, preferences are in nats. Raises ValueError for a bad
    argument.

    >>> import kl_engine as kl
    >>> model = kl.acting.t_maze(reward_probability=0.9)
    >>> model.D.probs.size, len(model.B)
    (8, 4)
    """
    right, valid = _probability("reward_probability", reward_probability), _probability("cue_validity", cue_validity)
    belief = Categorical(context)
    if belief.probs.size != len(CONTEXTS):
        raise refuse("context", "two probabilities", context)
    place, cue, reward = (np.zeros((len(names), len(STATES))) for names in OUTCOMES)
    for s, (where, truth) in enumerate(STATES):
        place[PLACES.index(where), s] = 1
        hit = CONTEXTS.index(truth)
        cue[:, s] = 0.5
        if where == "cue":
            cue[[hit, 1 - hit], s] = valid, 1 - valid
        if where in CONTEXTS:
            chance = right if where == truth else 1 - right
            reward[1:, s] = chance, 1 - chance
        else:
            reward[0, s] = 1
    moves = [np.zeros((len(STATES), len(STATES))) for _ in PLACES]
    for move, goal in zip(moves, PLACES):
        for s, (_, truth) in enumerate(STATES):
            move[STATES.index((goal, truth)), s] = 1
    logs = (np.zeros(len(PLACES)), np.zeros(2), np.array([finite("preferences", x) for x in preferences]))
    return FiniteModel(at_the_centre(belief), (place, cue, reward), tuple(moves), logs)


@ieee
def grid_world(
    shape=(3, 3),
    start=(2, 0),
    goal=(0, 2),
    pit=(1, 1),
    slip: float = 0.1,
    blur: float = 0.1,
    preferences=(0.0, 3.0, -3.0),
) -> FiniteModel:
    """A grid of `shape` (rows, columns) with a goal and a pit; the states are its cells row by row, actions `STEPS`.

    A step is made with probability 1 − `slip`, else one stays, B = (1 − slip) S + slip I; so at a wall. Two modalities:
    the cell, which with probability `blur` is taken for one of its neighbours, all alike; and nothing, goal or pit, of
    log `preferences` in nats, found for certain. `start`, `goal` and `pit` are cells (row, column), counted from 0; the
    start is known. Raises ValueError naming the argument that is otherwise. Source: KL Lab's own, after the grid worlds
    of pymdp.

    >>> import kl_engine as kl
    >>> model = kl.acting.grid_world(slip=0.0, blur=0.0)
    >>> best = max(kl.acting.policy_values(model, 4), key=lambda policy: policy.probability)
    >>> [list(kl.acting.mazes.STEPS)[k] for k in best.actions]
    ['up', 'up', 'right', 'right']
    """
    slip, blur = _probability("slip", slip), _probability("blur", blur)
    try:
        rows, columns = (whole("shape", side, 1) for side in shape)
    except TypeError as error:
        raise refuse("shape", "two whole numbers, of rows and of columns", shape) from error
    if not 2 <= rows * columns <= LARGEST_GRID:
        raise refuse("shape", f"at least 2 and at most {LARGEST_GRID} cells", shape)
    places = [_cell(name, cell, rows, columns) for name, cell in (("start", start), ("goal", goal), ("pit", pit))]
    if len(set(places)) < len(places):
        raise refuse("start, goal, pit", "three different cells", (start, goal, pit))
    moves = _grid_moves(rows, columns)
    beside = (sum(moves) - sum(np.diag(np.diag(move)) for move in moves)) > 0
    place = (1 - blur) * np.eye(rows * columns) + blur * beside / beside.sum(axis=0)
    find = np.zeros((len(FINDS), rows * columns))
    find[0] = 1
    for outcome, cell in enumerate(places[1:], start=1):
        find[[0, outcome], cell] = 0, 1
    steps = tuple((1 - slip) * move + slip * np.eye(rows * columns) for move in moves)
    logs = np.zeros(rows * columns), np.array([finite("preferences", x) for x in preferences])
    return FiniteModel(Categorical(np.eye(rows * columns)[places[0]]), (place, find), steps, logs)


def _grid_moves(rows: int, columns: int) -> list[np.ndarray]:
    """Where each step leads from each cell, were it never to fail: at a wall one stays."""
    moves = [np.zeros((rows * columns, rows * columns)) for _ in STEPS]
    for move, (down, across) in zip(moves, STEPS.values()):
        for s in range(rows * columns):
            row, column = min(max(s // columns + down, 0), rows - 1), min(max(s % columns + across, 0), columns - 1)
            move[row * columns + column, s] = 1
    return moves


def _cell(name: str, cell: object, rows: int, columns: int) -> int:
    """The number of a cell (row, column)."""
    expected = f"a cell (row, column) of a grid of {rows} × {columns}, counted from 0"
    try:
        row, column = (whole(name, each, 0) for each in cell)
    except (TypeError, ValueError) as error:
        raise refuse(name, expected, cell) from error
    if row >= rows or column >= columns:
        raise refuse(name, expected, cell)
    return row * columns + column


def at_the_centre(context: Categorical) -> Categorical:
    """The belief over the states of the T-maze of one who stands at its centre and believes `context`."""
    return Categorical(np.concatenate([context.probs, np.zeros(len(STATES) - len(CONTEXTS))]))


@ieee
def exclusive_or(noise: float) -> np.ndarray:
    """p(s₁, s₂, x = 1) for flat priors on two binary causes and p(x = 1 | s) = 1 − noise if they differ, else noise.

    Exact marginals stay ½. The factorised q obeys m = tanh(λ m/2), λ = log((1 − noise)/noise): for noise <= ½ it
    commits to one explanation if and only if the noise is below COMMITMENT_NOISE = 1/(1 + e²). An array of shape (2,
    2), without a unit. Raises ValueError unless 0 <= noise <= 1. Source: J. Pearl, Probabilistic Reasoning in
    Intelligent Systems (1988), for explaining away; the condition is KL Lab's own.

    >>> import kl_engine as kl
    >>> joint = kl.acting.exclusive_or(0.05)
    >>> joint.round(4).tolist(), len(kl.acting.factorised_states(joint))
    ([[0.0125, 0.2375], [0.2375, 0.0125]], 3)
    """
    noise = _probability("noise", noise)
    return 0.25 * np.array([[noise, 1 - noise], [1 - noise, noise]])


def _probability(name: str, value: object) -> float:
    number = finite(name, value)
    if not 0 <= number <= 1:
        raise refuse(name, "a number from 0 to 1", value)
    return number
