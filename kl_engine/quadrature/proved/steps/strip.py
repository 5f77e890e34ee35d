"""D(a‖b) of one pair by the trapezoidal rule, whose error is proved by the log densities at its own nodes.

Where the components of both mixtures are of about one size, both densities can be continued equally far everywhere:
into a strip about the line. Then one rule of equal steps serves for all of it, with a third of the nodes that panels
take, and nothing is searched for. A step is guessed; what it is worth is proved.

**The rule.** Let f be analytic on the rectangle [L, R] + i [−d, d], and x_j = x₀ + j h the nodes in it, L and R half a
step beyond the first and the last of them. The function 1/(1 − e^(−2πi (z − x₀)/h)) has a pole at every node, with the
residue h/(2πi), so that by the theorem of residues the sum h Σ f(x_j) less ∫ f is the integral of f times
1/(e^(∓2πi (z − x₀)/h) − 1) along the other three sides of the upper and of the lower half of the rectangle, up to
signs. On the long side that is at most 1/(e^(2πd/h) − 1), and on a short one, at the height y, 1/(e^(2πy/h) + 1), whose
integral over y is below h log 2/2π. So

    |h Σ f(x_j) − ∫_L^R f|  <=  2 M/(e^(2πd/h) − 1)  +  (h log 2/π) (F_L + F_R),

M a bound of ∫ |f(x ± id)| dx and F of |f| on a short side; the first term is Theorem 5.1 of L. N. Trefethen, J. A. C.
Weideman, SIAM Review 56 (2014) 385.

**Where a density has no zero.** Let H_k − c_k (x − m_k)² be the log of component k of a, c_k = 1/2s_k², and γ the
largest c_k. Then A(z) = a(z) e^(γ z²) = Σ exp(H_k − c_k m_k² + 2 c_k m_k z + (γ − c_k) z²) is ∫ e^(zt) dμ(t) with a
positive measure μ, a sum of Gaussians of variance 2 (γ − c_k) >= 0. So K = log A is convex on the line, and K″(x) is
the variance of t under e^(xt) dμ(t)/A(x), about its mean K′(x). As cos u >= 1 − ½ u²,

    Re A(x + iy) e^(−iy K′(x))  =  A(x) E cos(y (t − K′(x)))  >=  A(x) (1 − ½ y² K″(x)),      |A(x + iy)| <= A(x).

Where K″ <= V on [L, R] and d² V <= 2 (1 − η), η > 0, there is no zero in the rectangle, and on the way from x to x + iy
the argument of A stays within π/2 of y K′(x). As K′ = (log a)′ + 2γx, that is to say for |y| <= d

    log η  <=  log |a(z)| − log a(x) − γ y²  <=  0,      |arg a(z) − y (log a)′(x)| <= π/2.

**What bounds K″.** Let Δ_r(x) = K(x + r) + K(x − r) − 2 K(x). As ½ r² u² <= cosh(ru) − 1, the variance of t at x is at
most E (t − t₀)² <= (2/r²) (E cosh(r (t − t₀)) − 1) for every t₀, where E e^(±r (t − t₀)) = exp(K(x ± r) − K(x) ∓ r t₀).
With U± >= K(x ± r) and t₀ = (U₊ − U₋)/2r both exponents are at most ½ (U₊ + U₋) − K(x). Let r be `SPAN` steps, and
x = (1 − θ) x_j + θ x_(j+1). By convexity K(x ± r) is at most its chord between two nodes; and K(x) lies above the
chords of the step before and of the step after, continued, so that it falls short of its own chord by at most ½ q, q
the larger one of Δ_h at x_j and x_(j+1). So everywhere on [L, R]

    K″  <=  V  =  (2/r²) (exp(½ max Δ_r + ½ max Δ_h) − 1),

the maxima over the nodes, `BEYOND` of which lie on either side outside. There Δ_r is that of log a + 2 γ r². So the
values at the nodes themselves prove that they are enough: what is too narrow to be seen by them is in γ.

**What bounds f** = a (log a − log b). Let T = −log(s √2π), s the least std. With the shares p_k = e^(l_k)/a of the
components l_k, which are log a + log p_k, and Σ p_k log(w_k/p_k) <= 0,

    Σ p_k c_k (x − m_k)²  =  Σ p_k (H_k − l_k)  <=  T − log a,

so that T is above log a, and by Schwarz's inequality |(log a)′| = 2 |Σ p_k c_k (x − m_k)| <= 2 √(γ (T − log a)), hence
d |(log a)′| <= κ (1 + T − log a), κ = d √γ. With the same for b and its T′, κ′, γ′,

    |f(z)| <= a(x) e^(γ d²) ((1 + κ) (T − log a) + (1 + κ′) (T′ − log b) + κ + κ′ + |T − T′| + |γ − γ′| d² + π − log η).

As −log a is at most −l_k for every k, and −Σ w log w <= log K, under a the mean of T − log a is at most
log K + log(S/s) + ½, S the largest std of a, and that of T′ − log b at most T′ − H′ + c′ (Δ² + S²): H′, c′ and m′ of
the widest component of b, and Δ the farthest of the means of a from m′. This gives M. F is the same at L and R, where
log a is at most the mean of those at the nodes on both sides + ¼ γ h², and both logs are at least 1½ times that at the
next node inside less ½ times that at the one after − ¾ γ h², all by convexity of K.

**Outside** of [L, R] every component of a has |z| > R, z = (x − m_i)/s_i, where (x − m′)² <= 2Δ² + 2 S² z². So there

    |log a − log b|  <=  |T − T′| + (T − log a) + (T′ − log b)  <=  α + β z²

under component i, β = ½ + 2 c′ S² and α = |T − T′| − log w + log(S/s) + T′ − H′ + 2 c′ Δ², w the least weight, and with
∫ φ <= 2φ(R)/R and ∫ z² φ <= (R² + 1) 2φ(R)/R over |z| > R, what is left out is at most (α + β (R² + 1)) 2φ(R)/R.

**Rounding**, with υ and the names of `integrand`. Nodes are exact. x − m is off by υ of itself, 1/√2s by 3 υ, so that
l_k is off by 12 υ (|log w| + |log s| + 1 + U²), the sum of exponentials by the mean of that under the shares and by
υ (8 + K − 1), its log by 8 υ |log a| more. The mean of U² is at most T − log a, as above, and that of −log w at most
T − log a + log K, as −log w_k <= T − l_k. Where exponentials might underflow they are taken from the highest component
on: then the log is off by 8 υ log K, and υ |log a| and υ log K come from the differences, whose mean is at most log K.
With K υ for the weights, whose sum is 1 to that, and S₀ the largest |log s|, |δ log a| <= υ X,

    X  =  12 (2 (T − log a) + S₀ + 1) + 8 |log a| + 2 K + 21 log K + 7  <=  32 |log a| + X₀,
    X₀  =  24 |T| + 12 (S₀ + 1) + 2 K + 21 log K + 7.

f is off by a ((|log a − log b| + 1) δ log a + δ log b) and by 11 υ (a + |f|) for the exponential and the operations,
and the sum, a sum of sums of `CHUNK`, by (`CHUNK` + their number + 2) υ Σ |f|. What the logs are off by is felt in V
too: as they are above `LEAST_LOG`, X is below 2²¹, so that ½ Δ_r + ½ Δ_h is off by less than `SLACK`.
"""

