"""The subspace in which two mixtures of Gaussians differ, and both of them seen in it: an exact reduction.

In coordinates y in which one component is N(0, I), let V span the means of all components and the ranges of all
Σₖ − I. Then the log of every component less that of the first depends on u = Vᵀy alone, so every density is φ(v) times
a density of u: D(a‖b), every other divergence, and log a − log b are those of the mixtures of u, and an entropy differs
by that of the n − r coordinates v and by log det L, which both are the same for all mixtures of the pair.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from kl_engine.distributions.gaussian import LOG_ROOT_TAU
from kl_engine.distributions.multivariate import Multivariate, MultivariateGaussianMixture, condition
from kl_engine.distributions.triangular import solve_lower
from kl_engine.estimates.rounding import EPSILON

FARTHEST = 1e12  # std of the first component: beyond, one origin for all costs digits of the narrow ones
SLACK = 64.0  # roundings, times n and the condition number, by which a direction may stick out and still be none


class Reduction(NamedTuple):
    """Both mixtures in the r coordinates in which they differ; the entropy of the others; what was set aside."""

    a: Multivariate | None  # None where r = 0: every component of both is the same Gaussian
    b: Multivariate | None
    entropy: float  # log |det L| + (n − r) (½ + ½ log 2π), in nats
    aside: float  # the largest coordinate or entry outside the subspace: rounding, in std of the first component
    basis: np.ndarray | None = None  # V (n, r), of y = L⁻¹ (x − m), m and L those of the first component; None: r = n


def reduced(a: Multivariate, b: Multivariate) -> Reduction:
    """`a` and `b` in the least number of coordinates in which they differ."""
    means, factors = (np.concatenate([getattr(p, name) for p in (a, b)]) for name in ("means", "factors"))
    n, first = means.shape[1], factors[0]
    centres = solve_lower(first, (means - means[0])[..., None])[..., 0]
    lowers = solve_lower(first, factors)
    excess = lowers @ lowers.swapaxes(-1, -2) - np.eye(n)
    columns = np.concatenate([centres, excess.reshape(-1, n)]).T
    # Each coordinate is known to its own rounding: what whitening magnified, relative to the size that it has.
    own = SLACK * n * EPSILON * max(condition(a), condition(b)) ** 0.5
    sizes = np.maximum(1.0, np.abs(columns).max(axis=0))  # no norm: its square may overflow
    basis, values, _ = np.linalg.svd(columns / sizes, full_matrices=False)
    rank = int((values > own).sum())
    aside = float(values[rank:].max(initial=0.0))
    log_det = float(np.log(np.diagonal(first)).sum())
    entropy = log_det + (n - rank) * (0.5 + LOG_ROOT_TAU)
    if rank == n or np.abs(centres).max() > FARTHEST:
        return Reduction(a, b, 0.0, 0.0)
    if rank == 0:
        return Reduction(None, None, entropy, aside, basis[:, :0])
    v = basis[:, :rank]
    seen_means, seen = centres @ v, np.einsum("ir,kij,js->krs", v, excess, v) + np.eye(rank)
    split = a.weights.size
    parts = ((a.weights, slice(0, split)), (b.weights, slice(split, None)))
    pair = (MultivariateGaussianMixture(weights, seen_means[of], seen[of]) for weights, of in parts)
    return Reduction(*pair, entropy, aside, v)
