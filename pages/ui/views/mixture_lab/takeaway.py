"""What a person takes away from the lab beside its Python: the points as CSV."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pandas as pd

from pages.ui.views.mixture_lab.scene import Scene


def tables(scene: Scene) -> dict[str, Callable[[], pd.DataFrame]]:
    """What can be saved as CSV, by name."""
    return {"stationary points": partial(stationary_table, scene)}


def stationary_table(scene: Scene) -> pd.DataFrame:
    """One row a stationary point of D(q‖p), best first; divergences in nats."""
    rows = [
        {
            "kind": point.kind,
            "mean": point.q.mean,
            "std": point.q.std,
            "kl_nats": point.value.value,
            "error": point.value.error,
            "certainty": str(point.value.certainty),
            **{f"eigenvalue_{i}": value for i, value in enumerate(point.eigenvalues, 1)},
        }
        for point in scene.points
    ]
    return pd.DataFrame(rows)
