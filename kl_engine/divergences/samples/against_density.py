"""D of a sample from a density that is known: only the entropy of the sample is estimated.

On the line by the distances to the k-th neighbours, k about the cube root of N (L. Kozachenko, N. Leonenko, Problems of
Information Transmission 23 (1987) 95). In more dimensions H[a] is the sum of the entropies of the coordinates, in a
frame in which they are as good as independent, less what they still have in common, which is a D of two samples.
"""

from __future__ import annotations

import math

import numpy as np

from kl_engine.distributions.adapters import as_distribution
from kl_engine.distributions.line import Density
from kl_engine.divergences.any_line import described
from kl_engine.divergences.estimators.monte_carlo import QUANTILE
from kl_engine.divergences.samples import limits
from kl_engine.divergences.samples.coordinates import BENT, Frame, frame_of
from kl_engine.divergences.samples.intervals import HEAVIEST
from kl_engine.divergences.samples.ratio import ratio_of
from kl_engine.divergences.samples.reading import Sample, dimensions, no_repeats, sample_of
from kl_engine.divergences.samples.unseen import beyond
from kl_engine.estimates.certainty import LEVEL, Certainty
from kl_engine.estimates.checks import refuse
from kl_engine.estimates.estimate import Estimate
from kl_engine.estimates.floats import ieee

DRAWS = 4000, 20_000  # of independent coordinates: twice the sample, but at least and at most so many
LEAST_ORDER = 3


@ieee
def kl_to_density(x, q) -> Estimate:
    """D(a‖q) in nats from a sample x of a, q being known: a CONFIDENCE(0.95) interval.

    D(a‖q) = −H[a] − E_a log q; `x` as in `kl_from_samples`; `q` is any continuous distribution of as many dimensions,
    or an object with `log_pdf` of points (N, d) and a `dimension`. inf, with the reason, where q is 0 at a point of x.
    Raises `divergences.Refused`, a ValueError that says why, where no interval can be trusted, and ValueError for a bad
    argument. Source: as that of `kl_from_samples`.

    >>> import kl_engine as kl
    >>> found = kl.kl_to_density(kl.Gaussian(0, 1).sample(1000, 1), kl.Gaussian(1, 1.5))
    >>> found.certainty, abs(found.value - 0.349910) < found.error
    (Certainty.CONFIDENCE(0.95), True)
    """
    sample = sample_of("x", x)
    log_q = _log_density(q, sample)
    no_repeats("x", sample)
    limits.spread_out("x", sample)
    if np.isneginf(log_q).any():
        at = sample.points[np.isneginf(log_q)][0].tolist()
        return Estimate.infinite(f"the second argument is 0 at {at[0] if len(at) == 1 else at}, a point of the sample")
    if not np.isfinite(log_q).all():
        raise refuse("q", "a finite log density at the points of x", log_q[~np.isfinite(log_q)][:3].tolist())
    logs, extra = _log_own(sample)
    value = float((logs - log_q).mean())
    by_x = logs - log_q - value
    unseen = beyond(-log_q, logs - log_q, "A density for a, too (kl_divergence), would help")
    variance = limits.variance_of_mean("x", by_x, sample)
    heaviest = float(np.abs(by_x).max()) / sample.size
    error = QUANTILE * math.sqrt(variance) + HEAVIEST * heaviest + extra + unseen.half_width
    how = "by neighbours" if sample.dimension == 1 else "by neighbours along each axis and the dependence of the axes"
    method = f"entropy of {sample.size} points {how}, the mean of log q over them, influence function"
    return Estimate(value, error, Certainty.CONFIDENCE(LEVEL), method)


def _log_density(q: object, sample: Sample) -> np.ndarray:
    """log q at the points; ValueError where q is not continuous, or of another dimension."""
    d = sample.dimension
    if not (hasattr(q, "log_pdf") and getattr(q, "dimension", None) == d > 1):
        q = as_distribution(q, "q")
    if not hasattr(q, "log_pdf"):
        raise refuse("q", "a continuous distribution (of counts, kl_divergence(Categorical.of_counts(x), q))", q)
    if getattr(q, "dimension", 1) != d:
        raise refuse("q", f"a distribution of {dimensions(d)}, as x has", q)
    if isinstance(q, Density):
        described(q)  # refused where it is not normalised
    alone = d == 1 and not hasattr(q, "dimension")
    with np.errstate(all="ignore"):
        return np.asarray(q.log_pdf(sample.points[:, 0] if alone else sample.points), dtype=np.float64)


