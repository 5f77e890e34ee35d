"""The scale space of a log density: log p smoothed by N(0, σ²), for every σ at once, and its derivatives in μ.

With f = log p and q = N(μ, σ²), E_q f is f smoothed by the heat kernel, as a function of μ and of the "time" σ²/2; by
Bonnet's theorem its derivatives in μ are E f′, E f″, E f‴. This module finds them to a few digits at many (μ, σ) (a
search needs signs, not digits), says which σ a stationary point of D(q‖p) can have, and which μ to look at.
"""

from __future__ import annotations

import math
from itertools import combinations
from typing import NamedTuple

import numpy as np

from kl_engine.crossings import Part, crossings_of, parts_of
from kl_engine.distributions import Mixture
from kl_engine.panels import Panels

NODES, WEIGHTS = np.polynomial.legendre.leggauss(6)
MARKS = np.array([-6.0, -2.0, 2.0, 6.0])[:, None]  # panel edges over q, in its std
GRADES = np.array([-10.0, -2.2, 2.2, 10.0])[:, None]  # and around a crossing, in its width
SHARP = 1.5  # a crossing wider than this, in std of q, needs no panels of its own
BLOCK = 800  # panels that are done at once: their nodes then stay in the fast cache
FAINT = 16.0  # nats below another component: of no weight in a search
ZONE = (8.0, 4.0)  # how far around a crossing E f′ is not yet a straight line: in its width, and in σ
SPACING = 0.5  # of the points looked at there: in σ or the width, whichever is larger
ROOT_TAU = math.sqrt(2 * math.pi)
PHI_1 = math.exp(-0.5) / ROOT_TAU  # ½ E (z² − 1)₊ and ¼ E |z| (z² − 1)₊ for z ~ N(0, 1)


class ScaleSpace(NamedTuple):
    """What of p the smoothing needs: components as columns (K, 1), and the crossings (C,) that matter to a search."""

    heights: np.ndarray
    means: np.ndarray
    stds: np.ndarray
    centres: np.ndarray
    widths: np.ndarray

    @classmethod
    def of(cls, p: Mixture) -> ScaleSpace:
        """The scale space of `p`."""
        parts = parts_of(p)
        found = [
            (centre, width)
            for first, second in combinations(parts, 2)
            for centre, width in crossings_of(first, second)
            if any(_matters(parts, (first, second), centre + grade * width) for grade in (-8, -3, 0, 3, 8))
        ]
        columns = (np.array([[getattr(part, name)] for part in parts]) for name in ("height", "mean", "std"))
        return cls(*columns, *np.array(found).reshape(-1, 2).T)

    def slopes(self, mean: np.ndarray, std: np.ndarray) -> np.ndarray:
        """(4, R): E σf′, E σ²f″, E σ³f‴ and E σ⁴f⁗ under N(mean[i], std[i]²), to about 1e-4 of the largest of them.

        By parts, the last two are E z σ²f″ and E (z² − 1) σ²f″ with z = (x − μ)/σ.
        """
        edges = (
            self.centres[:, None]
            + np.where(self.widths[:, None] < SHARP * std, self.widths[:, None], np.inf) * GRADES[:, None]
        )
        panels = Panels.of_rows(mean + MARKS * std, edges.reshape(-1, mean.size))
        total = np.empty((4, panels.half.size))
        for i in range(0, panels.half.size, BLOCK):
            some = slice(i, i + BLOCK)
            owner = panels.owner[some]
            total[:, some] = self._panel_sums(panels.left[some], panels.half[some], mean[owner], std[owner])
        first = np.searchsorted(panels.owner, np.arange(mean.size))
        return np.add.reduceat(total, first, axis=1)

    def _panel_sums(self, left, half, mean, std) -> np.ndarray:
        """The four integrals over each panel, by one Gauss rule: (4, panels)."""
        x = (left - mean + half)[:, None] + half[:, None] * NODES  # from the mean of q
        z = x / std[:, None]
        weight = WEIGHTS * np.exp(-0.5 * z * z) * (half / (ROOT_TAU * std))[:, None]
        u = (x + (mean[:, None] - self.means[:, :, None])) / self.stds[:, :, None]
        share = self.heights[:, :, None] - 0.5 * u * u
        share -= share.max(axis=0)
        np.exp(share, out=share)
        share /= share.sum(axis=0)
        sharp = (std / self.stds)[:, :, None]
        u *= -sharp  # σ l_k′
        slope = (share * u).sum(axis=0)
        u -= slope
        curve = (share * (u * u - sharp * sharp)).sum(axis=0)
        return np.stack([(weight * part).sum(axis=1) for part in (slope, curve, z * curve, (z * z - 1) * curve)])

    def reach(self) -> tuple[float, float]:
        """Bounds of the σ of any stationary point of D(q‖p) over μ and σ, where 1 + E σ²f″ = 0.

        Below: −f″ = Σ πₖ/sₖ² − Var_π(l′) <= 1/s_min² (π: the shares of the components, l their logs), so σ >= s_min.
        Above, two bounds, of which the smaller is taken; s is the largest std, μ in the hull of the means (see
        `look_at`), V = Var_π(l′) = Σ_{j<k} πⱼπₖ (lⱼ′ − lₖ′)².
        (1) E f″ <= −1/s² + E V with E V <= ∫V / σ√2π; πⱼπₖ <= ¼ sech²(t/2) for t = lⱼ − lₖ, a quadratic with
        t′² = D + 2t″t. On each of its (one or two) monotone branches ∫ ¼ sech²(t/2) |t′| dt <= √(D + 2|t″| 2 log 2).
        (2) With a widest component w, G = f − l_w >= 0 and E σ²f″ = −σ²/s² + E G (z² − 1) (Stein), where
        G <= log K + max (lₖ − l_w)₊: a constant for a narrower k, a straight line for one as wide.
        """
        parts = [Part(0.0, *row) for row in np.hstack([self.heights, self.means, self.stds]).tolist()]
        low, widest = min(part.std for part in parts), max(part.std for part in parts)
        jump = widest * sum(_total_variance(*pair) for pair in combinations(parts, 2)) / ROOT_TAU
        constant, slope = _lead(parts, next(part for part in parts if part.std == widest))
        high = min(_positive_root(jump, 1.0), _positive_root(4 * PHI_1 * slope, 1 + 2 * PHI_1 * constant))
        return low, widest * high

    def look_at(self, stds: list[float]) -> tuple[np.ndarray, np.ndarray]:
        """The points (μ, σ) from which every zero of E f′ can be seen, for each σ in turn, μ ascending.

        They lie in the hull of the means: for μ right of all means lₖ(μ + y) <= lₖ(μ − y) for every k and y > 0, so
        E f′ < 0; left of them E f′ > 0. Away from the crossings f′ is a straight line, and so is E f′; there two points
        about each mean will do, near a crossing they are even and close.
        """
        mean = [self._points(sigma) for sigma in stds]
        return np.concatenate(mean), np.repeat(stds, [points.size for points in mean])

    def _points(self, sigma: float) -> np.ndarray:
        """The points of one σ: on a lattice, coarser by powers of 2 about wider crossings, so that zones share them."""
        low, high = self.means.min() - 0.5 * sigma, self.means.max() + 0.5 * sigma
        step = SPACING * sigma
        coarser = np.exp2(np.floor(np.log2(np.maximum(1, self.widths / sigma))))
        reach = ZONE[0] * self.widths + ZONE[1] * sigma
        first = np.ceil((np.maximum(self.centres - reach, low) - low) / (step * coarser))
        last = np.floor((np.minimum(self.centres + reach, high) - low) / (step * coarser))
        zones = [np.arange(*ends) * every for *ends, every in zip(first, last + 1, coarser)]
        lattice = low + step * np.unique(np.concatenate([[0.0], *zones]))
        near = (self.means + np.array([-step, 0, step])).ravel()
        points = np.unique(np.concatenate([lattice, near, [high]]))
        return points[(points >= low) & (points <= high)]


