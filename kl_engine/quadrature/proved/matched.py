"""Divergences where the components of a and b are alike one by one: from their differences, so that all digits are
kept.

With y = (x − m')/√2s' of component j of b, e = s'/s − 1, τ = (m − m')/√2s and h = log(w/w') + log(s'/s), component j of
a is that of b times e^Δ, Δ = h − (y e − τ) (y (2 + e) − τ), in which nothing of the size of 1 is subtracted from
another. On a panel y = U + V t, and Δ is a quadratic of t:

    Δ = h − e (2 + e) U² + 2 τ (1 + e) U − τ²  +  2 V (τ (1 + e) − e (2 + e) U) t  −  e (2 + e) V² t².

So with p the shares of the components of b

    v = (a − b)/b = Σ pⱼ (e^Δⱼ − 1),      f = b F(v),

F the function of the divergence: (1 + v) log(1 + v) − v for D(a‖b).

**On an ellipse** of semi-axis A, |Δ| <= G = |log(w/w')| + |log(s'/s)| + (Y |e| + |τ|) (2Y + Y |e| + |τ|), where
Y = |U| + V A, and |e^Δ − 1| <= G e^G. The shares of the components of M (see `ellipse`) have moduli whose sum is at
most 1/(cos φ − S), those of the others are at most sup |e^(l_k − l₁)|/(cos φ − S). So

    |v| <= V' = (max_M G e^G + Σ_rest sup |e^(l_k − l₁)| G e^G)/(cos φ − S),

and where V' <= ½, |F(v)| <= V'² for D(a‖b), whose F is at most ½ |v|²/(1 − |v|); the others say theirs. So a near pair
needs no more panels than any other.

**Rounding**, as in `integrand` and with its names; G now with Y = |U| + V, for A = 1. e is off by 2 υ and τ by 5 υ of
themselves, the two terms of h by 11 υ each, U by 5 υ and V by 4 υ; every term of Δ by less than 30 υ of itself, and all
of them are in G, so Δ by 40 υ G, e^Δ − 1 by υ (40 G max(1, e^Δ) + 8 |e^Δ − 1|). A share is off by the rounding of its
component and by their mean, υ (15 (k + Y²) + X). So v is off by υ Σ pⱼ Gⱼ max(1, e^Δⱼ) (60 + 16 (k + Y²) + X) and f by
b |F'(v)| times that, and by the rounding of b, 8 υ and those of F. Two υ are added to v: the weights that a mixture
holds are themselves rounded from what was asked for, which here is all that is felt.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from kl_engine.quadrature.proved.ellipse import Ellipses, View, rule_error
from kl_engine.quadrature.proved.integrand import POWERS, SERIES_BELOW, WEIGHTING, Nodes, Positive, largest, total_of
from kl_engine.quadrature.proved.nested import Within
from kl_engine.quadrature.proved.table import Table

WEIGHTS = 2.0  # υ that each weight may be off by
LOST = 300.0  # υ of b: what direct evaluation loses where |v| is larger
FIRST_CAP = 1.15  # of log ρ: |f| is as small as the goal says, so that panels need no more than those of other pairs
NOTHING_LEFT = 2.0**-50 - 1  # v at least: below, 1 + v is all rounding


class MatchedNodes(NamedTuple):
    """What the integrand needs at panels."""

    q: np.ndarray  # (3, 2, K, P) the coefficients of the components of b, and those of Δ
    weight: np.ndarray  # (K, P, 1) G (60 + 16 (k + Y²) + X)
    rough: np.ndarray  # (P, 1) X of b


class Matched:
    """An integrand that is a function of the ratio a/b, from the differences of matched components."""

    def __init__(self, kind: Positive) -> None:
        self.kind, self.first_cap = kind, min(FIRST_CAP, kind.first_cap)
        self.bend, self.log_coarse_error = kind.bend, kind.log_coarse_error

    def log_error(self, view: View | Within, ellipses: Ellipses, half: np.ndarray) -> np.ndarray:
        """By V' where it is below ½, else as for any pair."""
        ratio = _largest_ratio(view, ellipses, self.kind.components or len(view.u))
        near = rule_error(ellipses.top[1], self.kind.most_of_ratio(ratio), half, ellipses.room)
        if (alike := ratio < 0.5).all():
            return near
        any_pair = self.kind.log_error(view, ellipses, half)
        return np.where(alike, np.fmin(near, any_pair), any_pair)

    def weights(self, rough: np.ndarray) -> np.ndarray:
        """The second sum is the rounding itself."""
        found = np.zeros((2, rough.shape[1]))
        found[1] = 1.0
        return found

    def ready(self, nodes: Nodes) -> MatchedNodes:
        """The quadratics of the components and of their differences."""
        nodes = nodes.pair(self.kind.components or nodes.q.shape[1])
        differ = differences(nodes.table)
        u, v = nodes.standardised(1)
        q = np.empty((3, 2, *u.shape))
        q[:, 0], lift = nodes.q[:, :, 1], q[:, 1]
        bent = differ.bend * u
        slope = differ.slope - bent
        np.multiply(u, slope + differ.slope, out=lift[0])
        lift[0] += differ.constant
        np.multiply(v + v, slope, out=lift[1])
        np.multiply(v, -differ.bend * v, out=lift[2])
        most = np.abs(u)
        most += v
        weight = differ.change(most)
        most *= most
        most += nodes.table.burden[:, 1]
        most *= 16
        most += nodes.rough[1] + 60
        weight *= most
        return MatchedNodes(q, weight[..., None], nodes.rough[1, :, None])

    def at(self, nodes: MatchedNodes) -> np.ndarray:
        """f and its rounding."""
        levels, lift = (nodes.q.reshape(3, -1).T @ POWERS).reshape(*nodes.q.shape[1:], -1)
        top = largest(levels)
        levels -= top
        share = np.exp(levels)
        total = total_of(share)
        share /= total
        rise = _risen(share, levels, total, lift)
        v = total_of(rise)
        np.maximum(v, NOTHING_LEFT, out=v)
        found = np.empty((2, *v.shape))
        values, noise = found
        density = np.exp(top, out=top)
        density *= total
        size, slope = self.kind.of_ratio(v)
        np.multiply(size, density, out=values)
        share += np.maximum(rise, 0, out=rise)
        share *= nodes.weight
        np.add(total_of(share), WEIGHTS, out=noise)
        noise *= slope
        noise *= density
        noise += values * (nodes.rough + (WEIGHTING + 50))
        if np.maximum.reduce(np.abs(v, out=v), axis=None) > SERIES_BELOW:
            noise += (LOST * density) * (v > SERIES_BELOW)
        return found


