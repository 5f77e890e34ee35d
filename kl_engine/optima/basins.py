"""Which starts lead to which optimum: the basins of the natural-gradient flow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from kl_engine.distributions.gaussian import Mixture, mixture
from kl_engine.estimates.checks import ArgumentError, positive_vector, vector
from kl_engine.estimates.estimate import Direction
from kl_engine.estimates.floats import ieee
from kl_engine.fits import families
from kl_engine.optima.scale_space import ScaleSpace
from kl_engine.optima.stationary import StationaryPoints, stationary_points

RATIO = 1.1  # between neighbouring σ of the table of the flow
FINE, MOST_COLUMNS = 0.4, 5000  # its step in μ, in the smallest σ or length on which f′ bends; and how many at most
TOLERANCE = 3e-3  # of a step, in std and log std of q
FIRST_STEP, LONGEST_STEP, MOST_STEPS = 0.1, 10.0, 400
CAUGHT = 0.05  # a flow this near to a minimum, in the same units, ends there
NOWHERE = -1


@dataclass(frozen=True, eq=False)
class Basins:
    """Where the flow from each start ends.

    `index` (stds, means) is the place of its end in `points`, or −1 where it had not ended within the steps allowed;
    `shares[k]` is the share of the starts that end at points[k]. A share has no unit. Made by `kl.optima.basins`.

    >>> import kl_engine as kl
    >>> p = kl.GaussianMixture([0.5, 0.5], [-4, 4], [1, 1])
    >>> found = kl.optima.basins(p, "reverse", [-4.0, 4.0], [1.0])
    >>> [round(found.points[k].q.mean) for k in found.index[0]]
    [-4, 4]
    """

    index: np.ndarray
    points: StationaryPoints
    shares: np.ndarray


@ieee
def basins(
    p: Mixture,
    direction,
    means,
    stds,
    family: families.Gaussian | None = None,
    progress: Callable[[float], object] | None = None,
) -> Basins:
    """The stationary point that the natural-gradient flow leads to of D(q‖p) or D(p‖q) from each start N(means[j],
    stds[i]²).

    Forward there is one, for all. Reverse, the flow dμ/dt = σ E σf′, d log σ/dt = ½ (1 + E σ²f″) is read from a bicubic
    spline of its table and solved for all starts at once by the linearly implicit Euler method, extrapolated, to 3e-3 a
    step: a start next to the border of two basins may be put on its other side. With `kl.families.Gaussian(std=…)` as
    the family the std is held at that number, whatever the start's. `progress` is called with the share of starts that
    have ended; what it raises stops the work. Raises ValueError for a bad argument. `means` and `stds` are of shape
    (n,) and (m,), in the unit of x. `direction` is "forward" or "reverse". Source: E. Hairer, G. Wanner, Solving
    Ordinary Differential Equations II (1996), IV.9.

    >>> import kl_engine as kl
    >>> p = kl.GaussianMixture([0.5, 0.5], [-4, 4], [1, 1])
    >>> found = kl.optima.basins(p, "reverse", [-4.0, 0.0, 4.0], [1.0])
    >>> [round(found.points[k].q.mean, 1) + 0 for k in found.index[0]], found.shares.round(3).tolist()
    ([-4.0, 0.0, 4.0], [0.333, 0.333, 0.333, 0.0, 0.0])
    """
    direction = Direction.of(direction)
    try:
        p = mixture("p", p)
    except ArgumentError as error:
        raise ArgumentError(f"{error}; of another p kl.optima.flow follows one start to its end") from error
    means, stds = vector("means", means), positive_vector("stds", stds)
    family = families.on_the_line(family)
    points = stationary_points(p, direction, family)
    mean, log_std = (grid.ravel().copy() for grid in np.meshgrid(means, np.log(stds)))
    if direction is Direction.FORWARD:
        index = np.zeros(mean.size, dtype=int)
    else:
        if family.std is not None:
            log_std[:] = np.log(family.std)
        told = progress or (lambda share: None)
        flow = _Flow(p, points, mean, log_std, family.std is not None, told)
        index = flow.ends(mean, log_std, told)
    shares = np.array([(index == k).mean() for k in range(len(points))])
    return Basins(index.reshape(stds.size, means.size), points, shares)


class _Flow:
    """The flow as a table over (log σ, μ), with its derivatives."""

    def __init__(self, p: Mixture, points: StationaryPoints, mean, log_std, fixed: bool, told: Callable) -> None:
        from scipy.interpolate import RectBivariateSpline

        self.fixed, space = fixed, ScaleSpace.of(p)
        self.targets = np.array([[point.q.mean, np.log(point.q.std)] for point in points])
        self.minima = np.array([point.kind == "minimum" for point in points])
        low, high = (np.log(bound) for bound in space.reach())
        low, high = min(low, log_std.min()) - 0.1, max(high, log_std.max()) + 0.1
        rows = np.linspace(low, high, max(4, int((high - low) / np.log(RATIO)) + 2))
        if fixed:
            rows = log_std[0] + 0.01 * np.arange(-2, 3)
        left, right = min(p.means.min(), mean.min()), max(p.means.max(), mean.max())
        margin = 0.05 * (right - left) + np.exp(rows[0])
        step = FINE * max(np.exp(rows[0]), min(space.finest(), p.stds.min()))
        count = (right - left) / step
        if count > MOST_COLUMNS:
            reason = f"the flow bends over {step / FINE:.2g} in a range of {right - left:.3g}: too fine for its table"
            raise RuntimeError(reason)
        columns = np.linspace(left - margin, right + margin, max(16, int(count)))
        slopes = np.array([self._slopes(space, columns, row, told, k / (2 * rows.size)) for k, row in enumerate(rows)])
        self.slope, self.curve = (RectBivariateSpline(rows, columns, slopes[:, k], s=0) for k in (0, 1))

    @staticmethod
    def _slopes(space: ScaleSpace, columns: np.ndarray, log_std: float, told: Callable, share: float) -> np.ndarray:
        """One row of the table."""
        told(share)
        return space.slopes(columns, float(np.exp(log_std)))[:2]

    def ends(self, mean: np.ndarray, log_std: np.ndarray, told: Callable) -> np.ndarray:
        """The index of the stationary point that each start comes to."""
        at = np.stack([mean, log_std], axis=1)
        index = np.full(mean.size, NOWHERE)
        length = np.full(mean.size, FIRST_STEP)
        active = np.arange(mean.size)
        for _ in range(MOST_STEPS):
            near, gap = self._nearest(at[active])
            caught = (gap < CAUGHT) & self.minima[near]
            index[active[caught]] = near[caught]
            active = active[~caught]
            told(1 - 0.5 * active.size / mean.size)
            if active.size == 0:
                return index
            moved, error = self._stepped(at[active], length[active])
            good = error < TOLERANCE
            at[active[good]] = moved[good]
            scaled = 0.8 * np.sqrt(TOLERANCE / np.maximum(error, 1e-12))
            length[active] = np.minimum(LONGEST_STEP, length[active] * np.clip(scaled, 0.2, 2.5))
        near, gap = self._nearest(at[active])  # on the border itself the flow ends at a saddle
        index[active] = np.where(gap < CAUGHT, near, NOWHERE)
        return index

    def _nearest(self, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The nearest stationary point of each place, and how far it is in std and log std."""
        offsets = np.abs(at[:, None] - self.targets)
        offsets[..., 0] /= np.exp(self.targets[:, 1])
        gaps = offsets.max(axis=2)
        near = gaps.argmin(axis=1)
        return near, gaps[np.arange(near.size), near]

    def _stepped(self, at: np.ndarray, length: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """One step of each, and its error: a whole one against two halves, which are extrapolated."""
        rate, jacobian = self._rate(at), self._jacobian(at)
        whole = at + _implicit(rate, jacobian, length)
        half = at + _implicit(rate, jacobian, 0.5 * length)
        both = half + _implicit(self._rate(half), jacobian, 0.5 * length)
        gap = np.abs(both - whole)
        gap[:, 0] /= np.exp(at[:, 1])
        moved = 2 * both - whole
        error = np.where(np.isfinite(moved).all(axis=1), gap.max(axis=1), np.inf)
        return moved, error

    def _rate(self, at: np.ndarray) -> np.ndarray:
        """dμ/dt and d log σ/dt."""
        mean, log_std = at.T
        growth = 0.0 if self.fixed else 0.5 * (1 + self.curve.ev(log_std, mean))
        return np.stack([np.exp(log_std) * self.slope.ev(log_std, mean), growth + 0 * mean], axis=1)

    def _jacobian(self, at: np.ndarray) -> np.ndarray:
        mean, log_std = at.T
        std = np.exp(log_std)
        found = np.zeros((mean.size, 2, 2))
        found[:, 0, 0] = std * self.slope.ev(log_std, mean, dy=1)
        if not self.fixed:
            found[:, 0, 1] = std * (self.slope.ev(log_std, mean) + self.slope.ev(log_std, mean, dx=1))
            found[:, 1, 0] = 0.5 * self.curve.ev(log_std, mean, dy=1)
            found[:, 1, 1] = 0.5 * self.curve.ev(log_std, mean, dx=1)
        return found


def _implicit(rate: np.ndarray, jacobian: np.ndarray, length: np.ndarray) -> np.ndarray:
    """h (I − hJ)⁻¹ F."""
    (a, b), (c, d) = np.moveaxis(np.eye(2) - length[:, None, None] * jacobian, 0, -1)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        solved = np.stack([d * rate[:, 0] - b * rate[:, 1], a * rate[:, 1] - c * rate[:, 0]]) / (a * d - b * c)
    return (length * solved).T
