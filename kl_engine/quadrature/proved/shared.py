"""The Jensen-Shannon divergence, one integral: f = ½ (p log(p/m) + q log(q/m)), m = ½ (p + q); the sides are p, q, m.

With p = (1 + v) q it is ½ q (F(v) − 2 F(v/2)), F(x) = (1 + x) log(1 + x) − x. On the line 0 <= f <= ½ log 2 (p + q).
"""

from __future__ import annotations

import numpy as np

from kl_engine.distributions.gaussian import GaussianMixture, Mixture
from kl_engine.quadrature.proved.ellipse import Coarse, Ellipses
from kl_engine.quadrature.proved.integral import GOAL, Integral, Value
from kl_engine.quadrature.proved.integrand import WEIGHTING, Levels, Nodes, Positive, excess, on_ellipse
from kl_engine.quadrature.proved.matched import Matched
from kl_engine.quadrature.proved.reach import reach
from kl_engine.quadrature.proved.relative import DIGITS, LEAST, NEAR, chained, settled
from kl_engine.quadrature.proved.table import table_of


class Shared(Positive):
    """The integrand, of p and q with at most so many components."""

    def __init__(self, components: int) -> None:
        self.components = components

    def size(self, ellipses: Ellipses) -> tuple[np.ndarray, np.ndarray]:
        """|f| <= ½ Σ |p| (|g_p − g_m| + Λ_p + Λ_m)."""
        sizes = [
            on_ellipse(ellipses.g[:, i] - ellipses.g[:, 2], ellipses.a) + ellipses.size[i] + ellipses.size[2]
            for i in (0, 1)
        ]
        return np.logaddexp(*(ellipses.top[i] + np.log(sizes[i]) for i in (0, 1))), np.float64(1)

    def coarse_size(self, coarse: Coarse) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """½ Σ p (l₁ − l₁'), and ½ Σ p (δ_p − δ_m)."""
        entire = [coarse.top[i] + np.log(on_ellipse(coarse.g[:, i] - coarse.g[:, 2], coarse.a)) for i in (0, 1)]
        rest = [coarse.here[i] + np.log(coarse.excess[i] + coarse.excess[2]) for i in (0, 1)]
        return np.logaddexp(*entire), np.float64(1), np.logaddexp(*rest)

    def of_ratio(self, v: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """½ (F(v) − 2 F(v/2)), and the size of its derivative."""
        return 0.5 * excess(v) - excess(0.5 * v), 0.5 * np.abs(np.log1p(v) - np.log1p(0.5 * v))

    def most_of_ratio(self, most: np.ndarray) -> np.ndarray:
        """The second derivative of f/q is ¼/((1 + v) (1 + v/2)), below 1 where |v| <= ½."""
        return most * most

    def ready(self, nodes: Nodes) -> Levels:
        """The components of p and q."""
        return Levels(nodes.q[:, : self.components, :2])

    def at(self, nodes: Levels) -> np.ndarray:
        """f, |∂f/∂log p|, |∂f/∂log q| and other roundings; in terms of v where p and q are close."""
        logs = nodes.log_densities()
        r = logs[0] - logs[1]
        far = np.log1p(np.exp(-np.abs(r))) - np.log(2)  # log((1 + e^−|r|)/2)
        densities = np.exp(logs)
        parts = -0.5 * densities * np.where([r > 0, r <= 0], far, far + np.abs(r))
        v = np.expm1(np.clip(r, -0.5, 0.5))
        size, slope = self.of_ratio(v)
        close = np.abs(r) < 0.4
        values = np.where(close, densities[1] * size, parts.sum(axis=0))
        parts = np.abs(parts)
        bent = densities[1] * slope * (1 + v)
        rest = np.where(close, 8 * bent * np.abs(r) + 32 * values, (32 * parts + 16 * densities).sum(axis=0))
        rest += WEIGHTING * np.abs(values)
        return np.array([values, np.where(close, bent, parts[0]), np.where(close, bent + values, parts[1]), rest])

    def weights(self, rough: np.ndarray) -> np.ndarray:
        """δf = ½ |p log(p/m)| δ log p + ½ |q log(q/m)| δ log q."""
        return np.array([0 * rough[0], rough[0], rough[1], 0 * rough[0] + 1])


def solve(p: Mixture, q: Mixture) -> Value:
    """JS(p, q), right to its own digits where p and q have like components."""
    weights, means, stds = (np.concatenate([getattr(a, name) for a in (p, q)]) for name in ("weights", "means", "stds"))
    table = table_of(p, q, GaussianMixture(0.5 * weights, means, stds))[0]
    k = max(p.weights.size, q.weights.size)
    pair = table.pair(k)
    apart = chained(pair)
    kind: Shared | Matched = Shared(k)
    size = np.full(1, GOAL / DIGITS)
    if apart[0] < NEAR:
        kind, size = Matched(kind), np.maximum(0.25 * apart, LEAST)
    return settled(lambda goal: Integral.of(table, kind, reach(pair, goal, both=True, most=1.0), goal), size)[1]
