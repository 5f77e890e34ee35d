"""What a divergence is taken between: one family a file, frozen and validated when made."""

from kl_engine.distributions.adapters import as_distribution, to_scipy
from kl_engine.distributions.beta import Beta
from kl_engine.distributions.counts import (
    Bernoulli,
    Binomial,
    CountMixture,
    Geometric,
    NegativeBinomial,
    Poisson,
    Shifted,
    Tabulated,
)
from kl_engine.distributions.dirichlet import Dirichlet
from kl_engine.distributions.expressions import ExpressionError, parse_distribution
from kl_engine.distributions.line import (
    Affine,
    Cauchy,
    Density,
    End,
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

__all__ = [
    "Affine",
    "Bernoulli",
    "Beta",
    "Binomial",
    "Cauchy",
    "CountMixture",
    "Density",
    "Dirichlet",
    "End",
    "Exponential",
    "ExpressionError",
    "Gamma",
    "Geometric",
    "Laplace",
    "LogNormal",
    "Logistic",
    "Mixture",
    "NegativeBinomial",
    "Poisson",
    "Shifted",
    "SkewGaussian",
    "StudentT",
    "Tabulated",
    "TruncatedGaussian",
    "Uniform",
    "Weibull",
    "as_distribution",
    "parse_distribution",
    "to_scipy",
]
