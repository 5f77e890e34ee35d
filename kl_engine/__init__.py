"""KL Lab's engine: the Kullback-Leibler divergence, its two directions, and what each does to a fit.

p is always the target, q the approximation; every divergence is in nats and comes as an `Estimate` with its error.
`kl_engine.symbolic` holds the derivations; it is imported on its own, as SymPy takes its time.
"""

from kl_engine.dispatch import cross_entropy, entropy, forward_kl, kl_divergence, reverse_kl
from kl_engine.distributions import Gaussian, GaussianMixture
from kl_engine.estimates import Direction, Estimate
from kl_engine.failures import Disagreement, disagreement, missed_by_component
from kl_engine.fitting import Fit, fit, moment_match, reverse_optima
from kl_engine.flow import gradient_flow
from kl_engine.multivariate.bounds import ComponentBound, component_bounds
from kl_engine.multivariate.distributions import MultivariateGaussian, MultivariateGaussianMixture
from kl_engine.multivariate.families import Covariance
from kl_engine.multivariate.fits import MultivariateFit, multivariate_fit, multivariate_optima
from kl_engine.multivariate.mean_field import MeanFieldCost, equicorrelated, mean_field_cost
from kl_engine.paths import Path
from kl_engine.sweep import Sweep, separation_sweep, two_modes
from kl_engine.ties import Tie

__all__ = [
    "ComponentBound",
    "Covariance",
    "Direction",
    "Disagreement",
    "Estimate",
    "Fit",
    "Gaussian",
    "GaussianMixture",
    "MeanFieldCost",
    "MultivariateFit",
    "MultivariateGaussian",
    "MultivariateGaussianMixture",
    "Path",
    "Sweep",
    "Tie",
    "component_bounds",
    "cross_entropy",
    "disagreement",
    "entropy",
    "equicorrelated",
    "fit",
    "forward_kl",
    "gradient_flow",
    "kl_divergence",
    "mean_field_cost",
    "missed_by_component",
    "moment_match",
    "multivariate_fit",
    "multivariate_optima",
    "reverse_kl",
    "reverse_optima",
    "separation_sweep",
    "two_modes",
]
