"""The natural-gradient flow in q = N(μ, σ²): which optimum a start leads to, and by which way.

The flow is dθ/dt = −G(θ)⁻¹ ∇D with the Fisher metric G = diag(1/σ², 2) of (μ, log σ): the steepest descent that does
not depend on how q is written down. Source: S. Amari, Neural Computation 10 (1998) 251.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

import numpy as np

from kl_engine.estimates.tolerances import NEARLY, STATIONARY
from kl_engine.fits.descent import Descent, descend, newton_steps
from kl_engine.fits.objective import METRIC, OnTheLine

TOLERANCE = 1e-5  # of the flow's ODE, relative to q's std and absolute in log std
CLOSE = 1e-2  # a Newton step this short (same units) from a positive-definite Hessian ends the flow
EXPLICIT_STEPS, IMPLICIT_STEPS = 150, 1500
POINTS_A_STEP = 12
FIRST_STEP = 0.02  # of the frame's std or of log std
SHORTEST_STEP = 1e-12  # of time, in which a flow moves by its own std
MOST_GROWTH = 8.0  # of a step, from one to the next
WIDEST_LOG = 700.0  # |log std|: beyond it e to that power is no double

FINE = np.geomspace(1e-12, 0.5, 250)
FORWARD_TIMES = np.concatenate([[1.0], 1 - FINE, FINE[::-1], [0.0]])  # e^−t of the points of `forward_way`

Pair = tuple[float, float]


class Course(NamedTuple):
    """The flow from one start: places on its way, the solver's own steps, and where it ends."""

    way: np.ndarray  # (n, 2) mean and std, start first, end last
    steps: np.ndarray  # (m, 2) the same at the end of each iteration
    end: Descent | None  # None: it had not settled
    effort: str


def settled_course(objective: OnTheLine, frame: Pair, start: np.ndarray) -> Course:
    """The natural-gradient flow of an objective from a place to its end, in the coordinates of a `frame` (mean, std).

    By an explicit Runge-Kutta pair and, where it is stiff, an implicit method; the end is Newton's.
    """
    flow = _Flow(objective, frame, start)
    with np.errstate(all="ignore"):  # a trial step may overshoot into infinities; it is then shortened
        if flow.near_its_end():
            return flow.ended()
        for points in chain(_explicit_steps(flow), _implicit_steps(flow)):
            flow.follow(points)
            if flow.near_its_end():
                return flow.ended()
    told = f"the flow had not settled after {len(flow.steps) - 1} steps"
    return Course(*flow.places(), None, f"{told}; start nearer to where the target has its mass")


def _explicit_steps(flow: _Flow) -> Iterator[np.ndarray]:
    """The points (2, n) along each step of Dormand's and Prince's pair of orders 5 and 4, at most EXPLICIT_STEPS.

    The equation costs so little that a general solver would take most of the time. Source: J. R. Dormand, P. J. Prince,
    J. Comp. Appl. Math. 6 (1980) 19; the coefficients, and the continuous extension, are SciPy's.
    """
    from scipy.integrate import RK45

    rows = [row.tolist() for row in (*RK45.A[1:], RK45.B)]
    inside = np.linspace(0, 1, POINTS_A_STEP + 1)[1:] ** np.arange(1, 5)[:, None]
    errors, extension = RK45.E.tolist(), RK45.P @ inside
    first = flow.drift(flow.point)
    length = FIRST_STEP / max(abs(first[0]), abs(first[1]), TOLERANCE)
    taken = 0
    while taken < EXPLICIT_STEPS and length > SHORTEST_STEP:
        point, slopes = flow.point, [first]
        for weights in rows:
            after = _moved(point, length, weights, slopes)
            slopes.append(flow.drift(after))
            if not math.isfinite(slopes[-1][0] + slopes[-1][1]):
                break  # an overshoot: what follows from it is no number either
        miss, error = _moved((0.0, 0.0), length, errors, slopes), math.inf
        if len(slopes) == len(errors) and math.isfinite(miss[0] + miss[1]):
            error = max(abs(e) / (TOLERANCE * (1 + max(abs(x), abs(y)))) for e, x, y in zip(miss, point, after))
        if error <= 1:
            points = np.array(point)[:, None] + length * (np.array(slopes).T @ extension)
            points[:, -1] = after
            yield points
            taken += 1
            first = slopes[-1]
        # 0.9 of what would have met the tolerance, by the order of the error; an overshoot may be no number at all.
        growth = 0.9 * max(error, 1e-9) ** -0.2 if error < math.inf else 0.0
        length *= min(max(growth, 1 / MOST_GROWTH), MOST_GROWTH)


def _moved(point: Pair, length: float, weights: list[float], slopes: list[Pair]) -> Pair:
    """The point and `length` times the weighted sum of the slopes; in plain floats, as there are so few."""
    across, growth = 0.0, 0.0
    for weight, (first, second) in zip(weights, slopes):
        across += weight * first
        growth += weight * second
    return point[0] + length * across, point[1] + length * growth


