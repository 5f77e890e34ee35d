"""KL Lab's engine: the Kullback-Leibler divergence, its two directions, and what each does to a fit.

p is always the target, q the approximation; every divergence is in nats and comes as an `Estimate` with its error.
`kl_engine.symbolic` holds the derivations; it is imported on its own, as SymPy takes its time.
"""

from kl_engine.attraction import Basins, basins
from kl_engine.bifurcations import Transition, Transitions, transitions
from kl_engine.branches import Branch
from kl_engine.distributions import Gaussian, GaussianMixture
from kl_engine.divergences import cross_entropy, entropy, forward_kl, kl_divergence, reverse_kl
from kl_engine.estimates import Direction, Estimate
from kl_engine.failures import Disagreement, disagreement, missed_by_component
from kl_engine.fitting import Fit, fit, moment_match, reverse_optima
from kl_engine.flow import gradient_flow
from kl_engine.landscapes import Landscape, landscape
from kl_engine.paths import Path
from kl_engine.stationary import StationaryPoint, StationaryPoints, stationary_points
from kl_engine.sweep import Sweep, separation_sweep, two_modes
from kl_engine.ties import Tie

__all__ = [
    "Basins",
    "Branch",
    "Direction",
    "Disagreement",
    "Estimate",
    "Fit",
    "Gaussian",
    "GaussianMixture",
    "Landscape",
    "Path",
    "StationaryPoint",
    "StationaryPoints",
    "Sweep",
    "Tie",
    "Transition",
    "Transitions",
    "basins",
    "cross_entropy",
    "disagreement",
    "entropy",
    "fit",
    "forward_kl",
    "gradient_flow",
    "kl_divergence",
    "landscape",
    "missed_by_component",
    "moment_match",
    "reverse_kl",
    "reverse_optima",
    "separation_sweep",
    "stationary_points",
    "transitions",
    "two_modes",
]