from __future__ import annotations

import math
from operator import add, sub
from typing import NamedTuple

import numpy as np

from kl_engine.distributions.gaussian import Mixture
from kl_engine.estimates.rounding import LOG_ROOT_TAU
from kl_engine.quadrature.proved.integral import GOAL, OBJECTS
from kl_engine.quadrature.proved.integrand import SECOND, UNIT
from kl_engine.quadrature.proved.table import ABSENT, ROOT_HALF

SPAN = 3  # steps of r
BEYOND = SPAN + 1  # nodes on either side, outside
CHUNK = 16  # nodes that are summed at once
ETA = 1 / 32
FACTOR = math.log(1 / ETA) + math.pi
GROWTH = 3.0  # γ d² at most, so that the short sides do not count beside the long ones
SLACK = 2.0**-29
SHORT = SECOND * 2 * math.log(2) / math.pi  # of both ends, and what rounding does to it
MOST_NODES = 6000  # where more are needed, panels take less time
MOST_STEPS = 2.0**30  # of a node from 0, so that it is exact
FINE = 2.0**20  # and a step is a whole number of so small parts of a power of two
COUNTED = np.arange(MOST_NODES + 2 * (CHUNK + BEYOND), dtype=np.float64)
BLOCK = 2**14  # values in one array
PLAIN = -600.0  # of log densities: no digit of their exponentials is lost
LEAST_LOG = -(2.0**15)  # of a density at a node
TAME = 2.0**60  # no mean, std or inverse of one is larger: then no square overflows
LEAST_WEIGHT = 2.0**-900  # of which, over a std, no digit is lost
MOST_TRIES = 3
NEAR_GOAL = 8.0  # times the goal is near enough
MORE = 1.9  # than a guess, about, is V
LESS = 0.97  # than the step that V was found to allow, for the next try
LEAST_OF_LAST = 0.25  # of the last step
MOST_EXPONENT = 6.0  # of what bounds K″: nodes are too few to say anything
FEW = 12  # components of a side whose valleys are looked at; of more it is
MANY = 2.2  # times γ
LARGEST = 2.0**400  # a unit of length, or the inverse of the smallest


