"""Where samples say too little: rules that see the samples alone, each with its words; and dependence along chains."""

from __future__ import annotations

import math

import numpy as np

from kl_engine.divergences.samples.certified import certified
from kl_engine.divergences.samples.coordinates import upper_edge
from kl_engine.divergences.samples.ratio import CEILING, Ratio
from kl_engine.divergences.samples.reading import FEWEST, Refused, Sample

MOST_UNSEEN = 0.5  # of x, where there is no y
BEYOND = 4.0  # spacings past the edge of y …
FEWEST_BEYOND, SHARE_BEYOND = 3, 0.005  # … and so many points of x there, and so much of x, are too many
DIMENSION_ERRORS, DIMENSION_BIAS = 3.0, 0.3  # in standard errors; and how much it may be too small at few points
NEIGHBOURS, LOOKED_AT = 24, 1500
MISFIT = 3.0  # standard errors


def spread_out(name: str, sample: Sample) -> None:
    """Refuse points that lie in fewer dimensions than they have coordinates."""
    points = sample.points - np.median(sample.points, axis=0)
    sizes = np.quantile(np.abs(points), 0.5, axis=0)
    if (sizes == 0).any():
        raise Refused(f"{name}: column {int(sizes.argmin())} (counted from 0) hardly varies: D would be infinite, or 0")
    values = np.linalg.svd(np.clip(points / sizes, -10, 10), compute_uv=False)
    if values[-1] < 1e-6 * values[0]:
        raise Refused(
            f"{name}: the {sample.dimension} coordinates are linearly dependent, so that the points lie in fewer "
            "dimensions: leave a coordinate out, or D is infinite"
        )


def full_dimension(name: str, points: np.ndarray) -> None:
    """Refuse points in several coordinates that lie on a curve or a surface, as near as their neighbours tell.

    In so many dimensions the log of the ratio of the distances to the second and the first neighbour has the mean 1/d.
    Source: E. Facco, M. d'Errico, A. Rodriguez, A. Laio, Scientific Reports 7 (2017) 12140.
    """
    from scipy.spatial import cKDTree

    n, d = points.shape
    if d == 1:
        return
    some = points[:: max(1, n // LOOKED_AT)]
    near = cKDTree(points).query(some, 3)[0]
    apart = near[:, 1] > 0
    found = float(apart.sum() / np.log(near[apart, 2] / near[apart, 1]).sum())
    if found + DIMENSION_ERRORS * found / math.sqrt(apart.sum()) < d - DIMENSION_BIAS:
        raise Refused(
            f"{name}: the points have {d} coordinates and lie about as those of {found:.1f} dimensions do, on a curve "
            "or a surface: D between distributions of different dimensions is infinite"
        )


def within_edges(x: Sample, y: Sample, zx: np.ndarray, zy: np.ndarray) -> None:
    """Refuse where y ends abruptly, along some axis, and x goes on: D may be infinite, and no sample says so."""
    for named, first, second in (("an axis", zx, zy), ("column", x.points, y.points)):
        for axis in range(x.dimension):
            for sign, side in ((1, "above"), (-1, "below")):
                edge = upper_edge(sign * second[:, axis])
                past = int((sign * first[:, axis] > edge.last + BEYOND * edge.spacing).sum())
                if edge.is_edge and past >= max(FEWEST_BEYOND, SHARE_BEYOND * x.size):
                    where = f"column {axis} (counted from 0)" if named == "column" else f"{named} of the joint spread"
                    words, least = certified(x, y)
                    raise Refused(
                        f"x, y: along {where} y ends abruptly and {past} of {x.size} points of x lie {side} that edge: "
                        f"if b is 0 there D is infinite, and no sample can tell{words}",
                        least,
                    )


def seen_enough(x: Sample, y: Sample, ratio: Ratio) -> None:
    """Refuse where most of x lies where there is next to no y."""
    share = ratio.unseen[0]
    if share > MOST_UNSEEN:
        words, least = certified(x, y)
        raise Refused(
            f"x, y: {100 * share:.0f} % of x lies where there is next to no y, so that D rests on how b falls off "
            f"where it was never seen{words}. More points of y would help, or a density for b (kl_to_density)",
            least,
        )


def modelled(zx: np.ndarray, zy: np.ndarray, ratio: Ratio, names: str = "x, y") -> float:
    """What the model leaves out of D as far as neighbours show it, in nats, at least 0; refused where beyond doubt.

    The error δ of T about a point of x is Σ (w of x less h of y) over the curvature there, among its nearest neighbours
    of each half of the points; E_a δ²/2, which D is too small by, is the mean of the product of the two.
    """
    from scipy.spatial import cKDTree

    n, m = len(zx), len(zy)
    neighbours = round(NEIGHBOURS * (n + m) / (2 * min(n, m)))  # so that some are of the smaller sample
    w, h = ratio.left_x, ratio.left_y
    z = np.concatenate([zx, zy])
    rest = np.concatenate([w / n, -h / m])
    curvature = np.concatenate([w * (1 - w) / n, h * (1 - h / CEILING) / m])
    rng = np.random.default_rng(0)
    half, chosen = rng.random(n + m) < 0.5, rng.choice(n, min(n, LOOKED_AT), replace=False)
    found = []
    for members in (np.flatnonzero(half), np.flatnonzero(~half)):
        near = members[cKDTree(z[members]).query(zx[chosen], min(neighbours, members.size // 4))[1]]
        own = near == chosen[:, None]
        sums = [np.where(own, 0.0, each[near]).sum(axis=1) for each in (rest, curvature)]
        found.append(sums[0] / (sums[1] + curvature.mean() / 2))
    lost = found[0] * found[1] / 2
    apart = min(chosen.size, members.size / near.shape[1])  # places whose neighbours are others
    error = lost.std() / math.sqrt(max(1.0, apart))
    if lost.mean() > MISFIT * error:
        raise Refused(
            f"{names}: the log ratio of the densities has more shape than the model of it can follow (about "
            f"{lost.mean():.2g} nats of D are left out), so that no interval is given; transform the points so that "
            "they are nearer to Gaussian"
        )
    return max(0.0, float(lost.mean()))


def variance_of_mean(name: str, influence: np.ndarray, sample: Sample) -> float:
    """Of the mean of the influences: their variance over N, times the autocorrelation time along the chains.

    The time is 1 + 2 Σ of the autocorrelations, as far as sums of two neighbours stay positive. Source: C. Geyer,
    Statistical Science 7 (1992) 473.
    """
    variance = float(influence.var()) / influence.size
    if not sample.chains:
        return variance
    rows = influence.reshape(sample.chains, -1)
    length = rows.shape[1]
    power = np.abs(np.fft.rfft(rows, 2 * length, axis=1)) ** 2
    correlation = np.fft.irfft(power, axis=1)[:, :length].sum(axis=0)
    correlation /= correlation[0] or 1.0
    pairs = correlation[: length - length % 2].reshape(-1, 2).sum(axis=1)
    last = int(np.argmax(pairs <= 0)) if (pairs <= 0).any() else pairs.size
    time = max(1.0, 2 * float(pairs[:last].sum()) - 1)
    if influence.size / time < FEWEST:
        raise Refused(
            f"{name}: the chains mix so slowly that {influence.size} draws are worth {influence.size / time:.0f}: "
            f"at least {FEWEST} independent ones are needed"
        )
    return variance * time
