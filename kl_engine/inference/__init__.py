"""Models of a latent and data, their posteriors, and the beliefs that approximate these: free energy and its minima."""

from kl_engine.inference import posterior_problem as posterior_problem  # so that `kl.fit` knows a posterior
from kl_engine.inference.count_models import BernoulliModel, PoissonModel
from kl_engine.inference.joint_products import ProductFits, ProductOptimum, product_fits
from kl_engine.inference.mean_field import FactorModel, MeanField, coordinate_ascent
from kl_engine.inference.mean_field_gaussian import (
    GaussianPair,
    NormalGammaModel,
    factorised_normal,
    factorised_pair,
    forward_pair,
)
from kl_engine.inference.models import BetaModel, CategoricalModel, GaussianModel
from kl_engine.inference.posterior_modes import laplace_approximation, map_estimate
from kl_engine.inference.posterior_summary import Confidence, confidence, forward_divergence, moment_matched_posterior
from kl_engine.inference.posteriors import NumericPosterior, posterior
from kl_engine.inference.variational import FreeEnergy, free_energy

__all__ = [
    "BernoulliModel",
    "BetaModel",
    "CategoricalModel",
    "Confidence",
    "FactorModel",
    "FreeEnergy",
    "GaussianModel",
    "GaussianPair",
    "MeanField",
    "NormalGammaModel",
    "NumericPosterior",
    "PoissonModel",
    "ProductFits",
    "ProductOptimum",
    "confidence",
    "coordinate_ascent",
    "factorised_normal",
    "factorised_pair",
    "forward_divergence",
    "forward_pair",
    "free_energy",
    "laplace_approximation",
    "map_estimate",
    "moment_matched_posterior",
    "posterior",
    "product_fits",
]