class Strip(NamedTuple):
    """The rule for one pair: what may be kept."""

    logs: np.ndarray  # (2, N) log a and log b at the nodes; N is a multiple of `CHUNK`
    step: float
    truncation: float  # what the rule errs by, and what lies outside
    rough: float  # X₀ of the lemma of rounding, the larger one of both

    def value(self) -> tuple[float, float, int]:
        """D, a bound of its error, and the number of nodes."""
        n = self.logs.shape[1]
        parts, sizes = np.empty((3, n)), np.empty((3, n))
        mass, size, values = parts
        np.exp(self.logs[0], out=mass)
        np.subtract(self.logs[0], self.logs[1], out=values)
        values *= mass
        np.abs(values, out=size)
        sizes[0] = 1.0
        np.abs(self.logs, out=sizes[1:])
        total = self.step * float(np.add.reduce(np.add.reduce(values.reshape(-1, CHUNK), axis=1)))
        (mass, first, second), (size, more, _) = np.dot(parts[:2], sizes.T).tolist()
        noise = 32 * (first + second + more) + (2 * self.rough + 11) * mass
        noise += (self.rough + 13 + CHUNK + n / CHUNK) * size
        return total, SECOND * UNIT * self.step * noise + self.truncation, n

    def numbers(self) -> int:
        """About how many numbers it holds."""
        return OBJECTS + self.logs.size


class Side(NamedTuple):
    """What is asked of a mixture, in a unit in which all is of the size of 1."""

    weights: list[float]
    means: list[float]
    stds: list[float]
    least: float  # s
    most: float  # S
    top: float  # T
    gamma: float
    widest: tuple[float, float, float]  # H, c and m of the widest component

    @classmethod
    def of(cls, weights: list[float], means: list[float], stds: list[float]) -> Side | None:
        """Of its parameters; None where something that is made of it might overflow or underflow."""
        least, most = min(stds), max(stds)
        sizes = least > 1 / TAME and most < TAME and min(means) > -TAME and max(means) < TAME
        if not (sizes and min(weights) > LEAST_WEIGHT):
            return None
        i = stds.index(most)
        widest = math.log(weights[i] / most) - LOG_ROOT_TAU, 0.5 / (most * most), means[i]
        top = -math.log(least) - LOG_ROOT_TAU
        return cls(weights, means, stds, least, most, top, 0.5 / (least * least), widest)

    def spread(self) -> float:
        """log(S/s)."""
        return math.log(self.most / self.least)

    def interval(self, far: float) -> tuple[float, float]:
        """What lies within so many std of a component."""
        widths = [far * s for s in self.stds]
        return min(map(sub, self.means, widths)), max(map(add, self.means, widths))

    def least_log(self, low: float, high: float) -> float:
        """What the log density is above on [low, high]."""
        height, c, mean = self.widest
        return height - c * max(mean - low, high - mean) ** 2

    def rough(self) -> float:
        """X₀."""
        k, largest = len(self.stds), max(abs(math.log(self.least)), abs(math.log(self.most)))
        return 24 * abs(self.top) + 12 * (largest + 1) + 2 * k + 21 * math.log(k) + 7

    def variance(self) -> float:
        """About the largest K″: a guess, which costs time if it is wrong.

        Where component k alone is seen it is 2 (γ − c_k); where two cross, of difference δ, it is δ′²/4 more than
        2γ − c − c′. Those are looked at that are next to one another.
        """
        if len(self.means) > FEW:
            return MANY * self.gamma
        found, before = 2 * self.gamma - 1 / (self.most * self.most), None
        for m, s, w in sorted(zip(self.means, self.stds, self.weights)):
            c, height = 0.5 / (s * s), math.log(w / s)
            if before:
                other, place, level = before
                steep = c * other * (m - place) ** 2 - (c - other) * (height - level)
                found = max(found, max(steep, 0.0) + 0.9 * abs(c - other) + 2 * self.gamma - c - other)
            before = c, m, height
        return found


