"""The q's that the maps of a target show, and where the flow from each of them ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from kl_engine import Direction, Gaussian, GaussianMixture, families
from kl_engine.optima import Basins, basins, stationary_points

COLUMNS, ROWS = 121, 91
BESIDE = 1.5  # stds of the outer components that the map shows beyond them
NARROWER, WIDER = 0.4, 2.5  # than the narrowest component, than p itself
COARSE = 3  # every third column and row of the map: enough for shares in per cent


def grid(p: GaussianMixture, found: Sequence[Gaussian]) -> tuple[np.ndarray, np.ndarray]:
    """The means, evenly, and the stds, by equal ratios, of a map that holds every component and every q of `found`."""
    low, high = min(p.means - BESIDE * p.stds), max(p.means + BESIDE * p.stds)
    narrow = min(NARROWER * p.stds.min(), *(0.8 * q.std for q in found))
    wide = max(WIDER * p.std, *(1.25 * q.std for q in found))
    return np.linspace(low, high, COLUMNS), np.geomspace(narrow, wide, ROWS)


def basins_of(p: GaussianMixture, fixed_std: float | None, every: int, progress: Callable[[float], object]) -> Basins:
    """Where the flow of D(q‖p) ends from each q of the map, or of `every` so many of its columns and rows.

    With `fixed_std` the starts differ in their mean alone.
    """
    means, stds = grid(p, [point.q for direction in Direction for point in stationary_points(p, direction)])
    if fixed_std is not None:
        return basins(p, Direction.REVERSE, means, [fixed_std], families.Gaussian(fixed_std), progress)
    return basins(p, Direction.REVERSE, means[::every], stds[::every], None, progress)
