"""Expectation propagation for a model of one number: each observation approximated by a Gaussian site in turn.

    q(z) ∝ prior(z) Π sᵢ(z),  sᵢ Gaussian.  Cavity q₋ᵢ = q/sᵢ;  tilted ∝ q₋ᵢ(z) p(xᵢ∣z);  sᵢ ← (its moments)/q₋ᵢ

Each step is a moment match, the forward fit, of one factor; the whole is the forward fit only where there is one factor
or where every site is exact. A mixture prior is a factor as well. Source: T. Minka, Proc. UAI (2001) 362; C. Rasmussen,
C. Williams, Gaussian Processes for Machine Learning (2006), 3.6.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

from kl_engine.distributions.gaussian import Gaussian, is_gaussian
from kl_engine.estimates.certainty import Certainty
from kl_engine.estimates.checks import SMALLEST, positive, refuse
from kl_engine.estimates.estimate import Estimate
from kl_engine.estimates.floats import ieee
from kl_engine.estimates.rounding import EPSILON, LOG_ROOT_TAU
from kl_engine.inference.gaussian_terms import surprisal_of
from kl_engine.inference.models import GaussianModel, LineModel
from kl_engine.inference.posterior_modes import laplace_approximation
from kl_engine.inference.posteriors import posterior
from kl_engine.inference.propagation.status import PropagationStatus

MOST_SWEEPS = 400
MOST_BLOCKED = 8  # sweeps in a row in which some factor had no cavity
MOST_FACTORS = 500  # distinct observations: each is an integral in every sweep
SETTLED = 1e-10  # in std of q: by so little every tilted mean and log std differs from that of q at a fixed point
SHORTEST = 1 / 64  # of a step
PATIENCE = 2  # sweeps in a row that come no nearer, before the steps are halved
SLOW = 0.7  # of the residual of the sweep before: at this pace or slower, steps to and fro are halved as well
HOPELESS = 16  # the same with the shortest steps, before it is given up


class Tilted(NamedTuple):
    """A cavity times one exact factor: its moments, and minus the log of its mass."""

    mean: float
    std: float
    surprisal: Estimate


class Factor(NamedTuple):
    """What a site stands for: its name, how often it occurs, and the tilted distribution under a cavity."""

    name: str
    count: int
    tilted: Callable[[Gaussian], Tilted]


@dataclass(frozen=True)
class Site:
    """The Gaussian that stands for a factor, exp(−½ precision z² + shift z): `precision` may be negative.

    `factor` names it, `count` says how many observations are alike. Precision is in 1/unit² of z, shift in 1/unit. Made
    by `kl.inference.expectation_propagation`.

    >>> import kl_engine as kl
    >>> model = kl.inference.GaussianModel(kl.Gaussian(0, 1), [0, 1], 0.5)  # noise of std ½: precision 4 each
    >>> kl.inference.expectation_propagation(model, [1.0, 2.0]).sites[0].precision
    4.0
    """

    factor: str
    count: int
    precision: float
    shift: float


@dataclass(frozen=True, eq=False)
class ExpectationPropagation:
    """Where an expectation propagation ended: q, how it ended, and its own estimate of log p(x), in nats.

    `status` and `reason` say whether q is a fixed point; `residual` is the largest difference of a tilted mean or log
    std from that of q, in std. `log_evidence` is EP's approximation: neither an upper nor a lower bound of the true
    one, its error only that of the integrals; None where q is not a fixed point. `sites` are the Gaussians that stand
    for the factors, `trace`, of shape (sweeps + 1, 2), mean and std of q after each sweep; `is_local` says that the way
    from the prior ended at no fixed point, and that q was found about one mode. Made by
    `kl.inference.expectation_propagation`.

    >>> import kl_engine as kl
    >>> model = kl.inference.BernoulliModel(kl.Gaussian(0, 1))
    >>> found = kl.inference.expectation_propagation(model, [1, 1, 0]).raise_for_status()
    >>> round(found.q.mean, 4), round(found.q.std, 4), len(found.sites)
    (0.3018, 0.7786, 2)
    """

    q: Gaussian
    status: PropagationStatus
    reason: str
    log_evidence: Estimate | None
    residual: float
    sites: tuple[Site, ...] = field(repr=False)
    trace: np.ndarray = field(repr=False)
    is_local: bool = False

    @property
    def converged(self) -> bool:
        """Whether q is a fixed point."""
        return self.status is PropagationStatus.CONVERGED

    def raise_for_status(self) -> ExpectationPropagation:
        """The propagation itself where q is a fixed point; RuntimeError with cause and cure otherwise."""
        if not self.converged:
            raise RuntimeError(f"{self.status}: {self.status.text} ({self.reason})")
        return self


@ieee
def expectation_propagation(model: LineModel, x, damping: float = 1.0) -> ExpectationPropagation:
    """The Gaussian q ∝ prior · Π siteᵢ whose every site matches the moments of its own observation under the others.

    sᵢ ← proj[q₋ᵢ p(xᵢ∣z)]/q₋ᵢ, q₋ᵢ = q/sᵢ: a forward fit for each observation, not for all at once. `model` is a
    `GaussianModel`, a `BernoulliModel` or a `PoissonModel`; `x` one observation or several of shape (n,), at most 500
    distinct ones. `damping`, in (0, 1], is the share of each step that is taken; it is halved where the steps come no
    nearer. The `status` says whether it converged; log evidence in nats. Raises ValueError for a bad argument. Source:
    T. Minka, Proc. UAI (2001) 362.

    >>> import kl_engine as kl
    >>> model, x = kl.inference.PoissonModel(kl.Gaussian(0, 1)), [3, 1, 4]
    >>> found = kl.inference.expectation_propagation(model, x)
    >>> exact = kl.inference.posterior(model, x)
    >>> f"{found.q.std:.4f} {exact.std:.4f} {found.status}"
    '0.3522 0.3577 converged'
    """
    if not isinstance(model, LineModel):
        raise refuse("model", "a GaussianModel, a BernoulliModel or a PoissonModel", model)
    damping = positive("damping", damping)
    if damping > 1:
        raise refuse("damping", "a share of a step, above 0 and at most 1", damping)
    seen = model.observation(x)
    found = _Propagating(model, seen, damping).run()
    return found if found.converged else _about_a_mode(model, seen, damping, found)


def _about_a_mode(
    model: LineModel, x: float | int | tuple, damping: float, found: ExpectationPropagation
) -> ExpectationPropagation:
    """The fixed point about the highest mode, where the way from the prior ended at none; that way where there is none.

    Between two modes of which the data say that they are equally likely, different observations ask for different
    stds of q, and no q satisfies all of them; about one of the modes there often is a q that does.
    """
    try:
        mode = laplace_approximation(model, x)
    except ValueError:
        return found
    start = _Propagating(model, x, damping)
    start.begin_at(mode)
    local = start.run()
    if not local.converged:
        return found
    where = f"about the mode at {mode.mean:.4g} alone: from the prior {found.reason}"
    return replace(local, reason=f"{local.reason}; {where}", is_local=True)


class _Propagating:
    """The natural parameters of q and of every site, about a centre, so that a mean far from 0 costs no digits."""

    def __init__(self, model: LineModel, x: float | int | tuple, damping: float) -> None:
        self.factors, self.length = _factors(model, x), damping
        prior = model.prior
        self.centre = float(prior.mean)
        self.precision, self.shift = np.zeros((2, len(self.factors)))
        self.counts = np.array([factor.count for factor in self.factors])
        self.own = float(prior.std) ** -2 if is_gaussian(prior) else 0.0  # of a Gaussian prior, which stays as it is
        if not self.own:  # the first factor is the prior: its site begins at its moments
            self.precision[0] = float(prior.std) ** -2
        self.trace: list[tuple[float, float]] = []
        self.blocked: list[str] = []

    def begin_at(self, q: Gaussian) -> None:
        """Sites that are all alike and make q."""
        precision = (float(q.std) ** -2 - self.own) / self.counts.sum()
        shift = (float(q.mean) - self.centre) * float(q.std) ** -2 / self.counts.sum()
        self.precision[:], self.shift[:] = precision, shift

    @property
    def total(self) -> tuple[float, float]:
        """Precision and shift of q."""
        return self.own + float(self.counts @ self.precision), float(self.counts @ self.shift)

    def gaussian(self, precision: float, shift: float) -> Gaussian:
        """The Gaussian of natural parameters."""
        return Gaussian(self.centre + shift / precision, 1 / math.sqrt(precision))

    def run(self) -> ExpectationPropagation:
        """Sweeps until every tilted distribution has the moments of q."""
        residual, best, waited, without = math.inf, math.inf, 0, 0
        self.trace.append(_moments(self.gaussian(*self.total)))
        for _ in range(MOST_SWEEPS):
            self.blocked = []
            residual = max((self.refine(k) for k in range(len(self.factors))), default=0.0)
            self.trace.append(_moments(self.gaussian(*self.total)))
            without = without + 1 if self.blocked else 0
            if without >= MOST_BLOCKED or (residual < SETTLED and not self.blocked):
                break
            nearer = residual < (SLOW if self.swings else 1.0) * best
            best, waited = min(residual, best), 0 if nearer else waited + 1
            if waited >= PATIENCE and self.length > SHORTEST:
                self.length, waited = 0.5 * self.length, 0
            elif waited >= HOPELESS:
                break
        return self.result(residual)

    @property
    def swings(self) -> bool:
        """Whether the last sweep took back a part of the one before."""
        if len(self.trace) < 3:
            return False
        (_, first), (_, second), (_, third) = self.trace[-3:]
        return (second - first) * (third - second) < 0

    def refine(self, k: int) -> float:
        """One site by its tilted moments; how far these were from q's. A factor without a cavity is left, and named."""
        precision, shift = self.total
        cavity = precision - self.precision[k], shift - self.shift[k]
        if not cavity[0] > SMALLEST:
            self.blocked.append(self.factors[k].name)
            return 0.0
        tilted = self.factors[k].tilted(self.gaussian(*cavity))
        new = tilted.std**-2, (tilted.mean - self.centre) * tilted.std**-2
        step = new[0] - precision, new[1] - shift
        length = self.length
        while not precision + length * self.counts[k] * step[0] > 0:
            length *= 0.5
            if length < SHORTEST:
                self.blocked.append(self.factors[k].name)
                return 0.0
        q, before = self.gaussian(precision, shift), (self.precision[k], self.shift[k])
        self.precision[k] += length * step[0]
        self.shift[k] += length * step[1]
        if not self.total[0] > SMALLEST:  # sites so large that q is lost in their rounding
            self.precision[k], self.shift[k] = before
            self.blocked.append(self.factors[k].name)
            return 0.0
        return max(abs(tilted.mean - q.mean) / q.std, abs(math.log(tilted.std / q.std)))

    def result(self, residual: float) -> ExpectationPropagation:
        """What was found, and how it ended."""
        if self.blocked:
            status = PropagationStatus.IMPROPER
            reason = f"no cavity for {', '.join(dict.fromkeys(self.blocked))}"
        elif residual < SETTLED:
            status = PropagationStatus.CONVERGED
            reason = f"every tilted distribution has the moments of q to {residual:.1e} std"
        else:
            status = PropagationStatus.STOPPED
            reason = f"after {len(self.trace) - 1} sweeps a tilted moment still differs by {residual:.1e} std"
        sites = tuple(
            # exp(−½ λ (z − c)² + h (z − c)) has the shift h + λ c about 0.
            Site(factor.name, factor.count, float(precision), float(shift + precision * self.centre))
            for factor, precision, shift in zip(self.factors, self.precision, self.shift)
        )
        q = self.gaussian(*self.total)
        log_evidence = self.log_evidence() if status is PropagationStatus.CONVERGED else None
        return ExpectationPropagation(q, status, reason, log_evidence, residual, sites, np.array(self.trace))

    def log_evidence(self) -> Estimate:
        """A(q) − A(prior) + Σ [log Zᵢ + A(q₋ᵢ) − A(q)] with A(λ, h) = ½ log(2π/λ) + h²/2λ, Zᵢ the tilted mass."""
        total, (precision, shift) = self.total, self.total
        terms, error = [_log_mass(*total)], 0.0
        if self.own:
            terms.append(-_log_mass(self.own, 0.0))
        for factor, own, moved in zip(self.factors, self.precision, self.shift):
            cavity = precision - own, shift - moved
            surprisal = factor.tilted(self.gaussian(*cavity)).surprisal
            gained = _log_mass(*cavity), -_log_mass(*total), -surprisal.value
            terms += [factor.count * term for term in gained]
            error += factor.count * surprisal.error
        error += 8 * EPSILON * math.fsum(map(abs, terms))
        return Estimate(math.fsum(terms), error, Certainty.ESTIMATED, "the sites' own masses: no bound of log p(x)")


