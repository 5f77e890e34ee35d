"""Maximum likelihood in several dimensions: K Gaussians, full, diagonal or isotropic, by expectation maximisation.

As on the line (`likelihood`): sizes in turn, each from the last one with one component split and perturbed, or one put
in where points lie close, beside seeded random starts; from the best, two components are merged and a third is split,
while that does better; spikes are refused. Points are standardised coordinate by coordinate first. Source: G.
McLachlan, D. Peel, Finite Mixture Models (2000); for components put in, N. Vlassis, A. Likas, Neural Process. Lett. 15
(2002) 77; for split and merge, N. Ueda et al., Neural Comput. 12 (2000) 2109.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from kl_engine.data.ascent import NARROWEST
from kl_engine.data.likelihood import NotFitted
from kl_engine.distributions.multivariate import MultivariateGaussian, MultivariateGaussianMixture
from kl_engine.estimates.certainty import Certainty
from kl_engine.estimates.checks import matrix, refuse, whole
from kl_engine.estimates.estimate import Estimate
from kl_engine.estimates.floats import ieee
from kl_engine.estimates.rounding import EPSILON, LOG_ROOT_TAU

FULL, DIAGONAL, ISOTROPIC = "full", "diagonal", "isotropic"
COVARIANCES = (FULL, DIAGONAL, ISOTROPIC)
SHORT, LONG, LEADING, RANDOM, LLOYD = 20, 400, 5, 12, 10
TOLERANCE, SAME = 1e-10, 1e-9  # nats per point
ALIKE = 1e-5  # the same of two runs that have only begun: nearer ones climb one hill
INSERTED = 24  # seeded points about each of which a component is put in
MOST_MERGES, ROUNDS = 5, 4  # pairs that are tried as one, the most alike first; how often, while that does better
PARTS = (2, 6)  # in turn, what part of its equal share of the points such a component begins with
SPLIT = 0.7  # of a std, along the widest direction of the component that is split

Parameters = tuple[np.ndarray, np.ndarray, np.ndarray]  # weights (K,), means (K, d), covs (K, d, d)


@dataclass(frozen=True, eq=False)
class PointsFit:
    """A fit to points: `q`, its `loss` −Σ log q(xᵢ)/n in nats per point, the `bic`, and the `bits` of a code with it.

    `bic` = 2 n loss + m log n in nats for the m free `parameters`; `bits` are −Σ log₂ q(cell) to the grain of each
    coordinate, and ½ log₂ n for each parameter. `message` says how it was found. Made by `kl.data.points_fits`.

    >>> import kl_engine as kl
    >>> import numpy as np
    >>> x = np.random.default_rng(0).normal(size=(50, 2))
    >>> found = kl.data.points_fits(x, 1)[0]
    >>> found.parameters, bool(found.bic > 2 * 50 * found.loss.value)
    (5, True)
    """

    q: MultivariateGaussian | MultivariateGaussianMixture
    loss: Estimate
    parameters: int
    bic: float
    bits: float
    message: str


@ieee
def points_fits(x: np.ndarray, most: int, covariance: str = FULL) -> list[PointsFit | NotFitted]:
    """The fits of 1, 2, …, `most` Gaussians to points `x` of shape (n, d), each minimising −Σ log q(xᵢ)/n in nats.

    `covariance` is "full", "diagonal" or "isotropic". A list of length `most`; where every run of a size narrowed on
    points, `NotFitted` stands with the reason. More components never do worse on the points themselves: where no run
    does better, the fit of the size before stands with one component there twice. Raises ValueError for a bad argument,
    and where the points lie in a plane of fewer dimensions. Source: G. McLachlan, D. Peel, Finite Mixture Models
    (2000), 3.

    >>> import kl_engine as kl
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> x = np.concatenate([rng.normal(size=(60, 2)), rng.normal(size=(40, 2)) + 8])
    >>> fits = kl.data.points_fits(x, 3)
    >>> min(fits, key=lambda fit: fit.bic).q.weights.round(2).tolist()
    [0.6, 0.4]
    """
    x, most = matrix("x", x), whole("most", most, 1)
    if covariance not in COVARIANCES:
        raise refuse("covariance", f"one of {', '.join(COVARIANCES)}", covariance)
    n, d = x.shape
    centre, scale = x.mean(axis=0), x.std(axis=0)
    if n < d + 2 or not (scale > 0).all():
        raise refuse("x", f"at least {d + 2} points, in no coordinate all the same", x)
    if covariance == ISOTROPIC:
        scale = np.full(d, math.sqrt(float((scale**2).mean())))
    z = (x - centre) / scale
    last: Parameters = (np.ones(1), np.zeros((1, d)), _shaped((z.T @ z / n)[None], covariance))
    if np.linalg.eigvalsh(last[2][0])[0] < 64 * EPSILON:
        raise refuse("x", "points that do not all lie in a plane of fewer dimensions", x)
    found: list[PointsFit | NotFitted] = [_made(x, centre, scale, last, covariance, "exact: mean and covariance")]
    for components in range(2, most + 1):
        if n < components * (d + 1):
            found.append(NotFitted(components, f"it needs at least {components * (d + 1)} points, and there are {n}"))
            continue
        best, message = _best(z, components, last, covariance)
        if best is None:
            found.append(NotFitted(components, "every run narrowed on points"))
            continue
        last = best
        found.append(_made(x, centre, scale, last, covariance, message))
    return found


def free_parameters(components: int, dimension: int, covariance: str) -> int:
    """The number of free parameters of a mixture: weights, means, covariances."""
    each = {FULL: dimension * (dimension + 1) // 2, DIAGONAL: dimension, ISOTROPIC: 1}[covariance]
    return components - 1 + components * (dimension + each)


def _made(x: np.ndarray, centre, scale, best: Parameters, covariance: str, message: str) -> PointsFit:
    """The fit in the units of the points."""
    weights, means, covs = best
    means, covs = centre + scale * means, covs * np.outer(scale, scale)
    covs = 0.5 * (covs + covs.transpose(0, 2, 1))
    if weights.size == 1:
        q = MultivariateGaussian(means[0], covs[0])
    else:
        q = MultivariateGaussianMixture(weights / weights.sum(), means, covs)
    logs, n = q.log_pdf(x), len(x)
    condition = max(float(np.linalg.cond(cov)) for cov in covs)
    error = 8 * EPSILON * condition * (float(np.abs(logs).mean()) + x.shape[1])
    loss = Estimate(-float(logs.mean()), error, Certainty.ESTIMATED, "mean of −log q over the points")
    free = free_parameters(weights.size, x.shape[1], covariance)
    grains = [np.diff(np.unique(column)).min() for column in x.T]
    cells = n * (loss.value - float(np.log(grains).sum()))
    bits = cells / math.log(2) + 0.5 * free * math.log2(n)
    return PointsFit(q, loss, free, 2 * n * loss.value + free * math.log(n), bits, message)


def _shaped(covs: np.ndarray, covariance: str) -> np.ndarray:
    """Covariances (K, d, d) of the kind."""
    if covariance == FULL:
        return covs
    diagonal = np.diagonal(covs, axis1=1, axis2=2)
    if covariance == ISOTROPIC:
        diagonal = np.repeat(diagonal.mean(axis=1, keepdims=True), covs.shape[1], axis=1)
    return diagonal[:, :, None] * np.eye(covs.shape[1])


def _best(z: np.ndarray, components: int, last: Parameters, covariance: str) -> tuple[Parameters | None, str]:
    """The best run of a size, and how it was found; None where every run is a spike."""
    starts = _starts(z, components, last, covariance)
    begun = [run for start in starts if (run := _climbed(z, start, covariance, SHORT, 0.0))]
    begun.sort(key=lambda run: -run[1])
    ended, tried = [], []
    for now, value in begun:
        if len(ended) == LEADING or any(abs(value - other) < ALIKE for other in tried):
            continue
        tried.append(value)
        if after := _climbed(z, now, covariance, LONG, TOLERANCE):
            ended.append(after)
    if not ended:
        return None, ""
    best, value = _merged(z, *max(ended, key=lambda each: each[1]), covariance)
    if value < _logs(z, last)[0].mean() + SAME:
        return _doubled(last, components), f"no better than {last[0].size}: one of its components is there twice"
    order = np.argsort(-best[0], kind="stable")
    return tuple(part[order] for part in best), f"best of {len(ended)} local maxima from {len(starts)} starts"


def _merged(z: np.ndarray, best: Parameters, value: float, covariance: str) -> tuple[Parameters, float]:
    """The run from which no pair of components can be made one, and a third split, to a better end."""
    for _ in range(ROUNDS if best[0].size > 2 else 0):
        ends = [_climbed(z, start, covariance, SHORT, 0.0) for start in _merges(z, best, covariance)]
        begun = sorted((end for end in ends if end), key=lambda end: -end[1])[:2]
        ends = [_climbed(z, now, covariance, LONG, TOLERANCE) for now, _ in begun]
        after = max((end for end in ends if end), key=lambda end: end[1], default=None)
        if after is None or after[1] < value + SAME:
            break
        best, value = after
    return best, value


def _merges(z: np.ndarray, best: Parameters, covariance: str) -> list[Parameters]:
    """The two components that share most points made one, then the next two, each with every other one split."""
    shares, found, count = _logs(z, best)[1], [], best[0].size
    alike = shares.T @ shares / np.sqrt(np.outer((shares**2).sum(axis=0), (shares**2).sum(axis=0)))
    pairs = sorted(zip(*np.triu_indices(count, 1)), key=lambda pair: -alike[pair])
    for i, j in pairs[:MOST_MERGES]:
        joined = shares.copy()
        joined[:, i] += joined[:, j]
        fewer = _weighed(z, np.delete(joined, j, axis=1), covariance)
        whole = i  # its place once j > i is gone
        found += [_split(fewer, k, covariance) for k in range(count - 1) if k != whole]
    return found


def _weighed(z: np.ndarray, shares: np.ndarray, covariance: str) -> Parameters:
    """Weights, means and covariances of components that have these shares of the points."""
    mass = shares.sum(axis=0)
    means = (shares.T @ z) / mass[:, None]
    off = z[:, None, :] - means
    covs = np.einsum("nk,nki,nkj->kij", shares, off, off) / mass[:, None, None]
    return mass / len(z), means, _shaped(covs, covariance)


def _doubled(last: Parameters, components: int) -> Parameters:
    while last[0].size < components:
        heaviest = int(np.argmax(last[0]))
        weights = last[0].copy()
        weights[heaviest] /= 2
        last = tuple(np.concatenate([part, part[heaviest : heaviest + 1]]) for part in (weights, *last[1:]))
    return last


def _starts(z: np.ndarray, components: int, last: Parameters, covariance: str) -> list[Parameters]:
    """The last fit with each component split, or one put in; and seeded random centres."""
    last, found = _doubled(last, components - 1), []
    for k in range(components - 1):
        found += [_split(last, k, covariance), _nested(last, k, covariance)]
    found += _inserted(z, last, covariance)
    rng = np.random.default_rng(0)
    for _ in range(RANDOM):
        centres = _spread_centres(z, components, rng)
        for _ in range(LLOYD):  # of k-means
            share = np.argmin(((z[:, None] - centres) ** 2).sum(axis=2), axis=1)
            centres = np.array([z[share == k].mean(axis=0) if (share == k).any() else c for k, c in enumerate(centres)])
        counts = np.maximum(np.bincount(share, minlength=components), 1)
        spread = np.mean(((z - centres[share]) ** 2).mean(axis=0)) + 1e-3
        covs = np.tile(spread * np.eye(z.shape[1]), (components, 1, 1))
        found.append((counts / counts.sum(), centres, covs))
    return found


def _split(last: Parameters, k: int, covariance: str) -> Parameters:
    """A component made two along its widest direction."""
    values, vectors = np.linalg.eigh(last[2][k])
    weights, means, covs = (np.concatenate([part, part[k : k + 1]]) for part in last)
    step = SPLIT * math.sqrt(values[-1]) * vectors[:, -1]
    weights[[k, -1]] /= 2
    means[k], means[-1] = means[k] + step, means[-1] - step
    covs[k] = covs[-1] = covs[k] - np.outer(step, step) + 0.05 * values[-1] * np.eye(len(step))
    return weights, means, _shaped(covs, covariance)


def _nested(last: Parameters, k: int, covariance: str) -> Parameters:
    """A component made a narrow and a wide one about one mean."""
    weights, means, covs = (np.concatenate([part, part[k : k + 1]]) for part in last)
    weights[[k, -1]] /= 2
    covs[k], covs[-1] = 0.3 * last[2][k], 2.0 * last[2][k]
    return weights, means, _shaped(covs, covariance)


def _inserted(z: np.ndarray, last: Parameters, covariance: str) -> list[Parameters]:
    """The last fit with one more component about seeded points: as those nearest to the point are spread."""
    (n, d), found, rng = z.shape, [], np.random.default_rng(1)
    sizes = [max(3 * (d + 1), n // (part * (last[0].size + 1))) for part in PARTS]
    for turn, place in enumerate(rng.choice(n, min(n, INSERTED), replace=False)):
        size = min(sizes[turn % len(sizes)], n - 1)
        near = np.argpartition(((z - z[place]) ** 2).sum(axis=1), size)[:size]
        _, mean, cov = _weighed(z[near], np.ones((size, 1)), covariance)
        cov = cov + 1e-3 * np.trace(cov[0]) / d * np.eye(d)
        weights = np.append(last[0] * (1 - size / n), size / n)
        found.append((weights, np.concatenate([last[1], mean]), np.concatenate([last[2], cov])))
    return found


def _spread_centres(z: np.ndarray, components: int, rng: np.random.Generator) -> np.ndarray:
    """Points drawn far from one another: with a chance that grows as the square of the distance (k-means++)."""
    centres = [z[rng.integers(len(z))]]
    while len(centres) < components:
        distance = np.min([((z - centre) ** 2).sum(axis=1) for centre in centres], axis=0)
        centres.append(z[rng.choice(len(z), p=distance / distance.sum())])
    return np.array(centres)


def _logs(z: np.ndarray, parameters: Parameters) -> tuple[np.ndarray, np.ndarray]:
    """log q of each point, and the shares of the components (n, K). Raises LinAlgError where one is degenerate."""
    weights, means, covs = parameters
    factors = np.linalg.cholesky(covs)
    u = np.einsum("kij,nkj->nki", np.linalg.inv(factors), z[:, None, :] - means)  # standardised: well enough posed
    heights = np.log(weights) - np.log(np.diagonal(factors, axis1=1, axis2=2)).sum(axis=1)
    terms = heights - 0.5 * (u * u).sum(axis=2) - z.shape[1] * LOG_ROOT_TAU
    top = terms.max(axis=1, keepdims=True)
    shares = np.exp(terms - top)
    total = shares.sum(axis=1, keepdims=True)
    return (top + np.log(total))[:, 0], shares / total


def _climbed(
    z: np.ndarray, start: Parameters, covariance: str, steps: int, tolerance: float
) -> tuple[Parameters, float] | None:
    """EM from a start, and its mean log likelihood; None where a component narrows below its floor or loses all."""
    n, d = z.shape
    floor, now, before = min(NARROWEST, 1 / n) ** 2, start, -math.inf
    for _ in range(steps):
        try:
            logs, shares = _logs(z, now)
        except np.linalg.LinAlgError:
            return None
        value = float(logs.mean())
        if value - before < tolerance and before > -math.inf:
            break
        before, mass = value, shares.sum(axis=0)
        if (mass < d + 1).any():
            return None
        now = _weighed(z, shares, covariance)
        if np.linalg.eigvalsh(now[2])[:, 0].min() < floor:
            return None
    return now, float(_logs(z, now)[0].mean())
