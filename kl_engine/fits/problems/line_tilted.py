"""D_α and weighted sums of entropies as functions of one Gaussian q, for any p on the line.

The terms of D_α are those of `kl_engine.fits.alpha`, for which log p alone is asked: w = (p^α q^(1−α) − q)/α, which is
−q/α where p is 0, and its moments up to the fourth. Infinite it is by the ends of p and q (`divergences.any_line`).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from kl_engine.distributions.gaussian import Gaussian
from kl_engine.distributions.line.base import LIGHT, LineDistribution
from kl_engine.divergences.alpha_family.tilting import excess
from kl_engine.divergences.any_line import affinity, infinite_affinity
from kl_engine.divergences.verbs import alpha_divergence
from kl_engine.estimates.checks import refuse
from kl_engine.estimates.floats import ieee
from kl_engine.estimates.rounding import LOG_ROOT_TAU, ROUNDING
from kl_engine.fits.alpha import Alpha
from kl_engine.fits.objective import OnTheLine, Terms
from kl_engine.fits.problems.line_starts import DOUBLINGS
from kl_engine.fits.weighted import Fate, Weighted, fate
from kl_engine.quadrature.general import RULE, Unsettled
from kl_engine.quadrature.truncation import REACH

SHIFTED = 30.0  # std of q: how far off p^α may move the mass for α < 0
NARROWEST = 1e-3  # of 1 − α: q^(1−α) reaches so many std the farther
STEP = 2.0  # of panels, in the std of q
NEAR_AN_END = 2.0 ** -np.arange(0, 22, 2)  # cuts towards a finite end of p, in its width
NEARER = np.array([0.0, 1, 2, 4, 7, 10, 14, 18, *np.arange(22.0, 62, 5), *np.arange(62.0, 601, 20)])  # from the last
EXTREME = 1e6  # widths of p: a q so wide, or one so many times narrower, has a finite D_α where any has
MOST_STEPS = 20
FAR = 10.0  # the same where p says nothing of its ends, so that an integral must tell
EDGE = 1e-3  # relative: so much wider or narrower


class AlphaOfAny(OnTheLine):
    """D_α(p, q) over rows of q, for a p that is known by its log density."""

    def __init__(self, p: LineDistribution, alpha: float, held: bool = False) -> None:
        self.p, self.alpha, self.held = p, alpha, held
        middle, width = p.typical
        ends = [end for end in p.support if np.isfinite(end)]
        self.closest = width * NEAR_AN_END[-1]
        self.beside = [_Beside.of(p, side, self.closest) for side in (0, 1) if p.support[side] in ends]
        inwards = [end + sign * width * NEAR_AN_END for end, sign in zip(p.support, (1, -1)) if end in ends]
        about = middle + width * np.concatenate([-DOUBLINGS, [0.0], DOUBLINGS])
        cuts = np.unique(np.concatenate([about, p.bends, p.breaks, ends, *inwards]))
        self.cuts = cuts[(cuts >= p.support[0]) & (cuts <= p.support[1])]

    def chosen(self, rows: np.ndarray) -> AlphaOfAny:
        """The same: all rows have one p."""
        return self

    @ieee
    def terms(self, places: np.ndarray) -> Terms:
        """Value, gradient and Hessian at q = N(mean[i], std[i]²); where D_α is infinite, inf and no direction."""
        found = [self._terms(mean, std) for mean, std in places.tolist()]
        return self.free(Terms(*(np.array(part) for part in zip(*found))))

    @ieee
    def values(self, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """D_α, and its error, for every row."""
        found = [alpha_divergence(self.p, Gaussian(*place), self.alpha) for place in places.tolist()]
        return np.array([each.value for each in found]), np.array([each.error for each in found])

    def inside(self, places: np.ndarray) -> np.ndarray:
        """The places at which D_α is finite; others are narrowed for α < 0, or widened, until it is."""
        places, step = places.copy(), 0.5 if self.alpha < 0 else 2.0
        for _ in range(0 if self.held else MOST_STEPS):
            lost = ~np.isfinite(self.terms(places).value)
            if not lost.any():
                break
            places[lost, 1] *= step
        return places[np.isfinite(self.terms(places).value)]

    def edge(self, std: float) -> float:
        """0 where a q a little wider or narrower has an infinite D_α, 1 elsewhere."""
        middle = self.p.typical[0]
        beside = (Gaussian(middle, std * (1 + sign * EDGE)) for sign in (-1, 1))
        return float(all(infinite_affinity(self.p, q, self.alpha) is None for q in beside))

    def _terms(self, mean: float, std: float) -> tuple[float, np.ndarray, np.ndarray, float]:
        none = np.inf, np.zeros(2), np.eye(2), 0.0
        if not (np.isfinite([mean, std]).all() and std > 0):
            return none
        if infinite_affinity(self.p, Gaussian(mean, std), self.alpha):
            return none
        sums, size = self._moments(mean, std)
        if not np.isfinite(sums).all():
            return none
        (a0, a1, a2, a3, a4), rest = sums[:, 0], 1 - self.alpha
        cross = 2 * a1 - rest * (a3 - a1)
        hessian = np.array([[1 + a0 - rest * a2, cross], [cross, 2 + 2 * a2 - rest * (a4 - 2 * a2 + a0)]])
        gaps = np.abs(sums[:, 0] - sums[:, 1])
        rounding = ROUNDING * size * (1 + np.abs(hessian).max()) + 2 * float(gaps[:3].max())
        return -a0 / rest, -np.array([a1, a2 - a0]), hessian, rounding

    def _moments(self, mean: float, std: float) -> tuple[np.ndarray, float]:
        """∫ w zⁿ for n = 0 … 4 by two rules (5, 2), and the size of what is summed, which rounding sees."""
        widened = (1 - self.alpha) if self.alpha < 1 else 1.0  # the precision of q^(1−α), in that of q
        reach = SHIFTED if self.alpha < 0 else REACH / np.sqrt(max(widened, NARROWEST))
        own = np.arange(-reach, reach + STEP, STEP)
        inner = (self.cuts - mean) / std
        if self.alpha < 1:
            inner = inner[np.abs(inner) < own[-1]]
        edges = np.unique(np.concatenate([own, inner]))
        left, half = edges[:-1], np.diff(edges) / 2
        middle = mean + std * (left + half)
        kept = np.all([np.abs(middle - each.end - each.inwards * self.closest / 2) > self.closest / 2 for each in
                       self.beside], axis=0) if self.beside else np.ones(half.size, dtype=bool)  # fmt: skip
        left, half = left[kept], half[kept]
        z = (left + half)[:, None] + half[:, None] * RULE.nodes
        sums, size = self._summed(z, self.p.log_pdf(mean + std * z) + np.log(std), half[:, None, None] * RULE.weights)
        for each in self.beside:
            more, larger = self._summed((each.x - mean) / std, each.log_p + np.log(std), each.masses / std)
            sums, size = sums + more, size + larger
        return sums, 2 + size

    def _summed(self, z: np.ndarray, log_p: np.ndarray, masses: np.ndarray) -> tuple[np.ndarray, float]:
        """Over nodes (…, k) with the masses of two rules (…, k, 2)."""
        log_q = -0.5 * z * z - LOG_ROOT_TAU
        w = excess(log_q, log_p - log_q, self.alpha)
        sums = np.array([np.einsum("ij,ijk->k", w * z**n, masses) for n in range(5)])
        sizes = np.abs(w) * (2 + np.where(np.isfinite(log_p), np.abs(log_p), 0.0) + np.abs(log_q)) * (1 + z * z)
        return sums, float(np.einsum("ij,ij->", sizes, masses[..., 0]))


class _Beside(NamedTuple):
    """Nodes next to a finite end of p, where p may be singular: by the logarithm of the distance from it."""

    end: float
    inwards: float
    x: np.ndarray
    log_p: np.ndarray
    masses: np.ndarray  # of two rules (…, 2)

    @classmethod
    def of(cls, p: LineDistribution, side: int, closest: float) -> _Beside:
        """From the distance `closest` to e^−600 of it."""
        end, inwards, near = p.support[side], (1.0, -1.0)[side], (p.near_low, p.near_high)[side]
        half = np.diff(NEARER) / 2
        t = closest * np.exp(-(NEARER[:-1] + half)[:, None] - half[:, None] * RULE.nodes)
        return cls(end, inwards, end + inwards * t, near(t), (half[:, None] * t)[..., None] * RULE.weights)


def alpha_exists(p: LineDistribution, aim: Alpha) -> None:
    """ValueError, naming the way out, where D_α(p, q) is infinite for every Gaussian q."""
    middle, width = p.typical
    known = p.ends is not None
    factor = EXTREME if known else FAR
    q = Gaussian(middle, width * factor if aim.alpha > 0 else width / factor)
    found = infinite_affinity(p, q, aim.alpha)
    if not known and found is None and not 0 <= aim.alpha <= 1:
        try:
            affinity(p, q, aim.alpha)
        except Unsettled as unsettled:
            raise refuse("objective", f"an α from 0 to 1, as for another one {unsettled}", aim) from None
    if found is not None:
        words = f"an α for which D_α is finite for some Gaussian q, as any from 0 to 1 is ({found.reason})"
        raise refuse("objective", words, aim)


def weights_exist(p: LineDistribution, aim: Weighted) -> None:
    """ValueError, naming the way out, where the sum has no minimum over q, or is infinite for every Gaussian q.

    As std → ∞ the energy grows like std^growth, or under a power law like (power + 1) log std.
    """
    bounded = p.support != (-np.inf, np.inf)
    if aim.energy and bounded:
        low, high = p.support
        words = f"weights without energy, which is infinite for every Gaussian q, as p is 0 outside ({low:g}, {high:g})"
        raise refuse("objective", words, aim)
    slowest = min((end.power for end in p.ends or ()), default=LIGHT)
    has_minimum = fate(aim) is Fate.MINIMUM
    if has_minimum and slowest < LIGHT and not bounded:
        has_minimum = aim.forward - aim.entropy + aim.energy * (slowest + 1) > 0
    if not has_minimum:
        raise refuse("objective", "weights of an objective that has a minimum", aim)
