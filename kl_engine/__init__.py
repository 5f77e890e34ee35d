"""KL Lab's engine: the Kullback-Leibler divergence, its two directions, and what each does to a fit.

p is always the target, q the approximation; every divergence is in nats and comes as an `Estimate` with its error.
`kl_engine.symbolic` holds the derivations; it is imported on its own, as SymPy takes its time.
"""

from kl_engine.beta import Beta
from kl_engine.categorical import Categorical
from kl_engine.distributions import Gaussian, GaussianMixture
from kl_engine.divergences import cross_entropy, entropy, forward_kl, kl_divergence, reverse_kl
from kl_engine.estimates import Direction, Estimate
from kl_engine.failures import Disagreement, disagreement, missed_by_component
from kl_engine.fitting import Fit, fit, moment_match, reverse_optima
from kl_engine.flow import gradient_flow
from kl_engine.inference.conjugate_flow import BeliefPath
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
from kl_engine.inference.variational_fit import free_energy_flow, free_energy_optima, minimise_free_energy
from kl_engine.paths import Path
from kl_engine.sweep import Sweep, separation_sweep, two_modes
from kl_engine.ties import Tie

__all__ = [
    "Beta",
    "Categorical",
    "BetaModel",
    "CategoricalModel",
    "GaussianModel",
    "BeliefPath",
    "FreeEnergy",
    "free_energy",
    "free_energy_flow",
    "free_energy_optima",
    "minimise_free_energy",
    "NumericPosterior",
    "posterior",
    "laplace_approximation",
    "map_estimate",
    "Confidence",
    "confidence",
    "forward_divergence",
    "moment_matched_posterior",
    "FactorModel",
    "MeanField",
    "coordinate_ascent",
    "GaussianPair",
    "NormalGammaModel",
    "factorised_normal",
    "factorised_pair",
    "forward_pair",
    "Direction",
    "Disagreement",
    "Estimate",
    "Fit",
    "Gaussian",
    "GaussianMixture",
    "Path",
    "Sweep",
    "Tie",
    "cross_entropy",
    "disagreement",
    "entropy",
    "fit",
    "forward_kl",
    "gradient_flow",
    "kl_divergence",
    "missed_by_component",
    "moment_match",
    "reverse_kl",
    "reverse_optima",
    "separation_sweep",
    "two_modes",
]
