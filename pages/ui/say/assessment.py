"""What every view says of an approximation: both divergences from the target and both failures."""

from __future__ import annotations

from dataclasses import dataclass

from kl_engine import Direction, Estimate, Gaussian, GaussianMixture, Solution, disagreement, forward_kl, reverse_kl
from kl_engine.divergences import Disagreement
from kl_engine.optima import StationaryPoint


@dataclass(frozen=True)
class Scored:
    """q with D(p‖q), D(q‖p), and the mass that it hallucinates and misses."""

    q: Gaussian
    forward: Estimate
    reverse: Estimate
    failures: Disagreement


def scored(p: GaussianMixture, q: Gaussian) -> Scored:
    """The score of q as an approximation of p."""
    return Scored(q, forward_kl(p, q), reverse_kl(p, q), disagreement(p, q))


def scored_fit(p: GaussianMixture, found: Solution | StationaryPoint, direction: Direction) -> Scored:
    """The same of a fit in this direction, whose own divergence is known already and is not integrated again."""
    q = found.q
    forward = found.value if direction is Direction.FORWARD else forward_kl(p, q)
    reverse = found.value if direction is Direction.REVERSE else reverse_kl(p, q)
    return Scored(q, forward, reverse, disagreement(p, q))
