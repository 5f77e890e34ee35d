"""Proved Hermite coefficients of a log density under many Gaussians: what the expectations beside them are bounded by.

Let q₀ = N(μ₀, σ₀²), z = (x − μ₀)/σ₀, and hₙ = Heₙ/√n! the Hermite polynomials, orthonormal under q₀. For f = log p, p a
mixture of Gaussians, and q = N(μ₀ + t σ₀, (1 + s) σ₀²) with |s| < 1,

    E_q f = Σ cₙ wₙ(t, s),   cₙ = E_q₀ hₙ f,   wₙ = vₙ/√n!,   vₙ₊₁ = t vₙ + n s vₙ₋₁   (the heat polynomials),

for wₙ is E_q hₙ, and q/q₀ has a mean square under q₀ (Parseval). Derivatives by t are taken term by term, and each
lowers n by one: (∂/∂t)ʲ E_q f = Σ cₘ √(m!/(m − j)!) wₘ₋ⱼ. All terms of a wₙ have positive coefficients, so that
|wₙ(t, s)| <= wₙ(T, S) where |t| <= T, |s| <= S; and what lies beyond the N-th coefficient is, by Cauchy and Schwarz,
at most ρ times the root of Σ (m!/(m − j)!) wₘ₋ⱼ²(T, S) over m > N, with ρ² = E f² − Σ_{n <= N} cₙ².

**The coefficients** are those of a quadratic, the log of a component k that is the highest near μ₀, which are exact,
and those of r = f − l_k, with 0 <= r <= log K + max_j (l_j − l_k)₊. On a panel of z the Gauss rule errs by at most what
the Bernstein ellipse allows (`quadrature.proved.ellipse`), |r| there being at most |g − l_k| + Λ and |hₙ(z)| at most hₙ
with the signs of its coefficients made positive, at |c| + h A. Beyond |z| = `REACH`, r <= e₀ + e₁ |z| + e₂ z², and
∫_{|z| > R} |z|ᵐ φ <= 2 Rᵐ⁻¹ φ(R)/(1 − m/R²).

**Rounding.** In units of z a mean and a std are off by 3 υ of themselves, υ = 2⁻⁵³, which moves l_j by at most
12 υ (U² + (m/√2s)²): the second is added to the burden of a component, and the lemma of `quadrature.proved.integrand`
taken twice over. The polynomials at a node are off by at most 2⁻⁴⁴ of what they are with positive coefficients.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from kl_engine.distributions.gaussian import Mixture
from kl_engine.estimates.rounding import LOG_ROOT_TAU, ROOT_TAU
from kl_engine.quadrature.crossings import BLOCK
from kl_engine.quadrature.panels import log_sum_exp
from kl_engine.quadrature.proved.cutting import REMOTE, halves
from kl_engine.quadrature.proved.ellipse import RULE, Ellipses, View, balanced, rule_error
from kl_engine.quadrature.proved.integrand import POWERS, UNIT, on_ellipse, roughness
from kl_engine.quadrature.proved.table import ROOT_HALF, Table

LAST = 12  # N
REACH = 11.0  # std of q
SEEDS = np.linspace(-REACH, REACH, 5)
NEAR = (-2.0, 0.0, 2.0)  # std of q
GOAL = 1e-11  # of a panel, relative to what r is near the mean; for r² to its square
ROUNDS = 30  # of cutting panels in two
POLYNOMIALS = 2.0**-44
FURTHER = 40  # terms beyond N that are added up, before a geometric series bounds the rest


class Hermite(NamedTuple):
    """The coefficients of log p under R Gaussians: (N + 1, R) and bounds of their errors, and (R,) ρ; inf: not proved.

    The first coefficient is that of r alone.
    """

    value: np.ndarray
    error: np.ndarray
    rest: np.ndarray

    @classmethod
    def of(cls, p: Mixture, mean: np.ndarray, std: np.ndarray) -> Hermite:
        """Under N(mean[i], std[i]²)."""
        step = max(1, BLOCK // (8 * RULE.nodes.size * p.weights.size))
        with np.errstate(all="ignore"):
            blocks = [_block(p, mean[i : i + step], std[i : i + step]) for i in range(0, mean.size, step)]
        return cls(*(np.concatenate(arrays, axis=-1) for arrays in zip(*blocks)))

    def chosen(self, rows) -> Hermite:
        """Some of the rows."""
        return Hermite(*(array[..., rows] for array in self))

    def derivative(self, j: int) -> tuple[np.ndarray, np.ndarray]:
        """(R,) twice: (∂/∂t)ʲ E_q f at t = s = 0, and a bound of its error."""
        scale = math.sqrt(math.factorial(j))
        return scale * self.value[j], scale * self.error[j]


class Spread(NamedTuple):
    """wₙ(T, S) for R boxes |t| <= T, |s| <= S: what bounds how far derivatives stray from those at the centre."""

    w: np.ndarray  # (N + 1 + FURTHER, R)
    t: np.ndarray
    s: np.ndarray

    @classmethod
    def of(cls, t: np.ndarray, s: np.ndarray) -> Spread:
        """For these T and S."""
        w = [np.ones_like(t), t]
        for n in range(1, LAST + FURTHER):
            w.append((t * w[n] + s * math.sqrt(n) * w[n - 1]) / math.sqrt(n + 1))
        return cls(np.array(w) * (1 + 1e-12), t, s)

    def beyond(self, found: Hermite, j: int, linear: bool) -> np.ndarray:
        """(R,) sup over the box of the j-th derivative less its value at the centre, or less its `linear` part.

        The linear part is that of w₁ = t and of w₂ = (t² + s)/√2.
        """
        m = np.arange(j + 1, LAST + 1)
        sizes = np.abs(found.value) + found.error
        w = self.w[1 : LAST + 1 - j].copy()
        if linear:
            w[0] = 0
            w[1:2] = self.t * self.t / math.sqrt(2)
        total = (sizes[m] * _factors(m, j)[:, None] * w).sum(axis=0)
        if linear:  # what the linear part is off by
            total += found.error[j + 1] * _factors(j + 1, j) * self.t
            total += found.error[j + 2] * _factors(j + 2, j) * self.s / math.sqrt(2)
        return total + found.rest * self._tail(j)

    def _tail(self, j: int) -> np.ndarray:
        """(R,) the root of Σ (m!/(m − j)!) wₘ₋ⱼ² over m > N; with wₙ <= A θⁿ where θ² = θ T/√n + S."""
        last = LAST + FURTHER
        m = np.arange(LAST + 1, last + 1)
        total = (_factors(m, j)[:, None] ** 2 * self.w[m - j] ** 2).sum(axis=0)
        step = self.t / math.sqrt(last - j)
        theta = 0.5 * (step + np.sqrt(step * step + 4 * self.s))
        first = np.maximum(self.w[last - j], self.w[last - j - 1] * theta) * theta
        ratio = theta * theta * ((last + 1) / (last + 1 - j)) ** j
        rest = _factors(last + 1, j) ** 2 * first * first / (1 - ratio)
        return np.sqrt(np.where(ratio < 1, total + rest, np.inf))


def _factors(m, j: int):
    """√(m!/(m − j)!)."""
    found = np.ones_like(m, dtype=np.float64)
    for i in range(j):
        found = found * (m - i)
    return np.sqrt(found)


def _block(p: Mixture, mean: np.ndarray, std: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """`Hermite.of` for few Gaussians."""
    table = _in_their_units(p, mean, std)
    parts = _quadratics(table)
    top, size = _leading(parts)
    lead = parts[:, top, np.arange(top.size)]
    total, noise = _integrals(table, top, GOAL * (1 + size))
    noise += _outside(_at_reach(parts, top))
    square = np.maximum(np.abs(total[:-1]) - noise[:-1], 0.0) ** 2
    rest = np.sqrt(np.maximum(total[-1] + noise[-1] - square.sum(axis=0), 0.0)) * (1 + 1e-9)
    value, error = total[:-1], noise[:-1]
    for n, scale in ((1, 1.0), (2, math.sqrt(2))):
        value[n] += scale * lead[n]
        error[n] += 2.0**-48 * np.abs(lead[n])
    if table.extent > REMOTE:  # so far off that the phases of a crossing are not known
        error += np.inf
    return value, error, rest


def _in_their_units(p: Mixture, mean: np.ndarray, std: np.ndarray) -> Table:
    """The components of p in units of each z, a column a Gaussian."""
    weights, means, stds = (np.tile(array[:, None, None], mean.size) for array in (p.weights, p.means, p.stds))
    means, stds = (means - mean) / std, stds / std
    sharpness, log_weights, log_stds = ROOT_HALF / stds, np.log(weights), np.log(stds)
    heights = log_weights - log_stds - LOG_ROOT_TAU
    burden = np.abs(log_weights) + np.abs(log_stds) + 1 + (means * sharpness) ** 2
    extent = float(((np.abs(means) + 20 * stds).max(axis=0) / stds.min(axis=0)).max())
    return Table(heights, means, sharpness, burden, weights, stds, float(burden.max()), float(heights.max()), extent)


def _quadratics(table: Table) -> np.ndarray:
    """(3, K, R) the log densities of the components as quadratics in z."""
    height, mean, sharp = (array[:, 0] for array in table[:3])
    return np.array([height - (mean * sharp) ** 2, 2 * mean * sharp * sharp, -sharp * sharp])


def _leading(parts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(R,) the component k of which r is least near the mean, of those that are the highest somewhere there; and r."""
    found = [(parts[0] + z * (parts[1] + z * parts[2])).argmax(axis=0) for z in NEAR]
    sizes = np.array([_near(parts, top) for top in found])
    least = sizes.argmin(axis=0)
    rows = np.arange(least.size)
    return np.array(found)[least, rows], sizes[least, rows]


