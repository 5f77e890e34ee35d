"""Stationary points at neighbouring separations, and which of them continue which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from kl_engine.distributions.gaussian import Gaussian, GaussianMixture
from kl_engine.fits import families
from kl_engine.optima.nearby_roots import FLAT
from kl_engine.optima.stationary import StationaryPoint, counted_points
from kl_engine.optima.ties import carried
from kl_engine.optima.turning_points import TargetAt

CENTRED = 1e-5  # in std of q: a mean closer than this to the axis of symmetry is on it
STRIDE = 0.2  # in std and log std of q: a branch that is followed strays less than this from its mode
SOFT, CREEP = 0.1, 0.004  # and one whose curvature is below the first, so that it may turn back, less than the second
NUDGES = (1e-7, 1e-5, 0.0)  # of the separation and the smaller std


@dataclass(frozen=True)
class State:
    """The stationary points of one target, best first; of mirror images the one at the right alone."""

    separation: float
    points: tuple[StationaryPoint, ...]
    complete: bool


@dataclass(frozen=True, eq=False)
class Branch:
    """Stationary points of one kind that continue each other: arrays, one entry per separation, ascending.

    `best` says where the point is the global minimum. A branch ends in the fold where it meets another. `separation`,
    `mean`, `std`, `value` (nats) and `best` are of shape (n,); `kind` is "minimum", "saddle" or "maximum". Made by
    `kl.optima.transitions`, in its `diagram`.

    >>> import numpy as np
    >>> import kl_engine as kl
    >>> d = np.array([4.0, 5.0])
    >>> covering = kl.optima.Branch("minimum", d, 0 * d, 0.5 * d, np.array([0.4, 0.6]), d < 5.6)
    >>> covering.kind, covering.best.tolist()
    ('minimum', [True, True])
    """

    kind: str
    separation: np.ndarray
    mean: np.ndarray
    std: np.ndarray
    value: np.ndarray
    best: np.ndarray


class Links(NamedTuple):
    """Points of a state that continue points of another, as pairs of indices; and those that do not."""

    pairs: dict[int, int]
    ended: list[int]
    begun: list[int]


def state_at(target_at: TargetAt, separation: float, family: families.Gaussian, symmetric: bool) -> State:
    """The stationary points at a separation, or next to it where two of them meet or the count is in doubt."""
    for nudge in NUDGES:
        p = target_at(separation)
        found, trusted = counted_points(p, family)
        flat = any(min(map(abs, point.eigenvalues)) < FLAT * _sharpness(p, point.q) for point in found)
        if trusted and not flat:
            break
        separation += nudge * (separation + float(p.stds.min()))
    points = tuple(point for point in found if not symmetric or point.q.mean > -CENTRED * unit_of(target_at, point.q))
    return State(separation, points, trusted)


def links(target_at: TargetAt, first: State, second: State, symmetric: bool) -> Links:
    """Each point with the nearest of its kind, the nearest pairs first; none further off than a branch may go."""
    offers = []
    for i, point in enumerate(first.points):
        mean, std = carried(target_at, np.array([point.q.mean, point.q.std]), first.separation, second.separation)
        for j, other in enumerate(second.points):
            unit = unit_of(target_at, other.q)
            centred = symmetric and max(abs(point.q.mean), abs(other.q.mean)) < CENTRED * unit
            if point.kind == other.kind or centred:
                gap = max(abs(other.q.mean - mean) / max(std, unit), abs(np.log(other.q.std / std)))
                offers.append((gap, i, j))
    pairs: dict[int, int] = {}
    for gap, i, j in sorted(offers):
        flattest = min(map(abs, first.points[i].eigenvalues + second.points[j].eigenvalues))
        soft = SOFT * _sharpness(target_at(second.separation), second.points[j].q)
        if gap < (STRIDE if flattest > soft else CREEP) and i not in pairs and j not in pairs.values():
            pairs[i] = j
    ended = [i for i in range(len(first.points)) if i not in pairs]
    return Links(pairs, ended, [j for j in range(len(second.points)) if j not in pairs.values()])


@dataclass
class Step:
    """Two neighbouring states and their links; `meeting` is the fold between them, if there is one."""

    low: State
    high: State
    links: Links
    unit: float  # of lengths: see `unit_of`
    meeting: Any = None

    def parted(self) -> bool:
        """Whether the centre of a symmetric p changes its kind, and one point (of a mirror pair) begins or ends."""
        changed = [i for i, j in self.links.pairs.items() if self.low.points[i].kind != self.high.points[j].kind]
        return bool(changed) and len(self.links.ended) + len(self.links.begun) == 1

    def pair(self) -> tuple[float, Gaussian] | None:
        """When all that begins or ends is one minimum and one other point: their separation, and the q between them."""
        state, lone = self._lone()
        if len(lone) != 2 or (self.links.ended and self.links.begun) or len({point.kind for point in lone}) != 2:
            return None
        first, second = (point.q for point in lone)
        std = (first.std * second.std) ** 0.5
        return state.separation, Gaussian(0.5 * (first.mean + second.mean), std)

    def holds(self, q: Gaussian) -> bool:
        """Whether q is near the points that begin or end."""
        near = [
            max(abs(q.mean - p.q.mean) / max(p.q.std, self.unit), abs(np.log(q.std / p.q.std))) for p in self._lone()[1]
        ]
        return max(near) < 1.0

    def _lone(self) -> tuple[State, list[StationaryPoint]]:
        state, which = (self.low, self.links.ended) if self.links.ended else (self.high, self.links.begun)
        return state, [state.points[i] for i in which]


def diagram_of(steps: list[Step]) -> tuple[Branch, ...]:
    """The branches through the states of consecutive steps, with the folds in which they end."""
    chains: list[list[tuple]] = []
    open_chains = {i: [_entry(steps[0].low, i)] for i in range(len(steps[0].low.points))}
    chains += open_chains.values()
    for step in steps:
        following: dict[int, list[tuple]] = {}
        for i, j in step.links.pairs.items():
            if step.low.points[i].kind == step.high.points[j].kind:
                following[j] = open_chains[i]
        for i in step.links.ended:
            open_chains[i] += _ending(step, open_chains[i])
        for j in range(len(step.high.points)):
            if j not in following:
                chain = _ending(step, [_entry(step.high, j)]) if j in step.links.begun else []
                chains.append(chain)
                following[j] = chain
            following[j].append(_entry(step.high, j))
        open_chains = following
    return tuple(Branch(chain[-1][0], *(np.array(column) for column in list(zip(*chain))[1:])) for chain in chains)


def _entry(state: State, i: int) -> tuple:
    point = state.points[i]
    return point.kind, state.separation, point.q.mean, point.q.std, point.value.value, i == 0


def _ending(step: Step, chain: list[tuple]) -> list[tuple]:
    """The fold of a step as an entry of a chain that ends or begins in it."""
    if step.meeting is None:
        return []
    (q,) = step.meeting.branches
    return [(chain[-1][0], step.meeting.separation, q.mean, q.std, step.meeting.value.value, False)]


def unit_of(target_at: TargetAt, q: Gaussian) -> float:
    """The length that counts as far for q: its std, or where that is held very small, the least std of p."""
    return max(q.std, float(target_at(0.0).stds.min()))


def _sharpness(p: GaussianMixture, q: Gaussian) -> float:
    """What a curvature of 1 is in units of q's std where q is held narrower than the component that it stands on."""
    nearest = np.argmax(np.log(p.weights / p.stds) - 0.5 * ((q.mean - p.means) / p.stds) ** 2)
    return min(1.0, q.std / float(p.stds[nearest])) ** 2