def _matters(parts: tuple[Part, ...], pair: tuple[Part, Part], x: float) -> bool:
    """Whether both components of the pair are within FAINT of the highest one at x."""
    return max(part.level(x) for part in parts) - min(part.level(x) for part in pair) < FAINT


def _total_variance(first: Part, second: Part) -> float:
    """A bound of ∫ ¼ sech²(t/2) t′² dx, t = l₁ − l₂: see `ScaleSpace.reach`."""
    ratio, shift = first.std / second.std, (second.mean - first.mean) / second.std
    twice_a = (ratio - 1) * (ratio + 1)  # t″ in units of the first std; D = shift² − 2 t″ (h₁ − h₂)
    disc = shift * shift - 2 * twice_a * (first.height - second.height)
    branches = 2 if twice_a else 1
    return branches * math.sqrt(max(0.0, disc + 4 * math.log(2) * abs(twice_a))) / first.std


def _lead(parts: list[Part], widest: Part) -> tuple[float, float]:
    """By how much any component can exceed the widest: a constant, and a slope in (x − μ)/s for μ in the hull."""
    constant, slope = math.log(len(parts)), 0.0
    hull = min(part.mean for part in parts), max(part.mean for part in parts)
    for part in parts:
        gap = (part.mean - widest.mean) / widest.std
        narrowing = (1 - part.std / widest.std) * (1 + part.std / widest.std)
        if narrowing:
            constant += max(0.0, part.height - widest.height + 0.5 * gap * gap / narrowing)
        else:
            constant += max(abs(part.level(x) - widest.level(x)) for x in hull)
            slope += abs(gap)
    return constant, slope


def _positive_root(b: float, c: float) -> float:
    """The positive x with x² = b x + c."""
    return 0.5 * (b + math.sqrt(b * b + 4 * c))