def _near(parts: np.ndarray, top: np.ndarray) -> np.ndarray:
    """(R,) a bound of r = log p − l_k near the mean."""
    far = NEAR[-1]
    constant, slope, bend = parts - parts[:, top, np.arange(top.size)][:, None]
    rise = (constant + far * (np.abs(slope) + far * np.maximum(bend, 0.0))).max(axis=0)
    return math.log(len(constant)) + np.maximum(rise, 0.0)


def _at_reach(parts: np.ndarray, top: np.ndarray) -> np.ndarray:
    """(R,) e₀ + e₁ R + e₂ R² at R = `REACH`: a bound of r there, which grows as z² at most beyond."""
    constant, slope, bend = parts - parts[:, top, np.arange(top.size)][:, None]
    rise = np.maximum(constant, 0.0).max(axis=0)
    rise += REACH * (np.abs(slope).max(axis=0) + REACH * np.maximum(bend, 0.0).max(axis=0))
    return math.log(len(constant)) + rise


def _outside(most: np.ndarray) -> np.ndarray:
    """(N + 2, R) what lies beyond `REACH`, where r is `most` and grows as z² at most: of hₙ r, and of r²."""
    tail = 2 * math.exp(-0.5 * REACH * REACH) / (ROOT_TAU * REACH)
    sizes = _polynomials(np.array(REACH), 1.0)
    rows = [tail * size * most / (1 - (n + 2) / REACH**2) for n, size in enumerate(sizes)]
    return np.array([*rows, tail * most * most / (1 - 4 / REACH**2)])


