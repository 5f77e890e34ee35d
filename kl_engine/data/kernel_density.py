"""Kernel densities: a Gaussian of one bandwidth on every point. As the bandwidth goes to 0 they memorise the data.

On its own points the log loss then falls without end, like log bandwidth; on points not seen it grows without end, like
(gap/bandwidth)²/2. The densities are SciPy's `gaussian_kde` (D. W. Scott 1992; B. W. Silverman 1986).
"""

from __future__ import annotations

import math

import numpy as np

from kl_engine.data.empirical import Empirical
from kl_engine.distributions.gaussian import GaussianMixture
from kl_engine.estimates.checks import positive, refuse


def kernel_density(data: Empirical, bandwidth: float) -> GaussianMixture:
    """The kernel density as a mixture: one component a distinct value, each of std `bandwidth`."""
    stds = np.full(data.values.size, positive("bandwidth", bandwidth))
    return GaussianMixture(data.masses, data.values, stds)


def kernel_log_densities(train: Empirical, x: np.ndarray, bandwidths: np.ndarray) -> list[np.ndarray]:
    """log q at the places `x`, q the kernel density of `train`, for each bandwidth.

    Raises ValueError when `train` has a single value: SciPy measures bandwidths by the spread of the data.
    """
    from scipy.stats import gaussian_kde

    if train.values.size < 2:
        raise refuse("train", "at least two different values", train.values)
    density = gaussian_kde(train.values, weights=train.masses)
    unit = math.sqrt(density.covariance[0, 0]) / density.factor  # SciPy's bandwidths are multiples of this
    found = []
    for bandwidth in np.asarray(bandwidths, float):
        density.set_bandwidth(positive("bandwidth", bandwidth) / unit)
        found.append(density.logpdf(x))
    return found


def bandwidth_grid(data: Empirical, count: int = 13, decades: float = 3.0) -> np.ndarray:
    """Bandwidths from the std of the data down over so many powers of ten."""
    return data.std * np.logspace(0, -decades, count)
