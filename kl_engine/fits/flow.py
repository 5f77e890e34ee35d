"""The natural-gradient flow of either divergence in q = N(μ, σ²): which optimum a start leads to, and by which way.

The flow is dθ/dt = −G(θ)⁻¹ ∇D with the Fisher metric G = diag(1/σ², 2) of (μ, log σ): the steepest descent that does
not depend on how q is written down. Source: S. Amari, Neural Computation 10 (1998) 251.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from kl_engine.distributions.gaussian import Gaussian, Mixture, mixture
from kl_engine.estimates.checks import positive, refuse, whole
from kl_engine.estimates.estimate import Direction
from kl_engine.fits.descent import STATIONARY, curvatures, newton_descent, newton_steps, verdict
from kl_engine.fits.paths import Path, path
from kl_engine.fits.reverse import ReverseObjective

TOLERANCE = 1e-5  # of the flow's ODE, relative to q's std and absolute in log std
CLOSE = 1e-2  # a Newton step this short (same units) from a positive-definite Hessian ends the flow
EXPLICIT_STEPS, IMPLICIT_STEPS = 150, 1500
POINTS_A_STEP = 12


class Course(NamedTuple):
    """The reverse flow from one start: points on its way, the solver's own steps, and where it ends."""

    way: np.ndarray  # (n, 2) mean and log std, start first, end last
    steps: np.ndarray  # (m, 2) the same at the end of each iteration
    status: str  # "converged", "saddle" or "stopped"
    message: str


def gradient_flow(p: Mixture, direction, start: Gaussian, frames: int = 200, fixed_std: float | None = None) -> Path:
    """The natural-gradient flow of D(p‖q) or D(q‖p) from `start` to its fixed point, in exactly `frames` rows.

    Rows are even in (mean, log std) arc length, the first the start, the last the fit. With `fixed_std`, q's std is
    that number throughout. Forward, the flow is exact: at time t, q has the moments of the mixture
    e^−t start + (1 − e^−t) p. Reverse, it is an ODE solved to 1e-5, its end polished by Newton's method.
    Raises ValueError for a bad argument, and RuntimeError when the reverse flow has no end within its steps.
    """
    p, direction = mixture("p", p), Direction.of(direction)
    start, fixed = start_of(start, fixed_std)
    frames = whole("frames", frames, 2)
    if direction is Direction.FORWARD:
        way = _forward_way(p, start, fixed)
    else:
        course = reverse_course(p, start, fixed)
        if course.status == "stopped":
            raise RuntimeError(f"gradient_flow: {course.message}")
        way = course.way
    mean, log_std = evenly(way, frames).T
    std = np.exp(log_std)
    std[0] = start.std
    if fixed:
        std[:] = start.std
    return path(p, direction, mean.copy(), std)


def start_of(start: object, fixed_std: object) -> tuple[Gaussian, bool]:
    """The start with the std that it is held at, and whether it is held."""
    if not isinstance(start, Gaussian):
        raise refuse("start", "a Gaussian", start)
    return (start, False) if fixed_std is None else (Gaussian(start.mean, positive("fixed_std", fixed_std)), True)


def evenly(way: np.ndarray, frames: int) -> np.ndarray:
    """`frames` points on the polyline `way` (n, 2), evenly spaced along it, both ends kept exactly."""
    arc = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(way, axis=0).T))])
    at = np.linspace(0, arc[-1], frames)
    points = np.column_stack([np.interp(at, arc, column) for column in way.T])
    points[0], points[-1] = way[0], way[-1]
    return points


def _forward_way(p: Mixture, start: Gaussian, fixed: bool) -> np.ndarray:
    """With u = e^−t from 1 to 0:  μ = m + δu,  σ² = V + (σ₀² − V + δ²) u − δ² u², δ = μ₀ − m (m, V: moments of p)."""
    fine = np.geomspace(1e-12, 0.5, 600)
    u = np.concatenate([[1.0], 1 - fine, fine[::-1], [0.0]])
    offset = start.mean - p.mean
    if fixed:
        log_std = np.full(u.size, np.log(start.std))
    else:
        scale = max(p.std, start.std, abs(offset))
        own, first, shift = (p.std / scale) ** 2, (start.std / scale) ** 2, (offset / scale) ** 2
        log_std = np.log(scale) + 0.5 * np.log(own * (1 - u) + first * u + shift * u * (1 - u))
    return np.column_stack([p.mean + offset * u, log_std])


