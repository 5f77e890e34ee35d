"""What a person can take away from the view beside its Python: tables in nats."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pandas as pd

from pages.ui.views.plan_ahead.charts import steps_table
from pages.ui.views.plan_ahead.scene import Plan, Scene
from pages.ui.views.plan_ahead.words import named, turn_table


def tables(scene: Scene) -> dict[str, Callable[[], pd.DataFrame]]:
    """What can be saved as CSV, by name."""
    return {
        "turns": partial(turn_table, scene, "nats"),
        "plans": partial(plans_table, scene),
        "next steps": partial(steps_table, scene),
    }


def plans_table(scene: Scene) -> pd.DataFrame:
    """Every plan at the start, the likeliest first, in nats."""
    return pd.DataFrame([_row(scene, plan) for plan in scene.plans])


def _row(scene: Scene, plan: Plan) -> dict[str, object]:
    return {
        "plan": named(scene, plan),
        "G": plan.policy.value.value,
        "risk": plan.risk.value,
        "ambiguity": plan.ambiguity.value,
        "utility": plan.utility.value,
        "information_gain": plan.gain.value,
        "gains_one_by_one": plan.one_by_one.value,
        "probability": plan.policy.probability,
    }
