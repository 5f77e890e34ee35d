"""What minimising an objective does to one Gaussian q on the mixture of the sliders: engine results, nothing drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from kl_engine import (
    Alpha,
    Estimate,
    Gaussian,
    GaussianMixture,
    Solution,
    Weighted,
    disagreement,
    fit,
    forward_kl,
    reverse_kl,
)
from kl_engine.divergences import Disagreement, missed_by_component
from kl_engine.fits.weighted import Fate, fate
from kl_engine.objectives.rewarded import rewarded
from kl_engine.objectives.verdicts import Verdict
from kl_engine.optima import separation_sweep
from pages.ui.cache.kept import kept
from pages.ui.cache.long_work import long
from pages.ui.state.two_modes import Target
from pages.ui.views.objective_check.question import Question, on_its_way

SIDES = ("right", "left")  # the components of p, in their order
FARTHEST, ROWS = 10.0, 41  # the separations at which the best fits are looked at first
FINE = 0.004  # of a separation at which a fit passes from one kind to another without a jump
FORWARD_END, REVERSE_END = Weighted(1.0, 0.0, 0.0), Weighted(0.0, 1.0, 1.0)  # of a family between the directions


@dataclass(frozen=True, eq=False)
class Demonstration:
    """The best q (or one on its way to nowhere), what it costs and fails at, and how many optima were found."""

    p: GaussianMixture
    weights: Weighted
    fate: Fate
    q: Gaussian
    forward: Estimate
    reverse: Estimate
    failures: Disagreement
    missed: tuple[Estimate, ...]
    optima: int

    @property
    def pure(self) -> bool:
        """Whether the objective is one direction and nothing else."""
        forward, entropy, energy = self.weights
        only_forward = forward > 0 and entropy == energy == 0
        return self.fate is Fate.MINIMUM and (only_forward or (forward == 0 and entropy == energy))

    @property
    def sides(self) -> tuple[str, ...]:
        """The components of p of which q misses more than half."""
        return sides_missed(self.p, self.missed)


def sides_missed(p: GaussianMixture, missed: tuple[Estimate, ...]) -> tuple[str, ...]:
    """The components of p, "right" and "left", of which more than half is missed."""
    return tuple(side for side, weight, mass in zip(SIDES, p.weights, missed) if mass.value > 0.5 * weight)


@dataclass(frozen=True, eq=False)
class Scene:
    """An objective that is a sum of expectations: what it forces, and what it does here."""

    question: Question
    verdict: Verdict
    shown: Demonstration


@dataclass(frozen=True, eq=False)
class Family:
    """A family between the two directions: one member of it, and both ends."""

    question: Question
    member: Solution
    forward: Demonstration
    reverse: Demonstration


@kept(256)
def answered(question: Question) -> Scene | Family:
    """Everything that the page shows of a question."""
    target = question.target
    if question.alpha is None:
        verdict = question.verdict
        return Scene(question, verdict, demonstrated(rewarded(target.p, verdict.tilt), verdict.weights))
    ends = (demonstrated(target.p, weights) for weights in (FORWARD_END, REVERSE_END))
    return Family(question, fit(target.p, Alpha(question.alpha)), *ends)


@kept(256)
def demonstrated(p: GaussianMixture, weights: Weighted) -> Demonstration:
    """Minimise A·H[p, q] − h·H[q] + c·H[q, p] over Gaussians q; or say where it goes when it has no minimum."""
    end = fate(weights)
    optima = fit(p, weights).optima if end is Fate.MINIMUM else ()
    q = optima[0].q if optima else on_its_way(p, weights, end)
    numbers = forward_kl(p, q), reverse_kl(p, q), disagreement(p, q), missed_by_component(p, q)
    return Demonstration(p, weights, end, q, *numbers, len(optima))


@dataclass(frozen=True)
class Stance:
    """What the best reverse fit misses more than half of, from one separation on; `jumps`: whether it jumps there."""

    start: float
    missed: tuple[str, ...]
    jumps: bool


@long(64, "Finding where the best fit is of another kind …")
def stances(weight: float, right: float, left: float) -> tuple[Stance, ...]:
    """What kind of fit the best one in reverse is, at every separation from 0 on: about a second of work."""
    target = Target(0.0, weight, right, left)

    def kind(separation: float, q: Gaussian) -> tuple[str, ...]:
        p = target.at(separation)
        return sides_missed(p, missed_by_component(p, q))

    separations = np.linspace(0.0, FARTHEST, ROWS)
    swept = separation_sweep(separations, weight, (right, left))
    rows = [(d, kind(d, q)) for d, q in zip(separations.tolist(), swept.reverse)]
    found = [Stance(0.0, rows[0][1], False)]
    for (low, before), (high, after) in pairwise(rows):
        for tie in (tie for tie in swept.ties if low < tie.separation <= high):
            low, before = tie.separation, kind(tie.separation, tie.after)
            if before != found[-1].missed:
                found.append(Stance(tie.separation, before, True))
        if after != found[-1].missed:
            found.append(Stance(_change(target, low, high, after, kind), after, False))
    return tuple(found)


def _change(target: Target, low: float, high: float, after: tuple[str, ...], kind: Callable) -> float:
    """Where, between two separations, the best fit becomes one of this kind."""
    while high - low > FINE:
        middle = 0.5 * (low + high)
        is_after = kind(middle, fit(target.at(middle), "reverse").q) == after
        low, high = (low, middle) if is_after else (middle, high)
    return high
