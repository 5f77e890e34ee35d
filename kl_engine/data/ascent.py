"""Expectation maximisation from many starts at once, on data: the runs are one array.

The points are distinct values x (n,) of the data, standardised by the caller; a run has masses (n,) of sum 1, weights,
means and stds (K,). A run ends as a spike where a component becomes narrower than its floor without ten different
values within two of its stds, or in the end rests on fewer than three points and is narrow: there the likelihood has no
bound, and what is found says nothing of the data. Ten values so close together are a cluster, however far others are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kl_engine.estimates.rounding import LOG_ROOT_TAU

NARROWEST = 0.01  # of the std of all, or 1/n if that is less: narrower is a spike
AT_ONCE = 300_000  # numbers held at once: what fits into the cache is quick
CLUSTER = 10  # different values within two stds: of n points of a Gaussian 1.6 are so near together at the floor
FEW_POINTS, NARROW = 3.0, 0.5  # a component on fewer points than that, narrower than this share of the std of all
TINY = 1e-300


@dataclass
class Runs:
    """Runs of EM side by side: parameters (B, K), mean log likelihoods (B,), and which of them ended as spikes."""

    weights: np.ndarray
    means: np.ndarray
    stds: np.ndarray
    values: np.ndarray
    spiked: np.ndarray
    where: np.ndarray  # (B,) the mean of the component that narrowed

    @classmethod
    def of(cls, starts: list[tuple[np.ndarray, np.ndarray, np.ndarray]]) -> Runs:
        """Runs that have not begun, from (weights, means, stds) each."""
        weights, means, stds = (np.array(part, float) for part in zip(*starts))
        count = len(starts)
        return cls(weights, means, stds, np.full(count, -np.inf), np.zeros(count, bool), np.full(count, np.nan))

    def judge(self, which: np.ndarray, sizes: np.ndarray) -> None:
        """Call spikes those of these ended runs of which a component is narrow and rests on a few points."""
        few = (self.weights[which] * sizes[which][:, None] < FEW_POINTS) & (self.stds[which] < NARROW)
        at = few.any(axis=1) & ~self.spiked[which]
        self.spiked[which[at]] = True
        self.where[which[at]] = self.means[which[at], few[at].argmax(axis=1)]

    def best_first(self, which: np.ndarray) -> np.ndarray:
        """The places of these runs that are no spikes, best first."""
        sound = which[~self.spiked[which] & np.isfinite(self.values[which])]
        return sound[np.argsort(-self.values[sound], kind="stable")]


def floor(size):
    """The std, on standardised data of so many points, below which a component is a spike."""
    return np.minimum(NARROWEST, 1 / np.asarray(size, float))


def is_narrow(x: np.ndarray, masses: np.ndarray, sizes: np.ndarray, means: np.ndarray, stds: np.ndarray) -> np.ndarray:
    """Which components (B, K) are narrower than their floor, and on fewer different values than a cluster has."""
    narrow = stds < floor(sizes)[:, None]
    for run, k in zip(*np.nonzero(narrow)):
        near = np.abs(x - means[run, k]) < 2 * stds[run, k]
        narrow[run, k] = np.count_nonzero(near & (masses[run] > 0)) < CLUSTER
    return narrow


def climb(x: np.ndarray, masses: np.ndarray, sizes: np.ndarray, runs: Runs, which: np.ndarray, steps: int, tol: float):
    """Up to so many steps for the runs of these places, in place; a run rests once its log likelihood grows by < tol.

    `masses` (B, n) and `sizes` (B,), the number of points, are those of the data of each run.
    """
    components = runs.weights.shape[1]
    block = max(1, AT_ONCE // (components * x.size))
    powers = np.stack([np.ones_like(x), x, x * x], axis=1)
    for begin in range(0, which.size, block):
        moving = which[begin : begin + block]
        moving = moving[~runs.spiked[moving]]
        for step in range(steps):
            if not moving.size:
                break
            before = runs.values[moving].copy()
            _step(x, powers, masses, sizes, runs, moving)
            grown = runs.values[moving] - before
            moving = moving[~runs.spiked[moving] & ~((step > 0) & (grown < tol))]
        sound = which[begin : begin + block]
        sound = sound[~runs.spiked[sound]]
        if sound.size:
            runs.values[sound] = _value(x, masses[sound], runs, sound)[0]


def _value(x: np.ndarray, masses: np.ndarray, runs: Runs, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The mean log likelihoods of runs, and the shares of their components in each point (B, K, n)."""
    z = (x - runs.means[at][..., None]) / runs.stds[at][..., None]
    terms = np.log(np.maximum(runs.weights[at], TINY) / runs.stds[at])[..., None] - 0.5 * z * z
    top = terms.max(axis=1, keepdims=True)
    np.exp(terms - top, out=terms)
    total = terms.sum(axis=1, keepdims=True)
    terms /= total
    logs = (top + np.log(total))[:, 0] - LOG_ROOT_TAU
    return (masses * logs).sum(axis=1), terms


