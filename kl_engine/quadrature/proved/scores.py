"""The derivatives of D(a‖b) in the parameters of a or of b, as integrals of the scores of the components.

With z = (x − m)/s of a component and the scores 1, z, z² − 1 by its log weight, its mean (in units of s) and its log
std,

    by a:  ∫ aᵢ score r,  r = log a − log b;            by b:  −∫ pⱼ score (a − b),  pⱼ the share bⱼ/b,

for ∫ bⱼ score is 0 but for the first, where it is what dividing the weights by their sum takes away.

**On an ellipse** |z| <= √2 (|U| + V A), and the moduli of the shares are at most 1/(cos φ − S) for a component of M,
and sup |e^(l_k − l₁)|/(cos φ − S) for the others (`matched`).

**Beyond the ends** pⱼ z² = 2 pⱼ (Hⱼ − log b − log pⱼ) <= 2 (|Hⱼ| + |log b|) + 1, so that (a + b) pⱼ (1 + z²) is below
four times what `reach` bounds; aᵢ (1 + z²) |r| is too, as C counts (R² + 1) with a factor of 1000 already.

**How large.** The derivatives by two components may differ in size by 1e300, as their weights may. So what is bounded
is the integrand of each component over a size Sₖ of its own: 1 at first, and where rounding then turns out to be less
than what the panels may miss, that rounding over `SIZES` υ, which is at least about the weight of the component.

**Rounding.** With Y = 16 (k + (|U| + V)²) of the component, by the lemma of `integrand` its log is off by υ Y, z by
14 υ (|U| + V) √2, at most υ Y; so a share by υ (X_b + Y), and f by υ times the sums below.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from kl_engine.estimates.rounding import ROOT_2
from kl_engine.quadrature.proved.cutting import search
from kl_engine.quadrature.proved.ellipse import RULE, SLACK, Coarse, Ellipses, View, rule_error
from kl_engine.quadrature.proved.integral import GOAL, NODE_BLOCK
from kl_engine.quadrature.proved.integrand import POWERS, SECOND, UNIT, WEIGHTING, Nodes, Positive, on_ellipse
from kl_engine.quadrature.proved.nested import Within
from kl_engine.quadrature.proved.reach import nearby, reach
from kl_engine.quadrature.proved.table import Table

ROUNDS = 4  # of the search for panels
SIZES = 128.0  # υ: what rounding is divided by, to know how large the integrals of a component are


class Scores(NamedTuple):
    """(3, K) the integrals of each component with the scores 1, z, z² − 1, bounds of their errors, and whether
    proved.
    """

    value: np.ndarray
    error: np.ndarray
    proved: bool
    panels: int


class ByFirst(Positive):
    """aᵢ score r for all components of a."""

    side = 0

    def __init__(self, sizes: np.ndarray | float = 1.0) -> None:
        self.log_sizes = np.log(sizes)[:, None] if isinstance(sizes, np.ndarray) else 0.0

    def log_error(self, view: View | Within, ellipses: Ellipses, half: np.ndarray) -> np.ndarray:
        """The theorem, of the largest integrand of a component, with its score, over its size."""
        log_top, size = self.size(ellipses)
        log_parts = self.log_parts(view, ellipses)
        log_parts += np.log1p(_square(view, ellipses.a, self.side))
        log_parts -= self.log_sizes
        return rule_error(log_top + np.maximum.reduce(log_parts, axis=0), size, half, ellipses.room)

    def size(self, ellipses: Ellipses) -> tuple[np.ndarray | float, np.ndarray]:
        """|r|; the components are in `log_parts`."""
        size = on_ellipse(ellipses.g[:, 0] - ellipses.g[:, 1], ellipses.a) + ellipses.size[0] + ellipses.size[1]
        return 0.0, size

    def log_parts(self, view: View | Within, ellipses: Ellipses) -> np.ndarray:
        """(K, P) a bound of log |aᵢ|: of H − max(|u| − v A, 0)² + v² B², as in `nested`, with what rounding adds."""
        u, v = view.u[:, 0], view.v[:, 0]
        near = np.maximum(np.abs(u) - v * ellipses.a, 0.0)
        slack = SLACK * ((np.abs(u) + v * ellipses.a) ** 2 + view.table.burden[:, 0])
        return view.table.heights[:, 0] - near * near + (v * ellipses.b) ** 2 + slack

    def log_coarse_error(self, view: View, coarse: Coarse, half: np.ndarray) -> np.ndarray:
        """Nothing is said of problems so wide."""
        return np.full(half.shape, np.inf)

    def sums(self, nodes: Nodes) -> tuple[np.ndarray, np.ndarray]:
        """(3, K, P) twice: the rule's sums of the three integrands, and of their roundings in υ."""
        logs = nodes.log_densities()
        levels = (nodes.q[:, :, 0].reshape(3, -1).T @ POWERS).reshape(nodes.q.shape[1], nodes.half.size, -1)
        part, ratio = np.exp(levels), logs[0] - logs[1]
        values, sizes = _scored(nodes, self.side, part * ratio), _scored(nodes, self.side, part * np.abs(ratio), True)
        both = nodes.rough.sum(axis=0)
        weights = 4 * _own(nodes, self.side) + WEIGHTING + 60
        return values, sizes * weights + _scored(nodes, self.side, part, True) * both


