"""One fit for every kind of p, every objective and every family of q."""

from __future__ import annotations

import numpy as np

from kl_engine.distributions.beta import Beta
from kl_engine.distributions.categorical import Categorical
from kl_engine.distributions.gaussian import Gaussian, GaussianMixture
from kl_engine.distributions.multivariate import MultivariateGaussian
from kl_engine.estimates.checks import refuse, whole
from kl_engine.estimates.estimate import Direction
from kl_engine.estimates.floats import ieee
from kl_engine.fits import families
from kl_engine.fits.paths import Path
from kl_engine.fits.problems import gaussian, line, multivariate, own  # noqa: F401  (each registers its kinds of p)
from kl_engine.fits.problems.problem import aim_of, problem_of
from kl_engine.fits.solution import Solution
from kl_engine.fits.watch import Watch


@ieee
def fit(p, objective, family=None, start=None, *, budget: int | None = None, progress=None) -> Solution:
    """argmin of an objective over the q of a family, as a `Solution`: q, value in nats, status, trace, other optima.

    `p`: a Gaussian or a mixture of Gaussians, on the line or in n dimensions; a posterior of `kl.inference`, whose
    reverse fit is the minimiser of the free energy; any other distribution on the line, of SciPy's too, or a log
    density that need not be normalised (`kl.distributions.Density`); a Categorical or a Beta. `objective`: "forward"
    for D(p‖q), "reverse" for D(q‖p), `kl.Alpha(a)` for D_α, `kl.Weighted(…)` for a weighted sum of entropies; the last
    two for one Gaussian q on the line. `family`: `kl.families.Gaussian()` where none is given,
    `Gaussian(std=1.0)` on the line, `Diagonal()` and `Isotropic()` in n dimensions, `Mixture(2)` for the two directions
    on the line.

    Forward a Gaussian q is the moment match, whatever the start. Elsewhere a `start` of the family leads to its own
    optimum: on the line by the natural-gradient flow, for mixtures and in n dimensions by expectation maximisation and
    Newton's method. Without one the best of documented starts is taken, made of the components of p: necessary places
    to look, not a proof that there is no other (`kl.optima.stationary_points` looks for all). A search that fails says
    so in `status` and `reason`.

    The reverse fit of a multivariate mixture may take seconds: `progress` is called with the share done (what it raises
    stops the work), and `budget` is the most evaluations of the objective at one q: a search that would need more is
    "stopped". Elsewhere both are refused. Raises ValueError for a bad argument or a combination that has no meaning.
    Source: C. Bishop, Pattern Recognition and Machine Learning (2006), 10.1 and 10.7.

    >>> import kl_engine as kl
    >>> p = kl.GaussianMixture([0.5, 0.5], [-2.5, 2.5], [1, 1])
    >>> kl.fit(p, "forward").q
    Gaussian(mean=0.0, std=2.692582403567252)
    >>> f"{kl.fit(p, 'reverse', start=kl.Gaussian(2, 1)).q.mean:.6f}"
    '2.386094'
    """
    problem = problem_of(p, aim_of(objective), None if family is None else families.family_of(family))
    if budget is not None or progress is not None:
        problem = problem.watched(Watch(budget, progress))
    return problem.solved(start)


@ieee
def moment_match(p) -> Gaussian | MultivariateGaussian:
    """The Gaussian with the mean and std (in n dimensions the covariance) of `p`: the minimiser of D(p‖q).

    mean = E_p x, std² = E_p (x − mean)²; each in the unit of x, and the covariance of shape (n, n). Raises ValueError
    when `p` is not a distribution, or one without these moments. Source: C. Bishop, Pattern Recognition and Machine
    Learning (2006), 10.7.

    >>> import kl_engine as kl
    >>> kl.moment_match(kl.GaussianMixture([0.5, 0.5], [-3, 3], [4, 4]))
    Gaussian(mean=0.0, std=5.0)
    """
    if isinstance(p, (Categorical, list, tuple, np.ndarray)):
        raise refuse("p", "a Gaussian, a mixture or another distribution of numbers (symbols have no mean)", p)
    return fit(p, Direction.FORWARD, families.Gaussian()).q


@ieee
def flow(p, objective, start, frames: int = 200, family=None) -> Path:
    """The natural-gradient flow dθ/dt = −F⁻¹ ∇J of an objective J, in nats, from `start` to its fixed point, in exactly
    `frames` rows.

    For one Gaussian q on the line, and for a Categorical or a Beta, whose family holds p. Rows on the line are even in
    (mean, log std) arc length, the first the start, the last the fit; with `family=kl.families.Gaussian(std=…)` q's std
    is that number throughout. Forward the flow is exact: at time t, q has the moments of the mixture
    e^−t start + (1 − e^−t) p; otherwise it is an ODE solved to 1e-5, its end polished by Newton's method. Raises
    ValueError for a bad argument, and RuntimeError when the flow has no end within its steps. Source: S. Amari, Neural
    Computation 10 (1998) 251.

    >>> import kl_engine as kl
    >>> p = kl.GaussianMixture([0.5, 0.5], [-2.5, 2.5], [1, 1])
    >>> way = kl.optima.flow(p, "reverse", kl.Gaussian(2, 1), 50)
    >>> len(way), way[0], bool(way.kl[-1] < way.kl[0])
    (50, Gaussian(mean=2.0, std=1.0), True)
    """
    problem = problem_of(p, aim_of(objective), None if family is None else families.family_of(family))
    return problem.flow(problem.begin(start), whole("frames", frames, 2))


FITTED = (Gaussian, GaussianMixture, MultivariateGaussian, Categorical, Beta)  # what a search may end at


@ieee
def same(first, second) -> bool:
    """Whether two fits are one: as near as makes no difference, the order of components aside.

    `first` and `second` are of one class; that near is 1e-6 of a std, 1e-6 of a weight. Raises ValueError where they
    are no fits, or of two classes. Source: a convention of KL Lab's own; there is one, for the whole engine, and it has
    no unit.

    >>> import kl_engine as kl
    >>> kl.optima.same(kl.Gaussian(0, 1), kl.Gaussian(1e-9, 1)), kl.optima.same(kl.Gaussian(0, 1), kl.Gaussian(1e-3, 1))
    (True, False)
    """
    if not isinstance(first, FITTED):
        raise refuse("first", f"a fit: {', '.join(each.__name__ for each in FITTED)}", first)
    if type(first) is not type(second) or getattr(first, "dimension", 1) != getattr(second, "dimension", 1):
        raise refuse("second", f"a {type(first).__name__} of as many dimensions, as first is one", second)
    return problem_of(second, Direction.FORWARD, _family_of(second)).same(first, second)


def _family_of(q):
    """The family that a q is of."""
    count = len(getattr(q, "weights", [1]))
    return families.Mixture(count) if count > 1 else None
