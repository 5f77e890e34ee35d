"""What a person takes away from the diagram beside its Python: its branches as CSV."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pandas as pd

from kl_engine.optima import Transitions
from pages.ui.views.transitions.scene import Scene


def tables(scene: Scene) -> dict[str, Callable[[], pd.DataFrame]]:
    """What can be saved as CSV, by name."""
    return {"branches": partial(branches_table, scene.found)}


def branches_table(found: Transitions) -> pd.DataFrame:
    """One row a point of a branch; divergences in nats. Of a symmetric p the branches at the right."""
    tables = [
        pd.DataFrame(
            {
                "branch": number,
                "kind": branch.kind,
                "separation": branch.separation,
                "mean": branch.mean,
                "std": branch.std,
                "kl_nats": branch.value,
                "best": branch.best,
            }
        )
        for number, branch in enumerate(found.diagram, 1)
    ]
    return pd.concat(tables)
