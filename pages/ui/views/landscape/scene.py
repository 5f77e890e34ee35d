"""What the maps show of a target: both divergences over a grid of q, their stationary points, the flow of a start."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kl_engine import Direction, Estimate, Gaussian, forward_kl, reverse_kl
from kl_engine.optima import Basins, Path, StationaryPoints, flow, landscape, stationary_points
from pages.ui.cache.kept import kept
from pages.ui.cache.long_work import long
from pages.ui.cache.stoppable import stoppable
from pages.ui.draw.flow_grid import basins_of, grid
from pages.ui.state.mixture import Mixture
from pages.ui.views.landscape.question import FRAMES, Question

FIRST_LEVEL = 0.01  # nats above the least value; every further line is twice as far above it


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


@dataclass(frozen=True, eq=False)
class Scene:
    """The maps of a target, the flow from the start in each direction, and the divergence at both of its ends."""

    question: Question
    relief: Relief
    flows: dict[Direction, Path]
    ends: dict[Direction, tuple[tuple[Gaussian, Estimate], tuple[Gaussian, Estimate]]]  # the start, and where it leads


def answered(question: Question) -> Scene:
    """The maps, drawn once for each target, with the flow from the start."""
    relief_of(question.target)  # what takes long is done here, where it is said meanwhile
    return _flowing(question)


@long(24, "Drawing both maps …")
def relief_of(target: Mixture) -> Relief:
    """The maps of a target, wide enough for every component and for every stationary point."""
    p = target.p
    points = {direction: stationary_points(p, direction) for direction in Direction}
    means, stds = grid(p, [point.q for found in points.values() for point in found])
    return Relief(means, stds, {d: landscape(p, d, means, stds) for d in Direction}, points)


@kept(64)
def _flowing(question: Question) -> Scene:
    """The natural-gradient flow from the start, in each direction."""
    p, start = question.target.p, question.start.q
    flows = {direction: flow(p, direction, start, FRAMES) for direction in Direction}
    ends = {}
    for direction, divergence in ((Direction.FORWARD, forward_kl), (Direction.REVERSE, reverse_kl)):
        last = Gaussian(float(flows[direction].mean[-1]), float(flows[direction].std[-1]))
        ends[direction] = tuple((q, divergence(p, q)) for q in (start, last))
    return Scene(question, relief_of(question.target), flows, ends)


@stoppable(64, "Following the flow from every start …")
def basins_of_map(target: Mixture, progress) -> Basins:
    """Where the flow ends from every q of the map: some seconds of work; None while it is stopped."""
    return basins_of(target.p, None, 1, progress)