class Bound(NamedTuple):
    """What bounds f, with the names of the module."""

    gamma: tuple[float, float]  # of a and of b
    top: tuple[float, float]  # T and T'
    first: float  # the mean of T − log a under a, at most
    second: float  # that of T' − log b
    alpha: float
    beta: float

    @classmethod
    def of(cls, a: Side, b: Side) -> Bound:
        """Of a pair."""
        height, c, mean = b.widest
        far, square = max(max(a.means) - mean, mean - min(a.means)) ** 2, a.most * a.most
        first, deep = math.log(len(a.means)) + a.spread() + 0.5, b.top - height
        alpha = abs(a.top - b.top) - math.log(min(a.weights)) + a.spread() + deep + 2 * c * far
        return cls((a.gamma, b.gamma), (a.top, b.top), first, deep + c * (far + square), alpha, 0.5 + 2 * c * square)

    def reach(self) -> tuple[float, float]:
        """R, and a bound of what is left out."""
        square = 2 * math.log((self.alpha + 100 * self.beta) / GOAL)
        tail = 2 * math.exp(-0.5 * square - LOG_ROOT_TAU) / math.sqrt(square)
        return math.sqrt(square), (self.alpha + self.beta * (square + 1)) * tail

    def ratio(self, first: float, second: float, d: float) -> float:
        """What a e^(γ d²) is multiplied with, where T − log a is at most `first` and T' − log b at most `second`."""
        a, b = self.gamma
        kappa, other = d * math.sqrt(a), d * math.sqrt(b)
        logs = (1 + kappa) * first + (1 + other) * second + kappa + other
        return logs + abs(self.top[0] - self.top[1]) + abs(a - b) * d * d + FACTOR

    def step(self, variance: float) -> float:
        """About the largest step with which the error is the goal."""
        d = width(variance, self.gamma[0], ETA)
        return 2 * math.pi * d / (math.log(2 * self.ratio(self.first, self.second, d) / GOAL) + self.gamma[0] * d * d)

    def error(self, logs: np.ndarray, step: float, variance: float) -> float:
        """Of the rule, by the logs (2, N) at all nodes; V is `variance`, and e^u − 1 above e^(u − ½) from u = 1 on."""
        gamma, other = self.gamma
        d = width(variance, self.gamma[0], ETA)
        grown, rate = gamma * d * d, 2 * math.pi * d / step
        if rate < 1:
            return math.inf
        left, right = logs[:, SPAN : SPAN + 3].tolist(), logs[:, -BEYOND - 2 : 1 - BEYOND].tolist()
        (a, near, inner), (within, close, b) = left[0], right[0]
        highest = 0.5 * max(a + near, b + close) + 0.25 * gamma * step * step
        least = min(1.5 * near - 0.5 * inner, 1.5 * close - 0.5 * within) - 0.75 * gamma * step * step
        (_, near, inner), (within, close, _) = left[1], right[1]
        lowest = min(1.5 * near - 0.5 * inner, 1.5 * close - 0.5 * within) - 0.75 * other * step * step
        short = SHORT * step * math.exp(highest + grown) * self.ratio(self.top[0] - least, self.top[1] - lowest, d)
        return 2 * self.ratio(self.first, self.second, d) * math.exp(grown + 0.5 - rate) + short


def strip(p: Mixture, q: Mixture) -> Strip | None:
    """The rule for D(p‖q); None where this is not the way to find it."""
    if (raw := standardised(p, q)) is None:
        return None
    a, b = (Side.of(*[line[: each.weights.size] for line in lines]) for each, lines in zip((p, q), raw.tolist()))
    if not (a and b):
        return None
    bound = Bound.of(a, b)
    far, beyond = bound.reach()
    low, high = a.interval(far)
    step, lines = bound.step(MORE * max(a.variance(), b.variance())), None
    for _ in range(MOST_TRIES):
        step = rounded_down(step)
        if (found := nodes_between(low, high, step)) is None:
            return None
        x, ends = found
        least = min(a.least_log(*ends), b.least_log(*ends))
        if least < LEAST_LOG:
            return None
        lines = lines or _lines(raw, len(a.means), len(b.means))
        logs = _log_densities(*lines, x, least > PLAIN)
        variance = variance_of(logs, step, bound.gamma)
        error = bound.error(logs, step, variance)
        if error <= NEAR_GOAL * GOAL:
            return Strip(logs[:, BEYOND:-BEYOND], step, error + beyond, max(a.rough(), b.rough()))
        step = max(LESS * min(bound.step(variance), step), LEAST_OF_LAST * step)
    return None


