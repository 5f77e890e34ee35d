"""KL Lab's engine: the Kullback-Leibler divergence, its two directions, and what each does to a fit.

p is always the target, q the approximation; every divergence is in nats and comes as an `Estimate` with its error.
`kl_engine.symbolic` holds the derivations; it is imported on its own, as SymPy takes its time.
"""

from kl_engine import optima
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
from kl_engine.fits import families
from kl_engine.fits.alpha import Alpha
from kl_engine.fits.fitting import fit, moment_match
from kl_engine.fits.solution import Solution, Status
from kl_engine.fits.weighted import Weighted
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

__version__ = "1.0.0"

__all__ = [
    "ActionValue",
    "Alpha",
    "ArithmeticCoder",
    "Beta",
    "BetaModel",
    "Bound",
    "Categorical",
    "CategoricalModel",
    "Certainty",
    "Code",
    "CodingRun",
    "Confidence",
    "Direction",
    "Disagreement",
    "Estimate",
    "ExactPosterior",
    "FactorModel",
    "FactorisedState",
    "FiniteModel",
    "FreeEnergy",
    "Gaussian",
    "GaussianMixture",
    "GaussianModel",
    "GaussianPair",
    "MeanField",
    "MultivariateGaussian",
    "MultivariateGaussianMixture",
    "NormalGammaModel",
    "NumericPosterior",
    "SamplingRun",
    "Solution",
    "Status",
    "Weighted",
    "action_probabilities",
    "action_values",
    "alpha_divergence",
    "best_actions",
    "coding_run",
    "confidence",
    "coordinate_ascent",
    "cross_entropy",
    "disagreement",
    "entropy",
    "entropy_bounds",
    "exact_posterior",
    "excess_band",
    "exclusive_or",
    "expected_length",
    "factorised_normal",
    "factorised_pair",
    "factorised_states",
    "families",
    "fit",
    "forward_divergence",
    "forward_kl",
    "forward_pair",
    "free_energy",
    "huffman_code",
    "jensen_shannon",
    "kl_bounds",
    "kl_divergence",
    "kl_terms",
    "laplace_approximation",
    "map_estimate",
    "missed_by_component",
    "moment_match",
    "moment_matched_posterior",
    "optima",
    "posterior",
    "redundancy",
    "reverse_kl",
    "sampled_kl",
    "shannon_code",
    "t_maze",
    "total_variation",
]
