"""What is integrated: its size on an ellipse, and its values at nodes with the rounding of each.

**The lemma of rounding.** Let υ = 2⁻⁵³, let every sum, product, quotient and root be rounded correctly and every
exponential and logarithm be wrong by at most 4 units in its last place (8 υ), which is what NumPy's own tests ask for.
A component is l = q₀ + q₁ t + q₂ t² at the node t of a panel, q₀ = H − U², q₁ = −2 U V, q₂ = −V², with U = (c − m)/√2s
and V = h/√2s. To first order, relative errors add:

    1/√2s 3 υ, c − m υ, the products υ each: U 5 υ, V 4 υ; U² 11 υ, U V 10 υ, V² 9 υ; H 11 υ k, where the burden
    k = |log w| + |log s| + 1 is at least |H|; q₀ in all 12 υ (k + U²); t υ, t² 3 υ, the two products and the two sums
    (in any order, fused or not) 2 υ each.

So l is off by at most 15 υ (k + (|U| + V)²), |l| itself being at most k + (|U| + V)². The log of a sum of
exponentials is off by the mean of those errors under the shares of the components, which sum to 1, and by υ (log K +
8 + (K − 1) + 8 log K + |log a|) for the differences from the highest, the exponentials, the sum, the logarithm and
the last addition; |log a| is at most |l| + log K for the highest. In all, at every node of the panel,

    |δ log a| <= υ X,      X = 16 · mean of k + (|U| + V)²  +  10 log K + K + 7.

A share is at most 1 and at most e^(l_k − l₁), so on a panel, where l_k − l₁ <= reach, the mean of any x >= 0 is at most
max_k x_k for one component, and 2 max_k x_k min(1, K e^reach) for more: those with K e^reach >= 1 give at most the
maximum, those without at most K times the K-th part of it. The second order is below 1e-12 of the first wherever the
stated error is of any use; `SECOND` covers it.

From there the error of f is what its derivatives make of δ log a and δ log b, with the rounding of what is done at the
node, and `WEIGHTING` times |f| for a node's weight, the product with it, a panel's sum, the scaling by h, and for
weights whose sum is 1 to rounding only.
"""

from __future__ import annotations

import math
from typing import NamedTuple, Protocol

import numpy as np

from kl_engine.estimates.rounding import SERIES_BELOW
from kl_engine.quadrature.crossings import FAINT
from kl_engine.quadrature.proved.ellipse import RULE, Coarse, Ellipses, View, coefficients, rule_error
from kl_engine.quadrature.proved.nested import Within
from kl_engine.quadrature.proved.table import Table

UNIT = 2.0**-53
SECOND = 1.001
TINY_RATIO = 2.0**-10  # of |v|: below it the power series itself is short
MILD = 2.0**15  # of a table's extent: what the lemma weighs is then below 1e12, and K e^−40 times that below 1
WEIGHTING = 50.0  # υ
POWERS = np.array([RULE.nodes**0, RULE.nodes, RULE.nodes**2])


class Levels(NamedTuple):
    """The components at panels, l = q₀ + q₁ t + q₂ t² at the node t: what there is to keep of most integrals."""

    q: np.ndarray  # (3, K, S, P)

    def log_densities(self, powers: np.ndarray = POWERS) -> np.ndarray:
        """(S, P, N) log Σ exp l_k, by the highest component, at nodes of which the `powers` 0, 1, 2 are given."""
        shape = self.q.shape[1:]
        levels = (self.q.reshape(3, -1).T @ powers).reshape(*shape, powers.shape[1])
        if shape[0] == 1:
            return levels[0]
        top = largest(levels)
        levels -= top
        total = total_of(np.exp(levels, out=levels))
        np.log(total, out=total)
        total += top
        return total


