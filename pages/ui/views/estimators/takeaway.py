"""What a person can take away from the estimators page."""

from __future__ import annotations

import pandas as pd

from kl_engine import Gaussian
from pages.ui.state.two_modes import Target
from pages.ui.views.estimators.scene import SIZES, Trial


def python_code(target: Target, q: Gaussian, seed: int) -> str:
    """A few lines that reproduce the numbers of the page with the engine."""
    return f"""from kl_engine import Gaussian, kl_bounds, kl_divergence, two_modes

p = two_modes({target.separation!r}, weight={target.weight!r}, stds=({target.right!r}, {target.left!r}))
q = Gaussian({q.mean!r}, {q.std!r})
for a, b in ((p, q), (q, p)):
    print(kl_divergence(a, b))  # nats
    for bound in kl_bounds(a, b, draws={SIZES[-1]}, seed={seed}):
        print(" ", bound.name, bound.kind, bound.estimate, bound.source)
"""


def bounds_table(trials: tuple[Trial, Trial]) -> pd.DataFrame:
    """One row an estimator and direction, in nats."""
    rows = [
        (str(t.direction), b.name, b.kind, e.value, e.error, str(e.certainty), t.exact.value, b.source)
        for t in trials
        for b in t.bounds
        for e in (b.estimate,)
    ]
    names = ["direction", "name", "kind", "value", "error", "certainty", "exact", "source"]
    return pd.DataFrame(rows, columns=names)


def samples_table(trials: tuple[Trial, Trial]) -> pd.DataFrame:
    """The running means and standard errors, in nats."""
    tables = [
        pd.DataFrame(
            {
                "direction": str(trial.direction),
                "draws": trial.run.sizes,
                "mean": trial.run.values,
                "standard_error": trial.run.standard_errors,
            }
        )
        for trial in trials
    ]
    return pd.concat(tables)
