"""What the maps show of a target: both divergences over a grid of q, their stationary points, the flow of a start."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kl_engine import (
    Direction,
    Gaussian,
    Path,
    StationaryPoints,
    gradient_flow,
    landscape,
    stationary_points,
)
from pages.ui.draw.flow_grid import grid
from pages.ui.state.target import Draft

FRAMES = 121  # points of a flow's path


@dataclass(frozen=True, eq=False)
class Relief:
    """The divergence in each direction at every q of a grid, with its stationary points, best first."""

    means: np.ndarray
    stds: np.ndarray
    values: dict[Direction, np.ndarray]
    points: dict[Direction, StationaryPoints]

    def holds(self, q: Gaussian) -> bool:
        """Whether the map shows this q."""
        return self.means[0] <= q.mean <= self.means[-1] and self.stds[0] <= q.std <= self.stds[-1]


def relief(draft: Draft) -> Relief:
    """The maps of a target, wide enough for every component and for every stationary point."""
    p = draft.p
    points = {direction: stationary_points(p, direction) for direction in Direction}
    means, stds = grid(p, [point.q for found in points.values() for point in found])
    return Relief(means, stds, {d: landscape(p, d, means, stds) for d in Direction}, points)


def flows(draft: Draft) -> dict[Direction, Path]:
    """The natural-gradient flow from the start, in each direction."""
    return {direction: gradient_flow(draft.p, direction, draft.q, FRAMES) for direction in Direction}
