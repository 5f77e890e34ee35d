"""What a person can take away from the estimators page beside its Python."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd

from pages.ui.views.estimators.scene import Scene, Trial


def tables(scene: Scene) -> dict[str, Callable[[], pd.DataFrame]]:
    """What can be saved as CSV, by name."""
    tables = {"bounds": partial(bounds_table, scene.trials), "samples": partial(samples_table, scene.trials)}
    return tables | {"k1 k2 k3": partial(facts_table, scene)}


def facts_table(scene: Scene) -> pd.DataFrame:
    """One row an estimator: mean, bias and variance of one draw in nats, and its mean gradient as a loss."""
    rows = [
        (k.name, k.mean.value, k.bias.value, k.variance.value, *np.asarray(k.in_loss), k.pulls) for k in scene.facts
    ]
    return pd.DataFrame(rows, columns=["estimator", "mean", "bias", "variance", "by_mean", "by_std", "gradient_of"])


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