@lru_cache(maxsize=32)  # the fit and the flow from one start are asked for together
def reverse_course(p: Mixture, start: Gaussian, fixed: bool) -> Course:
    """The reverse flow from `start`."""
    return settled_course(ReverseObjective.of(p), Gaussian(p.mean, p.std), start, fixed)


def settled_course(objective, frame: Gaussian, start: Gaussian, fixed: bool = False) -> Course:
    """The natural-gradient flow of an objective (see `ReverseObjective`), in the coordinates of `frame`, to its end.

    By an explicit Runge-Kutta pair and, where it is stiff, an implicit method.
    """
    from scipy.integrate import LSODA, RK45

    flow = _ReverseFlow(objective, frame, start, fixed)
    for solver_class, budget in ((RK45, EXPLICIT_STEPS), (LSODA, IMPLICIT_STEPS)):
        solver = solver_class(flow.drift, 0.0, flow.point, np.inf, rtol=TOLERANCE, atol=TOLERANCE)
        for _ in range(budget):
            if end := flow.end():
                return flow.course(*end)
            with np.errstate(all="ignore"):  # a trial step may overshoot into infinities; the solver then shortens it
                solver.step()
            if solver.status == "failed":
                break
            inside = np.linspace(solver.t_old, solver.t, POINTS_A_STEP + 1)[1:]
            flow.follow(solver.dense_output()(inside))
    message = (
        f"the flow had not settled after {len(flow.steps) - 1} steps; start nearer to where the target has its mass"
    )
    return flow.course([], "stopped", message)


class _ReverseFlow:
    """A flow under way, in coordinates ((μ − mean of the frame) / std of the frame, log σ)."""

    def __init__(self, objective, frame: Gaussian, start: Gaussian, fixed: bool) -> None:
        self.objective, self.frame, self.start, self.fixed = objective, frame, start, fixed
        self.point = np.array([(start.mean - frame.mean) / frame.std, np.log(start.std)])
        self.way = [(start.mean, self.point[1])]
        self.steps = [(start.mean, self.point[1])]

    def follow(self, points: np.ndarray) -> None:
        """Take up the points (2, n) of one more step of the solver."""
        self.point = points[:, -1]
        self.way += zip(points[0] * self.frame.std + self.frame.mean, points[1])
        self.steps.append(self.way[-1])

    def drift(self, _: float, point: np.ndarray) -> np.ndarray:
        """dθ/dt."""
        mean, std = point[0] * self.frame.std + self.frame.mean, float(np.exp(point[1]))
        slope, growth = self.objective.natural_gradient(mean, std)
        return np.array([std / self.frame.std * slope, 0.0 if self.fixed else growth])

    def end(self) -> tuple[list, str, str] | None:
        """When the flow is all but there: the iterations that polish its end, the status and a message."""
        mean, log_std = self.steps[-1]
        speed = np.abs(self.drift(0.0, self.point) * [self.frame.std / np.exp(log_std), 2.0]).max()
        if speed > CLOSE:
            return None
        near = self.objective.terms(np.array([mean]), np.exp([log_std]))
        size = newton_steps(near, self.fixed)[1][0]
        if not (speed < STATIONARY or (size < CLOSE and curvatures(near, self.fixed).min() > 0)):
            return None
        polished = newton_descent(self.objective, [mean], np.exp([log_std]), self.fixed)
        status, message = verdict(polished, 0, self.fixed)
        points = [(m[0], np.log(s[0])) for m, s in polished.history[1:]]
        effort = f"after {len(self.steps) - 1} steps of the flow and {len(points)} of Newton's method"
        return points, status, f"{message}, {effort}"

    def course(self, ending: list, status: str, message: str) -> Course:
        """The whole course, with its last points."""
        return Course(np.array(self.way + ending), np.array(self.steps + ending), status, message)
