"""What the landscape asks: both divergences of a target over every q, and where the flow from a start ends."""

from __future__ import annotations

from dataclasses import dataclass

from pages.ui.state import mixture
from pages.ui.state.fields import Choice
from pages.ui.state.mixture import Mixture
from pages.ui.state.two_modes import Start

FRAMES = 121  # points of a flow's path
HIDDEN, DRAWN = "hidden", "drawn"
BASINS = Choice("basins", "Basins", {HIDDEN: "Basins hidden", DRAWN: "drawn"})  # shows more of the same answer
FIELDS = (*mixture.FIELDS, BASINS)


@dataclass(frozen=True)
class Question:
    """A target, and where the flow starts."""

    target: Mixture
    start: Start

    def to_python(self) -> str:
        """A few lines that reproduce the numbers of the page with the engine."""
        p = self.target.p
        return f"""import numpy as np
from kl_engine import Gaussian, GaussianMixture
from kl_engine.optima import flow, landscape, stationary_points

p = {self.target.to_python()}
means, stds = np.linspace({p.mean - 2 * p.std:.4g}, {p.mean + 2 * p.std:.4g}, 121), np.geomspace(0.1, 10, 91)
for direction in ("forward", "reverse"):
    values = landscape(p, direction, means, stds)  # nats; one row a std
    path = flow(p, direction, {self.start.to_python()}, {FRAMES})
    print(direction, values.min(), "the flow ends at", path.mean[-1], path.std[-1])
    for point in stationary_points(p, direction):
        print("  ", point.kind, point.q, point.value)
"""
