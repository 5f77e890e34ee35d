"""Mixtures of every size judged on points left out: all parts of all partitions are fitted side by side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kl_engine.data.ascent import Runs, climb
from kl_engine.data.empirical import Empirical
from kl_engine.data.generalisation import Score, several
from kl_engine.data.likelihood import POINTS_EACH, LikelihoodFit, NotFitted, Parameters, doubled, starts_of
from kl_engine.distributions.gaussian import GaussianMixture
from kl_engine.estimates.checks import vector
from kl_engine.estimates.floats import ieee

SHORT, LONG = 15, 150  # steps of EM: for all starts, then for those that lead
LEADING = 2
TOLERANCE = 1e-7


@dataclass(frozen=True, eq=False)
class HeldOut:
    """Sizes on points left out: the score of each, or why it has none; and what was fitted without each part.

    `fitted[k][t]` is the mixture of k + 1 components fitted without part t, all parts of all partitions in turn.
    """

    scores: list[Score | NotFitted]
    fitted: list[list[GaussianMixture]]


@ieee
def held_out(x: np.ndarray, partitions: tuple, fits: list[LikelihoodFit | NotFitted]) -> HeldOut:
    """The score of each size of `kl.data.likelihood_fits` on the parts of one partition or of several.

    A loss is ℓᵢ = −log q(xᵢ), in nats, q fitted without the part that holds xᵢ: an array of shape (R, n) for the R
    `partitions` (as `kl.data.repeated_folds` makes them) of `x` (n,); `fits` are those of all the points.
    For each part the sizes are fitted to the other parts alone, each from the one before it, as `likelihood_fits` does
    with fewer steps; where no run of a size does better there than the size before without narrowing on a point, the
    density of that one stands. A size that all the data could not be fitted with is not judged. Raises ValueError for
    an x that is not a vector. Source: P. Smyth, Statistics and Computing 10 (2000) 63.

    >>> import kl_engine as kl
    >>> import numpy as np
    >>> x = np.concatenate([np.linspace(-1, 1, 30), np.linspace(9, 11, 30)])
    >>> fits = kl.data.likelihood_fits(kl.data.Empirical.of(x), 2)
    >>> judged = kl.data.held_out(x, kl.data.repeated_folds(60, 5, 2, rng=0), fits)
    >>> judged.scores[1].held_out < judged.scores[0].held_out
    True
    """
    x, partitions = vector("x", x), several(partitions)
    training = [(i, part, np.delete(x, part)) for i, parts in enumerate(partitions) for part in parts]
    if any(np.unique(rest).size < 2 for _, _, rest in training):
        left = "once a part of the data is left out, only one value remains"
        return HeldOut([NotFitted(k + 1, left) for k in range(len(fits))], [])
    data = Empirical.of(x)
    scaled = (x - data.mean) / data.std
    values = np.unique(scaled)
    rests = [Empirical.of(np.delete(scaled, part)) for _, part, _ in training]
    masses = np.zeros((len(rests), values.size))
    for row, rest in zip(masses, rests):
        row[np.searchsorted(values, rest.values)] = rest.masses
    last: list[Parameters] = [(np.ones(1), np.array([rest.mean]), np.array([rest.std])) for rest in rests]
    scores, fitted = [], []
    for k, fit in enumerate(fits):
        last = _next(values, masses, rests, last, k + 1) if k else last
        fitted.append([GaussianMixture(w / w.sum(), data.mean + data.std * m, data.std * s) for w, m, s in last])
        scores.append(fit if isinstance(fit, NotFitted) else _score(x, training, fitted[-1], fit, len(partitions)))
    return HeldOut(scores, fitted)


def _score(x: np.ndarray, training: list, fitted: list[GaussianMixture], fit: LikelihoodFit, repeats: int) -> Score:
    """The losses of the points of each part by what was fitted without it."""
    losses = np.empty((repeats, x.size))
    for (i, part, _), q in zip(training, fitted):
        losses[i, part] = -q.log_pdf(x[part])
    return Score(fit.loss.value, losses)


def _next(
    values: np.ndarray, masses: np.ndarray, rests: list[Empirical], last: list[Parameters], components: int
) -> list[Parameters]:
    """The fits of one more component to every training set, from those of one fewer."""
    starts, owner = [], []
    for i, (rest, before) in enumerate(zip(rests, last)):
        if rest.values.size >= POINTS_EACH * components:
            begun = starts_of(rest, components, before, 0)
            starts += begun
            owner += [i] * len(begun)
    if not starts:
        return [doubled(each, components) for each in last]
    owner, runs = np.array(owner), Runs.of(starts)
    sizes = np.array([float(rest.size) for rest in rests])[owner]
    climb(values, masses[owner], sizes, runs, np.arange(owner.size), SHORT, 0.0)
    leading = [runs.best_first(np.flatnonzero(owner == i))[:LEADING] for i in range(len(rests))]
    climb(values, masses[owner], sizes, runs, np.concatenate(leading), LONG, TOLERANCE)
    runs.judge(np.concatenate(leading), sizes)
    found = []
    for i, before in enumerate(last):
        best = runs.best_first(leading[i])
        before = doubled(before, components)
        if best.size and runs.values[best[0]] > _mean_log(values, masses[i], before):
            before = runs.weights[best[0]], runs.means[best[0]], runs.stds[best[0]]
        found.append(before)
    return found


def _mean_log(values: np.ndarray, masses: np.ndarray, parameters: Parameters) -> float:
    weights, means, stds = parameters
    return float(masses @ GaussianMixture(weights / weights.sum(), means, stds).log_pdf(values))
