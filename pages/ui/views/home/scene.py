"""Everything the two-directions view shows, from one set of control values: engine results and nothing drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kl_engine import (
    Direction,
    Estimate,
    Fit,
    Gaussian,
    Path,
    Sweep,
    fit,
    gradient_flow,
    missed_by_component,
    reverse_optima,
    separation_sweep,
)
from pages.ui.say.assessment import Scored, scored
from pages.ui.state.two_modes import Target

FRAMES = 201  # of the motion
SWEEP_END = 10.0


@dataclass(frozen=True)
class Scene:
    """Both fits of a target, what else the reverse one could have been, and the motion that leads to them."""

    target: Target
    start: Gaussian
    fits: tuple[Fit, Fit]  # forward and reverse
    forward: Scored
    reverse: Scored
    missed: tuple[Estimate, ...]  # what the reverse fit misses of the right and of the left component
    optima: tuple[Fit, ...]  # the reverse optima found, best first
    motion: tuple[Path, Path]  # forward and reverse, one row a frame


def fit_scene(target: Target, start: Gaussian) -> Scene:
    """The fits that `start` leads to, and the flows towards them."""
    p = target.p
    motion = tuple(gradient_flow(p, direction, start, FRAMES) for direction in Direction)
    fits = fit(p, Direction.FORWARD, start), fit(p, Direction.REVERSE, start)
    return _scene(target, start, fits, reverse_optima(p), motion)


def sweep_scene(target: Target, start: Gaussian, sweep: Sweep) -> Scene:
    """The best fits at the target's separation, and those at every other one as the motion."""
    p, optima = target.p, reverse_optima(target.p)
    return _scene(target, start, (fit(p, Direction.FORWARD), optima[0]), optima, (sweep.forward, sweep.reverse))


def sweep_of(target: Target) -> Sweep:
    """The sweep of the separation over the frames of the motion."""
    separations = np.round(np.linspace(0, SWEEP_END, FRAMES), 10)
    return separation_sweep(separations, target.weight, (target.right, target.left))


def _scene(target: Target, start: Gaussian, fits: tuple[Fit, Fit], optima: tuple[Fit, ...], motion: tuple[Path, Path]):
    p = target.p
    forward, reverse = (scored(p, found.q) for found in fits)
    return Scene(target, start, fits, forward, reverse, missed_by_component(p, reverse.q), optima, motion)
