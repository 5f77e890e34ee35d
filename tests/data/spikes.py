"""Which fits of other libraries are set apart as spikes: their stds and weights are known here, not their means."""

from __future__ import annotations

import numpy as np

from kl_engine.data import Empirical
from kl_engine.data.ascent import FEW_POINTS, NARROW, floor


def may_be_spiked(other: dict, data: Empirical) -> bool:
    """Whether a component of another fit is narrower than the floor, on however many values, or narrow on a few."""
    weights, stds = np.array(other["weights"]), np.array(other["stds"]) / data.std
    return bool(((stds < floor(data.size)) | ((weights * data.size < FEW_POINTS) & (stds < NARROW))).any())
