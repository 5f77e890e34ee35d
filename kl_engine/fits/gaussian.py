"""Fitting one Gaussian q to a target p in either direction."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kl_engine.distributions.gaussian import Gaussian, GaussianMixture, Mixture, mixture
from kl_engine.divergences.line import forward_kl, reverse_kl
from kl_engine.estimates.checks import positive
from kl_engine.estimates.estimate import Direction, Estimate
from kl_engine.fits.descent import newton_descent, verdict
from kl_engine.fits.flow import reverse_course, start_of
from kl_engine.fits.paths import Path, path
from kl_engine.fits.reverse import ReverseObjective

MOST_STARTS = 32
ALL_RUNS = 6
SAME = 1e-6  # two optima closer than this, in std and log std of q, are one


@dataclass(frozen=True, eq=False)
class Fit:
    """A fitted q, its divergence (or free energy), why the search stopped, and its trace.

    The trace has one row an iteration, the start first. `status` is "converged" (a strict local minimum),
    "saddle" (stationary, but no minimum) or "stopped" (not stationary: no optimum); `message` says why in words.
    """

    q: Mixture
    value: Estimate
    status: str
    message: str
    trace: Path

    @property
    def converged(self) -> bool:
        """Whether q is a strict local minimum."""
        return self.status == "converged"


def moment_match(p: Mixture) -> Gaussian:
    """The Gaussian with the mean and std of `p`: the exact minimiser of D(p‖q) over all Gaussians q."""
    p = mixture("p", p)
    return Gaussian(p.mean, p.std)


def fit(p: Mixture, direction, start: Gaussian | None = None, fixed_std: float | None = None) -> Fit:
    """The Gaussian q that minimises D(p‖q) ("forward") or D(q‖p) ("reverse"), value in nats.

    Forward there is one optimum, the moment match (with `fixed_std`, at the mean of p), whatever the start. Reverse:
    from a `start`, the optimum that the natural-gradient flow leads to; without one, the best of `reverse_optima`.
    With `fixed_std`, q's std is held at that number (the start's own is not used). A fit that did not converge says so
    in `status` and `message`. Raises ValueError for a bad argument.
    """
    p, direction = mixture("p", p), Direction.of(direction)
    fixed = None if fixed_std is None else positive("fixed_std", fixed_std)
    first = None if start is None else start_of(start, fixed)[0]
    if direction is Direction.FORWARD:
        return _forward_fit(p, first, fixed)
    if first is None:
        return reverse_optima(p, fixed)[0]
    return _reverse_fit(p, first, fixed is not None)


def reverse_optima(p: Mixture, fixed_std: float | None = None) -> tuple[Fit, ...]:
    """The local minima of D(q‖p) that a documented set of starts leads to, best first (of equals, the larger mean).

    The starts are the moment matches of runs of neighbouring components, in the order of their means: each alone, each
    pair side by side, … the whole (see `run_starts`); of more than 32 those of least divergence. Necessary places to
    look, not a proof that there is no other.
    """
    p = mixture("p", p)
    fixed = None if fixed_std is None else positive("fixed_std", fixed_std)
    objective, starts = ReverseObjective.of(p), run_starts(p)
    mean, std = (np.array([getattr(q, name) for q in starts]) for name in ("mean", "std"))
    if fixed is not None:
        std[:] = fixed
    if mean.size > MOST_STARTS:
        best = np.argsort(objective.terms(mean, std).value, kind="stable")[:MOST_STARTS]
        mean, std = mean[best], std[best]
    found = newton_descent(objective, mean, std, fixed is not None)
    rows = distinct_rows(found)
    fits = []
    for row in rows:
        status, message = verdict(found, row, fixed is not None)
        trace = path(p, Direction.REVERSE, *(trace_column(found.history, i, row) for i in (0, 1)))
        q = Gaussian(found.mean[row], found.std[row])
        note = f"{message}; best of {len(rows)} found from {mean.size} starts" if row == rows[0] else message
        fits.append(Fit(q, reverse_kl(p, q), status, note, trace))
    return tuple(fit for fit in fits if fit.converged) or tuple(fits)


def run_starts(p: Mixture) -> list[Gaussian]:
    """The moment match of every run of components that are neighbours in the order of their means.

    Of more than six components only the runs of 1, 2, 4, 8 … components and the whole: their number then grows as
    K log K.
    """
    order = np.argsort(p.means, kind="stable")
    lengths = range(1, order.size + 1)
    if order.size > ALL_RUNS:
        lengths = [n for n in lengths if n & (n - 1) == 0 or n == order.size]
    runs = [order[i : i + n] for n in lengths for i in range(order.size - n + 1)]
    return [moment_match(part_of(p, run)) for run in runs]


def part_of(p: Mixture, run: np.ndarray) -> GaussianMixture:
    return GaussianMixture(p.weights[run] / p.weights[run].sum(), p.means[run], p.stds[run])


def _forward_fit(p: Mixture, start: Gaussian | None, fixed: float | None) -> Fit:
    q = moment_match(p) if fixed is None else Gaussian(p.mean, fixed)
    rows = [start or q, q]
    trace = path(p, Direction.FORWARD, *(np.array([getattr(row, name) for row in rows]) for name in ("mean", "std")))
    message = "exact: the moments of p" if fixed is None else "exact: the mean of p"
    return Fit(q, forward_kl(p, q), "converged", f"{message}; the only optimum, from every start", trace)


def _reverse_fit(p: Mixture, start: Gaussian, fixed: bool) -> Fit:
    course = reverse_course(p, start, fixed)
    mean, log_std = course.steps.T
    std = np.exp(log_std)
    if fixed:
        std[:] = start.std
    std[0] = start.std
    q = Gaussian(mean[-1], std[-1])
    return Fit(q, reverse_kl(p, q), course.status, course.message, path(p, Direction.REVERSE, mean.copy(), std))


def trace_column(history: list, which: int, row: int) -> np.ndarray:
    """One row of a descent through its iterations, without the iterations in which it stood still."""
    mean, std = (np.array([step[i][row] for step in history]) for i in (0, 1))
    moved = np.concatenate([[True], (np.diff(mean) != 0) | (np.diff(std) != 0)])
    return (mean, std)[which][moved]


def distinct_rows(found) -> list[int]:
    """The rows of a descent that ended in different places, best first; of equal values the larger mean."""
    values = np.round(found.terms.value, 11) + 0.0
    rows: list[int] = []
    for row in np.lexsort((-found.mean, values)).tolist():
        gaps = (
            max(abs(found.mean[row] - found.mean[k]) / found.std[k], abs(np.log(found.std[row] / found.std[k])))
            for k in rows
        )
        if all(gap > SAME for gap in gaps):
            rows.append(row)
    return rows
