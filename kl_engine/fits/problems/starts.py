"""Where searches begin: documented sets of starts, made of the components of p. Places to look, not a proof."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from math import comb

import numpy as np

from kl_engine.distributions.gaussian import GaussianMixture, Mixture
from kl_engine.distributions.multivariate import Multivariate, MultivariateGaussian, MultivariateGaussianMixture
from kl_engine.fits.families import OfCovariance, moment_match

ALL_RUNS = 6
MOST_RUNS = 32  # that are descended from
MOST_OF_A_KIND = 20  # cuts, and choices, of the components of a mixture
ALL_SUBSETS, MOST_SUBSETS = 3, 24


def run_starts(p: Mixture) -> np.ndarray:
    """(n, 2) mean and std of every run of components that are neighbours in the order of their means.

    Of more than six components only the runs of 1, 2, 4, 8 … components and the whole: their number then grows as
    K log K.
    """
    order = np.argsort(p.means, kind="stable")
    lengths = range(1, order.size + 1)
    if order.size > ALL_RUNS:
        lengths = [n for n in lengths if n & (n - 1) == 0 or n == order.size]
    runs = [order[i : i + n] for n in lengths for i in range(order.size - n + 1)]
    alone = [(p.means[run[0]], p.stds[run[0]]) for run in runs[: order.size]]  # a component is its own moment match
    return np.array(alone + [(part.mean, part.std) for part in (part_of(p, run) for run in runs[order.size :])])


def part_of(p: Mixture, some: np.ndarray) -> GaussianMixture:
    """Some of the components of p, as a mixture of their own."""
    return GaussianMixture(p.weights[some] / p.weights[some].sum(), p.means[some], p.stds[some])


def mixture_starts(p: Mixture, components: int) -> Iterator[GaussianMixture]:
    """Runs of neighbours merged, in every way to cut p's components into so many; and every choice of so many of them.

    Of more than 20 ways of one kind the one that loses least by greedy merging, or the heaviest components.
    """
    order, size = np.argsort(p.means, kind="stable"), p.weights.size
    if comb(size - 1, components - 1) <= MOST_OF_A_KIND:
        for cuts in combinations(range(1, size), components - 1):
            yield _merged(p, np.split(order, cuts))
    else:
        yield _merged(p, _greedy_groups(p, components))
    if comb(size, components) <= MOST_OF_A_KIND:
        chosen = combinations(range(size), components)
    else:
        chosen = [tuple(np.argsort(-p.weights, kind="stable")[:components])]
    for some in chosen:
        yield part_of(p, np.array(some))


def subset_starts(p: Multivariate, family: OfCovariance) -> list[MultivariateGaussian]:
    """The moment matches of sets of components, in the family: all of them for up to three components.

    Otherwise each component, the whole and each pair, of which the first 24.
    """
    count = p.weights.size
    sizes = range(1, count + 1) if count <= ALL_SUBSETS else (1, count, 2)
    sets = [list(chosen) for size in sizes for chosen in combinations(range(count), size)][:MOST_SUBSETS]
    parts = [MultivariateGaussianMixture(p.weights[k] / p.weights[k].sum(), p.means[k], p.covs[k]) for k in sets]
    return [moment_match(part, family) for part in parts]


def _merged(p: Mixture, groups: list[np.ndarray]) -> GaussianMixture:
    """The moment match of each group, with its weight."""
    parts = [part_of(p, group) for group in groups]
    weights = [p.weights[group].sum() for group in groups]
    return GaussianMixture(weights, [part.mean for part in parts], [part.std for part in parts])


def _greedy_groups(p: Mixture, components: int) -> list[np.ndarray]:
    """Merge, again and again, the two groups whose merging costs least.

    The cost is ½ ((w₁ + w₂) log σ² − w₁ log σ₁² − w₂ log σ₂²), an upper bound of what D(p‖q) loses. Source:
    A. R. Runnalls, IEEE Trans. Aerospace and Electronic Systems 43 (2007) 989.
    """
    groups = [np.array([k]) for k in range(p.weights.size)]
    while len(groups) > components:
        costs = {}
        for i, j in combinations(range(len(groups)), 2):
            joined = np.concatenate([groups[i], groups[j]])
            costs[i, j] = _spread(p, joined) - _spread(p, groups[i]) - _spread(p, groups[j])
        i, j = min(costs, key=costs.get)
        groups[i] = np.concatenate([groups[i], groups.pop(j)])
    return groups


def _spread(p: Mixture, group: np.ndarray) -> float:
    """Weight times log std of a group."""
    return float(p.weights[group].sum() * np.log(part_of(p, group).std))
