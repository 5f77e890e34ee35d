"""The optimal fits in both directions as the two modes of a target move apart, and where the reverse one jumps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kl_engine.descent import newton_descent
from kl_engine.distributions import Gaussian, GaussianMixture
from kl_engine.divergences import forward_kl, reverse_kl
from kl_engine.estimates import Estimate
from kl_engine.fitting import moment_match, run_starts
from kl_engine.paths import Path
from kl_engine.reverse_objective import ReverseObjective
from kl_engine.validation import refuse, vector

APART = 1e-3  # in std and log std of q: two optima further apart than this are different branches
TIE_TOLERANCE = 1e-12  # of the separation


@dataclass(frozen=True)
class Tie:
    """A separation at which the best reverse fit changes branch: two optima, `before` and `after`, of one divergence."""

    separation: float
    value: Estimate
    before: Gaussian
    after: Gaussian


@dataclass(frozen=True, eq=False)
class Sweep:
    """The best q in each direction at each separation (row i of the paths), and the ties between rows."""

    separations: np.ndarray
    forward: Path
    reverse: Path
    ties: tuple[Tie, ...]


def two_modes(separation: float, weight: float = 0.5, stds=(1.0, 1.0)) -> GaussianMixture:
    """p = weight N(+d/2, stds[0]²) + (1 − weight) N(−d/2, stds[1]²), with d = separation."""
    half = separation / 2
    return GaussianMixture([weight, 1 - weight], [half, -half], stds)


def separation_sweep(separations, weight: float = 0.5, stds=(1.0, 1.0)) -> Sweep:
    """The optimal q in both directions for `two_modes` at each of the ascending `separations`.

    Every row is fitted on its own: forward by moments, reverse as the best of the local searches from the starts of
    `reverse_optima` and from the optima of the neighbouring rows. Where the best one is not the continuation of its
    neighbour, the tie between the two is solved for. Raises ValueError for a bad argument.
    """
    d = vector("separations", separations)
    if (d < 0).any() or (np.diff(d) <= 0).any():
        raise refuse("separations", "ascending numbers >= 0", separations)
    targets = [two_modes(value, weight, stds) for value in d.tolist()]
    best = _spread(targets, _best_of_starts(targets))
    rows = [Gaussian(mean, std) for mean, std in best]
    ties = [_tie_between(d[i], d[i + 1], weight, stds, best[i : i + 2]) for i in range(d.size - 1)]
    forward = [moment_match(p) for p in targets]
    paths = _path(forward_kl, targets, forward), _path(reverse_kl, targets, rows)
    return Sweep(d, *paths, tuple(tie for tie in ties if tie))


def _best_of_starts(targets: list[GaussianMixture]) -> np.ndarray:
    """(n, 2) mean and std of the best local minimum from the usual starts; of mirror images the one at the right."""
    starts = [[(q.mean, q.std) for q in run_starts(p)] for p in targets]
    each = len(starts[0])
    objective = ReverseObjective.of(*(p for p in targets for _ in range(each)))
    found = newton_descent(objective, *np.concatenate(starts).T, False)
    values = np.round(found.terms.value, 11).reshape(-1, each)
    means = found.mean.reshape(-1, each)
    rows = [np.lexsort((-mean, value))[0] + each * i for i, (mean, value) in enumerate(zip(means, values))]
    return np.column_stack([found.mean, found.std])[rows]


def _spread(targets: list[GaussianMixture], best: np.ndarray) -> np.ndarray:
    """Offer each row the optima of its neighbours as starts, until none of them is better than its own."""
    objective = ReverseObjective.of(*targets)
    while True:
        own = objective.terms(*best.T).value
        offers = [newton_descent(objective, *np.roll(best, shift, axis=0).T, False) for shift in (1, -1)]
        improved = False
        for offer in offers:
            better = offer.stationary & (offer.terms.value < own - 1e-10)
            best[better] = np.column_stack([offer.mean, offer.std])[better]
            own[better] = offer.terms.value[better]
            improved |= bool(better.any())
        if not improved:
            return best


def _continued(p: GaussianMixture, q: np.ndarray) -> tuple[np.ndarray, float]:
    """The local minimum of D(q‖p) next to `q`, and its value."""
    found = newton_descent(ReverseObjective.of(p), q[:1], q[1:], False)
    return np.array([found.mean[0], found.std[0]]), float(found.terms.value[0])


def _tie_between(low: float, high: float, weight: float, stds, ends: np.ndarray) -> Tie | None:
    """The tie between two neighbouring rows, when the optimum of the second is not the continuation of the first's."""
    from scipy.optimize import brentq

    branches = [ends[0], _continued(two_modes(low, weight, stds), ends[1])[0]]
    if _same(_continued(two_modes(high, weight, stds), ends[0])[0], ends[1]):
        return None

    def lead(separation: float) -> float:
        p = two_modes(separation, weight, stds)
        first, second = (_continued(p, q)[1] for q in branches)
        return first - second

    separation = float(brentq(lead, low, high, xtol=TIE_TOLERANCE))
    p = two_modes(separation, weight, stds)
    before, after = (Gaussian(*_continued(p, q)[0]) for q in branches)
    return Tie(separation, reverse_kl(p, after), before, after)


def _same(first: np.ndarray, second: np.ndarray) -> bool:
    """Whether two q's are on one branch: near each other, or mirror images."""
    return abs(abs(first[0]) - abs(second[0])) < APART * second[1] and abs(np.log(first[1] / second[1])) < APART


def _path(divergence, targets: list, rows: list[Gaussian]) -> Path:
    found = [divergence(p, q) for p, q in zip(targets, rows)]
    columns = ([q.mean for q in rows], [q.std for q in rows], [estimate.value for estimate in found])
    return Path(*(np.array(column) for column in columns), max(estimate.error for estimate in found))
