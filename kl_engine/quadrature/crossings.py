"""Where the dominant component of a mixture changes, and the panel edges that resolve the change.

log p is a parabola except near a point where two components are equally high. There it bends on the scale of the
distance from the real line to the complex zeros of exp(l_j) + exp(l_k), the only singularities of log p: the solutions
of l_j − l_k = iπ (2n + 1), with l_j − l_k a quadratic.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

import numpy as np

from kl_engine.distributions.gaussian import Mixture
from kl_engine.estimates.rounding import LOG_ROOT_TAU

# Edges around a crossing, in units of its width. The inner panel is 1.6 half-lengths away from the nearest singularity
# (15-point Gauss: 1e-16), the outer two see it as far or as faint; beyond 40 widths it is below e^-40.
GRADES = (-40.0, -7.0, -2.0, 2.0, 7.0, 40.0)
LENGTHS = (33.0, 5.0, 4.0, 4.0, 5.0, 33.0)  # of the shorter panel that each of these is the end of
FEW_EDGES = 60  # so few are all kept
THIN = 0.5
BLOCK = 2**16  # values in one array
ABOUT = (-8.0, -3.0, 0.0, 3.0, 8.0)  # where a crossing may be seen though its centre is buried, in its width
FAINT = 40.0  # a component this many nats below another is lost in its rounding


class Part(NamedTuple):
    """One component: exp(height − ½ ((x − mean)/std)²), height = log weight − log std − ½ log 2π."""

    weight: float
    height: float
    mean: float
    std: float

    def level(self, x: float) -> float:
        """The log of the component at x."""
        z = (x - self.mean) / self.std
        return self.height - 0.5 * z * z


@lru_cache(maxsize=512)
def crossing_points(p: Mixture) -> tuple[float, ...]:
    """Panel edges around every crossing of two components of `p` that are dominant there.

    Of many overlapping components the crossings lie so close together that their edges are far more than panels need:
    an edge is left out where there is one of a finer crossing within half the panel that it is the end of.
    """
    parts = parts_of(p)
    found = [(pair[0], *crossing) for pair in combinations(parts, 2) for crossing in crossings_of(*pair)]
    if len(parts) == 2 or not found:
        return tuple(centre + grade * width for _, centre, width in found for grade in GRADES)
    first, centre, width = zip(*found)
    centre, width = np.array(centre), np.array(width)
    seen = _seen(parts, first, centre)
    edges = (centre[seen, None] + np.multiply.outer(width[seen], GRADES)).ravel()
    panels = np.outer(width[seen], LENGTHS).ravel()
    return _thinned(edges, panels) if edges.size > FEW_EDGES else tuple(edges.tolist())


def _thinned(edges: np.ndarray, panels: np.ndarray) -> tuple[float, ...]:
    """The edges, the finest first, without those that lie within `THIN` of their panel of one that is kept."""
    kept: list[float] = []
    for row in np.argsort(panels, kind="stable").tolist():
        x, room = float(edges[row]), THIN * float(panels[row])
        place = bisect_left(kept, x)
        if (place == len(kept) or kept[place] - x > room) and (place == 0 or x - kept[place - 1] > room):
            kept.insert(place, x)
    return tuple(kept)


@lru_cache(maxsize=128)
def crossings_within(p: Mixture, faint: float) -> tuple[tuple[float, float], ...]:
    """Centre and width of each crossing about which both components come within `faint` nats of the highest one."""
    parts, found = parts_of(p), []
    for first, second in combinations(parts, 2):
        for centre, width in crossings_of(first, second):
            about = [centre + grade * width for grade in ABOUT]
            if any(max(k.level(x) for k in parts) - min(first.level(x), second.level(x)) < faint for x in about):
                found.append((centre, width))
    return tuple(found)


@lru_cache(maxsize=512)
def parts_of(p: Mixture) -> tuple[Part, ...]:
    """The components of `p` as plain numbers."""
    triples = zip(p.weights.tolist(), p.means.tolist(), p.stds.tolist())
    return tuple(Part(w, math.log(w) - math.log(s) - LOG_ROOT_TAU, m, s) for w, m, s in triples)


def log_density(parts: Sequence[Part], x: float) -> float:
    """The log density at one point, in plain floats: for root finders, where an array would be all overhead."""
    levels = [part.level(x) for part in parts]
    top = max(levels)
    return top + math.log(sum(math.exp(level - top) for level in levels))


def highest(parts: Sequence[Part]) -> float:
    """The largest height above 0: a log density is this less a square, so it bounds what cancels in it."""
    return max(0.0, *[part.height for part in parts])


def crossings_of(first: Part, second: Part) -> Iterator[tuple[float, float]]:
    """Centre and width of each real zero, or of the near-zero, of l₁ − l₂ = a u² + b u + c, with u = (x − m₁)/s₁.

    With ρ = s₁/s₂ and δ = (m₂ − m₁)/s₂:  a = (ρ² − 1)/2,  b = −ρδ,  c = h₁ − h₂ + δ²/2, and the discriminant b² − 4ac
    is δ² − 2 (ρ² − 1)(h₁ − h₂), free of the cancellation of its first form.
    """
    ratio = first.std / second.std
    shift = (second.mean - first.mean) / second.std
    rise = first.height - second.height
    excess = (ratio - 1) * (ratio + 1)  # 2a
    disc = shift * shift - 2 * excess * rise
    if disc >= 0:
        if disc == excess == 0:
            return  # the same bell twice, perhaps with other weights: nothing bends
        width = first.std / math.sqrt(disc + abs(excess))
        # The larger root first, and the other from their product, so that neither cancels.
        large = 0.5 * (ratio * shift + math.copysign(math.sqrt(disc), shift))
        if excess:
            yield first.mean + first.std * (2 * large / excess), width
        if large:
            yield first.mean + first.std * ((rise + 0.5 * shift * shift) / large), width
    elif -disc < 2 * FAINT * abs(excess):  # no crossing, but nowhere are they more than FAINT apart
        centre = ratio * shift / excess
        yield first.mean + first.std * centre, first.std * math.sqrt(-disc / excess**2 + 1 / abs(excess))


def _seen(parts: Sequence[Part], crossing: Sequence[Part], x: np.ndarray) -> np.ndarray:
    """(C,) whether no component of `parts` is above the crossing one by more than FAINT at x."""
    height, mean, std = np.array([part[1:] for part in parts]).T
    own = np.array([part.level(place) for part, place in zip(crossing, x.tolist())])
    step = max(1, BLOCK // len(parts))
    highest_there = [
        (height - 0.5 * ((x[i : i + step, None] - mean) / std) ** 2).max(axis=1) for i in range(0, x.size, step)
    ]
    return np.concatenate(highest_there) - own < FAINT
