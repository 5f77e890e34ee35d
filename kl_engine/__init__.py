"""KL Lab's engine: the Kullback-Leibler divergence, its two directions, and what each does to a fit.

p is always the target, q the approximation; every divergence is in nats and comes as an `Estimate` with its error.
`kl_engine.symbolic` holds the derivations; it is imported on its own, as SymPy takes its time.
"""

from kl_engine.arithmetic_coding import ArithmeticCoder
from kl_engine.categorical import Categorical, kl_terms
from kl_engine.coding import Code, expected_length, huffman_code, redundancy, shannon_code
from kl_engine.coding_runs import CodingRun, coding_run, excess_band
from kl_engine.dispatch import cross_entropy, entropy, forward_kl, kl_divergence, reverse_kl
from kl_engine.distributions import Gaussian, GaussianMixture
from kl_engine.estimates import Direction, Estimate
from kl_engine.failures import Disagreement, disagreement, missed_by_component
from kl_engine.fitting import Fit, fit, moment_match, reverse_optima
from kl_engine.flow import gradient_flow
from kl_engine.mazes import exclusive_or, t_maze
from kl_engine.paths import Path
from kl_engine.policy import ActionValue, FiniteModel, action_probabilities, action_values, best_actions
from kl_engine.state_inference import ExactPosterior, FactorisedState, exact_posterior, factorised_states
from kl_engine.sweep import Sweep, separation_sweep, two_modes
from kl_engine.ties import Tie

__all__ = [
    "ActionValue",
    "ArithmeticCoder",
    "Categorical",
    "Code",
    "CodingRun",
    "Direction",
    "Disagreement",
    "Estimate",
    "ExactPosterior",
    "FactorisedState",
    "FiniteModel",
    "Fit",
    "Gaussian",
    "GaussianMixture",
    "Path",
    "Sweep",
    "Tie",
    "action_probabilities",
    "action_values",
    "best_actions",
    "coding_run",
    "cross_entropy",
    "disagreement",
    "entropy",
    "exact_posterior",
    "excess_band",
    "exclusive_or",
    "expected_length",
    "factorised_states",
    "fit",
    "forward_kl",
    "gradient_flow",
    "huffman_code",
    "kl_divergence",
    "kl_terms",
    "missed_by_component",
    "moment_match",
    "redundancy",
    "reverse_kl",
    "reverse_optima",
    "separation_sweep",
    "shannon_code",
    "t_maze",
    "two_modes",
]
