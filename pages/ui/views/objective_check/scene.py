"""What minimising an objective does to one Gaussian q on the mixture of the sliders: computed, then said."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kl_engine import (
    Disagreement,
    Estimate,
    Gaussian,
    GaussianMixture,
    disagreement,
    forward_kl,
    missed_by_component,
    reverse_kl,
)
from kl_engine.fits.outcomes import Fate, Weights, fate
from kl_engine.fits.weighted import weighted_optima
from pages.ui.glossary.links import glossary
from pages.ui.say.numbers import normal, share
from pages.ui.state.two_modes import Target
from pages.ui.views.objective_check.charts import role_of

ON_ITS_WAY = {Fate.COLLAPSE: 0.05, Fate.SPREAD: 4.0, Fate.FLIGHT: 0.05}  # the std drawn, in units of p's
AWAY = 2.0  # std of p from its mean: a place to flee to
MODE_POINTS = 4001


@dataclass(frozen=True, eq=False)
class Demonstration:
    """The best q (or one on its way to nowhere), what it costs and fails at, and how many optima were found."""

    target: Target
    weights: Weights
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
    def role(self) -> str:
        """The style in which q is drawn."""
        return role_of("forward" if self.weights.forward else "reverse", self.pure)


def demonstrate(target: Target, weights: Weights) -> Demonstration:
    """Minimise A·H[p, q] − h·H[q] + c·H[q, p] over Gaussians q; or say where it goes when it has no minimum."""
    p, end = target.p, fate(weights)
    optima = weighted_optima(p, weights) if end is Fate.MINIMUM else ()
    q = optima[0].q if optima else _on_its_way(p, weights, end)
    numbers = forward_kl(p, q), reverse_kl(p, q), disagreement(p, q), missed_by_component(p, q)
    return Demonstration(target, weights, end, q, *numbers, len(optima))


def _on_its_way(p: GaussianMixture, weights: Weights, end: Fate) -> Gaussian:
    """A q that is part of the way to where the objective sends it."""
    std = ON_ITS_WAY.get(end, 1.0) * p.std
    if end is Fate.COLLAPSE and weights.energy > 0:
        return Gaussian(highest_point(p), std)
    return Gaussian(p.mean + AWAY * p.std if end is Fate.FLIGHT else p.mean, std)


def highest_point(p: GaussianMixture) -> float:
    """Where p is highest, to a four-thousandth of the span of its means: good enough to draw."""
    x = np.linspace(p.means.min(), p.means.max(), MODE_POINTS)
    return float(x[np.argmax(p.log_pdf(x))])


def sentence(shown: Demonstration, units: str) -> str:
    """What the numbers say, in words that hold for these numbers only."""
    match shown.fate:
        case Fate.CONSTANT:
            return "Here: every q is as good as any other; the one drawn is no answer."
        case Fate.COLLAPSE:
            return f"Here: q at x = {shown.q.mean:.2f}, drawn on its way to std 0. There is no best q."
        case Fate.SPREAD:
            return "Here: q drawn on its way to an infinite std. There is no best q."
        case Fate.FLIGHT:
            return "Here: a narrow q beside p, drawn on its way: anywhere will do. There is no best q."
    sides = [side for side, mass, weight in _components(shown) if mass.value > 0.5 * weight]
    invented = shown.failures.hallucinated
    term = glossary("locked and covering", units, "covers" if not sides else "is locked on")
    what = f"{term} both components"
    if len(sides) == 1:
        held = "left" if sides == ["right"] else "right"
        what = f"{term} the {held} component and misses {share(shown.failures.missed)} of p"
    elif sides:
        what = f"misses {share(shown.failures.missed)} of p, most of both components"
    tail = f", with {share(invented)} of its mass where p has next to none" if invented.value > 0.005 else ""
    many = f" ({shown.optima} local optima found; the best is shown)" if shown.optima > 1 else ""
    return f"Here: q = {normal(shown.q)} {what}{tail}{many}."


def _components(shown: Demonstration):
    target = shown.target
    return zip(("right", "left"), shown.missed, (target.weight, 1 - target.weight))
