"""What the page in two dimensions asks: both fits of a target in the plane, and what mean field costs."""

from __future__ import annotations

from dataclasses import dataclass

from pages.ui.state.fields import Choice, Slider
from pages.ui.state.plane import PLANE, PlaneTarget

COVARIANCE = Choice(
    "covariance",
    "Shape of q",
    {"full": "any ellipse", "diagonal": "along the axes (mean field)", "isotropic": "a circle"},
)
CORRELATION = Slider(
    "correlation", "Correlation of every pair", 0.0, 0.98, 0.02, 0.5, "p is Gaussian, all its correlations alike."
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
        names = sorted({self.target.kind, "equicorrelated", "forward_kl", "mean_field_cost", "multivariate_fit"})
        return f"""from kl_engine import {", ".join(names)}, multivariate_optima, reverse_kl

p = {self.target.to_python()}
for direction in ("forward", "reverse"):
    found = multivariate_fit(p, direction, {self.covariance!r})
    q = found.q
    print(direction, q, found.message)
    print("  D(p‖q) =", forward_kl(p, q), "  D(q‖p) =", reverse_kl(p, q))  # nats
for found in multivariate_optima(p, {self.covariance!r}):
    print(found.status, found.value.value, found.q, found.eigenvalues)
cost = mean_field_cost(equicorrelated({self.correlation!r}, {self.dimension}))
print("mean field costs", cost.forward, "forward,", cost.reverse, "reverse")
"""
