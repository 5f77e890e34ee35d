"""A divergence over a whole grid of Gaussians q = N(μ, σ²).

Forward it is closed in the moments of p. Reverse it is −½ log 2πe − log σ − g(μ, σ) with g = E log p, which is log p
smoothed by the heat kernel of variance σ²; and smoothing by τ² and then by σ² − τ² is smoothing by σ². So for all σ
of half an octave g is found once, for τ = σ/√2, on an even grid in μ. From there every value is a sum of some 40 terms:
for what is smooth on the scale of its step the trapezoidal rule has next to no error (by Poisson's formula e^−25).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from kl_engine.distributions.adapters import as_distribution
from kl_engine.distributions.gaussian import Mixture, mixture
from kl_engine.distributions.line.base import LineDistribution
from kl_engine.estimates.checks import positive_vector, vector
from kl_engine.estimates.estimate import Direction
from kl_engine.estimates.floats import ieee
from kl_engine.estimates.rounding import LOG_ROOT_TAU, ROOT_TAU
from kl_engine.fits import families
from kl_engine.fits.directions import ForwardObjective, ReverseObjective
from kl_engine.fits.objective import OnTheLine
from kl_engine.fits.problems.problem import problem_of
from kl_engine.optima.scale_space import CHUNK
from kl_engine.quadrature.crossings import crossings_within
from kl_engine.quadrature.panels import log_sum_exp

NODES, WEIGHTS = np.polynomial.legendre.leggauss(16)
PANEL = 3.0  # the longest panel of the first smoothing, in its std
SHARP = 3.0  # a crossing wider than this, in the same, needs no panels of its own
GRADES = np.array([-24.0, -7.0, -2.0, 2.0, 7.0, 24.0])  # panel edges around a crossing, in its width
FAINT = 24.0  # nats below another component: of no weight
REACH = 7.5  # std; beyond it a Gaussian has 6e-14 of its mass
OCTAVE = math.sqrt(2)  # the σ up to this ratio share a first smoothing
STEP = 0.44  # of the even grid, in the smallest of those σ
MOST_POINTS = 20_000  # on one grid; a longer one is not worth its while
GOAL = 1e-10  # of 1 + value: what the probes must agree to with quadrature, q by q


class Landscape(np.ndarray):
    """An array of divergences (stds, means); `error` is the largest |value − truth|/(1 + truth) to expect in it.

    In nats, of shape (stds, means). Made by `kl.optima.landscape`.

    >>> import kl_engine as kl
    >>> found = kl.optima.landscape(kl.Gaussian(0, 1), "forward", [0.0, 1.0], [1.0])
    >>> found.round(6).tolist(), found.error < 1e-9
    ([[0.0, 0.5]], True)
    """

    error: float | None = None

    def __array_finalize__(self, source) -> None:
        self.error = getattr(source, "error", None)


class Band(NamedTuple):
    """Rows of a landscape that share a first smoothing."""

    rows: np.ndarray
    values: np.ndarray | None  # None: to be integrated q by q


@ieee
def landscape(p, direction, means, stds) -> Landscape:
    """D(p‖q) ("forward") or D(q‖p) ("reverse") in nats for q = N(means[j], stds[i]²): an array (len(stds), len(means)).

    `direction` is one of the two words. It is an `ndarray` with an `error`, relative to 1 + value. Forward that is a
    bound. Reverse it is the largest difference from quadrature q by q at probes: one for every half octave of σ, every
    second one next to a crossing. Where a probe misses 1e-10, or the grid would be too long (a narrow q over a wide
    range), that half octave is integrated q by q, and `error` bounds it; of any other p on the line every q is. Raises
    ValueError for a bad argument. Source: S. Kullback, R. A. Leibler, Ann. Math. Stat. 22 (1951) 79; for the probes L.
    N. Trefethen, Approximation Theory and Approximation Practice (2013).

    >>> import kl_engine as kl
    >>> found = kl.optima.landscape(kl.Gaussian(0, 1), "reverse", [0.0, 1.0], [1.0, 2.0])
    >>> found.round(6).tolist()
    [[0.0, 0.5], [0.806853, 1.306853]]
    """
    p, direction = as_distribution(p, "p"), Direction.of(direction)
    means, stds = vector("means", means), positive_vector("stds", stds)
    if isinstance(p, LineDistribution):
        return _over_grid(problem_of(p, direction, families.Gaussian()).objective, means, stds)
    p = mixture("p", p)
    if direction is Direction.FORWARD:
        return _over_grid(ForwardObjective(p), means, stds)
    order = np.argsort(stds, kind="stable")
    bands = []
    while order.size:
        rows = order[stds[order] <= OCTAVE * stds[order[0]]]
        order = order[rows.size :]
        bands.append(Band(rows, _band_values(p, means, stds[rows])))
    return _checked(p, means, stds, bands)


def _over_grid(objective: OnTheLine, means: np.ndarray, stds: np.ndarray) -> Landscape:
    """What an objective says of every q."""
    values, errors = objective.values(np.stack(np.meshgrid(means, stds), axis=-1).reshape(-1, 2))
    return _with_error(values.reshape(stds.size, -1), float((errors / (1 + np.abs(values))).max()))


def _checked(p: Mixture, means: np.ndarray, stds: np.ndarray, bands: list[Band]) -> Landscape:
    """The whole, from bands that are compared with quadrature at a probe each, and replaced if they miss the goal."""
    centres = [centre for centre, _ in crossings_within(p, FAINT)] or [p.mean]
    near = [int(np.abs(means - centres[i % len(centres)]).argmin()) for i in range(len(bands))]
    columns = [near[i] if i % 2 == 0 else (i * means.size) // len(bands) for i in range(len(bands))]
    places = [0 if i % 4 < 2 else band.rows.size - 1 for i, band in enumerate(bands)]
    rows = [band.rows[place] for band, place in zip(bands, places)]
    truth, error = ReverseObjective.of(p).values(np.column_stack([means[columns], stds[rows]]))
    values, reached = np.empty((stds.size, means.size)), 0.0
    for band, place, column, exact, bound in zip(bands, places, columns, truth, error):
        off = np.inf
        if band.values is not None:
            off = float((abs(band.values[place, column] - exact) + bound) / (1 + exact))
        values[band.rows], off = (band.values, off) if off <= GOAL else _one_by_one(p, means, stds[band.rows])
        reached = max(reached, off)
    return _with_error(values, reached)


def _one_by_one(p: Mixture, means: np.ndarray, stds: np.ndarray) -> tuple[np.ndarray, float]:
    """The rows by quadrature of every q, and the bound of the error."""
    objective = ReverseObjective.of(p)
    rows = [objective.values(np.column_stack([means, np.full(means.size, std)])) for std in stds.tolist()]
    values, errors = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
    return values, float((errors / (1 + np.abs(values))).max())


def _with_error(values: np.ndarray, error: float) -> Landscape:
    found = values.view(Landscape)
    found.error = error
    return found


def _band_values(p: Mixture, means: np.ndarray, stds: np.ndarray) -> np.ndarray | None:
    """D(q‖p) for ascending stds within half an octave; None where the grid would be too long."""
    tau, step = stds[0] / math.sqrt(2), STEP * stds[0]
    rest = np.sqrt((stds - tau) * (stds + tau))
    side = math.ceil(REACH * rest[-1] / step) + 1
    low = means.min()
    count = math.ceil((means.max() - low) / step) + 2 * side + 1
    if count > MOST_POINTS:
        return None
    grid = step * (np.arange(count) - side)  # from `low`
    smooth = _first_smoothing(p, low, grid, tau)
    at = (means - low) / step
    window = np.floor(at).astype(int)[:, None] + np.arange(1, 2 * side + 1)
    gaps = (step * (window - side - at[:, None])) ** 2
    smooth = smooth[window]
    values, density = np.empty((stds.size, means.size)), np.empty_like(gaps)
    for row, std in enumerate(rest.tolist()):
        np.multiply(gaps, -0.5 / (std * std), out=density)
        np.exp(density, out=density)
        values[row] = np.einsum("ij,ij->i", density, smooth) * (-step / (ROOT_TAU * std))
    values -= (0.5 + LOG_ROOT_TAU + np.log(stds))[:, None]
    return values


def _first_smoothing(p: Mixture, low: float, grid: np.ndarray, std: float) -> np.ndarray:
    """E log p under N(low + grid[i], std²), by one Gauss rule on panels that are cut at the crossings of p."""
    start = grid[0] - 3 * PANEL * std
    edges = start + PANEL * std * np.arange(math.ceil((grid[-1] - start) / (PANEL * std)) + 4)
    cuts = [centre - low + GRADES * width for centre, width in crossings_within(p, FAINT) if width < SHARP * std]
    edges = np.unique(np.clip(np.concatenate([edges, *cuts]), edges[0], edges[-1]))
    half = 0.5 * np.diff(edges)
    x = ((edges[:-1] + half)[:, None] + half[:, None] * NODES).ravel()
    log_p = (half[:, None] * (WEIGHTS / (ROOT_TAU * std))).ravel() * _log_density(p, low, x)
    found = np.empty(grid.size)
    for i in range(0, grid.size, CHUNK):
        some = grid[i : i + CHUNK]
        seen = slice(*np.searchsorted(x, [some[0] - REACH * std, some[-1] + REACH * std]))
        z = (x[seen] - some[:, None]) * (math.sqrt(0.5) / std)
        z *= z
        found[i : i + CHUNK] = np.exp(np.negative(z, out=z), out=z) @ log_p[seen]
    return found


def _log_density(p: Mixture, low: float, x: np.ndarray) -> np.ndarray:
    """log p(low + x)."""
    heights = np.log(p.weights) - np.log(p.stds) - LOG_ROOT_TAU
    terms = heights[:, None] - 0.5 * ((x - (p.means - low)[:, None]) / p.stds[:, None]) ** 2
    return log_sum_exp(terms)
