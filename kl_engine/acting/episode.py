"""A finite model acted in to its end: each turn weighs all policies, makes one step, and learns from what is seen.

Each turn looks as far ahead as the first: the horizon moves along. Source: K. Friston et al., Neural Comput. 29 (2017)
1; C. Heins et al., J. Open Source Softw. 7 (2022) 4098, for the loop.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from kl_engine.acting.horizon import PolicyValue, policy_values
from kl_engine.acting.policy import FiniteModel
from kl_engine.distributions.categorical import Categorical
from kl_engine.estimates.checks import generator, refuse, whole
from kl_engine.estimates.floats import ieee

EQUALLY = 1e-9  # relative: two actions whose probabilities are nearer than that are equally probable


@dataclass(frozen=True, eq=False)
class Turn:
    """One turn: the `belief` that it began with, the `policies` weighed, and what came of them.

    `actions` is the probability of each first step, Σ over the policies that begin with it; `action` the most probable
    one; `state` the true state that it led to; `outcomes` what was observed there, one per modality; `after` the belief
    once that is known. Probabilities have no unit, G is in nats. Made by `kl.acting.episode`.

    >>> import kl_engine as kl
    >>> turn = kl.acting.episode(kl.acting.t_maze(), state=0, horizon=2, turns=1, rng=1)[0]
    >>> turn.action, turn.after.probs.tolist()
    (3, [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0])
    """

    belief: Categorical
    policies: tuple[PolicyValue, ...]
    actions: Categorical
    action: int
    state: int
    outcomes: tuple[int, ...]
    after: Categorical

    @property
    def best(self) -> PolicyValue:
        """The most probable policy; of equals the first."""
        return max(self.policies, key=lambda policy: policy.probability)


@ieee
def episode(
    model: FiniteModel,
    state: int,
    horizon: int,
    turns: int,
    precision: float = 1.0,
    habits: Categorical | None = None,
    rng: object = 0,
) -> tuple[Turn, ...]:
    """`turns` turns of one who believes the `model` while `state` is the true state at first; a Turn for each.

    At each the policies of `horizon` steps are weighed with this `precision` and these `habits` (see
    `kl.acting.policy_values`), and the first step that is most probable over all of them is made, of equals the first;
    the state then moves by B, each modality shows an outcome by A (both drawn with `rng`), and the belief is Bayes'
    rule, Q(s) ∝ A(o, s) Σ B(s, s′) Q(s′). G in nats. Raises ValueError naming the argument that is wrong, and where the
    model gives the true state, or what is seen, a probability of 0. Source: K. Friston et al., Neural Comput. 29
    (2017) 1.

    >>> import kl_engine as kl
    >>> turns = kl.acting.episode(kl.acting.t_maze(), state=0, horizon=2, turns=2, rng=1)
    >>> [kl.acting.mazes.PLACES[turn.action] for turn in turns]
    ['cue', 'right']
    """
    if not isinstance(model, FiniteModel):
        raise refuse("model", "a FiniteModel", model)
    state, turns, draws = whole("state", state, 0), whole("turns", turns, 1), generator("rng", rng)
    if state >= model.D.probs.size or not model.D.probs[state]:
        raise refuse("state", "a state that the prior D holds possible", state)
    found, belief = [], model.D
    for _ in range(turns):
        policies = policy_values(replace(model, D=belief), horizon, precision, habits)
        actions = _first_steps(policies, len(model.B))
        action = int(np.flatnonzero(actions.probs >= actions.probs.max() * (1 - EQUALLY))[0])
        state = int(draws.choice(belief.probs.size, p=model.B[action][:, state]))
        outcomes = tuple(int(draws.choice(len(part), p=part[:, state])) for part in model.A)
        after = _learnt(model, action, belief, outcomes)
        found.append(Turn(belief, policies, actions, action, state, outcomes, after))
        belief = after
    return tuple(found)


def _first_steps(policies: tuple[PolicyValue, ...], count: int) -> Categorical:
    """The probability of each action as a first step."""
    shares = np.zeros(count)
    for policy in policies:
        shares[policy.actions[0]] += policy.probability
    return Categorical(shares / shares.sum())


def _learnt(model: FiniteModel, action: int, belief: Categorical, outcomes: tuple[int, ...]) -> Categorical:
    """The belief after a step, and once its outcomes are seen."""
    after = model.B[action] @ belief.probs
    for part, outcome in zip(model.A, outcomes):
        after = after * part[outcome]
    if not after.sum() > 0:
        raise refuse("model", "a belief that allows what is seen", outcomes)
    return Categorical(after / after.sum())
