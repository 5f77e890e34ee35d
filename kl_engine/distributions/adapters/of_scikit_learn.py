"""A fitted GaussianMixture of scikit-learn, with any of its four types of covariance."""

from __future__ import annotations

import numpy as np

from kl_engine.distributions.adapters.arrays import Read, refuse_unread
from kl_engine.distributions.gaussian import GaussianMixture
from kl_engine.distributions.multivariate import MultivariateGaussianMixture

NAMES = ("weights_", "means_", "covariances_", "covariance_type")
MIXTURES = ("GaussianMixture", "BayesianGaussianMixture")


def read(x: object, _: Read) -> object | None:
    """The mixture; None for anything else. ValueError where it was never fitted."""
    if not all(hasattr(x, name) for name in NAMES):
        if type(x).__name__ in MIXTURES and hasattr(x, "covariance_type"):
            raise refuse_unread(x, "a fitted GaussianMixture: call its fit(points) first")
        return None
    weights, means, covs = (np.asarray(getattr(x, name)) for name in NAMES[:3])
    count, dimension = means.shape
    kind = x.covariance_type
    if kind == "tied":
        covs = np.broadcast_to(covs, (count, dimension, dimension))
    elif kind == "diag":
        covs = np.stack([np.diag(row) for row in covs])
    elif kind == "spherical":
        covs = np.stack([np.eye(dimension) * variance for variance in covs])
    if dimension == 1:
        return GaussianMixture(weights, means[:, 0], np.sqrt(covs[:, 0, 0]))
    return MultivariateGaussianMixture(weights, means, covs)
