"""The two failures of an approximation as probabilities: what q invents, and what q misses."""

from __future__ import annotations

import math
from typing import NamedTuple

from kl_engine.distributions.gaussian import Mixture, mixture
from kl_engine.estimates.certainty import Certainty
from kl_engine.estimates.estimate import Estimate
from kl_engine.estimates.floats import ieee
from kl_engine.quadrature.proved.signs import masses, signs
from kl_engine.quadrature.proved.table import table_of

THRESHOLD = 2.0  # nats: one density is more than e² = 7.4 times the other


class Disagreement(NamedTuple):
    """Two probabilities, each an Estimate.

    `hallucinated` is Q{q > e² p}, `missed` P{p > e² q}; without a unit. Made by `kl.disagreement`.

    >>> import kl_engine as kl
    >>> kl.disagreement(kl.Gaussian(0, 1), kl.Gaussian(0, 1)).missed.value
    0.0
    """

    hallucinated: Estimate
    missed: Estimate


def disagreement(p: Mixture, q: Mixture) -> Disagreement:
    """hallucinated = Q{x : q(x) > e² p(x)}, mass that q invents; missed = P{x : p(x) > e² q(x)}, mass that q ignores.

    Each is the probability of the set where a log ratio exceeds 2 nats: a sum of normal distribution functions over
    intervals on which the sign is proved. The error is half of what the rest may hold, and the rounding. Raises
    ValueError when an argument is no Gaussian and no mixture of them.
    """
    p, q = mixture("p", p), mixture("q", q)
    return Disagreement(*(_total(_masses_where_above(*pair)) for pair in ((q, p), (p, q))))


@ieee
def missed_by_component(p: Mixture, q: Mixture) -> tuple[Estimate, ...]:
    """The missed mass, P{x : p(x) > e² q(x)} = Σₖ wₖ Pₖ{…}, split over the components of p: one Estimate each.

    It tells a fit that is locked on one component (all of the others is missed) from one that stands between them. A
    probability has no unit. Raises ValueError when `p` or `q` is no Gaussian or mixture of them on the line. Source: a
    definition of KL Lab's own.

    >>> import kl_engine as kl
    >>> p = kl.GaussianMixture([0.5, 0.5], [-4, 4], [1, 1])
    >>> [f"{part:.4f}" for part in kl.divergences.missed_by_component(p, kl.Gaussian(4, 1))]
    ['0.4999', '0.0000']
    """
    return tuple(_masses_where_above(mixture("p", p), mixture("q", q)))


def _total(parts: list[Estimate]) -> Estimate:
    """The sum of the masses of all components."""
    value, error = (math.fsum(getattr(part, name) for part in parts) for name in ("value", "error"))
    return Estimate(value, error, parts[0].certainty, parts[0].method)


def _masses_where_above(a: Mixture, b: Mixture) -> list[Estimate]:
    """A{x : log a(x) − log b(x) > 2}, what each component of `a` adds to it."""
    table = table_of(a, b)[0]
    pieces = signs(table, THRESHOLD, side=0)
    sure, rounding = masses(table, 0, *pieces.runs(1))
    doubt, slack = masses(table, 0, *pieces.runs(0))
    method = f"normal probabilities where the sign of the log ratio is proved, on {pieces.panels} panels"
    return [
        Estimate(value + 0.5 * open_, 0.5 * open_ + error, Certainty.PROVED, method)
        for value, open_, error in zip(sure, doubt, rounding + slack + pieces.beyond / len(a.weights))
    ][: a.weights.size]