def _log_mass(precision: float, shift: float) -> float:
    """log ∫ exp(−½ λ z² + h z) dz."""
    return LOG_ROOT_TAU - 0.5 * math.log(precision) + 0.5 * shift * shift / precision


def _moments(q: Gaussian) -> tuple[float, float]:
    return q.mean, q.std


def _factors(model: LineModel, x: float | int | tuple) -> list[Factor]:
    """A mixture prior first, then the distinct observations, each with how often it was seen."""
    seen = Counter(x if isinstance(x, tuple) else (x,))
    if len(seen) > MOST_FACTORS:
        raise refuse("x", f"at most {MOST_FACTORS} distinct observations", f"{len(seen)} of them")
    factors = []
    if not is_gaussian(model.prior):
        factors.append(Factor("the prior", 1, lambda cavity: _by_prior(model, cavity)))
    return factors + [
        Factor(f"x = {value:g}", count, lambda cavity, value=value: _by_data(model, value, cavity))
        for value, count in seen.items()
    ]


def _by_data(model: LineModel, value: float | int, cavity: Gaussian) -> Tilted:
    """The posterior of one observation under the cavity as its prior."""
    alone = replace(model, prior=cavity)
    return Tilted(*_moments(posterior(alone, value)), surprisal_of(alone, value))


def _by_prior(model: LineModel, cavity: Gaussian) -> Tilted:
    """The prior times the cavity: as if z had been observed at the cavity's mean, with its std as noise."""
    seen = GaussianModel(model.prior, [0.0, 1.0], cavity.std)
    return Tilted(*_moments(posterior(seen, cavity.mean)), surprisal_of(seen, cavity.mean))