def _step(x, powers, masses, sizes, runs: Runs, at: np.ndarray) -> None:
    """One step of EM for the runs of these places: their new parameters, and the likelihoods of the old ones."""
    mass = masses[at]
    runs.values[at], share = _value(x, mass, runs, at)
    share *= mass[:, None, :]
    moments = share @ powers
    weight = np.maximum(moments[..., 0], TINY)
    mean = moments[..., 1] / weight
    std = np.sqrt(np.maximum(moments[..., 2] / weight - mean * mean, 0.0))
    spikes = is_narrow(x, mass, sizes[at], mean, std) | (weight * sizes[at][:, None] < 1e-6)
    spiked = spikes.any(axis=1)
    runs.spiked[at[spiked]] = True
    runs.where[at[spiked]] = mean[spiked, spikes[spiked].argmax(axis=1)]
    fine = at[~spiked]
    runs.weights[fine] = weight[~spiked] / weight[~spiked].sum(axis=1, keepdims=True)
    runs.means[fine], runs.stds[fine] = mean[~spiked], std[~spiked]


def polished(x: np.ndarray, masses: np.ndarray, weights: np.ndarray, means: np.ndarray, stds: np.ndarray):
    """The local maximum above these parameters, by quasi-Newton steps in log weights, means and log stds: (w, m, s)."""
    from scipy.optimize import minimize

    count = weights.size
    start = np.concatenate([np.log(weights), means, np.log(stds)])
    found = minimize(_loss, start, (x, masses, count), jac=True, method="BFGS", options=_OPTIONS)
    if not np.isfinite(found.x).all():
        return weights, means, stds
    logs, means, log_stds = found.x.reshape(3, count)
    weights = np.exp(logs - logs.max())
    return weights / weights.sum(), means, np.exp(log_stds)


_OPTIONS = {"maxiter": 300, "gtol": 1e-9}


def _loss(parameters: np.ndarray, x: np.ndarray, masses: np.ndarray, count: int) -> tuple[float, np.ndarray]:
    """The mean log loss and its gradient in (log weights before normalising, means, log stds)."""
    logs, means, log_stds = parameters.reshape(3, count)
    logs = logs - logs.max()
    weights = np.exp(logs) / np.exp(logs).sum()
    stds = np.exp(log_stds)
    z = (x - means[:, None]) / stds[:, None]
    terms = (np.log(np.maximum(weights, TINY)) - log_stds)[:, None] - 0.5 * z * z
    top = terms.max(axis=0)
    terms = np.exp(terms - top)
    total = terms.sum(axis=0)
    share = masses * terms / total
    value = -(masses @ (top + np.log(total))) + LOG_ROOT_TAU
    mass = share.sum(axis=1)
    gradient = [weights - mass, -(share * z).sum(axis=1) / stds, mass - (share * z * z).sum(axis=1)]
    return value, np.concatenate(gradient)


def gradient_of_loss(parameters: np.ndarray, x: np.ndarray, masses: np.ndarray, count: int) -> np.ndarray:
    """The gradient of the mean log loss in (log weights before normalising, means, log stds)."""
    return _loss(parameters, x, masses, count)[1]
