"""Bounds and approximations of D(f‖g) between Gaussian mixtures, each with its source and told apart.

f = Σₐ πₐ fₐ, g = Σ_b ω_b g_b. All but the last group are closed forms of the components, computed in log space; those
of `component_bounds` hold in any dimension, given the tables of the components.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from types import ModuleType

import numpy as np

from kl_engine.distributions.gaussian import Mixture, is_gaussian, mixture
from kl_engine.divergences.bounds import component_pairs
from kl_engine.divergences.bounds.component_pairs import Known, exact, log_averages
from kl_engine.divergences.bounds.envelopes import expected_envelope
from kl_engine.divergences.estimators.monte_carlo import DRAWS, monte_carlo_kl
from kl_engine.divergences.line import cross_entropy
from kl_engine.estimates.certainty import Certainty
from kl_engine.estimates.estimate import Estimate
from kl_engine.estimates.floats import ieee
from kl_engine.estimates.notebook import grid

LOWER, UPPER, APPROXIMATION = "lower", "upper", "approximation"

CHAIN_RULE = "M. N. Do, IEEE Signal Processing Letters 10 (2003) 115: the chain rule, for the best bijection"
GOLDBERGER = "J. Goldberger, S. Gordon, H. Greenspan, ICCV 2003, 487"
HERSHEY_OLSEN = "J. R. Hershey, P. A. Olsen, ICASSP 2007, IV-317"
DURRIEU = "J.-L. Durrieu, J.-P. Thiran, F. Kelly, ICASSP 2012, 4833"
KOLCHINSKY = "A. Kolchinsky, B. D. Tracey, Entropy 19 (2017) 361, as corrected in arXiv:1706.02419"
NIELSEN = "F. Nielsen, K. Sun, Entropy 18 (2016) 442"
SAMPLING = "N. Metropolis, S. Ulam, J. Amer. Stat. Assoc. 44 (1949) 335"


@dataclass(frozen=True, slots=True)
class Bound:
    """A number said of a divergence (or an entropy), and what may be concluded from it.

    `kind` is "lower" or "upper" (then it is one, within `estimate.error`, for every pair) or "approximation" (then it
    may lie on either side, however far). The error is that of the number itself, not its distance from the truth.
    `name` is what it is called, `source` where it is from, `estimate` in nats. Made by `kl.kl_bounds` and
    `kl.divergences.entropy_bounds`.

    >>> import kl_engine as kl
    >>> lower = kl.divergences.entropy_bounds(kl.GaussianMixture([0.5, 0.5], [-2, 2], [1, 1]))[0]
    >>> lower.kind, f"{lower.estimate:.6f}"
    ('lower', '1.985158')
    """

    name: str
    kind: str
    estimate: Estimate
    source: str


def kl_bounds(a: Mixture, b: Mixture, draws: int = DRAWS, rng: int | np.random.Generator = 0) -> tuple[Bound, ...]:
    """Every bound and approximation of D(a‖b) that is known here, in nats; `draws` and `rng` are Monte Carlo's.

    The matched bound is inf where the two have different numbers of components, for there is then no bijection; its
    method says so. Raises ValueError for a bad argument, OverflowError when the divergence of two components is beyond
    the largest double.
    """
    a, b = mixture("a", a), mixture("b", b)
    pair = Pair(a, b, component_pairs)
    return (
        *component_bounds(pair),
        *_kolchinsky_tracey(pair),
        *_nielsen_sun(pair),
        Bound("Monte Carlo", APPROXIMATION, monte_carlo_kl(a, b, "k1", draws, rng), SAMPLING),
    )


class Bounds(tuple):
    """Several `Bound`s as a tuple, which a notebook shows as a table."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        """One line for each."""
        names = {"": "name", "is": "kind", "in nats": "estimate", "source": "source"}
        return grid({title: [getattr(bound, name) for bound in self] for title, name in names.items()})


@ieee
def entropy_bounds(a: Mixture) -> Bounds:
    """Kolchinsky and Tracey's bounds of H[a] in nats: Σ cᵢ Hᵢ − Σ cᵢ log Σ cⱼ e^(−Bᵢⱼ) below, with D(i‖j) for B above.

    B is the Bhattacharyya distance. Exact for one component, and where components coincide or lie far apart. Source: A.
    Kolchinsky, B. Tracey, Entropy 19 (2017) 361. Raises ValueError when `a` is not a Gaussian mixture on the line.

    >>> import kl_engine as kl
    >>> p = kl.GaussianMixture([0.5, 0.5], [-2, 2], [1, 1])
    >>> low, high = kl.divergences.entropy_bounds(p)
    >>> low.estimate.value <= kl.entropy(p).value <= high.estimate.value
    True
    """
    a = mixture("a", a)
    own = component_pairs.entropies(a).averaged(a.weights)
    tables = (
        (LOWER, "Bhattacharyya", component_pairs.bhattacharyya_distances(a)),
        (
            UPPER,
            "Kullback-Leibler",
            component_pairs.divergences(a, a),
        ),
    )
    found = []
    for kind, distance, table in tables:
        value = own - log_averages(a.weights, -table).averaged(a.weights)
        method = f"pairwise {distance} distances of the components"
        found.append(Bound(f"Kolchinsky–Tracey {kind}", kind, _estimate(value, method), KOLCHINSKY))
    return Bounds(found)


class Pair:
    """Two mixtures and the tables of their components, each computed once; `tables` names them as component_pairs."""

    def __init__(self, f, g, tables: ModuleType) -> None:
        self.f, self.g, self.tables = f, g, tables
        self.across = tables.divergences(f, g)

    @cached_property
    def overlap_ratio(self) -> tuple[Known, Known]:
        """Σ πₐ log Σ π z and Σ πₐ log Σ ω t: by Jensen each is at least Σ πₐ E_fₐ log f, or log g."""
        return tuple(
            log_averages(other.weights, self.tables.log_overlaps(self.f, other)).averaged(self.f.weights)
            for other in (self.f, self.g)
        )

    @cached_property
    def variational_ratio(self) -> tuple[Known, Known]:
        """Σ πₐ log Σ π e^−D(fₐ‖f) and the same to g: less Σ πₐ H(fₐ), each is at most Σ πₐ E_fₐ log f, or log g."""
        own = self.tables.divergences(self.f, self.f)
        return tuple(
            log_averages(other.weights, -table).averaged(self.f.weights)
            for other, table in ((self.f, own), (self.g, self.across))
        )

    @cached_property
    def entropy(self) -> Known:
        """Σ πₐ H(fₐ)."""
        return self.tables.entropies(self.f).averaged(self.f.weights)


def component_bounds(pair: Pair) -> tuple[Bound, ...]:
    """What closed forms of the components alone say."""
    return (_matched(pair), _goldberger(pair), _product(pair), _variational(pair), *_durrieu(pair))


def _estimate(value: Known, method: str, certainty: Certainty = Certainty.EXACT) -> Estimate:
    return Estimate(float(value.value), float(value.error), certainty, method)


def _matched(pair: Pair) -> Bound:
    """Σ πₐ (D(fₐ‖g_σ(a)) + log πₐ/ω_σ(a)) for the bijection σ that makes it least."""
    name, sizes = "Best bijection", (pair.f.weights.size, pair.g.weights.size)
    if sizes[0] != sizes[1]:
        reason = f"no bijection between {sizes[0]} and {sizes[1]} components"
        return Bound(name, UPPER, Estimate.infinite(reason), CHAIN_RULE)
    from scipy.optimize import linear_sum_assignment

    cost = _matching_cost(pair)
    rows, columns = linear_sum_assignment(pair.f.weights[:, None] * cost.value)
    chosen = Known(cost.value[rows, columns], cost.error[rows, columns])
    return Bound(name, UPPER, _estimate(chosen.averaged(pair.f.weights), "assignment of components"), CHAIN_RULE)


def _goldberger(pair: Pair) -> Bound:
    """The same with every fₐ at the g_b that costs it least, whether or not another is there: no bound."""
    cost = _matching_cost(pair)
    nearest = np.argmin(cost.value, axis=1)[:, None]
    chosen = Known(*(np.take_along_axis(array, nearest, axis=1)[:, 0] for array in cost))
    value = _estimate(chosen.averaged(pair.f.weights), "each component at its nearest")
    return Bound("Goldberger matching", APPROXIMATION, value, GOLDBERGER)


def _matching_cost(pair: Pair) -> Known:
    own, other = component_pairs.log_weights(pair.f), component_pairs.log_weights(pair.g)
    return pair.across + (Known(*(array[:, None] for array in own)) - other)


def _product(pair: Pair) -> Bound:
    own, crossed = pair.overlap_ratio
    value = _estimate(own - crossed, "log Σ π ∫ff′ − log Σ ω ∫fg")
    return Bound("Hershey–Olsen product", APPROXIMATION, value, HERSHEY_OLSEN)


def _variational(pair: Pair) -> Bound:
    """Its two halves are each too low; where one is exact, for a single Gaussian, the other makes it a bound."""
    kind, reason = APPROXIMATION, "either side of the truth, unless one is a single Gaussian"
    if is_gaussian(pair.f):
        kind, reason = UPPER, "an upper bound, as the first is one Gaussian"
    elif is_gaussian(pair.g):
        kind, reason = LOWER, "a lower bound, as the second is one Gaussian"
    own, crossed = pair.variational_ratio
    return Bound("Hershey–Olsen variational", kind, _estimate(own - crossed, reason), HERSHEY_OLSEN)


def _durrieu(pair: Pair) -> tuple[Bound, Bound]:
    """Product over variational plus Σ πₐ H(fₐ) above; variational over product less it below."""
    lower = pair.variational_ratio[0] - pair.overlap_ratio[1] - pair.entropy
    upper = pair.overlap_ratio[0] - pair.variational_ratio[1] + pair.entropy
    method = "Jensen's inequality on one half, the variational bound on the other"
    return (
        Bound("Durrieu–Thiran–Kelly lower", LOWER, _estimate(lower, method), DURRIEU),
        Bound("Durrieu–Thiran–Kelly upper", UPPER, _estimate(upper, method), DURRIEU),
    )


def _kolchinsky_tracey(pair: Pair) -> tuple[Bound, Bound]:
    """H[f, g] − H[f], the cross entropy computed and the entropy bounded."""
    crossed = cross_entropy(pair.f, pair.g)
    low, high = (bound.estimate for bound in entropy_bounds(pair.f))
    found = []
    for kind, own in ((LOWER, high), (UPPER, low)):
        value = Known(np.float64(crossed.value), crossed.error) - Known(np.float64(own.value), own.error)
        method = f"cross entropy ({crossed.method}) less the entropy by {own.method}"
        found.append(Bound(f"Kolchinsky–Tracey {kind}", kind, _estimate(value, method, crossed.certainty), KOLCHINSKY))
    return tuple(found)


def _nielsen_sun(pair: Pair) -> tuple[Bound, Bound]:
    """max <= log-sum-exp <= max + log K, for f and for g."""
    own, crossed = (expected_envelope(pair.f, other) for other in (pair.f, pair.g))
    middle = Known(np.float64(own.value), own.error) - crossed
    slack_f, slack_g = (exact(np.log(other.weights.size)) for other in (pair.f, pair.g))
    method = "truncated moments on the pieces of the upper envelopes"
    return (
        Bound("Nielsen–Sun lower", LOWER, _estimate(middle - slack_g, method), NIELSEN),
        Bound("Nielsen–Sun upper", UPPER, _estimate(middle + slack_f, method), NIELSEN),
    )
