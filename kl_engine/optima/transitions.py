"""Folds, ties and pitchforks of the reverse divergence as the two modes of p move apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from kl_engine.distributions.gaussian import Gaussian, GaussianMixture
from kl_engine.divergences.verbs import reverse_kl
from kl_engine.estimates.checks import positive_vector, refuse
from kl_engine.estimates.estimate import Estimate
from kl_engine.estimates.floats import ieee
from kl_engine.estimates.tolerances import TOLD_APART
from kl_engine.fits import families
from kl_engine.optima.branches import Branch, State, Step, diagram_of, links, state_at
from kl_engine.optima.listing import Listing
from kl_engine.optima.stationary import StationaryPoints, stationary_points
from kl_engine.optima.turning_points import TargetAt, fold_near, pitchfork_between, tie_between

FARTHEST = 30.0  # of the separation, in the larger std
EVEN, GEOMETRIC = 121, 40  # separations that are looked at first
NEAREST = 0.05  # the smallest of them but 0, in the smaller std
CLOSEST = 1e-9  # of the separation: no shorter interval is divided
MOST_DOUBTS = 20  # with more of them, extreme scales side by side are beyond the search: it goes on undivided
MOST_STATES = 700


@dataclass(frozen=True)
class Transition:
    """A change in the stationary points of D(q‖p) at one separation, by its `kind`:

    "fold": a minimum and a saddle (σ fixed: a maximum) meet in the one q of `branches`; "pitchfork": the centre of a
    symmetric p loses its stability to a mirror pair; "tie": the global minimum passes from the first q to the second.
    `value` is the divergence there, in nats. Made by `kl.optima.transitions`.

    >>> import kl_engine as kl
    >>> error = kl.Estimate(0.684, 1e-3, kl.Certainty.ESTIMATED, "by hand")
    >>> tie = kl.optima.Transition("tie", 5.6, (kl.Gaussian(0, 2.9), kl.Gaussian(2.8, 1)), error)
    >>> tie.kind, len(tie.branches)
    ('tie', 2)
    """

    kind: str
    separation: float
    branches: tuple[Gaussian, ...]
    value: Estimate


class Transitions(Listing):
    """A tuple of each `Transition` found, by separation, with what was there from the start and the whole diagram.

    `at_zero`: the stationary points at separation 0, which no transition makes. `diagram`: the branches; of a symmetric
    p only those at the right (`symmetric` is then true). `complete` and `message`: whether every count was right.
    Divergences are in nats. Made by `kl.optima.transitions`.

    >>> import kl_engine as kl
    >>> found = kl.optima.transitions(family=kl.families.Gaussian(std=3.0))
    >>> len(found), found.symmetric, found.complete
    (1, True, True)
    """

    told = ("at_zero", "diagram", "symmetric", "complete", "message")
    at_zero: StationaryPoints
    diagram: tuple[Branch, ...]
    symmetric: bool
    complete: bool
    message: str


@ieee
def transitions(
    weight: float = 0.5,
    stds=(1.0, 1.0),
    family: families.Gaussian | None = None,
    progress: Callable[[float], object] | None = None,
) -> Transitions:
    """The folds, ties and pitchforks of D(q‖p) for `GaussianMixture.two_modes(d, weight, stds)`, by d.

    The separation d goes from 0 to 30 max(stds). At each of some 160 separations all stationary points are found
    (`stationary_points`) and linked to those of the next. Where a point has no continuation, or one too far off, the
    interval is halved, until the pair that is born or dies in it leads Newton's method to its fold (gradient = 0, det H
    = 0); where the best point is not continued by the best, the two branches are compared. So no change of the number
    of points between two separations is missed; only a pair that is born and dies again between two neighbours could
    be. Of a symmetric p, a mirror pair counts once. With `family=kl.families.Gaussian(std=…)` q's std is held.
    `progress` is called with the share done; what it raises stops the work. Raises ValueError for a bad argument.
    `weight` is that of the mode at the right, `stds` the two widths, in the unit of x as d is; divergences are in nats.
    Source: S. Strogatz, Nonlinear Dynamics and Chaos (2015), ch. 3, for the kinds.

    >>> import kl_engine as kl
    >>> found = kl.optima.transitions(family=kl.families.Gaussian(std=3.0))
    >>> [(each.kind, round(each.separation, 5)) for each in found]
    [('pitchfork', 7.54395)]
    """
    stds = positive_vector("stds", stds)
    if stds.size != 2:
        raise refuse("stds", "two numbers > 0", stds.tolist())
    family = families.on_the_line(family)
    symmetric = bool(stds[0] == stds[1]) and weight == 0.5
    search = _Search(lambda d: GaussianMixture.two_modes(d, weight, stds), family, symmetric)
    longest, smallest = FARTHEST * float(stds.max()), NEAREST * float(stds.min())
    at_zero = stationary_points(search.target_at(0.0), "reverse", family)
    grid = np.union1d(np.linspace(0, longest, EVEN), np.geomspace(smallest, longest, GEOMETRIC)).tolist()
    state = search.state(0.0)
    for there in grid[1:]:
        state = search.between(state, search.state(there))
        if progress:
            progress(there / longest)
    found = sorted(search.found, key=lambda transition: transition.separation)
    doubts = search.doubts
    message = "every count is right" if not doubts else f"the count is in doubt near separations {_listed(doubts)}"
    return Transitions(found, at_zero, diagram_of(search.steps), search.symmetric, not doubts, message)


def _listed(doubts: list[float]) -> str:
    first = ", ".join(f"{doubt:.6g}" for doubt in doubts[:3])
    return first if len(doubts) <= 3 else f"{first} and {len(doubts) - 3} more"


class _Search:
    """A walk along the separations."""

    def __init__(self, target_at: TargetAt, family: families.Gaussian, symmetric: bool) -> None:
        self.target_at, self.family, self.fixed, self.symmetric = target_at, family, family.std, symmetric
        self.found: list[Transition] = []
        self.steps: list[Step] = []
        self.doubts: list[float] = []
        self.states = 0

    def state(self, separation: float) -> State:
        """The stationary points at a separation."""
        self.states += 1
        return state_at(self.target_at, separation, self.family, self.symmetric)

    def between(self, low: State, high: State) -> State:
        """Find all that happens between two states; the second one, to go on from."""
        pairs = links(self.target_at, low, high, self.symmetric)
        step = Step(low, high, pairs, float(self.target_at(0.0).stds.min()))
        settled = self._settled(step)
        short = high.separation - low.separation < CLOSEST * high.separation
        certain = low.complete and high.complete and len(self.doubts) < MOST_DOUBTS
        if not settled and not short and certain and self.states < MOST_STATES:
            middle = self.state(0.5 * (low.separation + high.separation))
            if low.separation < middle.separation < high.separation:
                return self.between(self.between(low, middle), high)
        if not (settled and low.complete and high.complete):
            self.doubts.append(high.separation)
        self.steps.append(step)
        return high

    def _settled(self, step: Step) -> bool:
        """Whether the links of a step explain themselves; then its transitions are noted."""
        noted: list[Transition] = []
        links = step.links
        if self.symmetric and self.fixed is not None and step.parted():
            separation = pitchfork_between(self.target_at, step.low.separation, step.high.separation, self.fixed)
            noted.append(self._transition("pitchfork", separation, Gaussian(0.0, self.fixed)))
        elif links.ended or links.begun:
            if not (pair := step.pair()):
                return False
            start, q = pair
            fold = fold_near(self.target_at, start, q, self.fixed is not None)
            if not fold or not step.low.separation <= fold[0] <= step.high.separation or not step.holds(fold[1]):
                return False
            step.meeting = self._transition("fold", *fold)
            noted.append(step.meeting)
        if not noted or noted[0].kind == "fold":
            best = self._tie(step)
            if best is None:
                return False
            noted += best
        self.found += noted
        return True

    def _tie(self, step: Step) -> list[Transition] | None:
        """The tie of a step, if there is one; None where the best branch cannot be followed through it.

        Far apart, two locked fits of equal weight cost the same to all digits: that is not a tie.
        """
        pairs = step.links.pairs
        if pairs.get(0) == 0:
            return []
        if 0 not in pairs or 0 not in pairs.values():
            return None
        rival = next(i for i, j in pairs.items() if j == 0)
        leads = [
            state.points[i].value.value - state.points[j].value.value
            for state, i, j in ((step.low, rival, 0), (step.high, pairs[0], 0))
        ]
        if min(leads) < TOLD_APART:
            return []
        ends = ((step.low.points[i].q, step.high.points[j].q) for i, j in ((0, pairs[0]), (rival, 0)))
        found = tie_between(self.target_at, step.low.separation, step.high.separation, *ends, self.fixed is not None)
        return [self._transition("tie", *found)]

    def _transition(self, kind: str, separation: float, *qs: Gaussian) -> Transition:
        return Transition(kind, separation, qs, reverse_kl(self.target_at(separation), qs[-1]))
