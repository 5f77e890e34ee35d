"""Where the best reverse fit of a family of targets changes branch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from kl_engine.distributions.gaussian import Gaussian, GaussianMixture
from kl_engine.divergences.verbs import reverse_kl
from kl_engine.estimates.estimate import Estimate
from kl_engine.estimates.tolerances import APART, PLACE_OF_TIE, TIED
from kl_engine.fits.descent import descend
from kl_engine.fits.directions import ReverseObjective
from kl_engine.fits.problems.problem import best_first
from kl_engine.fits.problems.starts import run_starts

STRIDE = 0.1  # in std and log std of q: a branch that is followed to the next target strays less from its mode
UNRESOLVED = 1e-7  # of the separation: a change within so short a step, and with no tie in it, is a fast one

TargetAt = Callable[[float], GaussianMixture]


@dataclass(frozen=True)
class Tie:
    """A separation at which the best reverse fit changes branch: two optima, `before` and `after`, of equal value.

    `value` is the divergence of both, in nats. Made by `kl.optima.separation_sweep`.

    >>> import kl_engine as kl
    >>> (tie,) = kl.optima.separation_sweep([5.0, 6.0]).ties
    >>> round(tie.separation, 5), f"{tie.value:.6f}"
    (5.60016, '0.684266')
    """

    separation: float
    value: Estimate
    before: Gaussian
    after: Gaussian


def ties_between(target_at: TargetAt, low: float, high: float, first: np.ndarray, second: np.ndarray) -> Iterator[Tie]:
    """The ties between two separations, from the best q (mean, std) of each.

    A branch can be followed only while it exists: it may be born after `low` or die before `high`. So the interval is
    halved until its two optima are one branch (no tie), or two that both exist at both ends, between which the
    difference of their divergences changes sign.
    """
    over, back = _followed(target_at, first, low, high)[0], _followed(target_at, second, high, low)[0]
    steady = _same(carried(target_at, first, low, high), second, STRIDE)
    if steady and _same(over, second, APART):
        return
    middle = 0.5 * (low + high)
    if not (_same(over, second, APART) or _same(back, first, APART)):
        tie = _tie(target_at, low, high, first, back)
        if tie:
            yield tie
            return
    if high - low > UNRESOLVED * high:
        best = best_fit(target_at(middle), first, second)
        yield from ties_between(target_at, low, middle, first, best)
        yield from ties_between(target_at, middle, high, best, second)


def best_fit(p: GaussianMixture, *offers: np.ndarray) -> np.ndarray:
    """Mean and std of the best local minimum of D(q‖p) from the usual starts and from the `offers`."""
    starts = np.concatenate([run_starts(p), *(offer[None] for offer in offers)])
    found = descend(ReverseObjective.of(p), starts)
    return found.places[best_first(found.terms.value, -found.places[:, 0])[0]]


def _tie(target_at: TargetAt, low: float, high: float, first: np.ndarray, second: np.ndarray) -> Tie | None:
    """The tie of two branches given at `low`; None when something else is better there."""
    from scipy.optimize import brentq

    def lead(separation: float) -> float:
        return _followed(target_at, first, low, separation)[1] - _followed(target_at, second, low, separation)[1]

    # Where a row is itself at the tie, the lead may have either sign there, by rounding.
    if lead(low) >= 0:
        separation = low
    elif lead(high) <= 0:
        separation = high
    else:
        separation = float(brentq(lead, low, high, xtol=PLACE_OF_TIE * high))
    p = target_at(separation)
    before, after = (Gaussian(*_followed(target_at, q, low, separation)[0]) for q in (first, second))
    value = reverse_kl(p, after)
    rivals = (reverse_kl(p, before), reverse_kl(p, Gaussian(*best_fit(p))))
    settled = all(abs(rival.value - value.value) < TIED for rival in rivals)
    return Tie(separation, value, before, after) if settled else None


def _followed(target_at: TargetAt, q: np.ndarray, here: float, there: float) -> tuple[np.ndarray, float]:
    """The local minimum of D(q‖p) that `q`, optimal at the separation `here`, leads to `there`; and its value."""
    found = descend(ReverseObjective.of(target_at(there)), carried(target_at, q, here, there)[None])
    return found.places[0], float(found.terms.value[0])


def carried(target_at: TargetAt, q: np.ndarray, here: float, there: float) -> np.ndarray:
    """`q` moved along with the components of the target: between two of them it keeps its share of the way.

    Elsewhere each moves it by its share in the density at q's mean. A locked q stays on its mode however far that goes:
    counted in its own std it may be a thousand.
    """
    p, moved = target_at(here), target_at(there)
    if p.means.min() < q[0] < p.means.max():
        order = np.argsort(p.means)
        return np.array([np.interp(q[0], p.means[order], moved.means[order]), q[1]])
    levels = np.log(p.weights / p.stds) - 0.5 * ((q[0] - p.means) / p.stds) ** 2
    shares = np.exp(levels - levels.max())
    return np.array([q[0] + shares @ (moved.means - p.means) / shares.sum(), q[1]])


def _same(first: np.ndarray, second: np.ndarray, apart: float) -> bool:
    """Whether two q's are within `apart` of each other, or of each other's mirror image."""
    return abs(abs(first[0]) - abs(second[0])) < apart * second[1] and abs(np.log(first[1] / second[1])) < apart
