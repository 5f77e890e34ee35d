"""The two failures of an approximation as probabilities: what q invents, and what q misses."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from kl_engine.distributions.gaussian import Mixture, mixture
from kl_engine.divergences.bounds.envelopes import normal_mass
from kl_engine.estimates.certainty import Certainty
from kl_engine.estimates.estimate import Estimate
from kl_engine.estimates.rounding import ROUNDING
from kl_engine.quadrature.crossings import Part, parts_of
from kl_engine.quadrature.roots import LogRatio
from kl_engine.quadrature.truncation import REACH, mass_beyond

METHOD = "roots of the log ratio, and normal probabilities between them"
THRESHOLD = 2.0  # nats: one density is more than e² = 7.4 times the other


class Disagreement(NamedTuple):
    """Two probabilities, each an Estimate."""

    hallucinated: Estimate
    missed: Estimate


def disagreement(p: Mixture, q: Mixture) -> Disagreement:
    """hallucinated = Q{x : q(x) > e² p(x)}, mass that q invents; missed = P{x : p(x) > e² q(x)}, mass that q ignores.

    Each is the probability of the set where a log ratio exceeds 2 nats: its ends are the roots of the log ratio less 2,
    its mass a sum of normal distribution functions. The error is what the mass would change if the log ratio were wrong
    by its rounding. Raises ValueError when an argument is no Gaussian and no mixture of them.
    """
    p, q = mixture("p", p), mixture("q", q)
    return Disagreement(*(_total(_masses_where_above(*pair)) for pair in ((q, p), (p, q))))


def missed_by_component(p: Mixture, q: Mixture) -> tuple[Estimate, ...]:
    """The missed mass, P{x : p(x) > e² q(x)}, split over the components of p: wₖ Pₖ{…}, one Estimate each.

    It tells a fit that is locked on one component (all of the others is missed) from one that stands between them.
    """
    return tuple(_masses_where_above(mixture("p", p), mixture("q", q)))


def _total(masses: list[Estimate]) -> Estimate:
    """The sum of the masses of all components."""
    value, error = (math.fsum(getattr(mass, name) for mass in masses) for name in ("value", "error"))
    return Estimate(value, error, Certainty.ESTIMATED, masses[0].method)


def _masses_where_above(a: Mixture, b: Mixture) -> list[Estimate]:
    """A{x : log a(x) − log b(x) > 2}, what each component of `a` adds to it."""
    parts, ratio = parts_of(a), LogRatio(a, b)
    beyond = (mass_beyond(REACH) + ROUNDING) / len(parts)
    least, most = (_masses(parts, ratio.above(THRESHOLD + side)) for side in (ratio.slack, -ratio.slack))
    return [
        Estimate(0.5 * (low + high), 0.5 * abs(high - low) + beyond, Certainty.ESTIMATED, METHOD)
        for low, high in zip(least, most)
    ]


def _masses(parts: Sequence[Part], intervals: list[tuple[float, float]]) -> list[float]:
    """What each part has in the intervals."""
    return [
        part.weight * math.fsum(normal_mass(*((end - part.mean) / part.std for end in ends)) for ends in intervals)
        for part in parts
    ]
