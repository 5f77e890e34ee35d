"""What the α dial asks: which Gaussian is best for this target at this α."""

from __future__ import annotations

from dataclasses import dataclass

from pages.ui.state.fields import Slider
from pages.ui.state.sliders import TARGET
from pages.ui.state.two_modes import Target

ALPHA = Slider("alpha", "α", 0.0, 1.0, 0.01, 0.5, "0 is the reverse divergence D(q‖p), 1 the forward one D(p‖q).")
FIELDS = (ALPHA, *TARGET)


@dataclass(frozen=True)
class Question:
    """A target, and where the dial stands."""

    target: Target
    alpha: float

    def to_python(self) -> str:
        """A few lines that reproduce the numbers of the page with the engine."""
        return f"""import numpy as np
from kl_engine import Alpha, GaussianMixture, disagreement, fit, forward_kl, reverse_kl
from kl_engine.optima import alpha_path

p = {self.target.to_python()}
found = fit(p, Alpha({self.alpha!r}))
print(found.q, found.value, found.reason)
print("D(q‖p) =", reverse_kl(p, found.q), "  D(p‖q) =", forward_kl(p, found.q))  # nats
print("hallucinated, missed:", *disagreement(p, found.q))
for jump in alpha_path(p, np.linspace(0, 1, 201)).jumps:
    print("jump at", jump.alpha, "from", jump.before, "to", jump.after)
"""
