"""KL Lab's engine: the Kullback-Leibler divergence, its two directions, and what each does to a fit.

p is always the target, q the approximation; every divergence is in nats and comes as an `Estimate` with its error.
`kl_engine.symbolic` holds the derivations; it is imported on its own, as SymPy takes its time.
"""

from kl_engine.alpha_fits import alpha_fit, alpha_optima
from kl_engine.alpha_sweep import AlphaJump, AlphaPath, alpha_path
from kl_engine.bounds import Bound, entropy_bounds, kl_bounds
from kl_engine.dispatch import cross_entropy, entropy, forward_kl, kl_divergence, reverse_kl
from kl_engine.distributions import Gaussian, GaussianMixture
from kl_engine.estimates import Direction, Estimate
from kl_engine.failures import Disagreement, disagreement, missed_by_component
from kl_engine.fitting import Fit, fit, moment_match, reverse_optima
from kl_engine.flow import gradient_flow
from kl_engine.mixture_fits import mixture_fit
from kl_engine.monte_carlo import SamplingRun, sampled_kl
from kl_engine.paths import Path
from kl_engine.power_divergences import alpha_divergence
from kl_engine.sweep import Sweep, separation_sweep, two_modes
from kl_engine.symmetric_divergences import jensen_shannon, total_variation
from kl_engine.ties import Tie

__all__ = [
    "AlphaJump",
    "AlphaPath",
    "Bound",
    "Direction",
    "Disagreement",
    "Estimate",
    "Fit",
    "Gaussian",
    "GaussianMixture",
    "Path",
    "SamplingRun",
    "Sweep",
    "Tie",
    "alpha_divergence",
    "alpha_fit",
    "alpha_optima",
    "alpha_path",
    "cross_entropy",
    "disagreement",
    "entropy",
    "entropy_bounds",
    "fit",
    "forward_kl",
    "gradient_flow",
    "jensen_shannon",
    "kl_bounds",
    "kl_divergence",
    "missed_by_component",
    "mixture_fit",
    "moment_match",
    "reverse_kl",
    "reverse_optima",
    "sampled_kl",
    "separation_sweep",
    "total_variation",
    "two_modes",
]
