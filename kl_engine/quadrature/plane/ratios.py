"""log a − log b at nodes from the differences of components that are alike, and what rounding makes of it.

As `alike` has it, a/b = 1 + v. With S' = |Δc| + |ΔM| |z| and the names of `logs`, δ is off by 2 υ of what Δh is a sum
of and by 14 υ S' (2S + S'), Δu and 2u + Δu being off by 6 υ of theirs. A share p is off by p (1 − p) times the rounding
of its component and of the mean of the others. So v is off by

    υ Σ p (e^δ · rounding of δ + |e^δ − 1| (8 + (1 − p) · rounding of the shares)),

with those that match none at the rounding of their shares; and log(1 + v) by 1/(1 + v) of that. Where v is not between
−½ and 1 the ratio is log a − log b itself, which is not small there.
"""

from __future__ import annotations

import numpy as np

from kl_engine.quadrature.plane.alike import Alike
from kl_engine.quadrature.plane.logs import Nodes, Sum, of_cells, placed

LEAST, MOST = -0.5, 1.0  # of v, between which log(1 + v) is taken


class Ratio:
    """log a − log b at nodes, and its rounding."""

    def __init__(self, nodes: Nodes, alike: Alike, terms: np.ndarray) -> None:
        a, b = nodes.views.halves()
        lone = terms[alike.lone_a]
        self.nodes, self.alike = nodes, alike
        self.b = Sum.of(terms[b])
        self.a: Sum | None = None
        self.shares = np.broadcast_to(self.b.terms / self.b.total, terms[b].shape)
        matched = self.shares[alike.of_b - nodes.views.split]
        self.rise = matched * np.expm1(self._lifts())
        v = self.rise.sum(axis=0)
        self.lone = np.exp(lone - self.b.log)
        if alike.lone_a.size or alike.lone_b.size:
            v += self.lone.sum(axis=0) - self.shares[alike.lone_b - nodes.views.split].sum(axis=0)
        self.far = ~((v > LEAST) & (v < MOST))
        if self.far.any():
            v[self.far] = 0.0
            self.a = Sum.of(terms[a])
        self.log = np.log1p(v)
        if self.a:
            self.log[self.far] = (self.a.log - self.b.log)[self.far]

    def _lifts(self) -> np.ndarray:
        """δ (m, C, N, N)."""
        nodes, alike = self.nodes, self.alike
        first, second = placed(*of_cells(alike.shifts, alike.maps, nodes.cells), nodes.x)
        twice = nodes.second[alike.of_b]
        twice *= 2
        twice += second
        twice *= second
        level = alike.heights[:, None, None] - first * (2 * nodes.first[alike.of_b] + first)
        return np.subtract(level[..., None], twice, out=twice)

    def noise(self, some: tuple[slice, slice]) -> np.ndarray:
        """The rounding of `log` at some of the nodes, (C, n, n) in units of υ."""
        components = self.nodes.noise(some)
        found = self._near_noise(components, some)
        found *= np.exp(-self.log[:, *some])
        if self.a:
            pairs = zip((self.a, self.b), self.nodes.views.halves())
            beyond = sum(side.at(some).noise(components[part]) for side, part in pairs)
            found = np.where(self.far[:, *some], beyond, found)
        return found + np.abs(self.log[:, *some])

    def _near_noise(self, components: np.ndarray, some: tuple[slice, slice]) -> np.ndarray:
        alike, split = self.alike, self.nodes.views.split
        shares, rise, at = self.shares[:, :, *some], np.abs(self.rise[:, :, *some]), alike.of_b - split
        mean = (shares * components[split:]).sum(axis=0)
        found = ((8 + (1 - shares[at]) * (components[alike.of_b] + mean)) * rise).sum(axis=0)
        found += (self._lift_noise(some) * (shares[at] + rise)).sum(axis=0)
        for terms, of in ((self.lone[:, :, *some], alike.lone_a), (shares[alike.lone_b - split], alike.lone_b)):
            found += (terms * (components[of] + mean)).sum(axis=0)
        return found

    def _lift_noise(self, some: tuple[slice, slice]) -> np.ndarray:
        """That of δ (m, C, n, n)."""
        nodes, alike = self.nodes, self.alike
        x = np.abs(np.stack([nodes.x[:, i, each] for i, each in enumerate(some)], axis=1))
        shifts, maps = (np.abs(each[:, alike.of_b]) for each in (nodes.views.shifts, nodes.views.maps))
        own = placed(*of_cells(shifts, maps, nodes.cells), x)
        apart = placed(*of_cells(np.abs(alike.shifts), np.abs(alike.maps), nodes.cells), x)
        first, second = (14 * d * (2 * u + d) for d, u in zip(apart, own))
        return (2 * alike.sizes[:, None, None] + first)[..., None] + second
