"""The integrator of the plane: expectations under Gaussians, by tensor Gauss-Kronrod rules on adaptive cells.

**Rounding.** The two log densities answer for theirs as `logs` and `ratios` count it, times the slopes of the
integrand. At a node z the weight of a cell's rule is off by υ (32 + 4 |z|²), the rounding of z itself with it; the
products are summed by halves, 8 additions for the 225 of a cell, and the cells exactly.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from kl_engine.estimates.rounding import LOG_2, LOG_ROOT_TAU
from kl_engine.quadrature.expect import AtNodes
from kl_engine.quadrature.integrands import Integrand
from kl_engine.quadrature.nodes import kronrod_rule
from kl_engine.quadrature.plane.cells import Cells, joined
from kl_engine.quadrature.plane.logs import UNIT, Nodes, Sum
from kl_engine.quadrature.plane.ratios import Ratio
from kl_engine.quadrature.plane.views import Views

RULE = kronrod_rule(7)
BLOCK = 64  # cells evaluated at once: their values then stay in the processor's cache
CUT = 0.2  # an axis is cut when the rules differ along it by more than this share of the worse one
MOST_CELLS = 40_000  # evaluated in all; what is left unresolved after them stands in the error
GAUSS = slice(1, None, 2)  # of the nodes along an axis
COUNTED = (GAUSS, GAUSS)  # where the rounding of the logs is counted
SEEN = slice(None, None, 2)  # of the nodes along an axis: enough to see which component is highest where
DIM = 6.0  # nats below the highest density of a cell: what a node shows there says nothing of where the mass is
SHARPER, SAFETY = 1.5, 10.0  # see `sharpened`
FIRM = 2.0**-4  # of the rounding that is counted in the first cells: so much of it there is in any
WEIGHING, SQUARES = 32 * UNIT, 4 * UNIT  # of a value that is weighed: always, and a unit of |z|²
CANCELS = 16 * UNIT  # of what a value is a difference of


class Expectation(NamedTuple):
    """The value, a bound of its error, how many cells it took, and the cells it rests on."""

    value: float
    error: float
    count: int
    cells: Cells


class _Parts(NamedTuple):
    """Per cell: the integral, the gaps between the two rules along each axis, the rounding, and what may hide."""

    value: np.ndarray  # (C,)
    gaps: np.ndarray  # (C, 2)
    size: np.ndarray  # (C,) the integral of |f|
    noise: np.ndarray  # (C,)
    unseen: np.ndarray  # (C,)

    def miss(self, cells: Cells, before: np.ndarray | None) -> np.ndarray:
        """How wrong each cell may be, (C,).

        On a crease the two rules may agree by chance. So a cell also answers for its share of the difference between
        the value of the cell that it was cut from (`before`) and that of all its parts; uncut cells have yet to.
        """
        own = sharpened(self.gaps.sum(axis=1), self.size) + self.unseen
        if before is None:
            return own
        change = np.abs(before - np.bincount(cells.parent, self.value)) / np.bincount(cells.parent)
        return np.maximum(own, sharpened(change[cells.parent], self.size))


def expectation(
    views: Views, integrand: Integrand, reach: float, goal: Callable[[float], float], most: int = MOST_CELLS
) -> Expectation:
    """Σ weight E[f(log a, log b)] over the frames of the views, each over [−reach, reach]² of its own.

    Cells are cut along the axes where the two rules differ most, until the differences (and a bound of what lies hidden
    between nodes) add up to less than `goal(value)`, or `most` cells have been evaluated. The error is that sum plus
    the rounding stated by the integrand.
    """
    cells, before = Cells.over(views.weights.size, reach), None
    settled, kept, count = np.zeros(3), [], 0  # value, miss, noise; cells and their values; cells evaluated
    while True:
        parts = _evaluated(views, integrand, cells)
        miss = parts.miss(cells, before)
        count += miss.size
        totals = settled + [parts.value.sum(), miss.sum(), parts.noise.sum()]
        aim = max(goal(abs(totals[0])), totals[2])
        overflown = not np.isfinite(totals[0])  # no cutting mends that; whoever asked refuses it
        left = totals[1] - settled[1]  # cutting mends no more than that
        if overflown or before is not None and (min(totals[1], 2 * left) <= aim or count > most):
            break
        coarse = np.ones(miss.size, dtype=bool)
        if before is not None:
            order = np.argsort(miss)
            room = max(goal(abs(totals[0])), FIRM * totals[2]) - settled[1]  # the rounding is less in smaller cells
            coarse[order[np.cumsum(miss[order]) <= room / 2]] = False
        settled += [each[~coarse].sum() for each in (parts.value, miss, parts.noise)]
        kept.append((cells.chosen(~coarse), parts.value[~coarse]))
        worst = np.maximum(parts.gaps[coarse], parts.unseen[coarse, None])
        cells, before = cells.chosen(coarse).cut(worst >= CUT * worst.max(axis=1, keepdims=True)), parts.value[coarse]
    pieces, values = zip(*kept, (cells, parts.value))
    value = math.fsum(np.concatenate(values).tolist()) if np.isfinite(totals[0]) else float(totals[0])
    return Expectation(value, float(totals[1] + totals[2]), count, joined(pieces))


def sharpened(gap: np.ndarray, size: np.ndarray, power: float = SHARPER) -> np.ndarray:
    """How wrong the Kronrod rule may be where the two rules differ by `gap` and the integral of |f| is `size`.

    The gap is the error of the Gauss rule, of 7 nodes; the Kronrod rule, of 15, is exact for polynomials of 1.7 times
    the degree, so where the Gauss rule gains digits it gains 1.7 times as many. Counted here are 1.5 times as many
    (`power`), with a margin of ten. An estimate, not a theorem. Source: R. Piessens and others, QUADPACK, 1983,
    section 2.2.
    """
    ratio = SAFETY * gap / np.maximum(size, np.finfo(np.float64).tiny)
    return np.where(ratio < 1, size * ratio**power / SAFETY, gap)


def gauss_nodes(cells: Cells) -> tuple[np.ndarray, np.ndarray]:
    """The nodes of the Gauss rule of every cell as points of its frame, (C·N, 2), with their weights.

    The gaps bound the error of this rule; it has a fifth of the nodes of the other.
    """
    x, weights = (array[:, :, 1::2] for array in _axes(cells))
    z = np.stack(np.broadcast_arrays(x[:, 0, :, None], x[:, 1, None, :]), axis=-1)
    return z.reshape(-1, 2), (weights[:, 0, :, None, 1] * weights[:, 1, None, :, 1]).reshape(-1)


def _axes(cells: Cells) -> tuple[np.ndarray, np.ndarray]:
    """Nodes (C, 2, N) along both axes, and there φ times the weights of both rules, (C, 2, N, 2)."""
    x = cells.centre[..., None] + cells.half[..., None] * RULE.nodes
    density = cells.half[..., None] * np.exp(-0.5 * x * x - LOG_ROOT_TAU)
    return x, density[..., None] * RULE.weights


def _evaluated(views: Views, integrand: Integrand, cells: Cells) -> _Parts:
    """All cells, in blocks."""
    starts = range(0, cells.frame.size, BLOCK)
    blocks = [_block(views, integrand, cells.chosen(slice(i, i + BLOCK))) for i in starts]
    value, gaps, size, noise, seen = (np.concatenate(arrays) for arrays in zip(*blocks))
    share = views.weights[cells.frame]
    return _Parts(share * value, share[:, None] * gaps, share * size, share * noise, cells.unseen(views, seen))


def _block(views: Views, integrand: Integrand, cells: Cells) -> tuple[np.ndarray, ...]:
    """Value, gaps, size and noise of each cell, and which components its nodes see (C, J)."""
    x, weights = _axes(cells)
    nodes = Nodes.of(views, cells, x)
    found, seen, rounding = _at(nodes, integrand)
    values = found.value
    along = values @ weights[:, 1]  # (C, N, 2)
    rules = weights[:, 0].swapaxes(1, 2) @ along  # (C, 2, 2): the rule along the first axis, that along the second
    gaps = np.abs(rules[:, 0, 0, None] - np.stack([rules[:, 1, 0], rules[:, 0, 1]], axis=1))
    both = weights[:, 0, :, None, 0] * weights[:, 1, None, :, 0]
    size, noise = _sizes(np.abs(values), x, weights[..., 0])
    if np.ndim(found.cancels):
        rounding = rounding + CANCELS * found.cancels[:, *COUNTED]
    gauss = weights[:, :, GAUSS, 1]
    noise += np.einsum("cm,cmn,cn->c", gauss[:, 0], rounding, gauss[:, 1])
    return _summed(values * both), gaps, size, noise, seen


def _at(nodes: Nodes, integrand: Integrand) -> tuple[AtNodes, np.ndarray, np.ndarray]:
    """The integrand at nodes; which components they see (C, J); and what the rounding of the logs does."""
    views = nodes.views
    lifts = nodes.lifts(views.alike) if views.alike else None
    terms = nodes.components()
    seen, components = _seen(nodes, terms), nodes.noise(GAUSS)
    if views.alike:
        ratio = Ratio(views.alike, views.split, terms, lifts)
        found = integrand(ratio.log, np.zeros_like(ratio.log))
        noise = ratio.noise(components, nodes.lift_noise(views.alike, GAUSS), COUNTED)
        return found, seen, noise * found.in_log_a[:, *COUNTED]
    sums = [Sum.of(terms[part]) for part in views.halves()]
    found = integrand(sums[0].log, sums[1].log)
    return found, seen, answered(found, sums, [components[part] for part in views.halves()], COUNTED)


def answered(found: AtNodes, sums: list[Sum], components: list[np.ndarray], some: tuple[slice, ...]) -> np.ndarray:
    """What the rounding of both logs does to the integrand at some of the nodes."""
    noise = np.zeros(1)
    for each, parts, slope in zip(sums, components, (found.in_log_a, found.in_log_b)):
        if np.any(slope):
            slope = slope if np.ndim(slope) == 0 else slope[:, *some]
            noise = noise + slope * each.at(some).noise(parts)
    return noise


def _seen(nodes: Nodes, terms: np.ndarray) -> np.ndarray:
    """The components that are the highest, or nearly, at some bright node of a cell, (C, J)."""
    sparse = terms[..., SEEN, SEEN]
    bright = _bright(nodes.x[:, 0, SEEN], nodes.x[:, 1, SEEN])
    found = [
        (bright & (sparse[part] > sparse[part].max(axis=0) - LOG_2)).any(axis=(-1, -2)) for part in nodes.views.halves()
    ]
    return np.concatenate(found).T


def _sizes(size: np.ndarray, x: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The integral of |f| over each cell, and the rounding of the weights."""
    squared = np.stack([weights, weights * x * x], axis=-1)  # (C, 2, N, 2)
    found = squared[:, 0].swapaxes(1, 2) @ (size @ squared[:, 1])
    return found[:, 0, 0], WEIGHING * found[:, 0, 0] + SQUARES * (found[:, 0, 1] + found[:, 1, 0])


def _summed(products: np.ndarray) -> np.ndarray:
    """The sum of each cell's, by halves: 225 numbers in 8 additions."""
    products = products.reshape(len(products), -1)
    count = products.shape[1]
    while count > 1:
        half = count // 2
        products[:, :half] += products[:, count - half : count]
        count -= half
    return products[:, 0]


def _bright(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """The nodes (C, N, N) at which the standard Gaussian is not far below its highest in their cell."""
    squares = 0.5 * (first * first)[:, :, None] + 0.5 * (second * second)[:, None, :]
    return squares < squares.min(axis=(1, 2), keepdims=True) + DIM
