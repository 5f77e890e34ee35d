"""The target of two Gaussians that the sliders set, and the Gaussian that q starts as, for the views that show them.

The engine is imported when p is asked for: the controls of a page stand before that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kl_engine import Gaussian, GaussianMixture


@dataclass(frozen=True)
class Target:
    """The target as its controls say it: p = weight N(+d/2, right²) + (1 − weight) N(−d/2, left²)."""

    separation: float
    weight: float
    right: float
    left: float

    @property
    def p(self) -> GaussianMixture:
        """The mixture."""
        return self.at(self.separation)

    def at(self, separation: float) -> GaussianMixture:
        """The mixture at another separation."""
        from kl_engine import GaussianMixture

        return GaussianMixture.two_modes(separation, self.weight, (self.right, self.left))

    def to_python(self) -> str:
        """The call of the engine that makes p."""
        numbers = f"{self.separation!r}, weight={self.weight!r}, stds=({self.right!r}, {self.left!r})"
        return f"GaussianMixture.two_modes({numbers})"


@dataclass(frozen=True)
class Start:
    """The Gaussian that q starts as, or that stands for q where nothing is fitted."""

    mean: float
    std: float

    @property
    def q(self) -> Gaussian:
        """The Gaussian."""
        from kl_engine import Gaussian

        return Gaussian(self.mean, self.std)

    def to_python(self) -> str:
        """The call of the engine that makes q."""
        return f"Gaussian({self.mean!r}, {self.std!r})"
