"""The optimal fits in both directions as the two modes of a target move apart, and where the reverse one jumps."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from kl_engine.distributions.gaussian import Gaussian, GaussianMixture
from kl_engine.divergences.verbs import forward_kl, reverse_kl
from kl_engine.estimates.checks import refuse, vector
from kl_engine.estimates.floats import ieee
from kl_engine.estimates.tolerances import EQUAL
from kl_engine.fits.descent import descend
from kl_engine.fits.directions import ReverseObjective
from kl_engine.fits.fitting import moment_match
from kl_engine.fits.paths import Path
from kl_engine.fits.problems.problem import best_first
from kl_engine.fits.problems.starts import run_starts
from kl_engine.optima.ties import Tie, ties_between


@dataclass(frozen=True, eq=False)
class Sweep:
    """The best q in each direction at each separation (row i of the paths), and the ties between rows.

    `separations` is of shape (n,), `forward` and `reverse` have as many rows; divergences are in nats. Made by
    `kl.optima.separation_sweep`.

    >>> import kl_engine as kl
    >>> found = kl.optima.separation_sweep([4.0, 8.0])
    >>> found.forward.std.round(4).tolist(), found.reverse.std.round(4).tolist()
    ([2.2361, 4.1231], [2.047, 1.0008])
    """

    separations: np.ndarray
    forward: Path
    reverse: Path
    ties: tuple[Tie, ...]


@ieee
def separation_sweep(separations, weight: float = 0.5, stds=(1.0, 1.0)) -> Sweep:
    """The optimal q in both directions for `GaussianMixture.two_modes` at each of the ascending `separations`.

    Every row is fitted on its own: forward by moments, reverse as the best of the local searches from the starts of
    `kl.fit` and from the optima of the neighbouring rows. Where the best one is not the continuation of its neighbour,
    the ties between the two are solved for. Raises ValueError for a bad argument. `separations` is of shape (n,), in
    the unit of x; `weight` is that of the mode at the right, `stds` the two widths. Divergences are in nats. Source: C.
    Bishop, Pattern Recognition and Machine Learning (2006), 10.1.2, figure 10.3. D(p‖q) = E_p log p/q, D(q‖p) = E_q log
    q/p.

    >>> import kl_engine as kl
    >>> found = kl.optima.separation_sweep([5.0, 6.0])
    >>> [round(tie.separation, 4) for tie in found.ties]
    [5.6002]
    """
    d = vector("separations", separations)
    if (d < 0).any() or (np.diff(d) <= 0).any():
        raise refuse("separations", "ascending numbers >= 0", separations)

    def target_at(separation: float) -> GaussianMixture:
        return GaussianMixture.two_modes(separation, weight, stds)

    targets = [target_at(value) for value in d.tolist()]
    best = _spread(targets, _best_of_starts(targets))
    rows = [Gaussian(mean, std) for mean, std in best]
    steps = zip(pairwise(d.tolist()), pairwise(best))
    ties = [tie for (low, high), ends in steps for tie in ties_between(target_at, low, high, *ends)]
    forward = [moment_match(p) for p in targets]
    paths = _path(forward_kl, targets, forward), _path(reverse_kl, targets, rows)
    return Sweep(d, *paths, tuple(ties))


def _best_of_starts(targets: list[GaussianMixture]) -> np.ndarray:
    """(n, 2) mean and std of the best local minimum from the usual starts; of mirror images the one at the right."""
    starts = [run_starts(p) for p in targets]
    each = len(starts[0])
    found = descend(ReverseObjective.of(*(p for p in targets for _ in range(each))), np.concatenate(starts))
    values, means = found.terms.value.reshape(-1, each), found.places[:, 0].reshape(-1, each)
    rows = [best_first(value, -mean)[0] + each * i for i, (value, mean) in enumerate(zip(values, means))]
    return found.places[rows]


def _spread(targets: list[GaussianMixture], best: np.ndarray) -> np.ndarray:
    """Offer each row the optima of its neighbours as starts, until none of them is better than its own."""
    objective = ReverseObjective.of(*targets)
    while True:
        own = objective.terms(best).value
        offers = [descend(objective, np.roll(best, shift, axis=0)) for shift in (1, -1)]
        improved = False
        for offer in offers:
            better = offer.stationary & (offer.terms.value < own - EQUAL * (1 + np.abs(own)))
            best[better] = offer.places[better]
            own[better] = offer.terms.value[better]
            improved |= bool(better.any())
        if not improved:
            return best


def _path(divergence, targets: list, rows: list[Gaussian]) -> Path:
    found = [divergence(p, q) for p, q in zip(targets, rows)]
    return Path.of(Gaussian, Path.places(np.array([(q.mean, q.std) for q in rows])), found)