class Nodes(NamedTuple):
    """The components at panels: l = q₀ + q₁ t + q₂ t² at the node t, and X of the lemma."""

    table: Table  # with a column for each panel, or one for all
    centre: np.ndarray  # (P,)
    half: np.ndarray  # (P,)
    q: np.ndarray  # (3, K, S, P)
    rough: np.ndarray  # (S, P)
    seen: tuple[np.ndarray, np.ndarray] | None = None  # U and V, each (K, S, P), where they were at hand

    @classmethod
    def of(cls, table: Table, panels) -> Nodes:
        """At these panels."""
        q = panels.q if panels.q is not None else coefficients(table, panels.centre, panels.half)[2]
        return cls(table, panels.centre, panels.half, q, panels.rough, panels.seen)

    def pair(self, k: int) -> Nodes:
        """The first two sides alone, of k components."""
        if self.q.shape[1:3] == (k, 2):
            return self
        return Nodes(self.table.pair(k), self.centre, self.half, self.q[:, :k, :2], self.rough[:2])

    def standardised(self, side: int) -> tuple[np.ndarray, np.ndarray]:
        """(K, P) twice: U and V of a side, y = U + V t."""
        if self.seen is not None:
            return tuple(array[:, side] for array in self.seen)
        u = self.centre - self.table.means[:, side]
        return u * self.table.sharpness[:, side], self.half * self.table.sharpness[:, side]

    def log_densities(self, powers: np.ndarray = POWERS) -> np.ndarray:
        """Those of `Levels`."""
        return Levels(self.q).log_densities(powers)


class Integrand(Protocol):
    """One kind of integral."""

    first_cap: float  # of what `nested.cap_of` says, at the first look; 0: its bound needs ellipses of its own

    def bend(self, view: View) -> np.ndarray:
        """(P,) the least q₂ of what counts: f grows as exp(−q₂ B²) up the imaginary axis."""

    def log_error(self, view: View | Within, ellipses: Ellipses, half: np.ndarray) -> np.ndarray:
        """(P,) log of the bound of the rule's error on each panel."""

    def log_coarse_error(self, view: View, coarse: Coarse, half: np.ndarray) -> np.ndarray:
        """(P,) the same where no log is continued."""

    def ready(self, nodes: Nodes) -> Levels:
        """What `at` needs of the nodes, that may be kept."""

    def at(self, nodes: Levels) -> np.ndarray:
        """(M, P, N) f at the nodes, and what else is to be summed."""

    def weights(self, rough: np.ndarray) -> np.ndarray:
        """(M, P) by X (S, P): the rounding in υ is the sum of what is summed times these; at least 50 υ ∫|f|."""


class ByTheorem:
    """An integrand whose error is bounded by its size on the ellipse: what every kind has but those of signs.

    `size` is a bound of |f| on ellipses, as a log and a factor; `coarse_size` one of the entire part of f there, and
    the log of a bound of what is left of f on the panel itself.
    """

    first_cap = math.inf

    def ready(self, nodes: Nodes) -> Levels:
        """The components alone."""
        return Levels(nodes.q)

    def log_error(self, view: View | Within, ellipses: Ellipses, half: np.ndarray) -> np.ndarray:
        """The theorem."""
        return rule_error(*self.size(ellipses), half, ellipses.room)

    def log_coarse_error(self, view: View, coarse: Coarse, half: np.ndarray) -> np.ndarray:
        """The theorem for the entire part, and 4 h times the rest."""
        *entire, rest = self.coarse_size(coarse)
        return np.logaddexp(rule_error(*entire, half, np.log(coarse.a + coarse.b)), rest + np.log(4 * half))


