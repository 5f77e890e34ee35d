"""What a person can take away of the numbers beside a lesson: their Python, and the curves as a table."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pandas as pd

from pages.ui.views.lessons.scene import FormScene, MixtureScene


def tables(scene: FormScene | MixtureScene) -> dict[str, Callable[[], pd.DataFrame]]:
    """What can be saved as CSV, by name."""
    return {"curves": partial(curves_table, scene)}


def curves_table(scene: FormScene | MixtureScene) -> pd.DataFrame:
    """One row per point of the axis: each form there, in nats where it has a unit."""
    axis = scene.question.lesson.axis if isinstance(scene, FormScene) else "mean_of_q"
    unit = "_nats" if scene.question.lesson.in_units else ""
    return pd.DataFrame({axis: scene.x, **{f"{name}{unit}": curve for name, curve in scene.curves.items()}})
