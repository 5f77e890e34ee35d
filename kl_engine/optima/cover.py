"""A proof that there is no other stationary point: every part of the plane of (μ, σ²) is shown to hold none.

q = N(μ, σ²) is stationary for D(q‖p) where F₁ = σ₀ E f′ = 0 and F₂ = 1/(1 + s) + σ₀² E f″ = 0, with f = log p and
σ² = (1 + s) σ₀² (with σ held, where F₁ = 0). By `ScaleSpace.reach` and `look_at` every such q has its mean in the hull
of the means and its σ between two bounds. That rectangle is cut in *boxes* |t| <= T, |s| <= S, μ = μ₀ + t σ₀.

**A wide box** (T large) is done where one component leads so far that f′, or 1 + σ² f″, has one sign all over it and
8 σ beyond (`one_leads`); else it is cut until it is as narrow as σ.

**A narrow box** is looked at with `hermite`, which encloses F and its derivatives: F = F(0) + J (t, s) + rest, where
|rest| <= R. It is done where |F₁| or |F₂| at its centre is larger than what it may change by; or else by the place that
a zero would have to have: −J⁻¹ F(0) − J⁻¹ rest lies within |J⁻¹| R of −J⁻¹ F(0). Where that does not meet the box there
is not a zero in it, and where what it has in common with the box lies in the *territory* of a point there is no other
one.

**The territory of a point** is a box about it in which |I − J(0)⁻¹ J| is below 1 (in the norm of its sides), so that no
two zeros lie in it, and which x − J(0)⁻¹ F maps into itself, so that one does (Krawczyk; Brouwer).

All other boxes are cut in two or four and looked at again. Source: R. E. Moore, R. B. Kearfott, M. J. Cloud,
Introduction to Interval Analysis (2009), chapter 8.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from kl_engine.distributions.gaussian import Mixture
from kl_engine.optima.hermite import Hermite, Spread
from kl_engine.quadrature.proved.cutting import REMOTE

WIDTH, HEIGHT = 0.5, 1 / 3  # T and S of the first boxes
TERRITORY = (0.7, 0.5)  # T and S of the largest
SCALES = 0.7 ** np.arange(40)
WIDER = 1 + 1e-9  # of a box, for the rounding of its edges
MOST_COLUMNS = 15_000  # components times boxes that are looked at
MOST_ROUNDS = 30
MOST_DOUBTS = 100  # that are told
BEYOND = 1e-14  # 2φ(8)/8 is 1.3e-15


class Boxes(NamedTuple):
    """Rectangles in (μ, σ²), each array (R,): centres, half widths and half heights (0 where σ is held)."""

    mean: np.ndarray
    across: np.ndarray
    variance: np.ndarray
    up: np.ndarray

    def some(self, which) -> Boxes:
        """Some of them."""
        return Boxes(*(array[which] for array in self))

    def cut(self) -> Boxes:
        """Each in four, or in two where σ is held."""
        across, up = 0.5 * self.across, 0.5 * self.up
        ups = (-1, 1) if up.any() else (0,)
        parts = [(self.mean + i * across, across, self.variance + j * up, up) for i in (-1, 1) for j in ups]
        return Boxes(*(np.concatenate(columns) for columns in zip(*parts)))

    @classmethod
    def over(cls, hull: tuple[float, float], stds: tuple[float, float]) -> Boxes:
        """A rectangle in rows that are as wide as it, and of the height that one begins with."""
        low, high = stds[0] ** 2, stds[1] ** 2
        rows = math.ceil(math.log(high / low) / math.log((1 + HEIGHT) / (1 - HEIGHT)))
        edges = np.geomspace(low, high, rows + 1) if rows else np.array([low, low])
        edges[[0, -1]] = low, high
        middle = 0.5 * (edges[:-1] + edges[1:])
        one = np.ones_like(middle)
        return cls(0.5 * sum(hull) * one, 0.5 * (hull[1] - hull[0]) * one, middle, 0.5 * np.diff(edges))

    def cut_across(self) -> Boxes:
        """Each in two, side by side."""
        across = 0.5 * self.across
        return Boxes(
            *(
                np.concatenate(pair)
                for pair in zip(*((self.mean + i * across, across, self.variance, self.up) for i in (-1, 1)))
            )
        )


class View(NamedTuple):
    """F at the centres of boxes, its error, J, and R on them: pairs and 2 × 2 tables of (R,)."""

    value: np.ndarray  # (2, R)
    error: np.ndarray
    slopes: np.ndarray  # (2, 2, R)
    rest: np.ndarray  # (2, R)
    sides: np.ndarray  # (2, R) T and S
    strays: np.ndarray  # (2, 2, R) how far the derivatives are from J on the box

    @classmethod
    def of(cls, found: Hermite, t: np.ndarray, s: np.ndarray, held: bool) -> View:
        """From the coefficients at the centres."""
        spread = Spread.of(t, s)
        (k1, e1), (k2, e2), (k3, _), (k4, _) = (found.derivative(j) for j in (1, 2, 3, 4))
        rest = [spread.beyond(found, j, linear=True) for j in (1, 2)]
        errors = [found.derivative(j)[1] for j in (2, 3, 4)]
        stray = [spread.beyond(found, j, linear=False) + error for j, error in zip((2, 3, 4), errors)]
        if held:  # F₂ = s, so that the one is s = 0
            one, none = np.ones_like(k1), np.zeros_like(k1)
            value, error, rest = [k1, none], [e1, none], [rest[0], none]
            slopes, strays = [[k2, none], [none, one]], [[stray[0], none], [none, none]]
        else:
            inverse = s * s / (1 - s)  # of 1/(1 + s) beyond 1 − s
            value, error, rest = [k1, 1 + k2], [e1, e2], [rest[0], rest[1] + inverse]
            slopes = [[k2, 0.5 * k3], [k3, 0.5 * k4 - 1]]
            strays = [[stray[0], 0.5 * stray[1]], [stray[1], 0.5 * stray[2] + 1 / (1 - s) ** 2 - 1]]
        return cls(*map(np.array, (value, error, slopes, rest, (t, s), strays)))

    def excluded(self) -> np.ndarray:
        """(R,) where F₁ or F₂ is not 0 anywhere on the box."""
        change = (np.abs(self.slopes) * self.sides).sum(axis=1) + self.rest + self.error
        return (np.abs(self.value) > change).any(axis=0)

    def zeros(self) -> tuple[np.ndarray, np.ndarray]:
        """(2, R) twice: the lowest and the highest (t, s) of a zero in the box; low > high: there is none."""
        inverse = _inverse(self.slopes)
        at = -(inverse * self.value).sum(axis=1)
        reach = (np.abs(inverse) * (self.rest + self.error)).sum(axis=1) * WIDER
        reach = np.where(np.isfinite(reach) & np.isfinite(at), reach, np.inf)
        at = np.where(np.isfinite(at), at, 0.0)
        return np.maximum(at - reach, -self.sides), np.minimum(at + reach, self.sides)

    def holds_one(self) -> np.ndarray:
        """(R,) whether there is exactly one zero in the box."""
        inverse = np.abs(_inverse(self.slopes))
        first = (inverse * (np.abs(self.value) + self.error)).sum(axis=1)
        moved = np.einsum("ijr,jkr,kr->ir", inverse, self.strays, self.sides)
        sides = np.where(self.sides > 0, self.sides, 1.0)
        return ((moved * WIDER < sides) & ((first + moved) * WIDER <= sides)).all(axis=0)


class Cover(NamedTuple):
    """Whether the cover is complete, and the q's (R, 2) next to which it is not."""

    complete: bool
    doubts: np.ndarray
    boxes: int  # that were looked at


