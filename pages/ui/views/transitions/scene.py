"""Everything the transitions page shows of one question: engine results and nothing drawn."""

from __future__ import annotations

from dataclasses import dataclass

from kl_engine import Direction, families
from kl_engine.optima import StationaryPoints, Transitions, stationary_points, transitions
from pages.ui.cache.kept import kept
from pages.ui.cache.stoppable import stoppable
from pages.ui.state.two_modes import Target
from pages.ui.views.transitions.question import Question


@dataclass(frozen=True)
class Scene:
    """All transitions as the modes move apart, and the stationary points of the present p."""

    question: Question
    found: Transitions
    here: StationaryPoints


def answered(question: Question) -> Scene | None:
    """The scene of a question; None while its work is stopped."""
    found = found_transitions(*_family(question))
    return None if found is None else Scene(question, found, here(question))


def is_answered(question: Question) -> bool:
    """Whether the scene is there at once."""
    return found_transitions.is_kept(*_family(question))


def here(question: Question) -> StationaryPoints:
    """The stationary points of the present p: some hundredths of a second."""
    return points_of(question.target, question.fixed_std)


def _family(question: Question) -> tuple[float, float, float, float | None]:
    """What all separations have in common."""
    target = question.target
    return target.weight, target.right, target.left, question.fixed_std


@stoppable(64, "Following every branch from separation 0 to 30 widths …")
def found_transitions(weight: float, right: float, left: float, fixed_std: float | None, progress) -> Transitions:
    """See `transitions`: some seconds of work; None while it is stopped."""
    return transitions(weight, (right, left), families.Gaussian(fixed_std), progress)


@kept(256)
def points_of(target: Target, fixed_std: float | None) -> StationaryPoints:
    """The stationary points of D(q‖p), best first."""
    return stationary_points(target.p, Direction.REVERSE, families.Gaussian(fixed_std))