def _implicit_steps(flow: _Flow) -> Iterator[np.ndarray]:
    """The same by SciPy's LSODA, from where the flow has come to, at most IMPLICIT_STEPS."""
    from scipy.integrate import LSODA

    solver = LSODA(
        lambda _, at: flow.drift(tuple(at.tolist())), 0.0, flow.point, np.inf, rtol=TOLERANCE, atol=TOLERANCE
    )
    for _ in range(IMPLICIT_STEPS):
        solver.step()
        if solver.status == "failed" or not np.isfinite(solver.y).all():
            return
        yield solver.dense_output()(np.linspace(solver.t_old, solver.t, POINTS_A_STEP + 1)[1:])


def evenly(way: np.ndarray, frames: int) -> np.ndarray:
    """`frames` places on the polyline `way` (n, 2), even in (mean, log std) arc length, both ends kept exactly."""
    points = np.column_stack([way[:, 0], np.log(way[:, 1])])
    arc = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    at = np.linspace(0, arc[-1], frames)
    places = np.column_stack([np.interp(at, arc, points[:, 0]), np.exp(np.interp(at, arc, points[:, 1]))])
    if (way[:, 1] == way[0, 1]).all():  # held: exp(log std) need not be std
        places[:, 1] = way[0, 1]
    places[0], places[-1] = way[0], way[-1]
    return places


def forward_way(mean: float, std: float, start: np.ndarray, held: bool) -> np.ndarray:
    """The flow of D(p‖q), of which only the moments of p are asked: at time t q has those of e^−t start + (1 − e^−t) p.

    With u = e^−t from 1 to 0:  μ = m + δu,  σ² = V + (σ₀² − V + δ²) u − δ² u², δ = μ₀ − m (m, V: moments of p).
    """
    u, offset = FORWARD_TIMES, start[0] - mean
    if held:
        return np.column_stack([mean + offset * u, np.full(u.size, start[1])])
    scale = max(std, start[1], abs(offset))
    own, first, shift = (std / scale) ** 2, (start[1] / scale) ** 2, (offset / scale) ** 2
    stds = scale * np.sqrt(own * (1 - u) + first * u + shift * u * (1 - u))
    stds[0], stds[-1] = start[1], std
    return np.column_stack([mean + offset * u, stds])


class _Flow:
    """A flow under way, in coordinates ((μ − mean of the frame) / std of the frame, log σ)."""

    def __init__(self, objective: OnTheLine, frame: Pair, start: np.ndarray) -> None:
        self.objective, self.frame, self.start = objective, frame, start
        self.point: Pair = float((start[0] - frame[0]) / frame[1]), math.log(start[1])
        first = np.array(self.point)[:, None]
        self.way, self.steps = [first], [first]
        self.asked: Pair | None = None  # where the velocity was asked for last

    def follow(self, points: np.ndarray) -> None:
        """Take up the points (2, n) of one more step of the solver."""
        self.point = tuple(points[:, -1].tolist())
        self.way.append(points)
        self.steps.append(points[:, -1:])

    def drift(self, point: Pair) -> Pair:
        """dθ/dt; no number where a trial step is so far out that no double holds its std."""
        if not abs(point[1]) < WIDEST_LOG:
            return math.nan, math.nan
        across, growth = self._velocity(point)
        return math.exp(point[1]) / self.frame[1] * across, growth

    def near_its_end(self) -> bool:
        """Whether Newton's method may take over: slow, and within a step of a place that curves up."""
        across, growth = self._velocity(self.point)
        speed = max(abs(across), METRIC * abs(growth))
        if speed > CLOSE:
            return False
        self.last = self.objective.terms(self.places()[1][-1:])
        return speed < STATIONARY or (newton_steps(self.last)[1][0] < CLOSE and self.last.curvatures().min() > 0)

    def ended(self) -> Course:
        """The whole course, its end polished."""
        way, steps = self.places()
        end = descend(self.objective, steps[-1:], NEARLY, self.last)
        last = end.way(0)[1:]
        effort = f"after {len(self.steps) - 1} steps of the flow and {len(last)} of Newton's method"
        return Course(np.concatenate([way, last]), np.concatenate([steps, last]), end, effort)

    def places(self) -> tuple[np.ndarray, np.ndarray]:
        """The way and the steps as places, the start exactly as given."""
        found = []
        for points in (np.concatenate(self.way, axis=1), np.concatenate(self.steps, axis=1)):
            places = np.column_stack([points[0] * self.frame[1] + self.frame[0], np.exp(points[1])])
            places[0] = self.start
            if self.objective.held:
                places[:, 1] = self.start[1]
            found.append(places)
        return found[0], found[1]

    def _velocity(self, point: Pair) -> Pair:
        """In natural coordinates; a step asks for its end last of all, and so does `near_its_end`."""
        if self.asked != point:
            self.asked = point
            self.velocity = self.objective.velocity(point[0] * self.frame[1] + self.frame[0], math.exp(point[1]))
        return self.velocity
