"""The names by which a text may call a family: SciPy's with their arguments, and those of classes and of textbooks.

A name as SciPy writes it, gamma, has SciPy's arguments (a, loc, scale). Any other, Gamma or exponential, has those of
the class of the engine, which textbooks, NumPy and torch agree with where they agree at all; where they do not, as
whether the 2 of Exponential(2) is a rate or a scale, the argument has to be named.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

from kl_engine.distributions.beta import Beta
from kl_engine.distributions.categorical import Categorical
from kl_engine.distributions.counts import Bernoulli, Binomial, Geometric, NegativeBinomial, Poisson, Tabulated
from kl_engine.distributions.dirichlet import Dirichlet
from kl_engine.distributions.gaussian import Gaussian, GaussianMixture
from kl_engine.distributions.line import (
    Affine,
    Exponential,
    Gamma,
    LogNormal,
    SkewGaussian,
    StudentT,
    TruncatedGaussian,
    Uniform,
    Weibull,
)
from kl_engine.distributions.multivariate import MultivariateGaussian
from kl_engine.distributions.scipy_laws import ScipyLaw

# The shapes of a family of scipy.stats, in its order; families without any are not named here.
SHAPES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("gamma", "erlang", "skewnorm", "powerlaw", "invgamma", "dgamma", "kappa3", "alpha"), ("a",)),
    **dict.fromkeys(("skewcauchy", "zipf", "dlaplace"), ("a",)),
    **dict.fromkeys(("weibull_min", "weibull_max", "lomax", "invweibull", "fisk", "genpareto", "genextreme"), ("c",)),
    **dict.fromkeys(("dweibull", "rdist", "foldcauchy", "loglaplace", "foldnorm", "gompertz", "loggamma"), ("c",)),
    **dict.fromkeys(("genlogistic", "fatiguelife", "triang", "bradford", "wrapcauchy", "powernorm"), ("c",)),
    "genhalflogistic": ("c",),
    **dict.fromkeys(("beta", "truncnorm", "betaprime", "jf_skew_t", "johnsonsu", "johnsonsb"), ("a", "b")),
    **dict.fromkeys(("loguniform", "reciprocal", "norminvgauss"), ("a", "b")),
    **dict.fromkeys(("t", "chi2", "chi"), ("df",)),
    **dict.fromkeys(("pareto", "exponpow", "truncexpon", "rice"), ("b",)),
    **dict.fromkeys(("gennorm", "halfgennorm"), ("beta",)),
    **dict.fromkeys(("invgauss", "recipinvgauss", "poisson"), ("mu",)),
    **dict.fromkeys(("bernoulli", "geom", "logser"), ("p",)),
    **dict.fromkeys(("binom", "nbinom"), ("n", "p")),
    **dict.fromkeys(("burr", "burr12"), ("c", "d")),
    **dict.fromkeys(("gengamma", "exponweib"), ("a", "c")),
    **dict.fromkeys(("vonmises", "vonmises_line"), ("kappa",)),
    "lognorm": ("s",),
    "pearson3": ("skew",),
    "f": ("dfn", "dfd"),
    "nakagami": ("nu",),
    "mielke": ("k", "s"),
    "laplace_asymmetric": ("kappa",),
    "genexpon": ("a", "b", "c"),
    "yulesimon": ("alpha",),
    "betanbinom": ("n", "a", "b"),
    "planck": ("lambda_",),
    "skellam": ("mu1", "mu2"),
    "trapezoid": ("c", "d"),
    "exponnorm": ("K",),
    "nct": ("df", "nc"),
    "ncx2": ("df", "nc"),
    "ncf": ("dfn", "dfd", "nc"),
    "crystalball": ("beta", "m"),
    "argus": ("chi",),
    "genhyperbolic": ("p", "a", "b"),
    "geninvgauss": ("p", "b"),
    "powerlognorm": ("c", "s"),
    "tukeylambda": ("lam",),
    "truncpareto": ("b", "c"),
    "truncweibull_min": ("c", "a", "b"),
    "rel_breitwigner": ("rho",),
    "irwinhall": ("n",),
    "dpareto_lognorm": ("u", "s", "a", "b"),
    "hypergeom": ("M", "n", "N"),
    "randint": ("low", "high"),
    "boltzmann": ("lambda_", "N"),
    "betabinom": ("n", "a", "b"),
    "zipfian": ("a", "n"),
    "nhypergeom": ("M", "n", "r"),
}
# Families that are read by SciPy's own log density, or its probabilities.
BY_SCIPY = (
    *("triang", "trapezoid", "anglit", "cosine", "truncexpon", "loguniform", "reciprocal", "vonmises", "vonmises_line"),
    *("exponnorm", "rice", "nct", "ncx2", "ncf", "crystalball", "argus", "bradford", "norminvgauss", "genhyperbolic"),
    *("geninvgauss", "wrapcauchy", "johnsonsb", "powernorm", "powerlognorm", "tukeylambda", "truncpareto"),
    *("truncweibull_min", "landau", "rel_breitwigner", "irwinhall", "dpareto_lognorm", "genhalflogistic"),
)
COUNTS_BY_SCIPY = ("hypergeom", "randint", "boltzmann", "betabinom", "zipfian", "nhypergeom")


class Signature(NamedTuple):
    """A class that a text may name: its arguments in order, which of them have to be named, and what it makes."""

    make: Callable[..., object]
    arguments: tuple[str, ...]
    defaults: dict[str, object]
    named: tuple[str, ...] = ()  # arguments whose place differs from book to book


def _gaussian(mean: object, std: object, variance: object) -> Gaussian:
    if variance is None:
        return Gaussian(mean, 1.0 if std is None else std)
    if std is not None:
        raise ValueError("the variance is std²: give one of the two")
    return Gaussian(mean, math.sqrt(variance))


def _exponential(scale: object, rate: object) -> Exponential:
    return Exponential(_scale(scale, rate, 1.0))


def _gamma(shape: object, scale: object, rate: object) -> Gamma:
    return Gamma(shape, _scale(scale, rate, 1.0))


def _scale(scale: object, rate: object, otherwise: float) -> object:
    """Of a scale or a rate the one that is given."""
    if rate is None:
        return otherwise if scale is None else scale
    if scale is not None:
        raise ValueError("the scale is 1/rate: give one of the two")
    return 1 / rate if rate else math.inf


PLACE = {"loc": 0.0, "scale": 1.0}
SCALE_OR_RATE = {"scale": None, "rate": None}
CLASSES: dict[str, Signature] = {
    "gaussian": Signature(_gaussian, ("mean", "std", "variance"), {"mean": 0.0, "std": None, "variance": None}),
    "studentt": Signature(StudentT, ("df", "loc", "scale"), PLACE),
    "uniform": Signature(Uniform, ("low", "high"), {"low": 0.0, "high": 1.0}),
    "exponential": Signature(_exponential, ("scale", "rate"), SCALE_OR_RATE, ("scale", "rate")),
    "gamma": Signature(_gamma, ("shape", "scale", "rate"), SCALE_OR_RATE, ("scale", "rate")),
    "weibull": Signature(Weibull, ("shape", "scale"), {"scale": 1.0}, ("scale",)),
    "lognormal": Signature(LogNormal, ("log_mean", "log_std"), {"log_mean": 0.0, "log_std": 1.0}),
    "beta": Signature(Beta, ("a", "b"), {}),
    "truncatedgaussian": Signature(
        TruncatedGaussian, ("loc", "scale", "low", "high"), PLACE | {"low": -math.inf, "high": math.inf}
    ),
    "skewgaussian": Signature(SkewGaussian, ("shape", "loc", "scale"), PLACE),
    "halfnormal": Signature(lambda scale: TruncatedGaussian(0.0, scale, 0.0, math.inf), ("scale",), {"scale": 1.0}),
    "halfcauchy": Signature(lambda scale: Affine(ScipyLaw("halfcauchy"), 0.0, scale), ("scale",), {"scale": 1.0}),
    "bernoulli": Signature(Bernoulli, ("prob",), {}),
    "binomial": Signature(lambda n, p: Binomial(_whole(n), p), ("trials", "prob"), {}),
    "poisson": Signature(Poisson, ("rate",), {}),
    "geometric": Signature(lambda p, first: Geometric(p, _whole(first)), ("prob", "first"), {"first": 1.0}),
    "negativebinomial": Signature(NegativeBinomial, ("successes", "prob"), {}),
    "tabulated": Signature(lambda probs, first: Tabulated(probs, _whole(first)), ("probs", "first"), {"first": 0.0}),
    "categorical": Signature(Categorical, ("probs",), {}),
    "dirichlet": Signature(Dirichlet, ("concentration",), {}),
    "multivariategaussian": Signature(MultivariateGaussian, ("mean", "cov"), {}),
    "gaussianmixture": Signature(GaussianMixture, ("weights", "means", "stds"), {}),
}
SAME = {
    "n": "gaussian",
    "u": "uniform",
    "normal": "gaussian",
    "student": "studentt",
    "truncatednormal": "truncatedgaussian",
    "skewnormal": "skewgaussian",
    "multivariatenormal": "multivariategaussian",
    "mvn": "multivariategaussian",
    "multivariate_normal": "multivariategaussian",
    "student_t": "studentt",
    "negative_binomial": "negativebinomial",
    "exp": "exponential",
}
SYNONYMS = {
    "mean": ("loc", "mu"),
    "std": ("scale", "sigma", "stddev"),
    "variance": ("var", "sigma2"),
    "log_mean": ("loc", "mu", "mean"),
    "log_std": ("scale", "sigma", "s"),
    "shape": ("a", "c", "k", "concentration", "alpha"),
    "rate": ("mu", "lam", "lambda_", "beta"),
    "df": ("nu",),
    "loc": ("mu", "mean"),
    "scale": ("sigma", "theta", "std"),
    "low": ("a",),
    "high": ("b",),
    "a": ("alpha", "concentration1"),
    "b": ("beta", "concentration0"),
    "prob": ("p", "probs"),
    "probs": ("p",),
    "trials": ("n", "total_count"),
    "successes": ("n", "r"),
    "concentration": ("alpha",),
    "cov": ("covariance_matrix", "covariance"),
}


def _whole(value: float) -> int:
    if value != math.floor(value):
        raise ValueError(f"expected a whole number, got {value:g}")
    return int(value)


def class_named(name: str) -> tuple[str, Signature] | None:
    """The class that a name means, however it is written; None for none."""
    plain = name.lower()
    plain = SAME.get(plain, plain)
    return (plain, CLASSES[plain]) if plain in CLASSES else None


def argument_of(given: str, arguments: tuple[str, ...]) -> str | None:
    """Which argument a keyword means, by its name or by what others call it."""
    if given in arguments:
        return given
    return next((each for each in arguments if given in SYNONYMS.get(each, ())), None)
