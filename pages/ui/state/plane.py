"""The target in the plane that a person builds: Gaussians by mean and covariance, and the presets."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pages.ui.state.components import Components, Row, Rows, normalised

if TYPE_CHECKING:
    from kl_engine import MultivariateGaussian, MultivariateGaussianMixture

LIMITS = {
    "weight": (1e-6, 1e6),  # only their ratios count
    "mean x": (-100.0, 100.0),
    "mean y": (-100.0, 100.0),
    "var x": (1e-3, 1e3),
    "cov xy": (-1e3, 1e3),
    "var y": (1e-3, 1e3),
}
NARROWEST = 1e-3  # the least share of var x · var y that the determinant may be: correlations to ±.9995
COLUMN = 84  # px, for the words of its head; on a wide screen all six stand side by side
CLASSIC = ((0.5, -1.0, -1.0, 0.5, 0.25, 1.0), (0.5, 1.0, 1.0, 0.5, -0.25, 1.0))


def check_covariance(row: Row, owner: str) -> None:
    """Refuse a covariance that is not positive definite, or hardly so."""
    _, _, _, xx, xy, yy = row
    if xx * yy - xy * xy < NARROWEST * xx * yy:
        lowest = (xx + yy) / 2 - math.hypot((xx - yy) / 2, xy)
        known = f"smallest eigenvalue {lowest:.3g}" if lowest <= 0 else "correlation beyond ±0.9995"
        raise ValueError(f"the covariance of {owner} must be positive definite, with some width; here: {known}")


PLANE = Components("p", LIMITS, 5, CLASSIC, check_covariance, width=COLUMN, once=("plane",))

# The named targets, each with the family of q that it is known for. To add one, add an entry.
PRESETS: dict[str, tuple[Rows, str]] = {
    "Bimodal": (CLASSIC, "full"),
    "Correlated, mean field": (((1.0, 0.0, 0.0, 1.0, 0.9, 1.0),), "diagonal"),
    "Far apart": (((0.5, -2.5, -2.5, 0.5, 0.25, 1.0), (0.5, 2.5, 2.5, 0.5, -0.25, 1.0)), "full"),
    "Banana": (
        ((0.3, -2.0, 0.9, 0.7, 0.55, 0.7), (0.4, 0.0, 1.7, 0.9, 0.0, 0.2), (0.3, 2.0, 0.9, 0.7, -0.55, 0.7)),
        "full",
    ),
    "Cross": (((0.5, 0.0, 0.0, 3.0, 0.0, 0.1), (0.5, 0.0, 0.0, 0.1, 0.0, 3.0)), "diagonal"),
}


@dataclass(frozen=True)
class PlaneTarget:
    """The components of p: weight, mean x, mean y, var x, cov xy, var y."""

    rows: Rows

    @property
    def p(self) -> MultivariateGaussian | MultivariateGaussianMixture:
        """The target; weights are divided by their sum."""
        from kl_engine import MultivariateGaussian, MultivariateGaussianMixture

        if len(self.rows) == 1:
            return MultivariateGaussian(self.means[0], self.covs[0])
        return MultivariateGaussianMixture(normalised(self.rows), self.means, self.covs)

    @property
    def means(self) -> list[list[float]]:
        """The mean of each component."""
        return [list(row[1:3]) for row in self.rows]

    @property
    def covs(self) -> list[list[list[float]]]:
        """The covariance matrix of each component."""
        return [[[xx, xy], [xy, yy]] for *_, xx, xy, yy in self.rows]

    @property
    def kind(self) -> str:
        """The name of its class in the engine."""
        return "MultivariateGaussian" if len(self.rows) == 1 else "MultivariateGaussianMixture"

    def to_python(self) -> str:
        """The call of the engine that makes p."""
        if len(self.rows) == 1:
            return f"{self.kind}({self.means[0]}, {self.covs[0]})"
        return f"{self.kind}({normalised(self.rows)}, {self.means}, {self.covs})"
