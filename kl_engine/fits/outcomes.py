"""What becomes of a Gaussian q that minimises A·H[p, q] − h·H[q] + c·H[q, p], before anything is computed.

Every objective that is linear in expectations of log q and log p is of this form: A is the weight of the expectation
under p, h that of q's entropy, c that of the expectation of −log p under q. D(p‖q) is A = 1; D(q‖p) is h = c = 1.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Weights(NamedTuple):
    """A, h and c: forward is the weight of E_p[−log q], entropy of H[q] (subtracted), energy of E_q[−log p]."""

    forward: float
    entropy: float
    energy: float

    def __neg__(self) -> Weights:
        return Weights(*(-weight for weight in self))


class Fate(StrEnum):
    """Where the minimisation ends: at a minimum, or on its way to nowhere."""

    MINIMUM = "minimum"
    COLLAPSE = "collapse"  # std → 0, on a mode of p
    SPREAD = "spread"  # std → ∞
    FLIGHT = "flight"  # std → 0, anywhere: −log q is rewarded under p, and q leaves p
    CONSTANT = "constant"  # it does not depend on q


def fate(weights: Weights) -> Fate:
    """The fate of a Gaussian q with free mean and std, p a Gaussian mixture.

    As std → 0 the three terms go as A/std², h log std and a constant; as std → ∞ as A log std, −h log std and c std².
    So A < 0 has no minimum at std → 0, c < 0 none at std → ∞, and where A = 0 or c = 0 the logarithms decide.
    """
    forward, entropy, energy = weights
    if forward < 0:
        return Fate.FLIGHT
    if energy < 0:
        return Fate.SPREAD
    if forward > 0:
        return Fate.MINIMUM if energy > 0 or forward > entropy else Fate.SPREAD
    if energy > 0:
        return Fate.MINIMUM if entropy > 0 else Fate.COLLAPSE
    return Fate.SPREAD if entropy > 0 else Fate.COLLAPSE if entropy < 0 else Fate.CONSTANT
