"""What a person can take away from the view beside its Python: tables, LaTeX."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pandas as pd

from pages.ui.views.infer_then_act.scene import Branches, Scene
from pages.ui.views.infer_then_act.words import value_table


def tables(scene: Scene, found: Branches) -> dict[str, Callable[[], pd.DataFrame]]:
    """What can be saved as CSV, by name."""
    return {"policies": partial(values_table, scene), "branches": partial(branches_table, found)}


def values_table(scene: Scene) -> pd.DataFrame:
    """Both beliefs' actions with their values in nats."""
    tables = {belief: value_table(choice) for belief, choice in scene.choices.items()}
    for belief, table in tables.items():
        table.insert(0, "belief", belief)
    return pd.concat(tables.values())


def branches_table(found: Branches) -> pd.DataFrame:
    """The fixed points over the noise."""
    return pd.DataFrame(found.rows, columns=["noise", "q_right", "branch"])


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
