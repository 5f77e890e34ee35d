"""Two small worlds as data: a T-maze to act in, and two causes that an observation sets against each other."""

from __future__ import annotations

import math

import numpy as np

from kl_engine.acting.policy import FiniteModel
from kl_engine.distributions.categorical import Categorical
from kl_engine.estimates.checks import finite, refuse
from kl_engine.estimates.floats import ieee

PLACES = ("centre", "right", "left", "cue")  # also the actions: go there
CONTEXTS = ("right", "left")  # where the reward is
STATES = tuple((place, context) for place in PLACES for context in CONTEXTS)
OUTCOMES = (PLACES, ("cue right", "cue left"), ("nothing", "reward", "loss"))
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
