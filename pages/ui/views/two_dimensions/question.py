"""What the page in two dimensions asks: both fits of a target in the plane, and what mean field costs."""

from __future__ import annotations

from dataclasses import dataclass

from pages.ui.state.fields import Choice, Slider
from pages.ui.state.plane import PLANE, PlaneTarget

FULL, DIAGONAL, ISOTROPIC = "full", "diagonal", "isotropic"
COVARIANCE = Choice(
    "covariance",
    "Shape of q",
    {FULL: "any ellipse", DIAGONAL: "along the axes (mean field)", ISOTROPIC: "a circle"},
)
FAMILIES = {FULL: "Gaussian()", DIAGONAL: "Diagonal()", ISOTROPIC: "Isotropic()"}  # of `kl_engine.families`
CORRELATION = Slider(
    "correlation", "Correlation of every pair", 0.0, 0.98, 0.02, 0.5, "p is Gaussian; its correlations are equal."
)
DIMENSION = Slider("dimension", "Dimension", 2.0, 30.0, 1.0, 10.0, "The number of coordinates of p.")
FIELDS = (PLANE, COVARIANCE, CORRELATION, DIMENSION)


@dataclass(frozen=True)
class Question:
    """A target and a family of q; beside them a Gaussian of equal correlations, for what mean field costs."""

    target: PlaneTarget
    covariance: str
    correlation: float
    dimension: int

    def to_python(self) -> str:
        """A few lines that reproduce the numbers of the page with the engine."""
        names = sorted({self.target.kind, "families", "fit", "forward_kl", "reverse_kl"})
        return f"""from kl_engine import {", ".join(names)}
from kl_engine.optima import stationary_points

p, family = {self.target.to_python()}, families.{FAMILIES[self.covariance]}
for direction in ("forward", "reverse"):
    found = fit(p, direction, family)
    q = found.q
    print(direction, q, found.reason)
    print("  D(p‖q) =", forward_kl(p, q), "  D(q‖p) =", reverse_kl(p, q))  # nats
for point in stationary_points(p, "reverse", family):
    print(point.kind, point.value.value, point.q, point.eigenvalues)
cost = families.mean_field_cost(families.equicorrelated({self.correlation!r}, {self.dimension}))
print("mean field costs", cost.forward, "forward,", cost.reverse, "reverse")
"""
