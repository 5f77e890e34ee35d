"""The proved bound for many panels at once: sizes are taken on one shape of ellipse, ρ is as large as the phases allow.

The theorem and the names are those of `ellipse`. Let E₀ be the ellipse with the semi-axes A₀ and B₀ about each panel,
the same for all panels of a look. Whatever is a supremum over E₀ holds on every E_ρ inside it, where moreover A <= A₀:
so tops, heights and sizes are taken once, on E₀, and then the largest B <= B₀ is chosen for which the phases, at most
(|d₁| + |d₂| A₀) B, are below a fixed φ. No ρ is searched for, and nothing is computed twice.

**Two components.** With δ = l₁ − l₀, Σ exp l_k = 2 e^g cosh(δ/2), g the mean of both; let D = |δ| at the centre and
T >= |δ − its value there| on E₀. Either |Im δ|/2 <= φ < π/2: as |cosh(x + iy)| >= cosh x cos y, the real part of
cosh(δ/2) is positive, and

    |log Σ − g| <= π/2 + ½(D + T) + log 2 − log cos φ.

Or one of them is faint, S = e^(T − D) < 1: the log is that of the higher one, which is then g, within −log(1 − S). With
cos φ and 1 − S at least `SURE`, Λ = π/2 + log 2 − log `SURE`, and ½(D + T) more in the first case. In both
|e^(l_k)|/|Σ| is at most sup |e^(l_k − l_j)|/`SURE`, j the other one, and at most 1/`SURE`.

**More components.** With I = Σ_M inf |e^(l_k − l₁)| >= 1, what is outside of M is at most S/I of what M is:

    Re Σ_k e^(l_k − g) >= cos φ Σ_M |e^(l_k − g)| − S |e^(l₁ − g)| >= (cos φ − S/I) Σ_M |e^(l_k − g)|,

and with cos φ − S/I at least `SURE_OF_MANY`, Λ = π/2 + T + log 2K − log `SURE_OF_MANY` as in `ellipse`, S being at most
I <= K. M is what is not faint, which decides B, with whatever else has phases that small: so all of it on a panel that
is narrow enough.

**Rounding.** For tables of a small extent only, where every slack is below `NEAR_SLACK`.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from kl_engine.quadrature.proved.ellipse import NEAR_SLACK, RULE, Ellipses, coefficients
from kl_engine.quadrature.proved.table import ABSENT, Table

SURE = 0.2  # of two components: the least cos φ, and 1 − S
PHASE_OF_TWO = math.acos(SURE) - NEAR_SLACK
SIZE_OF_TWO = math.pi / 2 + math.log(2 / SURE)  # of Λ
FAINT_OF_TWO = math.log(1 - SURE) - NEAR_SLACK
SURE_OF_MANY = 0.1  # the least cos φ − S
PHASE_OF_MANY = 1.35
FAINT = 2.5  # nats above log I − log K: from there down a component does not decide how large B is
MATTERS = -2.0  # nats below the highest one, on E₀: from there on a component has a say in g
SURES, SURES_OF_MANY = np.full((3, 1), SURE), np.full((3, 1), SURE_OF_MANY)
CAP = 1.0  # log ρ of E₀
LEAST_CAP, MOST_CAP = 0.9, 2.0
ROOM_FOR_SIZE = 8.0  # nats that log |f| is above log |a|, about


class Within(NamedTuple):
    """Components at panels: those of `ellipse.View` that an integrand may ask for."""

    table: Table  # with a column for each panel, or one for all
    u: np.ndarray  # (K, S, P) (c − m) sharpness
    v: np.ndarray  # (K, S, P) h sharpness
    q: np.ndarray  # (3, K, S, P)
    reach: np.ndarray  # (K, S, P) see `Sides`


class Sides(NamedTuple):
    """What the phases of the components say."""

    g: np.ndarray  # (3, S, P)
    size: np.ndarray  # (S, P) Λ
    widest: np.ndarray  # (S, P) the largest B that the phases allow; nan where none does
    reach: np.ndarray  # (K, S, P) sup over E₀ of l_k − l₁, or of l_k − l_j where j is the only other one
    sure: np.ndarray  # (S, 1)


def ellipses_of(table: Table, centre: np.ndarray, half: np.ndarray, cap: float) -> tuple[Within, Ellipses]:
    """The components at panels, and what is proved of them; `cap` is log ρ of E₀."""
    a, b = math.cosh(cap), math.sinh(cap)
    u, v, q = coefficients(table, centre, half)
    top = top_of(table, u, v, q, a, b)
    sides = (of_two if len(u) == 2 else of_many)(table, q, a, b)
    room = np.minimum.reduce(sides.widest, axis=0)
    np.arcsinh(np.minimum(room, b, out=room), out=room)
    return Within(table, u, v, q, sides.reach), Ellipses(a, b, room, sides.size, top, sides.g, sides.sure, sides.reach)


def cap_of(table: Table, log_goal: float) -> float:
    """log ρ that the panel where a density is highest needs, about, and a little more; a guess, which costs panels."""
    needed = (table.highest + ROOM_FOR_SIZE - log_goal) / (2 * RULE.nodes.size) + 0.1
    return min(max(needed, LEAST_CAP), MOST_CAP)


def top_of(table: Table, u: np.ndarray, v: np.ndarray, q: np.ndarray, a: float, b: float) -> np.ndarray:
    """(S, P) a bound of log |Σ exp l_k| on E₀: log K and the largest of H − max(|u| − v A, 0)² + v² B²."""
    near = np.abs(u)
    near -= v * a
    np.maximum(near, 0.0, out=near)
    near *= near
    near += q[2] * (b * b)
    height = table.heights - near
    top = np.maximum(height[0], height[1]) if len(u) == 2 else np.maximum.reduce(height, axis=0)
    top += math.log(len(u)) + NEAR_SLACK
    return top


def of_two(table: Table, q: np.ndarray, a: float, b: float) -> Sides:
    """By their difference."""
    shape = q.shape[2:]
    if table.padded:  # the other one in the place of one that is not there
        q = np.array([np.where(q[0] < ABSENT / 2, q[0, ::-1], q[0]), q[1], q[2]])
    g = q[:, 0] + q[:, 1]
    g *= 0.5
    differ = q[:, 1] - q[:, 0]
    size = np.abs(differ)
    swing = (np.array([a, a * a]) @ size[1:].reshape(2, -1)).reshape(shape)  # T
    apart = size[0]
    faint = swing - apart < FAINT_OF_TWO
    widest = (2 * PHASE_OF_TWO * a) / swing
    widest[faint] = np.inf
    lean = np.copysign(0.5, differ[0])  # from the mean of both to the higher one
    lean *= faint
    g += differ * lean
    reach = np.empty((2, *shape))
    np.subtract(swing, differ[0], out=reach[0])
    np.add(swing, differ[0], out=reach[1])
    apart += swing
    apart *= 0.5
    apart[faint] = 0.0
    apart += SIZE_OF_TWO
    return Sides(g, apart, widest, reach, SURES)


def of_many(table: Table, q: np.ndarray, a: float, b: float) -> Sides:
    """By M and S."""
    k, *shape = q.shape[1:]
    q = q.reshape(3, k, -1)
    first = q[0].argmax(axis=0)
    highest = q.reshape(3, -1).take(first * first.size + np.arange(first.size), axis=1)
    gap = q - highest[:, None]
    apart, rates = gap[0], gap[1:]
    reach = _swing(rates, a)
    reach += apart
    counted = rates * (reach > MATTERS)  # the highest one counts as 0
    middle = counted.min(axis=1)
    middle += counted.max(axis=1)
    middle *= 0.5
    rates -= middle[:, None]
    swing = _swing(rates, a)
    least = np.exp(apart + apart - reach)  # inf |exp(l_k − l₁)|
    held = np.log(np.add.reduce(least, axis=0))
    faint = reach < np.minimum(held + (FAINT - math.log(k)), -1.0)
    widest = np.minimum((PHASE_OF_MANY * a) / np.maximum.reduce(np.where(faint, 0.0, swing), axis=0), b)
    far = swing * widest > PHASE_OF_MANY * a * (1 + 1e-12)
    rest = np.add.reduce(np.where(far, np.exp(reach), 0.0), axis=0)
    rest /= np.add.reduce(np.where(far, 0.0, least), axis=0)
    most = np.maximum.reduce(np.where(far, 0.0, swing), axis=0)
    sure = np.cos(most * widest / a + NEAR_SLACK)
    sure -= (1 + 4 * NEAR_SLACK) * rest
    widest[~(sure >= SURE_OF_MANY)] = np.nan
    most += math.pi / 2 + math.log(2 * k / SURE_OF_MANY)
    highest[1:] += middle
    g, size, widest = highest.reshape(3, *shape), most.reshape(shape), widest.reshape(shape)
    return Sides(g, size, widest, reach.reshape(k, *shape), SURES_OF_MANY)


def _swing(rates: np.ndarray, a: float) -> np.ndarray:
    """(K, …) |d₁| A + |d₂| A², rates (2, K, …)."""
    return (np.array([a, a * a]) @ np.abs(rates).reshape(2, -1)).reshape(rates.shape[1:])
