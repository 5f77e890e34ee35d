"""Divergences where the components of a and b are alike one by one: from their differences, so that all digits are kept.

With y = (x − m')/√2s' of component j of b, e = s'/s − 1, t = (m − m')/√2s and h = log(w/w') + log(s'/s), component j of
a is that of b times e^Δ, Δ = h − d (2y + d) with d = y e − t, in which nothing of the size of 1 is subtracted from
another. So with p the shares of the components of b

    v = (a − b)/b = Σ pⱼ (e^Δⱼ − 1),      f = b F(v),

F the function of the divergence: (1 + v) log(1 + v) − v for D(a‖b).

**On an ellipse** |e^Δ − 1| <= G e^G with G = sup |Δ|. The shares of the components of M (see `ellipse`) have moduli
whose sum is at most 1/(cos φ − S), those of the others are at most sup |e^(l_k − l₁)|/(cos φ − S). So

    |v| <= V = (max_M G e^G + Σ_rest sup |e^(l_k − l₁)| G e^G)/(cos φ − S),

and where V <= ½, |F(v)| <= V² for D(a‖b), whose F is at most ½ |v|²/(1 − |v|); the others say theirs. So a near pair
needs no more panels than any other.

**Rounding**, as in `integrand` and with its names. e is off by 2 υ and t by 5 υ of themselves; with Y = |U| + 2 Q,
at least |y| + Q on the panel (y = U + Q t), d by 10 υ (Y |e| + |t|), 2y + d by
13 υ (2Y + Y |e| + |t|), the terms of h by 11 υ each, so Δ by 40 υ G with
G = |log(w/w')| + |log(s'/s)| + (Y |e| + |t|) (2Y + Y |e| + |t|) >= |Δ|. A share is off by its component's rounding and
their mean, υ (19 Y² + 12 k + X). So v is off by υ Σ pⱼ Gⱼ max(1, e^Δⱼ) (60 + 19 Y² + 12 k + X) and f by b |F'(v)| times
that, and by the rounding of b, 8 υ and those of F. Two υ are added to v: the
weights that a mixture holds are themselves rounded from what was asked for, which here is all that is felt.
"""

from __future__ import annotations

import numpy as np

from kl_engine.quadrature.proved.ellipse import HIGHEST, RULE, SLACK_HERE, Ellipses, View, rule_error
from kl_engine.quadrature.proved.integrand import SERIES_BELOW, WEIGHTING, Nodes, Positive
from kl_engine.quadrature.proved.table import Table

WEIGHTS = 2.0  # υ that each weight may be off by
LOST = 300.0  # υ of b: what direct evaluation loses where |v| is larger
NOTHING_LEFT = 2.0**-50 - 1  # v at least: below, 1 + v is all rounding


class Matched:
    """An integrand that is a function of the ratio a/b, from the differences of matched components."""

    def __init__(self, kind: Positive) -> None:
        self.kind = kind
        self.steepness, self.log_coarse_error = kind.steepness, kind.log_coarse_error

    def log_error(self, view: View, ellipses: Ellipses, half: np.ndarray) -> np.ndarray:
        """By V where it is below ½, else as for any pair."""
        any_pair = self.kind.log_error(view, ellipses, half)
        ratio = _largest_ratio(view.pair(self.kind.components or len(view.u)), ellipses)
        near = rule_error(ellipses.top[1], self.kind.most_of_ratio(ratio), half, ellipses.a, ellipses.b)
        return np.where(ratio < 0.5, np.fmin(near, any_pair), any_pair)

    def totals(self, sums: np.ndarray, rough: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """They are complete."""
        return sums[0], sums[1]

    def at(self, nodes: Nodes) -> np.ndarray:
        """f and its rounding."""
        nodes = nodes.pair(self.kind.components or len(nodes.u))
        h, size, e, t = differences(nodes.table)
        q, y = nodes.v[:, 1], nodes.u[:, 1]
        most = np.abs(y) + 2 * q
        bent = most * np.abs(e) + np.abs(t)
        change = bent * (2 * most + bent) + size
        weight = change * (19 * most * most + (60 + 12 * nodes.table.burden[:, 1]) + nodes.rough[1])
        y = q[..., None] * RULE.nodes + y[..., None]
        levels = nodes.table.heights[:, 1, :, None] - y * y
        top = np.maximum.reduce(levels, axis=0)
        levels -= top
        share = np.exp(levels)
        total = np.add.reduce(share, axis=0)
        log_b = np.log(total)
        share /= total
        log_b += top
        d = y * e[..., None]
        d -= t[..., None]
        y *= 2
        y += d
        d *= y
        rise = _risen(share, levels, total, np.subtract(h[..., None], d, out=d))
        v = np.add.reduce(rise, axis=0)
        np.maximum(v, NOTHING_LEFT, out=v)
        values, slope = self.kind.of_ratio(v)
        density = np.exp(log_b)
        values *= density
        share += np.maximum(rise, 0, out=rise)
        share *= weight[..., None]
        noise = np.add.reduce(share, axis=0)
        noise += WEIGHTS
        noise *= slope
        noise *= density
        noise += values * (nodes.rough[1, :, None] + (WEIGHTING + 40))
        if float(np.maximum.reduce(np.abs(v), axis=None)) > SERIES_BELOW:
            noise += (LOST * density) * (np.abs(v) > SERIES_BELOW)
        return np.array([values, noise])


def _largest_ratio(view: View, ellipses: Ellipses) -> np.ndarray:
    """(P,) V on the ellipses; inf or nan where nothing is proved."""
    a, k = ellipses.a, len(view.u)
    q = view.gap + view.highest[:, None]
    apart = q[:, :, 0] - q[:, :, 1]
    np.abs(apart, out=apart)
    change = apart[0] + a * (apart[1] + a * apart[2])
    change += SLACK_HERE * ((np.abs(view.u) + view.v * a) ** 2 + view.table.burden).sum(axis=1)
    lift = change * np.exp(np.minimum(change, HIGHEST))
    lift *= ellipses.shares[:k, 1] + ellipses.near[:k, 1]
    return lift.sum(axis=0) / ellipses.sure[1]


def _risen(share: np.ndarray, levels: np.ndarray, total: np.ndarray, lift: np.ndarray) -> np.ndarray:
    """p (e^Δ − 1) of every component; where Δ is large, p e^Δ is one exponential, or 0 · ∞ would be met."""
    if float(lift.max()) < 100:
        return share * np.expm1(lift)
    near = share * np.expm1(np.minimum(lift, 1.0))
    return np.where(lift > 1, np.exp(levels + lift) / total - share, near)


def differences(table: Table) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """h, |log(w/w')| + |log(s'/s)|, e and t, each (K, R or P)."""
    (w, other_w), (s, other_s), (m, other_m) = (
        (array[:, 0], array[:, 1]) for array in (table.weights, table.stds, table.means)
    )
    weight, e = np.log1p((w - other_w) / other_w), (other_s - s) / s
    width = np.log1p(e)
    return weight + width, np.abs(weight) + np.abs(width), e, (m - other_m) * table.sharpness[:, 0]
