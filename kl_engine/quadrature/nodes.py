"""The Gauss-Kronrod pair of rules, computed from its definition."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.polynomial import legendre


class KronrodRule(NamedTuple):
    """Nodes on [−1, 1] and, as the two columns of `weights`, the Kronrod rule and the Gauss rule embedded in it."""

    nodes: np.ndarray  # (2n + 1,)
    weights: np.ndarray  # (2n + 1, 2): Kronrod, exact to degree 3n + 1; Gauss, exact to degree 2n − 1


@cache
def kronrod_rule(n: int) -> KronrodRule:
    """The Kronrod extension of the n-point Gauss-Legendre rule (n odd or even, to about n = 40).

    Its n + 1 new nodes are the roots of the Stieltjes polynomial E: degree n + 1, ∫ Pₙ E xʲ = 0 for j = 0 … n.
    In the Legendre basis that is a linear system; the roots are polished by Newton's method, and the weights follow
    from ∫ Pⱼ = 2 [j = 0]. Source: A. S. Kronrod 1964; G. Monegato, SIAM Review 24 (1982) 137.
    """
    gauss_nodes, gauss_weights = legendre.leggauss(n)
    stieltjes = _stieltjes(n)
    new_nodes = np.sort(legendre.legroots(stieltjes).real)
    slope = legendre.legder(stieltjes)
    for _ in range(3):
        new_nodes -= legendre.legval(new_nodes, stieltjes) / legendre.legval(new_nodes, slope)
    nodes = np.sort(np.concatenate([gauss_nodes, new_nodes]))
    nodes = (nodes - nodes[::-1]) / 2  # exactly symmetric
    moments = np.zeros(2 * n + 1)
    moments[0] = 2
    kronrod = np.linalg.solve(legendre.legvander(nodes, 2 * n).T, moments)
    weights = np.zeros((2 * n + 1, 2))
    weights[:, 0] = (kronrod + kronrod[::-1]) / 2
    weights[1::2, 1] = gauss_weights  # the nodes interlace: every second one is Gauss's
    for array in (nodes, weights):
        array.flags.writeable = False
    return KronrodRule(nodes, weights)


def _stieltjes(n: int) -> np.ndarray:
    """Legendre coefficients (n + 2,) of the Stieltjes polynomial with leading coefficient 1."""
    x, w = legendre.leggauss(2 * n + 2)  # exact for the products below
    basis = legendre.legvander(x, n + 1)
    products = (basis[:, : n + 1] * (w * basis[:, n])[:, None]).T @ basis  # ∫ Pⱼ Pₙ Pᵢ
    coefficients, *_ = np.linalg.lstsq(products[:, : n + 1], -products[:, n + 1], rcond=None)
    return np.append(coefficients, 1.0)
