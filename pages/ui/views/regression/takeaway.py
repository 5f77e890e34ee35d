"""What a person takes away beside the lines of Python of the question: the fits as LaTeX, and tables."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pandas as pd

from pages.ui.views.regression.scene import EXACT, Scene


def tables(scene: Scene) -> dict[str, Callable[[], pd.DataFrame]]:
    """What can be saved as CSV, by name."""
    return {"fits": partial(fits_table, scene), "predictive": partial(predictive_table, scene)}


def fits_table(scene: Scene) -> pd.DataFrame:
    """One row for the posterior and each product; divergences in nats."""
    found = [(EXACT, scene.posterior, 0.0, 0.0)]
    found += [(each.name, each.q, each.forward.value, each.reverse.value) for each in scene.products]
    rows = [
        {
            "q": name,
            "slope": q.mean[0],
            "intercept": q.mean[1],
            "var_slope": q.cov[0, 0],
            "cov": q.cov[0, 1],
            "var_intercept": q.cov[1, 1],
            "D_p_q": forward,
            "D_q_p": reverse,
        }
        for name, q, forward, reverse in found
    ]
    return pd.DataFrame(rows)


def predictive_table(scene: Scene) -> pd.DataFrame:
    """Mean and std of a new y over x, under the posterior and each product."""
    return pd.DataFrame({"x": scene.places, "mean": scene.means, **{f"std {n}": s for n, s in scene.stds.items()}})


def latex(scene: Scene) -> str:
    """The posterior in LaTeX."""
    (a, b), (_, d) = scene.posterior.cov.tolist()
    slope, intercept = scene.posterior.mean.tolist()
    mean = rf"\begin{{pmatrix}} {slope:.6g} \\ {intercept:.6g} \end{{pmatrix}}"
    cov = rf"\begin{{pmatrix}} {a:.6g} & {b:.6g} \\ {b:.6g} & {d:.6g} \end{{pmatrix}}"
    return rf"p(w \mid y) = \mathcal{{N}}\!\left({mean}, {cov}\right)"
