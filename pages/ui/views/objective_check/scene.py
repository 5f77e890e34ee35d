"""What minimising an objective does to one Gaussian q on the mixture of the sliders: engine results, nothing drawn."""

from __future__ import annotations

from dataclasses import dataclass

from kl_engine import Alpha, Estimate, Gaussian, Solution, Weighted, disagreement, fit, forward_kl, reverse_kl
from kl_engine.divergences import Disagreement, missed_by_component
from kl_engine.fits.weighted import Fate, fate
from kl_engine.objectives.verdicts import Verdict
from pages.ui.cache.kept import kept
from pages.ui.state.two_modes import Target
from pages.ui.views.objective_check.question import Question, on_its_way

FORWARD_END, REVERSE_END = Weighted(1.0, 0.0, 0.0), Weighted(0.0, 1.0, 1.0)  # of a family between the directions


@dataclass(frozen=True, eq=False)
class Demonstration:
    """The best q (or one on its way to nowhere), what it costs and fails at, and how many optima were found."""

    target: Target
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
        weights = {"right": self.target.weight, "left": 1 - self.target.weight}
        return tuple(side for (side, weight), mass in zip(weights.items(), self.missed) if mass.value > 0.5 * weight)


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
        return Scene(question, verdict, demonstrated(target, verdict.weights))
    ends = (demonstrated(target, weights) for weights in (FORWARD_END, REVERSE_END))
    return Family(question, fit(target.p, Alpha(question.alpha)), *ends)


@kept(256)
def demonstrated(target: Target, weights: Weighted) -> Demonstration:
    """Minimise A·H[p, q] − h·H[q] + c·H[q, p] over Gaussians q; or say where it goes when it has no minimum."""
    p, end = target.p, fate(weights)
    optima = fit(p, weights).optima if end is Fate.MINIMUM else ()
    q = optima[0].q if optima else on_its_way(p, weights, end)
    numbers = forward_kl(p, q), reverse_kl(p, q), disagreement(p, q), missed_by_component(p, q)
    return Demonstration(target, weights, end, q, *numbers, len(optima))
