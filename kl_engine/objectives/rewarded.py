"""An example of a target that a reward makes of a given distribution, in closed form."""

from __future__ import annotations

import math

import numpy as np

from kl_engine.distributions.gaussian import GaussianMixture


def rewarded(p: GaussianMixture, strength: float) -> GaussianMixture:
    """t ∝ p(x) · exp(κ r(x)) with r(x) = −½ (x − m)²/s², m the mean of p's first component, s the std of p, κ >= 0.

    Of Gaussians times such a function it is a mixture again. The weights are those of p times the mean of the second
    factor under each component.

    >>> t = rewarded(GaussianMixture.two_modes(8), 2.0)
    >>> t.stds.round(3).tolist(), t.weights.round(3).tolist()
    ([0.946, 0.946], [0.967, 0.033])
    """
    if strength == 0:
        return p
    place, precision = float(p.means[0]), strength / p.std**2
    variances = p.stds**2
    kept = 1 / (1 + precision * variances)
    means = kept * p.means + (1 - kept) * place
    logs = np.log(p.weights) + 0.5 * np.log(kept) - 0.5 * precision * kept * (p.means - place) ** 2
    weights = np.exp(logs - logs.max())
    seen = weights > math.ulp(0.0)
    return GaussianMixture(weights[seen] / weights[seen].sum(), means[seen], (p.stds * np.sqrt(kept))[seen])
