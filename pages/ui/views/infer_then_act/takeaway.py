"""What a person can take away from the view: Python, tables, LaTeX."""

from __future__ import annotations

import pandas as pd

from pages.ui.views.infer_then_act.cards import value_table
from pages.ui.views.infer_then_act.scene import Branches, Numbers, Scene
from pages.ui.views.infer_then_act.tables import SIZES


def python_code(joint: tuple[float, ...], right: bool, A: Numbers, B: tuple[Numbers, ...], C: Numbers) -> str:
    """A few lines that reproduce the numbers of the page with the engine."""
    ends = [sum(SIZES[:k]) for k in range(len(SIZES) + 1)]
    parts = [[list(row) for row in A[a:b]] for a, b in zip(ends, ends[1:])]
    pick = "max" if right else "min"
    return f"""from math import inf

from kl_engine import Categorical, FiniteModel, action_values, best_actions, exact_posterior, factorised_states

joint = [{list(joint[:2])}, {list(joint[2:])}]  # p(causes, clue)
exact, states = exact_posterior(joint), factorised_states(joint)
q = {pick}((state for state in states if state.kind == "minimum"), key=lambda state: state.first.probs[0])
print("surprisal", exact.surprisal, "  F", q.free_energy)  # nats

A = {parts}
B = {[[list(row) for row in move] for move in B]}
C = {[list(part) for part in C]}
model = FiniteModel(Categorical([0.5, 0.5] + [0] * 6), A, B, C)
for belief in (exact.first, q.first):
    values = action_values(model, Categorical([*belief.probs, 0, 0, 0, 0, 0, 0]))
    for value in values:
        print("G", value.expected_free_energy, "  risk", value.risk.value, "  ambiguity", value.ambiguity.value)
    print("best", best_actions(values), "  illegal mix", best_actions(values, "double_counted"))
"""


def values_table(scene: Scene) -> pd.DataFrame:
    """Both beliefs' actions with their values in nats."""
    tables = [value_table(choice) for choice in (scene.exact_choice, scene.factorised_choice)]
    for name, table in zip(("exact", "factorised"), tables):
        table.insert(0, "belief", name)
    return pd.concat(tables)


def branches_table(branches: Branches) -> pd.DataFrame:
    """The fixed points over the noise."""
    return pd.DataFrame(branches.rows, columns=["noise", "q_right", "branch"])


def latex(scene: Scene) -> str:
    """Both splits with the numbers of the action that the factorised q leads to, in nats."""
    value = scene.factorised_choice.values[scene.factorised_choice.best[0]]
    risk, ambiguity, cost, gain, G = (
        f"{x:.6f}".replace("inf", r"\infty")
        for x in (
            value.risk.value,
            value.ambiguity.value,
            -value.utility.value,
            value.information_gain.value,
            value.expected_free_energy.value,
        )
    )
    return (
        "\\begin{aligned}\n"
        rf"G &= D(Q(o)\,\|\,C) + \mathbb{{E}}_{{Q(s)}} H[A] = {risk} + {ambiguity} = {G} \\"
        "\n"
        rf"  &= -\mathbb{{E}}_{{Q(o)}} \log C - \mathbb{{E}}_{{Q(o)}} D(Q(s \mid o)\,\|\,Q(s)) = {cost} - {gain} = {G}"
        "\n\\end{aligned}"
    )
