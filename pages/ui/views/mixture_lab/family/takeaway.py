"""What a person takes away beside the lines of Python: the points that were found, and the curves, as CSV."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd

from pages.ui.views.mixture_lab.family.scene import Scene
from pages.ui.views.mixture_lab.takeaway import stationary_table


def tables(scene: Scene) -> dict[str, Callable[[], pd.DataFrame]]:
    """What can be saved as CSV, by name."""
    points = {"stationary points": partial(stationary_table, scene)} if scene.points else {}
    return {**points, "curves": partial(curve_table, scene)}


def curve_table(scene: Scene) -> pd.DataFrame:
    """x, the density of p and those of the fits that there are."""
    x = scene.shape.middle + scene.shape.width * np.array(scene.shape.places)
    columns = {"x": x, "p": np.exp(np.array(scene.shape.logs)) / scene.shape.width}
    for name, fitted in (("q_forward", scene.forward), ("q_reverse", scene.reverse)):
        if fitted:
            columns[name] = fitted.q.pdf(x)
    return pd.DataFrame(columns)
