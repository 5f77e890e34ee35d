"""All the optima: stationary points, how they change with p, and which start leads where; public as `kl.optima`."""

from kl_engine.fits.fitting import flow, same
from kl_engine.fits.paths import Path
from kl_engine.optima.alpha_sweep import AlphaJump, AlphaPath, alpha_path
from kl_engine.optima.basins import Basins, basins
from kl_engine.optima.branches import Branch
from kl_engine.optima.curves import Score, expected_score, kl_along
from kl_engine.optima.landscape import Landscape, landscape
from kl_engine.optima.stationary import StationaryPoint, StationaryPoints, stationary_points
from kl_engine.optima.sweep import Sweep, separation_sweep
from kl_engine.optima.ties import Tie
from kl_engine.optima.transitions import Transition, Transitions, transitions

__all__ = [
    "AlphaJump",
    "AlphaPath",
    "Basins",
    "Branch",
    "Landscape",
    "Path",
    "Score",
    "StationaryPoint",
    "StationaryPoints",
    "Sweep",
    "Tie",
    "Transition",
    "Transitions",
    "alpha_path",
    "basins",
    "expected_score",
    "flow",
    "kl_along",
    "landscape",
    "same",
    "separation_sweep",
    "stationary_points",
    "transitions",
]
