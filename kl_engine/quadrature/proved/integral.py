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
from kl_engine.quadrature.proved.integrand import SECOND, UNIT, WEIGHTING, Integrand, Levels, Nodes
from kl_engine.quadrature.proved.reach import Reach, nearby
from kl_engine.quadrature.proved.table import Table
from kl_engine.quadrature.proved.walk import walked

GOAL = 2.0**-52  # of a panel, and of what is left out, relative to what log ratios weigh
NODE_BLOCK = 2**15  # values in one array at the nodes
OBJECTS = 400  # numbers whose place the objects of one integral take
KEPT_BLOCK = 2**16  # those of an integral whose panels are kept ready: one array of that many then holds them all


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

    kind: Integrand
    half: np.ndarray  # (P,)
    owner: np.ndarray | None  # (P,); None where there is one row
    truncation: np.ndarray  # (R,) the bounds of the panels, and what lies outside them
    proved: np.ndarray  # (R,)
    count: np.ndarray  # (R,) of panels
    nodes: Levels | None  # of the panels, where they fit into one block
    weights: np.ndarray | None  # (M, P) of the rounding, there too
    large: tuple[Table, Panels] | None  # where they do not

    @classmethod
    def of(cls, table: Table, kind: Integrand, over: Reach, goal: np.ndarray | float) -> Integral | Places:
        """Find the panels; `goal` is relative to what log ratios weigh (`Reach.level`), (R,) or one for all rows."""
        rows = over.level.size
        if rows == 1 and len(parts := nearby(table, over)) > 1:
            return Places(tuple(cls.of(part, kind, there, goal) for part, there in parts))
        with np.errstate(all="ignore"):
            log_goal = np.log(goal * over.level)
            panels = (walked(table, kind, over, log_goal) if rows == 1 else None) or search(table, kind, over, log_goal)
            truncation, count = _totals(panels, rows)
            proved = np.isfinite(truncation)
            if not proved.all() and (unproved := np.isinf(panels.bound)).any():
                panels = panels._replace(bound=_compared(table, kind, panels, unproved))
                truncation, _ = _totals(panels, rows)
                proved = np.bincount(panels.owner, unproved, rows) == 0
            truncation += over.beyond
            found = kind, panels.half, None if rows == 1 else panels.owner, truncation, proved, count
            if panels.half.size > _step(table, KEPT_BLOCK):
                return cls(*found, None, None, (table, panels._replace(q=None, seen=None)))
            nodes = kind.ready(Nodes.of(table.of(panels.owner), panels))
            return cls(*found, nodes, _weights(kind, panels, count), None)

    def value(self) -> Value:
        """The integrals of all rows."""
        with np.errstate(all="ignore"):
            if self.large:
                found = sums_of(self.large[0], self.kind, self.large[1], self.count)
            else:
                sums = self.kind.at(self.nodes) @ RULE.weights
                if self.owner is None:
                    total, noise = sums[0] @ self.half, np.vdot(self.weights, sums)
                    return Value(np.array([total]), noise + self.truncation, self.truncation, self.proved, self.count)
                found = sums[0] * self.half, (sums * self.weights).sum(axis=0)
            owner = np.zeros(self.half.size, dtype=np.intp) if self.owner is None else self.owner
            total, noise = (np.bincount(owner, line, self.count.size) for line in found)
            noise += self.truncation
        return Value(total, noise, self.truncation, self.proved, self.count)

    def numbers(self) -> int:
        """About how many numbers it holds; what every object takes besides counts for some hundred."""
        held = 6 * self.large[0].heights.size if self.large else 2 * self.nodes.q.size
        return OBJECTS + held + 6 * self.half.size


class Places(NamedTuple):
    """The integral of one row over intervals so far apart that each is measured from a mean in it."""

    parts: tuple[Integral, ...]

    def value(self) -> Value:
        """The sum."""
        found = [part.value() for part in self.parts]
        *sums, proved, panels = (np.array(arrays) for arrays in zip(*found))
        return Value(*(array.sum(axis=0) for array in sums), proved.all(axis=0), panels.sum(axis=0))

    def numbers(self) -> int:
        """About how many numbers it holds."""
        return sum(part.numbers() for part in self.parts)


def sums_of(table: Table, kind: Integrand, panels: Panels, count: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(P,) twice, of each panel, in blocks: the integral by the rule, and a bound of its rounding."""
    step = _step(table)
    values, noises = [], []
    for i in range(0, panels.centre.size, step):
        some = panels.some(slice(i, i + step))
        sums = kind.at(kind.ready(Nodes.of(table.of(some.owner), some))) @ RULE.weights
        values.append(sums[0] * some.half)
        noises.append((sums * _weights(kind, some, count)).sum(axis=0))
    return np.concatenate(values), np.concatenate(noises)


def _weights(kind: Integrand, panels: Panels, count: np.ndarray) -> np.ndarray:
    """(M, P) what the sums of a panel are multiplied with for the rounding: `count` panels of a row add υ |f| each."""
    weights = kind.weights(panels.rough)
    many = count[0] if count.size == 1 else count[panels.owner]
    weights *= (SECOND * UNIT) * panels.half * (1 + many / WEIGHTING)
    return weights


def _totals(panels: Panels, rows: int) -> tuple[np.ndarray, np.ndarray]:
    """(R,) twice: the sum of the bounds of the panels of each row, and their number."""
    if rows == 1:
        return np.add.reduce(panels.bound, keepdims=True), np.array([panels.bound.size])
    return np.bincount(panels.owner, panels.bound, rows), np.bincount(panels.owner, minlength=rows)


def _step(table: Table, block: int = NODE_BLOCK) -> int:
    """How many panels are evaluated at once."""
    return max(1, block // (table.heights[..., 0].size * RULE.nodes.size))


def _compared(table: Table, kind: Integrand, panels: Panels, unproved: np.ndarray) -> np.ndarray:
    """The bounds of all panels; of the unproved, by how much the rule and that of the halves differ."""
    some = panels.some(unproved)
    parts = Panels(*halves(*some[:3]), some.bound.repeat(2), some.rough.repeat(2, axis=1))
    many = np.ones(int(panels.owner.max()) + 1)
    fine = sums_of(table, kind, parts, many)[0].reshape(-1, 2).sum(axis=1)
    bound = panels.bound.copy()
    bound[unproved] = np.abs(fine - sums_of(table, kind, some, many)[0])
    return bound
