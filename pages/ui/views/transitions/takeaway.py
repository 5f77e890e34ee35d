"""What a person takes away from the diagram: the lines that repeat it, and its branches as CSV."""

from __future__ import annotations

import pandas as pd

from kl_engine import Transitions


def python_code(weight: float, stds: tuple[float, float], fixed_std: float | None) -> str:
    """A few lines that reproduce the transitions with the engine."""
    fixed = "" if fixed_std is None else f", fixed_std={fixed_std!r}"
    return f"""from kl_engine import transitions

found = transitions(weight={weight!r}, stds={stds!r}{fixed})
for event in found:
    print(event.kind, event.separation, event.branches, event.value)  # nats
print("at separation 0:", [(point.kind, point.q) for point in found.at_zero])
"""


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
