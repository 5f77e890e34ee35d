"""Everything that the α dial shows of a target: engine results and nothing drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kl_engine import Alpha, Direction, Estimate, Gaussian, Solution, alpha_divergence, fit
from kl_engine.optima import AlphaJump, Path, alpha_path, kl_along, same
from pages.ui.cache.kept import kept
from pages.ui.cache.long_work import long
from pages.ui.say.assessment import Scored, scored
from pages.ui.state.two_modes import Target
from pages.ui.views.alpha_dial.question import Question

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
    beyond: tuple[Solution, ...]  # at each of BEYOND

    def q(self, frame: int) -> Gaussian:
        """The best q in a frame."""
        return Gaussian(float(self.best.mean[frame]), float(self.best.std[frame]))


@dataclass(frozen=True)
class Scene:
    """The dial of a target, read at the question's α: the best q, its divergence, and the other optima."""

    question: Question
    dial: Dial
    value: Estimate
    scored: Scored
    others: tuple[Solution, ...]


def answered(question: Question) -> Scene:
    """The dial, turned once for each target, and what it says at this α."""
    turned(question.target)  # what takes long is done here, where it is said meanwhile
    return _read(question)


@long(64, "Fitting along α from 0 to 1 …")
def turned(target: Target) -> Dial:
    """The whole dial: about a second of work."""
    p = target.p
    found = alpha_path(p, ALPHAS)
    columns = found.path.mean, found.path.std
    both = (kl_along(p, direction, *columns) for direction in Direction)
    qs = (Gaussian(float(found.path.mean[i]), float(found.path.std[i])) for i in (0, -1))
    beyond = tuple(fit(p, Alpha(alpha)) for alpha in BEYOND)
    return Dial(target, found.path, *both, found.jumps, tuple(scored(p, q) for q in qs), beyond)


@kept(256)
def _read(question: Question) -> Scene:
    """The dial at the frame of α, with the local optima that are not the best there."""
    dial, p, alpha = turned(question.target), question.target.p, question.alpha
    q = dial.q(frame_of(alpha))
    others = tuple(each for each in fit(p, Alpha(alpha)).optima if not same(each.q, q))
    return Scene(question, dial, alpha_divergence(p, q, alpha), scored(p, q), others)


def frame_of(alpha: float) -> int:
    """The frame in which the dial stands at `alpha`."""
    return round(alpha * (FRAMES - 1))
