"""What the maps show of a target: both divergences over a grid of q, their stationary points, the flow of a start."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kl_engine import (
    Direction,
    Gaussian,
    GaussianMixture,
    Path,
    StationaryPoints,
    gradient_flow,
    landscape,
    stationary_points,
)
from pages.ui.draft import Draft

COLUMNS, ROWS = 121, 91
FRAMES = 121  # points of a flow's path
BESIDE = 1.5  # stds of the outer components that the map shows beyond them
NARROWER, WIDER = 0.4, 2.5  # than the narrowest component, than p itself


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
    means, stds = _grid(p, [point.q for found in points.values() for point in found])
    return Relief(means, stds, {d: landscape(p, d, means, stds) for d in Direction}, points)


def flows(draft: Draft) -> dict[Direction, Path]:
    """The natural-gradient flow from the start, in each direction."""
    return {direction: gradient_flow(draft.p, direction, draft.q, FRAMES) for direction in Direction}


def _grid(p: GaussianMixture, found: list[Gaussian]) -> tuple[np.ndarray, np.ndarray]:
    low, high = min(p.means - BESIDE * p.stds), max(p.means + BESIDE * p.stds)
    narrow = min(NARROWER * p.stds.min(), *(0.8 * q.std for q in found))
    wide = max(WIDER * p.std, *(1.25 * q.std for q in found))
    return np.linspace(low, high, COLUMNS), np.geomspace(narrow, wide, ROWS)