class BySecond(ByFirst):
    """−pⱼ score (a − b) for all components of b."""

    side = 1

    def size(self, ellipses: Ellipses) -> tuple[np.ndarray, np.ndarray]:
        """|a| + |b|, over what divides the shares; the shares themselves are in `log_parts`."""
        return np.logaddexp(*ellipses.top[:2]), 1 / ellipses.sure[1]

    def log_parts(self, view: View | Within, ellipses: Ellipses) -> np.ndarray:
        """(K, P) log of a bound of the shares."""
        return np.minimum(ellipses.reach[:, 1], 0.0)

    def sums(self, nodes: Nodes) -> tuple[np.ndarray, np.ndarray]:
        """a − b = b (e^r − 1) where r is small."""
        logs = nodes.log_densities()
        levels = (nodes.q[:, :, 1].reshape(3, -1).T @ POWERS).reshape(nodes.q.shape[1], nodes.half.size, -1)
        share = np.exp(levels - logs[1])
        first, second = np.exp(logs)
        ratio = logs[0] - logs[1]
        gap = np.where(np.abs(ratio) < 1, second * np.expm1(np.clip(ratio, -1, 1)), first - second)
        values = _scored(nodes, self.side, share * -gap)
        sizes = _scored(nodes, self.side, share * np.abs(gap), True)
        weights = 4 * _own(nodes, self.side) + nodes.rough[1] + WEIGHTING + 60
        noise = _scored(nodes, self.side, share * first, True) * (nodes.rough[0] + 16)
        noise += _scored(nodes, self.side, share * second, True) * (nodes.rough[1] + 16)
        return values, sizes * weights + noise


def _square(view: View | Within, a: np.ndarray | float, side: int) -> np.ndarray:
    """(K, P) sup of |z|²."""
    z = ROOT_2 * (np.abs(view.u[:, side]) + view.v[:, side] * a)
    return z * z


def _own(nodes: Nodes, side: int) -> np.ndarray:
    """(K, P) Y of every component."""
    u, v = nodes.standardised(side)
    return 16 * ((np.abs(u) + v) ** 2 + nodes.table.burden[:, side])


def _scored(nodes: Nodes, side: int, values: np.ndarray, size: bool = False) -> np.ndarray:
    """(3, K, P) the sums of values (K, P, N) with the three scores, or with bounds of their sizes 1, |z|, z² + 1."""
    u, v = nodes.standardised(side)
    z = ROOT_2 * (u[..., None] + v[..., None] * RULE.nodes)
    square = z * z
    scores = (1.0, np.abs(z), square + 1) if size else (1.0, z, square - 1)
    return np.array([(values * score) @ RULE.weights for score in scores])


def integrals(table: Table, kind: type[ByFirst]) -> Scores:
    """All integrals of one row, right relative to the size of those of each component."""
    weights = table.weights[:, kind.side, 0]
    sizes = np.ones(weights.size)
    with np.errstate(all="ignore"):
        for _ in range(ROUNDS):
            value, noise, missed, count = _found(table, kind(sizes), sizes)
            rounding = np.minimum.reduce(noise, axis=0) / UNIT
            finer = np.where(weights > 0, np.maximum(rounding / SIZES, weights), 1.0)
            if not (math.isfinite(missed) and (missed * sizes > UNIT * rounding).any() and (finer < sizes).any()):
                break
            sizes = np.minimum(finer, sizes)
    proved = math.isfinite(missed)
    return Scores(value, noise + missed * sizes if proved else noise + np.inf, proved, count)


def _found(table: Table, kind: ByFirst, sizes: np.ndarray) -> tuple[np.ndarray, np.ndarray, float, int]:
    """The integrals (3, K), bounds of their rounding, of what the panels miss over the sizes, and how many there
    are.
    """
    over = reach(table, GOAL * float(sizes.min()), both=True)
    value = noise = np.zeros((3, sizes.size))
    missed, count = 4 * float(over.beyond[0]) / float(sizes.min()), 0
    for part, there in nearby(table, over):
        panels = search(part, kind, there, np.log(GOAL * over.level))
        step = max(1, NODE_BLOCK // (table.heights[..., 0].size * RULE.nodes.size))
        for i in range(0, panels.centre.size, step):
            some = panels.some(slice(i, i + step))
            values, roundings = kind.sums(Nodes.of(part, some))
            value, noise = value + values @ some.half, noise + roundings @ some.half
        missed, count = missed + float(panels.bound.sum()), count + panels.centre.size
    return value, SECOND * UNIT * noise * (1 + count / WEIGHTING), missed, count
