"""The upper envelope of a mixture's weighted components, and its expectation under another mixture, in closed form.

max_b log(ω_b g_b(x)) is a parabola on each piece of the line; against a Gaussian it needs only truncated moments.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

from kl_engine.distributions.gaussian import Mixture
from kl_engine.divergences.bounds.component_pairs import Known
from kl_engine.estimates.rounding import ROOT_2, ROOT_TAU, ROUNDING
from kl_engine.quadrature.crossings import Part, crossings_of, parts_of


class Piece(NamedTuple):
    """An interval of the line and the component that is the highest on it."""

    low: float
    high: float
    top: Part


def envelope(g: Mixture) -> list[Piece]:
    """The pieces of the upper envelope of the weighted components of `g`, from left to right.

    Between two neighbouring roots of the differences of any two components the order of all of them is fixed, so the
    highest at one inner point is the highest throughout.
    """
    parts = parts_of(g)
    centres = (centre for pair in combinations(parts, 2) for centre, _ in crossings_of(*pair))
    roots = sorted(set(filter(math.isfinite, centres)))
    ends = [-math.inf, *roots, math.inf]
    pieces: list[Piece] = []
    for low, high in zip(ends, ends[1:]):
        top = _highest_at(_between(low, high, parts), parts)
        if pieces and pieces[-1].top == top:
            pieces[-1] = pieces[-1]._replace(high=high)
        else:
            pieces.append(Piece(low, high, top))
    return pieces


def expected_envelope(f: Mixture, g: Mixture) -> Known:
    """E_f max_b log(ω_b g_b), in nats.

    On a piece its parabola is h − ½ (r z + d)², in the z of a component of f. With the truncated moments
    M₀ = Φ(v) − Φ(u), M₁ = φ(u) − φ(v), M₂ = M₀ + u φ(u) − v φ(v) that comes to h M₀ − ½ (r² M₂ + 2 r d M₁ + d² M₀).
    The envelope is continuous, so that an error δ of an end of a piece counts as δ² only.
    """
    pieces = envelope(g)
    terms = [term for part in parts_of(f) for piece in pieces for term in _terms(part, piece)]
    values, scales = zip(*terms)
    return Known(math.fsum(values), ROUNDING * math.fsum(scales))


def _terms(part: Part, piece: Piece) -> Iterator[tuple[float, float]]:
    """What one component adds on one piece: four terms, each with the scale of its rounding."""
    u, v = ((end - part.mean) / part.std for end in piece[:2])
    mass = normal_mass(u, v)
    low, high = _density(u), _density(v)
    # φ is 0 where its argument is infinite, and then so is the product.
    low_moment, high_moment = (u * low if low else 0.0), (v * high if high else 0.0)
    ratio = part.std / piece.top.std
    shift = (part.mean - piece.top.mean) / piece.top.std
    height, square, cross, offset = piece.top.height, 0.5 * ratio * ratio, ratio * shift, 0.5 * shift * shift
    noise = mass + 2 * (low + high)
    yield part.weight * height * mass, part.weight * abs(height) * noise
    yield (
        -part.weight * square * (mass + low_moment - high_moment),
        part.weight * square * (noise + abs(low_moment) + abs(high_moment)),
    )
    yield -part.weight * cross * (low - high), part.weight * abs(cross) * (low + high)
    yield -part.weight * offset * mass, part.weight * offset * noise


def normal_mass(u: float, v: float) -> float:
    """Φ(v) − Φ(u), taken in the tail in which it does not cancel."""
    u, v = u / ROOT_2, v / ROOT_2
    if u > 0:
        return 0.5 * (math.erfc(u) - math.erfc(v))
    return 0.5 * (math.erfc(-v) - math.erfc(-u)) if v < 0 else 0.5 * (math.erf(v) - math.erf(u))


def _highest_at(x: float, parts: tuple[Part, ...]) -> Part:
    """The highest component at x; each is compared with the highest so far."""
    top = parts[0]
    for part in parts[1:]:
        if _lead(part, top, x) > 0:
            top = part
    return top


def _lead(first: Part, second: Part, x: float) -> float:
    """l₁ − l₂ at x, as a product of differences: far out the levels themselves are equal to rounding."""
    u = (x - first.mean) / first.std
    ratio = first.std / second.std
    shift = (second.mean - first.mean) / second.std
    return first.height - second.height + 0.5 * ((ratio - 1) * u - shift) * ((ratio + 1) * u - shift)


def _density(z: float) -> float:
    return math.exp(-0.5 * z * z) / ROOT_TAU


def _between(low: float, high: float, parts: tuple[Part, ...]) -> float:
    """A point inside an interval whose ends may be infinite."""
    reach = max(part.std for part in parts)
    if math.isinf(low) and math.isinf(high):
        return parts[0].mean
    if math.isinf(low):
        return high - reach - abs(high)
    return low + reach + abs(low) if math.isinf(high) else 0.5 * (low + high)
