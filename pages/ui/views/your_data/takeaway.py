"""What a person can take away from the view beside its Python: its tables."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pandas as pd

from pages.ui.views.your_data.charts import curve_table, view
from pages.ui.views.your_data.scene import Scene, errors_of


def tables(scene: Scene) -> dict[str, Callable[[], pd.DataFrame]]:
    """What can be saved as CSV, by name."""
    ends = view(scene.question.sample.values)
    found = {"costs": partial(costs_table, scene), "curves": partial(curve_table, scene.fits, *ends)}
    return found | ({"fit": partial(fit_table, scene)} if scene.fits.forward is not None else {})


def fit_table(scene: Scene) -> pd.DataFrame:
    """One row per component of the q that is asked about: weight, mean, std, each with its standard error."""
    q, errors = scene.fits.forward, errors_of(scene.question.sample, scene.question.components)
    columns = {"weight": q.weights, "mean": q.means, "std": q.stds}
    found = zip((errors.weights, errors.means, errors.stds), columns)
    return pd.DataFrame(columns | {f"error_of_{name}": error for error, name in found})


def costs_table(scene: Scene) -> pd.DataFrame:
    """One row per model: its size, log losses in nats per point, description length in bits."""
    rows, study = [], scene.study
    for size in study.sizes:
        if size.fit:
            held_out, error = (size.score.held_out, size.score.deviation) if size.score else (None, None)
            rows.append(("mixture", size.components, None, size.fit.loss.value, held_out, error, *size.bits))
    if study.kernels:
        for width, score, bits in zip(study.kernels.bandwidths, study.kernels.scores, study.kernels.bits):
            rows.append(("kernel", None, width, score.train, score.held_out, score.deviation, *bits))
    names = ["model", "components", "bandwidth", "fitted_nats", "left_out_nats", "standard_error"]
    return pd.DataFrame(rows, columns=[*names, "data_bits", "parameter_bits"])
