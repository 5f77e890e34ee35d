"""What a person takes away beside the lines of Python of the question: the fits as LaTeX and as CSV."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pandas as pd

from kl_engine import MultivariateGaussian, Solution
from kl_engine.optima import StationaryPoint
from pages.ui.views.two_dimensions.scene import Fits, Scene


def tables(scene: Scene) -> dict[str, Callable[[], pd.DataFrame]]:
    """What can be saved as CSV, by name."""
    return {"fits": partial(fits_table, scene.fits)}


def latex(fits: Fits) -> str:
    """Both fits in LaTeX."""
    lines = [_gaussian(name, scored.q) for name, scored in (("forward", fits.forward), ("reverse", fits.reverse))]
    return "\\begin{aligned}\n" + " \\\\\n".join(lines) + "\n\\end{aligned}"


def fits_table(fits: Fits) -> pd.DataFrame:
    """One row a fit: the forward one, then every stationary point found of the reverse divergence; nats."""
    rows = [_row("forward", "minimum", fits.forward.fit)]
    return pd.DataFrame([*rows, *(_row("reverse", point.kind, point) for point in fits.optima)])


def _row(direction: str, kind: str, fit: Solution | StationaryPoint) -> dict:
    (mean_x, mean_y), cov = fit.q.mean, fit.q.cov
    row = {"direction": direction, "kind": kind, "mean_x": mean_x, "mean_y": mean_y}
    row |= {"var_x": cov[0, 0], "cov_xy": cov[0, 1], "var_y": cov[1, 1]}
    return row | {"kl_nats": fit.value.value, "error": fit.value.error, "certainty": str(fit.value.certainty)}


def _gaussian(name: str, q: MultivariateGaussian) -> str:
    mean = r" \\ ".join(f"{value:.6g}" for value in q.mean)
    rows = r" \\ ".join(" & ".join(f"{value:.6g}" for value in row) for row in q.cov)
    vector, matrix = rf"\begin{{pmatrix}} {mean} \end{{pmatrix}}", rf"\begin{{pmatrix}} {rows} \end{{pmatrix}}"
    return rf"q_{{\text{{{name}}}}} &= \mathcal{{N}}\!\left({vector}, {matrix}\right)"
