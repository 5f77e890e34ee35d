"""A distribution of the engine as scipy.stats has it."""

from __future__ import annotations

import math
from collections.abc import Callable

from kl_engine.distributions.beta import Beta
from kl_engine.distributions.counts import Bernoulli, Binomial, Geometric, NegativeBinomial, Poisson, ScipyCounts
from kl_engine.distributions.dirichlet import Dirichlet
from kl_engine.distributions.gaussian import Gaussian, GaussianMixture
from kl_engine.distributions.line import (
    Affine,
    Cauchy,
    Exponential,
    Gamma,
    Laplace,
    Logistic,
    LogNormal,
    SkewGaussian,
    StudentT,
    TruncatedGaussian,
    Uniform,
    Weibull,
)
from kl_engine.distributions.multivariate import MultivariateGaussian
from kl_engine.distributions.scipy_laws import ScipyLaw
from kl_engine.estimates.checks import refuse
from kl_engine.estimates.floats import ieee


@ieee
def to_scipy(d: object) -> object:
    """The same distribution in scipy.stats; Raises ValueError where SciPy has none.

    `d` is any distribution of the engine. Source: the parametrisations are SciPy's own.

    >>> import kl_engine as kl
    >>> kl.distributions.to_scipy(kl.Gaussian(1, 2)).mean().item()
    1.0
    """
    from scipy import stats

    if isinstance(d, GaussianMixture):
        parts = [stats.Normal(mu=m, sigma=s) for m, s in zip(d.means.tolist(), d.stds.tolist())]
        return stats.Mixture(parts, weights=d.weights)
    forms: dict[type, Callable] = {
        Gaussian: lambda: stats.norm(d.mean, d.std),
        StudentT: lambda: stats.t(d.df, d.loc, d.scale),
        Laplace: lambda: stats.laplace(d.loc, d.scale),
        Logistic: lambda: stats.logistic(d.loc, d.scale),
        Cauchy: lambda: stats.cauchy(d.loc, d.scale),
        Uniform: lambda: stats.uniform(d.low, d.high - d.low),
        Exponential: lambda: stats.expon(0, d.scale),
        Gamma: lambda: stats.gamma(d.shape, 0, d.scale),
        Beta: lambda: stats.beta(d.a, d.b, 0, 1),
        Affine: lambda: _moved(d),
        ScipyLaw: lambda: d.frozen(),
        ScipyCounts: lambda: d.frozen(),
        LogNormal: lambda: stats.lognorm(d.log_std, 0, math.exp(d.log_mean)),
        Weibull: lambda: stats.weibull_min(d.shape, 0, d.scale),
        TruncatedGaussian: lambda: stats.truncnorm(
            (d.low - d.loc) / d.scale, (d.high - d.loc) / d.scale, d.loc, d.scale
        ),
        SkewGaussian: lambda: stats.skewnorm(d.shape, d.loc, d.scale),
        Bernoulli: lambda: stats.bernoulli(d.prob),
        Binomial: lambda: stats.binom(d.trials, d.prob),
        Poisson: lambda: stats.poisson(d.rate),
        Geometric: lambda: stats.geom(d.prob, d.first - 1),
        NegativeBinomial: lambda: stats.nbinom(d.successes, d.prob),
        Dirichlet: lambda: stats.dirichlet(d.concentration),
        MultivariateGaussian: lambda: stats.multivariate_normal(d.mean, d.cov),
    }
    if type(d) not in forms:
        raise refuse("d", "a distribution that scipy.stats has too", d)
    return forms[type(d)]()


def _moved(d: Affine) -> object:
    """SciPy's distribution of loc + scale · y, y of the base; ValueError of a mirror image, of which SciPy has few."""
    if d.scale < 0:
        raise refuse("d", "a distribution that scipy.stats has too (of a mirror image it has few)", d)
    frozen = to_scipy(d.base)
    shapes, place, width = frozen.dist._parse_args(*frozen.args, **frozen.kwds)
    return frozen.dist(*shapes, d.loc + d.scale * place, d.scale * width)
