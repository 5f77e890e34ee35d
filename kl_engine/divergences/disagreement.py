"""The two failures of an approximation as probabilities: what q invents, and what q misses."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

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
    k = a.weights.size
    sure, open_, error, panels = np.zeros(k), np.zeros(k), np.zeros(k), 0
    for pieces in signs(table_of(a, b)[0], THRESHOLD, side=0):
        for total, sign in ((sure, 1), (open_, 0)):
            held, rounding = masses(pieces.table, 0, *pieces.runs(sign))
            total += held[:k]
            error += rounding[:k]
        error += pieces.beyond / k
        panels += pieces.panels
    method = f"normal probabilities where the sign of the log ratio is proved, on {panels} panels"
    parts = zip((sure + 0.5 * open_).tolist(), (0.5 * open_ + error).tolist())
    return [Estimate(value, slack, Certainty.PROVED, method) for value, slack in parts]
