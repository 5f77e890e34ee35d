"""Everything the two-directions view shows, from one set of control values: engine results and nothing drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kl_engine import (
    Direction,
    Disagreement,
    Estimate,
    Fit,
    Gaussian,
    GaussianMixture,
    Path,
    Sweep,
    disagreement,
    fit,
    forward_kl,
    gradient_flow,
    missed_by_component,
    reverse_kl,
    reverse_optima,
    separation_sweep,
    two_modes,
)
from pages.ui.charts import FRAMES

SWEEP_END = 10.0


@dataclass(frozen=True)
class Target:
    """The target as its controls say it: p = weight N(+d/2, right²) + (1 − weight) N(−d/2, left²)."""

    separation: float
    weight: float
    right: float
    left: float

    @property
    def p(self) -> GaussianMixture:
        """The mixture."""
        return self.at(self.separation)

    def at(self, separation: float) -> GaussianMixture:
        """The mixture at another separation."""
        return two_modes(separation, self.weight, (self.right, self.left))


@dataclass(frozen=True)
class Scored:
    """A fit with both divergences from it and its two failures."""

    fit: Fit
    forward: Estimate
    reverse: Estimate
    failures: Disagreement

    @property
    def q(self) -> Gaussian:
        """The fitted Gaussian."""
        return self.fit.q


@dataclass(frozen=True)
class Scene:
    """Both fits of a target, what else the reverse one could have been, and the motion that leads to them."""

    target: Target
    start: Gaussian
    forward: Scored
    reverse: Scored
    missed: tuple[Estimate, ...]  # what the reverse fit misses of the right and of the left component
    optima: tuple[Fit, ...]  # the reverse optima found, best first
    motion: tuple[Path, Path]  # forward and reverse, one row a frame


def fit_scene(target: Target, start: Gaussian) -> Scene:
    """The fits that `start` leads to, and the flows towards them."""
    p = target.p
    motion = tuple(gradient_flow(p, direction, start, FRAMES) for direction in Direction)
    fits = (fit(p, direction, start) for direction in Direction)
    forward, reverse = (_scored(p, found) for found in fits)
    return Scene(target, start, forward, reverse, missed_by_component(p, reverse.q), reverse_optima(p), motion)


def sweep_scene(target: Target, start: Gaussian, sweep: Sweep) -> Scene:
    """The best fits at the target's separation, and those at every other one as the motion."""
    p, optima = target.p, reverse_optima(target.p)
    best = optima[0]
    forward = _scored(p, fit(p, Direction.FORWARD))
    missed = missed_by_component(p, best.q)
    return Scene(target, start, forward, _scored(p, best), missed, optima, (sweep.forward, sweep.reverse))


def sweep_of(target: Target) -> Sweep:
    """The sweep of the separation over the frames of the motion."""
    separations = np.round(np.linspace(0, SWEEP_END, FRAMES), 10)
    return separation_sweep(separations, target.weight, (target.right, target.left))


def _scored(p: GaussianMixture, found: Fit) -> Scored:
    return Scored(found, forward_kl(p, found.q), reverse_kl(p, found.q), disagreement(p, found.q))
