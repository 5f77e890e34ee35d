"""The stationary points of D(q‖p) as the separation of p grows: which of them continue which, and where some meet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from kl_engine.distributions import GaussianMixture
from kl_engine.newton import newton_roots
from kl_engine.reverse_objective import ReverseObjective
from kl_engine.stationary import StationaryPoint, StationaryPoints, stationary_points
from kl_engine.ties import Family, carried

LANDED = 1e-4  # in std and log std of q: a continued point ends this near to one that is there, or at none
SURE = 0.2  # of the distance to the next: a point this near continues another without a doubt
NARROWEST = 2e-4  # of the scale: an interval in which points meet is halved until it is this short


@dataclass(frozen=True)
class Node:
    """All stationary points at one separation."""

    separation: float
    p: GaussianMixture
    points: StationaryPoints


@dataclass(frozen=True)
class Step:
    """Two neighbouring nodes, and which point of the first continues to which of the second, by index."""

    low: Node
    high: Node
    links: dict[int, int]

    @property
    def ending(self) -> list[StationaryPoint]:
        """The points of the first node that are not continued."""
        return [point for i, point in enumerate(self.low.points) if i not in self.links]

    @property
    def beginning(self) -> list[StationaryPoint]:
        """The points of the second node that continue none."""
        reached = set(self.links.values())
        return [point for i, point in enumerate(self.high.points) if i not in reached]


def traced(
    family: Family, separations: np.ndarray, scale: float, fixed_std: float | None, progress: Callable[[float], None]
) -> list[Step]:
    """The steps between the ascending `separations`, those in which points meet cut into short ones."""

    def node(separation: float) -> Node:
        p = family(separation)
        return Node(separation, p, stationary_points(p, "reverse", fixed_std))

    held, steps = fixed_std is not None, []
    last = node(float(separations[0]))
    for high in separations[1:].tolist():
        following = node(high)
        steps += _refined(family, node, last, following, NARROWEST * scale, held)
        last = following
        progress(high / float(separations[-1]))
    return steps


def _refined(family: Family, node: Callable, low: Node, high: Node, narrowest: float, held: bool) -> Iterator[Step]:
    """The steps from one node to another: one when every point is continued, else of halves."""
    step = Step(low, high, _links(family, low, high, held))
    if (step.ending or step.beginning) and high.separation - low.separation > narrowest:
        middle = node(0.5 * (low.separation + high.separation))
        yield from _refined(family, node, low, middle, narrowest, held)
        yield from _refined(family, node, middle, high, narrowest, held)
    else:
        yield step


def _links(family: Family, low: Node, high: Node, held: bool) -> dict[int, int]:
    """Which point continues to which: plainly the nearest, or else those that lead to each other by Newton's method."""
    starts = [carried(family, _place(point), low.separation, high.separation) for point in low.points]
    plain = _nearest(np.array(starts), low.points, high.points)
    if plain is not None:
        return plain
    over, back = _landings(family, low, high, held), _landings(family, high, low, held)
    return {i: j for i, j in over.items() if back.get(j) == i}


def _nearest(starts: np.ndarray, low: StationaryPoints, high: StationaryPoints) -> dict[int, int] | None:
    """The nearest point to each start, of its kind; None where that leaves a doubt."""
    if len(low) != len(high):
        return None
    ends = np.array([_place(point) for point in high])
    gaps = np.abs(starts[:, None, 0] - ends[:, 0]) / ends[:, 1] + np.abs(np.log(starts[:, None, 1] / ends[:, 1]))
    nearest = gaps.argmin(axis=1)
    ordered = np.sort(gaps, axis=1)
    sure = (ordered[:, 0] < SURE * ordered[:, 1]).all() if len(low) > 1 else ordered[0, 0] < SURE
    kinds = all(low[i].kind == high[j].kind for i, j in enumerate(nearest))
    return dict(enumerate(nearest.tolist())) if sure and kinds and len(set(nearest)) == len(low) else None


def _place(point: StationaryPoint) -> np.ndarray:
    return np.array([point.q.mean, point.q.std])


def _landings(family: Family, here: Node, there: Node, held: bool) -> dict[int, int]:
    """For each point here, the one there that it leads to."""
    moved = [carried(family, _place(point), here.separation, there.separation) for point in here.points]
    roots = newton_roots(ReverseObjective.of(there.p), *np.transpose(moved), held)
    places = np.array([_place(point) for point in there.points])
    found = {}
    for i in np.nonzero(roots.found)[0].tolist():
        gaps = np.abs(roots.mean[i] - places[:, 0]) / places[:, 1] + np.abs(np.log(roots.std[i] / places[:, 1]))
        if gaps.min() < LANDED:
            found[i] = int(gaps.argmin())
    return found
