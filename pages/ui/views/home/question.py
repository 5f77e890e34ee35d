"""What the home page asks: which Gaussian fits this target best in each direction, and by which motion it is shown."""

from __future__ import annotations

from dataclasses import dataclass

from pages.ui.state.fields import Choice, Toggle
from pages.ui.state.sliders import START, TARGET
from pages.ui.state.two_modes import Start, Target

FIT, SWEEP = "fit", "sweep"
MOTION = Choice("motion", "Motion", {FIT: "fit", SWEEP: "sweep"})
INTEGRANDS = Toggle("integrands", "Pointwise integrands")  # shows more of the same answer
FIELDS = (*TARGET, *START, MOTION, INTEGRANDS)


@dataclass(frozen=True)
class Question:
    """A target and the start of both fits; without a start, the best fits as the modes of the target move apart."""

    target: Target
    start: Start | None

    @classmethod
    def of(cls, motion: str, target: list[float], start: list[float]) -> Question:
        """The question of these controls; a sweep has no start."""
        return cls(Target(*target), Start(*start) if motion == FIT else None)

    @property
    def sweeping(self) -> bool:
        """Whether it is about all separations."""
        return self.start is None

    def to_python(self) -> str:
        """A few lines that reproduce the numbers of the page with the engine."""
        begin = "" if self.sweeping else f", start={self.start.to_python()}"
        return f"""from kl_engine import Gaussian, GaussianMixture, disagreement, fit, forward_kl, reverse_kl

p = {self.target.to_python()}
for direction in ("forward", "reverse"):
    found = fit(p, direction{begin})
    q = found.q
    print(direction, q, found.reason)
    print("  D(p‖q) =", forward_kl(p, q), "  D(q‖p) =", reverse_kl(p, q))  # nats
    print("  hallucinated, missed:", *disagreement(p, q))
"""
