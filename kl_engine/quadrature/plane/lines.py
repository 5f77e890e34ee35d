"""Integrals along the lines of a turned frame: ∫ φ(t) f(s, t) dt, every change of a component over another found.

In coordinates (s, t), z = s e + t e' of two directions at right angles, every component is on the line of an s a bell,

    h − |c + M z|² = top(s) − B (t − ridge(s))²,    top(s) = h − (γ₀ + γ₁ s)²,    ridge(s) = τ₀ + τ₁ s,

B = |M e'|². So where one is as high as another is the root of a quadratic of t: panels are cut there, on either side at
the distances over which the one takes over, and where one comes near to another from below. Nothing narrow is left to
chance, however narrow it is. In s the tops over one another are quadratics too: `events`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from kl_engine.quadrature.crossings import FAINT
from kl_engine.quadrature.plane.alike import Alike
from kl_engine.quadrature.plane.logs import UNIT
from kl_engine.quadrature.plane.views import Views

STEPS = np.array([0.0, 3.0, 12.0, 40.0])  # in the distance over which a change takes a nat
WAIST = np.array([0.0, 1.0, 3.0, 7.0])  # the same of a summit, in its widths
APART = np.array([0.0, 0.5, 2.0, 7.0])  # of two ridges, in their widths
NARROW = 10.0  # squares: what takes fewer is not narrow
FLAT = 1e-300  # stands for a curvature or a slope of 0: its distances lie beyond every end


class Turned(NamedTuple):
    """The components of a frame in turned coordinates, all (J,)."""

    heights: np.ndarray
    sizes: np.ndarray
    falls: np.ndarray  # (2, J) γ₀, γ₁
    fall_size: np.ndarray  # what γ₀ is a sum of
    ridges: np.ndarray  # (2, J) τ₀, τ₁
    ridge_size: np.ndarray  # what τ₀ is a sum of
    sharp: np.ndarray  # B
    turning: np.ndarray  # by how much what M e' is a sum of is larger than it: so much more everything is off
    split: int
    ratio: bool
    alike: Alike | None
    differences: np.ndarray  # (3, m, 2) Δc, ΔM e, ΔM e' of what is alike
    places: np.ndarray  # (3, m, 2) c, M e, M e' of the components of b there

    @classmethod
    def of(cls, views: Views, frame: int, angle: float) -> Turned:
        """One frame, its s at an angle to the first axis."""
        c, m = views.shifts[frame], views.maps[frame]
        along, across = np.array([np.cos(angle), np.sin(angle)]), np.array([-np.sin(angle), np.cos(angle)])
        n, e = m @ across, m @ along
        sharp = (n * n).sum(axis=1)
        root = np.sqrt(sharp)
        crossed, straight = c[:, ::-1] * n, c * n  # c × n and c · n are differences and sums of these
        det = m[:, 0, 0] * m[:, 1, 1] - m[:, 0, 1] * m[:, 1, 0]
        falls = np.array([(crossed[:, 1] - crossed[:, 0]) / root, det / root])
        ridges = -np.array([straight.sum(axis=1), (e * n).sum(axis=1)]) / sharp
        return cls(
            views.heights,
            views.sizes,
            falls,
            np.abs(crossed).sum(axis=1) / root,
            ridges,
            np.abs(straight).sum(axis=1) / sharp,
            sharp,
            (np.abs(m) @ np.abs(across)).sum(axis=1) / root,
            views.split,
            views.ratio,
            views.alike,
            *_differences(views, frame, along, across),
        )

    def halves(self) -> tuple[slice, slice]:
        """The components of `a`, and those of `b`."""
        return slice(0, self.split), slice(self.split, None)

    def bells(self, s: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Tops and ridges (J, L) on the lines of s."""
        fall = self.falls[0][:, None] + self.falls[1][:, None] * s
        return self.heights[:, None] - fall * fall, self.ridges[0][:, None] + self.ridges[1][:, None] * s

    def lifts(self, s: np.ndarray, t: np.ndarray) -> np.ndarray:
        """δ of the components that are alike at places s (P,), t (P, N): (m, P, N)."""
        found = self.alike.heights[:, None, None] + np.zeros(t.shape)
        for apart, own in _on_lines(self.differences, self.places, s, t):
            found -= apart * (2 * own + apart)
        return found

    def lift_noise(self, s: np.ndarray, t: np.ndarray) -> np.ndarray:
        """The rounding of that, (m, P, N): as in `logs`, with two roundings more for the directions."""
        found = 2 * UNIT * self.alike.sizes[:, None, None] + np.zeros(t.shape)
        for apart, own in _on_lines(np.abs(self.differences), np.abs(self.places), np.abs(s), np.abs(t)):
            found += 18 * UNIT * apart * (2 * own + apart)
        return found


