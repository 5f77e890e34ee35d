"""KL Lab's engine: the Kullback-Leibler divergence, its two directions, and what each does to a fit.

p is always the target, q the approximation; every divergence is in nats and comes as an `Estimate` with its error.
`kl_engine.symbolic` holds the derivations; it is imported on its own, as SymPy takes its time.
"""

from kl_engine.acting.mazes import exclusive_or, t_maze
from kl_engine.acting.policy import ActionValue, FiniteModel, action_probabilities, action_values, best_actions
from kl_engine.acting.state_inference import ExactPosterior, FactorisedState, exact_posterior, factorised_states
from kl_engine.coding.arithmetic_coding import ArithmeticCoder
from kl_engine.coding.coding_runs import CodingRun, coding_run, excess_band
from kl_engine.coding.prefix_codes import Code, expected_length, huffman_code, redundancy, shannon_code
from kl_engine.distributions.beta import Beta
from kl_engine.distributions.categorical import Categorical
from kl_engine.distributions.gaussian import Gaussian, GaussianMixture
from kl_engine.distributions.multivariate import MultivariateGaussian, MultivariateGaussianMixture
from kl_engine.divergences.alpha import alpha_divergence
from kl_engine.divergences.bounds.line import Bound, entropy_bounds
from kl_engine.divergences.disagreement import Disagreement, disagreement, missed_by_component
from kl_engine.divergences.discrete import kl_terms
from kl_engine.divergences.monte_carlo import SamplingRun, sampled_kl
from kl_engine.divergences.registry import cross_entropy, entropy, forward_kl, kl_bounds, kl_divergence, reverse_kl
from kl_engine.divergences.symmetric import jensen_shannon, total_variation
from kl_engine.estimates.certainty import Certainty
from kl_engine.estimates.estimate import Direction, Estimate
from kl_engine.fits.alpha_fits import alpha_fit, alpha_optima
from kl_engine.fits.families import Covariance
from kl_engine.fits.flow import gradient_flow
from kl_engine.fits.gaussian import Fit, fit, moment_match, reverse_optima
from kl_engine.fits.mean_field import MeanFieldCost, equicorrelated, mean_field_cost
from kl_engine.fits.mixture_fits import mixture_fit
from kl_engine.fits.multivariate_fits import MultivariateFit, multivariate_fit, multivariate_optima
from kl_engine.fits.paths import Path
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
from kl_engine.optima.alpha_sweep import AlphaJump, AlphaPath, alpha_path
from kl_engine.optima.basins import Basins, basins
from kl_engine.optima.branches import Branch
from kl_engine.optima.curves import Score, expected_score, kl_along
from kl_engine.optima.landscape import Landscape, landscape
from kl_engine.optima.stationary import StationaryPoint, StationaryPoints, stationary_points
from kl_engine.optima.sweep import Sweep, separation_sweep, two_modes
from kl_engine.optima.ties import Tie
from kl_engine.optima.transitions import Transition, Transitions, transitions

__version__ = "1.0.0"

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
    "Certainty",
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
