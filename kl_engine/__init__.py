"""KL Lab's engine: the Kullback-Leibler divergence, its two directions, and what each does to a fit.

p is always the target, q the approximation; every divergence is in nats and comes as an `Estimate` with its error.
`kl_engine.symbolic` holds the derivations; it is imported on its own, as SymPy takes its time.
"""

from kl_engine.alpha_fits import alpha_fit, alpha_optima
from kl_engine.alpha_sweep import AlphaJump, AlphaPath, alpha_path
from kl_engine.arithmetic_coding import ArithmeticCoder
from kl_engine.attraction import Basins, basins
from kl_engine.beta import Beta
from kl_engine.bifurcations import Transition, Transitions, transitions
from kl_engine.bounds import Bound, entropy_bounds
from kl_engine.branches import Branch
from kl_engine.categorical import Categorical, kl_terms
from kl_engine.coding import Code, expected_length, huffman_code, redundancy, shannon_code
from kl_engine.coding_runs import CodingRun, coding_run, excess_band
from kl_engine.dispatch import cross_entropy, entropy, forward_kl, kl_bounds, kl_divergence, reverse_kl
from kl_engine.distributions import Gaussian, GaussianMixture
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
from kl_engine.landscapes import Landscape, landscape
from kl_engine.mazes import exclusive_or, t_maze
from kl_engine.mixture_fits import mixture_fit
from kl_engine.monte_carlo import SamplingRun, sampled_kl
from kl_engine.multivariate.distributions import MultivariateGaussian, MultivariateGaussianMixture
from kl_engine.multivariate.families import Covariance
from kl_engine.multivariate.fits import MultivariateFit, multivariate_fit, multivariate_optima
from kl_engine.multivariate.mean_field import MeanFieldCost, equicorrelated, mean_field_cost
from kl_engine.paths import Path
from kl_engine.policy import ActionValue, FiniteModel, action_probabilities, action_values, best_actions
from kl_engine.power_divergences import alpha_divergence
from kl_engine.slices import Score, expected_score, kl_along
from kl_engine.state_inference import ExactPosterior, FactorisedState, exact_posterior, factorised_states
from kl_engine.stationary import StationaryPoint, StationaryPoints, stationary_points
from kl_engine.sweep import Sweep, separation_sweep, two_modes
from kl_engine.symmetric_divergences import jensen_shannon, total_variation
from kl_engine.ties import Tie

__all__ = [
    "ActionValue",
    "AlphaJump",
    "AlphaPath",
    "ArithmeticCoder",
    "Basins",
    "BeliefPath",
    "Beta",
    "BetaModel",
    "Bound",
    "Branch",
    "Categorical",
    "CategoricalModel",
    "Code",
    "CodingRun",
    "Confidence",
    "Covariance",
    "Direction",
    "Disagreement",
    "Estimate",
    "ExactPosterior",
    "FactorModel",
    "FactorisedState",
    "FiniteModel",
    "Fit",
    "FreeEnergy",
    "Gaussian",
    "GaussianMixture",
    "GaussianModel",
    "GaussianPair",
    "Landscape",
    "MeanField",
    "MeanFieldCost",
    "MultivariateFit",
    "MultivariateGaussian",
    "MultivariateGaussianMixture",
    "NormalGammaModel",
    "NumericPosterior",
    "Path",
    "SamplingRun",
    "Score",
    "StationaryPoint",
    "StationaryPoints",
    "Sweep",
    "Tie",
    "Transition",
    "Transitions",
    "action_probabilities",
    "action_values",
    "alpha_divergence",
    "alpha_fit",
    "alpha_optima",
    "alpha_path",
    "basins",
    "best_actions",
    "coding_run",
    "confidence",
    "coordinate_ascent",
    "cross_entropy",
    "disagreement",
    "entropy",
    "entropy_bounds",
    "equicorrelated",
    "exact_posterior",
    "excess_band",
    "exclusive_or",
    "expected_length",
    "expected_score",
    "factorised_normal",
    "factorised_pair",
    "factorised_states",
    "fit",
    "forward_divergence",
    "forward_kl",
    "forward_pair",
    "free_energy",
    "free_energy_flow",
    "free_energy_optima",
    "gradient_flow",
    "huffman_code",
    "jensen_shannon",
    "kl_along",
    "kl_bounds",
    "kl_divergence",
    "kl_terms",
    "landscape",
    "laplace_approximation",
    "map_estimate",
    "mean_field_cost",
    "minimise_free_energy",
    "missed_by_component",
    "mixture_fit",
    "moment_match",
    "moment_matched_posterior",
    "multivariate_fit",
    "multivariate_optima",
    "posterior",
    "redundancy",
    "reverse_kl",
    "reverse_optima",
    "sampled_kl",
    "separation_sweep",
    "shannon_code",
    "stationary_points",
    "t_maze",
    "total_variation",
    "transitions",
    "two_modes",
]
