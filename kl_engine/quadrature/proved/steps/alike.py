"""D(a‖b) of mixtures whose components are alike one by one, by one rule of equal steps: few nodes, and all digits.

The names are those of `strip`, whose rule and whose bound of K″ of b hold here too, and of `matched`: component j of a
is that of b times e^Δ, Δ = h − (y e − τ) (y (2 + e) − τ), y = (x − m)/√2s of b, and with the shares p_j of b

    v = (a − b)/b = Σ p_j (e^(Δ_j) − 1),      f = b F(v),      F(v) = (1 + v) log(1 + v) − v.

**In a rectangle** |y (z)| <= Y = |y (x)| + d √c, so that |Δ| <= G = s + C + B Y + A Y², s = |log(w/w')| + |log(s'/s)|,
A = |e| (2 + |e|), B = 2 |τ| (1 + |e|), C = τ². By what `strip` says of b, with η = ½ here, |p_j(z)| <= p_j(x)/η. Let g
be above all G on the rectangle. Where g e^g <= ½ η there is |v| <= Σ p_j G_j e^(G_j)/η <= ½; so a has no zero there
either, |F(v)| <= |v|², and as a square of a mean is at most the mean of the squares

    |f(z)|  <=  b(x) e^(γ d²) e^(2g)/η² Σ p_j G_j²,
    M  <=  3 e^(γ d²) e^(2g)/η² Σ w_j ((s + C)² + B² E Y² + A² E Y⁴),      E Y² <= 1 + 2 δ²,   E Y⁴ <= 6 + 8 δ⁴,

δ = d √c, for b p_j is component j of b, under which y is z/√2 and z a standard Gaussian. On a short side |f| is at most
b e^(γ d²) g² e^(2g)/η².

**Outside** 0 <= f <= b v² <= Σ w_j φ(z_j) G_j² e^(2G_j), as F(v) <= v² for every v >= −1. Every |z_j| is above R >= 8
there, and G_j at most g (z/R)², g <= ¼, so that with (z/R)⁴ <= exp(2 (z²/R² − 1)) the integrand falls from
φ(R) g² e^(2g) on at least as exp(−0.45 (z² − R²)): both sides of all components hold at most 2.3 φ(R) g² e^(2g)/R.

**Rounding**, with the lemmas of both. By `matched` v is off by υ (2 + Σ p_j G_j e^g (60 + K + 16 (k_j + y²) + X)),
X that of b, which is at most 32 |log b| + X₀; and |log b| <= |T| + (T − log b) <= |T| + log(s_j/s) − log w_j + y² for
every j. So with W_j = 60 + K + 16 k_j + X₀ + 32 (|T| + log(s_j/s) − log w_j) v is off by
υ (2 + e^g Σ p_j G_j (W_j + 48 y²)), and f by b |log(1 + v)| times that. As |log(1 + v)| <= 1.16 |v| and
log²(1 + v) <= 2.5 F(v) where |v| <= ¼, by Schwarz's inequality the sum is off by at most

    υ (2.32 h Σ b |v| + e^g √(5 D Σ w_j I_j)),   I = 3 ((s + C)² (2 W² + 3456) + B² (W² + 8640) + A² (1.5 W² + 30240)),

I the integral of G² (W + 48 y²)² at most: sums at equal steps h <= s/2 of a Gaussian times a power of |z| are at most
twice their integrals.

The rest of f is relative: υ X for b, and some for F, the products and the sum.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from kl_engine.distributions.gaussian import Mixture
from kl_engine.estimates.rounding import LOG_ROOT_TAU
from kl_engine.quadrature.proved.integral import OBJECTS
from kl_engine.quadrature.proved.integrand import SECOND, UNIT, excess, total_of
from kl_engine.quadrature.proved.relative import LEAST, NEAR
from kl_engine.quadrature.proved.steps.strip import (
    BEYOND,
    CHUNK,
    LEAST_OF_LAST,
    LESS,
    MORE,
    MOST_TRIES,
    NEAR_GOAL,
    PLAIN,
    SHORT,
    SPAN,
    Side,
    nodes_between,
    rounded_down,
    standardised,
    variance_of,
    width,
)
from kl_engine.quadrature.proved.table import ROOT_HALF

ETA = 0.5
MOST_CHANGE = 0.2  # g: then g e^g is below ½ η
GOAL = 2.0**-54  # of what D is at most, about
OPERATIONS = 100.0  # υ of f, for F, the products and the weights


class Alike(NamedTuple):
    """The rule for one pair: what may be kept."""

    parts: np.ndarray  # (K, N) the components of b at the nodes
    lift: np.ndarray  # (K, N) Δ
    logs: np.ndarray  # (N,) log b
    step: float
    truncation: float
    noise: float  # over υ √(2.5 D)
    rough: float  # X₀

    def value(self) -> tuple[float, float, int]:
        """D, a bound of its error, and the number of nodes."""
        rise = np.expm1(self.lift)
        rise *= self.parts
        v, density = total_of(rise), total_of(self.parts)
        v /= density
        values = excess(v)
        values *= density
        total = self.step * float(np.add.reduce(np.add.reduce(values.reshape(-1, CHUNK), axis=1)))
        relative = 32 * self.step * float(np.dot(values, np.abs(self.logs)))
        relative += (self.rough + OPERATIONS + CHUNK + values.size / CHUNK) * total
        weights = 2.32 * self.step * float(np.dot(density, np.abs(v)))
        noise = weights + math.sqrt(2.5 * total) * self.noise + relative
        return total, SECOND * UNIT * noise + self.truncation, values.size

    def numbers(self) -> int:
        """About how many numbers it holds."""
        return OBJECTS + 2 * self.parts.size + self.logs.size


class Difference(NamedTuple):
    """Of component j of a from that of b."""

    h: float
    e: float
    tau: float
    flat: float  # s + C
    slope: float  # B
    bend: float  # A
    weight: float  # w of b
    mean: float
    inverse: float  # √c of b
    height: float  # H of b

    @classmethod
    def of(cls, w: float, m: float, s: float, other_w: float, other_m: float, other_s: float) -> Difference | None:
        """Of the parameters of both; None where they alone make g too large."""
        v, e = (w - other_w) / other_w, (other_s - s) / s
        if not (abs(v) < 2 * MOST_CHANGE and abs(e) < 2 * MOST_CHANGE):
            return None
        weight, width, tau = math.log1p(v), math.log1p(e), (m - other_m) * ROOT_HALF / s
        flat = abs(weight) + abs(width) + tau * tau
        slope, bend = 2 * abs(tau) * (1 + abs(e)), abs(e) * (2 + abs(e))
        height = math.log(other_w / other_s) - LOG_ROOT_TAU
        return cls(weight + width, e, tau, flat, slope, bend, other_w, other_m, ROOT_HALF / other_s, height)

    def change(self, y: float) -> float:
        """G."""
        return self.flat + y * (self.slope + y * self.bend)

    def square(self, d: float) -> float:
        """w E G² as M has it."""
        delta = (d * self.inverse) ** 2
        squares = self.flat**2, self.slope**2 * (1 + 2 * delta), self.bend**2 * (6 + 8 * delta * delta)
        return 3 * self.weight * sum(squares)

    def noise(self, side: Side, rough: float) -> float:
        """w I."""
        s, log_w = ROOT_HALF / self.inverse, math.log(self.weight)
        many = 60 + len(side.means) + 16 * (1 - log_w + abs(math.log(s))) + rough
        many += 32 * (abs(side.top) + math.log(s / side.least) - log_w)
        square = many * many
        squares = self.flat**2 * (2 * square + 3456), self.slope**2 * (square + 8640)
        return 3 * self.weight * (sum(squares) + self.bend**2 * (1.5 * square + 30240))


def apart(p: Mixture, q: Mixture) -> float:
    """About a bound of D, each component with that of its number; inf where they are not alike."""
    if p.weights.size != q.weights.size:
        return math.inf
    lines = (array.tolist() for each in (p, q) for array in (each.weights, each.means, each.stds))
    total = 0.0
    for w, m, s, other_w, other_m, other_s in zip(*lines):
        v, e, t = (w - other_w) / other_w, (s - other_s) / other_s, (m - other_m) / other_s
        total += 0.5 * other_w * v * v + w * (e * e + 0.5 * t * t)
        if not total < 2 * NEAR:
            return math.inf
    return total


def alike(p: Mixture, q: Mixture, size: float) -> Alike | None:
    """The rule for D(p‖q), which is about `size` at most; None where this is not the way to find it."""
    if not size > LEAST or (raw := standardised(p, q)) is None:
        return None
    lists = raw.tolist()
    b = Side.of(*lists[1])
    if not (b and Side.of(*lists[0])):
        return None
    parts, goal = [Difference.of(*each) for each in zip(*lists[0], *lists[1])], GOAL * size
    if None in parts:
        return None
    low, high = b.interval(math.sqrt(max(64.0, 2 * math.log(10 * max(each.change(8.0) for each in parts) ** 2 / goal))))
    variance, step = MORE * b.variance(), math.inf
    for _ in range(MOST_TRIES):
        d = width(variance, b.gamma, ETA)
        wanted = 2 * math.pi * d / math.log(_long(parts, b, d, MOST_CHANGE) / goal)
        step = rounded_down(wanted if step == math.inf else max(LESS * min(wanted, step), LEAST_OF_LAST * step))
        if (found := nodes_between(low, high, step)) is None or b.least_log(*found[1]) < PLAIN:
            return None
        g = _largest_change(parts, d, *found[1])
        if not g <= MOST_CHANGE:
            return None
        held, lift, logs = _at(parts, found[0])
        variance = variance_of(logs[None], step, (b.gamma,))
        if (
            error := _error(parts, b, logs, step, min(d, width(variance, b.gamma, ETA)), g, found[1])
        ) <= NEAR_GOAL * goal:
            inside, rough = slice(BEYOND, -BEYOND), b.rough()
            noise = math.exp(g) * math.sqrt(2 * sum(each.noise(b, rough) for each in parts))
            return Alike(held[:, inside], lift[:, inside], logs[inside], step, error, noise, rough)
    return None


def _long(parts: list[Difference], b: Side, d: float, g: float) -> float:
    """2 M √e: with e^(−2πd/h) it is above what the long sides hold."""
    return 2 * math.exp(b.gamma * d * d + 2 * g + 0.5) / ETA**2 * sum(each.square(d) for each in parts)


def _largest_change(parts: list[Difference], d: float, low: float, high: float) -> float:
    """g."""
    return max([each.change((max(each.mean - low, high - each.mean) + d) * each.inverse) for each in parts])


def _error(
    parts: list[Difference],
    b: Side,
    logs: np.ndarray,
    step: float,
    d: float,
    g: float,
    ends: tuple[float, float],
) -> float:
    """Of the rule, with what lies outside; inf where nothing is proved."""
    low, high = ends
    rate = 2 * math.pi * d / step
    if rate < 1:
        return math.inf
    (first, second), (third, last) = logs[SPAN : BEYOND + 1].tolist(), logs[-BEYOND - 1 : -SPAN].tolist()
    highest = 0.5 * max(first + second, third + last) + 0.25 * b.gamma * step * step
    size = g * g * math.exp(2 * g)
    short = SHORT * step * math.exp(highest + b.gamma * d * d) * size / ETA**2
    far = min(min(m - low, high - m) / s for m, s in zip(b.means, b.stds)) - (BEYOND + 1) * step / b.least
    return _long(parts, b, d, g) * math.exp(-rate) + short + _outside(g, far)


def _outside(g: float, far: float) -> float:
    """What all components hold of f beyond so many of their std."""
    return 2.3 * g * g * math.exp(2 * g - 0.5 * far * far - LOG_ROOT_TAU) / far if far >= 8 else math.inf


def _at(parts: list[Difference], x: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The components of b at nodes, Δ of each, and log b."""
    lines = [(each.h, each.e, 2 + each.e, each.tau, each.height, each.mean, each.inverse) for each in parts]
    h, e, more, tau, height, mean, inverse = np.array(lines).T[..., None]
    y = x - mean
    y *= inverse
    lift = y * e
    lift -= tau
    other = y * more
    other -= tau
    lift *= other
    np.subtract(h, lift, out=lift)
    y *= y
    np.subtract(height, y, out=y)
    np.exp(y, out=y)
    return y, lift, np.log(total_of(y))
