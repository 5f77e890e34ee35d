"""Continuous families on the line, one a file: log density, ends, bends, quantiles, moments where they exist."""

from kl_engine.distributions.line.affine import Affine
from kl_engine.distributions.line.base import End
from kl_engine.distributions.line.cauchy import Cauchy
from kl_engine.distributions.line.density import Density
from kl_engine.distributions.line.exponential import Exponential
from kl_engine.distributions.line.gamma import Gamma
from kl_engine.distributions.line.laplace import Laplace
from kl_engine.distributions.line.log_normal import LogNormal
from kl_engine.distributions.line.logistic import Logistic
from kl_engine.distributions.line.mixture import Mixture
from kl_engine.distributions.line.skew_gaussian import SkewGaussian
from kl_engine.distributions.line.student_t import StudentT
from kl_engine.distributions.line.truncated_gaussian import TruncatedGaussian
from kl_engine.distributions.line.uniform import Uniform
from kl_engine.distributions.line.weibull import Weibull

__all__ = [
    "Affine",
    "Cauchy",
    "Density",
    "End",
    "Exponential",
    "Gamma",
    "Laplace",
    "LogNormal",
    "Logistic",
    "Mixture",
    "SkewGaussian",
    "StudentT",
    "TruncatedGaussian",
    "Uniform",
    "Weibull",
]
