"""The proved bound: how far log densities of mixtures can be continued into the complex plane around a panel.

**Theorem** (Trefethen, Approximation Theory and Approximation Practice, (19.8) with n = N − 1, scaled by h). Let f be
analytic inside the Bernstein ellipse E_ρ about the panel [c − h, c + h], z = c + h u with u = A cos θ + i B sin θ,
A = (ρ + 1/ρ)/2, B = (ρ − 1/ρ)/2, and |f| <= M there. The N-point Gauss rule errs by at most
64 h M ρ^(−2N) / (15 (1 − ρ^(−2))).

**What is bounded.** On a panel component k is exp l_k, l_k = q₀ + q₁ u + q₂ u² with real coefficients. For real d₁, d₂
and u in E_ρ:

    |Im (d₁ u + d₂ u²)| <= |d₁| B + |d₂| A B,      |d₁ u + d₂ u²| <= |d₁| A + |d₂| A²,

since u² = A² cos² θ − B² sin² θ + i A B sin 2θ. These functions are harmonic or have a subharmonic modulus, so that
what holds on the ellipse holds inside.

**Where Σ exp l_k has no zero.** Write Σ_k e^(l_k) = e^g Σ_k e^(l_k − g) with g any quadratic: here the highest
component at the centre plus the middle of the differences of the coefficients of those that matter, which halves the
phases. Let |Im (l_k − g)| <= φ < π/2 for the components k of a set M that holds the highest one, l₁, and let S be the
sum over all others of sup |e^(l_k − l₁)|. Then

    Re Σ_k e^(l_k − g) >= cos φ Σ_M |e^(l_k − g)| − S |e^(l₁ − g)| >= (cos φ − S) Σ_M |e^(l_k − g)|,

which is positive where S < cos φ. So there log Σ_k e^(l_k) = g + Log Σ_k e^(l_k − g) is analytic, its imaginary part
is that of g within π/2. With T = max over M of sup |l_k − g − (its value at the centre)|, and since that value is 0 for
the highest component and at most 0 for the others,

    −T + log (cos φ − S)  <=  log |Σ_k e^(l_k − g)|  <=  T + log (1 + S) + log K,

so that |log Σ_k e^(l_k) − g| <= Λ = π/2 + T − log (cos φ − S) + log 2K, as S < 1. A component that comes near another
within the ellipse is either in M, where its phase counts, or in S, where its height counts: none is overlooked,
however narrow and however faint it is.

**Rounding.** The coefficients are computed from U = (c − m)/√2s and V = h/√2s, and g is what was computed, so that only
l_k is in error: by at most 64 ε (counted, as in `integrand`: 6 ε) (burden + (|U| + V A)²) anywhere on the ellipse.
Four times that (`SLACK`) is added to every phase and every height. Where k is in M it is below `MOST_PHASE`, so that
the error itself is below 3/8; what that does to Λ, and the rounding of the bound itself (some 1e-13 of it), is in
`MARGIN`. Seen from very far (`remote`), l₁ itself is taken as it is in truth, and g with it: then l₁ has no error and
every other component its own and that of l₁, which stands in Λ too, for what was computed of g.

**Where that rounding is large** (components 1e7 and more of their std away, whose logs are of the order of 1e14),
the phases of a crossing are not known, and need not be. On the panel itself l₁ <= log Σ exp l_k <= l₁ + δ with
δ = log K + max sup (l_k − l₁). What is integrated with l₁ for the log is entire; the rest, at most δ times the first
density, errs by at most the sum of its integral and of its rule, 4 h sup δ: small beside logs so large (`Coarse`).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from kl_engine.quadrature.proved.rule import gauss_rule
from kl_engine.quadrature.proved.table import Table

RULE = gauss_rule(24)
SLACK = 2.0**-44  # 256 ε
NEAR_EXTENT = 2.0**15  # of a table: then no |U| + V A is above 11 · 2¹⁵, and no burden above 1500, so that
NEAR_SLACK = 0.01  # is above every slack
SLACK_HERE = 2.0**-48  # 16 ε; counted, it is 6
MARGIN = 0.5  # nats: 1.6 times; Λ >= π/2 grows by no more than 3/8 a side, 1.24 times
POWER = 2 * RULE.nodes.size - 0.5
LOG_CONSTANT = math.log(44) + MARGIN
WIDEST_PHASE = 1.45  # what an ellipse is made for: the bound needs a little room below π/2
MOST_PHASE = 1.5  # what a component of M may have
MATTERS = -4.0  # nats below the highest one, on the panel: from there on a component has a say in g
WIDEST = 8.0  # B; a larger ellipse gains nothing
HIGHEST = 600.0  # nats; an exponential beyond it would overflow


def rule_error(log_top: np.ndarray, size: np.ndarray, half: np.ndarray, room: np.ndarray) -> np.ndarray:
    """log of a bound of the error, log M = log_top + log size, log ρ = `room`.

    The integral and its rule are 2 h M at most, each, so that with the theorem the error is at most h M times
    min(4, 64 ρ^(−2N) / (15 (1 − ρ^(−2)))) <= 44 ρ^(½ − 2N), whatever ρ is.
    """
    bound = np.log(size * half)
    bound += log_top
    bound -= POWER * room
    bound += LOG_CONSTANT
    return bound


def coefficients(table: Table, centre: np.ndarray, half: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """U = (c − m)/√2s and V = h/√2s, (K, S, P), and (3, K, S, P) H − U², −2 U V, −V²."""
    u = centre - table.means
    u *= table.sharpness
    v = half * table.sharpness
    q = np.empty((3, *u.shape))
    np.subtract(table.heights, u * u, out=q[0])
    np.multiply(u, v, out=q[1])
    q[1] *= -2.0
    np.multiply(v, v, out=q[2])
    np.negative(q[2], out=q[2])
    return u, v, q


class View(NamedTuple):
    """Components at panels: l_k = q₀ + q₁ u + q₂ u², their differences from the highest one at the centre."""

    table: Table  # with a column for each panel, or one for all
    u: np.ndarray  # (K, S, P) (c − m) sharpness
    v: np.ndarray  # (K, S, P) h sharpness
    q: np.ndarray  # (3, K, S, P) q₀, q₁, q₂
    highest: np.ndarray  # (3, S, P) q of the highest one
    gap: np.ndarray  # (3, K, S, P) q − highest
    sizes: np.ndarray  # (2, K, S, P) |gap| of q₁ and q₂
    reach: np.ndarray  # (K, S, P) sup of the difference on the panel itself, in nats
    middle: np.ndarray  # (2, S, P) what g has beyond the highest one
    top: np.ndarray  # (S, P) which one is the highest

    @classmethod
    def of(cls, table: Table, centre: np.ndarray, half: np.ndarray) -> View:
        """The view from panels."""
        u, v, q = coefficients(table, centre, half)
        if len(u) == 1:
            nothing = np.zeros_like(q)
            first = np.zeros(u.shape[1:], dtype=np.intp)
            return cls(table, u, v, q, q[:, 0], nothing, nothing[1:], nothing[0], nothing[:2, 0], first)
        if len(u) == 2:
            top = q[0, 1] > q[0, 0]
            highest = np.where(top, q[:, 1], q[:, 0])
        else:
            top = q[0].argmax(axis=0)
            highest = q.reshape(3, -1).take(top * top.size + np.arange(top.size).reshape(top.shape), axis=1)
        gap = q - highest[:, None]
        sizes = np.abs(gap[1:])
        reach = np.maximum(gap[2], 0)
        reach += sizes[0]
        reach += gap[0]
        counted = gap[1:] * (reach > MATTERS)  # the highest one counts as 0
        middle = counted[:, 0] + counted[:, 1] if len(u) == 2 else counted.min(axis=1) + counted.max(axis=1)
        middle *= 0.5
        return cls(table, u, v, q, highest, gap, sizes, reach, middle, top)

    def of_highest(self) -> np.ndarray:
        """(K, S, P) which component is the highest one."""
        return np.arange(len(self.u))[:, None, None] == self.top

    def phase_rates(self) -> np.ndarray:
        """(2, K, S, P) |d₁| and |d₂| of l_k − g."""
        rates = self.gap[1:] - self.middle[:, None]
        return np.abs(rates, out=rates)

    def widest(self, rates: np.ndarray) -> np.ndarray:
        """(P,) a B for which every component is either of small phase or faint; a guess, which `Ellipses` proves.

        |d₁| B + |d₂| B (1 + B) = `WIDEST_PHASE` for the phase; reach + (|d₁| + 2 |d₂|) B = −`faint` for the height.
        """
        if len(self.u) == 1:
            return np.full(self.u.shape[2], WIDEST)
        faint = max(1.0, math.log(len(self.u)) - 1.4)
        both = rates[0] + rates[1]
        root = both * both
        root += (4 * WIDEST_PHASE) * rates[1]
        both += np.sqrt(root, out=root)
        wide = (2 * WIDEST_PHASE) / both
        deep = -faint - self.reach
        deep /= self.sizes[0] + 2 * self.sizes[1]
        return np.fmin.reduce(np.fmax(wide, deep).reshape(-1, self.u.shape[2]), axis=0)

    def slack(self, a: np.ndarray) -> np.ndarray | float:
        """(K, S, P) four times what rounding does to each l_k on ellipses of semi-axis A; one number where all is
        near.
        """
        if self.table.extent < NEAR_EXTENT:
            return NEAR_SLACK
        slack = np.abs(self.u)
        slack += self.v * a
        slack *= slack
        slack += self.table.burden
        slack *= SLACK
        return slack


def balanced(bend: np.ndarray) -> np.ndarray:
    """A B that balances ρ^(−2N) against exp(−bend · B²), bend <= 0."""
    return np.minimum(np.sqrt(-RULE.nodes.size / bend), WIDEST)


class Ellipses(NamedTuple):
    """What is proved on the ellipses of given A and B: all (S, P)."""

    a: np.ndarray | float  # (P,) of the ellipses on which sizes are taken
    b: np.ndarray | float
    room: np.ndarray  # (P,) log ρ of those on which there is no zero: the same, or smaller ones (`nested`)
    size: np.ndarray  # Λ: |log Σ − g| <= Λ; inf or nan where nothing is proved
    top: np.ndarray  # log of a bound of |Σ|, in nats
    g: np.ndarray  # (3, S, P) the coefficients of g
    sure: np.ndarray | float  # (S, P) cos φ − S; nan where that is not above 0, so that what is made of it is nan too
    reach: np.ndarray  # (K, S, P) sup of l_k − l₁: the share of a component is at most e^min(reach, 0) over `sure`

    @classmethod
    def of(cls, view: View, rates: np.ndarray, a: np.ndarray, b: np.ndarray, remote: bool = False) -> Ellipses:
        """With A and B (P,) of the ellipses; `remote`: with the error of l₁ in Λ, where it may be large."""
        g = view.highest.copy()
        g[1:] += view.middle
        slack = view.slack(a)
        top = _top(view, slack, a, b)
        own = _without_highest(slack, view.of_highest()) if remote else 0.0
        room = np.log(a + b)
        if len(view.u) == 1:
            one = np.ones_like(top)
            return cls(a, b, room, np.zeros_like(top) + own, top, g, one, np.zeros_like(one[None]))
        span = rates[1] * a
        span += rates[0]
        near = span * b <= MOST_PHASE - slack
        reach = _reach(view, slack, a)
        span *= near
        rest = np.add.reduce(np.exp(np.where(near, -np.inf, reach)), axis=0)
        most = np.maximum.reduce(slack * near, axis=0) if remote or not isinstance(slack, float) else slack
        # What the highest one may be off by; and the cosine of a phase that is larger by the slack.
        rest *= np.exp(most)
        rest += most
        largest = np.maximum.reduce(span, axis=0)
        sure = np.cos(largest * b)
        sure -= rest
        sure[~(sure > 0)] = np.nan
        largest *= a
        largest -= np.log(sure)
        largest += own + (math.log(2 * len(near)) + math.pi / 2)
        return cls(a, b, room, largest, top, g, sure, reach)


class Coarse(NamedTuple):
    """What holds where no log is continued: all (S, P)."""

    a: np.ndarray  # (P,)
    b: np.ndarray  # (P,)
    top: np.ndarray  # log of a bound of |Σ| on the ellipse
    here: np.ndarray  # the same on the panel itself
    excess: np.ndarray  # δ
    g: np.ndarray  # (3, S, P) the coefficients of l₁

    @classmethod
    def of(cls, view: View, a: np.ndarray, b: np.ndarray) -> Coarse:
        """With A and B (P,) of the ellipses."""
        slack = view.slack(a)
        near = SLACK_HERE * ((np.abs(view.u) + view.v) ** 2 + view.table.burden)
        excess = (view.reach + near).max(axis=0) + near.max(axis=0) + math.log(len(view.u))
        one, none = np.ones_like(a), np.zeros_like(b)
        return cls(a, b, _top(view, slack, a, b), _top(view, near, one, none), excess, view.highest)


def _without_highest(slack: np.ndarray, here: np.ndarray) -> np.ndarray:
    """(S, P) the slack of the highest component, which is added to that of every other one, in place."""
    own = np.where(here, slack, 0.0).sum(axis=0)
    slack += own
    slack[here] = 0.0
    return own


def _reach(view: View, slack: np.ndarray | float, a: np.ndarray) -> np.ndarray:
    """(K, S, P) sup of l_k − l₁."""
    height = view.sizes[1] * a
    height += view.sizes[0]
    height *= a
    height += view.gap[0]
    height += slack
    return np.minimum(height, HIGHEST, out=height)


def _top(view: View, slack: np.ndarray | float, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """(S, P) a bound of log |Σ exp l_k| on the ellipse: log K and the largest of sup Re l_k.

    Re l_k = H − (u + v A cos θ)² + v² B² sin² θ <= H − max(|u| − v A, 0)² + v² B².
    """
    near = np.abs(view.u)
    near -= view.v * a
    np.maximum(near, 0.0, out=near)
    near *= near
    height = view.v * b
    height *= height
    height -= near
    height += view.table.heights
    if isinstance(slack, float):
        return np.maximum.reduce(height, axis=0) + (math.log(len(height)) + slack)
    height += slack
    return np.maximum.reduce(height, axis=0) + math.log(len(height))
