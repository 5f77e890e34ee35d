"""The six terms of a free energy, as every family of models gives them, and the three ways to add them up."""

from __future__ import annotations

import math
from typing import NamedTuple

from kl_engine.estimates.estimate import Estimate
from kl_engine.estimates.rounding import EPSILON


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
            "energy − entropy": difference(self.energy, self.entropy),
            "complexity − accuracy": difference(self.complexity, self.accuracy),
            "divergence + surprisal": difference(self.divergence, negative(self.surprisal)),
        }


def difference(first: Estimate, second: Estimate) -> Estimate:
    """first − second; an infinite one decides, and gives its reason."""
    value = first.value - second.value
    if math.isinf(value):
        return Estimate(value, 0.0, (first if math.isinf(first.value) else second).method)
    rounding = EPSILON * (abs(first.value) + abs(second.value))
    methods = dict.fromkeys((first.method, second.method))
    return Estimate(value, first.error + second.error + rounding, "; ".join(methods))


def negative(estimate: Estimate) -> Estimate:
    """−estimate."""
    return Estimate(-estimate.value, estimate.error, estimate.method)
