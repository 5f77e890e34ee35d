"""Divergences that do not tell p from q: Jensen-Shannon and total variation."""

from __future__ import annotations

import numpy as np

from kl_engine.distributions.gaussian import Mixture, mixture
from kl_engine.divergences.line import estimate_of
from kl_engine.estimates.certainty import Certainty
from kl_engine.estimates.estimate import Estimate
from kl_engine.estimates.rounding import LOG_2
from kl_engine.quadrature.expect import AtNodes
from kl_engine.quadrature.proved import shared
from kl_engine.quadrature.proved.signs import Pieces, masses, signs
from kl_engine.quadrature.proved.table import table_of

NEAR = 0.25  # of |p − q|/(p + q)
SERIES_TERMS = 14  # of the series there: 0.25^28 is below the rounding of the first


def jensen_shannon(p: Mixture, q: Mixture) -> Estimate:
    """JS(p, q) = ½ D(p‖m) + ½ D(q‖m) with m = ½ (p + q): between 0 and log 2 nats, and finite for every pair.

    Source: J. Lin, IEEE Trans. Inf. Theory 37 (1991) 145. Raises ValueError when an argument is neither a Gaussian nor
    a mixture of them.
    """
    return estimate_of(shared.solve(mixture("p", p), mixture("q", q)))


def total_variation(p: Mixture, q: Mixture) -> Estimate:
    """TV(p, q) = ½ ∫ |p − q|, between 0 and 1: the largest difference of the probabilities of one event; no unit.

    It is half the sum of ±(P(I) − Q(I)) over the intervals I on which p − q is proved to have one sign. Raises
    ValueError when an argument is neither a Gaussian nor a mixture of them.
    """
    p, q = mixture("p", p), mixture("q", q)
    if p == q:
        return Estimate(0.0, 0.0, Certainty.EXACT, "p and q are equal")
    value = error = 0.0
    panels = 0
    for (pieces,) in signs(table_of(p, q)[0], (0.0,), side=None):
        here, slack = _half_of(pieces)
        value, error, panels = value + here, error + slack, panels + pieces.panels
    method = f"normal probabilities where the sign of p − q is proved, on {panels} panels"
    return Estimate(value, error, Certainty.PROVED, method)


def _half_of(pieces: Pieces) -> tuple[float, float]:
    """½ ∫ |p − q| over the pieces, and a bound of its error with what lies beyond them."""
    table, value, error = pieces.table, 0.0, pieces.beyond
    for sign in (1, -1):
        for side in (0, 1):
            held, rounding = masses(table, side, *pieces.runs(sign))
            value += 0.5 * sign * (1 - 2 * side) * float(held.sum())
            error += 0.5 * float(rounding.sum())
    low, high = pieces.runs(0, merged=False)
    most = pieces.most[pieces.sign == 0]
    error += 0.5 * sum(
        float(share * (held + slack))
        for side in (0, 1)
        for share, i in zip(most, range(low.size))
        for held, slack in [[line.sum() for line in masses(table, side, low[i : i + 1], high[i : i + 1])]]
    )
    return value, error


def contrast(log_p: np.ndarray, log_q: np.ndarray) -> AtNodes:
    """|p − q|/(p + q) = tanh ½ |log p − log q|: its mean under ½ (p + q) is the total variation."""
    value = np.tanh(0.5 * np.abs(log_p - log_q))
    slope = 0.5 * (1 - value * value)
    return AtNodes(value, slope, slope)


def middle_divergence(log_p: np.ndarray, log_q: np.ndarray) -> AtNodes:
    """½ ((1 + x) log(1 + x) + (1 − x) log(1 − x)) with x = (p − q)/(p + q): its mean under ½ (p + q) is JS.

    Near x = 0 it is Σ x^2n/(2n (2n − 1)), in which nothing cancels; at most log 2.
    """
    size = np.abs(log_p - log_q)
    fall = np.exp(-size)
    x = np.tanh(0.5 * size)
    near = x < NEAR
    square = np.where(near, x * x, 0.0)
    total = np.zeros_like(x)
    for n in range(SERIES_TERMS, 0, -1):
        total = square * (1 / (2 * n * (2 * n - 1)) + total)
    far = LOG_2 - np.log1p(fall) - size * fall / (1 + fall)
    slope = 0.25 * size * (1 - x * x)
    return AtNodes(np.where(near, total, far), slope, slope, 1.0 * ~near)