class Relative(ByTheorem):
    """f = a (log a − log b): D(a‖b)."""

    def bend(self, view: View) -> np.ndarray:
        """That of a."""
        return view.highest[2, 0]

    def size(self, ellipses: Ellipses) -> tuple[np.ndarray, np.ndarray]:
        """|f| <= |a| (|g_a − g_b| + Λ_a + Λ_b)."""
        size = on_ellipse(ellipses.g[:, 0] - ellipses.g[:, 1], ellipses.a)
        size += ellipses.size[0]
        size += ellipses.size[1]
        return ellipses.top[0], size

    def coarse_size(self, coarse: Coarse) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """a (l₁ − l₁') and a (δ_a − δ_b)."""
        entire = on_ellipse(coarse.g[:, 0] - coarse.g[:, 1], coarse.a)
        return coarse.top[0], entire, coarse.here[0] + np.log(coarse.excess[0] + coarse.excess[1])

    def at(self, nodes: Levels) -> np.ndarray:
        """f, a, |f|: δf = a ((|r| + 1) δ log a + δ log b) and some roundings of f itself, r = log a − log b."""
        logs = nodes.log_densities()
        found = np.empty((3, *logs.shape[1:]))
        np.exp(logs[0], out=found[1])
        np.subtract(logs[0], logs[1], out=found[0])
        found[0] *= found[1]
        np.abs(found[0], out=found[2])
        return found

    def weights(self, rough: np.ndarray) -> np.ndarray:
        """|f| + a for δ log a, a for δ log b; exp and the operations 11 υ."""
        first, second = rough[:2]
        return np.array([0 * first, first + second + 11, first + (WEIGHTING + 11)])


