"""The integrator of the plane: expectations under Gaussians, by tensor Gauss-Kronrod rules on adaptive cells."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from kl_engine.estimates.rounding import LOG_2, LOG_ROOT_TAU, ROUNDING
from kl_engine.quadrature.cells import Cells, joined
from kl_engine.quadrature.frames import Frames
from kl_engine.quadrature.integrands import Integrand
from kl_engine.quadrature.nodes import kronrod_rule
from kl_engine.quadrature.panels import log_sum_exp

RULE = kronrod_rule(7)
BLOCK = 64  # cells evaluated at once: their values then stay in the processor's cache
CUT = 0.2  # an axis is cut when the rules differ along it by more than this share of the worse one
MOST_CELLS = 40_000  # evaluated in all; what is left unresolved after them stands in the error
SEEN = slice(None, None, 2)  # of the nodes along an axis: enough to see which component is highest where
DIM = 6.0  # nats below the highest density of a cell: what a node shows there says nothing of where the mass is
SHARPER, SAFETY = 1.5, 10.0  # see `_sharpened`


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
        own = _sharpened(self.gaps.sum(axis=1), self.size) + self.unseen
        if before is None:
            return own
        change = np.abs(before - np.bincount(cells.parent, self.value)) / np.bincount(cells.parent)
        return np.maximum(own, _sharpened(change[cells.parent], self.size))


def expectation(
    frames: Frames, integrand: Integrand, reach: float, goal: Callable[[float], float], most: int = MOST_CELLS
) -> Expectation:
    """Σ weight E[f(log a, log b)] over the frames, each over [−reach, reach]² of its own.

    Cells are cut along the axes where the two rules differ most, until the differences (and a bound of what lies hidden
    between nodes) add up to less than `goal(value)`, or `most` cells have been evaluated. The error is that sum plus
    the rounding stated by the integrand.
    """
    cells, before = Cells.over(frames.weights.size, reach), None
    settled, kept, count = np.zeros(3), [], 0  # value, miss, noise; cells; cells evaluated
    while True:
        parts = _evaluated(frames, integrand, cells)
        miss = parts.miss(cells, before)
        count += miss.size
        totals = settled + [parts.value.sum(), miss.sum(), parts.noise.sum()]
        aim = max(goal(abs(totals[0])), ROUNDING * totals[2])
        overflown = not np.isfinite(totals[0])  # no cutting mends that; whoever asked refuses it
        if overflown or before is not None and (totals[1] <= aim or count > most):
            break
        coarse = np.ones(miss.size, dtype=bool)
        if before is not None:
            order = np.argsort(miss)
            coarse[order[np.cumsum(miss[order]) <= (aim - settled[1]) / 2]] = False
        settled += [each[~coarse].sum() for each in (parts.value, miss, parts.noise)]
        kept.append(cells.chosen(~coarse))
        worst = np.maximum(parts.gaps[coarse], parts.unseen[coarse, None])
        cells, before = cells.chosen(coarse).cut(worst >= CUT * worst.max(axis=1, keepdims=True)), parts.value[coarse]
    whole = joined([*kept, cells])
    return Expectation(float(totals[0]), float(totals[1] + ROUNDING * totals[2]), count, whole)


def _sharpened(gap: np.ndarray, size: np.ndarray) -> np.ndarray:
    """How wrong the Kronrod rule may be where the two rules differ by `gap` and the integral of |f| is `size`.

    The gap is the error of the Gauss rule, of 7 nodes; the Kronrod rule, of 15, is exact for polynomials of 1.7 times
    the degree, so where the Gauss rule gains digits it gains 1.7 times as many. Counted here are 1.5 times as many,
    with a margin of ten. An estimate, not a theorem. Source: R. Piessens and others, QUADPACK, 1983, section 2.2.
    """
    ratio = SAFETY * gap / np.maximum(size, np.finfo(np.float64).tiny)
    return np.where(ratio < 1, size * ratio**SHARPER / SAFETY, gap)


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


def _evaluated(frames: Frames, integrand: Integrand, cells: Cells) -> _Parts:
    """All cells, in blocks."""
    starts = range(0, cells.frame.size, BLOCK)
    blocks = [_block(frames, integrand, cells.chosen(slice(i, i + BLOCK))) for i in starts]
    value, gaps, size, noise, seen = (np.concatenate(arrays) for arrays in zip(*blocks))
    share = frames.weights[cells.frame]
    return _Parts(share * value, share[:, None] * gaps, share * size, share * noise, cells.unseen(frames, seen))


def _block(frames: Frames, integrand: Integrand, cells: Cells) -> tuple[np.ndarray, ...]:
    """Value, gaps and noise of each cell, and which components its nodes see (C, J)."""
    x, weights = _axes(cells)
    terms = _log_components(frames, cells, x)
    a, b = frames.halves()
    sparse = terms[..., SEEN, SEEN]
    bright = _bright(x[:, 0, SEEN], x[:, 1, SEEN])
    seen = [(bright & (sparse[part] > sparse[part].max(axis=0) - LOG_2)).any(axis=(-1, -2)) for part in (a, b)]
    values, scale = integrand(log_sum_exp(terms[a]), log_sum_exp(terms[b]))
    along = values @ weights[:, 1]  # (C, N, 2)
    rules = weights[:, 0].swapaxes(1, 2) @ along  # (C, 2, 2): the rule along the first axis, that along the second
    gaps = np.abs(rules[:, 0, 0, None] - np.stack([rules[:, 1, 0], rules[:, 0, 1]], axis=1))
    size, noise = ((f @ weights[:, 1, :, :1] * weights[:, 0, :, :1]).sum(axis=(1, 2)) for f in (np.abs(values), scale))
    return rules[:, 0, 0], gaps, size, noise, np.concatenate(seen).T


def _bright(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """The nodes (C, N, N) at which the standard Gaussian is not far below its highest in their cell."""
    squares = 0.5 * (first * first)[:, :, None] + 0.5 * (second * second)[:, None, :]
    return squares < squares.min(axis=(1, 2), keepdims=True) + DIM


def _log_components(frames: Frames, cells: Cells, x: np.ndarray) -> np.ndarray:
    """log wⱼ Nⱼ of all components at the nodes, (J, C, N, N); M is lower triangular, so half of it needs one axis."""
    shifts = frames.shifts[cells.frame].transpose(2, 1, 0)[..., None]
    maps = frames.maps[cells.frame].transpose(2, 3, 1, 0)[..., None]
    first = shifts[0] + maps[0, 0] * x[:, 0]
    second = (shifts[1] + maps[1, 0] * x[:, 0])[..., None] + (maps[1, 1] * x[:, 1])[..., None, :]
    np.multiply(second, second, out=second)
    return np.subtract((frames.heights[:, None, None] - first * first)[..., None], second, out=second)
