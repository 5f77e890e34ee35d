"""Maximum likelihood: the mixture of K Gaussians whose log loss on data is least, by expectation maximisation.

For K > 1 the likelihood has no maximum: a component that narrows on one point sends it to infinity. What is meant, and
found here, is the best local maximum in which no component has narrowed so.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kl_engine.data.empirical import Empirical, empirical, log_loss
from kl_engine.distributions.gaussian import Gaussian, GaussianMixture, Mixture
from kl_engine.estimates.checks import refuse, whole
from kl_engine.estimates.estimate import Estimate
from kl_engine.estimates.floats import ieee
from kl_engine.fits.expectation_maximisation import expectation_maximisation

STEPS, TOLERANCE = 300, 1e-3
POINTS_EACH = 2  # distinct values that each component must have for itself


@dataclass(frozen=True, eq=False)
class LikelihoodFit:
    """The density found, its log loss on the data in nats per point, and how the search ended.

    `q` is the density, `loss` −Σ log q(xᵢ)/n, `message` how it ended. Made by `kl.data.likelihood_fit`.

    >>> import kl_engine as kl
    >>> x = kl.data.Empirical.of([1.0, 2.0, 2.0, 4.0])
    >>> found = kl.data.likelihood_fit(x, 1)
    >>> found.q.mean, f"{found.loss:.6f}"
    (2.25, '1.504864')
    """

    q: Mixture
    loss: Estimate
    message: str


@ieee
def likelihood_fit(data: Empirical, components: int) -> LikelihoodFit:
    """The best local maximum of the likelihood of `components` Gaussians that documented starts lead to.

    One Gaussian: mean and std of the data, exactly. More: EM from three cuts of the sorted data into so many groups (of
    equal numbers, at the widest gaps, of least squares), each group giving its mean and std; 300 steps, or until
    nothing moves by 0.1 %. A run in which a component becomes narrower than std/n has begun to memorise single points
    and is left out. Raises ValueError when the data have too few different values, RuntimeError when no run is left. It
    minimises −Σ log q(xᵢ)/n, in nats per point, of the distinct values of `data`. Source: A. Dempster, N. Laird, D.
    Rubin, J. R. Stat. Soc. B 39 (1977) 1.

    >>> import kl_engine as kl
    >>> import numpy as np
    >>> x = kl.data.Empirical.of(np.linspace(-1, 1, 20) + 5 * (np.arange(20) % 2))
    >>> kl.data.likelihood_fit(x, 2).q.means.round(3).tolist()
    [-0.053, 5.053]
    """
    components = whole("components", components, 1)
    if empirical("data", data).values.size < max(2, POINTS_EACH * components):
        raise refuse("x", f"at least {max(2, POINTS_EACH * components)} different values", data.values.size)
    if components == 1:
        q = Gaussian(data.mean, data.std)
        return LikelihoodFit(q, log_loss(data, q), "exact: mean and std of the data")
    least, points = data.std / data.size, data.points()
    found = []
    for start in _starts(data, components, least):
        ascent = expectation_maximisation(lambda q: points, start, STEPS, TOLERANCE)
        q = ascent.history[-1]
        degenerate = "moving" not in ascent.message and not ascent.settled
        if not degenerate and q.stds.min() > least:
            found.append((ascent.log_likelihood[-1], q, ascent.message))
    if not found:
        raise RuntimeError(f"every run with {components} components narrowed on single points")
    _, q, message = max(found, key=lambda each: each[0])
    return LikelihoodFit(q, log_loss(data, q), f"{message}; best of {len(found)} local maxima")


def _starts(data: Empirical, components: int, least: float) -> list[GaussianMixture]:
    """One mixture for each way to cut the sorted values into groups of two or more."""
    cuts = {_equal_cuts(data, components), _gap_cuts(data, components), _square_cuts(data, components)}
    return [_of_groups(data, np.split(np.arange(data.values.size), cut), least) for cut in sorted(cuts) if cut]


def _of_groups(data: Empirical, groups: list[np.ndarray], least: float) -> GaussianMixture:
    parts = [Empirical(data.values[group], data.counts[group]) for group in groups]
    weights = [part.size / data.size for part in parts]
    stds = [max(part.std, 2 * least) for part in parts]
    return GaussianMixture(weights, [part.mean for part in parts], stds)


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


def _square_cuts(data: Empirical, components: int) -> tuple[int, ...]:
    """Lloyd's k-means from equal groups."""
    cuts = np.array(_equal_cuts(data, components), int)
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
