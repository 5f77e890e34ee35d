"""KL Lab's engine: the Kullback-Leibler divergence, its two directions, and what each does to a fit.

p is always the target, q the approximation; every divergence is in nats and comes as an `Estimate` with its error.
`kl_engine.symbolic` holds the derivations; it is imported on its own, as SymPy takes its time.
"""

from kl_engine.distributions import Gaussian, GaussianMixture
from kl_engine.divergences import cross_entropy, entropy, forward_kl, kl_divergence, reverse_kl
from kl_engine.estimates import Direction, Estimate
from kl_engine.failures import Disagreement, disagreement, missed_by_component
from kl_engine.fitting import Fit, fit, moment_match, reverse_optima
from kl_engine.flow import gradient_flow
from kl_engine.paths import Path
from kl_engine.slices import Score, expected_score, kl_along
from kl_engine.sweep import Sweep, separation_sweep, two_modes
from kl_engine.ties import Tie

__all__ = [
    "Direction",
    "Disagreement",
    "Estimate",
    "Fit",
    "Gaussian",
    "GaussianMixture",
    "Path",
    "Score",
    "Sweep",
    "Tie",
    "cross_entropy",
    "disagreement",
    "entropy",
    "expected_score",
    "fit",
    "forward_kl",
    "gradient_flow",
    "kl_along",
    "kl_divergence",
    "missed_by_component",
    "moment_match",
    "reverse_kl",
    "reverse_optima",
    "separation_sweep",
    "two_modes",
]
