"""What a person takes away: the lines that repeat the page, the fits as LaTeX and as CSV."""

from __future__ import annotations

import pandas as pd

from kl_engine import MultivariateFit, MultivariateGaussian
from pages.ui.views.two_dimensions.scene import Scene
from pages.ui.views.two_dimensions.target import cov as cov_of


def python_code(scene: Scene) -> str:
    """A few lines that reproduce the numbers of the page with the engine."""
    weights = [float(weight) for weight in scene.p.weights]
    means, covs = [list(row[1:3]) for row in scene.rows], [cov_of(row) for row in scene.rows]
    name = "MultivariateGaussian" if len(scene.rows) == 1 else "MultivariateGaussianMixture"
    made = f"{name}({means[0]}, {covs[0]})" if len(scene.rows) == 1 else f"{name}({weights}, {means}, {covs})"
    return f"""from kl_engine import {name}, forward_kl, multivariate_fit, multivariate_optima, reverse_kl

p = {made}
for direction in ("forward", "reverse"):
    found = multivariate_fit(p, direction, {str(scene.covariance)!r})
    q = found.q
    print(direction, q, found.message)
    print("  D(p‖q) =", forward_kl(p, q), "  D(q‖p) =", reverse_kl(p, q))  # nats
for found in multivariate_optima(p, {str(scene.covariance)!r}):
    print(found.status, found.value.value, found.q, found.eigenvalues)
"""


def latex(scene: Scene) -> str:
    """Both fits in LaTeX."""
    lines = [_gaussian(name, scored.q) for name, scored in (("forward", scene.forward), ("reverse", scene.reverse))]
    return "\\begin{aligned}\n" + " \\\\\n".join(lines) + "\n\\end{aligned}"


def fits_table(scene: Scene) -> pd.DataFrame:
    """One row a fit: the forward one, then every stationary point found of the reverse divergence; nats."""
    rows = [_row("forward", scene.forward.fit)]
    return pd.DataFrame([*rows, *(_row("reverse", fit) for fit in scene.optima)])


def _row(direction: str, fit: MultivariateFit) -> dict:
    (mean_x, mean_y), cov = fit.q.mean, fit.q.cov
    row = {"direction": direction, "status": fit.status, "mean_x": mean_x, "mean_y": mean_y}
    row |= {"var_x": cov[0, 0], "cov_xy": cov[0, 1], "var_y": cov[1, 1]}
    return row | {"kl_nats": fit.value.value, "error": fit.value.error, "certainty": str(fit.value.certainty)}


def _gaussian(name: str, q: MultivariateGaussian) -> str:
    mean = r" \\ ".join(f"{value:.6g}" for value in q.mean)
    rows = r" \\ ".join(" & ".join(f"{value:.6g}" for value in row) for row in q.cov)
    vector, matrix = rf"\begin{{pmatrix}} {mean} \end{{pmatrix}}", rf"\begin{{pmatrix}} {rows} \end{{pmatrix}}"
    return rf"q_{{\text{{{name}}}}} &= \mathcal{{N}}\!\left({vector}, {matrix}\right)"
