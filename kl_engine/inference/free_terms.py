"""The six terms of a free energy, as every family of models gives them, and the three ways to add them up."""

from __future__ import annotations

from typing import NamedTuple

from kl_engine.estimates.estimate import Estimate


class FreeTerms(NamedTuple):
    """All in nats; see `variational.FreeEnergy`."""

    energy: Estimate
    entropy: Estimate
    complexity: Estimate
    accuracy: Estimate
    divergence: Estimate
    surprisal: Estimate

    def forms(self) -> dict[str, Estimate]:
        """F in its three forms, each from its own two terms."""
        return {
            "energy − entropy": self.energy - self.entropy,
            "complexity − accuracy": self.complexity - self.accuracy,
            "divergence + surprisal": self.divergence + self.surprisal,
        }
