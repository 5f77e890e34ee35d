"""D from samples, each number with its interval or a refusal in words; public at the top of `kl_engine`.

The half width is 1.96 standard errors, and besides: a share of what rests on where b is not seen (there T goes on as a
parabola, which nothing in the samples proves), what the heaviest single point does, what the penalty of the features
takes, what neighbours show that the model leaves out, and what points that were not drawn may add (`unseen`). It was
tried on known pairs, 200 samples of each (`tests/bench/samples.py`): it covers D in at least 90 % of them.
"""

from __future__ import annotations

import math

from kl_engine.divergences.estimators.monte_carlo import QUANTILE
from kl_engine.divergences.samples import limits
from kl_engine.divergences.samples.coordinates import frame_of
from kl_engine.divergences.samples.ratio import Ratio, ratio_of
from kl_engine.divergences.samples.reading import Sample, dimensions, two_samples
from kl_engine.divergences.samples.unseen import beyond_samples
from kl_engine.estimates.certainty import LEVEL, Certainty
from kl_engine.estimates.estimate import Estimate
from kl_engine.estimates.floats import ieee

TRUSTED = 0.25  # of what a parabola says of where no y is
HEAVIEST = 1.0


@ieee
def kl_from_samples(x, y) -> Estimate:
    """D(a‖b) in nats from a sample x of a and a sample y of b: a CONFIDENCE(0.95) interval.

    `x` and `y` are independent draws in 1 to 5 dimensions: lists of numbers, points as rows, tables (columns are
    matched by name), or (chain, draw) and (chain, draw, d) arrays, whose dependence widens the interval. The log ratio
    of the densities is a weighted logistic regression on quadratic features and bumps. D(a‖b) = E_a log a/b itself is
    never negative; the centre of an interval that holds 0 may be. Raises `divergences.Refused`, a ValueError that says
    why, with a lower limit of D where one is certified, where no interval can be trusted: repeated points, x beyond the
    edge of y, most of x where there is no y; and ValueError for too few points or too many dimensions. Source: M.
    Sugiyama, T. Suzuki, T. Kanamori, Density Ratio Estimation in Machine Learning (2012), for the ratio by
    classification; the interval is KL Lab's own.

    >>> import kl_engine as kl
    >>> x, y = kl.Gaussian(0, 1).sample(1000, 1), kl.Gaussian(1, 1.5).sample(1000, 2)
    >>> found = kl.kl_from_samples(x, y)
    >>> found.certainty, abs(found.value - 0.349910) < found.error
    (Certainty.CONFIDENCE(0.95), True)
    """
    first, second = two_samples(x, y)
    limits.spread_out("x", first), limits.spread_out("y", second)
    frame = frame_of(first.points, second.points)
    zx, zy = frame.of(first.points), frame.of(second.points)
    limits.full_dimension("x", zx), limits.full_dimension("y", zy)
    limits.within_edges(first, second, zx, zy)
    ratio = ratio_of(zx, zy)
    limits.seen_enough(first, second, ratio)
    unseen = beyond_samples(*(frame.unbent(each.points) for each in (first, second)), ratio)
    error = half_width(first, second, ratio) + limits.modelled(zx, zy, ratio) + unseen.half_width
    method = (
        f"log ratio by a weighted logistic regression, {first.size} and {second.size} points in "
        f"{dimensions(first.dimension)}, influence function"
    )
    return Estimate(ratio.value, error, Certainty.CONFIDENCE(LEVEL), method)


def half_width(x: Sample, y: Sample, ratio: Ratio) -> float:
    """Of the interval, in nats."""
    variance = limits.variance_of_mean("x", ratio.by_x, x) + limits.variance_of_mean("y", ratio.by_y, y)
    return QUANTILE * math.sqrt(variance) + TRUSTED * ratio.unseen[1] + HEAVIEST * ratio.heaviest + ratio.shrunk
