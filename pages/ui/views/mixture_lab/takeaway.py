"""What a person takes away from the lab: the lines that repeat it, and the points as CSV."""

from __future__ import annotations

import pandas as pd

from pages.ui.state.target import Draft
from pages.ui.views.mixture_lab.scene import Findings


def python_code(draft: Draft, held: bool) -> str:
    """A few lines that reproduce the page with the engine."""
    p = draft.p
    lists = ", ".join(str([float(number) for number in numbers]) for numbers in (p.weights, p.means, p.stds))
    fixed = f", fixed_std={draft.start[1]!r}" if held else ""
    return f"""from kl_engine import Gaussian, GaussianMixture, fit, stationary_points

p = GaussianMixture({lists})
print("forward fit", fit(p, "forward"{fixed}).q)
for point in stationary_points(p, "reverse"{fixed}):
    print(point.kind, point.q, point.value, point.eigenvalues)  # nats
print("from the start:", fit(p, "reverse", start=Gaussian({draft.start[0]!r}, {draft.start[1]!r}){fixed}).q)
"""


def stationary_table(found: Findings) -> pd.DataFrame:
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
        for point in found.points
    ]
    return pd.DataFrame(rows)