def _integrals(table: Table, top: np.ndarray, goal: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(N + 2, R) twice: the integrals of hₙ r and r² within `REACH`, and bounds of their errors."""
    rows = top.size
    total, noise = np.zeros((2, rows, LAST + 2))
    centre, half = (np.tile(x, rows) for x in (0.5 * (SEEDS[1:] + SEEDS[:-1]), 0.5 * np.diff(SEEDS)))
    owner = np.arange(rows).repeat(SEEDS.size - 1)
    for _ in range(ROUNDS):
        view = View.of(table.of(owner), centre, half)
        base, size, far = _bounds(view, top[owner], centre, half)
        here = goal[owner]
        good = (base * far <= here) & (base * size <= here * here / GOAL)
        if good.any():
            value, error = _sums(view, good, top[owner], centre, half)
            error[:, :-1] += (base * far)[good, None]
            error[:, -1] += (base * size)[good]
            np.add.at(total, owner[good], value)
            np.add.at(noise, owner[good], error)
        if good.all():
            return total.T, noise.T
        centre, half, owner = halves(centre[~good], half[~good], owner[~good])
    noise[owner] = np.inf
    return total.T, noise.T


def _bounds(view: View, top: np.ndarray, centre: np.ndarray, half: np.ndarray) -> tuple[np.ndarray, ...]:
    """(P,) thrice: a bound of the rule's error for r on each panel, and what to multiply it by for r² and for hₙ r."""
    rates = view.phase_rates()
    b = np.minimum(view.widest(rates), balanced(-0.5 * half * half))
    a = np.sqrt(1 + b * b)
    ellipses = Ellipses.of(view, rates, a, b)
    lead = view.q[:, top, 0, np.arange(top.size)]
    size = on_ellipse(ellipses.g[:, 0] - lead, a) + ellipses.size[0]
    far = _polynomials(np.abs(centre) + half * a, 1.0).max(axis=0)
    inside = np.maximum(np.abs(centre) - half * a, 0.0)
    level = 0.5 * ((half * b) ** 2 - inside * inside) - LOG_ROOT_TAU
    return np.exp(rule_error(level, size, half, ellipses.room)), size, far


def _sums(view: View, good: np.ndarray, top: np.ndarray, centre: np.ndarray, half: np.ndarray):
    """(P, N + 2) twice: the rule's sums of hₙ r and r² on the good panels, and their roundings."""
    rows = np.flatnonzero(good)
    top, centre, half = top[rows], centre[rows, None], half[rows, None]
    q = view.q[:, :, 0, rows]
    levels = np.tensordot(q, POWERS, (0, 0))  # (K, P, nodes)
    levels -= levels[top, np.arange(rows.size)]
    r = log_sum_exp(levels)
    z = centre + half * RULE.nodes
    weight = half * np.exp(-0.5 * z * z) / ROOT_TAU * RULE.weights
    hermite, sizes = _polynomials(z, -1.0), _polynomials(np.abs(z), 1.0)
    rough = roughness(view)[0, rows]
    u, v = (np.abs(array[:, 0, rows])[top, np.arange(rows.size)] for array in (view.u, view.v))
    burden = view.table.burden[:, 0]
    burden = burden[top, rows] if burden.shape[1] > 1 else burden[top, 0]
    rough = 2 * UNIT * (rough + 16 * (burden + (u + v) ** 2) + 8)
    mass = weight * r
    value = [*np.einsum("npk,pk->np", hermite, mass), np.einsum("pk,pk->p", mass, r)]
    error = [*(rough * np.einsum("npk,pk->np", np.abs(hermite), weight)), 2 * rough * mass.sum(axis=1)]
    spent = [*np.einsum("npk,pk->np", sizes, mass), value[-1]]
    return np.array(value).T, np.array(error).T + POLYNOMIALS * np.abs(spent).T


def _polynomials(z: np.ndarray, sign: float) -> np.ndarray:
    """(N + 1, …) hₙ(z); with the sign 1 that of its second term is positive, as are then all of its coefficients."""
    found = [np.ones_like(z), z]
    for n in range(1, LAST):
        found.append((z * found[n] + sign * math.sqrt(n) * found[n - 1]) / math.sqrt(n + 1))
    return np.array(found)
