"""What the curves over a parameter of q are drawn from: divergences along many q's, and the score of p under one."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from kl_engine.distributions.gaussian import Gaussian, GaussianMixture, mixture
from kl_engine.estimates.checks import positive_vector, refuse, vector
from kl_engine.estimates.floats import ieee
from kl_engine.fits.directions import ReverseObjective
from kl_engine.fits.paths import Path
from kl_engine.fits.problems.problem import aim_of, problem_of


class Score(NamedTuple):
    """E_q[(log p)′] and E_q[(log p)″]. Where q is a reverse fit they are 0 and −1/std².

    `slope` is in nats over the unit of x, `curvature` over its square. Made by `kl.optima.expected_score`.

    >>> import kl_engine as kl
    >>> score = kl.optima.expected_score(kl.Gaussian(0, 1), kl.Gaussian(2, 1))
    >>> round(score.slope, 6), round(score.curvature, 6)
    (-2.0, -1.0)
    """

    slope: float
    curvature: float


@ieee
def kl_along(p, objective, means: object, stds: object) -> Path:
    """D(p‖q), D(q‖p) or another objective in nats at q = N(means[i], stds[i]²), right within `Path.error` in every row.

    `means` and `stds` are of one shape (n,), stds > 0. Raises ValueError for anything else. `p` is a Gaussian mixture
    on the line, `objective` as in `kl.fit`. Source: S. Kullback, R. A. Leibler, Ann. Math. Stat. 22 (1951) 79.

    >>> import kl_engine as kl
    >>> kl.optima.kl_along(kl.Gaussian(0, 1), "forward", [0, 1], [1, 1]).kl
    array([0. , 0.5])
    """
    problem = problem_of(p, aim_of(objective), None)
    means, stds = vector("means", means), positive_vector("stds", stds)
    if stds.size != means.size:
        raise refuse("stds", f"as many numbers as means, {means.size}", stds.size)
    return problem.path(np.column_stack([means, stds]))


@ieee
def expected_score(p: Gaussian | GaussianMixture, q: Gaussian) -> Score:
    """The mean slope and curvature of log p under q, to about 12 digits of the larger of E|(log p)′| and 1/std.

    By Bonnet's and Price's theorems they are −∂D(q‖p)/∂μ and −(∂D(q‖p)/∂σ + 1/σ)/σ. Source: M. Opper, C. Archambeau,
    Neural Computation 21 (2009) 786. Raises ValueError where p or q is not a distribution of these kinds. In nats over
    the unit of x, and over its square.

    >>> import kl_engine as kl
    >>> p, q = kl.Gaussian(0, 2), kl.Gaussian(0, 1)
    >>> round(kl.optima.expected_score(p, q).curvature, 6)  # −1/4
    -0.25
    """
    p = mixture("p", p)
    if not isinstance(q, Gaussian):
        raise refuse("q", "a Gaussian", q)
    terms = ReverseObjective.of(p).terms(np.array([[q.mean, q.std]]))
    in_mean, in_log_std = terms.gradient[0].tolist()
    return Score(-in_mean / q.std, -(1 + in_log_std) / q.std**2)
