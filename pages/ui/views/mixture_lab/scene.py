"""What the lab shows of a question: both fits, all stationary points of D(q‖p), and where the start leads."""

from __future__ import annotations

from dataclasses import dataclass

from kl_engine import Direction, Estimate, Gaussian, GaussianMixture, Solution, families, fit
from kl_engine.divergences import missed_by_component
from kl_engine.optima import Basins, StationaryPoints, same, stationary_points
from pages.ui.cache.kept import kept
from pages.ui.cache.stoppable import stoppable
from pages.ui.draw.flow_grid import COARSE, basins_of
from pages.ui.say.assessment import Scored, scored_fit
from pages.ui.state.mixture import Mixture
from pages.ui.views.mixture_lab.question import Question


@dataclass(frozen=True)
class Scene:
    """Both fits, scored; the stationary points of D(q‖p), best first; the fit that the start leads to."""

    question: Question
    p: GaussianMixture
    forward: Scored
    reverse: Scored
    points: StationaryPoints
    led: Solution
    missed: tuple[Estimate, ...]  # by the best reverse fit, of each component of p

    def leads_to(self, q: Gaussian) -> bool:
        """Whether the start ends at this q."""
        return same(self.led.q, q)


@kept(256)
def answered(question: Question) -> Scene:
    """All there is to find, but for the shares of the starts."""
    p, family = question.target.p, families.Gaussian(question.fixed_std)
    points = stationary_points(p, Direction.REVERSE, family)
    best = points[0]
    forward = scored_fit(p, fit(p, Direction.FORWARD, family), Direction.FORWARD)
    led = fit(p, Direction.REVERSE, family, question.start.q)
    reverse = scored_fit(p, best, Direction.REVERSE)
    return Scene(question, p, forward, reverse, points, led, missed_by_component(p, best.q))


@stoppable(64, "Following the flow from every start …")
def shares_of(target: Mixture, fixed_std: float | None, progress) -> Basins:
    """How many of the starts lead to each point: a tenth of a second to some seconds; None while it is stopped."""
    return basins_of(target.p, fixed_std, COARSE, progress)