def _log_own(sample: Sample) -> tuple[np.ndarray, float]:
    """Terms whose mean is −H[a], and what besides their spread the half width needs.

    In several dimensions by two frames, the columns as they are and those that are least Gaussian; what a frame misses
    makes the entropy too large, so that the lower one is taken, and half of the difference is added to the half width.
    """
    if sample.dimension == 1:
        return log_densities(sample.points[:, 0])
    turned = frame_of(sample.points, sample.points)
    limits.full_dimension("x", turned.of(sample.points))
    found = [_in_frame(frame, sample.points) for frame in (turned._replace(matrix=np.eye(sample.dimension)), turned)]
    (logs, extra), other = sorted(found, key=lambda each: -each[0].mean())
    return logs, extra + float(logs.mean() - other[0].mean()) / 2


def _in_frame(frame: Frame, points: np.ndarray) -> tuple[np.ndarray, float]:
    """The same in the coordinates of one frame."""
    z = frame.of(points)
    found = [log_densities(column) for column in z.T]
    together, extra = _dependence(z)
    logs = sum(each for each, _ in found) + together + _log_jacobian(frame, points)
    return logs, extra + sum(bias for _, bias in found)


def log_densities(values: np.ndarray) -> tuple[np.ndarray, float]:
    """log a at each of n numbers, but for its noise with a mean that is −H[a]; and how far its bias may go.

    By the distance ρ to the k-th neighbour, ψ(k) − log(n − 1) − log 2ρ. Its bias grows with k, and from k and 2k goes
    as far as half of what it differs by between the two.
    """
    from scipy.special import digamma

    n, k = values.size, max(LEAST_ORDER, round(values.size ** (1 / 3)))
    order = np.argsort(values, kind="stable")
    logs = [digamma(j) - math.log(n - 1) - np.log(2 * _reach(values[order], j)) for j in (k, 2 * k)]
    found = np.empty(n)
    found[order] = 2 * logs[0] - logs[1]
    return found, abs(float(logs[0].mean() - logs[1].mean())) / 2


def _reach(x: np.ndarray, k: int) -> np.ndarray:
    """The distance of each of the ascending numbers to its k-th neighbour.

    Of the windows of k + 1 numbers that hold x the one whose farther end is nearest.
    """
    n = x.size
    padded = np.concatenate([np.full(k, -np.inf), x, np.full(k, np.inf)])
    reach = np.full(n, np.inf)
    for below in range(k + 1):
        left, right = padded[k - below : k - below + n], padded[2 * k - below : 2 * k - below + n]
        reach = np.minimum(reach, np.maximum(x - left, right - x))
    return reach


def _dependence(z: np.ndarray) -> tuple[np.ndarray, float]:
    """Terms whose mean is E log(density over that of independent coordinates), and their extra half width.

    Each coordinate is brought to a standard Gaussian by its ranks, which changes no T; of independent ones any number
    can then be drawn.
    """
    from scipy.special import ndtri

    n, d = z.shape
    ranks = np.argsort(np.argsort(z, axis=0, kind="stable"), axis=0)
    scores = ndtri((ranks + 0.5) / n)
    draws = int(np.clip(2 * n, *DRAWS))
    free = np.random.default_rng(0).standard_normal((draws, d))
    ratio = ratio_of(scores, free)
    extra = limits.modelled(scores, free, ratio, "x")
    extra += QUANTILE * math.sqrt(float(ratio.by_y.var()) / draws) + ratio.shrunk + ratio.unseen[1] / 2
    return ratio.value + ratio.by_x, extra


def _log_jacobian(frame: Frame, points: np.ndarray) -> np.ndarray:
    """log |∂z/∂x| at each point."""
    bent = -0.5 * np.log1p(((points - frame.centre) / frame.scale / BENT) ** 2)
    own = np.where(frame.heavy, bent, 0.0).sum(axis=1)
    return own + math.log(abs(np.linalg.det(frame.matrix))) - float(np.log(frame.scale).sum())
