"""Bounds and approximations of D(f‖g) between multivariate mixtures, in any dimension.

In dimensions where the divergence itself is only sampled they say what it cannot be.
"""

from __future__ import annotations

import numpy as np

from kl_engine.distributions.multivariate import Multivariate, multivariate
from kl_engine.divergences.bounds import multivariate_pairs as component_pairs
from kl_engine.divergences.bounds.line import APPROXIMATION, SAMPLING, Bound, Pair, component_bounds
from kl_engine.divergences.estimators.monte_carlo import DRAWS, monte_carlo_kl


def kl_bounds(
    a: Multivariate, b: Multivariate, draws: int = DRAWS, rng: int | np.random.Generator = 0
) -> tuple[Bound, ...]:
    """What the components of `a` and `b` say of D(a‖b), and what a sample says, in nats: see the public `kl_bounds`.

    The bounds of the line that are not here need an exact cross entropy of mixtures, or the pieces of an upper
    envelope; neither is known in many dimensions.
    """
    a = multivariate("a", a)
    b = multivariate("b", b, a.dimension)
    sampled = monte_carlo_kl(a, b, "k1", draws, rng)
    pair = Pair(a, b, component_pairs)
    return (*component_bounds(pair), Bound("Monte Carlo", APPROXIMATION, sampled, SAMPLING))
