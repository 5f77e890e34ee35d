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

from kl_engine.quadrature.crossings import FAINT
from kl_engine.quadrature.plane.alike import Alike
from kl_engine.quadrature.plane.logs import UNIT, Sum

STEEP = 600.0  # of δ: no double holds e^δ for long after
LEAST, MOST = -0.5, 1.0  # of v, between which log(1 + v) is taken


class Ratio:
    """log a − log b at nodes, and its rounding."""

    def __init__(self, alike: Alike, split: int, terms: np.ndarray, lifts: np.ndarray) -> None:
        """From all components (J, C, …) and δ (m, C, …) at nodes; `terms` is overwritten."""
        lone = terms[alike.lone_a]
        steep = lifts > STEEP
        risen = terms[alike.of_b] + lifts if steep.any() else None
        self.alike, self.split = alike, split
        self.b = Sum.of(terms[split:])
        self.a: Sum | None = None
        self.shares = np.broadcast_to(self.b.terms / self.b.total, terms[split:].shape)
        if risen is not None:  # nothing, where the component of a is faint as well; otherwise for the logs to say
            lifts = np.where(steep, np.where(risen - self.b.log < -FAINT, 0.0, np.nan), lifts)
        self.rise = np.expm1(lifts, out=lifts)
        self.rise *= self.shares[alike.of_b - split]
        v = self.rise.sum(axis=0)
        self.lone = np.exp(lone - self.b.log)
        if alike.lone_a.size or alike.lone_b.size:
            v += self.lone.sum(axis=0) - self.shares[alike.lone_b - split].sum(axis=0)
        self.far = ~((v > LEAST) & (v < MOST))
        if self.far.any():
            v[self.far] = 0.0
            self.a = Sum.of(terms[:split])
        self.log = np.log1p(v)
        if self.a:
            self.log[self.far] = (self.a.log - self.b.log)[self.far]

    def noise(self, components: np.ndarray, lifts: np.ndarray, some: tuple[slice, ...]) -> np.ndarray:
        """The rounding of `log` at some of the nodes, that of the components and of δ there given."""
        found = self._near_noise(components, lifts, some)
        found *= np.exp(-self.log[:, *some])
        if self.a:
            pairs = ((self.a, components[: self.split]), (self.b, components[self.split :]))
            beyond = sum(side.at(some).noise(parts) for side, parts in pairs)
            found = np.where(self.far[:, *some], beyond, found)
        return found + UNIT * np.abs(self.log[:, *some])

    def _near_noise(self, components: np.ndarray, lifts: np.ndarray, some: tuple[slice, ...]) -> np.ndarray:
        alike, split, at = self.alike, self.split, self.alike.of_b - self.split
        shares, rise = self.shares[:, :, *some], np.abs(self.rise[:, :, *some])
        mean = (shares * components[split:]).sum(axis=0)
        matched = shares[at]
        found = ((8 * UNIT + (1 - matched) * (components[alike.of_b] + mean)) * rise + lifts * (matched + rise)).sum(
            axis=0
        )
        for terms, of in ((self.lone[:, :, *some], alike.lone_a), (shares[alike.lone_b - split], alike.lone_b)):
            found += (terms * (components[of] + mean)).sum(axis=0)
        return found
