"""The α-divergences, f = (α p + (1−α) q − p^α q^(1−α))/(α (1−α)), for α <= ½ but 0; the sides are p and q.

**On an ellipse** p^α q^(1−α) = exp(α log p + (1−α) log q), whose logs are g within Λ. With r = log p − log q and
|e^y − 1| <= |y| max(1, |e^y|),

    (1−α) f = p − q − q (e^(αr) − 1)/α,      (1−α) |f| <= |p| + |q| + |r| max(|q|, |p^α q^(1−α)|).

**What lies beyond the ends.** On the line f <= 2 (p + q |r|) for 0 < α <= ½, for there p^α q^(1−α) is between p and q.
For α < 0, f <= p + q |r| where p >= q; elsewhere, with s = −r > 0, it is at most p + q (e^(|α|s) − 1)/|α|, which grows
with |α|, so that for any β >= |α| it is at most p + p^−β q^(1+β)/β: a β that is not too small serves where |α| is next
to nothing. There p is at least any component of its own, and (Σ_b y_b)^(1+β) <= K^β Σ_b y_b^(1+β), so that the tilted
density is below K^β times the sum over the components b of q of a^−β b^(1+β), each a bell, with that a for which it
holds least.
"""

from __future__ import annotations

import math

import numpy as np

from kl_engine.estimates.checks import refuse
from kl_engine.estimates.rounding import LOG_ROOT_TAU
from kl_engine.quadrature.proved.ellipse import Coarse, Ellipses, View
from kl_engine.quadrature.proved.integral import GOAL, Integral, Value
from kl_engine.quadrature.proved.integrand import WEIGHTING, Levels, Positive, counts, on_ellipse
from kl_engine.quadrature.proved.matched import Matched
from kl_engine.quadrature.proved.reach import Bells, reach
from kl_engine.quadrature.proved.relative import DIGITS, LEAST, NEAR, chained, settled
from kl_engine.quadrature.proved.table import Table

SMALL = 0.5  # of |r| and |α r|: below it the integrand is summed as a series, in which nothing cancels
LEAST_POWER = 0.125  # where it is small enough by itself
WELL = 1e-13  # an error that the densities themselves are hardly below
SERIES_TERMS = 18  # 0.5^18/18! is below 2⁻⁷⁰ of the first


