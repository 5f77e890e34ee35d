"""What is certain of D(a‖b) from samples of both, whatever the densities: a lower limit. There is no upper one."""

from __future__ import annotations

import math

import numpy as np

from kl_engine.divergences.samples.coordinates import frame_of
from kl_engine.divergences.samples.ratio import ratio_of
from kl_engine.divergences.samples.reading import Sample
from kl_engine.estimates.certainty import LEVEL

SETS = np.linspace(0.02, 0.98, 40)  # quantiles of T over x, at which a set is tried


def certified(x: Sample, y: Sample) -> tuple[str, float | None]:
    """Words on it, empty where there is nothing to say, and the lower limit in nats, which holds at 95 %.

    A set {T > t} is chosen by every other point; of the rest its masses have the limits of C. Clopper and E. Pearson
    (Biometrika 26 (1934) 404), each at 97.5 %. By the data processing inequality the binary divergence of these masses
    is no larger than D(a‖b). Of dependent draws nothing is certified.
    """
    if x.chains or y.chains:
        return "", None
    from scipy.special import betaincinv

    frame = frame_of(x.points[::2], y.points[::2])
    ratio = ratio_of(frame.of(x.points[::2]), frame.of(y.points[::2]))

    def promised(threshold: float) -> float:
        return binary((ratio.at_x > threshold).mean(), (1 + (ratio.at_y > threshold).sum()) / (2 + ratio.at_y.size))

    chosen = max(np.quantile(ratio.at_x, SETS), key=promised)
    inside = [ratio.at(frame.of(sample.points[1::2])) > chosen for sample in (x, y)]
    (hits, n), (few, m) = ((int(each.sum()), each.size) for each in inside)
    tail = (1 - LEVEL) / 2
    low = float(betaincinv(hits, n - hits + 1, tail)) if hits else 0.0
    high = float(betaincinv(few + 1, m - few, 1 - tail)) if few < m else 1.0
    if not low > high:
        return "", None
    least = binary(low, high)
    return f". Certain at 95 %: D is at least {least:.3g} nats", least


def binary(u: float, v: float) -> float:
    """u log(u/v) + (1 − u) log((1 − u)/(1 − v)) for 0 <= u <= 1, 0 < v < 1."""
    return sum(p * math.log(p / q) for p, q in ((u, v), (1 - u, 1 - v)) if p > 0)
