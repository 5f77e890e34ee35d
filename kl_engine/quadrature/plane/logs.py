"""Log densities at the nodes of cells, what they are sums of, and what rounding makes of them: a running analysis.

υ = 2⁻⁵³ is the rounding of one operation. A component is h − |u|², u = c + M z, and c and M are right to their last
digit. With S = |c| + |M| |z|, u is off by 6 υ S + υ |u|, half of that because a node is rounded; so |u|² by
12 υ |u| S + 4 υ |u|², and h by 2 υ of what it is a sum of. The log of a sum of K is off by the mean of that over the
shares of its components, by (K + 4) υ and by υ of itself. A sum over the nodes of all that is wanted, and needs no more
nodes than the Gauss rule has: they see the same integral.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from kl_engine.estimates.rounding import EPSILON
from kl_engine.quadrature.plane.alike import Alike
from kl_engine.quadrature.plane.cells import Cells
from kl_engine.quadrature.plane.views import Views

UNIT = EPSILON / 2  # υ, the rounding of one operation


class Nodes(NamedTuple):
    """The nodes of some cells and all components there."""

    views: Views
    cells: Cells
    x: np.ndarray  # (C, 2, N) along both axes
    first: np.ndarray  # (J, C, N) u along the first coordinate, which needs the first axis only
    second: np.ndarray  # (J, C, N, N) u along the second

    @classmethod
    def of(cls, views: Views, cells: Cells, x: np.ndarray) -> Nodes:
        """Of cells, at the nodes x."""
        return cls(views, cells, x, *placed(*of_cells(views.shifts, views.maps, cells), x))

    def components(self) -> np.ndarray:
        """log wⱼ Nⱼ of all components, (J, C, N, N), in place of `second`, which is then gone."""
        level = self.views.heights[:, None, None] - self.first * self.first
        found = np.multiply(self.second, self.second, out=self.second)
        return np.subtract(level[..., None], found, out=found)

    def noise(self, some: slice) -> np.ndarray:
        """The rounding of every component at some of the nodes of both axes, (J, C, n, n)."""
        x, place = np.ascontiguousarray(self.x[:, :, some]), (self.views.shifts, self.views.maps)
        most = placed(*of_cells(*map(np.abs, place), self.cells), np.abs(x))
        first, second = (np.abs(each, out=each) for each in placed(*of_cells(*place, self.cells), x))
        second *= 12 * UNIT * most[1] + 4 * UNIT * second
        level = 2 * UNIT * self.views.sizes[:, None, None] + first * (12 * UNIT * most[0] + 4 * UNIT * first)
        second += level[..., None]
        return second

    def lifts(self, alike: Alike) -> np.ndarray:
        """δ of the components that are alike, (m, C, N, N)."""
        first, second = placed(*of_cells(alike.shifts, alike.maps, self.cells), self.x)
        twice = self.second[alike.of_b]
        twice *= 2
        twice += second
        twice *= second
        level = alike.heights[:, None, None] - first * (2 * self.first[alike.of_b] + first)
        return np.subtract(level[..., None], twice, out=twice)

    def lift_noise(self, alike: Alike, some: slice) -> np.ndarray:
        """That of δ, (m, C, n, n): 2 υ of what Δh is a sum of, and 14 υ S' (2S + S')."""
        x = np.abs(self.x[:, :, some])
        shifts, maps = (np.abs(each[:, alike.of_b]) for each in (self.views.shifts, self.views.maps))
        own = placed(*of_cells(shifts, maps, self.cells), x)
        apart = placed(*of_cells(np.abs(alike.shifts), np.abs(alike.maps), self.cells), x)
        first, second = (14 * UNIT * d * (2 * u + d) for d, u in zip(apart, own))
        return (2 * UNIT * alike.sizes[:, None, None] + first)[..., None] + second


def of_cells(shifts: np.ndarray, maps: np.ndarray, cells: Cells) -> tuple[np.ndarray, np.ndarray]:
    """(2, K, C) and (2, 2, K, C) of the frame of each cell."""
    return shifts[cells.frame].transpose(2, 1, 0), maps[cells.frame].transpose(2, 3, 1, 0)


def placed(shifts: np.ndarray, maps: np.ndarray, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """c + M z at nodes x (C, 2, N) from (2, J, C) and (2, 2, J, C): its coordinates, (J, C, N) and (J, C, N, N)."""
    shifts, maps = shifts[..., None], maps[..., None]
    first = shifts[0] + maps[0, 0] * x[:, 0]
    second = (shifts[1] + maps[1, 0] * x[:, 0])[..., None] + (maps[1, 1] * x[:, 1])[..., None, :]
    return first, second


class Sum(NamedTuple):
    """log Σ exp of some components at nodes, and the terms that it is the sum of: shares times `total`."""

    log: np.ndarray  # (C, N, N)
    terms: np.ndarray  # (K, C, N, N)
    total: np.ndarray | float  # (C, N, N)

    @classmethod
    def of(cls, terms: np.ndarray) -> Sum:
        """By the largest; `terms` is overwritten where there are several."""
        if len(terms) == 1:
            return cls(terms[0], np.ones((1,) * terms.ndim), 1.0)
        top = np.maximum(terms[0], terms[1]) if len(terms) == 2 else terms.max(axis=0)
        terms -= top
        np.exp(terms, out=terms)
        total = terms[0] + terms[1] if len(terms) == 2 else terms.sum(axis=0)
        return cls(np.log(total) + top, terms, total)

    def at(self, some: tuple[slice, ...]) -> Sum:
        """The same at some of the nodes."""
        total = self.total if np.ndim(self.total) == 0 else self.total[:, *some]
        return Sum(self.log[:, *some], self.terms if len(self.terms) == 1 else self.terms[:, :, *some], total)

    def noise(self, components: np.ndarray) -> np.ndarray:
        """The rounding of the log, that of its components (K, C, N, N) given."""
        mean = (self.terms * components).sum(axis=0)
        mean /= self.total
        mean += (len(components) + 4) * UNIT
        mean += UNIT * np.abs(self.log)
        return mean
