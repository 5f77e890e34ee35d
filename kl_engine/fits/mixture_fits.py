"""Fitting a mixture q of K components to a target p in either direction."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import combinations
from math import comb

import numpy as np

from kl_engine.distributions.gaussian import Gaussian, GaussianMixture, Mixture, mixture
from kl_engine.divergences.line import kl_divergence
from kl_engine.estimates.checks import refuse, whole
from kl_engine.estimates.estimate import Direction
from kl_engine.fits.expectation_maximisation import expectation_maximisation
from kl_engine.fits.gaussian import Fit, fit, part_of
from kl_engine.fits.mixture import MixtureObjective
from kl_engine.fits.mixture_descent import MixtureDescent, mixture_descent, mixture_verdict
from kl_engine.fits.paths import Path

MOST_COMPONENTS = 12
MOST_STARTS = 20  # of each kind
EM_STEPS, EM_TOLERANCE = 100, 1e-2  # EM comes near, slowly; Newton's method ends it
SAME = 1e-9  # relative to 1 + value: of starts that end equally well the first counts


def mixture_fit(p: Mixture, direction, components: int, start: GaussianMixture | None = None) -> Fit:
    """The mixture q of `components` Gaussians that minimises D(p‖q) ("forward") or D(q‖p) ("reverse"), value in nats.

    Forward by EM on the population, whose expectations are quadratures, each step lowering D(p‖q); when no parameter
    moves by more than 1 %, or after 100 steps, damped Newton steps with the exact Hessian take over. Reverse by those
    alone. They stop where the gradient is below 1e-10 (a minimum, a saddle or, with more components than p can use, a
    flat place: `status` says which; beside those of `Fit` it may be "flat").

    From a `start` of so many components, the optimum that it leads to. Without one the best of documented starts:
    the moment matches of every way to cut p's components, in the order of their means, into so many runs, and of every
    choice of so many of them (of more than 20 ways of one kind the one that loses least by greedy merging, or the
    heaviest). With as many components as p has or more, q is p itself. `trace` holds q's overall mean and std.
    Raises ValueError for a bad argument.
    """
    p, direction = mixture("p", p), Direction.of(direction)
    components = whole("components", components, 1)
    if components > MOST_COMPONENTS:
        raise refuse("components", f"at most {MOST_COMPONENTS}", components)
    if start is not None and (not isinstance(start, (Gaussian, GaussianMixture)) or start.weights.size != components):
        raise refuse("start", f"a mixture of {components} components, as many as asked for", start)
    if components == 1:
        begin = None if start is None else Gaussian(float(start.means[0]), float(start.stds[0]))
        return fit(p, direction, begin)
    if start is None and components >= p.weights.size:
        return _itself(p, direction, components)
    there, back = partial(_moved, origin=p.mean, unit=p.std), partial(_restored, origin=p.mean, unit=p.std)
    objective = MixtureObjective(there(p), direction)
    starts = [start] if start is not None else list(_starts(p, components))
    found = [_descended(objective, there(each)) for each in starts]
    least = min(each.terms.value for each in found)
    best = next(each for each in found if each.terms.value <= least + SAME * (1 + abs(least)))
    status, message = mixture_verdict(best)
    if start is None:
        message = f"{message}; best of those that {len(starts)} starts led to"
    return _fit(p, direction, [back(q) for q in best.history], status, message)


def _descended(objective: MixtureObjective, start: GaussianMixture) -> MixtureDescent:
    """Forward EM first; then, in both directions, Newton's method."""
    if not objective.forward:
        return mixture_descent(objective, [start])
    ascent = expectation_maximisation(objective.nodes, start, EM_STEPS, EM_TOLERANCE)
    return mixture_descent(objective, ascent.history)


def _fit(p: Mixture, direction: Direction, history: list[GaussianMixture], status: str, message: str) -> Fit:
    pairs = [(p, q) if direction is Direction.FORWARD else (q, p) for q in history]
    values = [kl_divergence(*pair) for pair in pairs]
    columns = ([q.mean for q in history], [q.std for q in history], [each.value for each in values])
    trace = Path(*map(np.array, columns), max(each.error for each in values))
    return Fit(history[-1], values[-1], status, message, trace)


def _itself(p: Mixture, direction: Direction, components: int) -> Fit:
    """p, its heaviest components cut in two of equal mean and std as often as needed: D is 0, and no q is better."""
    weights, means, stds = (list(array) for array in (p.weights, p.means, p.stds))
    while len(weights) < components:
        heaviest = int(np.argmax(weights))
        weights[heaviest] /= 2
        for values in (weights, means, stds):
            values.append(values[heaviest])
    extra = components - p.weights.size
    said = f"; {extra} of the components repeat others, for p has only {p.weights.size}" if extra else ""
    message = f"exact: p itself{said}"
    return _fit(p, direction, [GaussianMixture(weights, means, stds)], "converged", message)


def _starts(p: Mixture, components: int) -> Iterator[GaussianMixture]:
    """Runs of neighbours merged, and components chosen."""
    order, size = np.argsort(p.means, kind="stable"), p.weights.size
    if comb(size - 1, components - 1) <= MOST_STARTS:
        for cuts in combinations(range(1, size), components - 1):
            yield _merged(p, np.split(order, cuts))
    else:
        yield _merged(p, _greedy_groups(p, components))
    if comb(size, components) <= MOST_STARTS:
        chosen = combinations(range(size), components)
    else:
        chosen = [tuple(np.argsort(-p.weights, kind="stable")[:components])]
    for some in chosen:
        yield part_of(p, np.array(some))


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


def _moved(p: Mixture, origin: float, unit: float) -> GaussianMixture:
    """In units in which the target has mean 0 and std 1."""
    return GaussianMixture(p.weights, (p.means - origin) / unit, p.stds / unit)


def _restored(q: GaussianMixture, origin: float, unit: float) -> GaussianMixture:
    return GaussianMixture(q.weights, origin + unit * q.means, unit * q.stds)
