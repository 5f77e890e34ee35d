"""What the transitions page asks: which stationary points the reverse divergence has as the modes of p move apart."""

from __future__ import annotations

from dataclasses import dataclass

from pages.ui.state.fields import Choice, Slider
from pages.ui.state.sliders import TARGET
from pages.ui.state.two_modes import Target

FREE, HELD = "free", "held"
STD_OF_FIT = Choice("std_of_fit", "Std of q", {FREE: "fitted", HELD: "held"})
HELD_STD = Slider("held_std", "Std that q is held at", 0.2, 8.0, 0.1, 1.0, "Then only the mean of q is fitted.")
NEAR, WHOLE = "near", "whole"
RANGE = Choice("range", "Separations shown", {NEAR: "to 10", WHOLE: "all"})  # shows more of the same answer
FIELDS = (*TARGET, STD_OF_FIT, HELD_STD, RANGE)


@dataclass(frozen=True)
class Question:
    """A target, whose separation is where it stands among the transitions, and the std that q is held at, if any."""

    target: Target
    fixed_std: float | None

    def to_python(self) -> str:
        """A few lines that reproduce the transitions, and the points at the present separation, with the engine."""
        t = self.target
        held = "" if self.fixed_std is None else f", family=families.Gaussian(std={self.fixed_std!r})"
        names = "GaussianMixture, families" if held else "GaussianMixture"
        return f"""from kl_engine import {names}
from kl_engine.optima import stationary_points, transitions

found = transitions(weight={t.weight!r}, stds={(t.right, t.left)!r}{held})
for event in found:
    print(event.kind, event.separation, event.branches, event.value)  # nats
print("at separation 0:", [(point.kind, point.q) for point in found.at_zero])
p = {t.to_python()}
for point in stationary_points(p, "reverse"{held}):
    print("here:", point.kind, point.q, point.value)
"""
