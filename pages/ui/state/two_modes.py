"""The target of two Gaussians that the sliders set, shared by the views that show it."""

from __future__ import annotations

from dataclasses import dataclass

from kl_engine import GaussianMixture, two_modes


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
        return two_modes(separation, self.weight, (self.right, self.left))
