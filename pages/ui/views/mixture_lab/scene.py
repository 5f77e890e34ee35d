"""What the lab shows of a draft: both fits, every stationary point of the reverse divergence, where the start leads."""

from __future__ import annotations

from dataclasses import dataclass

from kl_engine import (
    Direction,
    Estimate,
    Fit,
    Gaussian,
    GaussianMixture,
    StationaryPoints,
    fit,
    missed_by_component,
    stationary_points,
)
from pages.ui.say.assessment import Scored, scored
from pages.ui.state.target import Draft

SAME = 1e-5  # two answers nearer than this, in std of the second, are one


@dataclass(frozen=True)
class Findings:
    """Both fits, scored; the stationary points of D(q‖p), best first; the fit that the start leads to."""

    p: GaussianMixture
    forward: Scored
    reverse: Scored
    points: StationaryPoints
    led: Fit
    missed: tuple[Estimate, ...]  # by the best reverse fit, of each component of p

    @property
    def answers(self) -> list[tuple[str, Gaussian]]:
        """Each stationary point as the stage draws it: the best one, other minima, what is not stable."""
        return [("best" if i == 0 else point.kind, point.q) for i, point in enumerate(self.points)]

    def leads_to(self, q: Gaussian) -> bool:
        """Whether the start ends at this q."""
        end = self.led.q
        return max(abs(q.mean - end.mean), abs(q.std - end.std)) < SAME * q.std


def found(draft: Draft, held: bool) -> Findings:
    """All there is to find for a draft; with `held`, q keeps the std of its start."""
    p, fixed_std = draft.p, draft.q.std if held else None
    points = stationary_points(p, Direction.REVERSE, fixed_std)
    best = points[0].q
    forward = scored(p, fit(p, Direction.FORWARD, fixed_std=fixed_std).q)
    led = fit(p, Direction.REVERSE, draft.q, fixed_std)
    return Findings(p, forward, scored(p, best), points, led, missed_by_component(p, best))
