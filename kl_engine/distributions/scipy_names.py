"""The families of scipy.stats, by name, as distributions of the engine: what texts and SciPy's objects are read by."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

from kl_engine.distributions.beta import Beta
from kl_engine.distributions.counts import (
    COUNT_LAWS,
    Bernoulli,
    Binomial,
    Geometric,
    NegativeBinomial,
    Poisson,
    ScipyCounts,
)
from kl_engine.distributions.gaussian import Gaussian
from kl_engine.distributions.line import (
    Affine,
    Cauchy,
    Exponential,
    Gamma,
    Laplace,
    Logistic,
    LogNormal,
    Mixture,
    SkewGaussian,
    StudentT,
    TruncatedGaussian,
    Uniform,
    Weibull,
)
from kl_engine.distributions.line.base import End, LineDistribution
from kl_engine.distributions.scipy_laws import (
    DOUBLY,
    LAWS,
    LINEAR,
    SQUARE,
    STEP,
    ScipyLaw,
    linear,
    power,
    zero,
)
from kl_engine.estimates.checks import refuse


def _moved(base: LineDistribution, loc: float, scale: float = 1.0) -> LineDistribution:
    return base if (loc, scale) == (0.0, 1.0) else Affine(base, loc, scale)


def _by_law(name: str, *arguments: float) -> LineDistribution:
    *shapes, loc, scale = arguments
    return _moved(ScipyLaw(name, tuple(shapes)), loc, scale)


def _general_pareto(c: float, loc: float, scale: float) -> LineDistribution:
    """A Lomax of exponent 1/c; with c < 0 a Beta, with c = 0 an exponential."""
    if c == 0:
        return _moved(Exponential(scale), loc)
    base = ScipyLaw("lomax", (1 / c,)) if c > 0 else Beta(1.0, -1 / c)
    return Affine(base, loc, scale / abs(c))


def _general_extreme(c: float, loc: float, scale: float) -> LineDistribution:
    """1 − c z is a Weibull for c > 0, an inverse Weibull for c < 0; z itself a Gumbel for c = 0."""
    if c == 0:
        return _by_law("gumbel_r", loc, scale)
    base = Weibull(1 / c, 1.0) if c > 0 else ScipyLaw("invweibull", (-1 / c,))
    return Affine(base, loc + scale / c, -scale / c)


def _pearson(skew: float, loc: float, scale: float) -> object:
    """A Gamma of shape 4/skew², of mean 0 and std 1; its mirror image for skew < 0, a Gaussian for 0."""
    if skew == 0:
        return Gaussian(loc, scale)
    return Affine(Gamma(4 / skew**2, 1.0), loc - 2 * scale / skew, scale * skew / 2)


def _both_sides(base: LineDistribution, loc: float, scale: float) -> LineDistribution:
    """A positive one or its mirror image, each with probability ½."""
    return _moved(Mixture((0.5, 0.5), (Affine(base, 0.0, -1.0), base)), loc, scale)


def _whole(name: str, value: float) -> int:
    """A number that has to be whole, and is written or held as a float."""
    if value != math.floor(value):
        raise refuse(name, "a whole number", value)
    return int(value)


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
    "gibrat": lambda loc, scale: _moved(LogNormal(math.log(scale), 1.0), loc),
    "wald": lambda loc, scale: _by_law("invgauss", 1.0, loc, scale),
    "genpareto": _general_pareto,
    "genextreme": _general_extreme,
    "pearson3": _pearson,
    "weibull_max": lambda c, loc, scale: Affine(Weibull(c, 1.0), loc, -scale),
    "levy_l": lambda loc, scale: Affine(ScipyLaw("levy"), loc, -scale),
    "dgamma": lambda a, loc, scale: _both_sides(Gamma(a, 1.0), loc, scale),
    "dweibull": lambda c, loc, scale: _both_sides(Weibull(c, 1.0), loc, scale),
    "f": lambda dfn, dfd, loc, scale: _moved(ScipyLaw("betaprime", (dfn / 2, dfd / 2)), loc, scale * dfd / dfn),
    "nakagami": lambda nu, loc, scale: _moved(ScipyLaw("gengamma", (nu, 2.0)), loc, scale * nu**-0.5),
    "rdist": lambda c, loc, scale: Affine(Beta(c / 2, c / 2), loc - scale, 2 * scale),
    "semicircular": lambda loc, scale: Affine(Beta(1.5, 1.5), loc - scale, 2 * scale),
}
SCIPY |= {name: partial(_by_law, name) for name in LAWS}
SCIPY_COUNTS: dict[str, Callable[..., object]] = {
    "bernoulli": lambda p: Bernoulli(p),
    "binom": lambda n, p: Binomial(_whole("n", n), p),
    "poisson": lambda mu: Poisson(mu),
    "geom": lambda p: Geometric(p, 1),
    "nbinom": lambda n, p: NegativeBinomial(n, p),
}
SCIPY_COUNTS |= {name: partial(lambda name, *shapes: ScipyCounts(name, shapes), name) for name in COUNT_LAWS}

# Of families that are known by SciPy's log density alone, where it has a kink, in standard form.
BENDS: dict[str, Callable[..., tuple[float, ...]]] = {
    "triang": lambda c: (c,),
    "trapezoid": lambda c, d: (c, d),
    "irwinhall": lambda n: tuple(map(float, range(1, int(n)))),
    "crystalball": lambda beta, m: (-beta,),
}

# Of the same, how they behave towards their ends, where these are infinite, in standard form.
ENDS: dict[str, Callable[..., tuple[End, End] | None]] = {
    "crystalball": lambda beta, m: (power(m - 1), SQUARE),
    "dpareto_lognorm": lambda u, s, a, b: (zero(b), power(a)),
    "exponnorm": lambda k: (SQUARE, linear(1 / k)),
    "landau": lambda: (DOUBLY, power(1.0)),
    "levy_stable": lambda alpha, beta: (power(alpha),) * 2 if alpha < 2 and abs(beta) < 1 else None,
    "ncf": lambda dfn, dfd, nc: (zero(dfn / 2), power(dfd / 2)),
    "nct": lambda df, nc: (power(df), power(df)),
    "ncx2": lambda df, nc: (zero(df / 2), linear(0.5)),
    "rel_breitwigner": lambda rho: (STEP, power(3.0)),
    "tukeylambda": lambda lam: (power(-1 / lam),) * 2 if lam < 0 else (LINEAR, LINEAR) if lam == 0 else None,
}
