"""Coordinates in which two samples are alike in size, uncorrelated, and each as far from Gaussian as may be.

D does not depend on them; what a model of the ratio can say with few features does. Places and sizes are quartiles, and
correlations are those of the clipped coordinates, so that a few far points decide nothing. The last turn makes the sum
of the squared excess kurtoses of both samples as large as it gets, pair of axes by pair of axes: independent
coordinates that somebody has mixed are found again (P. Comon, Signal Processing 36 (1994) 287).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

IQR = 1.3489795003921634  # of a standard Gaussian
CLIPPED = 5.0  # robust standard deviations
FAR = 6.0  # standard deviations, at which kurtoses are clipped
ANGLES = np.linspace(0, np.pi / 2, 60, endpoint=False)
SWEEPS = 4
BETTER, NOISE = 1.1, 60.0  # a turn must raise the sum by such a factor, and by NOISE/N: five standard errors squared
TOP = 8, 5, 50  # the points at an edge: N/8 of them, from 5 to 50
EDGE = 0.5  # of the span of the next three times as many: a tail spans more than that
HEAVY = 10.0  # the 0.99 quantile of distances from the median in those of the median distance: Gaussian 3.8
BENT = 3.0  # robust standard deviations, from which on a heavy tail is drawn in


class Frame(NamedTuple):
    """z = u @ matrix, with u = (x − centre)/scale, whose heavy tails are drawn in: no bijection changes D."""

    centre: np.ndarray
    scale: np.ndarray
    heavy: np.ndarray  # (d,) truth values
    matrix: np.ndarray

    def of(self, points: np.ndarray) -> np.ndarray:
        """The coordinates of points."""
        u = self.unbent(points)
        return np.where(self.heavy, BENT * np.arcsinh(u / BENT), u) @ self.matrix

    def unbent(self, points: np.ndarray) -> np.ndarray:
        """u of points: their own columns, in sizes of one."""
        return (points - self.centre) / self.scale


def frame_of(x: np.ndarray, y: np.ndarray) -> Frame:
    """The frame for two samples of points (N, d)."""
    frame = Frame(*_place_and_size(x, y), _heavy(x) | _heavy(y), np.eye(x.shape[1]))
    if x.shape[1] == 1:
        return frame
    first, second = (np.clip(frame.of(points), -CLIPPED, CLIPPED) for points in (x, y))
    gap = first.mean(axis=0) - second.mean(axis=0)
    pooled = (np.cov(first.T) + np.cov(second.T)) / 2 + np.outer(gap, gap) / 4
    values, vectors = np.linalg.eigh(pooled)
    frame = frame._replace(matrix=(vectors * values**-0.5) @ vectors.T)
    return frame._replace(matrix=frame.matrix @ _least_gaussian(frame.of(x), frame.of(y)))


def _heavy(points: np.ndarray) -> np.ndarray:
    """Which coordinates of a sample have tails like a Cauchy's or a log-normal's."""
    half, far = np.quantile(np.abs(points - np.median(points, axis=0)), [0.5, 0.99], axis=0)
    return far > HEAVY * half


def _place_and_size(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Between the medians, and as wide as both with their distance."""
    quartiles = [np.quantile(points, [0.25, 0.5, 0.75], axis=0) for points in (x, y)]
    (first, second), (small, large) = ([q[1] for q in quartiles], [(q[2] - q[0]) / IQR for q in quartiles])
    spread = np.hypot(np.hypot(small, large) * 0.5**0.5, (second - first) / 2)
    return first + (second - first) / 2, spread


def _least_gaussian(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The rotation (d, d) of largest kurtoses, by turns of two axes."""
    d, rotation, noise = x.shape[1], np.eye(x.shape[1]), NOISE / min(len(x), len(y))
    samples = [points - points.mean(axis=0) for points in (x, y)]
    samples = [np.clip(points, -FAR * points.std(axis=0), FAR * points.std(axis=0)) for points in samples]
    for _ in range(SWEEPS):
        turned = False
        for i in range(d):
            for j in range(i + 1, d):
                scores = sum(_kurtoses(points[:, i], points[:, j]) for points in samples)
                best = int(scores.argmax())
                if scores[best] <= BETTER * scores[0] + noise:
                    continue
                turned, turn = True, np.eye(d)
                cos, sin = np.cos(ANGLES[best]), np.sin(ANGLES[best])
                turn[i, i], turn[j, j], turn[j, i], turn[i, j] = cos, cos, sin, -sin
                samples, rotation = [points @ turn for points in samples], rotation @ turn
        if not turned:
            break
    return rotation


def _kurtoses(u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """The sum of the squared excess kurtoses of both axes after a turn by each of the angles."""
    uu, vv, uv = u * u, v * v, u * v
    fourth = [(uu * uu).mean(), (uu * uv).mean(), (uu * vv).mean(), (uv * vv).mean(), (vv * vv).mean()]
    total = np.zeros(ANGLES.size)
    for c, s in ((np.cos(ANGLES), np.sin(ANGLES)), (-np.sin(ANGLES), np.cos(ANGLES))):
        powers = [c**4, 4 * c**3 * s, 6 * c**2 * s**2, 4 * c * s**3, s**4]
        second = c * c * uu.mean() + 2 * c * s * uv.mean() + s * s * vv.mean()
        total += (sum(m * power for m, power in zip(fourth, powers)) / second**2 - 3) ** 2
    return total


class Edge(NamedTuple):
    """Where the upper end of a sample seems to be, whether it is an edge rather than a tail, and its spacing there."""

    last: float
    is_edge: bool
    spacing: float


def upper_edge(values: np.ndarray, share: float = EDGE) -> Edge:
    """Of numbers: where a density ends abruptly the last k of 4k points span about a third of what the others span,
    and in an exponential tail 1.6 times it.
    """
    part, least, most = TOP
    k = int(np.clip(values.size // part, least, most))
    top = np.sort(values)[-4 * k - 1 :]
    span, before = top[-1] - top[-1 - k], top[-1 - k] - top[0]
    return Edge(float(top[-1]), bool(span < share * before), float(span / k))