class Positive(Relative):
    """f = a r − a + b with r = log a − log b: also D(a‖b), for ∫ a = ∫ b, but never negative, and of second order
    in r.
    """

    components = 0  # of a and b alone, where the table has more; 0: all of its components

    def bend(self, view: View) -> np.ndarray:
        """The lesser of those of a and b, of what counts at the centre."""
        return np.minimum.reduce(view.highest[2] * counts(view.highest[0]), axis=0)

    def size(self, ellipses: Ellipses) -> tuple[np.ndarray, np.ndarray]:
        """|f| <= |a| (|r| + 1) + |b|."""
        top, size = super().size(ellipses)
        return np.logaddexp(top, ellipses.top[1]), size + 1

    def coarse_size(self, coarse: Coarse) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """a (l₁ − l₁') − a + b, and the rest as for `Relative`."""
        top, entire, rest = super().coarse_size(coarse)
        return np.logaddexp(top, coarse.top[1]), entire + 1, rest

    def at(self, nodes: Levels) -> np.ndarray:
        """f, |a r|, |b − a|, and 16 υ of what is added up where r is far below 0; b − a = a (e^(−r) − 1)."""
        logs = nodes.log_densities()
        first, second = np.exp(logs)
        ratio = logs[0] - logs[1]
        bend = np.where(ratio > -1, first * np.expm1(-np.maximum(ratio, -1)), second - first)
        rise = first * ratio
        far = 16 * (first + second) * (ratio <= -1)
        return np.array([rise + bend, np.abs(rise), np.abs(bend), far])

    def weights(self, rough: np.ndarray) -> np.ndarray:
        """δf = |a r| δ log a + |b − a| δ log b; |f| is at most the sum of these."""
        first, second = rough[:2]
        return np.array([0 * first, first + (WEIGHTING + 16), second + (WEIGHTING + 16), 0 * first + 1])

    def of_ratio(self, v: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """f/b where a = (1 + v) b, and the size of its derivative."""
        return excess(v), np.abs(np.log1p(v))

    def most_of_ratio(self, most: np.ndarray) -> np.ndarray:
        """A bound of |f/b| where |v| <= most <= ½, v complex: |v|²."""
        return most * most


class Surprisal(Relative):
    """f = −a log b, with b the last side: the entropy where a is that too, else the cross entropy."""

    def size(self, ellipses: Ellipses) -> tuple[np.ndarray, np.ndarray]:
        """|f| <= |a| (|g_b| + Λ_b)."""
        return ellipses.top[0], on_ellipse(ellipses.g[:, -1], ellipses.a) + ellipses.size[-1]

    def coarse_size(self, coarse: Coarse) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """−a l₁ and −a δ_b."""
        return coarse.top[0], on_ellipse(coarse.g[:, -1], coarse.a), coarse.here[0] + np.log(coarse.excess[-1])

    def at(self, nodes: Levels) -> np.ndarray:
        """f, a, |f|."""
        logs = nodes.log_densities()
        density = np.exp(logs[0])
        values = -density * logs[-1]
        return np.array([values, density, np.abs(values)])

    def weights(self, rough: np.ndarray) -> np.ndarray:
        """δf = a (|log b| δ log a + δ log b)."""
        return np.array([0 * rough[0], rough[-1], rough[0] + (WEIGHTING + 11)])


def counts(logs: np.ndarray) -> np.ndarray:
    """Which of some functions, by their logs (S, P), are not lost beside the largest."""
    return logs > logs.max(axis=0) - FAINT


def largest(parts: np.ndarray) -> np.ndarray:
    """The largest of K arrays (K, …): of two in one operation, which a reduction is not."""
    return np.maximum(parts[0], parts[1]) if len(parts) == 2 else np.maximum.reduce(parts, axis=0)


def total_of(parts: np.ndarray) -> np.ndarray:
    """Their sum."""
    return parts[0] + parts[1] if len(parts) == 2 else np.add.reduce(parts, axis=0)


def excess(v: np.ndarray) -> np.ndarray:
    """(1 + v) log(1 + v) − v, with all its digits.

    It is Σ (−v)ⁿ/(n (n − 1)) from n = 2 on. With s = v/(2 + v), which is half as large, it is moreover
    2 s² (1 + (1 + s) (s/3 + s³/5 + s⁵/7 + …))/(1 − s), where |v| <= ½.
    """
    size = np.abs(v)
    if (most := float(size.max())) < TINY_RATIO:
        terms = 2 if most == 0 else 2 + math.ceil(-54 * math.log(2) / math.log(most))  # the rest is below υ/2
        series = v * (1 / (terms * (terms - 1)))
        for n in range(terms - 1, 1, -1):
            np.subtract(1 / (n * (n - 1)), series, out=series)
            series *= v
        series *= v
        return series
    small = size <= SERIES_BELOW
    near = v if small.all() else np.where(small, v, 0.0)
    s = near / (2 + near)
    square = s * s
    largest = float(square.max())
    terms = 1 if largest == 0 else max(1, math.ceil(-55 * math.log(2) / math.log(largest)))  # the rest is below υ/4
    series = np.full_like(s, 1 / (2 * terms + 1))
    for n in range(terms - 1, 0, -1):
        series *= square
        series += 1 / (2 * n + 1)
    series *= s * (1 + s)
    series += 1
    series *= 2 * square / (1 - s)
    return series if near is v else np.where(small, series, (1 + v) * np.log1p(v) - v)


def on_ellipse(g: np.ndarray, a: np.ndarray | float) -> np.ndarray:
    """(P,) a bound of |g₀ + g₁ u + g₂ u²|, g (3, P), on ellipses of semi-axis `a`."""
    size = np.abs(g)
    if isinstance(a, float):
        return np.array([1.0, a, a * a]) @ size
    return size[0] + a * (size[1] + a * size[2])


def roughness(view: View | Within) -> np.ndarray:
    """(S, P) X of the lemma; the faint are those that share e^−40 at most, of which nothing is left then."""
    k = len(view.v)
    parts = np.abs(view.u)
    parts += view.v
    parts *= parts
    parts += view.table.burden
    if k == 1:
        return 16 * parts[0] + 8
    if view.table.extent < MILD:
        parts *= view.reach > -FAINT
    else:
        shares = np.minimum(view.reach + math.log(k), 0.0)
        parts *= np.exp(shares, out=shares)
    rough = largest(parts)
    rough *= 32
    rough += 10 * math.log(k) + k + 8
    return rough
