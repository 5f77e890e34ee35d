"""Active inference several steps ahead: every policy, its expected free energy step by step, and the belief about them.

A policy is a sequence of actions. Along it the belief about the state is carried forward, Q(sₜ) = B Q(sₜ₋₁), and G is
the sum of the G of its steps; what would be observed on the way is averaged over and does not change what is done
later. Source: K. Friston et al., Neural Comput. 29 (2017) 1; L. Da Costa et al., J. Math. Psychol. 99 (2020) 102447.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from kl_engine.acting.policy import ActionValue, FiniteModel, action_values
from kl_engine.distributions.categorical import Categorical
from kl_engine.estimates.checks import positive, refuse, whole
from kl_engine.estimates.estimate import Estimate
from kl_engine.estimates.floats import ieee

MOST_POLICIES = 4096


@dataclass(frozen=True, eq=False)
class PolicyValue:
    """One policy: its `actions`, the `steps` (risk, ambiguity and the rest of each), G = Σ Gₜ, and its `probability`.

    `value` is G in nats. Made by `kl.acting.policy_values`.

    >>> import kl_engine as kl
    >>> best = max(kl.acting.policy_values(kl.acting.t_maze(), 2), key=lambda policy: policy.probability)
    >>> best.actions, len(best.steps)
    ((3, 3), 2)
    """

    actions: tuple[int, ...]
    steps: tuple[ActionValue, ...]
    value: Estimate
    probability: float


@ieee
def policy_values(
    model: FiniteModel, horizon: int, precision: float = 1.0, habits: Categorical | None = None
) -> tuple[PolicyValue, ...]:
    """Every policy of `horizon` steps of a `model`, and how probable it is: Q(π) ∝ E(π) exp(−γ G(π)), G in nats.

    A tuple of length actions^horizon, at most 4,096, the last action varying fastest. `precision` is γ > 0; `habits` is
    E, of the same length, flat unless given. Raises ValueError naming the argument that is otherwise. Source: K.
    Friston et al., Neural Comput. 29 (2017) 1.

    >>> import kl_engine as kl
    >>> found = kl.acting.policy_values(kl.acting.t_maze(), 1, precision=4.0)
    >>> [round(policy.probability, 3) for policy in found]
    [0.026, 0.28, 0.28, 0.414]
    """
    if not isinstance(model, FiniteModel):
        raise refuse("model", "a FiniteModel", model)
    horizon, precision, count = whole("horizon", horizon, 1), positive("precision", precision), len(model.B)
    if count**horizon > MOST_POLICIES:
        raise refuse("horizon", f"at most {MOST_POLICIES} policies of {count} actions each step", horizon)
    policies = list(product(range(count), repeat=horizon))
    if habits is not None and (not isinstance(habits, Categorical) or habits.probs.size != len(policies)):
        raise refuse("habits", f"a Categorical of {len(policies)} policies", habits)
    known: dict[tuple[int, ...], tuple[ActionValue, ...]] = {}
    steps = [_steps(model, policy, known) for policy in policies]
    costs = [[step.expected_free_energy for step in each] for each in steps]
    totals = [sum(each[1:], each[0]) for each in costs]
    logs = -precision * np.array([total.value for total in totals])
    logs = logs if habits is None else logs + habits.log_prob
    if not np.isfinite(logs).any():
        raise refuse("habits", "a policy of finite G that they allow", habits)
    weights = np.exp(logs - logs.max())
    shares = (weights / weights.sum()).tolist()
    return tuple(PolicyValue(*each) for each in zip(policies, steps, totals, shares))


def _steps(model: FiniteModel, policy: tuple[int, ...], known: dict) -> tuple[ActionValue, ...]:
    """The values of the steps of a policy; those of each beginning are computed once."""
    belief, found = model.D.probs, []
    for t, action in enumerate(policy):
        begun = policy[:t]
        if begun not in known:
            known[begun] = action_values(model, Categorical(belief))
        found.append(known[begun][action])
        belief = model.B[action] @ belief
        belief = belief / belief.sum()
    return tuple(found)
