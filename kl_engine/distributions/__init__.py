"""What a divergence is taken between: one family a file, frozen and validated when made."""

from kl_engine.distributions.adapters import as_distribution, to_scipy
from kl_engine.distributions.beta import Beta
from kl_engine.distributions.counts import Bernoulli, Binomial, Geometric, NegativeBinomial, Poisson
from kl_engine.distributions.dirichlet import Dirichlet
from kl_engine.distributions.expressions import ExpressionError, parse_distribution
from kl_engine.distributions.line import (
    Affine,
    Cauchy,
    Density,
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

__all__ = [
    "Affine",
    "Bernoulli",
    "Beta",
    "Binomial",
    "Cauchy",
    "Density",
    "Dirichlet",
    "Exponential",
    "ExpressionError",
    "Gamma",
    "Geometric",
    "Laplace",
    "LogNormal",
    "Logistic",
    "NegativeBinomial",
    "Poisson",
    "SkewGaussian",
    "StudentT",
    "TruncatedGaussian",
    "Uniform",
    "Weibull",
    "as_distribution",
    "parse_distribution",
    "to_scipy",
]
