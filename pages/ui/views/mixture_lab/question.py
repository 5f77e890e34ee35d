"""What the mixture lab asks: every Gaussian that either direction can settle on, for a target built by hand."""

from __future__ import annotations

from dataclasses import dataclass

from pages.ui.state import mixture
from pages.ui.state.fields import Choice
from pages.ui.state.mixture import Mixture
from pages.ui.state.two_modes import Start

FREE, HELD = "free", "held"
STD_OF_Q = Choice("std_of_q", "Std of q", {FREE: "fitted", HELD: "kept from its start"})
FIELDS = (*mixture.FIELDS, STD_OF_Q)


@dataclass(frozen=True)
class Question:
    """A target, where q starts, and whether q keeps the std of its start."""

    target: Mixture
    start: Start
    held: bool

    @property
    def fixed_std(self) -> float | None:
        """The std that q is held at, if any."""
        return self.start.std if self.held else None

    def to_python(self) -> str:
        """A few lines that reproduce the numbers of the page with the engine."""
        held = f", families.Gaussian(std={self.start.std!r})" if self.held else ""
        return f"""from kl_engine import Gaussian, GaussianMixture, families, fit
from kl_engine.optima import stationary_points

p = {self.target.to_python()}
print("forward fit", fit(p, "forward"{held}).q)
for point in stationary_points(p, "reverse"{held}):
    print(point.kind, point.q, point.value, point.eigenvalues)  # nats
print("from the start:", fit(p, "reverse"{held}, start={self.start.to_python()}).q)
"""
