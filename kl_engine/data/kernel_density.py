"""Kernel densities: a Gaussian of one bandwidth on every point. As the bandwidth goes to 0 they memorise the data.

On its own points the log loss then falls without end, like log bandwidth; on points not seen it grows without end, like
(gap/bandwidth)²/2. The densities are SciPy's `gaussian_kde` (D. W. Scott 1992; B. W. Silverman 1986).
"""

from __future__ import annotations

import math

import numpy as np

from kl_engine.data.empirical import Empirical, empirical
from kl_engine.distributions.gaussian import GaussianMixture
from kl_engine.estimates.checks import finite, positive, refuse, whole
from kl_engine.estimates.floats import ieee


@ieee
def kernel_density(data: Empirical, bandwidth: float) -> GaussianMixture:
    """The kernel density as a mixture: one component per distinct value, each of std `bandwidth`.

    q(x) = Σ nᵢ N(x; xᵢ, bandwidth²)/n; the bandwidth is in the unit of the data, log q in nats. Raises ValueError
    unless the bandwidth is > 0. Source: B. Silverman, Density Estimation (1986).

    >>> import kl_engine as kl
    >>> x = kl.data.Empirical.of([1.0, 2.0, 2.0, 4.0])
    >>> kl.data.kernel_density(x, 0.5).weights.tolist()
    [0.25, 0.5, 0.25]
    """
    stds = np.full(empirical("data", data).values.size, positive("bandwidth", bandwidth))
    return GaussianMixture(data.masses, data.values, stds)


@ieee
def kernel_log_densities(train: Empirical, x: np.ndarray, bandwidths: np.ndarray) -> list[np.ndarray]:
    """log q at the places `x`, q the kernel density of `train`, for each bandwidth.

    Raises ValueError when `train` has a single value: SciPy measures bandwidths by the spread of the data. log q = log
    Σ N(x; xᵢ, h²)/n in nats, an array of the shape (n,) of `x` for each h of `bandwidths`. Source: B. Silverman,
    Density Estimation (1986).

    >>> import kl_engine as kl
    >>> import numpy as np
    >>> x = kl.data.Empirical.of([1.0, 2.0, 2.0, 4.0])
    >>> (logs,) = kl.data.kernel_log_densities(x, np.array([2.0]), np.array([0.5]))
    >>> logs.round(6).tolist()
    [-0.853305]
    """
    from scipy.stats import gaussian_kde

    if empirical("train", train).values.size < 2:
        raise refuse("train", "at least two different values", train.values)
    density = gaussian_kde(train.values, weights=train.masses)
    unit = math.sqrt(density.covariance[0, 0]) / density.factor  # SciPy's bandwidths are multiples of this
    found = []
    for bandwidth in np.asarray(bandwidths, float):
        density.set_bandwidth(positive("bandwidth", bandwidth) / unit)
        found.append(density.logpdf(x))
    return found


@ieee
def bandwidth_grid(data: Empirical, count: int = 13, decades: float = 3.0) -> np.ndarray:
    """Bandwidths from the std of the data down over so many powers of ten.

    hₖ = std · 10^(−decades k/(count − 1)), an array of shape (count,) in the unit of the `data`, k = 0, 1, … Raises
    ValueError when all data are equal. Source: B. Silverman, Density Estimation (1986), 3.4.

    >>> import kl_engine as kl
    >>> x = kl.data.Empirical.of([1.0, 2.0, 2.0, 4.0])
    >>> kl.data.bandwidth_grid(x, count=4).round(4).tolist()
    [1.0897, 0.109, 0.0109, 0.0011]
    """
    if not empirical("data", data).std > 0:
        raise refuse("data", "at least two different values", data.values)
    return data.std * np.logspace(0, -finite("decades", decades), whole("count", count, 2))
