"""Kept results of the views of section Explore; what computes one is imported when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kl_engine import (
    Basins,
    Direction,
    Path,
)
from pages.ui.cache.kept import kept
from pages.ui.cache.long_work import long
from pages.ui.cache.stoppable import stoppable
from pages.ui.state.target import Draft

if TYPE_CHECKING:
    from pages.ui.views.landscape.scene import Relief
    from pages.ui.views.mixture_lab.scene import Findings


@kept(256)
def lab_findings(rows: tuple, start: tuple[float, float], held: bool) -> Findings:
    """See `findings.found`."""
    from pages.ui.views.mixture_lab.scene import found

    return found(Draft(rows, start), held)


@long(24, "Drawing both maps …")
def relief(rows: tuple) -> Relief:
    """See `relief.relief`."""
    from pages.ui.views.landscape import scene as maps

    return maps.relief(Draft(rows, (0.0, 1.0)))


@kept(256)
def flows(rows: tuple, start: tuple[float, float]) -> dict[Direction, Path]:
    """See `relief.flows`."""
    from pages.ui.views.landscape import scene as maps

    return maps.flows(Draft(rows, start))


@stoppable(64, "Following the flow from every start …")
def basins_of(rows: tuple, fixed_std: float | None, every: int, progress) -> Basins:
    """See `starts.basins_of`: a tenth of a second to some seconds of work; None while it is stopped."""
    from pages.ui.draw import flow_grid as starts

    return starts.basins_of(Draft(rows, (0.0, 1.0)).p, fixed_std, every, progress)


@kept(256)
def plane_scene(rows: tuple[tuple[float, ...], ...], covariance: str):
    """See `two_dimensions.scene.scene`."""
    from pages.ui.views.two_dimensions.scene import scene

    return scene(rows, covariance)
