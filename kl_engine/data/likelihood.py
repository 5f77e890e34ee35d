"""Maximum likelihood: the mixture of K Gaussians whose log loss on data is least, by expectation maximisation.

For K > 1 the likelihood has no maximum: a component that narrows on one point sends it to infinity. What is meant, and
found here, is the best local maximum without such a spike. Sizes are fitted in turn: the fit of K is a start for that
of K + 1, one component split and perturbed, so that on the data themselves a larger size never does worse.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

import numpy as np

from kl_engine.data.ascent import FEW_POINTS, NARROW, Runs, climb, floor, is_narrow, polished
from kl_engine.data.empirical import Empirical, empirical, log_loss
from kl_engine.distributions.gaussian import Gaussian, GaussianMixture, Mixture
from kl_engine.estimates.checks import refuse, whole
from kl_engine.estimates.estimate import Estimate
from kl_engine.estimates.floats import ieee

POINTS_EACH = 2  # distinct values that each component must have for itself
SHORT, LONG = 30, 600  # steps of EM: for all starts, then for those that lead
TAIL = 4  # distinct values at an end
LEADING = 6  # runs that are followed to their end
RANDOM = 8  # starts by k-means from random centres, beside the documented ones
SEED = 0
TOLERANCE = 1e-9  # nats per point that a step must gain
SAME = 1e-9  # nats per point by which a larger size must do better, to be another fit

# Shares, shifts and widths of the halves, in those of the component: each pair has its mean and its variance.
SPLITS = (((0.5, 0.5), (-0.8, 0.8), (0.6, 0.6)), ((0.7, 0.3), (0, 0), (0.5, 1.66)), ((0.95, 0.05), (0, 0), (0.7, 3.27)))

Parameters = tuple[np.ndarray, np.ndarray, np.ndarray]  # weights, means, stds


@dataclass(frozen=True, eq=False)
class LikelihoodFit:
    """The density found, its log loss on the data in nats per point, and how the search ended.

    `q` is the density, `loss` −Σ log q(xᵢ)/n, `message` how it ended; `refused` says which runs were left out as
    spikes, and why: "" where none was. Made by `kl.data.likelihood_fit` and `kl.data.likelihood_fits`.

    >>> import kl_engine as kl
    >>> x = kl.data.Empirical.of([1.0, 2.0, 2.0, 4.0])
    >>> found = kl.data.likelihood_fit(x, 1)
    >>> found.q.mean, f"{found.loss:.6f}"
    (2.25, '1.504864')
    """

    q: Mixture
    loss: Estimate
    message: str
    refused: str = ""


@dataclass(frozen=True)
class NotFitted:
    """A size that no fit was found for, and why; nothing is claimed of it."""

    components: int
    reason: str


@ieee
def likelihood_fit(data: Empirical, components: int) -> LikelihoodFit:
    """The best local maximum of the likelihood of `components` Gaussians that documented starts lead to.

    One Gaussian: mean and std of the data, exactly. More: as `kl.data.likelihood_fits` says. It minimises
    −Σ log q(xᵢ)/n, in nats per point, of the distinct values of `data`. Raises ValueError when the data have too few
    different values, RuntimeError where every run ended as a spike. Source: A. Dempster, N. Laird, D. Rubin, J. R.
    Stat. Soc. B 39 (1977) 1.

    >>> import kl_engine as kl
    >>> import numpy as np
    >>> x = kl.data.Empirical.of(np.linspace(-1, 1, 20) + 5 * (np.arange(20) % 2))
    >>> kl.data.likelihood_fit(x, 2).q.means.round(3).tolist()
    [-0.053, 5.053]
    """
    components = whole("components", components, 1)
    if empirical("data", data).values.size < max(2, POINTS_EACH * components):
        raise refuse("x", f"at least {max(2, POINTS_EACH * components)} different values", data.values.size)
    found = likelihood_fits(data, components)[-1]
    if isinstance(found, NotFitted):
        raise RuntimeError(found.reason)
    return found


@ieee
def likelihood_fits(data: Empirical, most: int) -> list[LikelihoodFit | NotFitted]:
    """The fits of 1, 2, …, `most` Gaussians, each minimising −Σ log q(xᵢ)/n in nats per point.

    A list of length `most`; where a size has no fit, `NotFitted` stands with the reason.

    Starts of each size: every component of the last fit split, apart and by width, or one more at either end; nested
    ones; cuts of the sorted values into equal numbers, at the widest gaps, and of least squares; centres drawn by eight
    seeds, as they are and by k-means. All take 30 steps of EM, those that then lead go on to their end, and the best is
    polished by quasi-Newton steps. A run is refused as a spike once a component is narrower than std/n and than
    std/100 with fewer than ten different values within two of its stds, or rests on fewer than three points and is
    narrower than half of the std. Where no run does better than the
    size before, that fit stands, with one component of it there twice. Raises ValueError when the data are a single
    value. Source: G. McLachlan, D. Peel, Finite Mixture Models (2000), 2.12 and 3.10.

    >>> import kl_engine as kl
    >>> x = kl.data.Empirical.of([0.0, 0.1, 0.3, 0.4, 0.6, 5.0, 5.2, 5.3, 5.5, 5.6])
    >>> [round(fit.loss.value, 3) for fit in kl.data.likelihood_fits(x, 2)]
    [2.347, 0.568]
    """
    most = whole("most", most, 1)
    if empirical("data", data).values.size < 2:
        raise refuse("x", "at least 2 different values", data.values.size)
    if not 0 < data.std < math.inf:
        unit = "values whose distances have squares within doubles: give them in another unit"
        raise refuse("data", unit, data.values)
    one = Gaussian(data.mean, data.std)
    found: list[LikelihoodFit | NotFitted] = [
        LikelihoodFit(one, log_loss(data, one), "exact: mean and std of the data")
    ]
    scaled = Empirical((data.values - data.mean) / data.std, data.counts)
    last: Parameters = (np.ones(1), np.zeros(1), np.ones(1))
    for components in range(2, most + 1):
        if data.values.size < POINTS_EACH * components:
            need = f"it needs at least {POINTS_EACH * components} different values, and there are {data.values.size}"
            found.append(NotFitted(components, need))
            continue
        best, message, refused = _best(scaled, components, last, data)
        if best is None:
            found.append(NotFitted(components, refused))
            continue
        best = tuple(part[np.argsort(best[1], kind="stable")] for part in best)
        q = GaussianMixture(best[0] / best[0].sum(), data.mean + data.std * best[1], data.std * best[2])
        found.append(LikelihoodFit(q, log_loss(data, q), message, refused))
        last = best
    return found


def _best(scaled: Empirical, components: int, last: Parameters, data: Empirical):
    """The best parameters of a size on standardised data, how they were found, and which runs were refused."""
    starts = starts_of(scaled, components, last, RANDOM)
    runs, everyone = Runs.of(starts), np.arange(len(starts))
    masses = np.tile(scaled.masses, (len(starts), 1))
    sizes = np.full(len(starts), float(data.size))
    climb(scaled.values, masses, sizes, runs, everyone, SHORT, 0.0)
    order = runs.best_first(everyone)
    for begin in range(0, order.size, LEADING):  # until enough of them end as something else than spikes
        climb(scaled.values, masses, sizes, runs, order[begin : begin + LEADING], LONG, TOLERANCE)
        runs.judge(order[begin : begin + LEADING], sizes)
        ended = runs.best_first(order[: begin + LEADING])
        if ended.size >= LEADING // 2:
            break
    refused = _refused(runs, data)
    ended = runs.best_first(order[: begin + LEADING]) if order.size else order
    if not ended.size:
        return None, "", f"every run narrowed on {refused}"
    at = ended[0]
    best = runs.weights[at], runs.means[at], runs.stds[at]
    after = polished(scaled.values, scaled.masses, *best)
    if not is_spiked(after, scaled) and mean_log(scaled, after) > mean_log(scaled, best):
        best = after
    message = f"best of {ended.size} local maxima from {len(starts)} starts"
    if mean_log(scaled, best) < mean_log(scaled, last) + SAME:
        best = doubled(last, components)
        message = f"no better than {last[0].size}: one of its components is there twice"
    refused = (
        f"{int(runs.spiked.sum())} of {len(starts)} runs were refused: they narrowed on {refused}" if refused else ""
    )
    return best, message, refused


def _refused(runs: Runs, data: Empirical) -> str:
    """On what the spikes narrowed: repeated values, by name, or single points."""
    if not runs.spiked.any():
        return ""
    places = data.mean + data.std * runs.where[runs.spiked]
    nearest = np.abs(data.values[None, :] - places[:, None]).argmin(axis=1)
    repeated = Counter(int(i) for i in nearest if data.counts[i] > 1)
    if not repeated:
        return "single points"
    named = [f"{data.values[i]:g}, {data.counts[i]} times" for i, _ in repeated.most_common(2)]
    return f"repeated values ({'; '.join(named)})"


def is_spiked(parameters: Parameters, data: Empirical) -> bool:
    """Whether a component, on these standardised data, is narrower than its floor, or narrow on few."""
    weights, means, stds = parameters
    narrow = is_narrow(data.values, data.masses[None], np.array([float(data.size)]), means[None], stds[None])[0]
    return bool((narrow | ((weights * data.size < FEW_POINTS) & (stds < NARROW))).any())


def mean_log(data: Empirical, parameters: Parameters) -> float:
    """The mean log density of the points under a mixture."""
    weights, means, stds = parameters
    return float(data.masses @ GaussianMixture(weights / weights.sum(), means, stds).log_pdf(data.values))


def doubled(last: Parameters, components: int) -> Parameters:
    """The same density with more components: the heaviest is there twice, as often as is needed."""
    weights, means, stds = (list(part) for part in last)
    while len(weights) < components:
        heaviest = int(np.argmax(weights))
        weights[heaviest] /= 2
        for part in (weights, means, stds):
            part.append(part[heaviest])
    return np.array(weights), np.array(means), np.array(stds)


def split(last: Parameters, components: int) -> list[Parameters]:
    """Each component of a fit split in two, apart and into a narrow and a wide one; both with the moments it had.

    An exact split would be a stationary point of EM: these are none. Where more than one is to be added, the heaviest
    are doubled and moved apart first.
    """
    weights, means, stds = doubled(last, components - 1)
    if weights.size > last[0].size:
        means = means + 0.3 * stds * np.where(np.arange(means.size) < last[0].size, -1, 1)
    found = []
    for k in range(weights.size):
        for shares, shifts, widths in SPLITS:
            new = [np.append(part, part[k]) for part in (weights, means, stds)]
            for place, share, shift, width in zip((k, -1), shares, shifts, widths):
                new[0][place] *= share
                new[1][place] += shift * stds[k]
                new[2][place] *= width
            found.append(tuple(new))
    return found


def starts_of(data: Empirical, components: int, last: Parameters, random: int) -> list[Parameters]:
    """Where the runs of a size begin, on standardised data."""
    least = float(floor(data.size))
    cuts = {_equal_cuts(data, components), _gap_cuts(data, components), _square_cuts(data, components)}
    rng = np.random.default_rng(SEED)
    for _ in range(random):
        centres = np.sort(rng.choice(data.values, components, replace=False, p=data.masses))
        cuts.add(_square_cuts(data, components, _spaced(np.searchsorted(data.values, centres[1:]), data.values.size)))
    groups = [np.split(np.arange(data.values.size), cut) for cut in sorted(cuts) if cut]
    nested = (np.full(components, 1 / components), np.zeros(components), np.geomspace(0.3, 2, components))
    sown = [rng.choice(data.values, components, replace=False, p=data.masses) for _ in range(random)]
    sown = [(np.full(components, 1 / components), means, np.full(components, 0.3)) for means in sown]
    return [
        nested,
        *sown,
        *_tails(data, last, components),
        *split(last, components),
        *(_of_groups(data, each, least) for each in groups),
    ]


def _tails(data: Empirical, last: Parameters, components: int) -> list[Parameters]:
    """The last fit and one component more on a few points near either end."""
    found, count = [], TAIL if data.values.size > TAIL * components else POINTS_EACH
    size = data.values.size
    inward = [i for i in (0, 2, 4) if i + count <= size // 2]
    for begin in sorted({*inward, *(size - count - i for i in inward)}):
        ends = slice(begin, begin + count)
        part = Empirical(data.values[ends], data.counts[ends])
        share = part.size / data.size
        weights, means, stds = doubled(last, components - 1)
        new = (weights * (1 - share), share), (means, part.mean), (stds, max(part.std, 4 * float(floor(data.size))))
        found.append(tuple(np.append(*each) for each in new))
    return found


def _of_groups(data: Empirical, groups: list[np.ndarray], least: float) -> Parameters:
    parts = [Empirical(data.values[group], data.counts[group]) for group in groups]
    weights = [part.size / data.size for part in parts]
    stds = [max(part.std, 4 * least) for part in parts]
    return np.array(weights), np.array([part.mean for part in parts]), np.array(stds)


def _equal_cuts(data: Empirical, components: int) -> tuple[int, ...]:
    """Groups of nearly equal numbers of points."""
    share = np.cumsum(data.counts) / data.size
    return _spaced(np.searchsorted(share, np.arange(1, components) / components) + 1, data.values.size)


def _gap_cuts(data: Empirical, components: int) -> tuple[int, ...]:
    """Cuts at the widest gaps that leave two values in each group."""
    chosen: list[int] = []
    for i in np.argsort(-np.diff(data.values), kind="stable") + 1:
        edges = sorted([0, *chosen, int(i), data.values.size])
        if np.diff(edges).min() >= POINTS_EACH:
            chosen.append(int(i))
        if len(chosen) == components - 1:
            return tuple(sorted(chosen))
    return ()


def _square_cuts(data: Empirical, components: int, start: tuple[int, ...] | None = None) -> tuple[int, ...]:
    """Lloyd's k-means from these cuts, or from equal groups."""
    cuts = np.array(_equal_cuts(data, components) if start is None else start, int)
    for _ in range(50):
        if cuts.size == 0:
            break
        groups = np.split(np.arange(data.values.size), cuts)
        means = [np.average(data.values[group], weights=data.counts[group]) for group in groups]
        after = np.searchsorted(data.values, (np.array(means[1:]) + means[:-1]) / 2)
        after = np.array(_spaced(after, data.values.size), int)
        if np.array_equal(after, cuts):
            break
        cuts = after
    return tuple(cuts.tolist())


def _spaced(cuts: np.ndarray, size: int) -> tuple[int, ...]:
    """The cuts moved as little as needed for groups of two values or more; none when there is no room."""
    cuts = [int(cut) for cut in cuts]
    for i in range(len(cuts)):
        cuts[i] = max(cuts[i], POINTS_EACH * (i + 1), (cuts[i - 1] if i else 0) + POINTS_EACH)
    for i in reversed(range(len(cuts))):
        cuts[i] = min(cuts[i], (cuts[i + 1] if i + 1 < len(cuts) else size) - POINTS_EACH)
    edges = [0, *cuts, size]
    return tuple(cuts) if np.diff(edges).min() >= POINTS_EACH else ()