class Tilted(Positive):
    """The integrand of one α."""

    first_cap = 0.0  # Λ stands in an exponent here: it must be as small as it can be

    def __init__(self, alpha: float) -> None:
        self.alpha = alpha

    def bend(self, view: View) -> np.ndarray:
        """The least of those of p, q and the tilted density, of what counts at the centre."""
        heights, _, bends = (np.array([p, q, self.alpha * p + (1 - self.alpha) * q]) for p, q in view.highest)
        return np.minimum.reduce(bends * counts(heights), axis=0)

    def size(self, ellipses: Ellipses) -> tuple[np.ndarray, np.ndarray]:
        """The bound above."""
        ratio = on_ellipse(ellipses.g[:, 0] - ellipses.g[:, 1], ellipses.a) + ellipses.size[0] + ellipses.size[1]
        spread = abs(self.alpha) * ellipses.size[0] + (1 - self.alpha) * ellipses.size[1]
        tilted = self.alpha * ellipses.g[:, 0] + (1 - self.alpha) * ellipses.g[:, 1]
        return self._in_all(ellipses.top, ratio, _supremum(tilted, ellipses.a, ellipses.b) + spread), np.float64(1)

    def coarse_size(self, coarse: Coarse) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """With r₁ = l₁ − l₁' for r all is entire; the rest is −q e^(αr₁) (e^(α(δ_p − δ_q)) − 1)/(α (1−α))."""
        a, b = coarse.a, coarse.b
        ratio = coarse.g[:, 0] - coarse.g[:, 1]
        entire = self._in_all(coarse.top, on_ellipse(ratio, a), coarse.top[1] + _supremum(self.alpha * ratio, a, b))
        here = coarse.here[1] + np.maximum(0.0, _supremum(self.alpha * ratio, np.ones_like(a), np.zeros_like(b)))
        apart = coarse.excess.sum(axis=0)
        return entire, np.float64(1), here + np.log(apart) + abs(self.alpha) * apart - math.log1p(-self.alpha)

    def _in_all(self, top: np.ndarray, ratio: np.ndarray, tilted: np.ndarray) -> np.ndarray:
        steep = np.log(ratio) + np.maximum(top[1], tilted)
        return np.logaddexp(np.logaddexp(top[0], top[1]), steep) - math.log1p(-self.alpha)

    def of_ratio(self, v: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(1 + αv − (1 + v)^α)/(α (1−α)), and |1 − (1 + v)^(α−1)|/(1−α)."""
        alpha, r = self.alpha, np.log1p(v)
        small = max(1.0, abs(alpha)) * np.abs(r) < SMALL
        far = (v - r * growth(alpha * r)) / (1 - alpha)
        return np.where(small, series(np.where(small, r, 0.0), alpha), far), np.abs(np.expm1((alpha - 1) * r)) / (
            1 - alpha
        )

    def most_of_ratio(self, most: np.ndarray) -> np.ndarray:
        """The second derivative of f/q is (1 + v)^(α−2), so that |f/q| <= ½ |v|² 2^(2−α) where |v| <= ½."""
        return most * most * 2 ** (1 - self.alpha)

    def at(self, nodes: Levels) -> np.ndarray:
        """f, |p − p^α q^(1−α)|/(1−α), |q − p^α q^(1−α)|/α, and the roundings of what is summed."""
        alpha, logs = self.alpha, nodes.log_densities()
        p, q = np.exp(logs)
        ratio = logs[0] - logs[1]
        y = alpha * ratio
        tilted = np.exp(logs[1] + y)
        calm = np.abs(y) < 1
        raised = np.where(calm, q * ratio * growth(np.where(calm, y, 0.0)), (tilted - q) / alpha)
        small = max(1.0, abs(alpha)) * np.abs(ratio) < SMALL
        r = np.where(small, ratio, 0.0)
        values = np.where(small, q * series(r, alpha), (p - q - raised) / (1 - alpha))
        rise = np.where(small, q * (np.expm1(r) - np.expm1(alpha * r)), p - q - alpha * raised)
        slope_p = np.abs(rise) / (1 - alpha)
        slope_q = np.where(small, slope_p + values, np.abs(raised))
        summed = (16 + WEIGHTING) * (p + q + np.abs(raised) + tilted * np.abs(ratio)) / (1 - alpha)
        return np.array([values, slope_p, slope_q, np.where(small, (64 + WEIGHTING) * np.abs(values), summed)])

    def weights(self, rough: np.ndarray) -> np.ndarray:
        """δf is these two times δ log p and δ log q."""
        return np.array([0 * rough[0], rough[0], rough[1], 0 * rough[0] + 1])


def growth(y: np.ndarray) -> np.ndarray:
    """(e^y − 1)/y, 1 at 0: dividing by α itself would lose an α that is hardly a double."""
    return np.divide(np.expm1(y), y, out=np.ones_like(y), where=y != 0)


def _supremum(g: np.ndarray, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """(P,) sup Re of g₀ + g₁ u + g₂ u² on ellipses: of g₀ − g₂ B² + |g₁| A x + g₂ (A² + B²) x² over 0 <= x <= 1."""
    slope, bend = np.abs(g[1]) * a, g[2] * (a * a + b * b)
    x = np.where(bend < 0, np.minimum(1.0, slope / np.maximum(-2 * bend, 1e-300)), 1.0)
    return g[0] - g[2] * (b * b) + x * (slope + x * bend)


def series(r: np.ndarray, alpha: float) -> np.ndarray:
    """(α e^r + 1 − α − e^(αr)) / (α (1−α)) = Σ_{n>=2} (1 + α + … + α^(n−2)) r^n/n!, which nowhere divides by α."""
    power, coefficient = 0.5 * r * r, 1.0
    total = power.copy()
    for n in range(3, SERIES_TERMS + 1):
        power = power * r / n
        coefficient = 1 + alpha * coefficient
        total += coefficient * power
    return total


def solve(table: Table, alpha: float) -> Value:
    """D_α of one row, right to its own digits where it is small.

    The changes of the components of an alike pair keep the digits of a small D; but where a rare component of p has
    next to nothing of it in q, or the reverse, 1 + v is next to 0, and its rounding is raised to the power α − 1: what
    is not found well so is found by the densities themselves, and the smaller error stands.
    """
    apart, plain = chained(table), Tilted(alpha)
    if not apart[0] < NEAR:
        return _solved(table, plain, np.full(1, GOAL / DIGITS))
    found = _solved(table, Matched(plain), np.maximum(apart, LEAST))
    if found.error[0] <= WELL:
        return found
    other = _solved(table, plain, np.full(1, GOAL / DIGITS))
    return found if found.error[0] <= other.error[0] else other


def _solved(table: Table, kind: Tilted | Matched, size: np.ndarray) -> Value:
    alpha = kind.kind.alpha if isinstance(kind, Matched) else kind.alpha
    bells = tilted_bells(table, alpha) if alpha < 0 else None
    most = np.inf if alpha < 0 else 1 / (alpha * (1 - alpha))

    def integral_of(goal: np.ndarray) -> Integral:
        return Integral.of(table, kind, reach(table, goal, both=True, bells=bells, most=most), goal)

    with np.errstate(all="ignore"):
        return settled(integral_of, size)[1]


def tilted_bells(table: Table, alpha: float) -> Bells:
    """The bells whose sum is above p^−β q^(1+β)/β, of one row; ValueError where their tails are all rounding."""
    first, second = (_present(table, side) for side in (0, 1))
    with np.errstate(all="ignore"):
        alpha = min(alpha, -_least_power(first, second))
        log_share = -alpha * math.log(second.shape[1]) - math.log(-alpha)
        bells = _bells(first, second, alpha)
        logs, means, widths = bells
        if not (falls := np.isfinite(widths)).any(axis=0).all():
            raise refuse("alpha", "another value: at this one the widest components' tails cancel to rounding", alpha)
        least = np.where(falls, logs, np.inf).argmin(axis=0), np.arange(logs.shape[1])
        logs, means, widths = logs[least], means[least], widths[least]
        _, at, about = (lines.ravel() for lines in bells)
        held = alpha * _log_density(first, at) + (1 - alpha) * _log_density(second, at) + np.log(about) + LOG_ROOT_TAU
        level = np.nansum(np.exp(held)) / -alpha
        return Bells((logs + log_share)[:, None], means[:, None], widths[:, None], np.array([level]))


def _least_power(first: np.ndarray, second: np.ndarray) -> float:
    """A β so small that the bells fall off, and that e^(βs) is at most about e where q has its mass."""
    s = float(np.max(_log_density(second, second[1]) - _log_density(first, second[1])))
    wider = float(second[2].max() / first[2].max()) ** 2
    return min(LEAST_POWER, 1 / max(s, 1.0), 0.5 / (wider - 1) if wider > 1 else 1.0)


def _present(table: Table, side: int) -> np.ndarray:
    """(3, K) the heights, means and stds of the components of a side of the first row."""
    there = table.weights[:, side, 0] > 0
    return np.array([lines[there, side, 0] for lines in (table.heights, table.means, table.stds)])


def _bells(first: np.ndarray, second: np.ndarray, alpha: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Log masses, means and stds of a^α b^(1−α), each (K, K'); nan where it grows instead of falling off."""
    (height, mean, std), (heights, means, stds) = first[:, :, None], second[:, None]
    narrowing = stds / std
    precision = alpha * narrowing * narrowing + (1 - alpha)  # in units of b's
    precision = np.where(precision > 0, precision, np.nan)
    gap = (mean - means) / std
    width = stds / np.sqrt(precision)
    logs = alpha * height + (1 - alpha) * heights - 0.5 * alpha * (1 - alpha) * gap * gap / precision
    return logs + np.log(width) + LOG_ROOT_TAU, means + alpha * narrowing * gap * stds / precision, width


def _log_density(parts: np.ndarray, x: np.ndarray) -> np.ndarray:
    """The log of the density at points (X,)."""
    heights, means, stds = parts[:, :, None]
    return np.logaddexp.reduce(heights - 0.5 * ((x - means) / stds) ** 2, axis=0)
