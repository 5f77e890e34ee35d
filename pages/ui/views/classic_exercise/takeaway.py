"""What a person can take away from the view beside its Python: tables, LaTeX."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd

from pages.ui.views.classic_exercise.scene import Fit, Scene

MOST_DIGITS = 6


def tables(scene: Scene) -> dict[str, Callable[[], pd.DataFrame]]:
    """What can be saved as CSV, by name."""
    return {"fits": partial(fits_table, scene), "cells": partial(cells_table, scene)}


def fits_table(scene: Scene) -> pd.DataFrame:
    """One row a fit: both divergences in nats, what it invents and misses, the starts that lead to it, its factors."""
    return pd.DataFrame([_row(fit) for fit in (scene.forward, *scene.minima)])


def cells_table(scene: Scene) -> pd.DataFrame:
    """One row a cell: p, the forward fit and the best reverse fit."""
    rows, columns = np.indices(scene.joint.shape) + 1
    fits = {"forward": scene.forward.table, "best_reverse": scene.minima[0].table}
    cells = {"x": rows.ravel(), "y": columns.ravel(), "p": scene.joint.ravel()}
    return pd.DataFrame(cells | {f"q_{name}": table.ravel() for name, table in fits.items()})


def _row(fit: Fit) -> dict[str, object]:
    return {
        "fit": fit.name,
        "D_p_q_nats": fit.forward.value,
        "D_q_p_nats": fit.reverse.value,
        "invents": fit.invents.value,
        "misses": fit.misses.value,
        "from_rows": " ".join(map(str, fit.from_rows)),
        "from_columns": " ".join(map(str, fit.from_columns)),
        **{f"q_x_{i}": x for i, x in enumerate(fit.rows.probs.tolist(), start=1)},
        **{f"q_y_{k}": x for k, x in enumerate(fit.columns.probs.tolist(), start=1)},
    }


def latex(scene: Scene) -> str:
    """p as a matrix, and each product of two vectors, in nats."""
    lines = [rf"p &= {_matrix(scene.joint)} \\"]
    best = scene.minima[0]
    for name, fit, sign, value in (
        ("forward", scene.forward, r"D(p\,\|\,q)", scene.forward.forward),
        ("reverse", best, r"D(q\,\|\,p)", best.reverse),
    ):
        factors = f"{_matrix(fit.rows.probs[:, None])}{_matrix(fit.columns.probs[None])}"
        lines.append(rf"q_{{\text{{{name}}}}} &= {factors}, \qquad {sign} = {value.value:.6f} \\")
    return "\\begin{aligned}\n" + "\n".join(lines).removesuffix(r" \\") + "\n\\end{aligned}"


def _matrix(array: np.ndarray) -> str:
    rows = r" \\ ".join(" & ".join(f"{x:.{MOST_DIGITS}g}" for x in row) for row in array.tolist())
    return rf"\begin{{pmatrix}} {rows} \end{{pmatrix}}"
