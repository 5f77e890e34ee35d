"""The natural-gradient flow in q = N(μ, σ²): which optimum a start leads to, and by which way.

The flow is dθ/dt = −G(θ)⁻¹ ∇D with the Fisher metric G = diag(1/σ², 2) of (μ, log σ): the steepest descent that does
not depend on how q is written down. Source: S. Amari, Neural Computation 10 (1998) 251.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from kl_engine.estimates.tolerances import STATIONARY
from kl_engine.fits.descent import Descent, descend, newton_steps
from kl_engine.fits.objective import METRIC, OnTheLine

TOLERANCE = 1e-5  # of the flow's ODE, relative to q's std and absolute in log std
CLOSE = 1e-2  # a Newton step this short (same units) from a positive-definite Hessian ends the flow
EXPLICIT_STEPS, IMPLICIT_STEPS = 150, 1500
POINTS_A_STEP = 12


class Course(NamedTuple):
    """The flow from one start: places on its way, the solver's own steps, and where it ends."""

    way: np.ndarray  # (n, 2) mean and std, start first, end last
    steps: np.ndarray  # (m, 2) the same at the end of each iteration
    end: Descent | None  # None: it had not settled
    effort: str


def settled_course(objective: OnTheLine, frame: tuple[float, float], start: np.ndarray) -> Course:
    """The natural-gradient flow of an objective from a place to its end, in the coordinates of a `frame` (mean, std).

    By an explicit Runge-Kutta pair and, where it is stiff, an implicit method; the end is Newton's.
    """
    from scipy.integrate import LSODA, RK45

    flow = _Flow(objective, frame, start)
    for solver_class, budget in ((RK45, EXPLICIT_STEPS), (LSODA, IMPLICIT_STEPS)):
        with np.errstate(all="ignore"):  # a trial step may overshoot into infinities; the solver then shortens it
            solver = solver_class(flow.drift, 0.0, flow.point, np.inf, rtol=TOLERANCE, atol=TOLERANCE)
            for _ in range(budget):
                if flow.near_its_end():
                    return flow.ended()
                solver.step()
                if solver.status == "failed":
                    break
                inside = np.linspace(solver.t_old, solver.t, POINTS_A_STEP + 1)[1:]
                flow.follow(solver.dense_output()(inside))
    effort = (
        f"the flow had not settled after {len(flow.steps) - 1} steps; start nearer to where the target has its mass"
    )
    return Course(*flow.places(), None, effort)


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
    fine = np.geomspace(1e-12, 0.5, 600)
    u = np.concatenate([[1.0], 1 - fine, fine[::-1], [0.0]])
    offset = start[0] - mean
    if held:
        return np.column_stack([mean + offset * u, np.full(u.size, start[1])])
    scale = max(std, start[1], abs(offset))
    own, first, shift = (std / scale) ** 2, (start[1] / scale) ** 2, (offset / scale) ** 2
    stds = scale * np.sqrt(own * (1 - u) + first * u + shift * u * (1 - u))
    stds[0], stds[-1] = start[1], std
    return np.column_stack([mean + offset * u, stds])


class _Flow:
    """A flow under way, in coordinates ((μ − mean of the frame) / std of the frame, log σ)."""

    def __init__(self, objective: OnTheLine, frame: tuple[float, float], start: np.ndarray) -> None:
        self.objective, self.frame, self.start = objective, frame, start
        self.point = np.array([(start[0] - frame[0]) / frame[1], np.log(start[1])])
        self.way, self.steps = [self.point], [self.point]
        self.last = None, None  # the point at which the velocity was asked for last, and the velocity

    def follow(self, points: np.ndarray) -> None:
        """Take up the points (2, n) of one more step of the solver."""
        self.point = points[:, -1]
        self.way += list(points.T)
        self.steps.append(self.point)

    def drift(self, _: float, point: np.ndarray) -> np.ndarray:
        """dθ/dt."""
        place = self._place(point)
        across, *growth = self._velocity(point)
        return np.array([place[1] / self.frame[1] * across, growth[0] if growth else 0.0])

    def near_its_end(self) -> bool:
        """Whether Newton's method may take over: slow, and within a step of a place that curves up."""
        velocity = self._velocity(self.point)
        speed = np.abs(velocity * METRIC[: velocity.size]).max()
        if speed > CLOSE:
            return False
        terms = self.objective.terms(self._place(self.point)[None])
        return speed < STATIONARY or (newton_steps(terms)[1][0] < CLOSE and terms.curvatures().min() > 0)

    def ended(self) -> Course:
        """The whole course, its end polished."""
        way, steps = self.places()
        end = descend(self.objective, steps[-1:])
        last = end.way(0)[1:]
        effort = f"after {len(self.steps) - 1} steps of the flow and {len(last)} of Newton's method"
        return Course(np.concatenate([way, last]), np.concatenate([steps, last]), end, effort)

    def places(self) -> tuple[np.ndarray, np.ndarray]:
        """The way and the steps as places, the start exactly as given."""
        found = []
        for points in (np.array(self.way), np.array(self.steps)):
            places = np.column_stack([points[:, 0] * self.frame[1] + self.frame[0], np.exp(points[:, 1])])
            places[0] = self.start
            if self.objective.held:
                places[:, 1] = self.start[1]
            found.append(places)
        return found[0], found[1]

    def _place(self, point: np.ndarray) -> np.ndarray:
        std = self.start[1] if self.objective.held else np.exp(point[1])
        return np.array([point[0] * self.frame[1] + self.frame[0], std])

    def _velocity(self, point: np.ndarray) -> np.ndarray:
        """In natural coordinates; the solver asks for the end of a step last of all, and so does `near_its_end`."""
        if self.last[0] is None or (self.last[0] != point).any():
            self.last = point.copy(), self.objective.velocity(self._place(point))
        return self.last[1]
