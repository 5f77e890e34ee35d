"""Everything the home page shows of one question: engine results and nothing drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kl_engine import Direction, Estimate, Solution, fit
from kl_engine.divergences import missed_by_component
from kl_engine.optima import Path, Sweep, Tie, flow, separation_sweep
from pages.ui.cache.kept import kept
from pages.ui.cache.long_work import long
from pages.ui.say.assessment import Scored, scored_fit
from pages.ui.state.two_modes import Target
from pages.ui.views.home.question import Question

FRAMES = 201  # of the motion
SWEEP_END = 10.0


@dataclass(frozen=True)
class Scene:
    """Both fits of a target, what else the reverse one could have been, and the motion that leads to them."""

    question: Question
    fits: tuple[Solution, Solution]  # forward and reverse
    forward: Scored
    reverse: Scored
    missed: tuple[Estimate, ...]  # what the reverse fit misses of the right and of the left component
    optima: tuple[Solution, ...]  # the reverse optima found, best first
    motion: tuple[Path, Path]  # forward and reverse, one row a frame
    ties: tuple[Tie, ...] = ()  # where the best reverse fit jumps in a sweep

    @property
    def target(self) -> Target:
        """The target of the question."""
        return self.question.target


def answered(question: Question) -> Scene:
    """The scene of a question. RuntimeError where a flow has no end within its steps."""
    if not question.sweeping:
        return fit_scene(question)
    target = question.target
    return sweep_scene(question, sweep_of(target.weight, target.right, target.left))


@kept(256)
def fit_scene(question: Question) -> Scene:
    """The fits that the start leads to, and the flows towards them."""
    p, start = question.target.p, question.start.q
    motion = tuple(flow(p, direction, start, FRAMES) for direction in Direction)
    return _scene(question, tuple(fit(p, direction, start=start) for direction in Direction), motion)


def sweep_scene(question: Question, sweep: Sweep) -> Scene:
    """The best fits at the target's separation, and those at every other one as the motion."""
    p = question.target.p
    fits = tuple(fit(p, direction) for direction in Direction)
    return _scene(question, fits, (sweep.forward, sweep.reverse), sweep.ties)


@long(64, "Fitting both directions at 201 separations …")
def sweep_of(weight: float, right: float, left: float) -> Sweep:
    """The sweep of the separation over the frames of the motion: about a second of work."""
    return separation_sweep(np.round(np.linspace(0, SWEEP_END, FRAMES), 10), weight, (right, left))


def _scene(
    question: Question,
    fits: tuple[Solution, Solution],
    motion: tuple[Path, Path],
    ties: tuple[Tie, ...] = (),
) -> Scene:
    p = question.target.p
    forward, reverse = (scored_fit(p, found, direction) for direction, found in zip(Direction, fits))
    return Scene(question, fits, forward, reverse, missed_by_component(p, reverse.q), fits[1].optima, motion, ties)
