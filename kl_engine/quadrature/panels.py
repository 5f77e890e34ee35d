"""Panels of the line, and the log density of mixtures at their nodes without cancellation.

Everything here is vectorised over *rows*: a row is one integral, with mixtures of its own. The panels of all rows lie
in one flat list, each with the row that owns it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from kl_engine.distributions.gaussian import Mixture
from kl_engine.estimates.rounding import LOG_ROOT_TAU, ROOT_2
from kl_engine.quadrature.crossings import parts_of
from kl_engine.quadrature.nodes import kronrod_rule

RULE = kronrod_rule(15)  # 31 nodes; the pair of rules of every integral
NO_COMPONENT = np.array([-math.inf, 0.0, 1.0])[:, None, None]  # height, mean, scale: adds 0 to a density


class Components(NamedTuple):
    """The Gaussian components of one mixture a row: a table (3, K, rows), or (3, K, 1) for one mixture in every row.

    Its lines are heights, means, scales: component k is exp(heights[k] − ((x − means[k]) / scales[k])²). A height is
    log weight − log std − ½ log 2π; a scale is √2 std, which saves a pass over the nodes.
    """

    table: np.ndarray

    @classmethod
    def rows(cls, weights: np.ndarray, means: np.ndarray, stds: np.ndarray) -> Components:
        """From three (K, rows) arrays."""
        return cls(np.array([np.log(weights) - np.log(stds) - LOG_ROOT_TAU, means, ROOT_2 * stds]))

    def beside(self, other: Components) -> Components:
        """The components of two mixtures, one pair a row: a table (3, K, 2, rows), the shorter filled with nothing."""
        first, second = self.table, other.table
        if first.shape == second.shape:
            return Components(np.concatenate([first[:, :, None], second[:, :, None]], axis=2))
        shape = np.broadcast_shapes(first.shape[2:], second.shape[2:])
        table = np.empty((3, max(first.shape[1], second.shape[1]), 2, *shape))
        table[:, : first.shape[1], 0], table[:, : second.shape[1], 1] = first, second
        if first.shape[1] != second.shape[1]:
            short, at = (first, 0) if first.shape[1] < second.shape[1] else (second, 1)
            table[:, short.shape[1] :, at] = NO_COMPONENT
        return Components(table)


@lru_cache(maxsize=512)
def components(p: Mixture) -> Components:
    """The components of `p`, as one row."""
    parts = parts_of(p)
    lines = [[part.height for part in parts], [part.mean for part in parts], [ROOT_2 * part.std for part in parts]]
    return Components(np.array(lines)[..., None])


class Panels(NamedTuple):
    """Panels [left, left + 2 half], each owned by a row; all arrays (panels,)."""

    left: np.ndarray
    half: np.ndarray
    owner: np.ndarray

    @classmethod
    def through(cls, support: Sequence[float], *inner: Sequence[float]) -> Panels:
        """One row: the panels over the hull of `support`, cut at its points and at the `inner` ones within it."""
        low, high = min(support), max(support)
        points = {point for points in inner for point in points if low < point < high}
        edges = np.array(sorted(points.union(support)))
        left = edges[:-1]
        return cls(left, 0.5 * (edges[1:] - left), np.zeros(left.size, dtype=np.intp))

    @classmethod
    def of_rows(cls, support: np.ndarray, inner: np.ndarray) -> Panels:
        """Many rows: the same for each column of `support` (E, rows) and `inner` (E', rows or 1)."""
        inside = np.minimum(np.maximum(inner, np.minimum.reduce(support)), np.maximum.reduce(support))
        edges = np.sort(np.concatenate([support, inside]).T)
        half = 0.5 * (edges[:, 1:] - edges[:, :-1])
        kept = half > 0
        return cls(edges[:, :-1][kept], half[kept], np.nonzero(kept)[0])

    def positions(self) -> np.ndarray:
        """x at the nodes, rounded: (panels, nodes). Use `standardised` for densities."""
        return (self.left + self.half)[:, None] + self.half[:, None] * RULE.nodes

    def chosen(self, which: np.ndarray) -> Panels:
        """The panels that the mask `which` keeps."""
        return Panels(*(array[which] for array in self))

    def halved(self) -> Panels:
        """Every panel cut in two."""
        half = 0.5 * self.half
        return Panels(np.concatenate([self.left, self.left + 2 * half]), np.tile(half, 2), np.tile(self.owner, 2))

    def standardised(self, parts: Components) -> tuple[np.ndarray, np.ndarray]:
        """u = (x − mean)/scale at the nodes, (K, panels, nodes), and the table of components that each panel sees.

        Formed from left − mean, which is exact near the mean, and never from x itself: a node 10⁴ std from the origin
        then loses no digit, and neighbouring panels neither overlap nor leave a gap.
        """
        table = parts.table if parts.table.shape[-1] == 1 else parts.table[..., self.owner]
        _, means, scales = table
        u = (self.half / scales)[..., None] * RULE.nodes
        u += (((self.left - means) + self.half) / scales)[..., None]
        return u, table

    def log_components(self, parts: Components) -> np.ndarray:
        """log wₖ N(x; mₖ, sₖ²) at the nodes: (K, panels, nodes)."""
        u, table = self.standardised(parts)
        np.multiply(u, u, out=u)
        return np.subtract(table[0][..., None], u, out=u)

    def log_density(self, parts: Components) -> np.ndarray:
        """log Σₖ wₖ N(x; mₖ, sₖ²) at the nodes: (panels, nodes)."""
        return log_sum_exp(self.log_components(parts))

    def log_densities(self, pair: Components) -> np.ndarray:
        """The log densities of two mixtures (see `Components.beside`) at the nodes: (2, panels, nodes)."""
        return log_sum_exp(self.log_components(pair))


def log_sum_exp(terms: np.ndarray) -> np.ndarray:
    """log Σₖ exp(terms[k]), by the largest; `terms` is overwritten."""
    if len(terms) == 1:
        return terms[0]
    top = np.maximum(terms[0], terms[1]) if len(terms) == 2 else terms.max(axis=0)
    terms -= top
    np.exp(terms, out=terms)
    total = terms[0] + terms[1] if len(terms) == 2 else terms.sum(axis=0)
    np.log(total, out=total)
    total += top
    return total


def responsibilities(terms: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """log Σₖ exp(terms[k]), and the share of each term in that sum; `terms` is overwritten."""
    top = np.maximum.reduce(terms)
    terms -= top
    np.exp(terms, out=terms)
    total = np.add.reduce(terms)
    terms /= total
    return top + np.log(total), terms
