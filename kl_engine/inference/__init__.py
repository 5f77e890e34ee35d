"""Models of a latent and data, their posteriors, and the beliefs that approximate these: free energy and its minima."""

from kl_engine.inference import posterior_problem as posterior_problem  # so that `kl.fit` knows a posterior
from kl_engine.inference.bounds.importance import importance_bound
from kl_engine.inference.bounds.order import alpha_bound
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
from kl_engine.inference.propagation.on_the_line import ExpectationPropagation, Site, expectation_propagation
from kl_engine.inference.propagation.product import (
    PropagatedLine,
    marginal_line,
    mean_field_line,
    propagated_line,
)
from kl_engine.inference.propagation.status import PropagationStatus
from kl_engine.inference.regression import (
    Predictive,
    RegressionModel,
    predictive,
    regression_evidence,
    regression_posterior,
)
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
    "PropagatedLine",
    "MeanField",
    "NormalGammaModel",
    "NumericPosterior",
    "PoissonModel",
    "Predictive",
    "ProductFits",
    "ProductOptimum",
    "ExpectationPropagation",
    "PropagationStatus",
    "RegressionModel",
    "Site",
    "alpha_bound",
    "confidence",
    "coordinate_ascent",
    "expectation_propagation",
    "factorised_normal",
    "factorised_pair",
    "forward_divergence",
    "forward_pair",
    "free_energy",
    "importance_bound",
    "laplace_approximation",
    "map_estimate",
    "marginal_line",
    "mean_field_line",
    "moment_matched_posterior",
    "posterior",
    "predictive",
    "product_fits",
    "propagated_line",
    "regression_evidence",
    "regression_posterior",
]
