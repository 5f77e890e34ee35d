"""The families of scipy.stats, by name, as distributions of the engine: what texts and SciPy's objects are read by."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

from kl_engine.distributions.beta import Beta
from kl_engine.distributions.counts import Bernoulli, Binomial, Geometric, NegativeBinomial, Poisson
from kl_engine.distributions.gaussian import Gaussian
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
from kl_engine.distributions.line.base import LineDistribution
from kl_engine.distributions.scipy_laws import LAWS, ScipyLaw


def _moved(base: LineDistribution, loc: float, scale: float = 1.0) -> LineDistribution:
    return base if (loc, scale) == (0.0, 1.0) else Affine(base, loc, scale)


def _by_law(name: str, *arguments: float) -> LineDistribution:
    *shapes, loc, scale = arguments
    return _moved(ScipyLaw(name, tuple(shapes)), loc, scale)


# scipy.stats name → (its shapes, loc, scale) as one of ours.
SCIPY: dict[str, Callable[..., object]] = {
    "norm": lambda loc, scale: Gaussian(loc, scale),
    "t": lambda df, loc, scale: StudentT(df, loc, scale),
    "laplace": lambda loc, scale: Laplace(loc, scale),
    "logistic": lambda loc, scale: Logistic(loc, scale),
    "cauchy": lambda loc, scale: Cauchy(loc, scale),
    "uniform": lambda loc, scale: Uniform(loc, loc + scale),
    "expon": lambda loc, scale: _moved(Exponential(scale), loc),
    "gamma": lambda a, loc, scale: _moved(Gamma(a, scale), loc),
    "chi2": lambda df, loc, scale: _moved(Gamma(df / 2, 2 * scale), loc),
    "erlang": lambda a, loc, scale: _moved(Gamma(a, scale), loc),
    "beta": lambda a, b, loc, scale: _moved(Beta(a, b), loc, scale),
    "arcsine": lambda loc, scale: _moved(Beta(0.5, 0.5), loc, scale),
    "powerlaw": lambda a, loc, scale: _moved(Beta(a, 1), loc, scale),
    "lognorm": lambda s, loc, scale: _moved(LogNormal(math.log(scale), s), loc),
    "weibull_min": lambda c, loc, scale: _moved(Weibull(c, scale), loc),
    "rayleigh": lambda loc, scale: _moved(Weibull(2, math.sqrt(2) * scale), loc),
    "truncnorm": lambda a, b, loc, scale: TruncatedGaussian(loc, scale, loc + a * scale, loc + b * scale),
    "halfnorm": lambda loc, scale: TruncatedGaussian(loc, scale, loc, math.inf),
    "skewnorm": lambda a, loc, scale: SkewGaussian(a, loc, scale),
}
SCIPY |= {name: partial(_by_law, name) for name in LAWS}
SCIPY_COUNTS: dict[str, Callable[..., object]] = {
    "bernoulli": lambda p: Bernoulli(p),
    "binom": lambda n, p: Binomial(int(n), p),
    "poisson": lambda mu: Poisson(mu),
    "geom": lambda p: Geometric(p, 1),
    "nbinom": lambda n, p: NegativeBinomial(n, p),
}

# Of families that are known by SciPy's log density alone, where it has a kink, in standard form.
BENDS: dict[str, Callable[..., tuple[float, ...]]] = {
    "triang": lambda c: (c,),
    "trapezoid": lambda c, d: (c, d),
    "laplace_asymmetric": lambda kappa: (0.0,),
    "loglaplace": lambda c: (1.0,),
    "dgamma": lambda a: (0.0,),
    "dweibull": lambda c: (0.0,),
}
