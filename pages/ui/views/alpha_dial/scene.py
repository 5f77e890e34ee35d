"""Everything that the α dial shows of a target: engine results and nothing drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kl_engine import (
    AlphaJump,
    Direction,
    Estimate,
    Fit,
    Gaussian,
    Path,
    alpha_divergence,
    alpha_fit,
    alpha_optima,
    alpha_path,
)
from kl_engine.fits.paths import path
from pages.ui.say.assessment import Scored, scored
from pages.ui.state.two_modes import Target

FRAMES = 201
ALPHAS = np.round(np.linspace(0, 1, FRAMES), 10)
BEYOND = (-1.0, 2.0)


@dataclass(frozen=True)
class Dial:
    """The best q at every α of the frames, by its own divergence and by both ends', and its jumps."""

    target: Target
    best: Path  # its kl is D_α
    forward: Path
    reverse: Path
    jumps: tuple[AlphaJump, ...]
    ends: tuple[Scored, Scored]  # reverse fit, forward fit
    beyond: tuple[Fit, ...]  # at each of BEYOND

    def q(self, frame: int) -> Gaussian:
        """The best q in a frame."""
        return Gaussian(float(self.best.mean[frame]), float(self.best.std[frame]))


@dataclass(frozen=True)
class Reading:
    """The dial at one α: the best q, its divergence, and the other optima."""

    alpha: float
    value: Estimate
    scored: Scored
    others: tuple[Fit, ...]


def turned(target: Target) -> Dial:
    """The whole dial."""
    p = target.p
    found = alpha_path(p, ALPHAS)
    columns = found.path.mean, found.path.std
    both = (path(p, direction, *(column.copy() for column in columns)) for direction in Direction)
    qs = (Gaussian(float(found.path.mean[i]), float(found.path.std[i])) for i in (0, -1))
    beyond = tuple(alpha_fit(p, alpha) for alpha in BEYOND)
    return Dial(target, found.path, *both, found.jumps, tuple(scored(p, q) for q in qs), beyond)


def reading(dial: Dial, alpha: float) -> Reading:
    """The dial at the frame of `alpha`, with the local optima that are not the best there."""
    p, q = dial.target.p, dial.q(frame_of(alpha))
    others = [fit for fit in alpha_optima(p, alpha) if abs(fit.q.mean - q.mean) + abs(fit.q.std - q.std) > 1e-6 * q.std]
    return Reading(alpha, alpha_divergence(p, q, alpha), scored(p, q), tuple(others))


def frame_of(alpha: float) -> int:
    """The frame in which the dial stands at `alpha`."""
    return round(alpha * (FRAMES - 1))
