"""D(a‖b) of many pairs at once: Gaussian mixtures on the line in rows of arrays, other kinds one by one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from kl_engine.distributions.gaussian import Gaussian
from kl_engine.divergences import closed_forms
from kl_engine.divergences.gradients import LINE
from kl_engine.divergences.line import how
from kl_engine.divergences.verbs import kl_divergence
from kl_engine.estimates.certainty import Certainty
from kl_engine.estimates.checks import SMALLEST, normalised, refuse
from kl_engine.estimates.estimate import Estimate
from kl_engine.estimates.estimates import Estimates
from kl_engine.estimates.floats import ieee
from kl_engine.quadrature.proved.integral import Value
from kl_engine.quadrature.proved.relative import solve_rows

PARAMETERS = ("weights", "means", "stds")
EXPECTED = "pairs (a, b) of distributions, or two triples (weights, means, stds) of arrays with a leading axis"


@ieee
def kl_divergences(pairs) -> Estimates:
    """D(aᵢ‖bᵢ) = ∫ aᵢ log(aᵢ/bᵢ) in nats of many pairs (a batch), as by `kl_divergence` one by one; those of Gaussian
    mixtures all at once.

    `pairs` is a sequence of pairs (a, b) of distributions; or, of mixtures on the line, two triples of arrays
    ((weights, means, stds), (weights, means, stds)), each array (n, K), or (K,) where it is the same for all pairs.
    Some 4 times 4,000 exponentials per pair of two components. Raises ValueError naming what is not a pair,
    OverflowError naming the pair whose divergence is beyond the largest double. Source: S. Kullback, R. A. Leibler,
    Ann. Math. Stat. 22 (1951) 79; for the bound of the error L. N. Trefethen, Approximation Theory and Approximation
    Practice (2013), ch. 19.

    >>> import kl_engine as kl
    >>> p = kl.GaussianMixture([0.5, 0.5], [-2, 2], [1, 1])
    >>> found = kl.kl_divergences([(p, kl.Gaussian(0, std)) for std in (1, 2, 3)])
    >>> [f"{each:.6f}" for each in found], found.certainty
    (['1.367280', '0.185427', '0.243670'], Certainty.PROVED)
    """
    if _are_arrays(pairs):
        sides = [_arrays(side) for side in pairs]
        n = max(side.shape[1] for side in sides)
        for side in sides:
            if side.shape[1] not in (1, n):
                raise refuse("pairs", f"{n} rows in both, or 1", side.shape[1])
        return _of_arrays(*(np.broadcast_to(side, (3, n, side.shape[2])) for side in sides))
    pairs = _listed(pairs)
    found: list[Estimate | None] = [None] * len(pairs)
    groups = defaultdict(list)
    for i, (a, b) in enumerate(pairs):
        if isinstance(a, LINE) and isinstance(b, LINE):
            groups[a.weights.size, b.weights.size].append(i)
        else:
            found[i] = _of(i, kl_divergence, a, b)
    parts = [_of_group(pairs, group) for group in groups.values()]
    if len(parts) == 1 and len(next(iter(groups.values()))) == len(pairs):
        return parts[0]
    for group, part in zip(groups.values(), parts):
        for i, each in zip(group, part):
            found[i] = each
    return Estimates.of(found)


def _of_group(pairs: list, group: list[int]) -> Estimates:
    """Of the pairs on the line that have as many components each."""
    sides = [[pairs[i][side] for i in group] for side in (0, 1)]
    if sides[0][0].weights.size == sides[1][0].weights.size == 1:
        return Estimates.of([_of(i, closed_forms.kl_divergence, *pairs[i]) for i in group])
    arrays = (
        np.array([np.concatenate([getattr(each, name) for each in side]) for name in PARAMETERS]).reshape(
            3, len(group), -1
        )
        for side in sides
    )
    return _of_rows(*arrays, group)


def _of_arrays(first: np.ndarray, second: np.ndarray) -> Estimates:
    """Of rows of arrays (3, n, K)."""
    if first.shape[2] == second.shape[2] == 1:
        sides = [[Gaussian(mean, std) for _, mean, std in side[:, :, 0].T] for side in (first, second)]
        return Estimates.of([_of(i, closed_forms.kl_divergence, *pair) for i, pair in enumerate(zip(*sides))])
    return _of_rows(first, second, range(first.shape[1]))


def _of_rows(first: np.ndarray, second: np.ndarray, names: Sequence[int]) -> Estimates:
    """By quadrature in rows; `names` are the numbers of the pairs in what was asked."""
    most = max(first.shape[2], second.shape[2])
    raw = np.zeros((3, most, 2, first.shape[1]))
    for i, side in enumerate((first, second)):
        raw[:, : side.shape[2], i] = side[[0, 2, 1]].swapaxes(1, 2)
    found = solve_rows(raw)
    if not np.isfinite(found.error).all():
        i = int(np.flatnonzero(~np.isfinite(found.error))[0])
        raise OverflowError(f"the divergence of pair {names[i]} is finite but beyond the largest double (1.8e308)")
    return Estimates(found.value, found.error, _certainties(found), tuple(map(how, found.panels, found.proved)))


def _certainties(found: Value) -> tuple[Certainty, ...]:
    """Of each row."""
    return tuple(Certainty.PROVED if proved else Certainty.ESTIMATED for proved in found.proved.tolist())


def _of(i: int, function, a, b) -> Estimate:
    """One pair, its number in whatever it raises."""
    try:
        return function(a, b)
    except (ValueError, OverflowError) as error:
        raise type(error)(f"pair {i}: {error}") from error


def _listed(pairs) -> list[tuple]:
    """The pairs as a list; ValueError where one is none."""
    if isinstance(pairs, (str, bytes)) or not isinstance(pairs, Iterable):
        raise refuse("pairs", EXPECTED, pairs)
    found = []
    for pair in pairs:
        if not isinstance(pair, (tuple, list)) or len(pair) != 2:
            raise refuse("pairs", EXPECTED, pair)
        found.append(tuple(pair))
    if not found:
        raise refuse("pairs", "at least one pair", pairs)
    return found


def _are_arrays(pairs) -> bool:
    """Whether it is two triples."""
    return (
        isinstance(pairs, (tuple, list))
        and len(pairs) == 2
        and all(isinstance(side, (tuple, list)) and len(side) == 3 for side in pairs)
    )


def _arrays(side) -> np.ndarray:
    """(3, n, K) weights, means and stds, the weights divided by their sums; ValueError naming what is wrong."""
    try:
        arrays = np.broadcast_arrays(*(np.atleast_2d(np.asarray(each, dtype=np.float64)) for each in side))
    except (TypeError, ValueError) as error:
        raise refuse("pairs", EXPECTED, side) from error
    weights, means, stds = arrays
    if weights.ndim != 2 or not weights.size:
        raise refuse("pairs", EXPECTED, weights.shape)
    for name, array in zip(PARAMETERS, arrays):
        if not np.isfinite(array).all() or (name != "means" and (array < SMALLEST).any()):
            raise refuse(name, "finite numbers" + " > 0" * (name != "means"), array)
    return np.array([normalised_rows(weights, side[0]), means, stds])


def normalised_rows(weights: np.ndarray, given) -> np.ndarray:
    """Every row divided by its sum, which is 1 within the tolerance of what was given."""
    worst = int(np.abs(weights.sum(axis=1) - 1).argmax())
    normalised("weights", weights[worst], given)
    return weights / weights.sum(axis=1, keepdims=True)
