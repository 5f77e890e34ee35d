"""The Gauss-Legendre rule, each of its numbers the double nearest to the truth."""

from __future__ import annotations

from decimal import Decimal, localcontext
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.polynomial import legendre

DIGITS = 40


class GaussRule(NamedTuple):
    """Nodes and weights on [−1, 1], exact to degree 2n − 1; each is rounded once, from 40 digits."""

    nodes: np.ndarray  # (n,)
    weights: np.ndarray  # (n,)


@cache
def gauss_rule(n: int) -> GaussRule:
    """The n-point rule: the zeros t of Pₙ, by Newton's method in decimal arithmetic, and 2 (1 − t²)/(n Pₙ₋₁(t))².

    NumPy's own rule is the start; its weights are wrong by some 1e-15, which the lemma of `rounding` does not allow.
    """
    nodes, weights = [], []
    with localcontext() as context:
        context.prec = DIGITS + 10
        for start in legendre.leggauss(n)[0].tolist():
            t = Decimal(start)
            for _ in range(3):  # from 15 digits to 30, 60, 120
                last, value = _legendre(n, t)
                t -= value * (1 - t * t) / (n * (last - t * value))
            last, _ = _legendre(n, t)
            nodes.append(float(t))
            weights.append(float(2 * (1 - t * t) / (n * last) ** 2))
    rule = GaussRule(np.array(nodes), np.array(weights))
    for array in rule:
        array.flags.writeable = False
    return rule


def _legendre(n: int, t: Decimal) -> tuple[Decimal, Decimal]:
    """Pₙ₋₁(t) and Pₙ(t), by k Pₖ = (2k − 1) t Pₖ₋₁ − (k − 1) Pₖ₋₂."""
    last, value = Decimal(1), t
    for k in range(2, n + 1):
        last, value = value, ((2 * k - 1) * t * value - (k - 1) * last) / k
    return last, value
