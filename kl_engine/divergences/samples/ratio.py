"""log a/b from a sample of each: a weighted logistic regression, and D(a‖b) from it with its influence function.

With r = exp T and a ceiling M, T is the minimiser of

    mean over x of log(1/r + 1/M)  +  mean over y of M log(1 + r/M)  +  a penalty of its features beyond the quadratic,

which in the limit of many points is log a/b, for each M; of a model T it is the one whose means of w = 1/(1 + r/M)
times each feature over x agree with those of h = r w over y. M = 1 is the logistic regression, M = ∞ the variational
bound of Nguyen, Wainwright and Jordan (IEEE Trans. Inf. Theory 56 (2010) 5847), whose weights may have infinite
variance; in between no y weighs more than M. D is the mean of T over x, corrected by the difference of the means of w
and of h, which is 0 where T is right and takes the first order of its error off. The same with each point left out of
the fit (by one Newton step) is as much below D as the fit itself is above it: the estimate is half of their sum.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from kl_engine.divergences.samples.coordinates import upper_edge

CEILING = 3.0  # M: without units, as r
LOG_CEILING = math.log(CEILING)
ITERATIONS, DECREMENT = 80, 1e-10
PENALTY, FREE = 1.0, 1e-3  # of a feature beyond the quadratic, and of a quadratic one, each over the smaller sample
REACH = 2.4  # bumps along each axis go from −REACH to REACH of its standard deviations
BUMPS = (
    (0, 7, 7),
    (300, 13, 11),
    (3000, 19, 15),
)  # from so many points of the smaller sample: on the line, and beyond it
FEWEST_BEYOND = 3  # points of y past the end of x, which make it a step
SHELL, SHELLS = 0.3, np.arange(0.0, 2.2, 0.3)  # bumps along the distance from the middle, over √d
SHARP = 0.7  # see `upper_edge`: of densities whose logarithm may have a singular end
MOST_LEVERAGE = 0.8
EDGE_ORDER = 3  # the y that marks where b is seen: the third largest T


class Design(NamedTuple):
    """What the features depend on: how many bumps an axis has, and (axis, sign, place) of every sharp end and step.

    An end is one of both samples, a step one of x that y goes beyond.
    """

    bumps: int
    ends: tuple[tuple[int, int, float], ...]
    steps: tuple[tuple[int, int, float], ...]


def hill(values: np.ndarray, k: int) -> float:
    """Hill's estimate, from the k largest, of γ = 1/α where numbers >= 0 fall off like a power t^(−α).

    From ½ on they have no variance, from 1 on no mean. Source: B. Hill, Annals of Statistics 3 (1975) 1163.
    """
    top = np.sort(values)[-k - 1 :]
    return float(np.log(top[1:] / top[0]).mean()) if top[0] > 0 else 0.0


def design_of(zx: np.ndarray, zy: np.ndarray) -> Design:
    """The design for two samples."""
    least = min(len(zx), len(zy))
    bumps = [row[1 if zx.shape[1] == 1 else 2] for row in BUMPS if row[0] <= least][-1]
    ends, steps = [], []
    for axis in range(zx.shape[1]):
        for sign in (1, -1):
            edge = upper_edge(sign * np.concatenate([zx[:, axis], zy[:, axis]]), SHARP)
            if edge.is_edge:
                ends.append((axis, sign, edge.last + edge.spacing))
            own = upper_edge(sign * zx[:, axis])
            place = own.last + own.spacing
            if own.is_edge and (sign * zy[:, axis] > place).sum() >= FEWEST_BEYOND:
                steps.append((axis, sign, place))
    return Design(bumps, tuple(ends), tuple(steps))


class Ratio(NamedTuple):
    """T at the points of each sample, what each point does to D, and D in nats."""

    at_x: np.ndarray
    at_y: np.ndarray
    value: float
    by_x: np.ndarray  # influences: D moves by the mean of them
    by_y: np.ndarray
    left_x: np.ndarray  # w and h with the point left out
    left_y: np.ndarray
    theta: np.ndarray
    design: Design
    shrunk: float  # ½ θᵀPθ with the penalty P: about what it takes from D

    def at(self, z: np.ndarray) -> np.ndarray:
        """T at other points, in the same coordinates."""
        return features(z, self.design)[0] @ self.theta

    @property
    def unseen(self) -> tuple[float, float]:
        """The share of x at which T exceeds nearly all it has among y, and how much of D that is in excess."""
        edge = np.partition(self.at_y, -EDGE_ORDER)[-EDGE_ORDER]
        return float((self.at_x > edge).mean()), float(np.maximum(self.at_x - edge, 0).mean())

    @property
    def heaviest(self) -> float:
        """By how much D moves with the one point that moves it most."""
        return float(max(np.abs(self.by_x).max() / self.by_x.size, np.abs(self.by_y).max() / self.by_y.size))


def features(z: np.ndarray, design: Design) -> tuple[np.ndarray, int]:
    """1, the coordinates, their products, and what bends T besides; and how many are quadratic at most.

    log(1 + z²) is what power laws differ by, the logarithm of the distance from a sharp end what densities do that are
    singular or 0 there; the bumps along each axis follow anything smooth; far out they vanish, so that T goes on as a
    parabola.
    """
    size, d = z.shape
    columns = [np.ones(size), *z.T]
    columns += [z[:, i] * z[:, j] for i in range(d) for j in range(i, d)]
    quadratic = len(columns)
    columns += list(np.log1p(z * z).T)
    if d > 1:
        radius = np.sqrt((z * z).sum(axis=1) / d)
        columns.append(np.log1p(d * radius**2))
        columns += [np.exp(-0.5 * ((radius - c) / SHELL) ** 2) for c in SHELLS]
    for axis, sign, end in design.ends:
        columns.append(np.log(np.maximum(end - sign * z[:, axis], np.finfo(float).tiny)))
    columns += [(sign * z[:, axis] > place).astype(float) for axis, sign, place in design.steps]
    centres, width = np.linspace(-REACH, REACH, design.bumps), 2 * REACH / (design.bumps - 1)
    columns += [np.exp(-0.5 * ((z[:, i] - c) / width) ** 2) for i in range(d) for c in centres]
    return np.column_stack(columns), quadratic


def ratio_of(zx: np.ndarray, zy: np.ndarray) -> Ratio:
    """The ratio of the densities of two samples in coordinates of size one."""
    design = design_of(zx, zy)
    (fx, quadratic), (fy, _) = features(zx, design), features(zy, design)
    n, m = len(fx), len(fy)
    penalty = np.full(fx.shape[1], PENALTY / min(n, m))
    penalty[:quadratic], penalty[0] = FREE / min(n, m), 0.0
    theta, hessian = _fitted(fx, fy, penalty)
    tx, ty = fx @ theta, fy @ theta
    w, h = _weights(tx), _heights(ty)
    inverse = np.linalg.inv(hessian)
    moved_x = w * np.einsum("ij,ij->i", fx @ inverse, fx) / n
    moved_y = h * np.einsum("ij,ij->i", fy @ inverse, fy) / m
    left_x = tx - moved_x / np.maximum(1 - (1 - w) * moved_x, 1 - MOST_LEVERAGE)
    left_y = ty + moved_y / np.maximum(1 - (1 - h / CEILING) * moved_y, 1 - MOST_LEVERAGE)
    within = tx.mean() + w.mean() - h.mean()
    without = left_x.mean() + _weights(left_x).mean() - _heights(left_y).mean()
    towards = inverse @ fx.mean(axis=0)
    by_x, by_y = tx - tx.mean() + (fx @ towards) * w, -(fy @ towards) * h
    value = float(within + without) / 2
    left = _weights(left_x), _heights(left_y)
    shrunk = float(penalty @ theta**2) / 2
    return Ratio(tx, ty, value, by_x - by_x.mean(), by_y - by_y.mean(), *left, theta, design, shrunk)


def _weights(t: np.ndarray) -> np.ndarray:
    """1/(1 + r/M)."""
    return 1 / (1 + np.exp(np.clip(t - LOG_CEILING, -700, 700)))


def _heights(t: np.ndarray) -> np.ndarray:
    """r/(1 + r/M)."""
    return CEILING / (1 + np.exp(np.clip(LOG_CEILING - t, -700, 700)))


def _fitted(fx: np.ndarray, fy: np.ndarray, penalty: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The coefficients and the Hessian there, by Newton's method: the loss is convex."""
    n, m = len(fx), len(fy)

    def loss(theta: np.ndarray) -> float:
        tx, ty = fx @ theta, fy @ theta
        ends = np.logaddexp(-tx, -LOG_CEILING).mean() + CEILING * np.logaddexp(0, ty - LOG_CEILING).mean()
        return float(ends + 0.5 * penalty @ theta**2)

    theta = np.zeros(fx.shape[1])
    value = loss(theta)
    for _ in range(ITERATIONS):
        w, h = _weights(fx @ theta), _heights(fy @ theta)
        gradient = -(w @ fx) / n + (h @ fy) / m + penalty * theta
        curved = _gram(fx, w * (1 - w)) / n + _gram(fy, h * (1 - h / CEILING)) / m
        hessian = curved + np.diag(penalty + 1e-12)
        step = -np.linalg.solve(hessian, gradient)
        decrement, length = -float(gradient @ step), 1.0
        if decrement < DECREMENT:
            break
        while (after := loss(theta + length * step)) > value - 1e-4 * length * decrement and length > 1e-6:
            length /= 2
        theta, value = theta + length * step, after
    return theta, hessian


def _gram(features: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Σ weight · feature featureᵀ, of one matrix with itself, which costs half of a product of two."""
    scaled = features * np.sqrt(weights)[:, None]
    return scaled.T @ scaled
