"""What a person can take away from the data view: Python that repeats it, and its tables as CSV."""

from __future__ import annotations

import pandas as pd

from pages.ui.views.your_data.findings import Study
from pages.ui.views.your_data.scene import FOLDS


def python_code(components: int, bandwidth: float, seed: int) -> str:
    """A few lines that repeat the numbers of the page on a file of numbers."""
    return f"""from pathlib import Path

from kl_engine.data.empirical import Empirical, log_loss
from kl_engine.data.generalisation import cross_validated, folds, kernel_scores
from kl_engine.data.likelihood import likelihood_fit
from kl_engine.data.number_tables import read_table

x = read_table(Path("numbers.csv").read_bytes()).columns[0].values
parts = folds(x.size, {FOLDS}, seed={seed})
found = likelihood_fit(Empirical.of(x), {components})
print(found.q, found.loss, found.message)  # nats a point
print(cross_validated(x, parts, lambda part: likelihood_fit(part, {components}).q))
print(kernel_scores(x, parts, [{bandwidth!r}])[0])
"""


def costs_table(study: Study) -> pd.DataFrame:
    """One row a model: its size, log losses in nats a point, description length in bits."""
    rows = []
    for size in study.sizes:
        if size.fit:
            held_out, error = (size.score.held_out, size.score.deviation) if size.score else (None, None)
            rows.append(("mixture", size.components, None, size.fit.loss.value, held_out, error, *size.bits))
    if study.kernels:
        for width, score, bits in zip(study.kernels.bandwidths, study.kernels.scores, study.kernels.bits):
            rows.append(("kernel", None, width, score.train, score.held_out, score.deviation, *bits))
    names = ["model", "components", "bandwidth", "fitted_nats", "left_out_nats", "standard_error"]
    return pd.DataFrame(rows, columns=[*names, "data_bits", "parameter_bits"])
