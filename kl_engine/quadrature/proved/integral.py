"""A proved integral of mixtures: panels that may be kept, and the value at their nodes with all of its error.

The error is the sum of the bounds of the panels, of the rounding of every node (the lemma in `integrand`) and of what
lies beyond the ends (`reach`). Where a panel has no bound, because no two doubles are left to cut it, its error is what
its rule and that of its halves differ by, and the integral is not called proved.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from kl_engine.quadrature.proved.cutting import Panels, halves, search
from kl_engine.quadrature.proved.ellipse import RULE
from kl_engine.quadrature.proved.integrand import SECOND, UNIT, WEIGHTING, Integrand, Nodes
from kl_engine.quadrature.proved.reach import Reach
from kl_engine.quadrature.proved.table import Table

GOAL = 2.0**-52  # of a panel, and of what is left out, relative to what log ratios weigh
NODE_BLOCK = 2**15  # values in one array at the nodes


class Value(NamedTuple):
    """Of each row (R,): the integral, a bound of its error, the part of it that is truncation, whether it is proved.

    The error is nan where the integral is beyond the largest double.
    """

    value: np.ndarray
    error: np.ndarray
    truncation: np.ndarray
    proved: np.ndarray
    panels: np.ndarray


class Integral(NamedTuple):
    """An integral whose panels are found: what may be kept."""

    table: Table
    kind: Integrand
    panels: Panels
    truncation: np.ndarray  # (R,) the bounds of the panels, and what lies outside them
    proved: np.ndarray  # (R,)
    count: np.ndarray  # (R,) of panels
    nodes: Nodes | None  # of the panels, where they fit into one block

    @classmethod
    def of(cls, table: Table, kind: Integrand, over: Reach, goal: np.ndarray | float) -> Integral:
        """Find the panels; `goal` is relative to what log ratios weigh (`Reach.level`), (R,) or one for all rows."""
        rows = over.level.size
        with np.errstate(all="ignore"):
            panels = search(table, kind, over, np.log(goal * over.level))
            truncation = np.bincount(panels.owner, panels.bound, rows)
            count = np.bincount(panels.owner, minlength=rows)
            proved = np.isfinite(truncation)
            if not proved.all():
                unproved = np.isinf(panels.bound)
                panels = panels._replace(bound=_compared(table, kind, panels, unproved))
                truncation = np.bincount(panels.owner, panels.bound, rows)
                proved = np.bincount(panels.owner, unproved, rows) == 0
            truncation += over.beyond + 0 * over.level  # nan where the level is inf
            fits = panels.centre.size <= _step(table)
            nodes = Nodes.of(table.of(panels.owner), panels.centre, panels.half, panels.rough) if fits else None
        return cls(table, kind, panels, truncation, proved, count, nodes)

    def value(self) -> Value:
        """The integrals of all rows."""
        rows = self.count.size
        with np.errstate(all="ignore"):
            sums = sums_of(self.table, self.kind, self.panels, self.nodes)
            total, noise = (_by_row(line, self.panels, rows) for line in sums)
            noise *= (SECOND * UNIT) * (1 + self.count / WEIGHTING)  # the sum of the panels: υ |f| a panel
            noise += self.truncation
        return Value(total, noise, self.truncation, self.proved, self.count)

    def numbers(self) -> int:
        """About how many numbers it holds."""
        kept = 5 * self.nodes.u.size if self.nodes else 0
        return 6 * self.table.heights.size + 6 * self.panels.centre.size + kept


def sums_of(table: Table, kind: Integrand, panels: Panels, nodes: Nodes | None = None) -> tuple[np.ndarray, np.ndarray]:
    """(P,) twice, of each panel: the rule's sum of f, and that of its roundings in υ, both over h."""
    step = _step(table)
    if nodes is None and panels.centre.size > step:
        blocks = range(0, panels.centre.size, step)
        found = [sums_of(table, kind, panels.some(slice(i, i + step))) for i in blocks]
        return tuple(np.concatenate(parts) for parts in zip(*found))
    if nodes is None:
        nodes = Nodes.of(table.of(panels.owner), panels.centre, panels.half, panels.rough)
    return kind.totals(kind.at(nodes) @ RULE.weights, panels.rough)


def _by_row(sums: np.ndarray, panels: Panels, rows: int) -> np.ndarray:
    """(R,) the sums of panels, times h, over the panels of each row."""
    if rows == 1:
        return np.array([sums @ panels.half])
    return np.bincount(panels.owner, sums * panels.half, rows)


def _step(table: Table) -> int:
    """How many panels are evaluated at once."""
    return max(1, NODE_BLOCK // (table.heights[..., 0].size * RULE.nodes.size))


def _compared(table: Table, kind: Integrand, panels: Panels, unproved: np.ndarray) -> np.ndarray:
    """The bounds of all panels; of the unproved, by how much the rule and that of the halves differ."""
    some = panels.some(unproved)
    parts = Panels(*halves(*some[:3]), some.bound.repeat(2), some.rough.repeat(2, axis=1))
    fine = (sums_of(table, kind, parts)[0] * parts.half).reshape(-1, 2).sum(axis=1)
    bound = panels.bound.copy()
    bound[unproved] = np.abs(fine - sums_of(table, kind, some)[0] * some.half)
    return bound