def width(variance: float, gamma: float, eta: float) -> float:
    """d, where V is `variance`: as wide as that and η allow, but the short sides are not to count."""
    return math.sqrt(min(2 * (1 - eta) / variance, GROWTH / gamma) if variance > 0 else GROWTH / gamma)


def variance_of(logs: np.ndarray, step: float, gammas: tuple[float, ...]) -> float:
    """V of densities with the logs (S, N) at the nodes, the largest; inf where nodes are too few to say anything."""
    bent = np.empty((2, len(gammas), logs.shape[1] - 2 * SPAN))
    np.add(logs[:, 2 * SPAN :], logs[:, : -2 * SPAN], out=bent[0])
    np.add(logs[:, BEYOND : 1 - SPAN], logs[:, SPAN - 1 : -BEYOND], out=bent[1])
    bent -= 2 * logs[:, SPAN:-SPAN]
    square = SPAN * SPAN * step * step
    both = zip(*np.maximum.reduce(bent, axis=2).tolist(), gammas)
    most = max([0.5 * (far + near) + gamma * (square + step * step) for far, near, gamma in both]) + SLACK
    return 2 * math.expm1(most) / square if most < MOST_EXPONENT else math.inf


def nodes_between(low: float, high: float, step: float) -> tuple[np.ndarray, tuple[float, float]] | None:
    """The nodes over [low, high], `BEYOND` more on either side, and what all lie between; None of too many."""
    if not (high - low < MOST_NODES * step and max(-low, high) < MOST_STEPS * step):
        return None
    first = math.floor(low / step) - BEYOND
    inner = math.ceil(high / step) - first - BEYOND + 1
    count = inner + -inner % CHUNK + 2 * BEYOND
    return (COUNTED[:count] + first) * step, (first * step, (first + count) * step)


def rounded_down(step: float) -> float:
    """A whole number of parts of a power of two."""
    digits, exponent = math.frexp(step)
    return math.ldexp(math.floor(digits * FINE) / FINE, exponent)


def standardised(p: Mixture, q: Mixture) -> np.ndarray | None:
    """(2, 3, K) weights, means and stds over a power of two near the first std; of fewer components the first again."""
    scale = math.ldexp(1.0, math.frexp(float(p.stds[0]))[1])
    if not 1 / LARGEST < scale < LARGEST:
        return None
    lines = (p.weights, p.means, p.stds), (q.weights, q.means, q.stds)
    if lines[0][0].size == lines[1][0].size:
        raw = np.array(lines)
    else:
        raw = np.empty((2, 3, max(weights.size for weights, *_ in lines)))
        for side, arrays in zip(raw, lines):
            for line, array in zip(side, arrays):
                line[: array.size], line[array.size :] = array, array[0]
    raw[:, 1:] /= scale  # exactly
    return raw


def _lines(raw: np.ndarray, *sizes: int) -> tuple[np.ndarray, ...]:
    """Heights, means and 1/√2s, each (2, K, 1); the height of what is not there is that of nothing."""
    heights = np.log(raw[:, 0] / raw[:, 2])
    heights -= LOG_ROOT_TAU
    if sizes[0] != sizes[1]:
        for height, size in zip(heights, sizes):
            height[size:] = ABSENT
    return heights[..., None], raw[:, 1, :, None], (ROOT_HALF / raw[:, 2])[..., None]


def _log_densities(
    heights: np.ndarray, means: np.ndarray, sharpness: np.ndarray, x: np.ndarray, plain: bool
) -> np.ndarray:
    """(2, N) log a and log b, in blocks of bounded memory; if not `plain`, from the highest component on."""
    block = max(CHUNK, BLOCK // heights.size)
    if x.size > block:
        parts = [_log_densities(heights, means, sharpness, x[i : i + block], plain) for i in range(0, x.size, block)]
        return np.concatenate(parts, axis=1)
    levels = x - means
    levels *= sharpness
    levels *= levels
    np.subtract(heights, levels, out=levels)
    if not plain:
        highest = np.maximum.reduce(levels, axis=1)
        levels -= highest[:, None]
    np.exp(levels, out=levels)
    total = levels[:, 0] + levels[:, 1] if levels.shape[1] == 2 else np.add.reduce(levels, axis=1)
    np.log(total, out=total)
    return total if plain else total + highest
