"""What rounding does to a double, and the two guards that every closed form shares."""

from __future__ import annotations

import math

from kl_engine.estimates.estimate import Estimate

EPSILON = 2.0**-52
SERIES_BELOW = 0.5


def excess_over_log(u: float) -> float:
    """u − log(1 + u) for |u| <= ½, to full relative precision.

    With t = u/(2 + u), log(1 + u) = 2 artanh t and u − 2t = u t: the leading terms cancel on paper, not in floats.
    """
    t = u / (2 + u)
    square, power, tail, n = t * t, t, 0.0, 1
    while True:
        power *= square
        n += 2
        if tail + power / n == tail:
            return u * t - 2 * tail
        tail += power / n


def finite_or_refuse(estimate: Estimate) -> Estimate:
    """The estimate; OverflowError when it is finite in truth and yet beyond the largest double."""
    if math.isfinite(estimate.value):
        return estimate
    raise OverflowError(
        "the divergence is finite but beyond the largest double (1.8e308): bring the means closer or widen the stds"
    )