def _largest_ratio(view: View | Within, ellipses: Ellipses, k: int) -> np.ndarray:
    """(P,) V' on the ellipses, by the first k components; inf or nan where nothing is proved."""
    most = view.v[:k, 1] * ellipses.a
    most += np.abs(view.u[:k, 1])
    change = differences(view.table.pair(k)).change(most)
    lift = np.minimum(ellipses.reach[:k, 1], 0.0)
    lift += change
    np.exp(lift, out=lift)
    lift *= change
    return np.add.reduce(lift, axis=0) / ellipses.sure[1]


def _risen(share: np.ndarray, levels: np.ndarray, total: np.ndarray, lift: np.ndarray) -> np.ndarray:
    """p (e^Δ − 1) of every component; where Δ is large, p e^Δ is one exponential, or 0 · ∞ would be met."""
    if np.maximum.reduce(lift, axis=None) < 100:
        rise = np.expm1(lift, out=lift)
        rise *= share
        return rise
    near = share * np.expm1(np.minimum(lift, 1.0))
    return np.where(lift > 1, np.exp(levels + lift) / total - share, near)


class Differences(NamedTuple):
    """Those of the components of a from those of b, each (K, R or P)."""

    constant: np.ndarray  # h − τ²
    bend: np.ndarray  # e (2 + e)
    slope: np.ndarray  # τ (1 + e)
    size: np.ndarray  # |log(w/w')| + |log(s'/s)|
    e: np.ndarray  # |e|
    t: np.ndarray  # |τ|

    def change(self, most: np.ndarray) -> np.ndarray:
        """(K, P) G, with Y = `most`."""
        bent = most * self.e
        bent += self.t
        change = most + most
        change += bent
        change *= bent
        change += self.size
        return change


def differences(table: Table) -> Differences:
    """Of the first two sides."""
    if table.few:
        arrays = np.array(list(map(difference, *table.few[:2])))
        return Differences(*arrays.T[..., None])
    (w, other_w), (s, other_s), (m, other_m) = (
        (array[:, 0], array[:, 1]) for array in (table.weights, table.stds, table.means)
    )
    weight, e = np.log1p((w - other_w) / other_w), (other_s - s) / s
    width, t = np.log1p(e), (m - other_m) * table.sharpness[:, 0]
    size = np.abs(weight) + np.abs(width)
    return Differences(weight + width - t * t, e * (2 + e), t * (1 + e), size, np.abs(e), np.abs(t))


def difference(a: tuple[float, ...], b: tuple[float, ...]) -> tuple[float, ...]:
    """The same of one component and the other, in plain floats."""
    (_, m, sharpness, _, w, s), (_, other_m, _, _, other_w, other_s) = a, b
    ratio = (w - other_w) / other_w
    weight, e = math.log1p(ratio) if ratio > -1 else -math.inf, (other_s - s) / s
    width, t = math.log1p(e), (m - other_m) * sharpness
    return weight + width - t * t, e * (2 + e), t * (1 + e), abs(weight) + abs(width), abs(e), abs(t)
