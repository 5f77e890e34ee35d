"""The two failures of an approximation as probabilities: what q invents, and what q misses."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from kl_engine.distributions.gaussian import Mixture, mixture
from kl_engine.estimates.certainty import Certainty
from kl_engine.estimates.estimate import Estimate
from kl_engine.estimates.floats import ieee
from kl_engine.quadrature.proved.kept import Kept
from kl_engine.quadrature.proved.signs import masses, signs
from kl_engine.quadrature.proved.table import table_of

THRESHOLD = 2.0  # nats: one density is more than e² = 7.4 times the other
KEPT, OF_ESTIMATE = Kept(), 60  # what was found of pairs; numbers whose place an `Estimate` takes

Masses = tuple[Estimate, ...]  # of each component


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
    ValueError when an argument is neither a Gaussian nor a mixture of them.
    """
    missed, hallucinated = _masses_where_above(mixture("p", p), mixture("q", q))
    return Disagreement(_total(hallucinated), _total(missed))


@ieee
def missed_by_component(p: Mixture, q: Mixture) -> tuple[Estimate, ...]:
    """The missed mass, P{x : p(x) > e² q(x)} = Σₖ wₖ Pₖ{…}, split over the components of p: one Estimate each.

    It tells a fit that is locked on one component (all of the others is missed) from one that lies between them. A
    probability has no unit. Raises ValueError when `p` or `q` is not a Gaussian or mixture of them on the line. Source:
    a definition of KL Lab's own.

    >>> import kl_engine as kl
    >>> p = kl.GaussianMixture([0.5, 0.5], [-4, 4], [1, 1])
    >>> [f"{part:.4f}" for part in kl.divergences.missed_by_component(p, kl.Gaussian(4, 1))]
    ['0.4999', '0.0000']
    """
    return _masses_where_above(mixture("p", p), mixture("q", q))[0]


def _total(parts: Masses) -> Estimate:
    """The sum of the masses of all components."""
    value, error = (math.fsum(getattr(part, name) for part in parts) for name in ("value", "error"))
    return Estimate(value, error, parts[0].certainty, parts[0].method)


def _masses_where_above(p: Mixture, q: Mixture) -> tuple[Masses, Masses]:
    """P{x : log p(x) − log q(x) > 2}, what each component of p adds to it; and the same of q and p.

    Taken in one order of the two, whichever is asked for, so that neither is told from the other; and kept, as a
    picture asks for both and for their parts.
    """
    if _comes_first(q, p):
        return _masses_where_above(q, p)[::-1]
    if (found := KEPT.get((p, q))) is None:
        found = _found(p, q)
        KEPT.put((p, q), found, OF_ESTIMATE * (p.weights.size + q.weights.size))
    return found


def _comes_first(p: Mixture, q: Mixture) -> bool:
    """An order of mixtures, of no meaning."""
    first, second = ([array.tolist() for array in (a.means, a.stds, a.weights)] for a in (p, q))
    return first < second


def _found(p: Mixture, q: Mixture) -> tuple[Masses, Masses]:
    """The same, for once."""
    sizes = p.weights.size, q.weights.size
    (sure, open_, error), panels = ([np.zeros(k) for k in sizes] for _ in range(3)), 0
    for ratio in signs(table_of(p, q)[0], (THRESHOLD, -THRESHOLD), side=None):
        for side, (pieces, k, above) in enumerate(zip(ratio, sizes, (1, -1))):
            for total, sign in ((sure, above), (open_, 0)):
                held, rounding = masses(pieces.table, side, *pieces.runs(sign))
                total[side] += held[:k]
                error[side] += rounding[:k]
            error[side] += pieces.beyond / k
        panels += ratio[0].panels
    method = f"normal probabilities where the sign of the log ratio is proved, on {panels} panels"
    return tuple(
        tuple(
            Estimate(value, slack, Certainty.PROVED, method)
            for value, slack in zip((held + 0.5 * doubt).tolist(), (0.5 * doubt + noise).tolist())
        )
        for held, doubt, noise in zip(sure, open_, error)
    )