def cover(p: Mixture, points: np.ndarray, stds: tuple[float, float], held: bool) -> Cover:
    """Whether the `points` (R, 2), mean and std, are all zeros that there are with a std in a range."""
    spread = float(np.ptp(p.means)) + 20 * float(p.stds.max())
    territories = _territories(p, points, held) if len(points) and spread < REMOTE * float(p.stds.min()) else None
    if territories is None:
        return Cover(False, np.empty((0, 2)), 0)
    margin = 1e-9 * (stds[1] + float(np.ptp(p.means)))
    todo = _narrow(p, Boxes.over((float(p.means.min()) - margin, float(p.means.max()) + margin), stds))
    spent = 0
    for _ in range(MOST_ROUNDS):
        spent += todo.mean.size
        if spent * p.weights.size > MOST_COLUMNS:
            break
        todo = todo.some(~_done(p, todo, territories, held))
        if not todo.mean.size:
            return Cover(True, np.empty((0, 2)), spent)
        todo = todo.cut()
    some = todo.some(slice(None, None, 1 + todo.mean.size // MOST_DOUBTS))
    return Cover(False, np.column_stack([some.mean, np.sqrt(some.variance)]), spent)


def _narrow(p: Mixture, wide: Boxes) -> Boxes:
    """The boxes that are left of wide ones, none wider than one begins with; at most about `MOST_COLUMNS`."""
    narrow = []
    while wide.mean.size:
        wide = wide.some(~one_leads(p, wide))
        fits = (wide.across <= WIDTH * np.sqrt(wide.variance)) | (wide.mean.size > MOST_COLUMNS)
        narrow.append(wide.some(fits))
        wide = wide.some(~fits).cut_across()
    return Boxes(*(np.concatenate(columns) for columns in zip(*narrow)))


def one_leads(p: Mixture, boxes: Boxes) -> np.ndarray:
    """(R,) boxes without a zero, because one component j, the highest at the centre, leads all over them.

    Let I be the μ of the box and 8 of its largest σ on either side. With the shares of the others π_k <= min(1, exp
    sup_I (l_k − l_j)) and D_k = sup_I |l_k′ − l_j′|, there |f′ − l_j′| <= Σ π_k D_k and |f″ − l_j″| <= Σ π_k (|l_k″ −
    l_j″| + D_k²), for f″ = Σ π_k l_k″ + Var_π(l′). Outside |f′| <= G = max |l_k′| and |f″| <= 1/s² + G² (s: the
    smallest std), which weigh less than `BEYOND` of what they are at 9 σ.
    """
    means, stds = p.means[:, None], p.stds[:, None]
    heights = (np.log(p.weights) - np.log(p.stds))[:, None]
    std = np.sqrt(boxes.variance + boxes.up) * WIDER
    ends = boxes.mean + np.multiply.outer([-1.0, 1.0], boxes.across * WIDER + 8 * std)  # (2, R)
    rows = np.arange(std.size)
    lead = (heights - 0.5 * ((boxes.mean - means) / stds) ** 2).argmax(axis=0)
    z = (ends[:, None] - means) / stds
    levels, slopes = heights - 0.5 * z * z, -z / stds  # (2, K, R) at the ends
    bends = -1 / stds**2 + np.zeros_like(boxes.mean)
    with np.errstate(all="ignore"):
        rise = levels - levels[:, lead, rows][:, None]
        tilt, bend = slopes - slopes[:, lead, rows][:, None], bends - bends[lead, rows]
        # The chord of l_k − l_j, and what a concave one may have above it.
        sag = np.maximum(-bend, 0.0) * (ends[1] - ends[0]) ** 2 / 8
        sup = (
            rise.max(axis=0)
            + sag
            + 1e-12 * (1 + np.abs(levels).max(axis=0) + np.abs(levels[:, lead, rows]).max(axis=0))
        )
        share = np.exp(np.minimum(sup, 0.0))
        share[lead, rows] = 0.0
        apart = np.abs(tilt).max(axis=0)
        in_slope = (share * apart).sum(axis=0)
        in_bend = (share * (np.abs(bend) + apart * apart)).sum(axis=0)
        grows = np.abs(slopes).max(axis=(0, 1)) + std / stds.min() ** 2
        first = np.maximum(slopes[1, lead, rows] - in_slope, -(slopes[0, lead, rows] + in_slope))
        in_bend += BEYOND * (1 / stds.min() ** 2 + grows * grows)
        low, high = (boxes.variance - boxes.up) / WIDER, (boxes.variance + boxes.up) * WIDER
        above = 1 + np.minimum(low * (bends[lead, rows] - in_bend), high * (bends[lead, rows] - in_bend))
        below = 1 + np.maximum(low * (bends[lead, rows] + in_bend), high * (bends[lead, rows] + in_bend))
    free = boxes.up > 0  # with σ held only the first counts
    return (first * (1 - 1e-9) > BEYOND * grows) | (free & ((above > 1e-9) | (below < -1e-9)))


def _done(p: Mixture, boxes: Boxes, territories: Boxes, held: bool) -> np.ndarray:
    """(R,) which boxes hold no zero but those of the territories."""
    std = np.sqrt(boxes.variance)
    sides = WIDER * boxes.across / std, WIDER * boxes.up / boxes.variance
    with np.errstate(all="ignore"):
        view = View.of(Hermite.of(p, boxes.mean, std), *sides, held)
        low, high = view.zeros()
        none = view.excluded() | (low > high).any(axis=0)
    low, high = (np.array([boxes.mean + end[0] * std, boxes.variance * (1 + end[1])]) for end in (low, high))
    inside = [
        (low[0] >= mean - across) & (high[0] <= mean + across) & (low[1] >= variance - up) & (high[1] <= variance + up)
        for mean, across, variance, up in zip(*territories)
    ]
    return none | np.any(inside, axis=0)


def _territories(p: Mixture, points: np.ndarray, held: bool) -> Boxes | None:
    """The largest box about each point that is known to hold one zero, a little less than that; None: one has none."""
    mean, std = points.T
    t, s = (np.tile(side * SCALES, len(points)) for side in TERRITORY)
    if held:
        s = np.zeros_like(s)
    rows = np.arange(len(points)).repeat(SCALES.size)
    with np.errstate(all="ignore"):
        found = Hermite.of(p, mean, std)
        good = View.of(found.chosen(rows), t, s, held).holds_one().reshape(len(points), -1)
    if not good.any(axis=1).all():
        return None
    first = good.argmax(axis=1) + SCALES.size * np.arange(len(points))
    t, s = t[first] / WIDER**2, s[first] / WIDER**2
    up = s * std * std if not held else 1e-6 * std * std
    return Boxes(mean, t * std, std * std, up)


def _inverse(slopes: np.ndarray) -> np.ndarray:
    """(2, 2, R) the inverses."""
    (a, b), (c, d) = slopes
    return np.array([[d, -b], [-c, a]]) / (a * d - b * c)
