"""The best q along α, from the reverse fit at 0 to the forward one at 1, and where it jumps between branches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from kl_engine.distributions.gaussian import Gaussian, Mixture, mixture
from kl_engine.divergences.alpha_family.alpha import alpha_divergence
from kl_engine.estimates.checks import refuse, vector
from kl_engine.estimates.estimate import Estimate
from kl_engine.estimates.floats import ieee
from kl_engine.estimates.tolerances import APART, EQUAL
from kl_engine.fits.alpha import AlphaObjective
from kl_engine.fits.descent import descend
from kl_engine.fits.objective import apart
from kl_engine.fits.paths import Path
from kl_engine.fits.problems.starts import run_starts

STRIDE = (
    0.25  # in std and log std of q: a branch that moves further between two neighbouring α is looked at more closely
)
JUMP_TOLERANCE = 1e-12  # of α
UNRESOLVED = 1e-6  # of α: a change within so short a step that no jump explains is a fast one


@dataclass(frozen=True)
class AlphaJump:
    """An α, `alpha`, at which the best fit changes branch: `before` below it and `after` above it are equally good
    there.

    D_α there is `value`, without a unit but at α = 0 and 1, where it is in nats. Made by `kl.optima.alpha_path`.

    >>> import kl_engine as kl
    >>> p = kl.GaussianMixture([0.4, 0.6], [-4, 4], [1, 1])
    >>> found = kl.optima.alpha_path(p, [0.2, 0.8])
    >>> [round(jump.alpha, 4) for jump in found.jumps]
    [0.5171]
    """

    alpha: float
    value: Estimate
    before: Gaussian
    after: Gaussian


@dataclass(frozen=True, eq=False)
class AlphaPath:
    """The best q found at each of `alphas` (row i of the path, whose `kl` is D_α), and the jumps between the rows.

    `alphas` is of shape (n,), as `path` has rows; D_α has no unit but at α = 0 and 1, where it is in nats. `jumps`
    holds an `AlphaJump` each. Made by `kl.optima.alpha_path`.

    >>> import kl_engine as kl
    >>> found = kl.optima.alpha_path(kl.Gaussian(0, 1), [0.0, 0.5, 1.0])
    >>> len(found.path), found.jumps
    (3, ())
    """

    alphas: np.ndarray
    path: Path
    jumps: tuple[AlphaJump, ...]


@ieee
def alpha_path(p: Mixture, alphas) -> AlphaPath:
    """The best q of D_α(p, q) at each of the ascending `alphas`, all within [0, 1].

    Every row is the best of the descents from the starts of `kl.fit` and from the optima of its neighbours, until no
    neighbour has a better one to offer. Where the best one is not the continuation of its neighbour the α at which two
    branches are equally good is solved for. Of mirror images the one at the right counts. Raises ValueError for a bad
    argument. D_α = (1 − ∫ p^α q^(1−α))/(α (1−α)) has no unit but at the ends, where it is in nats. `p` is a Gaussian
    mixture on the line, `alphas` of shape (n,). Source: T. Minka, MSR-TR-2005-173.

    >>> import kl_engine as kl
    >>> p = kl.GaussianMixture([0.5, 0.5], [-4, 4], [1, 1])
    >>> found = kl.optima.alpha_path(p, [0.0, 1.0])
    >>> found.path.mean.round(4).tolist(), found.path.std.round(4).tolist()
    ([3.9996, 0.0], [1.0008, 4.1231])
    """
    p, alphas = mixture("p", p), vector("alphas", alphas)
    if (alphas < 0).any() or (alphas > 1).any() or (np.diff(alphas) <= 0).any():
        raise refuse("alphas", "ascending numbers from 0 to 1", alphas)
    best = _spread(p, alphas, _best(p, alphas))
    ends = zip(pairwise(alphas.tolist()), pairwise(best), _followed(p, best[:-1], alphas[1:])[0])
    unsteady = [(interval, pair) for interval, pair, over in ends if not _steady(*pair, over)]
    jumps = [jump for interval, pair in unsteady for jump in _jumps_between(p, *interval, *pair)]
    values = [alpha_divergence(p, Gaussian(*q), alpha) for q, alpha in zip(best, alphas.tolist())]
    return AlphaPath(alphas, Path.of(Gaussian, Path.places(best), values), tuple(jumps))


def _best(p: Mixture, alphas: np.ndarray, *offers: np.ndarray) -> np.ndarray:
    """(n, 2) mean and std of the best local minimum at each α, from the usual starts and from the `offers`."""
    starts = np.concatenate([run_starts(p), *(offer[None] for offer in offers)])
    found = descend(AlphaObjective(p, np.repeat(alphas, len(starts))), np.tile(starts, (alphas.size, 1)))
    values, means, stds = (a.reshape(alphas.size, -1) for a in (found.terms.value, *found.places.T))
    least = values.min(axis=1, keepdims=True)
    equal = values <= least + EQUAL * (1 + np.abs(least))
    chosen = np.argmax(np.where(equal, means, -np.inf), axis=1)[:, None]
    return np.concatenate([np.take_along_axis(a, chosen, axis=1) for a in (means, stds)], axis=1)


def _spread(p: Mixture, alphas: np.ndarray, best: np.ndarray) -> np.ndarray:
    """Offer each row the optima of its neighbours, until none of them is better than its own."""
    objective = AlphaObjective(p, alphas)
    while True:
        own, improved = objective.terms(best).value, False
        for shift in (1, -1):
            offer = descend(objective, np.roll(best, shift, axis=0))
            better = offer.stationary & (offer.terms.value < own - EQUAL * (1 + np.abs(own)))
            best[better] = offer.places[better]
            own[better] = offer.terms.value[better]
            improved |= bool(better.any())
        if not improved:
            return best


def _jumps_between(p: Mixture, low: float, high: float, first: np.ndarray, second: np.ndarray) -> Iterator[AlphaJump]:
    """The jumps between two α, from the best q of each.

    A branch can be followed only while it exists. So the interval is halved until its two optima are one branch, or two
    that both exist at both ends, between which the difference of their values changes sign.
    """
    over, back = _at(p, first, high)[0], _at(p, second, low)[0]
    if _steady(first, second, over):
        return
    if apart(over, second) >= APART and apart(back, first) >= APART:
        jump = _jump(p, low, high, first, second)
        if jump:
            yield jump
            return
    if high - low > UNRESOLVED:
        middle = 0.5 * (low + high)
        best = _best(p, np.array([middle]), first, second)[0]
        yield from _jumps_between(p, low, middle, first, best)
        yield from _jumps_between(p, middle, high, best, second)


def _jump(p: Mixture, low: float, high: float, first: np.ndarray, second: np.ndarray) -> AlphaJump | None:
    """Where two branches are equally good; None when a third is better there."""
    from scipy.optimize import brentq

    def lead(alpha: float) -> float:
        return _at(p, first, alpha)[1] - _at(p, second, alpha)[1]

    if lead(low) >= 0:  # a row may itself lie at the jump, and there the lead has either sign
        alpha = low
    elif lead(high) <= 0:
        alpha = high
    else:
        alpha = float(brentq(lead, low, high, xtol=JUMP_TOLERANCE))
    before, after = (Gaussian(*_at(p, q, alpha)[0]) for q in (first, second))
    value, other = (alpha_divergence(p, q, alpha) for q in (after, before))
    best = alpha_divergence(p, Gaussian(*_best(p, np.array([alpha]))[0]), alpha)
    slack = 1e-9 * (1 + value.value)
    settled = abs(other.value - value.value) < slack and value.value - best.value < slack
    return AlphaJump(alpha, value, before, after) if settled else None


def _steady(first: np.ndarray, second: np.ndarray, over: np.ndarray) -> bool:
    """Whether `second` continues `first`, which was followed to `over`."""
    return apart(first, second) < STRIDE and apart(over, second) < APART


def _at(p: Mixture, q: np.ndarray, alpha: float) -> tuple[np.ndarray, float]:
    """The local minimum that `q` leads to at another α, and its value."""
    found, values = _followed(p, q[None], np.array([alpha]))
    return found[0], float(values[0])


def _followed(p: Mixture, rows: np.ndarray, alphas: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The same for many (n, 2), each at its own α."""
    found = descend(AlphaObjective(p, alphas), rows)
    return found.places, found.terms.value
