"""The plane line by line: for pairs whose narrow components no rectangles of a frame can follow.

E f = ∫ φ(s) ∫ φ(t) f(s, t) dt ds over turned coordinates of every frame, both by Gauss-Kronrod rules on panels. The
inner panels begin at every place where a component takes over from another, at the scale of that change (`lines`); so
do the outer ones where one appears, ends, or two cross. What no panel can be cut at is seen by nearly every line. So a
needle a million times as long as wide costs as many panels as its nats, and not a million cells.

The error is the differences of the two rules, outer and inner, and the rounding, counted as in `logs`: with γ, τ and B
of a component, its log is off by 2 υ of the parts of h, by 12 υ |γ| Γ + 12 υ B |t − τ| T + 4 υ of the two squares, Γ
and T being the sums of the sizes of what γ and t − τ are sums of; all of it times what turning M magnifies.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from kl_engine.estimates.rounding import LOG_ROOT_TAU
from kl_engine.quadrature.expect import AtNodes
from kl_engine.quadrature.integrands import Integrand
from kl_engine.quadrature.plane.cubature import CANCELS, GAUSS, RULE, SQUARES, WEIGHING, answered, sharpened
from kl_engine.quadrature.plane.lines import Turned, edges, events, widest_extent
from kl_engine.quadrature.plane.logs import UNIT, Sum
from kl_engine.quadrature.plane.ratios import Ratio
from kl_engine.quadrature.plane.views import Views

ANGLES = 0.11 + np.pi * np.arange(16) / 16  # of s to the first axis, among which one is chosen; none is along it
PANELS = 512  # along lines, evaluated at once
LINES = 256  # whose panels are laid out at once
HALVINGS = 24  # of a panel of a line: one of 1e-6 of its length is resolved
NEAR = 0.3  # of the distance about a cut over which nothing changes
SHARE = 2.0**-5  # of the goal, that one panel of a line may be off by
GAINED = 1.2  # times the digits of the Gauss rule, that the Kronrod rule has: what ends on a line leaves a crease
MOST_LINES = 30_000  # in all; what is left unresolved after them stands in the error


class Swept(NamedTuple):
    """The value, a bound of its error, how many lines it took."""

    value: float
    error: float
    count: int


class _Sums(NamedTuple):
    """Of lines or of panels: the integral, how wrong it may be, the integral of |f|, and the rounding."""

    value: np.ndarray
    miss: np.ndarray
    size: np.ndarray
    noise: np.ndarray


def sweep(views: Views, integrand: Integrand, reach: float, goal: Callable[[float], float], guess: float) -> Swept:
    """Σ weight E[f(log a, log b)] over the frames of the views, each over [−reach, reach]² of its own, turned.

    `guess` is about the value: from it the goal of every line is set.
    """
    fine = goal(abs(guess))
    frames = [Turned.of(views, k, widest_extent(views, k, ANGLES)) for k in range(views.weights.size)]
    panels = _Panels.joined([_Panels.between(events(turned, reach), k) for k, turned in enumerate(frames)])
    values, totals, count, before = [], np.zeros(3), 0, None  # settled: values; miss, noise, size; lines; of the halved
    while panels.frame.size:
        found = _outer(frames, integrand, panels, reach, fine)
        if before is not None:
            change = np.abs(before - found.value.reshape(2, -1).sum(axis=0)) / 2
            miss = sharpened(np.tile(change, 2), found.size, GAINED)
            found = found._replace(miss=np.maximum(found.miss, miss))
        before = found.value
        count += panels.frame.size * RULE.nodes.size
        found = _Sums(*(views.weights[panels.frame] * each for each in found))
        order = np.argsort(found.miss)
        room = max(fine, (totals[1] + found.noise.sum()) / 2) - totals[0]
        settled = np.zeros(order.size, dtype=bool)
        settled[order[np.cumsum(found.miss[order]) <= room / 2]] = True
        settled |= found.miss <= found.noise / 2
        if count > MOST_LINES or not np.isfinite(found.value).all():
            settled[:] = True
        values.append(found.value[settled])
        totals += [each[settled].sum() for each in (found.miss, found.noise, found.size)]
        panels, before = panels.chosen(~settled).halved(), before[~settled]
    value = math.fsum(np.concatenate(values).tolist()) if np.isfinite(totals).all() else math.nan
    return Swept(value, float(totals[0] + totals[1]), count)


class _Panels(NamedTuple):
    """Intervals middle ± half, each of a frame or of a line."""

    middle: np.ndarray
    half: np.ndarray
    frame: np.ndarray

    @classmethod
    def between(cls, cuts: np.ndarray, frame: int) -> _Panels:
        half = np.diff(cuts) / 2
        return cls(cuts[:-1] + half, half, np.full(half.size, frame))

    @classmethod
    def of_lines(cls, cuts: np.ndarray, calm: np.ndarray, reach: float) -> _Panels:
        """Of the columns of `cuts` (E, L), over [−reach, reach]; a cut is left out where one that is kept is near."""
        cuts = np.clip(cuts.T, -reach, reach)
        order = np.argsort(cuts, axis=1)
        cuts, calm = (np.take_along_axis(each, order, axis=1) for each in (cuts, calm.T))
        kept = np.ones(cuts.shape, dtype=bool)
        last, about = cuts[:, 0], calm[:, 0]
        for k in range(1, cuts.shape[1] - 1):
            kept[:, k] = cuts[:, k] - last > NEAR * np.minimum(about, calm[:, k])
            last, about = (np.where(kept[:, k], each[:, k], old) for each, old in ((cuts, last), (calm, about)))
        line = np.nonzero(kept)[0]
        cuts = cuts[kept]
        within = line[1:] == line[:-1]
        half = (np.diff(cuts) / 2)[within]
        whole = half > 0
        return cls((cuts[:-1][within] + half)[whole], half[whole], line[:-1][within][whole])

    @staticmethod
    def joined(groups: list[_Panels]) -> _Panels:
        return _Panels(*(np.concatenate(arrays) for arrays in zip(*groups)))

    def chosen(self, which: np.ndarray | slice) -> _Panels:
        return _Panels(*(array[which] for array in self))

    def halved(self) -> _Panels:
        half = self.half / 2
        return _Panels(
            np.concatenate([self.middle - half, self.middle + half]), np.tile(half, 2), np.tile(self.frame, 2)
        )

    def nodes(self) -> tuple[np.ndarray, np.ndarray]:
        """The nodes (P, N), and there φ times the weights of both rules (P, N, 2)."""
        x = self.middle[:, None] + self.half[:, None] * RULE.nodes
        density = self.half[:, None] * np.exp(-0.5 * x * x - LOG_ROOT_TAU)
        return x, density[..., None] * RULE.weights


def _outer(frames: list[Turned], integrand: Integrand, panels: _Panels, reach: float, fine: float) -> _Sums:
    """The panels of s."""
    s, weights = panels.nodes()
    lines = [np.empty(s.shape) for _ in _Sums._fields]
    for k, turned in enumerate(frames):
        rows = np.flatnonzero(panels.frame == k)
        step = max(1, LINES // RULE.nodes.size)
        for some in (rows[i : i + step] for i in range(0, rows.size, step)):
            found = _along(turned, integrand, s[some].ravel(), reach, fine)
            for all_lines, each in zip(lines, found):
                all_lines[some] = each.reshape(some.size, -1)
    value, miss, size, noise = ((each[..., None] * weights).sum(axis=1) for each in lines)
    own = sharpened(np.abs(value[:, 0] - value[:, 1]), size[:, 0], GAINED)
    squares = (lines[2] * s * s * weights[..., 0]).sum(axis=1)
    rounding = WEIGHING * size[:, 0] + SQUARES * squares
    return _Sums(value[:, 0], own + miss[:, 0], size[:, 0], noise[:, 0] + rounding)


def _along(turned: Turned, integrand: Integrand, s: np.ndarray, reach: float, fine: float) -> _Sums:
    """∫ φ(t) f dt on the lines of s."""
    panels = _Panels.of_lines(*edges(turned, s, reach), reach)
    totals = [np.zeros(s.size) for _ in _Sums._fields]
    for left in reversed(range(HALVINGS)):
        found = _evaluated(turned, integrand, s, panels)
        coarse = found.miss > np.maximum(SHARE * fine, found.noise / 2) if left else np.zeros(found.miss.size, bool)
        for total, each in zip(totals, found):
            total += np.bincount(panels.frame[~coarse], each[~coarse], s.size)
        if not coarse.any():
            break
        panels = panels.chosen(coarse).halved()
    return _Sums(*totals)


def _evaluated(turned: Turned, integrand: Integrand, s: np.ndarray, panels: _Panels) -> _Sums:
    """All panels, in blocks."""
    starts = range(0, panels.frame.size, PANELS)
    blocks = [_block(turned, integrand, s, panels.chosen(slice(i, i + PANELS))) for i in starts]
    return _Sums(*(np.concatenate(arrays) for arrays in zip(*blocks)))


def _block(turned: Turned, integrand: Integrand, s: np.ndarray, panels: _Panels) -> _Sums:
    t, weights = panels.nodes()
    s = s[panels.frame]
    top, ridge = turned.bells(s)
    off = t - ridge[..., None]  # (J, P, N)
    components = _rounding(turned, s, t[:, GAUSS], off[..., GAUSS])
    np.multiply(off, off, out=off)
    off *= -turned.sharp[:, None, None]
    off += top[..., None]
    found, rounding = _at(turned, integrand, s, t, off, components)
    value = np.einsum("pn,pnk->pk", found.value, weights)
    size = np.einsum("pn,pn->p", np.abs(found.value), weights[..., 0])
    squares = np.einsum("pn,pn->p", np.abs(found.value) * t * t, weights[..., 0])
    if np.ndim(found.cancels):
        rounding = rounding + CANCELS * found.cancels[:, GAUSS]
    noise = np.einsum("pn,pn->p", np.broadcast_to(rounding, t[:, GAUSS].shape), weights[:, GAUSS, 1])
    noise += WEIGHING * size + SQUARES * squares
    return _Sums(value[:, 0], sharpened(np.abs(value[:, 0] - value[:, 1]), size, GAINED), size, noise)


def _at(
    turned: Turned, integrand: Integrand, s: np.ndarray, t: np.ndarray, terms: np.ndarray, components: np.ndarray
) -> tuple[AtNodes, np.ndarray]:
    """The integrand at nodes, and what the rounding of the logs does at those of the Gauss rule."""
    some = (GAUSS,)
    if turned.alike:
        lifts, noise = turned.lifts(s, t), turned.lift_noise(s, t[:, GAUSS])
        ratio = Ratio(turned.alike, turned.split, terms, lifts)
        found = integrand(ratio.log, np.zeros_like(ratio.log))
        return found, ratio.noise(components, noise, some) * found.in_log_a[:, GAUSS]
    sums = [Sum.of(terms[part]) for part in turned.halves()]
    found = integrand(*(np.broadcast_to(each.log, t.shape) for each in sums))
    return found, answered(found, sums, [components[part] for part in turned.halves()], some)


def _rounding(turned: Turned, s: np.ndarray, t: np.ndarray, off: np.ndarray) -> np.ndarray:
    """That of the components at nodes, (J, P, n)."""
    fall = np.abs(turned.falls[0][:, None] + turned.falls[1][:, None] * s)
    falls = turned.fall_size[:, None] + np.abs(turned.falls[1][:, None] * s)
    turning = turned.turning[:, None]
    level = 2 * UNIT * turned.sizes[:, None] + UNIT * turning * fall * (12 * falls + 4 * fall)  # (J, P)
    found = np.abs(off)
    reach = np.abs(t) + (turned.ridge_size[:, None] + np.abs(turned.ridges[1][:, None] * s))[..., None]
    found *= 12 * reach + 4 * found
    found *= (UNIT * turning * turned.sharp[:, None])[..., None]
    found += level[..., None]
    return found