def _differences(views: Views, frame: int, along: np.ndarray, across: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    if not views.alike:
        return np.zeros((3, 0, 2)), np.zeros((3, 0, 2))
    seen = [
        (views.alike.shifts, views.alike.maps),
        (views.shifts[:, views.alike.of_b], views.maps[:, views.alike.of_b]),
    ]
    return tuple(np.array([c[frame], m[frame] @ along, m[frame] @ across]) for c, m in seen)


def _on_lines(differences: np.ndarray, places: np.ndarray, s: np.ndarray, t: np.ndarray):
    """Δu and u at (s, t), coordinate by coordinate, (m, P, N) each."""
    for k in range(2):
        yield tuple(
            (each[0, :, k, None] + each[1, :, k, None] * s)[..., None] + each[2, :, k, None, None] * t
            for each in (differences, places)
        )


def widest_extent(views: Views, frame: int, angles: np.ndarray) -> float:
    """The angle at which no component is narrower in s than it need be: a needle lies along s, or obliquely."""
    m = views.maps[frame]
    det = np.abs(m[:, 0, 0] * m[:, 1, 1] - m[:, 0, 1] * m[:, 1, 0])
    across = np.array([-np.sin(angles), np.cos(angles)])
    extents = np.minimum(np.sqrt(((m @ across) ** 2).sum(axis=1)) / det[:, None], 1.0)  # (J, A), times √2 the std
    return float(angles[np.log(extents).sum(axis=0).argmax()])


def squares(views: Views, reach: float) -> float:
    """About how many squares it takes to follow the narrow components, length over width where they are oblique."""
    m = views.maps
    _, values, rows = np.linalg.svd(m)
    oblique = np.abs(rows[..., 1, :]).min(axis=-1)  # of the long axis, the direction in which M is least
    length = np.minimum(1 / values[..., 1], reach)
    centre = -np.linalg.solve(m, views.shifts[..., None])[..., 0]
    near = np.abs(centre).max(axis=-1) < reach + length
    count = oblique * length * values[..., 0]
    return float(count[near & (count > NARROW)].sum())


def _pairs(turned: Turned) -> tuple[np.ndarray, np.ndarray]:
    """Every two components of one mixture, or of both where their ratio is asked for: the wider, the narrower.

    Where all components are alike the ratio changes as the mixtures themselves do.
    """
    first, second = np.triu_indices(turned.sharp.size, 1)
    matched = turned.alike and not turned.alike.lone_a.size + turned.alike.lone_b.size
    if matched or not turned.ratio:
        same = (first < turned.split) == (second < turned.split)
        first, second = first[same], second[same]
    narrower = turned.sharp[second] >= turned.sharp[first]
    return np.where(narrower, first, second), np.where(narrower, second, first)


def edges(turned: Turned, s: np.ndarray, reach: float) -> tuple[np.ndarray, np.ndarray]:
    """Where to cut the lines of s, and how far about each nothing changes, both (E, L).

    What is irrelevant lies at the end.
    """
    top, ridge = turned.bells(s)
    found = [np.repeat(np.linspace(-reach, reach, 5)[:, None], s.size, axis=1)]
    calm = [np.ones(found[0].shape)]
    i, j = _pairs(turned)
    if not i.size:
        return found[0], calm[0]
    wide, bend = turned.sharp[i, None], (turned.sharp[j] - turned.sharp[i])[:, None]
    apart = ridge[j] - ridge[i]
    middle, lead = wide * apart, wide * apart * apart + top[j] - top[i]
    square = middle * middle + bend * lead  # of half the slope of the difference where it is 0
    half_slope = np.sqrt(np.maximum(square, 0))
    far = middle + np.where(middle < 0, -half_slope, half_slope)
    bend_, far_ = np.where(bend == 0, FLAT, bend), np.where(far == 0, FLAT, far)
    crossing = square > 0
    places = np.where(crossing, np.array([far / bend_, -lead / far_]), middle / bend_) + ridge[j]
    near = np.where(crossing, 1 / np.maximum(2 * half_slope, FLAT), np.inf)
    scale = np.minimum(near, 1 / np.sqrt(np.maximum(bend, FLAT)))
    steps = np.where(crossing, STEPS[:, None, None], WAIST[:, None, None]) * scale
    seen = np.abs(places) < reach + steps[-1]
    seen &= _visible(turned, i, j, lambda k: top[k] - turned.sharp[k] * (places - ridge[k]) ** 2)
    around = np.concatenate([places[:, None] - steps, places[:, None] + steps[1:]], axis=1)
    found.append(np.where(seen[:, None], around, reach).reshape(-1, s.size))
    about = np.concatenate([steps[1:2], steps[1:], steps[1:]])
    calm.append(np.broadcast_to(about, around.shape).reshape(-1, s.size))
    return np.concatenate(found), np.concatenate(calm)


def _visible(turned: Turned, i: np.ndarray, j: np.ndarray, height: Callable[[int], np.ndarray]) -> np.ndarray:
    """Whether neither of i, j is far below the highest of its mixture at places, (…, pairs) or (…, pairs, L).

    `height` tells that of a component at all of these.
    """
    heights = np.array([height(k) for k in range(turned.sharp.size)])
    axis = 2 if heights.ndim == 4 else heights.ndim - 1
    below = np.concatenate([heights[part] - heights[part].max(axis=0) for part in turned.halves()])
    own = [np.stack([below[k].take(n, axis - 1) for n, k in enumerate(each)], axis - 1) for each in (i, j)]
    return np.minimum(*own) > -FAINT


def events(turned: Turned, reach: float) -> np.ndarray:
    """The s at which something appears, ends, or two narrow ones cross; with the distances over which they do."""
    found = [np.linspace(-reach, reach, 5)]
    i, j = _pairs(turned)
    if i.size:
        found += [_tangencies(turned, i, j, reach), _crossings(turned, i, j, reach)]
    inside = np.concatenate(found)
    return np.unique(inside[(np.abs(inside) <= reach)])


def _tangencies(turned: Turned, i: np.ndarray, j: np.ndarray, reach: float) -> np.ndarray:
    """Where the lead of j over i at its best t, a quadratic of s, is 0; or is largest, below 0."""
    bend = turned.sharp[j] - turned.sharp[i]
    bend = np.where(bend == 0, FLAT, bend)
    share = turned.sharp[i] / bend
    weight = share * turned.sharp[j]
    (p, q), (r, w) = turned.falls[:, i], turned.falls[:, j]
    d, e = turned.ridges[:, j] - turned.ridges[:, i]
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        lead = np.array(
            [
                turned.heights[j] - turned.heights[i] + p * p - r * r + weight * d * d,
                2 * (p * q - r * w + weight * d * e),
                q * q - w * w + weight * e * e,
            ]
        )
        square = lead[1] ** 2 / 4 - lead[0] * lead[2]
        root = np.sqrt(np.maximum(square, 0))
        far = -(lead[1] / 2 + np.where(lead[1] < 0, -root, root))
        crossing = square > 0
        vertex = -lead[1] / (2 * lead[2])
        places = np.where(crossing, np.array([far / lead[2], lead[0] / far]), vertex)
        scale = np.minimum(1 / (2 * root), 1 / np.sqrt(np.abs(lead[2])))
        steps = np.where(crossing, STEPS[:, None], WAIST[:, None]) * scale
        best = [share * (d + e * s) + turned.ridges[0, j] + turned.ridges[1, j] * s for s in places]
        seen = np.isfinite(places) & (np.abs(places) < reach + steps[-1]) & (np.abs(best) < reach + 1)
        seen &= _visible_at(turned, i, j, places, np.array(best))
        around = np.concatenate([places[:, None] - steps, places[:, None] + steps[1:]], axis=1)
    kept = np.broadcast_to(seen[:, None], around.shape) & np.isfinite(around)
    summits = vertex[(lead[2] < 0) & np.isfinite(vertex)]
    return np.concatenate([around[kept], summits])


def _crossings(turned: Turned, i: np.ndarray, j: np.ndarray, reach: float) -> np.ndarray:
    """Where two ridges cross, and how far about it the two bells overlap."""
    d, e = turned.ridges[:, j] - turned.ridges[:, i]
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        places = -d / e
        widths = (1 / np.sqrt(turned.sharp[i]) + 1 / np.sqrt(turned.sharp[j])) / np.abs(e)
        t = turned.ridges[0, j] + turned.ridges[1, j] * places
        seen = np.isfinite(places) & (np.abs(places) < reach) & (np.abs(t) < reach)
        seen &= _visible_at(turned, i, j, places, t)
        around = np.concatenate([places - APART[:, None] * widths, places + APART[1:, None] * widths])
    return around[np.broadcast_to(seen, around.shape) & np.isfinite(around)]


def _visible_at(turned: Turned, i: np.ndarray, j: np.ndarray, s: np.ndarray, t: np.ndarray) -> np.ndarray:
    """`_visible` at places (s, t) of one shape, whose last axis is that of the pairs."""

    def height(k: int) -> np.ndarray:
        fall, off = turned.falls[0, k] + turned.falls[1, k] * s, t - turned.ridges[0, k] - turned.ridges[1, k] * s
        return turned.heights[k] - fall * fall - turned.sharp[k] * off * off

    return _visible(turned, i, j, height)
