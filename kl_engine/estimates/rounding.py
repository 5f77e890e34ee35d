"""What rounding does to a double, the constants that every density needs, and u − log(1 + u) without cancellation."""

from __future__ import annotations

import math

EPSILON = 2.0**-52  # the spacing of doubles at 1: an operation is right to half of it, relatively
ROUNDING = 8 * EPSILON  # times the scale that an integrand states for each of its values
GAMMA_ROUNDING = 32 * EPSILON  # of log Γ and ψ, relative to the largest of the terms
LOG_DENSITY_ROUNDING = 4 * EPSILON  # of a sampled log density, relative to its size
SERIES_BELOW = 0.5
SERIES_REST = 2.0**-58  # of the sum of a series, that its bounded rest may be

LOG_2 = math.log(2.0)  # nats in a bit
ROOT_2 = math.sqrt(2.0)
ROOT_TAU = math.sqrt(2 * math.pi)  # √(2π): the density of the standard Gaussian at 0 is 1/√(2π)
LOG_ROOT_TAU = 0.5 * math.log(2 * math.pi)  # log √(2π)


def excess_over_log(u: float) -> float:
    """u − log(1 + u) for |u| <= ½, to full relative precision.

    With t = u/(2 + u), log(1 + u) = 2 artanh t and u − 2t = u t: the leading terms cancel on paper, not in floats. The
    terms of artanh t − t = t³/3 + t⁵/5 + … fall by t² <= 1/9 at least, so that what is left after one is below an
    eighth of it.
    """
    t = u / (2 + u)
    square, power, tail, n = t * t, t * t * t, 0.0, 3
    while abs(power) > SERIES_REST * square:
        tail += power / n
        power *= square
        n += 2
    return u * t - 2 * tail
