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

from kl_engine.distributions.gaussian import Mixture
from kl_engine.estimates.rounding import ROOT_TAU
from kl_engine.quadrature.crossings import Part, crossings_within, parts_of

NODES, WEIGHTS = np.polynomial.legendre.leggauss(8)
REACH, PANEL = 6.0, 3.0  # how far q is integrated, and the longest panel, in its std
GRADES = np.array([-14.0, -2.6, 2.6, 14.0])[:, None]  # and around a crossing, in its width
SHARP = 1.5  # a crossing wider than this, in std of q, needs no panels of its own
AROUND = np.arange(-2, 3)  # the panels that a q sees, from that of its mean
CHUNK = 64  # q's that are done at once
FAINT = 8.0  # nats below another component: of no weight in a search
ZONE = (8.0, 4.0)  # how far around a crossing E f′ is not yet a straight line: in its width, and in σ
SPACING = 0.5  # of the points looked at there: in σ or twice the width, whichever is larger
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
        columns = (np.array([[getattr(part, name)] for part in parts]) for name in ("height", "mean", "std"))
        return cls(*columns, *np.array(crossings_within(p, FAINT)).reshape(-1, 2).T)

    def slopes(self, mean: np.ndarray, std: float) -> np.ndarray:
        """(4, R): E σf′, E σ²f″, E σ³f‴ and E σ⁴f⁗ under N(mean[i], std²), to about 1e-4 of the largest of them.

        `mean` ascends. By parts, the last two are E z σ²f″ and E (z² − 1) σ²f″ with z = (x − μ)/σ.
        """
        x, weight = self._nodes(mean, std)
        slope, curve = self._derivatives(x, std)
        columns = np.empty((x.size, 2))
        np.multiply(weight, slope, out=columns[:, 0])
        np.multiply(weight, curve, out=columns[:, 1])
        return np.concatenate([_expected(x, columns, mean[i : i + CHUNK], std) for i in range(0, mean.size, CHUNK)], 1)

    def _nodes(self, mean: np.ndarray, std: float) -> tuple[np.ndarray, np.ndarray]:
        """One Gauss rule for all q's of one std: nodes within 6 std of their means, in panels cut at crossings."""
        panel = PANEL * std
        cells = _distinct(np.floor((mean - mean[0]) / panel)[:, None] + AROUND)
        sharp = self.widths < SHARP * std
        cuts = (self.centres[sharp] + GRADES * self.widths[sharp] - mean[0]).ravel() / panel
        own = np.floor(cuts)
        cuts = cuts[cells[np.minimum(cells.searchsorted(own), cells.size - 1)] == own]
        edges = mean[0] + panel * _distinct(np.concatenate([cells, cells + 1, cuts]))
        half = 0.5 * (edges[1:] - edges[:-1])
        within = half < 0.51 * panel
        middle, half = (edges[:-1] + half)[within], half[within]
        return (middle[:, None] + half[:, None] * NODES).ravel(), (half[:, None] * WEIGHTS).ravel()

    def _derivatives(self, x: np.ndarray, std: float) -> tuple[np.ndarray, np.ndarray]:
        """σf′ and σ²f″ at x."""
        u = (x - self.means) / self.stds
        share = self.heights - 0.5 * u * u
        share = np.exp(share - share.max(axis=0))
        share /= share.sum(axis=0)
        sharp = std / self.stds
        rise = -sharp * u
        slope = (share * rise).sum(axis=0)
        return slope, (share * ((rise - slope) ** 2 - sharp * sharp)).sum(axis=0)

    def finest(self) -> float:
        """The shortest length on which f′ bends."""
        return float(min(self.stds.min(), self.widths.min(initial=np.inf)))

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

    def look_at(self, sigma: float) -> np.ndarray:
        """The μ, ascending, from which every zero of E f′ at one σ can be seen.

        They lie in the hull of the means: for μ right of all means lₖ(μ + y) <= lₖ(μ − y) for every k and y > 0, so
        E f′ < 0; left of them E f′ > 0. Away from the crossings f′ is a straight line, and so is E f′; there two points
        about each mean will do. Near a crossing they are close, on a lattice that is coarser by powers of 2 about
        wider ones, so that overlapping zones share their points.
        """
        low, high = self.means.min() - 0.5 * sigma, self.means.max() + 0.5 * sigma
        step = SPACING * sigma
        coarser = np.exp2(np.floor(np.log2(np.maximum(1, 2 * self.widths / sigma))))
        reach = ZONE[0] * self.widths + ZONE[1] * sigma
        first = np.ceil((np.maximum(self.centres - reach, low) - low) / (step * coarser))
        last = np.floor((np.minimum(self.centres + reach, high) - low) / (step * coarser))
        zones = [np.arange(*ends) * every for *ends, every in zip(first, last + 1, coarser)]
        lattice = low + step * _distinct(np.concatenate([[0.0], *zones]))
        near = (self.means + np.array([-step, 0, step])).ravel()
        points = _distinct(np.concatenate([lattice, near, [high]]))
        return points[(points >= low) & (points <= high)]


def _expected(x: np.ndarray, columns: np.ndarray, mean: np.ndarray, std: float) -> np.ndarray:
    """The integrals of `ScaleSpace.slopes` for means that are neighbours, from the nodes that they see."""
    ends = np.searchsorted(x, [mean[0] - REACH * std, mean[-1] + REACH * std])
    x, columns = x[slice(*ends)], columns[slice(*ends)] / (ROOT_TAU * std)
    z = (x - mean[:, None]) / std
    density = np.exp(-0.5 * z * z)
    found = np.empty((4, mean.size))
    found[:2] = (density @ columns).T
    density *= z
    found[2] = density @ columns[:, 1]
    density *= z
    found[3] = density @ columns[:, 1] - found[1]
    return found


def _distinct(x: np.ndarray) -> np.ndarray:
    """The numbers of an array that is not empty, each once, ascending; `np.unique` takes as long as all else here."""
    x = np.sort(x, axis=None)
    first = np.ones(x.size, dtype=bool)
    np.not_equal(x[1:], x[:-1], out=first[1:])
    return x[first]


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
