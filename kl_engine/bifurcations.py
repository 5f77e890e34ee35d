"""How the reverse fits of two modes change as these move apart: folds, ties, the pitchfork, the branches between."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from kl_engine.branches import Node, Step, traced
from kl_engine.distributions import Gaussian
from kl_engine.divergences import reverse_kl
from kl_engine.estimates import Estimate
from kl_engine.folds import folds_in, pitchfork_in
from kl_engine.stationary import StationaryPoints
from kl_engine.sweep import two_modes
from kl_engine.ties import EQUAL, Family, ties_between
from kl_engine.validation import finite, positive, positive_vector, refuse

FARTHEST = 30.0  # the largest separation, in units of the wider component
NEAR, FAR = 0.1, 0.5  # steps of the separation, in the same units, up to CLOSE and beyond
CLOSE = 12.0
SAME, SAME_Q = 1e-9, 1e-4  # of the scale, of q's std: two solutions this near are one event
NEARBY, BESIDE = 1e-3, 0.1  # the same for what leads to a pitchfork, where the equations of a fold are singular


@dataclass(frozen=True)
class Transition:
    """A separation at which the answers change: `kind` is "fold", "tie" or "pitchfork".

    `branches` holds the q that is born or dies there (with its mirror image when p is symmetric), or the two q that are
    equally good; `value` is D(q‖p) in nats.
    """

    kind: str
    separation: float
    branches: tuple[Gaussian, ...]
    value: Estimate


class Transitions(tuple):
    """A tuple of `Transition` by separation, with the `steps` of the branches between them.

    `initial` are the stationary points that exist already at separation 0, best first.
    """

    steps: tuple[Step, ...]
    initial: StationaryPoints

    def __new__(cls, events, steps) -> Transitions:
        """The events by their separation."""
        self = super().__new__(cls, sorted(events, key=lambda event: event.separation))
        self.steps, self.initial = tuple(steps), steps[0].low.points
        return self

    @property
    def nodes(self) -> tuple[Node, ...]:
        """The separations looked at, with all stationary points of each."""
        return (self.steps[0].low, *(step.high for step in self.steps))


def transitions(
    weight: float = 0.5,
    stds=(1.0, 1.0),
    fixed_std: float | None = None,
    progress: Callable[[float], None] = lambda share: None,
) -> Transitions:
    """Every fold, tie and pitchfork of D(q‖p) for p = weight N(+d/2, stds[0]²) + (1 − weight) N(−d/2, stds[1]²), as d
    grows from 0 to 30 max(stds).

    A fold is where a minimum and a saddle (with `fixed_std`: a maximum) are born or vanish together: ∇D = 0, det H = 0,
    solved to rounding. A tie is where the best minimum changes branch; a mirror pair counts as one. A pitchfork exists
    only with `fixed_std` and full symmetry. All stationary points are found at some 160 separations and continued from
    each to the next; where one is not continued the step is halved until it is short, and the fold solved for. What
    could be missed is a pair that is born and dies within one step (0.1 max(stds), beyond 12 max(stds) 5 times that).
    `progress` is told the share done; what it raises ends the work. Raises ValueError for a bad argument.
    """
    if not 0 < finite("weight", weight) < 1:
        raise refuse("weight", "a number between 0 and 1", weight)
    widths = positive_vector("stds", stds)
    if widths.size != 2:
        raise refuse("stds", "two numbers > 0", stds)
    fixed = None if fixed_std is None else positive("fixed_std", fixed_std)
    scale = float(widths.max())
    near, far = np.arange(0, CLOSE, NEAR), np.arange(CLOSE, FARTHEST + FAR / 2, FAR)
    family = partial(two_modes, weight=weight, stds=tuple(widths.tolist()))
    steps = traced(family, scale * np.round(np.concatenate([near, far]), 10), scale, fixed, progress)
    symmetric = weight == 0.5 and widths[0] == widths[1]
    events = [event for step in steps for event in _events(family, step, scale, fixed, symmetric)]
    return Transitions(_distinct(events, scale), steps)


def _events(family: Family, step: Step, scale: float, fixed: float | None, symmetric: bool) -> list[Transition]:
    """What happens within one step."""
    held, found = fixed is not None, []
    for separation, q in folds_in(family, step, scale, held):
        twins = (q, Gaussian(-q.mean, q.std)) if symmetric else (q,)
        found.append(_event("fold", family, separation, *sorted(twins, key=lambda twin: -twin.mean)))
    if symmetric and held:
        separation = pitchfork_in(family, step, fixed)
        if separation is not None:
            found.append(_event("pitchfork", family, separation, Gaussian(0.0, fixed)))
    best, next_best = step.low.points[0], step.high.points[0]
    successor = step.links.get(0)
    kept = successor is not None and step.high.points[successor].value.value <= next_best.value.value + EQUAL
    if not kept:
        ends = (np.array([point.q.mean, point.q.std]) for point in (best, next_best))
        for tie in ties_between(family, step.low.separation, step.high.separation, *ends, held):
            found.append(Transition("tie", tie.separation, (tie.before, tie.after), tie.value))
    return found


def _distinct(found: list[Transition], scale: float) -> list[Transition]:
    """Each event once: both points of a pair lead to the fold at which they meet, and those of a pitchfork to it."""
    kept: list[Transition] = []
    forks = [event for event in found if event.kind == "pitchfork"]
    for event in found:
        of_fork = event.kind == "fold" and any(_meets(event, fork, NEARBY * scale, BESIDE) for fork in forks)
        if not of_fork and not any(_meets(event, other, SAME * scale, SAME_Q) for other in kept):
            kept.append(event)
    return kept


def _meets(first: Transition, second: Transition, near: float, aside: float) -> bool:
    """Whether two events are at one separation and one q."""
    gap = abs(first.branches[0].mean - second.branches[0].mean)
    return abs(first.separation - second.separation) < near and gap < aside * second.branches[0].std


def _event(kind: str, family: Family, separation: float, *branches: Gaussian) -> Transition:
    return Transition(kind, separation, branches, reverse_kl(family(separation), branches[0]))
