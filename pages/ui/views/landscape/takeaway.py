"""What a person takes away from the landscape beside its Python: both maps as CSV."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd

from kl_engine import Direction
from pages.ui.views.landscape.scene import Relief, Scene


def tables(scene: Scene) -> dict[str, Callable[[], pd.DataFrame]]:
    """What can be saved as CSV, by name."""
    return {"both maps": partial(maps_table, scene.relief)}


def maps_table(relief: Relief) -> pd.DataFrame:
    """One row a q of the grid: mean, std, both divergences in nats."""
    means, stds = np.meshgrid(relief.means, relief.stds)
    columns = {"mean": means.ravel(), "std": stds.ravel()}
    columns |= {f"{direction}_kl_nats": relief.values[direction].ravel() for direction in Direction}
    return pd.DataFrame(columns)
