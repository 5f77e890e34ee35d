"""Data on the line as a distribution: 1/n on each point, and what a density costs under it.

The empirical distribution p̂ has no density, so D(p̂‖q) to a density q is ∞ for every q: each point has mass under p̂ and
none under q. What maximum likelihood minimises is the cross entropy −E_p̂ log q. Seen through bins of width w both
have masses, and

    D_w(p̂‖q) = Σ p̂(bin) log p̂(bin)/Q(bin) ≈ −E_p̂ log q − log w − H_w[p̂]:

the last two terms do not depend on q, and the first two grow without end as w → 0. The minimiser is the same.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from kl_engine.distributions.gaussian import Mixture, mixture
from kl_engine.estimates.certainty import Certainty
from kl_engine.estimates.checks import positive, refuse, vector
from kl_engine.estimates.estimate import Estimate
from kl_engine.estimates.rounding import EPSILON
from kl_engine.fits.expectation_maximisation import Points

NARROW = 1e-4  # of a std: a density varies over so wide a cell by less than 1e-9 of itself, near its mean


@dataclass(frozen=True, eq=False)
class Empirical:
    """p̂ = Σ nᵢ δ(x − xᵢ)/n of n points: their distinct `values`, ascending, and how often each occurs.

    `values` and `counts` are of one shape (n,); values in the unit of the data. `Empirical.of(x)` counts a sample;
    Raises ValueError when there is none, or one is not a finite number. Source: A. van der Vaart, Asymptotic Statistics
    (1998), ch. 19.

    >>> import kl_engine as kl
    >>> x = kl.data.Empirical.of([1.0, 2.0, 2.0, 4.0])
    >>> x.values.tolist(), x.counts.tolist(), x.mean
    ([1.0, 2.0, 4.0], [1, 2, 1], 2.25)
    """

    values: np.ndarray
    counts: np.ndarray

    @classmethod
    def of(cls, x: object) -> Empirical:
        """The distribution of the points `x`; ValueError when there is none, or one is not a finite number."""
        return cls(*np.unique(vector("x", x), return_counts=True))

    @property
    def size(self) -> int:
        """n, the number of points."""
        return int(self.counts.sum())

    @property
    def masses(self) -> np.ndarray:
        """p̂ of each distinct value."""
        return self.counts / self.counts.sum()

    @property
    def mean(self) -> float:
        """The mean of the points."""
        origin = float(self.values[0])
        return origin + math.fsum(self.masses * (self.values - origin))

    @property
    def std(self) -> float:
        """The standard deviation with divisor n: that of p̂, and of the Gaussian of highest likelihood."""
        return math.sqrt(math.fsum(self.masses * (self.values - self.mean) ** 2))

    @property
    def grain(self) -> float:
        """The smallest gap between two values: to what precision the data can be said to be written."""
        if self.values.size < 2:
            raise refuse("x", "at least two different values", self.values)
        return float(np.diff(self.values).min())

    def points(self) -> Points:
        """The same for expectation maximisation."""
        return Points(self.values, self.counts.astype(np.float64))


def empirical(name: str, value: object) -> Empirical:
    """`value` itself when it is an Empirical; otherwise a ValueError that says how to make one."""
    if not isinstance(value, Empirical):
        raise refuse(name, "an Empirical, as kl.data.Empirical.of(x) of a sample x", value)
    return value


def log_loss(data: Empirical, q: Mixture) -> Estimate:
    """−E_p̂ log q in nats per point: the cross entropy of q under the data, that maximum likelihood minimises."""
    logs = mixture("q", q).log_pdf(data.values)
    value = -math.fsum(data.masses * logs)
    far = np.abs(data.values[:, None] - q.means) / q.stds  # the rounding of a standardised place, squared
    rounding = np.abs(logs) + 2 * (far * (far + np.abs(data.values[:, None]) / q.stds)).min(axis=1) + 4
    return Estimate(
        value, 8 * EPSILON * math.fsum(data.masses * rounding), Certainty.EXACT, "mean of −log q over the points"
    )


def cell_loss(data: Empirical, q: Mixture) -> float:
    """−E_p̂ log Q(cell) in nats per point, the cell of width `data.grain` about the point: never negative.

    Where every component is much wider than the cell it is the log loss less the log of the width, to 1e-9 relative.
    """
    q, grain = mixture("q", q), data.grain
    if grain < NARROW * q.stds.min():
        return log_loss(data, q).value - math.log(grain)
    return -math.fsum(data.masses * _log_masses(q, data.values - grain / 2, data.values + grain / 2)[0])


def binned_divergence(data: Empirical, q: Mixture, width: float) -> Estimate:
    """D_w(p̂‖q) in nats over the bins [k w, (k+1) w): finite, and growing as −log w when w → 0."""
    q, width = mixture("q", q), positive("width", width)
    bins, place = np.unique(np.floor(data.values / width), return_inverse=True)
    mass = np.bincount(place, data.masses)
    log_q, lost = _log_masses(q, bins * width, (bins + 1) * width)
    value = math.fsum(mass * (np.log(mass) - log_q))
    error = 8 * math.fsum(mass * (lost + EPSILON * (np.abs(np.log(mass)) + np.abs(log_q) + 1)))
    return Estimate(value, error, Certainty.EXACT, f"normal probabilities of {bins.size} bins that hold points")


def _log_masses(q: Mixture, left: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """log Q of each interval, and an eighth of a bound of its rounding."""
    from scipy.special import log_ndtr

    low, high = ((end[:, None] - q.means) / q.stds for end in (left, right))
    scale = (np.abs(left) + np.abs(right))[:, None] / q.stds + 1
    upper = low > 0  # on the upper side Φ(b) − Φ(a) = Φ(−a) − Φ(−b) keeps its digits
    low, high = np.where(upper, -high, low), np.where(upper, -low, high)
    log_low, log_high = log_ndtr(low), log_ndtr(high)
    gap = -np.expm1(log_low - log_high)
    terms = np.log(q.weights) + log_high + np.log(gap)
    top = terms.max(axis=1)
    shares = np.exp(terms - top[:, None])
    total = shares.sum(axis=1)
    slopes = (np.abs(log_high) + (scale + np.abs(low) + np.abs(high)) * (1 + np.abs(high) + np.abs(low))) / gap
    return top + np.log(total), EPSILON * (shares * slopes).sum(axis=1) / total
